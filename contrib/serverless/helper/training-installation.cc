/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How a ServerlessTrainingHelper puts its parts together. Which they are, and what became of them:
// serverless-training-helper.cc.

#include "design-offers.h"
#include "serverless-training-helper.h"

#include "ns3/data-partition.h"
#include "ns3/double.h"
#include "ns3/parameter-machine.h"
#include "ns3/pointer.h"
#include "ns3/ring-all-reduce.h"
#include "ns3/simulator.h"
#include "ns3/store-collective.h"
#include "ns3/type-specification.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

namespace
{
/// First random stream of workers' speeds: away from the streams that ns-3 numbers itself.
constexpr int64_t COMPUTE_STREAM = 4000000;
/// First random stream of the platform.
constexpr int64_t PLATFORM_STREAM = 5000000;
} // namespace

void
ServerlessTrainingHelper::Prepare()
{
    if (!m_platform && !m_fleet)
    {
        m_platform = CreateObject<FunctionPlatform>();
    }
    if (m_fleet && !m_hasCollective)
    {
        m_collective = ObjectFactory("ns3::serverless::RingAllReduce");
    }
    if (m_job->workers == 0)
    {
        throw std::invalid_argument("0 workers: at least 1 is needed");
    }
    if (m_job->rounds == 0 && m_job->epochs == 0)
    {
        throw std::invalid_argument("neither the rounds nor the epochs of the training are "
                                    "limited: it might never end");
    }
    GetWorkerRate(); // one of 0 is told here
    if (m_fleet && m_fleet->GetSource() == MachineFleet::DISK)
    {
        m_fleet->GetDiskRate();
    }
    if (m_task.parts.empty())
    {
        m_task.parts =
            CreateObject<learning::IidPartition>()->Split(*m_task.training, m_job->workers, 1);
    }
    if (m_task.parts.size() != m_job->workers)
    {
        throw std::invalid_argument("the samples are dealt to " +
                                    std::to_string(m_task.parts.size()) + " workers, but " +
                                    std::to_string(m_job->workers) + " are to train");
    }
    if (m_platform)
    {
        if (m_job->workers > m_platform->GetConcurrency())
        {
            throw std::invalid_argument(std::to_string(m_job->workers) +
                                        " workers: the platform runs no more functions at a time "
                                        "than " +
                                        std::to_string(m_platform->GetConcurrency()) +
                                        " (attribute Concurrency)");
        }
        const uint32_t most = m_platform->GetRoundsPerInvocation();
        if (most != 0 && !m_platform->HasCheckpoints())
        {
            throw std::invalid_argument(
                "ns3::serverless::FunctionPlatform::RoundsPerInvocation=" + std::to_string(most) +
                ": a function without Checkpoints never invokes itself again: leave it out");
        }
        m_platform->AssignStreams(PLATFORM_STREAM);
    }
    m_job->task = std::make_shared<LearningTask>(m_task);
    if (!m_job->pool)
    {
        m_job->pool = Create<learning::ComputePool>();
    }
}

void
ServerlessTrainingHelper::Install()
{
    Prepare();
    m_region = std::make_unique<RegionHelper>(m_job->workers, m_hasChannel ? 2 : 1);
    SetSegments(m_store);
    m_services.push_back(m_region->InstallService(0, m_store));
    if (m_hasChannel)
    {
        SetSegments(m_channel);
        m_services.push_back(m_region->InstallService(1, m_channel));
        if (const auto machine = DynamicCast<ParameterMachine>(m_services[1]))
        {
            machine->SetWorkers(m_job->workers);
        }
    }
    for (uint32_t worker = 0; worker < m_job->workers; ++worker)
    {
        m_services[0]->Preload(TrainingWorker::GetPartitionName(worker),
                               Payload::OfSize(m_job->GetPartitionBytes(worker)));
        MakeWorker(worker);
    }
    m_region->SetDropRate(m_dropRate);
    // TCP repeats the end of a connection forever where the other end is gone: the run ends with
    // its workers
    const auto left = std::make_shared<uint32_t>(m_job->workers);
    for (const Ptr<TrainingWorker>& worker : m_workers)
    {
        worker->TraceConnectWithoutContext("State",
                                           Callback<void, uint32_t, TrainingWorker::State>(
                                               [left](uint32_t, TrainingWorker::State state) {
                                                   const bool isOver =
                                                       state == TrainingWorker::DONE ||
                                                       state == TrainingWorker::FAILED;
                                                   if (isOver && --*left == 0)
                                                   {
                                                       Simulator::Stop();
                                                   }
                                               }));
    }
}

void
ServerlessTrainingHelper::SetSegments(ObjectFactory& factory) const
{
    if (m_segmentBytes != 0)
    {
        factory.Set("SegmentBytes", UintegerValue(m_segmentBytes));
    }
}

