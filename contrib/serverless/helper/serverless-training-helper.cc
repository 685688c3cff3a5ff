/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The parts of a training and what became of it. How they are put together:
// training-installation.cc.

#include "serverless-training-helper.h"

#include <algorithm>

namespace ns3
{
namespace serverless
{

ServerlessTrainingHelper::ServerlessTrainingHelper()
    : m_optimization("ns3::serverless::AveragedModels"),
      m_collective("ns3::serverless::AllReduce"),
      m_store("ns3::serverless::ObjectStore"),
      m_straggler("ns3::ConstantRandomVariable[Constant=1]"),
      m_job(Create<TrainingJob>())
{
}

void
ServerlessTrainingHelper::SetTask(const LearningTask& task)
{
    m_task = task;
}

void
ServerlessTrainingHelper::SetOptimization(const ObjectFactory& factory)
{
    m_optimization = factory;
}

void
ServerlessTrainingHelper::SetCollective(const ObjectFactory& factory)
{
    m_collective = factory;
    m_hasCollective = true;
}

void
ServerlessTrainingHelper::SetStore(const ObjectFactory& factory)
{
    m_store = factory;
}

void
ServerlessTrainingHelper::SetChannel(const ObjectFactory& factory)
{
    m_channel = factory;
    m_hasChannel = true;
}

void
ServerlessTrainingHelper::SetPlatform(Ptr<FunctionPlatform> platform)
{
    m_platform = platform;
    m_fleet = nullptr;
}

void
ServerlessTrainingHelper::SetFleet(Ptr<MachineFleet> fleet)
{
    m_fleet = fleet;
    m_platform = nullptr;
}

void
ServerlessTrainingHelper::SetWorkerRate(DataRate rate)
{
    m_workerRate = rate;
}

void
ServerlessTrainingHelper::SetSegmentBytes(uint32_t bytes)
{
    m_segmentBytes = bytes;
}

void
ServerlessTrainingHelper::SetDropRate(double dropRate)
{
    m_dropRate = dropRate;
}

void
ServerlessTrainingHelper::SetStraggler(const std::string& straggler)
{
    m_straggler = straggler;
}

void
ServerlessTrainingHelper::SetSlowWorkers(uint32_t count, double slowdown)
{
    m_slowWorkers = count;
    m_slowdown = slowdown;
}

void
ServerlessTrainingHelper::SetFailure(uint32_t worker, Time time)
{
    m_failingWorker = worker;
    m_failureTime = time;
}

Ptr<TrainingJob>
ServerlessTrainingHelper::GetJob() const
{
    return m_job;
}

Ptr<FunctionPlatform>
ServerlessTrainingHelper::GetPlatform() const
{
    return m_platform;
}

Ptr<MachineFleet>
ServerlessTrainingHelper::GetFleet() const
{
    return m_fleet;
}

const ObjectFactory&
ServerlessTrainingHelper::GetCollective() const
{
    return m_collective;
}

DataRate
ServerlessTrainingHelper::GetWorkerRate() const
{
    return m_workerRate.GetBitRate() != 0 ? m_workerRate
           : m_platform                   ? m_platform->GetNetworkRate()
                                          : m_fleet->GetNetworkRate();
}

const std::string&
ServerlessTrainingHelper::GetStraggler() const
{
    return m_straggler;
}

double
ServerlessTrainingHelper::GetSlowdown(uint32_t worker) const
{
    return worker + m_slowWorkers >= m_job->workers ? m_slowdown : 1;
}

const std::vector<Ptr<TrainingWorker>>&
ServerlessTrainingHelper::GetWorkers() const
{
    return m_workers;
}

Time
ServerlessTrainingHelper::GetLaunchTime() const
{
    Time ready;
    for (const Ptr<StorageService>& service : m_services)
    {
        ready = std::max(ready, service->GetReadyTime());
    }
    return m_fleet ? std::max(Time(0), ready - m_fleet->GetBootTime(m_job->workers)) : ready;
}

Ptr<StorageService>
ServerlessTrainingHelper::GetService(uint32_t index) const
{
    return m_services.at(index);
}

uint32_t
ServerlessTrainingHelper::GetServiceCount() const
{
    return static_cast<uint32_t>(m_services.size());
}

Time
ServerlessTrainingHelper::GetEndTime() const
{
    Time end;
    for (const Ptr<TrainingWorker>& worker : m_workers)
    {
        end = std::max(end, worker->GetEndTime());
    }
    return end;
}

std::string
ServerlessTrainingHelper::GetError() const
{
    Ptr<TrainingWorker> first;
    for (const Ptr<TrainingWorker>& worker : m_workers)
    {
        if (worker->GetState() == TrainingWorker::FAILED &&
            (!first || worker->GetEndTime() < first->GetEndTime()))
        {
            first = worker;
        }
    }
    return first ? first->GetError() : "";
}

double
ServerlessTrainingHelper::GetMeanSeconds(TrainingWorker::State state) const
{
    double sum = 0;
    for (const Ptr<TrainingWorker>& worker : m_workers)
    {
        sum += worker->GetTime(state).GetSeconds();
    }
    return sum / static_cast<double>(m_workers.size());
}

} // namespace serverless
} // namespace ns3
