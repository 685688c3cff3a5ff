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
                          "another one, or begins anew with those of the start; where the age of "
                          "parameters is bounded, it always gets those of another one.",
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
Worker::GetParameters()
{
    if (m_state == COMPUTING)
    {
        m_setup->pool->Wait(m_ticket);
    }
    else if (m_setup)
    {
        DecodePulls();
    }
    return m_replica.parameters;
}

void
Worker::SettleRound()
{
    m_ended.Settle(*m_setup->algorithm, m_replica);
    m_ended.Clear();
}

void
Worker::DecodePulls()
{
    SettleRound();
    float* pull = m_setup->algorithm->GetPullVector(m_replica);
    for (uint32_t block = 0; block < m_pulls.GetBlockCount(); ++block)
    {
        const SegmentLayout layout = m_transport->GetLayout(m_setup->owners->GetLength(block));
        for (const ArrivedSegments& segments : m_pulls.TakeHeld(block))
        {
            segments.Decode(layout, pull + m_setup->owners->GetBegin(block));
        }
    }
}

void
Worker::SetParameters(const std::vector<float>& parameters)
{
    DecodePulls();
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
    m_ended.Clear();
    m_pulls.Begin(0);
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
Worker::Crash()
{
    m_transport->Crash();
    if (m_state == DONE && m_catchUp)
    {
        m_catchUp->Cancel();
    }
    if (m_state == DONE || m_state == DOWN || m_state == IDLE)
    {
        return; // when it is done its replica is its result, which is kept
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
    m_ended.Clear();
    m_attendance.Reset(m_setup->GetCandidateCount());
    m_replica.parameters.assign(m_setup->start.begin(), m_setup->start.end());
    m_replica.unmoved.clear();
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
    if (m_state == DONE)
    {
        m_transport->Restart();
        RestoreServer();
    }
    if (m_state != DOWN)
    {
        return;
    }
    NS_LOG_FUNCTION(this);
    m_transport->Restart();
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
    // where ages are bounded, nothing may be computed from the parameters of the start
    if (m_catchesUp || m_setup->algorithm->GetAgeBound() >= 0)
    {
        m_catchUp->Ask();
    }
    else
    {
        CaughtUp(false, 0);
    }
}

void
Worker::RestoreServer()
{
    if (!m_server || !m_setup->algorithm->KeepsParametersAtServer())
    {
        return;
    }
    // others may still train, and then know later parameters than this replica
    m_catchUp = std::make_unique<CatchUp>(m_setup,
                                          m_self,
                                          m_transport,
                                          m_pullDeadline * 2,
                                          [this](bool success, uint32_t round) {
                                              m_server->Resume(success ? round : m_round,
                                                               success ? m_catchUp->GetParameters()
                                                                       : GetParameters());
                                          });
    m_catchUp->Ask(m_server->GetKeptBlock());
}

void
Worker::CaughtUp(bool success, uint32_t round)
{
    constexpr uint32_t MAX_RETRIES = 3;
    const bool pullsParameters =
        m_setup->algorithm->GetPullVector(m_replica) == m_replica.parameters.data();
    const bool boundsAge = m_setup->algorithm->GetAgeBound() >= 0;
    if (success && (!pullsParameters || boundsAge) && m_latest > round && m_retries < MAX_RETRIES)
    {
        // averaged gradients were missed meanwhile, and no later pull makes up for them; or the
        // parameters are old already
        ++m_retries;
        m_catchUp->Ask();
        return;
    }
    if (success)
    {
        m_replica.parameters = m_catchUp->GetParameters();
    }
    m_round = std::min(std::max(round, m_latest), m_setup->rounds);
    m_ages.Begin(success ? std::min(round, m_round) : 0);
    if (boundsAge)
    {
        CatchUp::Announce(*m_setup, *m_transport, m_round);
    }
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
        CatchUp::Answer(*m_setup, *m_transport, request, GetParameters(), m_round);
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
    DecodePulls();
    AnswerRequests();
    m_doneTrace(m_self);
}

} // namespace learning
} // namespace ns3
