/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-advisor.h"

#include "rounds-estimator.h"

#include "ns3/collective.h"
#include "ns3/data-partition.h"
#include "ns3/double.h"
#include "ns3/key-value-cache.h"
#include "ns3/object-store.h"
#include "ns3/parameter-machine.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

namespace
{

constexpr double ROUND_TRIP = 0.001; //!< of RegionHelper's network, s
constexpr int POINTS = 5;            //!< numbers of workers that rounds are estimated for
constexpr uint32_t NUMBER_BYTES = 4; //!< of a parameter

/**
 * A rate.
 * @param object which
 * @param attribute its attribute
 * @return bytes a second
 */
double
GetByteRate(Ptr<Object> object, const std::string& attribute)
{
    DataRateValue rate;
    object->GetAttribute(attribute, rate);
    return static_cast<double>(rate.Get().GetBitRate()) / 8;
}

/**
 * Mean of a service's latency.
 * @param service the service
 * @return s, with the round trip
 */
double
GetLatency(Ptr<StorageService> service)
{
    constexpr int DRAWS = 1000;
    PointerValue latency;
    service->GetAttribute("Latency", latency);
    double sum = 0;
    for (int i = 0; i < DRAWS; ++i)
    {
        sum += std::max(0.0, latency.Get<RandomVariableStream>()->GetValue());
    }
    return sum / DRAWS + ROUND_TRIP;
}

/**
 * Rate at which a worker loads its partition.
 * @param worker rate of its interface, bytes a second
 * @return bytes a second
 */
double
GetLoadRate(double worker)
{
    const double store = GetByteRate(CreateObject<ObjectStore>(), "ConnectionRate");
    return store > 0 ? std::min(worker, store) : worker;
}

/**
 * Start-up times, looked up once.
 * @param most largest number of workers
 * @param startUp time by number
 * @return a function of the number
 */
std::function<double(uint32_t)>
Tabulate(uint32_t most, const std::function<double(uint32_t)>& startUp)
{
    std::vector<double> times{0};
    for (uint32_t workers = 1; workers <= most; ++workers)
    {
        times.push_back(startUp(workers));
    }
    return [times](uint32_t workers) { return times.at(workers); };
}

} // namespace

TrainingAdvisor::TrainingAdvisor(const AdviceWorkload& workload, uint32_t fewest, uint32_t most)
    : m_workload(workload),
      m_fewest(fewest),
      m_most(most)
{
    const double numbers =
        NUMBER_BYTES * static_cast<double>(workload.task.model->GetParameterCount());
    m_request.dataBytes = workload.dataBytes;
    m_request.modelBytes = std::max(numbers, workload.modelBytes);
    m_request.epochSeconds = workload.epochSeconds;
    TimeValue timeout;
    ObjectFactory("ns3::serverless::AllReduce")
        .Create<Collective>()
        ->GetAttribute("Timeout", timeout);
    m_request.timeout = timeout.Get().GetSeconds();
}

void
TrainingAdvisor::AddFunctions()
{
    const auto platform = CreateObject<FunctionPlatform>();
    PlatformOffer offer;
    offer.name = "function";
    offer.startUp = Tabulate(m_most, [platform](uint32_t workers) {
        return platform->DrawStart(workers - 1).GetSeconds();
    });
    const uint32_t needed =
        platform->GetSmallestFleet(static_cast<uint64_t>(m_workload.dataBytes),
                                   static_cast<uint64_t>(m_workload.modelBytes));
    UintegerValue concurrency;
    platform->GetAttribute("Concurrency", concurrency);
    offer.fewest = std::max(m_fewest, needed);
    offer.most = needed == 0 ? 0 : std::min(m_most, static_cast<uint32_t>(concurrency.Get()));
    offer.rate = GetByteRate(platform, "NetworkRate");
    offer.loadRate = GetLoadRate(offer.rate);
    offer.slowdown = platform->GetSlowdown();
    offer.lifetime = platform->HasCheckpoints()
                         ? (platform->GetLifetime() - platform->GetLifetimeMargin()).GetSeconds()
                         : platform->GetLifetime().GetSeconds();
    offer.restart = platform->DrawRestart().GetSeconds();
    offer.quantum = platform->GetBillingQuantum().GetSeconds();
    offer.gigabytes = platform->GetMemoryMegabytes() / 1024.0;
    m_request.platforms.push_back(offer);
}

