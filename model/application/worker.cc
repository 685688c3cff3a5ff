/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "worker.h"

#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace learning
{

NS_LOG_COMPONENT_DEFINE("LearningWorker");

NS_OBJECT_ENSURE_REGISTERED(Worker);

Worker::Worker() = default;

TypeId
Worker::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::Worker")
            .SetParent<Application>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<Worker>()
            .AddAttribute("PullDeadline",
                          "Longest time to wait for the blocks of a round after the push; should "
                          "exceed the servers' PushDeadline. 0 lets TrainingHelper choose twice "
                          "that.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&Worker::m_pullDeadline),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("CatchUp",
                          "Whether a worker that comes back after a crash gets the parameters of "
                          "another one, or begins anew with those of the start.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&Worker::m_catchesUp),
                          MakeBooleanChecker())
            .AddTraceSource("Jump",
                            "A crashed worker is down, or goes on with a round.",
                            MakeTraceSourceAccessor(&Worker::m_jumpTrace),
                            "ns3::learning::Worker::JumpTracedCallback")
            .AddTraceSource("RoundEnd",
                            "A round has ended for this worker.",
                            MakeTraceSourceAccessor(&Worker::m_roundEndTrace),
                            "ns3::learning::Worker::RoundEndTracedCallback")
            .AddTraceSource("Done",
                            "The last round has ended for this worker.",
                            MakeTraceSourceAccessor(&Worker::m_doneTrace),
                            "ns3::TracedValueCallback::Uint32");
    return tid;
}

void
Worker::Configure(Ptr<TrainingSetup> setup,
                  uint32_t self,
                  Ptr<BlockTransport> transport,
                  Ptr<ParameterServer> server,
                  Ptr<ComputeModel> compute,
                  Ptr<Optimizer> optimizer,
                  std::unique_ptr<BatchSampler> sampler)
{
    m_setup = setup;
    m_self = self;
    m_transport = transport;
    m_server = server;
    m_compute = compute;
    m_sampler = std::move(sampler);
    m_replica.parameters.assign(setup->start.begin(), setup->start.end());
    m_replica.optimizer = optimizer;
    setup->algorithm->Prepare(m_replica);
    if (setup->coding)
    {
        m_coder = std::make_unique<WorkerCoder>(*setup, self, transport);
    }
    if (setup->synchronization->AbandonsGradients())
    {
        m_replica.gradient.resize(m_replica.parameters.size()); // kept until it is sure to be used
    }
    m_attendance.Reset(setup->GetCandidateCount());
    if (server)
    {
        server->SetLocalCallback(
            [this](uint32_t round, uint32_t block, const float* result, const SegmentMask& made) {
                LocalBlockDone(round, block, result, made);
            });
    }
}

uint32_t
Worker::GetIndex() const
{
    return m_self;
}

Ptr<TrainingSetup>
Worker::GetSetup() const
{
    return m_setup;
}

const AlignedVector&
Worker::GetParameters() const
{
    if (m_state == COMPUTING)
    {
        m_setup->pool->Wait(m_ticket);
    }
    return m_replica.parameters;
}

void
Worker::SetParameters(const std::vector<float>& parameters)
{
    m_replica.parameters.assign(parameters.begin(), parameters.end());
}

uint32_t
Worker::GetCompletedRounds() const
{
    return m_round;
}

bool
Worker::IsAway() const
{
    return m_state == DOWN || m_state == RETURNING;
}

bool
Worker::IsDone() const
{
    return m_state == DONE;
}

double
Worker::GetEpochs() const
{
    return m_sampler->GetEpochs();
}

double
Worker::GetBatchLoss() const
{
    return m_batchLoss;
}

const BatchSampler&
Worker::GetSampler() const
{
    return *m_sampler;
}

Ptr<BlockTransport>
Worker::GetTransport() const
{
    return m_transport;
}

const SegmentAges&
Worker::GetSegmentAges() const
{
    return m_ages;
}

std::vector<float>
Worker::GetResidual() const
{
    return m_coder ? m_coder->GetResidual() : std::vector<float>();
}

