/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "closed-blocks.h"

namespace ns3
{
namespace learning
{

void
ClosedBlocks::Expect(const BlockId& id)
{
    const bool isNew = m_masks.try_emplace(id).second;
    if (isNew && id.round > ROUNDS)
    {
        m_masks.erase(m_masks.lower_bound({id.direction, 0, 0, 0}),
                      m_masks.lower_bound({id.direction, id.round - ROUNDS, 0, 0}));
    }
}

void
ClosedBlocks::Close(const BlockId& id, const SegmentMask& mask)
{
    const auto found = m_masks.find(id);
    if (found != m_masks.end())
    {
        found->second = mask;
    }
}

const SegmentMask*
ClosedBlocks::Find(const BlockId& id) const
{
    const auto found = m_masks.find(id);
    return found == m_masks.end() || found->second.GetSize() == 0 ? nullptr : &found->second;
}

void
ClosedBlocks::Clear()
{
    m_masks.clear();
}

} // namespace learning
} // namespace ns3
