/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "answering-parameter-server.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(AnsweringParameterServer);

TypeId
AnsweringParameterServer::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::AnsweringParameterServer")
                            .SetParent<ParameterServer>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<AnsweringParameterServer>();
    return tid;
}

void
AnsweringParameterServer::DoDispose()
{
    m_patience.Cancel();
    ParameterServer::DoDispose();
}

void
AnsweringParameterServer::StopApplication()
{
    Simulator::Remove(m_patience);
    ParameterServer::StopApplication();
}

void
AnsweringParameterServer::Forget()
{
    ParameterServer::Forget();
    Simulator::Remove(m_patience);
    m_clients.clear();
    m_pull = nullptr;
    m_inStep = false;
}

void
AnsweringParameterServer::GoOn()
{
    m_floor = 0; // no push is too late
    m_clients.resize(m_setup->workers);
    AnswerWorkers();
}

AnsweringParameterServer::Client&
AnsweringParameterServer::GetClient(uint32_t worker)
{
    m_clients.resize(m_setup->workers);
    return m_clients[worker];
}

void
AnsweringParameterServer::Contribute(uint32_t round, uint32_t block, const float* push, float* pull)
{
    if (round < m_floor)
    {
        m_localCallback(round, block, nullptr, {}); // stopped: the worker keeps its own
        return;
    }
    m_attendance.Hear(m_self);
    GetClient(m_self).heard = Simulator::Now();
    PushRound& pushes = Open(round, block).pushes;
    pushes.CloseOwn(m_self,
                    push,
                    m_aggregator->GetPushLayout(pushes.GetLength()).GetSegmentCount());
    m_pull = pull;
    m_block = block;
    PushTaken(round, m_self);
}

float*
AnsweringParameterServer::OpenBlock(const BlockId& id, uint32_t length)
{
    if (id.direction == PUSH && id.peer < m_setup->workers &&
        !CatchUp::IsAnnouncement(*m_setup, id))
    {
        Client& client = GetClient(id.peer);
        client.heard = Simulator::Now();
        if (id.round < client.clock)
        {
            return nullptr;
        }
    }
    float* numbers = ParameterServer::OpenBlock(id, length);
    if (numbers && id.direction == PUSH)
    {
        StartDeadline(id.round, m_rounds.at(id.round));
    }
    return numbers;
}

void
AnsweringParameterServer::BlockClosed(const BlockId& id, const SegmentMask& mask)
{
    if (id.direction == PULL)
    {
        ParameterServer::BlockClosed(id, mask);
        return;
    }
    const auto found = m_rounds.find(id.round);
    if (found == m_rounds.end())
    {
        return; // stopped
    }
    found->second.pushes.Close(id.peer, mask);
    m_block = id.block;
    PushTaken(id.round, id.peer);
}

void
AnsweringParameterServer::RoundOver(BlockDirection /* direction */, uint32_t /* round */)
{
    // nothing of it is open, and what has not begun is not waited for
}

void
AnsweringParameterServer::DeadlinePassed(uint32_t round)
{
    for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
    {
        // each may be the last one that the round is kept for
        const auto found = m_rounds.find(round);
        if (found != m_rounds.end() && found->second.pushes.IsOpen(worker))
        {
            m_transport->CloseBlock({PUSH, round, found->second.pushes.GetBlock(), worker});
        }
    }
}

void
AnsweringParameterServer::CloseRound(uint32_t round)
{
    // the worker on this node goes on: what it has pushed must be used before it changes
    const auto found = m_rounds.find(round);
    if (found != m_rounds.end() && found->second.pushes.IsClosed(m_self) && !m_recovering)
    {
        UsePushes();
    }
    Client& own = GetClient(m_self);
    m_inStep = m_inStep && !own.waiting;
    own.waiting = false;
}

void
AnsweringParameterServer::PushTaken(uint32_t round, uint32_t worker)
{
    Client& client = GetClient(worker);
    m_inStep = m_inStep && !client.waiting && round <= client.clock;
    client.clock = std::max(client.clock, round + 1);
    client.waiting = true;
    CheckClocks();
    AnswerWorkers();
}

