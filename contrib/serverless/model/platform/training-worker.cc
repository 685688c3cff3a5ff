/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-worker.h"

#include "bounded-time.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

NS_LOG_COMPONENT_DEFINE("ServerlessTrainingWorker");

NS_OBJECT_ENSURE_REGISTERED(TrainingWorker);

TypeId
TrainingWorker::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::TrainingWorker")
            .SetParent<Application>()
            .SetGroupName("ServerlessLearning")
            .AddAttribute("FailureTime",
                          "When the worker breaks down, since its start, 0 to 1e9 s; 0 for never "
                          "(assumed: no value of the reference's).",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&TrainingWorker::m_failureTime),
                          MakeBoundedTimeChecker())
            .AddTraceSource("State",
                            "The worker moves on.",
                            MakeTraceSourceAccessor(&TrainingWorker::m_stateTrace),
                            "ns3::serverless::TrainingWorker::StateTracedCallback");
    return tid;
}

TrainingWorker::TrainingWorker() = default;

TrainingWorker::~TrainingWorker() = default;

void
TrainingWorker::Configure(Ptr<TrainingJob> job,
                          uint32_t index,
                          Ptr<LocalOptimization> optimization,
                          Ptr<Collective> collective,
                          Ptr<StorageClient> data,
                          Ptr<learning::ComputeModel> compute)
{
    m_job = job;
    m_index = index;
    m_optimization = optimization;
    m_collective = collective;
    m_data = data;
    m_compute = compute;
}

uint32_t
TrainingWorker::GetIndex() const
{
    return m_index;
}

TrainingWorker::State
TrainingWorker::GetState() const
{
    return m_state;
}

const std::string&
TrainingWorker::GetError() const
{
    return m_error;
}

uint32_t
TrainingWorker::GetRounds() const
{
    return m_rounds;
}

Time
TrainingWorker::GetTime(State state) const
{
    const bool isOver = m_state == DONE || m_state == FAILED;
    return m_times[state] + (state == m_state && !isOver ? Simulator::Now() - m_since : Time(0));
}

Time
TrainingWorker::GetEndTime() const
{
    return m_since;
}

Ptr<LocalOptimization>
TrainingWorker::GetOptimization() const
{
    return m_optimization;
}

std::string
TrainingWorker::GetPartitionName(uint32_t worker)
{
    return "data/" + std::to_string(worker);
}

std::string
TrainingWorker::GetStateName(State state)
{
    static const char* const NAMES[] = {"waiting",
                                        "starting",
                                        "loading",
                                        "computing",
                                        "synchronizing",
                                        "checkpointing",
                                        "done",
                                        "failed"};
    return NAMES[state];
}

void
TrainingWorker::DoDispose()
{
    m_failure.Cancel();
    Abandon();
    m_job = nullptr;
    m_optimization = nullptr;
    if (m_collective)
    {
        m_collective->Dispose();
        m_collective = nullptr;
    }
    if (m_data)
    {
        m_data->Dispose();
        m_data = nullptr;
    }
    m_compute = nullptr;
    Application::DoDispose();
}

void
TrainingWorker::StartApplication()
{
    m_since = Simulator::Now();
    if (!m_failureTime.IsZero())
    {
        m_failure = Simulator::Schedule(m_failureTime, [this] { Fail("it broke down"); });
    }
    SetState(STARTING);
    DoStart();
}

void
TrainingWorker::StopApplication()
{
    if (m_state != DONE && m_state != FAILED)
    {
        Fail("it was stopped");
    }
}

void
TrainingWorker::SetState(State state)
{
    NS_LOG_LOGIC("worker " << m_index << ": " << GetStateName(state));
    m_times[m_state] += Simulator::Now() - m_since;
    m_since = Simulator::Now();
    m_state = state;
    m_stateTrace(m_index, state);
}

void
TrainingWorker::Load()
{
    SetState(LOADING);
    DoLoad();
}

void
TrainingWorker::DoLoad()
{
    const std::string name = GetPartitionName(m_index);
    m_data->Get(name, false, [this, name](const StorageReply& reply) {
        if (!reply.IsOk())
        {
            Fail("partition " + name + ": " + reply.Describe());
            return;
        }
        Loaded();
    });
}

void
TrainingWorker::Loaded()
{
    DoLoaded();
}

void
TrainingWorker::DoLoaded()
{
    BeginRounds();
}

bool
TrainingWorker::DoBeforeRound()
{
    return true;
}

void
TrainingWorker::DoEnd()
{
}

void
TrainingWorker::BeginRounds()
{
    if (!DoBeforeRound())
    {
        return;
    }
    SetState(COMPUTING);
    m_roundBegin = Simulator::Now();
    const double seconds =
        m_optimization->GetEpochsPerRound() * m_job->epochSeconds / m_job->workers;
    Time duration;
    try
    {
        duration = m_compute->Draw(seconds);
    }
    catch (const std::runtime_error& error)
    {
        Fail(error.what());
        return;
    }
    // a plain pointer: reference counts are not for several threads
    m_ticket = m_job->pool->Submit([part = PeekPointer(m_optimization)] { part->Compute(); });
    m_event = Simulator::Schedule(duration, &TrainingWorker::Synchronize, this);
}

void
TrainingWorker::Synchronize()
{
    m_job->pool->Wait(m_ticket);
    m_ticket = nullptr;
    SetState(SYNCHRONIZING);
    const auto declared =
        std::llround(static_cast<double>(m_job->modelBytes) * m_optimization->GetVectorFactor());
    m_collective->Start(std::to_string(m_rounds + 1),
                        m_optimization->GetVector(),
                        static_cast<uint64_t>(declared),
                        [this](const Collective::Result& result) { Merge(result); });
}

void
TrainingWorker::Merge(const Collective::Result& result)
{
    if (!result.error.empty())
    {
        Fail(result.error);
        return;
    }
    m_optimization->Merge(result.sum, result.parts);
    ++m_rounds;
    const Time round = Simulator::Now() - m_roundBegin;
    // in the first round workers wait for those that start late: it says nothing of later ones
    m_longestRound = m_rounds == 2 ? round : std::max(m_longestRound, round);
    if (m_job->EndRound(*m_optimization, m_rounds))
    {
        Finish();
        return;
    }
    BeginRounds();
}

void
TrainingWorker::Finish()
{
    SetState(DONE);
    m_failure.Cancel();
    Abandon();
    DoEnd();
}

void
TrainingWorker::Fail(const std::string& reason)
{
    m_job->Leave(m_index);
    m_error = "worker " + std::to_string(m_index) + " failed while " + GetStateName(m_state) +
              " in round " + std::to_string(m_rounds + 1) + ": " + reason;
    SetState(FAILED);
    m_failure.Cancel();
    Abandon();
    DoEnd();
}

void
TrainingWorker::Abandon()
{
    m_event.Cancel();
    if (m_ticket)
    {
        m_job->pool->Wait(m_ticket); // it writes into the optimization
        m_ticket = nullptr;
    }
    if (m_collective)
    {
        m_collective->Cancel();
    }
    if (m_data)
    {
        m_data->Cancel();
    }
}

} // namespace serverless
} // namespace ns3
