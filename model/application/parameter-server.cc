/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "parameter-server.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ns3
{
namespace learning
{

NS_LOG_COMPONENT_DEFINE("LearningParameterServer");

NS_OBJECT_ENSURE_REGISTERED(ParameterServer);

ParameterServer::ParameterServer() = default;

TypeId
ParameterServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::ParameterServer")
            .SetParent<Application>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<ParameterServer>()
            .AddAttribute("PushDeadline",
                          "Longest time that a round is open for pushes: since the first arrival, "
                          "or the own worker's contribution where there is one. 0 lets "
                          "TrainingHelper choose by the size of the model and the links.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&ParameterServer::m_pushDeadline),
                          MakeTimeChecker(Time(0)))
            .AddTraceSource("Aggregate",
                            "A block is about to be aggregated.",
                            MakeTraceSourceAccessor(&ParameterServer::m_aggregateTrace),
                            "ns3::learning::ParameterServer::AggregateTracedCallback");
    return tid;
}

void
ParameterServer::Configure(Ptr<TrainingSetup> setup,
                           uint32_t self,
                           Ptr<BlockTransport> transport,
                           Ptr<Optimizer> optimizer)
{
    m_setup = setup;
    m_self = self;
    m_transport = transport;
    m_attendance.Reset(setup->workers);
    m_aggregator = std::make_unique<BlockAggregator>(
        setup,
        self,
        transport,
        optimizer,
        [this](uint32_t round,
               uint32_t block,
               const std::vector<AggregationRule::Contribution>& contributions,
               const SegmentLayout& layout) {
            m_aggregateTrace(round, block, contributions, layout);
        });
}

void
ParameterServer::SetLocalCallback(LocalCallback callback)
{
    m_localCallback = std::move(callback);
}

Ptr<TrainingSetup>
ParameterServer::GetSetup() const
{
    return m_setup;
}

Ptr<BlockTransport>
ParameterServer::GetTransport() const
{
    return m_transport;
}

void
ParameterServer::DoDispose()
{
    for (auto& [number, round] : m_rounds)
    {
        round.deadline.Cancel();
    }
    m_rounds.clear();
    if (m_transport)
    {
        m_transport->SetReceiver(PUSH, nullptr);
    }
    m_localCallback = nullptr;
    m_aggregator = nullptr;
    m_transport = nullptr;
    m_setup = nullptr;
    Application::DoDispose();
}

void
ParameterServer::StartApplication()
{
    m_transport->Open(GetNode(), m_self, m_setup->hosts);
    m_transport->SetReceiver(PUSH, this);
}

void
ParameterServer::StopApplication()
{
    m_transport->SetReceiver(PUSH, nullptr);
    for (auto& [number, round] : m_rounds)
    {
        Simulator::Remove(round.deadline);
    }
    m_rounds.clear();
    m_floor = std::numeric_limits<uint32_t>::max();
}

void
ParameterServer::Contribute(uint32_t round, uint32_t block, const float* push, float* pull)
{
    if (round < m_floor)
    {
        m_localCallback(round, block, nullptr, {}); // too late: the worker keeps its own
        return;
    }
    m_attendance.Hear(m_self);
    Round& state = Open(round, block);
    state.pushes.CloseOwn(m_self,
                          push,
                          m_aggregator->GetPushLayout(state.pushes.GetLength()).GetSegmentCount());
    state.pull = pull;
    StartDeadline(round, state);
    CloseIfComplete(round, state);
}

float*
ParameterServer::OpenBlock(const BlockId& id, uint32_t length)
{
    if (id.direction == PULL)
    {
        return m_catchUp && CatchUp::IsAnswer(*m_setup, id) ? m_catchUp->OpenBlock(id, length)
                                                            : nullptr;
    }
    if (CatchUp::IsAnnouncement(*m_setup, id))
    {
        m_aggregator->ForgetCopies(id.peer);
        return nullptr; // it brings no numbers
    }
    if (id.round >= m_setup->rounds || id.peer >= m_setup->workers ||
        id.block >= m_setup->owners->GetBlockCount() ||
        m_setup->GetOwner(id.round, id.block) != m_self ||
        length != m_aggregator->GetWireLength(m_setup->owners->GetLength(id.block)))
    {
        return nullptr;
    }
    m_attendance.Hear(id.peer); // also if it is late
    return id.round < m_floor ? nullptr : OpenPush(id);
}

float*
ParameterServer::OpenPush(const BlockId& id)
{
    Round& state = Open(id.round, id.block);
    const bool isFirst = !state.pushes.HasRoom();
    float* numbers = state.pushes.Open(id.peer, m_spareRoom);
    // a worker on this node is waited for, unless the protocol or the worker's state forbids it
    if (isFirst && (m_setup->placement == DEDICATED || m_attendance.IsAbsent(m_self) ||
                    m_setup->synchronization->GetQuorum(m_setup->workers) < m_setup->workers))
    {
        StartDeadline(id.round, state);
    }
    return numbers;
}

bool
ParameterServer::Hold(const BlockId& id, const ArrivedSegments& segments)
{
    const auto found = id.direction == PUSH ? m_rounds.find(id.round) : m_rounds.end();
    if (found == m_rounds.end())
    {
        return false; // parameters after a crash, or stopped
    }
    found->second.pushes.Hold(id.peer, segments);
    return true;
}

void
ParameterServer::BlockClosed(const BlockId& id, const SegmentMask& mask)
{
    if (id.direction == PULL)
    {
        m_catchUp->BlockClosed(id, mask);
        return;
    }
    const auto found = m_rounds.find(id.round);
    if (found == m_rounds.end())
    {
        return; // stopped
    }
    found->second.pushes.Close(id.peer, mask);
    CloseIfComplete(id.round, found->second);
}

void
ParameterServer::RoundOver(BlockDirection direction, uint32_t round)
{
    const auto found = direction == PUSH ? m_rounds.find(round) : m_rounds.end();
    if (found != m_rounds.end())
    {
        found->second.over = true;
        CloseIfComplete(round, found->second);
    }
}

ParameterServer::Round&
ParameterServer::Open(uint32_t round, uint32_t block)
{
    const auto found = m_rounds.find(round);
    if (found != m_rounds.end())
    {
        return found->second;
    }
    const uint32_t length = m_setup->owners->GetLength(block);
    PushRound pushes(block,
                     length,
                     m_transport->GetLayout(m_aggregator->GetWireLength(length)),
                     m_setup->workers);
    return m_rounds.emplace(round, Round{std::move(pushes)}).first->second;
}

void
ParameterServer::StartDeadline(uint32_t round, Round& state)
{
    if (state.deadline.IsExpired())
    {
        state.deadline =
            Simulator::Schedule(m_pushDeadline, &ParameterServer::DeadlinePassed, this, round);
    }
}

void
ParameterServer::DeadlinePassed(uint32_t round)
{
    const auto found = m_rounds.find(round);
    if (m_recovering)
    {
        found->second.deadline = EventId(); // it is closed as soon as the parameters are back
        return;
    }
    for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
    {
        if (std::all_of(found, m_rounds.end(), [worker](const auto& later) {
                return later.second.pushes.IsEmpty(worker);
            }))
        {
            m_attendance.Miss(worker);
        }
    }
    CloseRound(round);
}

void
ParameterServer::CloseIfComplete(uint32_t round, const Round& state)
{
    const uint32_t quorum = m_setup->synchronization->GetQuorum(m_setup->workers);
    const uint32_t closed = state.pushes.GetClosedCount();
    // a worker on this node is waited for all the same
    const bool isOver =
        state.over && (m_setup->placement == DEDICATED || state.pushes.IsClosed(m_self) ||
                       m_attendance.IsAbsent(m_self));
    if (m_recovering || state.finishing ||
        (!isOver && closed + m_attendance.GetAbsentCount() < quorum))
    {
        return;
    }
    if (!isOver && closed < quorum)
    {
        // what comes from an absent worker all the same is waited for
        uint32_t missing = 0;
        for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
        {
            missing += !state.pushes.IsClosed(worker) &&
                       (state.pushes.IsOpen(worker) || !m_attendance.IsAbsent(worker));
        }
        if (missing > m_setup->workers - quorum)
        {
            return;
        }
    }
    CloseRound(round);
}

void
ParameterServer::CloseRound(uint32_t round)
{
    const auto found = m_rounds.find(round);
    if (found == m_rounds.end() || found->second.finishing || m_recovering)
    {
        return;
    }
    // whoever pushed to this round no longer waits for an older one
    while (m_rounds.begin()->first < round && !m_rounds.begin()->second.finishing)
    {
        CloseRound(m_rounds.begin()->first);
    }
    Round& state = found->second;
    state.finishing = true;
    Simulator::Remove(state.deadline);
    for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
    {
        if (state.pushes.IsOpen(worker))
        {
            m_transport->CloseBlock({PUSH, round, state.pushes.GetBlock(), worker});
        }
    }
    Finish(round, state);
}

void
ParameterServer::Finish(uint32_t round, Round& state)
{
    const uint32_t block = state.pushes.GetBlock();
    NS_LOG_FUNCTION(this << round << block);
    float* const pull = state.pull;
    const SegmentMask made = m_aggregator->Finish(round, state.pushes, pull);
    if (pull)
    {
        m_aggregator->GiveTo(pull);
    }
    // each server begins with another worker, so that not all send to one at a time
    for (uint32_t k = 0; k < m_setup->workers; ++k)
    {
        const uint32_t worker = (m_self + k) % m_setup->workers;
        if (worker != m_self)
        {
            m_aggregator->SendTo(worker);
        }
    }
    state.pushes.GiveRoom(m_spareRoom);
    m_floor = std::max(m_floor, round + 1);
    m_rounds.erase(round);
    if (m_localCallback)
    {
        // one that does not travel as it is would have to be decoded: who has not contributed does
        // without
        const bool isThere = pull || m_aggregator->IsCoded();
        m_localCallback(round, block, isThere ? nullptr : m_aggregator->GetResult(), made);
    }
}

} // namespace learning
} // namespace ns3
