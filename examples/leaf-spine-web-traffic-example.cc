/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Sixteen hosts of a leaf-spine network train together and serve the Web at the same time, over the
// same wires. Learning packets are marked lower effort, and dropped where a queue is longer than a
// threshold; Web messages go over TCP, which cannot afford losses.
//
// Look at the two columns against each other: a lower threshold makes messages faster and takes
// more of the learning traffic, and the training loss hardly notices. The setting is that of Yu et
// al., ICML 2019, Section 7.

#include "ns3/completion-times.h"
#include "ns3/core-module.h"
#include "ns3/leaf-spine-topology-helper.h"
#include "ns3/program-run.h"
#include "ns3/request-helper.h"
#include "ns3/scenario-options.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

#include <cstdio>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Trains and serves.
 * @param threshold length of a queue above which learning packets are dropped, such as 100kB
 * @param rounds rounds to train
 * @param rate messages a second
 */
void
Run(const std::string& threshold, uint32_t rounds, double rate)
{
    LeafSpineTopologyHelper network(16, 4, 2);
    network.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    network.SetChannelAttribute("Delay", StringValue("5us"));
    network.SetQueueDisc(
        {"ns3::learning::DropThresholdQueueDisc[MaxSize=1MB|Threshold=" + threshold + "]", {}},
        SwitchedTopologyHelper::ALL_PORTS);
    network.Build();

    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=500,samples=4000");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("64"));
    training.SetTransport("ns3::learning::DatagramTransport", "Tos", UintegerValue(4));
    // all begin to send at the same time, every 15 ms
    training.SetCompute("Period", TimeValue(MilliSeconds(15)));
    const ApplicationContainer workers = training.Install(network.GetHosts());
    training.StopAfterRounds(rounds);

    RequestHelper web(rate);
    ApplicationContainer service = web.Install(network.GetHosts());
    service.Stop(MilliSeconds(15) * (rounds + 1));
    Ptr<CompletionTimes> times = Create<CompletionTimes>();
    times->Observe(service);

    TrainingRecorder recorder;
    recorder.Observe(workers);
    Simulator::Run();
    const TrainingRecord& end = recorder.GetLast();
    std::printf("%-9s  %7.2f  %7.2f  %6.3f  %10.4f\n",
                threshold.c_str(),
                times->GetMean() * 1e3,
                times->GetPercentile(99) * 1e3,
                1 - static_cast<double>(end.segmentsReceived) /
                        static_cast<double>(end.segmentsSent),
                end.trainLoss);
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
    ScenarioOptions options(__FILE__, "Training and a Web service over the same wires.");
    options.Add("rounds", "rounds to train, 1 to 1000000", "20");
    options.Add("rate", "Web messages of 100 kB a second, 1 to 100000", "4000");
    options.Parse(argc, argv);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);
    const double rate = options.GetNumber("rate", 1, 100000);

    std::printf("%g messages a second\n", rate);
    std::printf("threshold  mean_ms   p99_ms    loss  train_loss\n");
    for (const std::string threshold : {"1MB", "60kB", "0B"})
    {
        Run(threshold, rounds, rate);
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("leaf-spine-web-traffic-example", [=] { RunExample(argc, argv); });
}