void
TrainingAdvisor::AddMachines()
{
    const auto fleet = CreateObject<MachineFleet>();
    PlatformOffer offer;
    offer.name = "machine";
    offer.isFunction = false;
    offer.startUp = Tabulate(m_most, [fleet](uint32_t workers) {
        return fleet->GetBootTime(workers).GetSeconds();
    });
    offer.fewest = m_fewest;
    offer.most = m_most;
    offer.rate = GetByteRate(fleet, "NetworkRate");
    offer.loadsFromStore = fleet->GetSource() == MachineFleet::STORE;
    offer.loadRate = fleet->GetSource() == MachineFleet::MEMORY ? 0
                     : fleet->GetSource() == MachineFleet::DISK ? GetByteRate(fleet, "DiskRate")
                                                                : GetLoadRate(offer.rate);
    offer.slowdown = fleet->GetSlowdown();
    offer.latency = ROUND_TRIP / 2;
    offer.machine = fleet->GetMachineType();
    m_request.platforms.push_back(offer);
}

void
TrainingAdvisor::AddChannel(const std::string& name, const ObjectFactory& service)
{
    const Ptr<StorageService> made = service.Create<StorageService>();
    ChannelOffer offer;
    offer.name = name;
    TimeValue provisioning;
    made->GetAttribute("ProvisioningTime", provisioning);
    offer.startUp = provisioning.Get().GetSeconds();
    offer.latency = GetLatency(made);
    offer.rate = GetByteRate(made, "ConnectionRate");
    offer.aggregateRate = GetByteRate(made, "AggregateRate");
    offer.maxObjectBytes = static_cast<double>(made->GetMaxObjectBytes());
    if (const auto cache = DynamicCast<KeyValueCache>(made))
    {
        offer.node = "cache:" + cache->GetNodeType();
    }
    else if (const auto machine = DynamicCast<ParameterMachine>(made))
    {
        offer.isServer = true;
        offer.node = "vm:" + machine->GetMachineType();
        DoubleValue serialization;
        machine->GetAttribute("SerializationTime", serialization);
        offer.serialization = serialization.Get();
    }
    else if (DynamicCast<DynamoTable>(made))
    {
        offer.put = "dynamo:write";
        offer.get = "dynamo:read";
        offer.putUnit = 1024;
        offer.getUnit = 4096;
    }
    else
    {
        offer.put = "s3:put";
        offer.get = "s3:get";
    }
    m_channels.push_back(service);
    m_request.channels.push_back(offer);
}

LearningTask
TrainingAdvisor::Deal(uint32_t workers) const
{
    LearningTask task = m_workload.task;
    task.parts = CreateObject<learning::IidPartition>()->Split(*task.training, workers, 1);
    return task;
}

std::string
TrainingAdvisor::AddOptimization(const std::string& name, const ObjectFactory& optimization)
{
    OptimizerOffer offer;
    offer.name = name;
    const double samples = m_workload.task.training->GetSampleCount();
    uint32_t last = 0;
    for (int i = 0; i < POINTS; ++i)
    {
        const double ratio = static_cast<double>(m_most) / m_fewest;
        const auto workers = static_cast<uint32_t>(
            std::lround(m_fewest * std::pow(ratio, static_cast<double>(i) / (POINTS - 1))));
        if (workers == last)
        {
            continue;
        }
        last = workers;
        OptimizerOffer::Point point{workers, std::numeric_limits<double>::infinity(), 0};
        if (m_workload.task.batchSize * static_cast<double>(workers) <= samples)
        {
            try
            {
                const LearningTask task = Deal(workers);
                const auto probe = optimization.Create<LocalOptimization>();
                probe->Configure(std::make_shared<LearningTask>(task), 0);
                offer.vectorFactor = probe->GetVectorFactor();
                point.epochsPerRound = probe->GetEpochsPerRound();
                const uint32_t rounds = EstimateRounds(task,
                                                       optimization,
                                                       m_workload.share,
                                                       m_workload.targetLoss,
                                                       m_workload.mostRounds);
                if (rounds <= m_workload.mostRounds)
                {
                    point.rounds = rounds;
                }
            }
            catch (const std::invalid_argument& error)
            {
                return error.what();
            }
        }
        offer.points.push_back(point);
    }
    m_optimizations.push_back(optimization);
    m_request.optimizers.push_back(offer);
    return "";
}

