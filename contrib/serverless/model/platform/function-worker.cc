/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "function-worker.h"

#include "number-codec.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(FunctionWorker);

TypeId
FunctionWorker::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::FunctionWorker")
            .SetParent<TrainingWorker>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<FunctionWorker>()
            .AddTraceSource("Instance",
                            "An instance has ended.",
                            MakeTraceSourceAccessor(&FunctionWorker::m_instanceTrace),
                            "ns3::serverless::FunctionWorker::InstanceTracedCallback");
    return tid;
}

void
FunctionWorker::SetPlatform(Ptr<FunctionPlatform> platform)
{
    m_platform = platform;
}

uint32_t
FunctionWorker::GetInvocations() const
{
    return m_invocations;
}

void
FunctionWorker::DoDispose()
{
    m_kill.Cancel();
    TrainingWorker::DoDispose();
    m_platform = nullptr;
}

void
FunctionWorker::DoStart()
{
    m_event =
        Simulator::Schedule(m_platform->DrawStart(m_index), &FunctionWorker::BeginInstance, this);
}

void
FunctionWorker::BeginInstance()
{
    if (!m_platform->Acquire())
    {
        Fail("the platform runs no more functions at a time (attribute Concurrency)");
        return;
    }
    ++m_invocations;
    m_isRunning = true;
    m_begin = Simulator::Now();
    m_firstRound = GetRounds();
    m_kill = Simulator::Schedule(m_platform->GetLifetime(), [this] {
        std::ostringstream text;
        text << "it was killed at its lifetime of " << m_platform->GetLifetime().GetSeconds()
             << " s";
        if (GetRounds() == m_firstRound)
        {
            text << ", which is too short to load and to compute one round of "
                 << m_optimization->GetEpochsPerRound() << " epochs";
        }
        Fail(text.str());
    });
    Load();
}

void
FunctionWorker::EndInstance()
{
    m_kill.Cancel();
    if (m_isRunning)
    {
        m_isRunning = false;
        m_platform->Release();
        m_instanceTrace(m_index, Simulator::Now() - m_begin, m_platform->GetMemoryMegabytes());
    }
}

void
FunctionWorker::DoLoaded()
{
    const std::string shortage =
        m_platform->GetShortage(static_cast<double>(m_job->GetPartitionBytes(m_index)),
                                static_cast<double>(m_job->dataBytes),
                                m_job->GetVectorBytes(*m_optimization));
    if (!shortage.empty())
    {
        Fail("out of memory: " + shortage);
        return;
    }
    if (m_invocations > 1)
    {
        LoadCheckpoint();
        return;
    }
    m_loading = Simulator::Now() - m_begin;
    BeginRounds();
}

bool
FunctionWorker::DoBeforeRound()
{
    const uint32_t done = GetRounds() - m_firstRound;
    const uint32_t most = m_platform->GetRoundsPerInvocation();
    const Time end = Simulator::Now() + m_longestRound;
    const Time last =
        m_begin + m_platform->GetLifetime() - m_platform->GetLifetimeMargin() - m_loading;
    const bool isLate = m_longestRound.IsStrictlyPositive() && end > last;
    if (!m_platform->HasCheckpoints() || (!isLate && (most == 0 || done < most)))
    {
        return true;
    }
    if (done == 0 && GetRounds() == 1)
    {
        return true; // the first round's time, with late starters, says too little to give up
    }
    if (done == 0)
    {
        const Time margin = m_platform->GetLifetimeMargin();
        std::ostringstream text;
        text << "a lifetime of " << m_platform->GetLifetime().GetSeconds()
             << " s (attribute Lifetime) is too short to load and to compute one round, which took "
             << m_longestRound.GetSeconds() << " s so far: loading, "
             << (Simulator::Now() - m_begin).GetSeconds()
             << " s, the time that another one may load, " << m_loading.GetSeconds()
             << " s, and attribute LifetimeMargin, " << margin.GetSeconds() << " s, leave "
             << std::max(Time(0), last - Simulator::Now()).GetSeconds() << " s";
        Fail(text.str());
        return false;
    }
    StoreCheckpoint();
    return false;
}

std::string
FunctionWorker::GetCheckpointName() const
{
    // rounds in the name: an overwritten object may keep its old content, a new one is seen at once
    return "checkpoint/" + std::to_string(m_index) + "/" + std::to_string(GetRounds());
}

void
FunctionWorker::StoreCheckpoint()
{
    SetState(CHECKPOINTING);
    const std::vector<double> state = m_optimization->Save();
    const auto declared =
        std::llround(static_cast<double>(m_job->modelBytes) * m_optimization->GetVectorFactor());
    m_data->Put(GetCheckpointName(),
                EncodeNumbers(state, 0, state.size(), 8, static_cast<uint64_t>(declared)),
                [this](const StorageReply& reply) {
                    if (!reply.IsOk())
                    {
                        Fail("checkpoint: " + reply.Describe());
                        return;
                    }
                    Abandon();
                    m_collective->Disconnect(); // connections end with the instance
                    EndInstance();
                    SetState(STARTING);
                    m_event = Simulator::Schedule(m_platform->DrawRestart(),
                                                  &FunctionWorker::BeginInstance,
                                                  this);
                });
}

void
FunctionWorker::LoadCheckpoint()
{
    m_data->Get(GetCheckpointName(), false, [this](const StorageReply& reply) {
        if (!reply.IsOk())
        {
            Fail("checkpoint: " + reply.Describe());
            return;
        }
        m_optimization->Restore(DecodeNumbers(reply.body, 8));
        m_loading = std::max(m_loading, Simulator::Now() - m_begin);
        BeginRounds();
    });
}

void
FunctionWorker::DoEnd()
{
    EndInstance();
}

} // namespace serverless
} // namespace ns3
