/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Sixteen workers around a switch, a parameter server on each, learn Fashion-MNIST with RPS while
// every segment is dropped with probability dropRate. Look at test_accuracy in the summary: with
// dropRate=0.4 it hardly falls. results.sqlite keeps a record of every 50th round.

#include "ns3/core-module.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunExample(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__,
                            "Training by RPS around a switch, over a network that drops.");
    options.Add("dropRate", "probability that a data segment is dropped, 0 to 1", "0.1");
    options.Add("rounds", "rounds to train, 1 to 1000000", "100");
    options.Parse(argc, argv);
    const double dropRate = options.GetNumber("dropRate", 0, 1);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    StarTopologyHelper star(16); // any other ns-3 topology with addresses will do
    star.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    star.SetDropRate(dropRate); // an ErrorModel on each last hop
    star.Build();

    TrainingHelper training;
    training.SetDataset("fashion-mnist");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("128"));
    training.SetOptimizer("ns3::learning::StochasticGradientDescent",
                          "LearningRate",
                          DoubleValue(0.1));
    training.SetAlgorithm("ns3::learning::RobustParameterServer");
    training.SetTransport("ns3::learning::DatagramTransport",
                          "SegmentsPerPacket",
                          UintegerValue(32));
    ApplicationContainer workers = training.Install(star.GetHosts()); // co-located: one server each

    TrainingRecorder recorder("results.sqlite");
    recorder.Observe(workers);
    training.StopAfterRounds(rounds);

    Simulator::Run();
    std::cout << recorder.Summary() << std::endl;
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("rps-star-example", [=] { RunExample(argc, argv); });
}
