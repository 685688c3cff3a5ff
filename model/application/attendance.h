/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ATTENDANCE_H
#define ATTENDANCE_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Who takes part, as far as a host can tell from packets: a peer of whom nothing came before a
 * deadline passed is absent, and not waited for, until anything comes from it again.
 */
class Attendance
{
  public:
    /**
     * Takes all for present.
     * @param peers number of peers
     */
    void Reset(uint32_t peers)
    {
        m_absent.assign(peers, false);
        m_count = 0;
        ++m_changes;
    }

    /**
     * A deadline has passed, and nothing had come.
     * @param peer from whom
     */
    void Miss(uint32_t peer)
    {
        m_count += !m_absent[peer];
        m_changes += !m_absent[peer];
        m_absent[peer] = true;
    }

    /**
     * Something has come.
     * @param peer from whom
     */
    void Hear(uint32_t peer)
    {
        m_count -= m_absent[peer];
        m_changes += m_absent[peer];
        m_absent[peer] = false;
    }

    /**
     * Whether a peer is absent.
     * @param peer the peer
     * @return true if so
     */
    bool IsAbsent(uint32_t peer) const
    {
        return m_absent[peer];
    }

    /**
     * Number of absent peers.
     * @return the number
     */
    uint32_t GetAbsentCount() const
    {
        return m_count;
    }

    /**
     * How often anybody has left or come back.
     * @return a number that grows with every change
     */
    uint32_t GetChangeCount() const
    {
        return m_changes;
    }

    /**
     * Whether more than half of the peers are present.
     * @return true if so
     */
    bool HasMajority() const
    {
        return 2 * std::size_t{m_count} < m_absent.size();
    }

  private:
    std::vector<bool> m_absent; //!< by peer
    uint32_t m_count{0};        //!< of absent peers
    uint32_t m_changes{0};      //!< of m_absent
};

} // namespace learning
} // namespace ns3

#endif /* ATTENDANCE_H */
