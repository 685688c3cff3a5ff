/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "pull-round.h"

#include <utility>

namespace ns3
{
namespace learning
{

void
PullRound::Begin(uint32_t blocks)
{
    m_pulls.assign(blocks, Pull());
    m_closed = 0;
}

uint32_t
PullRound::GetBlockCount() const
{
    return static_cast<uint32_t>(m_pulls.size());
}

uint32_t
PullRound::GetClosedCount() const
{
    return m_closed;
}

void
PullRound::Open(uint32_t block)
{
    m_pulls[block].open = true;
}

float*
PullRound::OpenEarly(uint32_t block, uint32_t begin, std::size_t parameters)
{
    m_pulls[block].open = true;
    m_pulls[block].early = true;
    m_early.resize(parameters);
    return m_early.data() + begin;
}

void
PullRound::Hold(uint32_t block, const ArrivedSegments& segments)
{
    m_pulls[block].held.push_back(segments);
}

std::vector<ArrivedSegments>
PullRound::TakeHeld(uint32_t block)
{
    return std::exchange(m_pulls[block].held, {});
}

void
PullRound::Close(uint32_t block, const SegmentMask& mask)
{
    Pull& pull = m_pulls[block];
    pull.closed = true;
    pull.mask = mask;
    ++m_closed;
}

void
PullRound::SetOwn(uint32_t block)
{
    m_pulls[block].own = true;
}

bool
PullRound::IsOpen(uint32_t block) const
{
    return m_pulls[block].open;
}

bool
PullRound::IsClosed(uint32_t block) const
{
    return m_pulls[block].closed;
}

bool
PullRound::IsEarly(uint32_t block) const
{
    return m_pulls[block].early;
}

bool
PullRound::IsOwn(uint32_t block) const
{
    return m_pulls[block].own;
}

const SegmentMask&
PullRound::GetMask(uint32_t block, uint32_t segments)
{
    Pull& pull = m_pulls[block];
    if (pull.mask.GetSize() == 0)
    {
        pull.mask = SegmentMask(segments);
    }
    return pull.mask;
}

const float*
PullRound::GetEarly(uint32_t begin) const
{
    return m_early.data() + begin;
}

} // namespace learning
} // namespace ns3