Ptr<ComputeModel>
Worker::GetComputeModel() const
{
    return m_compute;
}

void
Worker::DoDispose()
{
    m_event.Cancel();
    m_catchUp = nullptr;
    if (m_ticket)
    {
        m_setup->pool->Wait(m_ticket); // it writes into this object
        m_ticket = nullptr;
    }
    if (m_transport)
    {
        m_transport->SetReceiver(PULL, nullptr);
    }
    m_coder = nullptr;
    m_server = nullptr;
    m_transport = nullptr;
    m_compute = nullptr;
    m_replica.optimizer = nullptr;
    m_setup = nullptr;
    Application::DoDispose();
}

void
Worker::StartApplication()
{
    m_transport->Open(GetNode(), m_self, m_setup->hosts);
    m_transport->SetReceiver(PULL, this);
    BeginRound();
}

void
Worker::StopApplication()
{
    if (m_state != DONE)
    {
        Finish();
    }
}

void
Worker::BeginRound()
{
    if (m_round == m_setup->rounds || m_setup->stopRequested)
    {
        Finish();
        return;
    }
    NS_LOG_FUNCTION(this << m_round);
    m_state = COMPUTING;
    m_pulls.Begin(m_setup->owners->GetBlockCount());

    const std::vector<uint32_t>& samples = m_sampler->Next();
    const LearningModel& model = *m_setup->model;
    const Dataset& dataset = *m_setup->training;
    const bool mayAbandon = m_setup->synchronization->AbandonsGradients();
    // plain pointers: reference counts are not for several threads
    m_ticket = m_setup->pool->Submit([this,
                                      &samples,
                                      &model,
                                      &dataset,
                                      mayAbandon,
                                      algorithm = PeekPointer(m_setup->algorithm)] {
        thread_local BatchBuffer<float> buffer;
        const Batch<float> batch =
            dataset.Gather(samples.data(), static_cast<uint32_t>(samples.size()), buffer);
        float* gradient =
            mayAbandon ? m_replica.gradient.data() : algorithm->GetGradientBuffer(m_replica);
        m_batchLoss = model.Gradient(m_replica.parameters.data(), batch, gradient);
        if (!mayAbandon)
        {
            algorithm->AfterGradient(m_replica, gradient, m_round);
        }
    });
    const double operations = model.GetGradientOperations(static_cast<uint32_t>(samples.size()),
                                                          dataset.GetMeanNonZeros());
    m_event = Simulator::Schedule(m_compute->Draw(operations), &Worker::EndCompute, this);
}

void
Worker::EndCompute()
{
    m_setup->pool->Wait(m_ticket);
    m_ticket = nullptr;
    if (m_setup->synchronization->AbandonsGradients())
    {
        m_setup->algorithm->AfterGradient(m_replica, m_replica.gradient.data(), m_round);
    }
    m_state = PUSHING;
    Push();
    m_state = WAITING;
    EndRoundIfComplete();
}

void
Worker::Push()
{
    float* push = m_setup->algorithm->GetPushVector(m_replica);
    float* pull = m_setup->algorithm->GetPullVector(m_replica);
    BlockOwners& owners = *m_setup->owners;
    const uint32_t blocks = owners.GetBlockCount();
    uint32_t own = blocks;
    for (uint32_t k = 0; k < blocks; ++k)
    {
        // each worker begins with another block, so that not all send to one server at a time
        const uint32_t block = (m_self + k) % blocks;
        const uint32_t owner = m_setup->GetOwner(m_round, block);
        const BlockId id{PUSH, m_round, block, owner};
        if (owner != m_self && m_coder)
        {
            m_coder->Push(id, push);
        }
        else if (owner != m_self)
        {
            m_transport->Send(id, push + owners.GetBegin(block), owners.GetLength(block));
        }
        else if (!m_pulls.IsClosed(block))
        {
            own = block;
            m_pulls.SetOwn(block);
        }
    }
    TakeEarlyPulls();
    m_event = Simulator::Schedule(m_pullDeadline, &Worker::DeadlinePassed, this);
    if (own != blocks)
    {
        // may close the block at once, if this worker is the last one
        float* coded = m_coder ? m_coder->Take(m_round, own, push) : nullptr;
        m_server->Contribute(m_round,
                             own,
                             coded ? coded : push + owners.GetBegin(own),
                             coded ? coded : pull + owners.GetBegin(own));
    }
}

