/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "push-round.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace learning
{

PushRound::PushRound(uint32_t block, uint32_t length, uint32_t workers)
    : m_block(block),
      m_length(length),
      m_slots(workers)
{
}

uint32_t
PushRound::GetBlock() const
{
    return m_block;
}

uint32_t
PushRound::GetLength() const
{
    return m_length;
}

float*
PushRound::Open(uint32_t worker, Room& spare)
{
    Slot& slot = m_slots[worker];
    if (slot.closed)
    {
        return nullptr;
    }
    slot.open = true;
    if (!m_room.numbers)
    {
        const std::size_t needed = m_slots.size() * m_length;
        if (spare.size >= needed)
        {
            std::swap(m_room, spare);
        }
        else
        {
            // default-initialized: what does not arrive is never read
            m_room.numbers.reset(new float[needed]);
            m_room.size = needed;
        }
    }
    return m_room.numbers.get() + std::size_t{worker} * m_length;
}

void
PushRound::Close(uint32_t worker, const SegmentMask& mask)
{
    Slot& slot = m_slots[worker];
    m_closed += !slot.closed;
    slot.mask = mask;
    slot.open = false;
    slot.closed = true;
}

void
PushRound::CloseOwn(uint32_t worker, const float* values, uint32_t segments)
{
    Close(worker, SegmentMask(segments, true));
    m_slots[worker].own = values;
}

bool
PushRound::IsOpen(uint32_t worker) const
{
    return m_slots[worker].open;
}

bool
PushRound::IsClosed(uint32_t worker) const
{
    return m_slots[worker].closed;
}

bool
PushRound::IsEmpty(uint32_t worker) const
{
    return !m_slots[worker].open && !m_slots[worker].closed;
}

uint32_t
PushRound::GetClosedCount() const
{
    return m_closed;
}

bool
PushRound::HasRoom() const
{
    return m_room.numbers != nullptr;
}

std::vector<AggregationRule::Contribution>
PushRound::GetContributions() const
{
    std::vector<AggregationRule::Contribution> contributions;
    contributions.reserve(m_closed);
    for (std::size_t worker = 0; worker < m_slots.size(); ++worker)
    {
        const Slot& slot = m_slots[worker];
        if (slot.own)
        {
            contributions.push_back({slot.own, &slot.mask, true});
        }
        else if (slot.closed && slot.mask.GetCount() != 0)
        {
            contributions.push_back({m_room.numbers.get() + worker * m_length, &slot.mask});
        }
    }
    return contributions;
}

bool
PushRound::ForgetClosed()
{
    bool isComing = false;
    for (Slot& slot : m_slots)
    {
        isComing = isComing || slot.open;
        if (slot.closed)
        {
            slot = Slot();
        }
    }
    m_closed = 0;
    return isComing;
}

void
PushRound::GiveRoom(Room& spare)
{
    if (m_room.numbers)
    {
        spare = std::move(m_room);
        m_room = Room();
    }
}

} // namespace learning
} // namespace ns3
