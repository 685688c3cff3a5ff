/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How a parameter server loses what it knows, and gets it back. Its rounds: parameter-server.cc.

#include "parameter-server.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace learning
{

NS_LOG_COMPONENT_DEFINE("LearningParameterServerRecovery");

void
ParameterServer::Forget()
{
    for (auto& [number, round] : m_rounds)
    {
        Simulator::Remove(round.deadline);
    }
    m_rounds.clear();
    m_floor = 0;
    m_aggregator->Forget();
    m_attendance.Reset(m_setup->workers);
}

void
ParameterServer::Crash()
{
    m_transport->Crash();
    if (m_isDown || m_floor == std::numeric_limits<uint32_t>::max())
    {
        return; // or stopped
    }
    NS_LOG_FUNCTION(this);
    m_isDown = true;
    m_recovering = false;
    m_transport->SetReceiver(PUSH, nullptr);
    if (m_catchUp)
    {
        m_catchUp->Cancel();
    }
    Forget();
}

void
ParameterServer::Restart()
{
    if (!m_isDown)
    {
        return;
    }
    NS_LOG_FUNCTION(this);
    m_isDown = false;
    m_transport->Restart();
    m_transport->SetReceiver(PUSH, this);
    m_recovering = m_setup->algorithm->KeepsParametersAtServer();
    if (m_setup->placement == COLOCATED)
    {
        m_attendance.Miss(m_self); // until it has caught up
        return;
    }
    if (m_recovering)
    {
        m_transport->SetReceiver(PULL, this);
        // an answer comes with the end of a round, which is a worker's deadline away at most
        m_catchUp = std::make_unique<CatchUp>(
            m_setup,
            m_self,
            m_transport,
            m_pushDeadline * 4,
            [this](bool success, uint32_t round) {
                Resume(round, success ? m_catchUp->GetParameters() : AlignedVector());
            });
        m_catchUp->Ask(GetKeptBlock());
    }
}

void
ParameterServer::Resume(uint32_t round, const AlignedVector& parameters)
{
    if (!m_recovering)
    {
        return;
    }
    NS_LOG_FUNCTION(this << round);
    m_recovering = false;
    if (!parameters.empty())
    {
        m_aggregator->SetKeptParameters(GetKeptBlock(), parameters);
    }
    m_floor = std::max(m_floor, round);
    GoOn();
}

void
ParameterServer::GoOn()
{
    // what is too old by now, and what has been waited for long enough, is closed with what came
    std::vector<uint32_t> numbers;
    for (const auto& [number, round] : m_rounds)
    {
        numbers.push_back(number);
    }
    for (const uint32_t number : numbers)
    {
        const auto found = m_rounds.find(number);
        if (found == m_rounds.end())
        {
            continue;
        }
        if (found->second.deadline.IsExpired())
        {
            CloseRound(number);
        }
        else
        {
            CloseIfComplete(number, found->second);
        }
    }
}

uint32_t
ParameterServer::GetKeptBlock() const
{
    uint32_t block = 0;
    while (m_setup->GetOwner(0, block) != m_self)
    {
        ++block;
    }
    return block;
}

} // namespace learning
} // namespace ns3
