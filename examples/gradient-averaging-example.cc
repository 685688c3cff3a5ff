/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What to send over a network that drops: models or gradients? The same task, data, seeds and drop
// rate three times: RPS averages models; gradient averaging steps with its own gradient, or not at
// all, where the average did not arrive.
//
// Look at the consensus error. Averaging models pulls replicas together in every round; averaging
// gradients never does, so that what drops have torn apart stays apart, and the worst worker is
// worse than its mean model.

#include "ns3/core-module.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

#include <cstdio>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Trains once.
 * @param name of the algorithm, for the table
 * @param algorithm its type, perhaps with attributes in brackets
 * @param dropRate probability that a segment is dropped
 * @param rounds rounds to train
 */
void
Train(const char* name, const std::string& algorithm, double dropRate, uint32_t rounds)
{
    StarTopologyHelper star(8);
    star.SetDropRate(dropRate);
    star.Build();

    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=50,samples=4000,separation=3");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("32"));
    training.SetOptimizer("ns3::learning::StochasticGradientDescent",
                          "LearningRate",
                          DoubleValue(0.1));
    training.SetAlgorithm(algorithm);
    training.SetTransport("ns3::learning::DatagramTransport",
                          "SegmentBytes",
                          UintegerValue(80),
                          "SegmentsPerPacket",
                          UintegerValue(16));
    const ApplicationContainer workers = training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);

    TrainingRecorder recorder;
    recorder.SetEvaluateEvery(rounds);
    recorder.SetEvaluationSamples(0, 0, 0); // all there are
    recorder.Observe(workers);
    Simulator::Run();
    const TrainingRecord& end = recorder.GetLast();
    std::printf("%-26s %10.4f %13.4f %21.4f %15.4g\n",
                name,
                end.trainLoss,
                end.testAccuracy,
                end.worstWorkerAccuracy,
                end.consensusError);
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
    ScenarioOptions options(__FILE__,
                            "What to send over a network that drops: models or gradients?");
    options.Add("dropRate", "probability that a data segment is dropped, 0 to 1", "0.2");
    options.Add("rounds", "rounds to train, 1 to 1000000", "200");
    options.Parse(argc, argv);
    const double dropRate = options.GetNumber("dropRate", 0, 1);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    std::printf("drop rate %g, 8 workers, %u rounds\n", dropRate, rounds);
    std::printf("algorithm                  train_loss test_accuracy worst_worker_accuracy "
                "consensus_error\n");
    const std::string averaging = "ns3::learning::GradientAveraging";
    Train("rps", "ns3::learning::RobustParameterServer", dropRate, rounds);
    Train("gradients, own if missing",
          averaging + "[MissingGradient=OwnGradient]",
          dropRate,
          rounds);
    Train("gradients, zero if missing",
          averaging + "[MissingGradient=ZeroUpdate]",
          dropRate,
          rounds);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("gradient-averaging-example", [=] { RunExample(argc, argv); });
}
