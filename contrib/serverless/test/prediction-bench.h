/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PREDICTION_BENCH_H
#define PREDICTION_BENCH_H

#include "learning-tasks.h"

#include "ns3/cost-ledger.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/training-run.h"

#include <cstdint>
#include <functional>

namespace ns3
{
namespace serverless
{

constexpr uint32_t WORKERS = 8; //!< of TrainAndPredict()

/**
 * Trains 2,000 samples by model averaging.
 * @param adjust changes the training, before it is installed
 * @param rounds to train
 * @param seconds of a round of each worker
 * @param run number of the run, for other draws
 * @return what came of it, and what is predicted
 */
inline TrainingOutcome
TrainAndPredict(const std::function<void(ServerlessTrainingHelper&)>& adjust,
                uint32_t rounds,
                double seconds,
                uint64_t run = 1)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(run);
    ServerlessTrainingHelper training;
    training.SetTask(*MakeHiggs(2000, WORKERS, 250));
    training.SetPlatform(CreateObject<FunctionPlatform>());
    const Ptr<TrainingJob> job = training.GetJob();
    job->workers = WORKERS;
    job->rounds = rounds;
    job->dataBytes = 800000000;
    job->modelBytes = 300000;
    job->epochSeconds = seconds * WORKERS;
    adjust(training);
    const TrainingOutcome outcome = RunTraining(training, CreateObject<CostLedger>());
    Simulator::Destroy();
    return outcome;
}

} // namespace serverless
} // namespace ns3

#endif /* PREDICTION_BENCH_H */
