/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "received-mean-rule.h"

#include "ns3/vector-width.h"

#include <algorithm>
#include <cstddef>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(ReceivedMeanRule);

namespace
{

constexpr uint32_t TILE = 8192; //!< numbers summed at a time: their sums stay in the nearest cache

// One addition, or one division, a number: the same bits at any vector width.

/**
 * Adds numbers.
 * @param values length numbers
 * @param length how many
 * @param sum length numbers, updated
 */
DISTRIBUTED_LEARNING_WIDTHS
void
Add(const float* values, std::size_t length, float* sum)
{
    for (std::size_t i = 0; i < length; ++i)
    {
        sum[i] += values[i];
    }
}

/**
 * Divides numbers.
 * @param sum length numbers
 * @param length how many
 * @param divisor what by
 * @param result length numbers, written
 */
DISTRIBUTED_LEARNING_WIDTHS
void
Divide(const float* sum, std::size_t length, float divisor, float* result)
{
    for (std::size_t i = 0; i < length; ++i)
    {
        result[i] = sum[i] / divisor;
    }
}

} // namespace

TypeId
ReceivedMeanRule::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::ReceivedMeanRule")
                            .SetParent<AggregationRule>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<ReceivedMeanRule>();
    return tid;
}

SegmentMask
ReceivedMeanRule::Aggregate(const std::vector<Contribution>& contributions,
                            const SegmentLayout& layout,
                            float* result) const
{
    // each contribution is read from its begin to its end, as it comes from far memory: the sums of
    // a tile of segments are kept instead
    const uint32_t segments = layout.GetSegmentCount();
    const uint32_t step = std::max<uint32_t>(1, TILE / layout.segmentLength);
    std::vector<float> sums(
        std::min<std::size_t>(std::size_t{step} * layout.segmentLength, layout.blockLength));
    std::vector<uint32_t> counts(segments);
    SegmentMask made(segments);
    for (uint32_t tile = 0; tile < segments; tile += step)
    {
        const uint32_t end = std::min(tile + step, segments);
        const uint32_t origin = layout.GetBegin(tile);
        for (const Contribution& contribution : contributions)
        {
            for (uint32_t segment = tile; segment < end; ++segment)
            {
                if (!contribution.mask->Test(segment))
                {
                    continue;
                }
                const uint32_t begin = layout.GetBegin(segment);
                const uint32_t length = layout.GetBegin(segment + 1) - begin;
                float* sum = sums.data() + (begin - origin);
                if (counts[segment]++ == 0)
                {
                    std::copy_n(contribution.values + begin, length, sum);
                }
                else
                {
                    Add(contribution.values + begin, length, sum);
                }
            }
        }
        for (uint32_t segment = tile; segment < end; ++segment)
        {
            if (counts[segment] != 0)
            {
                const uint32_t begin = layout.GetBegin(segment);
                Divide(sums.data() + (begin - origin),
                       layout.GetBegin(segment + 1) - begin,
                       static_cast<float>(counts[segment]),
                       result + begin);
                made.Set(segment);
            }
        }
    }
    return made;
}

} // namespace learning
} // namespace ns3
