/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How blocks travel: everything that is lost sent again, some of it, or nothing, over links that
// lose segments and with workers that are slow now and then.
//
// Look at what each transport trades: the time of a round, the share of segments that arrive, what
// is sent again, and the loss that the training reaches. A bounded loss lies between selective
// repeat, which waits for all, and datagrams, which wait for nothing.

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
 * @param name of the transport, for the table
 * @param transport its type, perhaps with attributes in brackets
 * @param dropRate probability that a segment is dropped
 * @param rounds rounds to train
 */
void
Train(const char* name, const std::string& transport, double dropRate, uint32_t rounds)
{
    StarTopologyHelper star(8);
    star.SetChannelAttribute("Delay", StringValue("100us"));
    star.SetDropRate(dropRate);
    star.Build();
    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=50,samples=4000,separation=3");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("64"));
    training.SetTransport(transport,
                          "SegmentBytes",
                          UintegerValue(40),
                          "SegmentsPerPacket",
                          UintegerValue(16));
    // a gradient takes about 0.6 ms; 1 in 100 is three times as long as the median
    training.SetCompute("OperationsPerSecond", DoubleValue(1e9));
    training.SetStraggler("ns3::LogNormalRandomVariable[Mu=0|Sigma=0.47]");
    const ApplicationContainer workers = training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);

    TrainingRecorder recorder;
    recorder.Observe(workers);
    Simulator::Run();
    const TrainingRecord& end = recorder.GetLast();
    const TrafficLedger::Account push = recorder.GetLedger()->GetTotal(PUSH);
    std::printf("%-26s %9.3f %10.4f %14.4f %11.4f\n",
                name,
                end.time * 1e3 / rounds,
                static_cast<double>(push.received) / static_cast<double>(push.offered),
                static_cast<double>(end.segmentsRetransmitted) /
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
    ScenarioOptions options(__FILE__, "How blocks travel over links that lose segments.");
    options.Add("dropRate", "probability that a segment is dropped, 0 to 0.5", "0.1");
    options.Add("rounds", "rounds to train, 1 to 1000000", "100");
    options.Parse(argc, argv);
    const double dropRate = options.GetNumber("dropRate", 0, 0.5);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    std::printf("drop rate %g, 8 workers, %u rounds of RPS\n", dropRate, rounds);
    std::printf("transport                  round_ms  delivered  retransmitted  train_loss\n");
    const std::string bounded = "ns3::learning::BoundedLossTransport[Threshold=";
    Train("datagram", "ns3::learning::DatagramTransport", dropRate, rounds);
    Train("bounded loss, 0.9", bounded + "0.9]", dropRate, rounds);
    Train("bounded loss, 0.95", bounded + "0.95]", dropRate, rounds);
    Train("bounded loss, median",
          bounded + "0.9|Percentile=0.5|DeadlineFactor=1.2]",
          dropRate,
          rounds);
    Train("selective repeat", "ns3::learning::SelectiveRepeatTransport", dropRate, rounds);
    Train("parity, 1 for 4", "ns3::learning::ParityTransport", dropRate, rounds);
    std::printf("median: no longer than 1.2 times the median of past rounds\n");
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("bounded-loss-example", [=] { RunExample(argc, argv); });
}
