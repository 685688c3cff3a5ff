/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/random-engine.h"
#include "ns3/received-mean-rule.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// Contributions of some workers, each with some segments.
struct Contributions
{
    std::vector<std::vector<float>> values;                   //!< by worker
    std::vector<SegmentMask> masks;                           //!< by worker
    std::vector<AggregationRule::Contribution> contributions; //!< views of both

    /**
     * Draws contributions.
     * @param workers how many
     * @param layout cut of the block
     * @param share share of the segments that are there
     * @param seed the seed
     */
    Contributions(uint32_t workers, const SegmentLayout& layout, double share, uint64_t seed)
    {
        RandomEngine draw(seed);
        for (uint32_t worker = 0; worker < workers; ++worker)
        {
            values.emplace_back(layout.blockLength);
            for (float& value : values.back())
            {
                // magnitudes that do not add without rounding
                value = static_cast<float>(draw.NextNormal() * std::exp(5 * draw.NextNormal()));
            }
            masks.emplace_back(layout.GetSegmentCount());
            for (uint32_t segment = 0; segment < layout.GetSegmentCount(); ++segment)
            {
                if (draw.NextUniform() < share)
                {
                    masks.back().Set(segment);
                }
            }
        }
        for (uint32_t worker = 0; worker < workers; ++worker)
        {
            contributions.push_back({values[worker].data(), &masks[worker]});
        }
    }
};

} // namespace

// Expected: every number is, to the last bit, the sum in the order of the workers divided by the
// number of those whose segment is there; segments of nobody are not made and stay untouched; also
// across the pieces that the code works in, and where the result overwrites a contribution.
TEST(ReceivedMeanRule, IsTheMeanOfWhatArrived)
{
    const Ptr<ReceivedMeanRule> rule = CreateObject<ReceivedMeanRule>();
    for (const SegmentLayout layout : {SegmentLayout{1, 1},
                                       SegmentLayout{1000, 7},
                                       SegmentLayout{1000, 350},
                                       SegmentLayout{700, 256},
                                       SegmentLayout{513, 1000}})
    {
        for (const double share : {0.0, 0.2, 0.9, 1.0})
        {
            for (const uint32_t workers : {1, 2, 16})
            {
                for (const bool overwrites : {false, true})
                {
                    Contributions drawn(workers, layout, share, workers);
                    const std::vector<std::vector<float>> before = drawn.values;
                    std::vector<float> elsewhere(layout.blockLength, -7.0F);
                    float* result = overwrites ? drawn.values.back().data() : elsewhere.data();
                    const SegmentMask made =
                        rule->Aggregate(drawn.contributions, layout, workers, result);
                    ASSERT_EQ(made.GetSize(), layout.GetSegmentCount());
                    for (uint32_t i = 0; i < layout.blockLength; ++i)
                    {
                        const uint32_t segment = i / layout.segmentLength;
                        volatile float sum = 0; // rounds after each addition
                        uint32_t count = 0;
                        for (uint32_t worker = 0; worker < workers; ++worker)
                        {
                            if (drawn.masks[worker].Test(segment))
                            {
                                sum = count == 0 ? before[worker][i] : sum + before[worker][i];
                                ++count;
                            }
                        }
                        ASSERT_EQ(made.Test(segment), count != 0);
                        const float untouched = overwrites ? before.back()[i] : -7.0F;
                        ASSERT_EQ(result[i],
                                  count == 0 ? untouched : sum / static_cast<float>(count));
                    }
                }
            }
        }
    }
}

// Expected: nobody contributes, nothing is made.
TEST(ReceivedMeanRule, MakesNothingOfNothing)
{
    std::vector<float> result(10, 3.0F);
    const SegmentMask made =
        CreateObject<ReceivedMeanRule>()->Aggregate({}, SegmentLayout{10, 3}, 2, result.data());
    EXPECT_EQ(made.GetSize(), 4U);
    EXPECT_EQ(made.GetCount(), 0U);
    EXPECT_EQ(result, std::vector<float>(10, 3.0F));
}
