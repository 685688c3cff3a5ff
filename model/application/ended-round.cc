/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ended-round.h"

#include <utility>

namespace ns3
{
namespace learning
{

void
EndedRound::Begin(uint32_t round)
{
    m_round = round;
    m_isSettled = false;
    m_blocks.clear();
}

void
EndedRound::Add(Block&& block)
{
    m_blocks.push_back(std::move(block));
}

void
EndedRound::Settle(const TrainingAlgorithm& algorithm, Replica& replica)
{
    if (m_isSettled)
    {
        return;
    }
    m_isSettled = true;
    float* pull = algorithm.GetPullVector(replica);
    for (const Block& block : m_blocks)
    {
        for (const ArrivedSegments& segments : block.held)
        {
            segments.Decode(block.layout, pull + block.begin);
        }
        if (!block.mask.IsComplete())
        {
            algorithm.HandleMissing(replica, block.begin, block.layout, block.mask);
        }
    }
    algorithm.EndRound(replica, m_round);
}

void
EndedRound::Clear()
{
    m_isSettled = true;
    m_blocks.clear();
}

} // namespace learning
} // namespace ns3
