/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RATE_LIMIT_H
#define RATE_LIMIT_H

#include "ns3/data-rate.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cstdint>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * A resource that passes bytes one after another at a fixed rate, whoever brings them: first come,
 * first served. Takes no events of its own: whoever reserves is told when its bytes are through.
 */
class RateLimit
{
  public:
    /**
     * Sets the rate.
     * @param rate bits a second; 0 for no limit
     */
    void SetRate(DataRate rate)
    {
        m_rate = rate;
    }

    /**
     * Passes bytes that have come now.
     * @param bytes how many
     * @return when the last of them is through
     */
    Time Reserve(uint64_t bytes)
    {
        if (m_rate.GetBitRate() == 0)
        {
            return Simulator::Now();
        }
        m_free = std::max(m_free, Simulator::Now()) +
                 m_rate.CalculateBytesTxTime(static_cast<uint32_t>(bytes));
        return m_free;
    }

  private:
    DataRate m_rate{0}; //!< 0 for no limit
    Time m_free;        //!< when all bytes reserved so far are through
};

/**
 * @ingroup serverless-learning-storage
 *
 * Requests of one kind that are let through: a token bucket of a second's requests, full at first.
 */
class RequestQuota
{
  public:
    /**
     * Asks for a request.
     * @param rate requests a second, above 0
     * @return whether it is let through
     */
    bool Take(double rate)
    {
        const double most = std::max(1.0, rate); // of a second
        const double gained = (Simulator::Now() - m_updated).GetSeconds() * rate;
        m_tokens = m_tokens < 0 ? most : std::min(most, m_tokens + gained);
        m_updated = Simulator::Now();
        if (m_tokens < 1)
        {
            return false;
        }
        m_tokens -= 1;
        return true;
    }

  private:
    double m_tokens{-1}; //!< requests that may come at once; below 0 before the first one
    Time m_updated;      //!< when that was so
};

} // namespace serverless
} // namespace ns3

#endif /* RATE_LIMIT_H */