void
AnsweringParameterServer::AnswerWorkers()
{
    if (m_recovering)
    {
        return;
    }
    const uint32_t slowest = GetSlowest();
    const uint32_t workers = m_setup->workers;
    bool isLocalDone = false;
    bool isFirst = true;
    bool isAnybodyHeldUp = false;
    for (uint32_t k = 0; k < workers; ++k)
    {
        const uint32_t worker = (m_self + k) % workers;
        Client& client = m_clients[worker];
        if (!client.waiting)
        {
            continue;
        }
        if (!m_setup->synchronization->MayBegin(client.clock, slowest))
        {
            isAnybodyHeldUp = true;
            continue;
        }
        if (isFirst)
        {
            UsePushes();
            isFirst = false;
        }
        client.waiting = false;
        m_aggregator->BeginKeptPulls(client.clock - 1, m_block);
        if (worker == m_self)
        {
            m_aggregator->GiveTo(m_pull);
            isLocalDone = true;
        }
        else
        {
            m_aggregator->SendTo(worker);
        }
    }
    if (isAnybodyHeldUp && m_patience.IsExpired())
    {
        m_patience =
            Simulator::Schedule(m_pushDeadline, &AnsweringParameterServer::LosePatience, this);
    }
    if (isLocalDone)
    {
        m_localCallback(m_clients[m_self].clock - 1, m_block, nullptr, {});
    }
}

void
AnsweringParameterServer::UsePushes()
{
    for (auto round = m_rounds.begin(); round != m_rounds.end();)
    {
        PushRound& pushes = round->second.pushes;
        const uint32_t count = pushes.GetClosedCount();
        if (count != 0)
        {
            m_aggregator->StepKeptParameters(round->first,
                                             pushes,
                                             count,
                                             static_cast<float>(count) /
                                                 static_cast<float>(m_setup->workers));
        }
        if (pushes.ForgetClosed())
        {
            ++round;
            continue;
        }
        Simulator::Remove(round->second.deadline);
        pushes.GiveRoom(m_spareRoom);
        round = m_rounds.erase(round);
    }
}

uint32_t
AnsweringParameterServer::GetSlowest() const
{
    uint32_t slowest = std::numeric_limits<uint32_t>::max();
    for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
    {
        if (!m_attendance.IsAbsent(worker))
        {
            slowest = std::min(slowest, m_clients[worker].clock);
        }
    }
    return slowest;
}

void
AnsweringParameterServer::CheckClocks()
{
    const uint32_t slowest = GetSlowest();
    uint32_t fastest = 0;
    uint32_t begun = 0; // the latest round that anybody has begun
    for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
    {
        const Client& client = m_clients[worker];
        if (!m_attendance.IsAbsent(worker))
        {
            fastest = std::max(fastest, client.clock);
            begun = std::max(begun, client.waiting ? client.clock - 1 : client.clock);
        }
    }
    const auto& protocol = *m_setup->synchronization;
    if (m_inStep && m_changes == m_attendance.GetChangeCount())
    {
        protocol.CheckClocks(fastest, slowest);
    }
    m_inStep = protocol.MayBegin(begun, slowest);
    m_changes = m_attendance.GetChangeCount();
}

void
AnsweringParameterServer::LosePatience()
{
    // those who are waited for have the smallest clock
    const uint32_t slowest = GetSlowest();
    Time next = m_pushDeadline;
    for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
    {
        const Client& client = m_clients[worker];
        if (client.clock != slowest || m_attendance.IsAbsent(worker))
        {
            continue;
        }
        const Time left = client.heard + m_pushDeadline - Simulator::Now();
        if (left.IsStrictlyPositive())
        {
            next = std::min(next, left);
        }
        else
        {
            m_attendance.Miss(worker);
        }
    }
    const bool isAnybodyWaiting =
        std::any_of(m_clients.begin(), m_clients.end(), [](const Client& c) { return c.waiting; });
    if (isAnybodyWaiting && !m_recovering)
    {
        m_patience = Simulator::Schedule(next, &AnsweringParameterServer::LosePatience, this);
        AnswerWorkers();
    }
}

} // namespace learning
} // namespace ns3
