/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mean-rule.h"

#include "ns3/vector-width.h"

#include <algorithm>
#include <cstddef>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(MeanRule);

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
 * Multiplies numbers.
 * @param values length numbers
 * @param length how many
 * @param weight what by
 * @param product length numbers, written
 */
DISTRIBUTED_LEARNING_WIDTHS
void
Multiply(const float* values, std::size_t length, float weight, float* product)
{
    for (std::size_t i = 0; i < length; ++i)
    {
        product[i] = values[i] * weight;
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
MeanRule::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::MeanRule")
                            .SetParent<AggregationRule>()
                            .SetGroupName("DistributedLearning");
    return tid;
}

void
MeanRule::Look(const std::vector<Contribution>& /* contributions */,
               const SegmentLayout& /* layout */,
               uint32_t /* expected */)
{
}

float
MeanRule::GetWeight(const Contribution& /* contribution */) const
{
    return 1;
}

SegmentMask
MeanRule::Aggregate(const std::vector<Contribution>& contributions,
                    const SegmentLayout& layout,
                    uint32_t expected,
                    float* result)
{
    Look(contributions, layout, expected);
    // each contribution is read from its begin to its end, as it comes from far memory: the sums of
    // a tile of segments are kept instead
    const uint32_t segments = layout.GetSegmentCount();
    const uint32_t step = std::max<uint32_t>(1, TILE / layout.segmentLength);
    std::vector<float> sums(
        std::min<std::size_t>(std::size_t{step} * layout.segmentLength, layout.blockLength));
    std::vector<float> weighted; // a segment times its weight, where that is not 1
    std::vector<uint32_t> counts(segments);
    SegmentMask made(segments);
    for (uint32_t tile = 0; tile < segments; tile += step)
    {
        const uint32_t end = std::min(tile + step, segments);
        const uint32_t origin = layout.GetBegin(tile);
        for (const Contribution& contribution : contributions)
        {
            const float weight = GetWeight(contribution);
            for (uint32_t segment = tile; segment < end; ++segment)
            {
                if (!contribution.mask->Test(segment))
                {
                    continue;
                }
                const uint32_t begin = layout.GetBegin(segment);
                const uint32_t length = layout.GetBegin(segment + 1) - begin;
                const float* values = contribution.values + begin;
                if (weight != 1)
                {
                    weighted.resize(length);
                    Multiply(values, length, weight, weighted.data());
                    values = weighted.data();
                }
                float* sum = sums.data() + (begin - origin);
                if (counts[segment]++ == 0)
                {
                    std::copy_n(values, length, sum);
                }
                else
                {
                    Add(values, length, sum);
                }
            }
        }
        for (uint32_t segment = tile; segment < end; ++segment)
        {
            const float divisor = GetDivisor(counts[segment], expected);
            if (divisor == 0)
            {
                continue;
            }
            const uint32_t begin = layout.GetBegin(segment);
            const uint32_t length = layout.GetBegin(segment + 1) - begin;
            if (counts[segment] == 0)
            {
                std::fill_n(result + begin, length, 0.0F);
            }
            else
            {
                Divide(sums.data() + (begin - origin), length, divisor, result + begin);
            }
            made.Set(segment);
        }
    }
    return made;
}

} // namespace learning
} // namespace ns3