AdviceRequest&
TrainingAdvisor::GetRequest()
{
    return m_request;
}

AdviceSimulation
TrainingAdvisor::Simulate(const AdviceCandidate& candidate,
                          const std::string& prices,
                          uint32_t most) const
{
    const double rounds = candidate.job.rounds;
    if (rounds <= most)
    {
        const auto limit = static_cast<uint32_t>(3 * rounds);
        return {Train(candidate, prices, limit, m_workload.targetLoss), false};
    }
    const TrainingOutcome few = Train(candidate, prices, most / 2, 0);
    TrainingOutcome outcome = Train(candidate, prices, most, 0);
    const double factor = (rounds - most) / (most - most / 2); // differences to be added
    for (const auto term : {&TrainingOutcome::seconds,
                            &TrainingOutcome::start,
                            &TrainingOutcome::load,
                            &TrainingOutcome::compute,
                            &TrainingOutcome::exchange,
                            &TrainingOutcome::checkpoint,
                            &TrainingOutcome::dollars})
    {
        outcome.*term += factor * (outcome.*term - few.*term);
    }
    outcome.rounds = static_cast<uint32_t>(rounds);
    return {outcome, true};
}

TrainingOutcome
TrainingAdvisor::Train(const AdviceCandidate& candidate,
                       const std::string& prices,
                       uint32_t rounds,
                       double loss) const
{
    const AdviceDesign& design = candidate.design;
    ServerlessTrainingHelper training;
    training.SetTask(Deal(design.workers));
    training.SetOptimization(m_optimizations[design.optimizer]);
    if (m_request.platforms[design.platform].isFunction)
    {
        training.SetPlatform(CreateObject<FunctionPlatform>());
        const ObjectFactory& channel = m_channels[design.channel];
        if (channel.GetTypeId() != ObjectStore::GetTypeId())
        {
            training.SetChannel(channel);
        }
        else
        {
            training.SetStore(channel);
        }
        ObjectFactory collective("ns3::serverless::AllReduce");
        if (design.pattern == ExchangePattern::SCATTER_REDUCE)
        {
            collective.SetTypeId("ns3::serverless::ScatterReduce");
        }
        else if (design.pattern == ExchangePattern::PUSH_AND_PULL)
        {
            collective.SetTypeId("ns3::serverless::ParameterExchange");
            collective.Set("NumberBytes", UintegerValue(8));
        }
        training.SetCollective(collective);
    }
    else
    {
        training.SetFleet(CreateObject<MachineFleet>());
    }
    const Ptr<TrainingJob> job = training.GetJob();
    job->workers = design.workers;
    job->dataBytes = static_cast<uint64_t>(m_workload.dataBytes);
    job->modelBytes = static_cast<uint64_t>(m_workload.modelBytes);
    job->epochSeconds = m_workload.epochSeconds;
    job->rounds = rounds;
    job->targetLoss = loss;
    job->evaluated.resize(
        std::min(m_workload.evaluated, m_workload.task.training->GetSampleCount()));
    std::iota(job->evaluated.begin(), job->evaluated.end(), 0);
    const auto ledger = CreateObject<CostLedger>();
    ledger->SetAttribute("Prices", StringValue(prices));
    const TrainingOutcome outcome = RunTraining(training, ledger);
    Simulator::Destroy();
    return outcome;
}

std::string
TrainingAdvisor::Describe(const AdviceCandidate& candidate) const
{
    const AdviceDesign& design = candidate.design;
    const PlatformOffer& platform = m_request.platforms[design.platform];
    return platform.name + " " +
           (platform.isFunction ? m_request.channels[design.channel].name : "-") + " " +
           GetPatternName(design.pattern) + " " + m_request.optimizers[design.optimizer].name +
           " " + std::to_string(design.workers);
}

} // namespace serverless
} // namespace ns3
