/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "segment-ages.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

void
SegmentAges::Begin(uint32_t round)
{
    m_begin = round;
    m_versions.clear();
}

void
SegmentAges::EndRound(uint32_t block, uint32_t round, const SegmentMask& mask)
{
    std::vector<uint32_t>& versions = m_versions[block];
    versions.resize(mask.GetSize(), m_begin);
    for (uint32_t segment = 0; segment < mask.GetSize(); ++segment)
    {
        if (mask.Test(segment))
        {
            versions[segment] = round + 1;
        }
        const uint32_t age = round + 1 - versions[segment];
        if (age >= m_histogram.size())
        {
            m_histogram.resize(age + 1);
        }
        ++m_histogram[age];
    }
}

const std::vector<uint64_t>&
SegmentAges::GetHistogram() const
{
    return m_histogram;
}

OverdueSegments::OverdueSegments(uint32_t bound)
    : m_bound(bound)
{
}

bool
OverdueSegments::IsOverdue(uint32_t worker, uint32_t block, uint32_t round) const
{
    const auto found = m_versions.find({worker, block});
    const uint32_t oldest = found == m_versions.end()
                                ? 0
                                : *std::min_element(found->second.begin(), found->second.end());
    return round + 1 - oldest > m_bound;
}

void
OverdueSegments::Delivered(const BlockId& id, const SegmentMask& mask)
{
    const auto floor = m_floors.find(id.peer);
    if (floor != m_floors.end() && id.round < floor->second)
    {
        return;
    }
    std::vector<uint32_t>& versions = m_versions[{id.peer, id.block}];
    versions.resize(mask.GetSize());
    for (uint32_t segment = 0; segment < mask.GetSize(); ++segment)
    {
        if (mask.Test(segment))
        {
            versions[segment] = std::max(versions[segment], id.round + 1);
        }
    }
}

void
OverdueSegments::Forget(uint32_t worker, uint32_t round)
{
    m_versions.erase(m_versions.lower_bound({worker, 0}), m_versions.lower_bound({worker + 1, 0}));
    m_floors[worker] = round;
}

} // namespace learning
} // namespace ns3
