/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TIME_HISTOGRAM_H
#define TIME_HISTOGRAM_H

#include "ns3/nstime.h"

#include <cstdint>
#include <map>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-measurement
 *
 * Mean and percentiles of any number of times, in little memory: counts in bins whose edges are
 * 2^(1/32) apart, so that a percentile is at most 2.2 % too long. Zero has a bin of its own.
 */
class TimeHistogram
{
  public:
    /**
     * Takes in a time.
     * @param time the time, not negative
     */
    void Add(Time time);

    /**
     * Number of times.
     * @return the number
     */
    uint64_t GetCount() const;

    /**
     * Mean of the times, exact.
     * @return the mean, in s; not-a-number if there are none
     */
    double GetMean() const;

    /**
     * The smallest edge of a bin that a share of the times does not exceed, or the longest time if
     * that is shorter.
     * @param share in [0, 1], such as 0.99
     * @return the percentile, in s; not-a-number if there are no times
     */
    double GetPercentile(double share) const;

  private:
    std::map<int, uint64_t> m_bins; //!< number of times by the logarithm of the bin's upper edge
    uint64_t m_count{0};            //!< number of times
    double m_sum{0};                //!< in s
    double m_longest{0};            //!< in s
};

} // namespace learning
} // namespace ns3

#endif /* TIME_HISTOGRAM_H */
