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

/**
 * Mean of several vectors, summed in their order: one addition and one division a number, so the
 * same bits at any width.
 * @param vectors sources vectors of length numbers
 * @param sources number of vectors, at least 1
 * @param begin first number
 * @param end one past the last number
 * @param result written from begin to end; may be one of the vectors
 */
DISTRIBUTED_LEARNING_WIDTHS
void
Mean(const float* const* vectors,
     std::size_t sources,
     std::size_t begin,
     std::size_t end,
     float* result)
{
    constexpr std::size_t CHUNK = 256;
    float sum[CHUNK];
    const auto divisor = static_cast<float>(sources);
    for (; begin < end; begin += CHUNK)
    {
        const std::size_t length = std::min(CHUNK, end - begin);
        for (std::size_t i = 0; i < length; ++i)
        {
            sum[i] = vectors[0][begin + i];
        }
        for (std::size_t source = 1; source < sources; ++source)
        {
            const float* values = vectors[source] + begin;
            for (std::size_t i = 0; i < length; ++i)
            {
                sum[i] += values[i];
            }
        }
        for (std::size_t i = 0; i < length; ++i)
        {
            result[begin + i] = sum[i] / divisor;
        }
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
    const uint32_t segments = layout.GetSegmentCount();
    const bool complete = std::all_of(contributions.begin(),
                                      contributions.end(),
                                      [](const Contribution& c) { return c.mask->IsComplete(); });
    std::vector<const float*> present;
    present.reserve(contributions.size());
    SegmentMask made(segments);
    for (uint32_t segment = 0; segment < segments;)
    {
        present.clear();
        for (const Contribution& contribution : contributions)
        {
            if (complete || contribution.mask->Test(segment))
            {
                present.push_back(contribution.values);
            }
        }
        const uint32_t end = complete ? segments : segment + 1;
        if (!present.empty())
        {
            Mean(present.data(),
                 present.size(),
                 layout.GetBegin(segment),
                 layout.GetBegin(end),
                 result);
            for (uint32_t k = segment; k < end; ++k)
            {
                made.Set(k);
            }
        }
        segment = end;
    }
    return made;
}

} // namespace learning
} // namespace ns3
