/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Trains: the same run with one segment a packet and with several, which is faster to simulate.
//
// Look at what is equal: segments sent and dropped, to the last one, and the bytes up to a few
// acknowledgements. Look at what is not: the simulated time of a round, since a switch forwards a
// train only when all of it has come, at most (train - 1) segment times later a hop; and the time
// that the simulation itself takes. Which segments are dropped differs, as other draws meet them,
// so that the losses differ as between two seeds.

#include "ns3/core-module.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

#include <chrono>
#include <cstdio>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// What came of a run.
struct Result
{
    TrainingRecord record; ///< the end of the training
    double wallSeconds{0}; ///< what it took the host
};

/**
 * Trains once.
 * @param segmentsPerPacket length of the trains
 * @param dropRate probability that a segment is dropped
 * @param rounds rounds to train
 * @return what came of it
 */
Result
Train(uint32_t segmentsPerPacket, double dropRate, uint32_t rounds)
{
    StarTopologyHelper star(8);
    star.SetDropRate(dropRate);
    star.Build();
    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=400,samples=1000");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("256"));
    training.SetBatchSize(4);
    training.SetTransport("ns3::learning::DatagramTransport",
                          "SegmentsPerPacket",
                          UintegerValue(segmentsPerPacket));
    const ApplicationContainer workers = training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);
    TrainingRecorder recorder;
    recorder.SetEvaluateEvery(rounds);
    recorder.Observe(workers);

    const auto start = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    const Result result{recorder.GetLast(), wall.count()};
    std::printf("%17u %8lu %8lu %12lu %14.3f %11.4f %7.2f\n",
                segmentsPerPacket,
                static_cast<unsigned long>(result.record.segmentsSent),
                static_cast<unsigned long>(result.record.segmentsDropped),
                static_cast<unsigned long>(result.record.bytesUp + result.record.bytesDown),
                result.record.time * 1e6 / rounds,
                result.record.trainLoss,
                result.wallSeconds);
    Simulator::Destroy();
    return result;
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunExample(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__, "The same run with one segment a packet and with several.");
    options.Add("dropRate", "probability that a data segment is dropped, 0 to 1", "0.1");
    options.Add("train", "segments in a train, 2 to 44 (65,535 bytes) here", "32");
    options.Add("rounds", "rounds to train, 1 to 1000000", "20");
    options.Parse(argc, argv);
    const double dropRate = options.GetNumber("dropRate", 0, 1);
    const uint32_t train = options.GetUnsigned("train", 2, 44);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    std::printf("drop rate %g, 8 workers, %u rounds\n", dropRate, rounds);
    std::printf("segmentsPerPacket     sent  dropped        bytes  round_time_us  train_loss  "
                "wall_s\n");
    const Result single = Train(1, dropRate, rounds);
    const Result trains = Train(train, dropRate, rounds);
    std::printf("trains take %.2f of the wall time\n", trains.wallSeconds / single.wallSeconds);
    // 1,400 bytes and 62 of headers at 10 Gbps; push and pull take two hops each
    const double segmentTime = 1462 * 8 / 10e9 * 1e6;
    std::printf(
        "a round lasts %.3f us longer; (train - 1) segment times on four hops are %.3f us\n",
        (trains.record.time - single.record.time) * 1e6 / rounds,
        4 * (train - 1) * segmentTime);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("trains-example", [=] { RunExample(argc, argv); });
}
