/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BOUNDED_LOSS_TRANSPORT_H
#define BOUNDED_LOSS_TRANSPORT_H

#include "datagram-transport.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Blocks over UDP of which not too much is missing, and not for too long: what was lost is sent
 * again until a share of each block has arrived; a deadline that follows past rounds ends the wait
 * for what is slow; and no segment is lost too often in a row.
 *
 * A receiver closes a block early
 * - when the first pass over it is over and at least the share Threshold of its segments is there,
 *   or as soon as it is, later on;
 * - or when the round has lasted DeadlineFactor times the Percentile of the times in which blocks
 *   of the direction were closed, among the last History ones; both count from the first arrival of
 *   the round at this host, for pulls perhaps from its own push of the round, if that is sooner.
 * Before MinHistory blocks there is no such deadline. Of blocks of which nothing has come by then,
 * the round's receiver is told, too (BlockReceiver::RoundOver()); unless a segment is missing that
 * was missing in the last MaxConsecutiveLosses blocks of its kind: then it waits, and asks for
 * more, until that has come. (Blocks of which nothing has come count as missing, but are not waited
 * for: their sender lags behind.) Blocks of a kind are those with the same index, for pushes from
 * the same worker. Beside this, deadlines of worker and server hold.
 *
 * Blocks sent reliably by BlockTransport::Send() are not closed early.
 *
 * With Threshold 0 nothing is repeated but segments that were lost too often; with Threshold 1 and
 * no deadline (DeadlineFactor 0) it is SelectiveRepeatTransport.
 *
 * Source: early close of LTP (arXiv 2305.04279); loss bound of MLT (NSDI 2024); timeout by a
 * percentile of past rounds of OptiReduce (NSDI 2025).
 */
class BoundedLossTransport : public DatagramTransport
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * The deadline that a round which began now would have.
     * @param direction which way its blocks travel
     * @return the time from its first arrival on, or Time::Max() if there is none
     */
    Time GetDeadline(BlockDirection direction) const;

  protected:
    void DoDispose() override;
    void DoSend(const BlockId& id,
                const float* values,
                const SegmentLayout& layout,
                const SegmentMask* present,
                bool reliable) override;
    bool Repeats() const override;
    bool IsEnough(const BlockId& id, const SegmentMask& mask) const override;
    void NotifyOpened(const BlockId& id, const SegmentLayout& layout) override;
    void NotifyClosed(const BlockId& id, const SegmentMask& mask) override;

  private:
    /// Direction, block, and worker for a push.
    using Kind = std::tuple<BlockDirection, uint32_t, uint32_t>;

    /// By segment: in how many blocks of a kind in a row it was missing.
    using Losses = std::vector<uint32_t>;

    /// A round that has begun.
    struct Round
    {
        Time begun;             //!< first arrival, or own push
        uint32_t block{0};      //!< of the first arrival
        std::set<BlockId> open; //!< blocks that are open
        bool isOverdue{false};  //!< whether its deadline has passed
        bool isOver{false};     //!< and the receiver was told
        EventId event;          //!< the deadline
    };

    using RoundKey = std::pair<BlockDirection, uint32_t>; //!< direction and number

    /**
     * The kind of a block.
     * @param id the block; its peer is the sender
     * @return its kind
     */
    static Kind GetKind(const BlockId& id);

    /**
     * Whether a segment is missing that was too often before.
     * @param id the block; its peer is the sender
     * @param mask the segments that arrived
     * @return true if so
     */
    bool IsCriticalMissing(const BlockId& id, const SegmentMask& mask) const;

    /**
     * Begins a round, unless it has begun.
     * @param key the round
     * @param block a block of it
     */
    void Begin(RoundKey key, uint32_t block);

    /**
     * Notes how long a block took.
     * @param direction which way it travelled
     * @param time from the first arrival of its round on
     */
    void AddTime(BlockDirection direction, Time time);

    /**
     * The deadline of a round passes.
     * @param key the round
     */
    void PassDeadline(RoundKey key);

    /**
     * Tells the receiver that a round is over, if its deadline has passed and no block is open.
     * @param key the round
     */
    void EndWaitIfOver(RoundKey key);

    double m_threshold;              //!< share of segments that is enough, in [0, 1]
    double m_percentile;             //!< of past times, in [0, 1]
    double m_deadlineFactor;         //!< times that percentile; 0 for no deadline
    uint32_t m_history;              //!< times remembered, at least 1
    uint32_t m_minHistory;           //!< times needed for a deadline, at least 1
    uint32_t m_maxConsecutiveLosses; //!< of a segment; 0 for any number
    std::deque<Time> m_times[2];     //!< in which blocks were closed, by direction
    std::map<std::pair<BlockDirection, uint32_t>, uint32_t>
        m_heard; //!< newest round of which something came, by direction and host
    std::map<Kind, Losses> m_losses;    //!< by kind
    std::map<RoundKey, Round> m_rounds; //!< the newest ones
};

} // namespace learning
} // namespace ns3

#endif /* BOUNDED_LOSS_TRANSPORT_H */
