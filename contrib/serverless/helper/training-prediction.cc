/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-prediction.h"

#include "design-offers.h"

#include "ns3/collective.h"
#include "ns3/random-variable-stream.h"
#include "ns3/type-specification.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ns3
{
namespace serverless
{

namespace
{

constexpr int64_t ESTIMATE_STREAM = 6000000; //!< away from those of trainings
constexpr uint32_t DRAWS = 100000;           //!< of stragglers, at least
constexpr uint32_t LEAST_ROUNDS = 100;       //!< of these

const std::map<std::string, ExchangePattern> PATTERNS{
    {"ns3::serverless::AllReduce", ExchangePattern::ALL_REDUCE},
    {"ns3::serverless::ScatterReduce", ExchangePattern::SCATTER_REDUCE},
    {"ns3::serverless::RingAllReduce", ExchangePattern::RING},
    {"ns3::serverless::ParameterExchange", ExchangePattern::PUSH_AND_PULL},
    {"ns3::serverless::AsynchronousExchange", ExchangePattern::ASYNCHRONOUS},
    {"ns3::serverless::StaleExchange", ExchangePattern::STALE}}; //!< by type

/**
 * Epochs of a round.
 * @param training the training
 * @return the mean over workers, whose parts may differ
 */
double
GetMeanEpochs(const ServerlessTrainingHelper& training)
{
    double sum = 0;
    for (const Ptr<TrainingWorker>& worker : training.GetWorkers())
    {
        sum += worker->GetOptimization()->GetEpochsPerRound();
    }
    return sum / static_cast<double>(training.GetWorkers().size());
}

/**
 * Estimates what stragglers and unequal parts do to a round.
 * @param training the training
 * @param epochs of a round, mean over workers
 * @return mean factor of a computation, mean of the largest one of all workers
 */
std::pair<double, double>
EstimateSlowdowns(const ServerlessTrainingHelper& training, double epochs)
{
    const auto law =
        learning::MakeFactory(training.GetStraggler(), RandomVariableStream::GetTypeId())
            .Create<RandomVariableStream>();
    law->SetStream(ESTIMATE_STREAM);
    const uint32_t workers = training.GetJob()->workers;
    const uint32_t rounds = std::max(LEAST_ROUNDS, DRAWS / workers);
    std::vector<double> factors;
    for (uint32_t worker = 0; worker < workers; ++worker)
    {
        const double own = training.GetWorkers()[worker]->GetOptimization()->GetEpochsPerRound();
        factors.push_back(training.GetSlowdown(worker) * own / epochs);
    }
    double sum = 0;
    double largest = 0;
    for (uint32_t round = 0; round < rounds; ++round)
    {
        double most = 0;
        for (uint32_t worker = 0; worker < workers; ++worker)
        {
            const double factor = factors[worker] * law->GetValue();
            sum += factor;
            most = std::max(most, factor);
        }
        largest += most;
    }
    return {sum / rounds / workers, largest / rounds};
}

} // namespace

std::optional<AdviceCandidate>
PredictTraining(const ServerlessTrainingHelper& training, Ptr<CostLedger> ledger)
{
    const auto pattern = PATTERNS.find(training.GetCollective().GetTypeId().GetName());
    if (pattern == PATTERNS.end())
    {
        return std::nullopt;
    }
    const Ptr<TrainingJob> job = training.GetJob();
    const Ptr<TrainingWorker> worker = training.GetWorkers().front();
    const Ptr<LocalOptimization> part = worker->GetOptimization();
    const double epochs = GetMeanEpochs(training);
    const Ptr<StorageService> store = training.GetService(0);
    const DataRate rate = training.GetWorkerRate();
    AdviceRequest request;
    request.dataBytes = static_cast<double>(job->dataBytes);
    request.channels = {MakeOffer(training.GetService(training.GetServiceCount() - 1))};
    // the model counts those of a server, of 8 bytes a number, from those of 4
    const auto numberBytes = request.channels[0].isServer
                                 ? 4
                                 : training.GetCollective().Create<Collective>()->GetNumberBytes();
    request.modelBytes = job->GetVectorBytes(*part, numberBytes);
    request.epochSeconds = job->epochSeconds;
    request.platforms = {training.GetPlatform()
                             ? MakeOffer(training.GetPlatform(), store, rate, job->workers)
                             : MakeOffer(training.GetFleet(), store, rate, job->workers)};
    OptimizerOffer optimizer; // whose vector factor is in modelBytes
    optimizer.points = {{job->workers, static_cast<double>(worker->GetRounds()), epochs}};
    request.optimizers = {optimizer};
    request.billing = ledger->GetRules();
    std::tie(request.meanSlowdown, request.largestSlowdown) = EstimateSlowdowns(training, epochs);
    AdviceDesign design{0, 0, 0, pattern->second, job->workers};
    const auto collective = training.GetCollective().Create<Collective>();
    ReadExchange(collective, request);
    UintegerValue staleness(1);
    collective->GetAttributeFailSafe("Staleness", staleness);
    design.staleness = static_cast<uint32_t>(staleness.Get());
    return PredictDesign(request, design, ledger->GetPrices());
}

} // namespace serverless
} // namespace ns3
