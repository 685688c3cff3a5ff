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
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <iostream>
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

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunExample(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__, "One training distributed over MPI ranks.");
    options.Add("workers", "workers, each with a server, at least one a rank, 2 to 10000", "16");
    options.Add("hidden", "hidden units of the perceptron, a number a layer", "64");
    options.Add("batch", "samples of a mini-batch, 1 to 6400", "32");
    options.Add("rounds", "rounds to train, 1 to 1000000", "20");
    options.Add("segmentBytes", "payload of a segment, a multiple of 4 from 4 to 65000", "1400");
    options.Add("segmentsPerPacket", "length of a train, 1 to 64: 1 between ranks", "1");
    options.Add("dropRate", "probability that a data segment is dropped, 0 to 1", "0.1");
    options.Add("delay", "of each link: the longer, the less often ranks wait", "10us");
    options.Parse(argc, argv);
    const uint32_t workers = options.GetUnsigned("workers", 2, 10000);
    const std::string hidden = options.GetText("hidden");
    const uint32_t batch = options.GetUnsigned("batch", 1, 6400);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);
    const uint32_t segmentBytes = options.GetUnsigned("segmentBytes", 4, 65000);
    const uint32_t segmentsPerPacket = options.GetUnsigned("segmentsPerPacket", 1, 64);
    const double dropRate = options.GetNumber("dropRate", 0, 1);
    const Time delay = options.GetTime("delay");

    // before anything else: the engine is chosen with the first event
    GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::DistributedSimulatorImpl"));
    MpiInterface::Enable(&argc, &argv);
    const uint32_t ranks = MpiInterface::GetSize();
    if (MpiInterface::GetSystemId() != 0)
    {
        std::cerr.setstate(std::ios::failbit); // every rank finds the same mistake: one tells it
    }
    if (ranks == 1)
    {
        GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::DefaultSimulatorImpl"));
    }

    StarTopologyHelper star(workers);
    star.SetChannelAttribute("Delay", TimeValue(delay));
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
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
{
    const int status = RunProgram("mpi-training-example", [=] { RunExample(argc, argv); });
    if (MpiInterface::IsEnabled())
    {
        MpiInterface::Disable();
    }
    return status;
}
