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
    m_optimizer = optimizer;
    m_rule = setup->algorithm->GetRule()->MakeFresh();
    m_attendance.Reset(setup->workers);
    if (setup->algorithm->GetAgeBound() >= 0)
    {
        m_overdue = std::make_unique<OverdueSegments>(setup->algorithm->GetAgeBound());
        transport->SetDeliveryCallback(PULL, [this](const BlockId& id, const SegmentMask& mask) {
            m_overdue->Delivered(id, mask);
        });
    }
    if (setup->coding)
    {
        m_coder = std::make_unique<ServerCoder>(*setup, self, transport);
    }
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
        if (m_overdue)
        {
            m_transport->SetDeliveryCallback(PULL, nullptr);
        }
    }
    m_localCallback = nullptr;
    m_coder = nullptr;
    m_transport = nullptr;
    m_optimizer = nullptr;
    m_rule = nullptr;
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
ParameterServer::Forget()
{
    for (auto& [number, round] : m_rounds)
    {
        Simulator::Remove(round.deadline);
    }
    m_rounds.clear();
    m_floor = 0;
    m_kept.clear();
    m_rule = m_setup->algorithm->GetRule()->MakeFresh();
    m_coder = nullptr; // before the next one: each takes the transport's callback
    if (m_setup->coding)
    {
        m_coder = std::make_unique<ServerCoder>(*m_setup, m_self, m_transport);
    }
    m_optimizer = m_optimizer ? m_setup->optimizer.Create<Optimizer>() : nullptr;
    m_attendance.Reset(m_setup->workers);
}

void
ParameterServer::Crash()
{
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
        const uint32_t block = GetKeptBlock();
        const auto begin = parameters.begin() + m_setup->owners->GetBegin(block);
        m_kept.assign(begin, begin + m_setup->owners->GetLength(block));
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
    state.pushes.CloseOwn(m_self, push, GetPushLayout(state.pushes.GetLength()).GetSegmentCount());
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
    if (id.round >= m_setup->rounds || id.peer >= m_setup->workers ||
        id.block >= m_setup->owners->GetBlockCount() ||
        m_setup->GetOwner(id.round, id.block) != m_self ||
        length != GetWireLength(m_setup->owners->GetLength(id.block)))
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

uint32_t
ParameterServer::GetWireLength(uint32_t length) const
{
    return m_coder ? m_coder->GetPushLength(length) : length;
}

SegmentLayout
ParameterServer::GetPushLayout(uint32_t length) const
{
    return m_coder ? m_coder->GetPushLayout(length) : m_transport->GetLayout(length);
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
    PushRound pushes(block, length, GetWireLength(length), m_setup->workers);
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
    if (m_recovering || state.finishing || closed + m_attendance.GetAbsentCount() < quorum)
    {
        return;
    }
    if (closed < quorum)
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
    const uint32_t length = state.pushes.GetLength();
    float* const pull = state.pull;
    float* result = nullptr;
    SegmentMask made;
    if (m_setup->algorithm->KeepsParametersAtServer())
    {
        StepKeptParameters(round, state.pushes, m_setup->workers, 1);
        result = m_kept.data();
    }
    else
    {
        result = pull;
        if (!pull || m_coder)
        {
            m_result.resize(length);
            result = m_result.data();
        }
        made = Aggregate(round, state.pushes, m_setup->workers, result);
    }
    BeginPulls(round, block, result, made);
    if (pull)
    {
        GiveTo(pull);
    }
    // each server begins with another worker, so that not all send to one at a time
    for (uint32_t k = 0; k < m_setup->workers; ++k)
    {
        const uint32_t worker = (m_self + k) % m_setup->workers;
        if (worker != m_self)
        {
            SendTo(worker);
        }
    }
    state.pushes.GiveRoom(m_spareRoom);
    m_floor = std::max(m_floor, round + 1);
    m_rounds.erase(round);
    if (m_localCallback)
    {
        // one that does not travel as it is would have to be decoded: who has not contributed does
        // without
        m_localCallback(round, block, pull || m_coder ? nullptr : result, made);
    }
}

SegmentMask
ParameterServer::Aggregate(uint32_t round,
                           const PushRound& pushes,
                           uint32_t expected,
                           float* result)
{
    const uint32_t length = pushes.GetLength();
    std::vector<AggregationRule::Contribution> contributions;
    contributions.reserve(pushes.GetClosedCount());
    for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
    {
        AggregationRule::Contribution contribution = pushes.GetContribution(worker);
        if (!contribution.values)
        {
            continue;
        }
        if (m_coder && !contribution.local)
        {
            contribution.values = m_coder->Decode({PUSH, round, pushes.GetBlock(), worker},
                                                  contribution.values,
                                                  *contribution.mask,
                                                  length);
        }
        contributions.push_back(contribution);
    }
    const SegmentLayout layout = GetPushLayout(length);
    m_aggregateTrace(round, pushes.GetBlock(), contributions, layout);
    return m_rule->Aggregate(contributions, layout, expected, result);
}

void
ParameterServer::BeginPulls(uint32_t round, uint32_t block, float* values, const SegmentMask& made)
{
    m_pullId = {PULL, round, block, 0};
    m_values = values;
    m_made = made;
    if (m_coder)
    {
        const uint32_t length = m_setup->owners->GetLength(block);
        const uint32_t segments = GetPushLayout(length).GetSegmentCount();
        m_coder->BeginPulls(round,
                            block,
                            values,
                            length,
                            made.GetSize() == 0 ? SegmentMask(segments, true) : made,
                            !m_setup->algorithm->KeepsParametersAtServer());
    }
}

void
ParameterServer::SendTo(uint32_t worker)
{
    const bool reliable = m_overdue && m_overdue->IsOverdue(worker, m_pullId.block, m_pullId.round);
    if (m_coder)
    {
        m_coder->Send(worker, reliable);
        return;
    }
    m_pullId.peer = worker;
    m_transport->Send(m_pullId,
                      m_values,
                      m_setup->owners->GetLength(m_pullId.block),
                      m_made.IsComplete() ? nullptr : &m_made,
                      reliable);
}

void
ParameterServer::GiveTo(float* pull)
{
    if (m_coder)
    {
        m_coder->Give(m_self, pull);
    }
    else if (pull != m_values)
    {
        std::copy_n(m_values, m_setup->owners->GetLength(m_pullId.block), pull);
    }
}

void
ParameterServer::StepKeptParameters(uint32_t round,
                                    const PushRound& pushes,
                                    uint32_t expected,
                                    float weight)
{
    const uint32_t length = pushes.GetLength();
    const SegmentLayout layout = GetPushLayout(length);
    m_result.resize(length);
    const SegmentMask made = Aggregate(round, pushes, expected, m_result.data());
    for (uint32_t segment = 0; segment < made.GetSize(); ++segment)
    {
        if (!made.Test(segment))
        {
            std::fill(m_result.begin() + layout.GetBegin(segment),
                      m_result.begin() + layout.GetBegin(segment + 1),
                      0.0F);
        }
    }
    if (m_coder)
    {
        m_coder->Unrotate(round, pushes.GetBlock(), m_result.data(), length);
    }
    if (weight != 1)
    {
        for (float& number : m_result)
        {
            number *= weight;
        }
    }
    if (m_kept.empty())
    {
        const auto begin = m_setup->start.begin() + m_setup->owners->GetBegin(pushes.GetBlock());
        m_kept.assign(begin, begin + length);
    }
    m_optimizer->Step(m_kept.data(), m_result.data(), length, round);
}

} // namespace learning
} // namespace ns3
