/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How a network loses: the same share of segments, one by one, in ever longer bursts, and whole
// blocks at a time.
//
// Look at what stays: the share that is dropped, the training loss, and the consensus error on
// average, since what RPS expects of a segment depends on its own drop rate alone. Look at what
// does not: how much the consensus error differs from round to round, because bursts take many
// segments of a round or none.

#include "ns3/core-module.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

#include <cmath>
#include <cstdio>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Trains once.
 * @param name of the law, for the table
 * @param law the error model, perhaps with attributes in brackets
 * @param dropRate probability that a segment is dropped
 * @param rounds rounds to train
 */
void
Train(const char* name, const std::string& law, double dropRate, uint32_t rounds)
{
    StarTopologyHelper star(8);
    star.SetErrorModel(law, "DropRate", DoubleValue(dropRate));
    star.Build();
    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=50,samples=4000,separation=3");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("64"));
    training.SetTransport("ns3::learning::DatagramTransport",
                          "SegmentBytes",
                          UintegerValue(40),
                          "SegmentsPerPacket",
                          UintegerValue(16));
    const ApplicationContainer workers = training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);

    TrainingRecorder recorder;
    recorder.SetEvaluateEvery(1);
    recorder.SetEvaluationSamples(200, 1, 1);
    double sum = 0;
    double squares = 0;
    recorder.SetRecordCallback([&](const TrainingRecord& record) {
        if (record.round > rounds / 2) // the error has settled
        {
            sum += record.consensusError;
            squares += record.consensusError * record.consensusError;
        }
    });
    recorder.Observe(workers);
    Simulator::Run();
    const TrainingRecord& end = recorder.GetLast();
    const double count = rounds - rounds / 2;
    const double mean = sum / count;
    std::printf("%-20s %8.4f %11.4f %16.4g %10.2f\n",
                name,
                static_cast<double>(end.segmentsDropped) / static_cast<double>(end.segmentsSent),
                end.trainLoss,
                mean,
                mean > 0 ? std::sqrt(std::max(0.0, squares / count - mean * mean)) / mean : 0);
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
    ScenarioOptions options(
        __FILE__,
        "How a network loses: segments one by one, in bursts, or whole blocks.");
    options.Add("dropRate", "probability that a segment is dropped, 0 to 0.8", "0.1");
    options.Add("rounds", "rounds to train, 2 to 1000000", "200");
    options.Parse(argc, argv);
    const double dropRate = options.GetNumber("dropRate", 0, 0.8);
    const uint32_t rounds = options.GetUnsigned("rounds", 2, 1000000);

    std::printf("drop rate %g, 8 workers, %u rounds of RPS\n", dropRate, rounds);
    std::printf("law                     share  train_loss  consensus_error  variation\n");
    const std::string bursts = "ns3::learning::GilbertElliottErrorModel[MeanBurst=";
    Train("one by one", "ns3::learning::BernoulliErrorModel", dropRate, rounds);
    Train("bursts of 4", bursts + "4]", dropRate, rounds);
    Train("bursts of 16", bursts + "16]", dropRate, rounds);
    Train("bursts of 64", bursts + "64]", dropRate, rounds);
    Train("whole blocks", "ns3::learning::MessageErrorModel", dropRate, rounds);
    std::printf("variation: standard deviation of a round's consensus error / its mean\n");
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("burst-loss-example", [=] { RunExample(argc, argv); });
}