void
Worker::TakeEarlyPulls()
{
    if (m_coder)
    {
        return; // they are decoded at the end of the round
    }
    float* pull = m_setup->algorithm->GetPullVector(m_replica);
    BlockOwners& owners = *m_setup->owners;
    for (uint32_t block = 0; block < m_pulls.GetBlockCount(); ++block)
    {
        if (!m_pulls.IsEarly(block))
        {
            continue;
        }
        const uint32_t begin = owners.GetBegin(block);
        if (m_pulls.IsClosed(block))
        {
            const SegmentLayout layout = m_transport->GetLayout(owners.GetLength(block));
            BlockTransport::CopySegments(m_pulls.GetEarly(begin),
                                         layout,
                                         m_pulls.GetMask(block, layout.GetSegmentCount()),
                                         pull + begin);
        }
        else
        {
            m_transport->Redirect({PULL, m_round, block, m_setup->GetOwner(m_round, block)},
                                  pull + begin);
        }
    }
}

float*
Worker::OpenBlock(const BlockId& id, uint32_t length)
{
    if (CatchUp::IsRequest(*m_setup, id))
    {
        return length == CatchUp::REQUEST_LENGTH ? m_request : nullptr;
    }
    if (CatchUp::IsAnswer(*m_setup, id))
    {
        return m_state == RETURNING ? m_catchUp->OpenBlock(id, length) : nullptr;
    }
    if (id.block >= m_pulls.GetBlockCount() || id.round >= m_setup->rounds ||
        length !=
            (m_coder ? m_coder->GetPullLength(id.block) : m_setup->owners->GetLength(id.block)) ||
        m_setup->GetOwner(id.round, id.block) != id.peer)
    {
        return nullptr;
    }
    m_attendance.Hear(GetCandidate(id.peer)); // also if it is late
    if (m_state == RETURNING)
    {
        m_latest = std::max(m_latest, id.round + 1);
        return nullptr;
    }
    if (id.round > m_round && m_state == COMPUTING && m_setup->synchronization->AbandonsGradients())
    {
        AbandonGradient();
        m_state = WAITING;
    }
    if (id.round > m_round && m_state == WAITING)
    {
        NS_LOG_LOGIC("the others are in round " << id.round << ": gives up " << m_round);
        EndRound(id.round);
    }
    if (id.round != m_round || m_pulls.IsClosed(id.block))
    {
        return nullptr;
    }
    if (m_coder && (m_state == COMPUTING || m_state == WAITING))
    {
        m_pulls.Open(id.block);
        return m_coder->GetPullRoom(id.block);
    }
    const uint32_t begin = m_setup->owners->GetBegin(id.block);
    if (m_state == COMPUTING)
    {
        return m_pulls.OpenEarly(id.block, begin, m_replica.parameters.size());
    }
    if (m_state != WAITING)
    {
        return nullptr;
    }
    m_pulls.Open(id.block);
    return m_setup->algorithm->GetPullVector(m_replica) + begin;
}

void
Worker::BlockClosed(const BlockId& id, const SegmentMask& mask)
{
    if (CatchUp::IsRequest(*m_setup, id))
    {
        m_requests.push_back(id);
        if (m_state == DONE)
        {
            AnswerRequests();
        }
        return;
    }
    if (CatchUp::IsAnswer(*m_setup, id))
    {
        if (m_state == RETURNING)
        {
            m_catchUp->BlockClosed(id, mask);
        }
        return;
    }
    if (id.round != m_round)
    {
        return;
    }
    m_pulls.Close(id.block, mask);
    EndRoundIfComplete();
}

