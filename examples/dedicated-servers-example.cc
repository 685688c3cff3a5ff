/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Where to put parameter servers, and how many? Eight workers, with a server on each, and with 2,
// 8 and 16 servers on nodes of their own.
//
// Look at the bytes: a co-located server gets its own worker's block for nothing, so that each
// direction carries (n - 1) / n of what dedicated servers carry. And at the time: with few servers
// the links of the servers are the bottleneck, with as many as workers those of the workers.

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

constexpr uint32_t WORKERS = 8;

/**
 * Trains once.
 * @param servers dedicated servers, or 0 for one on each worker's node
 * @param dropRate probability that a segment is dropped
 * @param rounds rounds to train
 */
void
Train(uint32_t servers, double dropRate, uint32_t rounds)
{
    StarTopologyHelper star(WORKERS + servers);
    star.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    star.SetDropRate(dropRate);
    star.Build();

    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=100,samples=4000");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("128"));
    ApplicationContainer workers;
    if (servers == 0)
    {
        workers = training.Install(star.GetHosts());
    }
    else
    {
        workers = training.Install(star.GetHosts(0, WORKERS), star.GetHosts(WORKERS, servers));
    }
    training.StopAfterRounds(rounds);

    TrainingRecorder recorder;
    recorder.SetEvaluateEvery(rounds);
    recorder.Observe(workers);
    Simulator::Run();
    const TrainingRecord& end = recorder.GetLast();
    std::printf("%-9s %8u %13.3f %14.0f %16.0f %14.3f %14.3f %13.4f\n",
                servers == 0 ? "colocated" : "dedicated",
                servers == 0 ? WORKERS : servers,
                end.time * 1e3 / rounds,
                static_cast<double>(end.bytesUp) / rounds,
                static_cast<double>(end.bytesDown) / rounds,
                end.deliveredPush,
                end.deliveredPull,
                end.testAccuracy);
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
    ScenarioOptions options(__FILE__, "Where to put parameter servers, and how many?");
    options.Add("dropRate", "probability that a data segment is dropped, 0 to 1", "0.1");
    options.Add("rounds", "rounds to train, 1 to 1000000", "50");
    options.Parse(argc, argv);
    const double dropRate = options.GetNumber("dropRate", 0, 1);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    std::printf("drop rate %g, %u workers, 1 Gbps links, %u rounds\n", dropRate, WORKERS, rounds);
    std::printf("placement  servers round_time_ms round_bytes_up round_bytes_down "
                "delivered_push delivered_pull test_accuracy\n");
    for (const uint32_t servers : {0U, 2U, 8U, 16U})
    {
        Train(servers, dropRate, rounds);
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("dedicated-servers-example", [=] { RunExample(argc, argv); });
}
