/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "time-histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{
constexpr int BINS_PER_OCTAVE = 32;
constexpr int ZERO = std::numeric_limits<int>::min(); //!< the bin of zero
} // namespace

void
TimeHistogram::Add(Time time)
{
    const double seconds =
        static_cast<double>(time.GetNanoSeconds()) / 1e9; // without the division of Time
    const int bin =
        seconds > 0 ? static_cast<int>(std::ceil(BINS_PER_OCTAVE * std::log2(seconds))) : ZERO;
    ++m_bins[bin];
    ++m_count;
    m_sum += seconds;
    m_longest = std::max(m_longest, seconds);
}

uint64_t
TimeHistogram::GetCount() const
{
    return m_count;
}

double
TimeHistogram::GetMean() const
{
    return m_sum / static_cast<double>(m_count); // 0 / 0 is not-a-number
}

double
TimeHistogram::GetPercentile(double share) const
{
    const double rank = std::max(1.0, std::ceil(share * static_cast<double>(m_count)));
    double seen = 0;
    for (const auto& [bin, count] : m_bins)
    {
        seen += static_cast<double>(count);
        if (seen >= rank)
        {
            const double edge =
                bin == ZERO ? 0 : std::exp2(static_cast<double>(bin) / BINS_PER_OCTAVE);
            return std::min(edge, m_longest);
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

} // namespace learning
} // namespace ns3
