/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/random-engine.h"
#include "ns3/time-histogram.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

// Set-up: n times from 1 us to 100 ms, sorted by the test.
// Expected: a percentile is the ceil(share n)-th of them, at least the first, and at most a bin, a
// 32nd of an octave, longer; the last one is the longest time itself. The mean is exact.
TEST(TimeHistogram, PercentilesAreThoseOfTheSortedTimes)
{
    for (const uint32_t count : {1U, 2U, 3U, 10U, 101U})
    {
        RandomEngine draw(count);
        TimeHistogram histogram;
        std::vector<double> times;
        double sum = 0;
        for (uint32_t i = 0; i < count; ++i)
        {
            const Time time =
                NanoSeconds(static_cast<uint64_t>(1e3 * std::pow(1e5, draw.NextUniform())));
            histogram.Add(time);
            times.push_back(time.GetSeconds());
            sum += time.GetSeconds();
        }
        std::sort(times.begin(), times.end());
        EXPECT_EQ(histogram.GetCount(), count);
        EXPECT_NEAR(histogram.GetMean(), sum / count, 1e-12);
        for (const double share : {0.0, 0.01, 0.3, 0.5, 0.75, 0.95, 0.99})
        {
            const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(share * count)));
            const double percentile = histogram.GetPercentile(share);
            EXPECT_GE(percentile, times[rank - 1] * (1 - 1e-12)) << share << " of " << count;
            EXPECT_LE(percentile, times[rank - 1] * std::exp2(1.0 / 32)) << share;
        }
        EXPECT_DOUBLE_EQ(histogram.GetPercentile(1), times.back());
    }
}

// Expected: times of zero count like others; without any time nothing is known.
TEST(TimeHistogram, TakesZeroAndNothing)
{
    TimeHistogram histogram;
    EXPECT_TRUE(std::isnan(histogram.GetMean()));
    EXPECT_TRUE(std::isnan(histogram.GetPercentile(0.5)));
    histogram.Add(Time(0));
    histogram.Add(Time(0));
    histogram.Add(Seconds(3));
    EXPECT_EQ(histogram.GetPercentile(0.6), 0);
    EXPECT_EQ(histogram.GetPercentile(0.7), 3);
    EXPECT_EQ(histogram.GetMean(), 1);
}