void
Worker::LocalBlockDone(uint32_t round, uint32_t block, const float* result, const SegmentMask& made)
{
    if (round != m_round || m_state == DONE || IsAway() || m_pulls.IsClosed(block))
    {
        return;
    }
    if (result)
    {
        // closed without this worker
        if (m_state != COMPUTING)
        {
            return;
        }
        const uint32_t begin = m_setup->owners->GetBegin(block);
        const SegmentLayout layout = m_transport->GetLayout(m_setup->owners->GetLength(block));
        const SegmentMask mask =
            made.GetSize() == 0 ? SegmentMask(layout.GetSegmentCount(), true) : made;
        BlockTransport::CopySegments(result,
                                     layout,
                                     mask,
                                     m_pulls.OpenEarly(block, begin, m_replica.parameters.size()));
        m_pulls.Close(block, mask);
    }
    else
    {
        m_pulls.Close(block, {});
    }
    EndRoundIfComplete();
}

void
Worker::EndRoundIfComplete()
{
    const bool mayAbandon = m_state == COMPUTING && m_setup->synchronization->AbandonsGradients();
    if ((m_state != WAITING && !mayAbandon) || !IsRoundComplete())
    {
        return;
    }
    if (mayAbandon)
    {
        AbandonGradient();
    }
    EndRound(m_round + 1);
}

bool
Worker::IsRoundComplete() const
{
    const uint32_t blocks = m_pulls.GetBlockCount();
    if (m_pulls.GetClosedCount() == blocks)
    {
        return true;
    }
    if (m_attendance.GetAbsentCount() == 0 || !m_attendance.HasMajority() || m_state == COMPUTING)
    {
        return false;
    }
    for (uint32_t block = 0; block < blocks; ++block)
    {
        const bool isAwaited =
            m_pulls.IsOpen(block) || m_pulls.IsOwn(block) ||
            !m_attendance.IsAbsent(GetCandidate(m_setup->GetOwner(m_round, block)));
        if (!m_pulls.IsClosed(block) && isAwaited)
        {
            return false;
        }
    }
    return true;
}

void
Worker::DeadlinePassed()
{
    for (uint32_t block = 0; block < m_pulls.GetBlockCount(); ++block)
    {
        if (!m_pulls.IsOpen(block) && !m_pulls.IsClosed(block) && !m_pulls.IsOwn(block))
        {
            m_attendance.Miss(GetCandidate(m_setup->GetOwner(m_round, block)));
        }
    }
    EndRound(m_round + 1);
}

void
Worker::AbandonGradient()
{
    Simulator::Remove(m_event);
    m_setup->pool->Wait(m_ticket);
    m_ticket = nullptr;
    std::fill(m_replica.gradient.begin(), m_replica.gradient.end(), 0.0F);
    TakeEarlyPulls();
}

void
Worker::EndRound(uint32_t next)
{
    m_state = ENDING;
    Simulator::Remove(m_event);
    ClosePulls();
    m_setup->algorithm->EndRound(m_replica, m_round);
    while (m_round < next)
    {
        const uint32_t ended = m_round++;
        m_roundEndTrace(m_self, ended);
    }
    AnswerRequests();
    BeginRound();
}

void
Worker::ClosePulls()
{
    BlockOwners& owners = *m_setup->owners;
    float* values = m_setup->algorithm->GetPullVector(m_replica);
    for (uint32_t block = 0; block < m_pulls.GetBlockCount(); ++block)
    {
        if (m_pulls.IsOwn(block))
        {
            m_server->CloseRound(m_round); // does nothing if it is closed
            if (m_coder)
            {
                m_coder->TakeBack(m_round, block, values);
            }
            continue;
        }
        const BlockId id{PULL, m_round, block, m_setup->GetOwner(m_round, block)};
        if (!m_pulls.IsClosed(block))
        {
            m_transport->CloseBlock(id);
        }
        const SegmentLayout layout = m_coder ? m_coder->GetPullLayout(block)
                                             : m_transport->GetLayout(owners.GetLength(block));
        const SegmentMask& mask = m_pulls.GetMask(block, layout.GetSegmentCount());
        if (m_setup->algorithm->KeepsParametersAtServer())
        {
            m_ages.EndRound(block, m_round, mask);
        }
        if (m_coder)
        {
            m_coder->BeginPull(id, mask, values);
        }
        if (!mask.IsComplete())
        {
            m_setup->algorithm->HandleMissing(m_replica, owners.GetBegin(block), layout, mask);
        }
        if (m_coder)
        {
            m_coder->EndPull(m_round, block, values);
        }
    }
}

