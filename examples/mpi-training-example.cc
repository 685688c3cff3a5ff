/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// One training distributed over MPI ranks, for replicas that do not fit into one process:
//
//     mpirun -np 2 build/contrib/distributed-learning/examples/ns3*-mpi-training-example-optimized
//
// Each rank has an equal share of the workers, rank 0 has the switch, and what passes between them
// are packets. Look at the digests of the replicas: they are the same with any number of ranks,
// and without mpirun, drops included.

#include "ns3/core-module.h"
#include "ns3/evaluation.h"
#include "ns3/mpi-interface.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <map>

using namespace ns3;
using namespace ns3::learning;

namespace
{

std::map<uint32_t, Time> g_ends; ///< when each worker of this rank has ended its last round

/**
 * A worker has ended a round.
 * @param worker index of the worker
 */
void
RoundEnd(uint32_t worker, uint32_t /* round */)
{
    g_ends[worker] = Simulator::Now();
}

/**
 * A digest of a replica (64-bit FNV-1a): another one if a single bit differs.
 * @param parameters the replica
 * @return the digest
 */
uint64_t
GetDigest(const AlignedVector& parameters)
{
    uint64_t digest = 0xcbf29ce484222325;
    for (const float parameter : parameters)
    {
        uint32_t bits;
        std::memcpy(&bits, &parameter, sizeof(bits));
        for (uint32_t byte = 0; byte < sizeof(bits); ++byte)
        {
            digest = (digest ^ (bits >> 8 * byte & 0xff)) * 0x100000001b3;
        }
    }
    return digest;
}

} // namespace

int
main(int argc, char* argv[])
try
{
    uint32_t workers = 16;
    std::string hidden = "64";
    uint32_t batch = 32;
    uint32_t rounds = 20;
    uint32_t segmentBytes = 1400;
    uint32_t segmentsPerPacket = 1;
    double dropRate = 0.1;
    std::string delay = "10us";
    CommandLine cmd(__FILE__);
    cmd.AddValue("workers", "workers, each with a server, at least one a rank", workers);
    cmd.AddValue("hidden", "hidden units of the perceptron, a number a layer", hidden);
    cmd.AddValue("batch", "samples of a mini-batch", batch);
    cmd.AddValue("rounds", "rounds to train, at least 1", rounds);
    cmd.AddValue("segmentBytes", "payload of a segment", segmentBytes);
    cmd.AddValue("segmentsPerPacket", "length of a train: 1 between ranks", segmentsPerPacket);
    cmd.AddValue("dropRate", "probability that a data segment is dropped, end to end", dropRate);
    cmd.AddValue("delay", "of each link: the longer, the less often ranks wait", delay);
    cmd.Parse(argc, argv);

    // before anything else: the engine is chosen with the first event
    GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::DistributedSimulatorImpl"));
    MpiInterface::Enable(&argc, &argv);
    const uint32_t ranks = MpiInterface::GetSize();
    if (ranks == 1)
    {
        GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::DefaultSimulatorImpl"));
    }

    StarTopologyHelper star(workers);
    star.SetChannelAttribute("Delay", StringValue(delay));
    star.SetDropRate(dropRate);
    star.SetRanks(ranks);
    star.Build();

    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=100,samples=6400");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue(hidden));
    training.SetTransport("ns3::learning::DatagramTransport",
                          "SegmentBytes",
                          UintegerValue(segmentBytes),
                          "SegmentsPerPacket",
                          UintegerValue(segmentsPerPacket));
    training.SetBatchSize(batch);
    // those of this rank: the other ranks install theirs
    const ApplicationContainer own = training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);
    for (uint32_t i = 0; i < own.GetN(); ++i)
    {
        own.Get(i)->TraceConnectWithoutContext("RoundEnd", MakeCallback(&RoundEnd));
    }

    Simulator::Run();
    const Ptr<TrainingSetup> setup = training.GetSetup();
    for (uint32_t i = 0; i < own.GetN(); ++i)
    {
        const Ptr<Worker> worker = DynamicCast<Worker>(own.Get(i));
        const LearningModel::Evaluation evaluation =
            EvaluateDataset(*setup->model,
                            worker->GetParameters().data(),
                            *setup->training,
                            0,
                            setup->training->GetSampleCount());
        std::printf("worker %u: %u rounds, %.9f s, loss %.6f, digest %016" PRIx64 "\n",
                    worker->GetIndex(),
                    worker->GetCompletedRounds(),
                    g_ends[worker->GetIndex()].GetSeconds(),
                    evaluation.lossSum / static_cast<double>(evaluation.samples),
                    GetDigest(worker->GetParameters()));
    }
    std::fflush(stdout);
    Simulator::Destroy();
    MpiInterface::Disable();
    return 0;
}

catch (const std::exception& error)
{
    // every rank finds the same mistake: no rank waits for another one
    if (!MpiInterface::IsEnabled() || MpiInterface::GetSystemId() == 0)
    {
        std::cerr << "mpi-training-example: " << error.what() << std::endl;
    }
    Simulator::Destroy(); // of what is left
    if (MpiInterface::IsEnabled())
    {
        MpiInterface::Disable();
    }
    return 1;
}
