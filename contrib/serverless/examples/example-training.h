/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What the examples share: two jobs of LambdaML at their declared sizes, whose gradients come from
// small data, and a table with a row for each training.

#ifndef EXAMPLE_TRAINING_H
#define EXAMPLE_TRAINING_H

#include "ns3/data-partition.h"
#include "ns3/double.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/synthetic-data.h"
#include "ns3/training-run.h"
#include "ns3/uinteger.h"

#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <string>

namespace example
{

using namespace ns3;
using namespace ns3::serverless;
using learning::RunProgram;
using learning::ScenarioOptions;

constexpr uint32_t MOST_WORKERS = 100;    //!< that there are samples for
constexpr uint32_t MOST_ROUNDS = 1000000; //!< of a training

/**
 * Adds the option of rounds.
 * @param options where to
 * @param what rounds they are
 * @param value its default
 */
inline void
AddRoundsOption(ScenarioOptions& options, const std::string& what, const std::string& value)
{
    options.Add("rounds", what + ", 1 to " + std::to_string(MOST_ROUNDS), value);
}

/**
 * Reads the option of rounds.
 * @param options the options
 * @return how many to train
 */
inline uint32_t
ReadRounds(ScenarioOptions& options)
{
    return options.GetUnsigned("rounds", 1, MOST_ROUNDS);
}

/**
 * Sets what all jobs have.
 * @param training where
 * @param law what samples are drawn from
 * @param model class of the model
 * @param samples how many
 * @param batch of a worker
 * @param rate step size
 * @param workers how many
 * @param rounds to train
 * @param skew share of samples that is dealt by label, 0 to 1
 */
inline void
SetJob(ServerlessTrainingHelper& training,
       const learning::SyntheticLaw& law,
       const std::string& model,
       uint32_t samples,
       uint32_t batch,
       const std::string& rate,
       uint32_t workers,
       uint32_t rounds,
       double skew = 0)
{
    LearningTask task;
    task.training = law.Generate(samples, 0);
    task.model = ObjectFactory("ns3::learning::" + model).Create<learning::LearningModel>();
    task.model->SetInput(task.training->GetShape(), task.training->GetClassCount());
    task.optimizer.SetTypeId("ns3::learning::StochasticGradientDescent");
    task.optimizer.Set("LearningRate", StringValue(rate));
    task.batchSize = batch;
    if (skew != 0)
    {
        const auto partition = CreateObject<learning::LabelSortedPartition>();
        partition->SetAttribute("SortedFraction", DoubleValue(skew));
        task.parts = partition->Split(*task.training, workers, 1);
    }
    training.SetTask(task);
    const Ptr<TrainingJob> job = training.GetJob();
    job->workers = workers;
    job->rounds = rounds;
    job->evaluated.resize(samples);
    std::iota(job->evaluated.begin(), job->evaluated.end(), 0);
}

/**
 * Logistic regression on Higgs: 80 s of computation an epoch on one machine, a tiny model.
 * @param training where
 * @param workers how many
 * @param rounds to train
 */
inline void
SetHiggs(ServerlessTrainingHelper& training, uint32_t workers, uint32_t rounds)
{
    constexpr uint32_t SAMPLES = 11000;
    constexpr uint32_t BATCHES = 10; // of an epoch
    SetJob(training,
           learning::LogisticLaw(28, 100, 0.75, 0, 1),
           "LogisticRegression",
           SAMPLES,
           SAMPLES / BATCHES / workers,
           "0.1",
           workers,
           rounds);
    training.GetJob()->dataBytes = 800000000; // a tenth of it, so that loading is fast to simulate
    training.GetJob()->epochSeconds = 80;
}

/**
 * MobileNet on Cifar10 by gradient averaging: 2.19 s of computation and 12 MB a round; gradients of
 * a perceptron stand for its own.
 * @param training where
 * @param workers how many
 * @param rounds to train
 */
inline void
SetMobileNet(ServerlessTrainingHelper& training, uint32_t workers, uint32_t rounds)
{
    SetJob(training,
           learning::ClusterLaw(20, 10, 3, 1),
           "MultilayerPerceptron",
           2000,
           20,
           "0.1",
           workers,
           rounds);
    training.SetOptimization(ObjectFactory("ns3::serverless::AveragedGradients"));
    training.GetJob()->dataBytes = 220000000;
    training.GetJob()->modelBytes = 12000000;
    training.GetJob()->epochSeconds = 2.19 * 2000 / 20; // a round is one mini-batch of each worker
}

/**
 * A channel through a parameter server on a machine.
 * @param training where
 * @param server makes the server
 * @param collective makes the workers' parts
 */
inline void
SetParameterServer(ServerlessTrainingHelper& training,
                   const ObjectFactory& server = ObjectFactory("ns3::serverless::ParameterMachine"),
                   ObjectFactory collective = ObjectFactory("ns3::serverless::ParameterExchange"))
{
    collective.Set("NumberBytes", UintegerValue(8));
    training.SetChannel(server);
    training.SetCollective(collective);
}

/// Prints the head of the table of RunRow().
inline void
PrintHead()
{
    std::printf("%-26s %8s %8s %8s %9s %10s %9s %9s %7s\n",
                "training",
                "time_s",
                "start_s",
                "load_s",
                "compute_s",
                "exchange_s",
                "cost_usd",
                "requests",
                "loss");
}

/**
 * Trains and prints a row: time of the job, means over workers of its parts, cost, requests to all
 * services, loss after the last round; or why it failed.
 * @param name of the row
 * @param training set up
 * @param prices price table
 * @return what came of it; the simulation is destroyed
 */
inline TrainingOutcome
RunRow(const std::string& name,
       ServerlessTrainingHelper& training,
       const std::string& prices = "aws-2020")
{
    const auto ledger = CreateObject<CostLedger>();
    ledger->SetAttribute("Prices", StringValue(prices));
    const TrainingOutcome outcome = RunTraining(training, ledger);
    if (!outcome.error.empty())
    {
        std::printf("%-26s fails: %s\n", name.c_str(), outcome.error.c_str());
    }
    else
    {
        std::printf("%-26s %8.2f %8.2f %8.2f %9.2f %10.2f %9.5f %9lu %7.4f\n",
                    name.c_str(),
                    outcome.seconds,
                    outcome.start,
                    outcome.load,
                    outcome.compute,
                    outcome.exchange,
                    outcome.dollars,
                    static_cast<unsigned long>(outcome.requests),
                    outcome.loss);
    }
    Simulator::Destroy();
    return outcome;
}

} // namespace example

#endif /* EXAMPLE_TRAINING_H */