void
ServerlessTrainingHelper::SetSegments(Ptr<Object> object) const
{
    if (m_segmentBytes != 0)
    {
        object->SetAttribute("SegmentBytes", UintegerValue(m_segmentBytes));
    }
}

Ptr<Collective>
ServerlessTrainingHelper::MakeCollective(uint32_t worker, Ptr<StorageClient> client) const
{
    Ptr<Collective> made = m_collective.Create<Collective>();
    if (const auto ring = DynamicCast<RingAllReduce>(made))
    {
        SetSegments(ring);
        ring->Configure(worker,
                        m_job->workers,
                        m_region->GetWorker(worker),
                        m_region->GetWorkerAddress((worker + 1) % m_job->workers, ring->GetPort()));
    }
    else
    {
        DynamicCast<StoreCollective>(made)->Configure(worker, m_job->workers, client);
    }
    return made;
}

void
ServerlessTrainingHelper::AllowLoading(uint32_t worker, Ptr<StorageClient> client) const
{
    constexpr double SHARE = 2; // of the time that the partition takes undisturbed (assumed)
    if (m_fleet->GetSource() != MachineFleet::STORE)
    {
        return;
    }
    const double rate = MakeOffer(m_fleet, m_services[0], GetWorkerRate(), 1).loadRate;
    TimeValue limit;
    client->GetAttribute("RequestTimeout", limit);
    const auto bytes = static_cast<double>(m_job->GetPartitionBytes(worker));
    client->SetAttribute("RequestTimeout", TimeValue(limit.Get() + Seconds(SHARE * bytes / rate)));
}

void
ServerlessTrainingHelper::MakeWorker(uint32_t worker)
{
    m_region->SetWorkerRate(worker, GetWorkerRate());
    const Ptr<StorageClient> data = m_region->MakeClient(worker, 0);
    SetSegments(data);
    if (m_fleet)
    {
        AllowLoading(worker, data);
    }
    Ptr<StorageClient> channel = data;
    if (m_hasChannel)
    {
        channel = m_region->MakeClient(worker, 1);
        SetSegments(channel);
    }
    const Ptr<Collective> collective = MakeCollective(worker, channel);
    const Ptr<LocalOptimization> optimization = m_optimization.Create<LocalOptimization>();
    optimization->Configure(m_job->task, worker);
    if (!collective->IsSynchronous() && !optimization->IsModel())
    {
        throw std::invalid_argument(
            m_collective.GetTypeId().GetName() +
            ": workers that do not wait for one another exchange models, which " +
            m_optimization.GetTypeId().GetName() +
            " does not send: ns3::serverless::AveragedModels does");
    }
    if (m_platform)
    {
        const std::string shortage =
            m_platform->GetShortage(static_cast<double>(m_job->GetPartitionBytes(worker)),
                                    static_cast<double>(m_job->dataBytes),
                                    m_job->GetVectorBytes(*optimization));
        if (!shortage.empty())
        {
            throw std::invalid_argument(std::to_string(m_job->workers) + " workers: " + shortage);
        }
    }
    m_job->isSynchronous = collective->IsSynchronous();
    m_job->isWaiting = collective->IsWaiting();
    // the fewest: no worker has passed less than is said
    const double epochs = optimization->GetEpochsPerRound();
    m_job->epochsPerRound = worker == 0 ? epochs : std::min(m_job->epochsPerRound, epochs);

    const double slowdown =
        (m_platform ? m_platform->GetSlowdown() : m_fleet->GetSlowdown()) * GetSlowdown(worker);
    const Ptr<learning::ComputeModel> compute = CreateObject<learning::ComputeModel>();
    compute->SetAttribute("OperationsPerSecond", DoubleValue(1));
    compute->SetAttribute("Slowdown", DoubleValue(slowdown));
    const ObjectFactory straggler =
        learning::MakeFactory(m_straggler, RandomVariableStream::GetTypeId());
    compute->SetAttribute("Straggler", PointerValue(straggler.Create<RandomVariableStream>()));
    compute->AssignStreams(COMPUTE_STREAM + worker);

    Ptr<TrainingWorker> made;
    if (m_platform)
    {
        const Ptr<FunctionWorker> function = CreateObject<FunctionWorker>();
        function->SetPlatform(m_platform);
        made = function;
    }
    else
    {
        const Ptr<MachineWorker> machine = CreateObject<MachineWorker>();
        machine->SetFleet(m_fleet);
        made = machine;
    }
    made->Configure(m_job, worker, optimization, collective, data, compute);
    if (worker == m_failingWorker && !m_failureTime.IsZero())
    {
        made->SetAttribute("FailureTime", TimeValue(m_failureTime));
    }
    made->SetStartTime(GetLaunchTime());
    m_region->GetWorker(worker)->AddApplication(made);
    m_workers.push_back(made);
}

} // namespace serverless
} // namespace ns3
