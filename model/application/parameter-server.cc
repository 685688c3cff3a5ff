/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "parameter-server.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
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
    if (setup->coding)
    {
        m_coder = std::make_unique<ServerCoder>(*setup, self, transport);
    }
}

void
ParameterServer::SetLocalCallback(std::function<void(uint32_t, uint32_t)> callback)
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
ParameterServer::Contribute(uint32_t round, uint32_t block, const float* push, float* pull)
{
    if (round < m_floor)
    {
        m_localCallback(round, block); // stopped: the worker keeps its own
        return;
    }
    Round& state = Open(round, block);
    state.push = push;
    state.pull = pull;
    StartDeadline(round, state);
    CloseIfComplete(round, state);
}

float*
ParameterServer::OpenBlock(const BlockId& id, uint32_t length)
{
    if (id.round < m_floor || id.round >= m_setup->rounds || id.peer >= m_setup->workers ||
        id.block >= m_setup->owners->GetBlockCount() ||
        m_setup->GetOwner(id.round, id.block) != m_self ||
        length != GetWireLength(m_setup->owners->GetLength(id.block)))
    {
        return nullptr;
    }
    Round& state = Open(id.round, id.block);
    Slot& slot = state.slots[id.peer];
    if (slot.closed)
    {
        return nullptr;
    }
    slot.open = true;
    if (!state.room)
    {
        // default-initialized: what does not arrive is never read
        const std::size_t needed = std::size_t{m_setup->workers} * state.stride;
        if (m_spareLength >= needed)
        {
            state.room = std::move(m_spareRoom);
            m_spareLength = 0;
        }
        else
        {
            state.room.reset(new float[needed]);
        }
        if (m_setup->placement == DEDICATED)
        {
            StartDeadline(id.round, state);
        }
    }
    return state.room.get() + std::size_t{id.peer} * state.stride;
}

void
ParameterServer::BlockClosed(const BlockId& id, const SegmentMask& mask)
{
    const auto found = m_rounds.find(id.round);
    if (found == m_rounds.end())
    {
        return; // stopped
    }
    Round& state = found->second;
    Slot& slot = state.slots[id.peer];
    slot.mask = mask;
    slot.closed = true;
    ++state.closed;
    CloseIfComplete(id.round, state);
}

void
ParameterServer::RoundOver(BlockDirection /* direction */, uint32_t round)
{
    const auto found = m_rounds.find(round);
    if (found != m_rounds.end())
    {
        found->second.over = true;
        CloseIfComplete(round, found->second);
    }
}

uint32_t
ParameterServer::GetWireLength(uint32_t length) const
{
    return m_coder ? m_coder->GetPushLength(length) : length;
}

ParameterServer::Round&
ParameterServer::Open(uint32_t round, uint32_t block)
{
    const auto [found, isNew] = m_rounds.try_emplace(round);
    Round& state = found->second;
    if (isNew)
    {
        state.block = block;
        state.length = m_setup->owners->GetLength(block);
        state.stride = GetWireLength(state.length);
        state.slots.resize(m_setup->workers);
    }
    return state;
}

void
ParameterServer::StartDeadline(uint32_t round, Round& state)
{
    state.deadline = Simulator::Schedule(m_pushDeadline, &ParameterServer::CloseRound, this, round);
}

void
ParameterServer::CloseIfComplete(uint32_t round, const Round& state)
{
    const bool colocated = m_setup->placement == COLOCATED;
    if (!state.finishing && (!colocated || state.push) &&
        (state.over || state.closed + colocated == m_setup->workers))
    {
        CloseRound(round);
    }
}

void
ParameterServer::CloseRound(uint32_t round)
{
    const auto found = m_rounds.find(round);
    if (found == m_rounds.end() || found->second.finishing)
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
        if (state.slots[worker].open && !state.slots[worker].closed)
        {
            m_transport->CloseBlock({PUSH, round, state.block, worker});
        }
    }
    Finish(round, state);
    if (state.room)
    {
        m_spareRoom = std::move(state.room);
        m_spareLength = std::size_t{m_setup->workers} * state.stride;
    }
    const uint32_t block = state.block;
    const bool isLocal = state.push != nullptr;
    m_floor = std::max(m_floor, round + 1);
    m_rounds.erase(found);
    if (isLocal)
    {
        m_localCallback(round, block);
    }
}

void
ParameterServer::Finish(uint32_t round, Round& state)
{
    NS_LOG_FUNCTION(this << round << state.block);
    const SegmentLayout layout =
        m_coder ? m_coder->GetPushLayout(state.length) : m_transport->GetLayout(state.length);
    const SegmentMask all(layout.GetSegmentCount(), true);
    std::vector<AggregationRule::Contribution> contributions;
    contributions.reserve(m_setup->workers);
    for (uint32_t worker = 0; worker < m_setup->workers; ++worker)
    {
        const Slot& slot = state.slots[worker];
        if (worker == m_self && state.push)
        {
            contributions.push_back({state.push, &all, true});
        }
        else if (slot.closed && slot.mask.GetCount() != 0)
        {
            const float* values = state.room.get() + std::size_t{worker} * state.stride;
            if (m_coder)
            {
                values = m_coder->Decode({PUSH, round, state.block, worker},
                                         values,
                                         slot.mask,
                                         state.length);
            }
            contributions.push_back({values, &slot.mask});
        }
    }
    m_aggregateTrace(round, state.block, contributions, layout);

    const bool keeps = m_setup->algorithm->KeepsParametersAtServer();
    float* result = state.pull;
    if (!result || keeps || m_coder)
    {
        m_result.resize(state.length);
        result = m_result.data();
    }
    SegmentMask made = m_rule->Aggregate(contributions, layout, m_setup->workers, result);
    if (keeps)
    {
        StepKeptParameters(round, state, result, made);
        result = m_kept.data();
        made = all;
        if (state.pull && !m_coder)
        {
            std::copy(m_kept.begin(), m_kept.end(), state.pull);
        }
    }
    if (m_coder)
    {
        m_coder->BeginPulls(round, state.block, result, state.length, made, !keeps);
        if (state.pull)
        {
            m_coder->Give(m_self, state.pull);
        }
    }
    // each server begins with another worker, so that not all send to one at a time
    for (uint32_t k = 0; k < m_setup->workers; ++k)
    {
        const uint32_t worker = (m_self + k) % m_setup->workers;
        if (worker == m_self)
        {
            continue;
        }
        if (m_coder)
        {
            m_coder->Send(worker);
        }
        else
        {
            m_transport->Send({PULL, round, state.block, worker},
                              result,
                              state.length,
                              made.IsComplete() ? nullptr : &made);
        }
    }
}

void
ParameterServer::StepKeptParameters(uint32_t round,
                                    Round& state,
                                    float* gradient,
                                    const SegmentMask& made)
{
    const SegmentLayout layout =
        m_coder ? m_coder->GetPushLayout(state.length) : m_transport->GetLayout(state.length);
    for (uint32_t segment = 0; segment < made.GetSize(); ++segment)
    {
        if (!made.Test(segment))
        {
            std::fill(gradient + layout.GetBegin(segment),
                      gradient + layout.GetBegin(segment + 1),
                      0.0F);
        }
    }
    if (m_coder)
    {
        m_coder->Unrotate(round, state.block, gradient, state.length);
    }
    if (m_kept.empty())
    {
        const auto begin = m_setup->start.begin() + m_setup->owners->GetBegin(state.block);
        m_kept.assign(begin, begin + state.length);
    }
    m_optimizer->Step(m_kept.data(), gradient, state.length, round);
}

} // namespace learning
} // namespace ns3
