/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Sixteen workers around a switch, a parameter server on each, learn Fashion-MNIST with RPS while
// every segment is dropped with probability dropRate. Look at test_accuracy in the summary: with
// dropRate=0.4 it hardly falls. results.sqlite keeps a record of every 50th round.

#include "ns3/core-module.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

using namespace ns3;
using namespace ns3::learning;

int
main(int argc, char* argv[])
try
{
    double dropRate = 0.1;
    uint32_t rounds = 100;
    CommandLine cmd(__FILE__);
    cmd.AddValue("dropRate", "probability that a data segment is dropped, end to end", dropRate);
    cmd.AddValue("rounds", "rounds to train, at least 1", rounds);
    cmd.Parse(argc, argv);

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
    return 0;
}

catch (const std::exception& error)
{
    std::cerr << "rps-star-example: " << error.what() << std::endl;
    return 1;
}