uint32_t
Worker::GetCandidate(uint32_t host) const
{
    return m_setup->placement == COLOCATED ? host : host - m_setup->workers;
}

void
Worker::Crash()
{
    if (m_state == DONE || m_state == DOWN || m_state == IDLE)
    {
        return;
    }
    NS_LOG_FUNCTION(this << m_round);
    Simulator::Remove(m_event);
    if (m_ticket)
    {
        m_setup->pool->Wait(m_ticket);
        m_ticket = nullptr;
    }
    if (m_catchUp)
    {
        m_catchUp->Cancel();
    }
    m_transport->SetReceiver(PULL, nullptr);
    m_requests.clear();
    m_pulls.Begin(m_setup->owners->GetBlockCount());
    m_attendance.Reset(m_setup->GetCandidateCount());
    m_replica.parameters.assign(m_setup->start.begin(), m_setup->start.end());
    m_replica.optimizer = m_setup->optimizer.Create<Optimizer>();
    m_coder = nullptr; // before the next one: each takes the transport's callback
    if (m_setup->coding)
    {
        m_coder = std::make_unique<WorkerCoder>(*m_setup, m_self, m_transport);
    }
    m_state = DOWN;
    m_jumpTrace(m_self, NO_ROUND);
}

void
Worker::Restart()
{
    if (m_state != DOWN)
    {
        return;
    }
    NS_LOG_FUNCTION(this);
    m_state = RETURNING;
    m_transport->SetReceiver(PULL, this);
    m_latest = 0;
    m_retries = 0;
    // an answer comes with the end of a round
    m_catchUp = std::make_unique<CatchUp>(
        m_setup,
        m_self,
        m_transport,
        m_pullDeadline * 2,
        [this](bool success, uint32_t round) { CaughtUp(success, round); });
    if (m_catchesUp)
    {
        m_catchUp->Ask();
    }
    else
    {
        CaughtUp(false, 0);
    }
}

void
Worker::CaughtUp(bool success, uint32_t round)
{
    constexpr uint32_t MAX_RETRIES = 3;
    const bool pullsParameters =
        m_setup->algorithm->GetPullVector(m_replica) == m_replica.parameters.data();
    if (success && !pullsParameters && m_latest > round && m_retries < MAX_RETRIES)
    {
        // averaged gradients were missed meanwhile, and no later pull makes up for them
        ++m_retries;
        m_catchUp->Ask();
        return;
    }
    if (success)
    {
        m_replica.parameters = m_catchUp->GetParameters();
    }
    m_round = std::min(std::max(round, m_latest), m_setup->rounds);
    NS_LOG_LOGIC("goes on with round " << m_round << ", parameters "
                                       << (success ? "of a peer" : "of the start"));
    if (m_server)
    {
        m_server->Resume(m_round, m_replica.parameters);
    }
    m_jumpTrace(m_self, m_round);
    BeginRound();
}

void
Worker::AnswerRequests()
{
    std::vector<BlockId> requests;
    requests.swap(m_requests);
    for (const BlockId& request : requests)
    {
        CatchUp::Answer(*m_setup, *m_transport, request, m_replica.parameters, m_round);
    }
}

void
Worker::Finish()
{
    Simulator::Remove(m_event);
    if (m_catchUp)
    {
        m_catchUp->Cancel();
    }
    if (m_ticket)
    {
        m_setup->pool->Wait(m_ticket);
        m_ticket = nullptr;
    }
    m_state = DONE;
    AnswerRequests();
    m_doneTrace(m_self);
}

} // namespace learning
} // namespace ns3
