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

PushRound::PushRound(uint32_t block, uint32_t length, const SegmentLayout& wire, uint32_t workers)
    : m_block(block),
      m_length(length),
      m_wire(wire),
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
        const std::size_t needed = m_slots.size() * m_wire.blockLength;
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
    return m_room.numbers.get() + std::size_t{worker} * m_wire.blockLength;
}

void
PushRound::Hold(uint32_t worker, const ArrivedSegments& segments)
{
    m_slots[worker].held.push_back(segments);
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

AggregationRule::Contribution
PushRound::GetContribution(uint32_t worker, ScratchMemory& memory)
{
    Slot& slot = m_slots[worker];
    if (slot.own)
    {
        return {slot.own, &slot.mask, true};
    }
    if (!slot.closed || slot.mask.GetCount() == 0)
    {
        return {nullptr, &slot.mask};
    }
    float* numbers = m_room.numbers.get() + std::size_t{worker} * m_wire.blockLength;
    SegmentMask decoded(slot.mask.GetSize());
    for (const ArrivedSegments& segments : slot.held)
    {
        decoded.SetBits(segments.first, segments.alive);
    }
    if (decoded.GetCount() == slot.mask.GetCount())
    {
        numbers = memory.Take<float>(m_wire.blockLength); // near memory, as none are in the room
    }
    for (const ArrivedSegments& segments : slot.held)
    {
        segments.Decode(m_wire, numbers);
    }
    slot.held.clear();
    return {numbers, &slot.mask};
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
