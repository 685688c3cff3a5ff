/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "worker.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

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
    if (server)
    {
        server->SetLocalCallback(
            [this](uint32_t round, uint32_t block) { LocalBlockDone(round, block); });
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
    m_pulls.assign(m_setup->owners->GetBlockCount(), Pull());
    m_closed = 0;
    m_over = false;

    const std::vector<uint32_t>& samples = m_sampler->Next();
    const LearningModel& model = *m_setup->model;
    const Dataset& dataset = *m_setup->training;
    // plain pointers: reference counts are not for several threads
    m_ticket = m_setup->pool->Submit(
        [this, &samples, &model, &dataset, algorithm = PeekPointer(m_setup->algorithm)] {
            thread_local BatchBuffer<float> buffer;
            const Batch<float> batch =
                dataset.Gather(samples.data(), static_cast<uint32_t>(samples.size()), buffer);
            float* gradient = algorithm->GetGradientBuffer(m_replica);
            m_batchLoss = model.Gradient(m_replica.parameters.data(), batch, gradient);
            algorithm->AfterGradient(m_replica, gradient, m_round);
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
        if (owner == m_self)
        {
            own = block;
            m_pulls[block].own = true;
            continue;
        }
        const BlockId id{PUSH, m_round, block, owner};
        if (m_coder)
        {
            m_coder->Push(id, push);
        }
        else
        {
            m_transport->Send(id, push + owners.GetBegin(block), owners.GetLength(block));
        }
    }
    TakeEarlyPulls();
    m_event = Simulator::Schedule(m_pullDeadline, &Worker::EndRound, this);
    if (own != blocks)
    {
        // may close the block at once, if this worker is the last one
        float* coded = m_coder ? m_coder->Take(m_round, own, push) : nullptr;
        m_server->Contribute(m_round,
                             own,
                             coded ? coded : push + owners.GetBegin(own),
                             coded ? coded : pull + owners.GetBegin(own));
    }
    m_state = WAITING;
    EndRoundIfComplete();
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
    for (uint32_t block = 0; block < m_pulls.size(); ++block)
    {
        const Pull& state = m_pulls[block];
        if (!state.early)
        {
            continue;
        }
        const uint32_t begin = owners.GetBegin(block);
        if (state.closed)
        {
            BlockTransport::CopySegments(m_early.data() + begin,
                                         m_transport->GetLayout(owners.GetLength(block)),
                                         state.mask,
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
    if (id.block >= m_pulls.size() || id.round >= m_setup->rounds ||
        length !=
            (m_coder ? m_coder->GetPullLength(id.block) : m_setup->owners->GetLength(id.block)) ||
        m_setup->GetOwner(id.round, id.block) != id.peer)
    {
        return nullptr;
    }
    if (id.round > m_round && m_state == WAITING)
    {
        NS_LOG_LOGIC("the others are in round " << id.round << ": gives up " << m_round);
        EndRound();
    }
    if (id.round != m_round || m_pulls[id.block].closed)
    {
        return nullptr;
    }
    if (m_coder && (m_state == COMPUTING || m_state == WAITING))
    {
        return m_coder->GetPullRoom(id.block);
    }
    if (m_state == COMPUTING)
    {
        m_pulls[id.block].early = true;
        m_early.resize(m_replica.parameters.size());
        return m_early.data() + m_setup->owners->GetBegin(id.block);
    }
    return m_state == WAITING
               ? m_setup->algorithm->GetPullVector(m_replica) + m_setup->owners->GetBegin(id.block)
               : nullptr;
}

void
Worker::BlockClosed(const BlockId& id, const SegmentMask& mask)
{
    if (id.round != m_round)
    {
        return;
    }
    Pull& pull = m_pulls[id.block];
    pull.closed = true;
    pull.mask = mask;
    ++m_closed;
    EndRoundIfComplete();
}

void
Worker::RoundOver(BlockDirection /* direction */, uint32_t round)
{
    if (round == m_round && m_state != DONE)
    {
        m_over = true;
        EndRoundIfComplete();
    }
}

void
Worker::LocalBlockDone(uint32_t round, uint32_t block)
{
    if (round != m_round || m_state == DONE)
    {
        return;
    }
    m_pulls[block].closed = true;
    ++m_closed;
    EndRoundIfComplete();
}

void
Worker::EndRoundIfComplete()
{
    if (m_state == WAITING && (m_over || m_closed == m_pulls.size()))
    {
        EndRound();
    }
}

void
Worker::EndRound()
{
    m_state = ENDING;
    Simulator::Remove(m_event);
    BlockOwners& owners = *m_setup->owners;
    float* values = m_setup->algorithm->GetPullVector(m_replica);
    for (uint32_t block = 0; block < m_pulls.size(); ++block)
    {
        Pull& pull = m_pulls[block];
        if (pull.own)
        {
            m_server->CloseRound(m_round); // does nothing if it is closed
            if (m_coder)
            {
                m_coder->TakeBack(m_round, block, values);
            }
            continue;
        }
        const BlockId id{PULL, m_round, block, m_setup->GetOwner(m_round, block)};
        if (!pull.closed)
        {
            m_transport->CloseBlock(id);
        }
        const SegmentLayout layout = m_coder ? m_coder->GetPullLayout(block)
                                             : m_transport->GetLayout(owners.GetLength(block));
        if (pull.mask.GetSize() == 0)
        {
            pull.mask = SegmentMask(layout.GetSegmentCount());
        }
        if (m_coder)
        {
            m_coder->BeginPull(id, pull.mask, values);
        }
        if (!pull.mask.IsComplete())
        {
            m_setup->algorithm->HandleMissing(m_replica, owners.GetBegin(block), layout, pull.mask);
        }
        if (m_coder)
        {
            m_coder->EndPull(m_round, block, values);
        }
    }
    m_setup->algorithm->EndRound(m_replica, m_round);
    const uint32_t ended = m_round++;
    m_roundEndTrace(m_self, ended);
    BeginRound();
}

void
Worker::Finish()
{
    Simulator::Remove(m_event);
    if (m_ticket)
    {
        m_setup->pool->Wait(m_ticket);
        m_ticket = nullptr;
    }
    m_state = DONE;
    m_doneTrace(m_self);
}

} // namespace learning
} // namespace ns3
