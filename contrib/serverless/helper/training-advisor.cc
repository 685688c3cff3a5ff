/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-advisor.h"

#include "design-offers.h"
#include "rounds-estimator.h"

#include "ns3/collective.h"
#include "ns3/data-partition.h"
#include "ns3/design-cost.h"
#include "ns3/object-store.h"
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

constexpr int POINTS = 5;            //!< numbers of workers that rounds are estimated for
constexpr uint32_t NUMBER_BYTES = 4; //!< of a parameter

/**
 * Adds what new instances take.
 * @param outcome changed
 * @param each what one of each worker takes
 * @param count of each worker; below 0 to leave them out
 */
void
AddRestarts(TrainingOutcome& outcome, const TrainingOutcome& each, double count)
{
    for (const auto term : {&TrainingOutcome::seconds,
                            &TrainingOutcome::start,
                            &TrainingOutcome::load,
                            &TrainingOutcome::checkpoint,
                            &TrainingOutcome::dollars})
    {
        outcome.*term += count * (each.*term);
    }
}

} // namespace

TrainingAdvisor::TrainingAdvisor(const AdviceWorkload& workload, uint32_t fewest, uint32_t most)
    : m_workload(workload),
      m_fewest(fewest),
      m_most(most),
      m_store("ns3::serverless::ObjectStore")
{
    const double numbers =
        NUMBER_BYTES * static_cast<double>(workload.task.model->GetParameterCount());
    m_request.dataBytes = workload.dataBytes;
    m_request.modelBytes = std::max(numbers, workload.modelBytes);
    m_request.epochSeconds = workload.epochSeconds;
    for (const char* type : {"ParameterExchange", "ScatterReduce", "AllReduce"})
    {
        const auto collective =
            ObjectFactory(std::string("ns3::serverless::") + type).Create<Collective>();
        TimeValue timeout;
        collective->GetAttribute("Timeout", timeout);
        m_request.timeout = timeout.Get().GetSeconds();
        ReadExchange(collective, m_request);
    }
    m_request.billing = CreateObject<CostLedger>()->GetRules();
}

void
TrainingAdvisor::SetStore(const ObjectFactory& store)
{
    m_store = store;
}

void
TrainingAdvisor::AddFunctions()
{
    const auto platform = CreateObject<FunctionPlatform>();
    const uint32_t needed = platform->GetSmallestFleet(m_request.dataBytes, m_request.modelBytes);
    PlatformOffer offer =
        MakeOffer(platform, m_store.Create<StorageService>(), platform->GetNetworkRate(), m_most);
    offer.fewest = std::max(m_fewest, needed);
    offer.most = needed == 0 ? 0 : std::min(m_most, platform->GetConcurrency());
    offer.fits = [platform, data = m_request.dataBytes](uint32_t workers, double vector) {
        return platform->GetShortage(std::ceil(data / workers), data, vector).empty();
    };
    m_request.platforms.push_back(offer);
}

void
TrainingAdvisor::AddMachines()
{
    const auto fleet = CreateObject<MachineFleet>();
    PlatformOffer offer =
        MakeOffer(fleet, m_store.Create<StorageService>(), fleet->GetNetworkRate(), m_most);
    offer.fewest = m_fewest;
    m_request.platforms.push_back(offer);
}

void
TrainingAdvisor::AddChannel(const std::string& name, const ObjectFactory& service)
{
    ChannelOffer offer = MakeOffer(service.Create<StorageService>());
    offer.name = name;
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
    TrainingOutcome few = Train(candidate, prices, most / 2, 0);
    TrainingOutcome outcome = Train(candidate, prices, most, 0);
    // rounds are alike, but new instances come at intervals: those seen are left out, then all of
    // the job are added
    const double restarts = Predict(candidate.job).restarts;
    const TrainingOutcome each = PredictRestart(candidate, prices);
    const double workers = candidate.design.workers;
    AddRestarts(few, each, 1 - few.invocations / workers);
    AddRestarts(outcome, each, 1 - outcome.invocations / workers);
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
    if (restarts > 0)
    {
        AddRestarts(outcome, each, restarts);
        outcome.invocations = static_cast<uint32_t>(workers * (1 + restarts));
    }
    outcome.rounds = static_cast<uint32_t>(rounds);
    return {outcome, true};
}

TrainingOutcome
TrainingAdvisor::PredictRestart(const AdviceCandidate& candidate, const std::string& prices) const
{
    TrainingOutcome each;
    AdviceCandidate with = candidate;
    with.time = Predict(candidate.job);
    const double restarts = with.time.restarts;
    if (!(restarts > 0) || std::isinf(restarts))
    {
        return each;
    }
    AdviceCandidate without = candidate;
    without.job.lifetime = 0;
    without.job.roundsPerInvocation = 0;
    without.time = Predict(without.job);
    const PriceTable table(prices);
    each.start = (with.time.startUp - without.time.startUp) / restarts;
    each.load = (with.time.load - without.time.load) / restarts;
    each.checkpoint = (with.time.checkpoint - without.time.checkpoint) / restarts;
    each.seconds = each.start + each.load + each.checkpoint;
    each.dollars =
        (GetDesignCost(m_request, table, with) - GetDesignCost(m_request, table, without)) /
        restarts;
    return each;
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
    training.SetStore(m_store);
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
