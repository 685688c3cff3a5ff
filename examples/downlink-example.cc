/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What should servers send back over a network that drops? Parameters, which they keep; the average
// of the workers' models (RPS); or the average of their gradients. The same logistic regression,
// data and seeds at each drop rate; loss both ways.
//
// Look down the columns: what is sent back matters more than the drop rate. A parameter or a model
// that is lost is replaced by the next one; a gradient that is lost is missing for ever, and
// replicas drift apart. Drift: mean over workers of the distance to the mean model, over its norm.

#include "ns3/core-module.h"
#include "ns3/evaluation.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"

#include <cmath>
#include <cstdio>
#include <numeric>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Trains once and prints loss and drift.
 * @param algorithm its type, with attributes in brackets
 * @param dropRate probability that a segment is dropped
 * @param rounds rounds to train
 */
void
Train(const std::string& algorithm, double dropRate, uint32_t rounds)
{
    StarTopologyHelper star(8);
    star.SetDropRate(dropRate);
    star.Build();

    TrainingHelper training;
    training.SetDataset("synthetic-logistic:features=256,samples=1024,condition=100,noise=0.02");
    training.SetModel("ns3::learning::LogisticRegression");
    training.SetOptimizer("ns3::learning::StochasticGradientDescent[LearningRate=1]");
    training.SetAlgorithm(algorithm);
    training.SetOwners(BlockOwners::FIXED); // servers that keep parameters need that
    training.SetTransport("ns3::learning::DatagramTransport[SegmentBytes=64|SegmentsPerPacket=8]");
    const ApplicationContainer workers = training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);
    Simulator::Run();

    const TrainingSetup& setup = *training.GetSetup();
    std::vector<float> mean(setup.start.size());
    for (uint32_t k = 0; k < workers.GetN(); ++k)
    {
        const AlignedVector& replica = DynamicCast<Worker>(workers.Get(k))->GetParameters();
        for (std::size_t i = 0; i < mean.size(); ++i)
        {
            mean[i] += replica[i] / static_cast<float>(workers.GetN());
        }
    }
    const double norm = std::sqrt(std::inner_product(mean.begin(), mean.end(), mean.begin(), 0.0));
    double drift = 0;
    for (uint32_t k = 0; k < workers.GetN(); ++k)
    {
        const AlignedVector& replica = DynamicCast<Worker>(workers.Get(k))->GetParameters();
        double square = 0;
        for (std::size_t i = 0; i < mean.size(); ++i)
        {
            square += std::pow(replica[i] - mean[i], 2);
        }
        drift += std::sqrt(square) / norm / workers.GetN();
    }
    const uint32_t samples = setup.training->GetSampleCount();
    const auto score = EvaluateDataset(*setup.model, mean.data(), *setup.training, 0, samples);
    std::printf("  %7.4f / %-6.4f", score.lossSum / samples, drift);
    Simulator::Destroy();
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunExample(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__, "What should servers send back over a network that drops?");
    options.Add("rounds", "rounds to train, 1 to 1000000", "200");
    options.Parse(argc, argv);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    const std::vector<double> dropRates{0, 0.01, 0.1, 0.3};
    std::printf("training loss of the mean model / drift of the replicas, 8 workers, %u rounds\n"
                "sent back          ",
                rounds);
    for (const double dropRate : dropRates)
    {
        std::printf("   drop rate %-5g", dropRate);
    }
    const std::string averaging = "ns3::learning::GradientAveraging";
    const std::vector<std::pair<const char*, std::string>> downlinks{
        {"parameters", averaging + "[Downlink=Parameters]"},
        {"model (rps)", "ns3::learning::RobustParameterServer"},
        {"gradient, or zero", averaging + "[MissingGradient=ZeroUpdate]"},
        {"gradient, or own", averaging + "[MissingGradient=OwnGradient]"}};
    for (const auto& [name, algorithm] : downlinks)
    {
        std::printf("\n%-19s", name);
        for (const double dropRate : dropRates)
        {
            Train(algorithm, dropRate, rounds);
        }
    }
    std::printf("\n");
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("downlink-example", [=] { RunExample(argc, argv); });
}
