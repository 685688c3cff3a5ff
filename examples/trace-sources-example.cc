/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The trace sources, connected as in any ns-3 program, without a recorder:
//
//     Worker           RoundEnd     a worker has ended a round
//     ParameterServer  Aggregate    a block is about to be averaged
//     BlockTransport   Segments     segments were sent, received, late or duplicate
//     BlockTransport   Close        a block is not awaited any more
//     SegmentErrorModel Drop        the network dropped segments
//
// Look at a row: what was sent was received or dropped. A block of four workers has mean_models
// contributions to each of its segments: 1 of the server's own and 3 that may be lost, so 4 - 3 p.

#include "ns3/core-module.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/segment-tag.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"

#include <cstdio>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// What happened in a round.
struct Round
{
    double end{0};           ///< when its last worker ended it, in s
    uint32_t sent{0};        ///< segments sent
    uint32_t received{0};    ///< of these, received in time
    uint32_t late{0};        ///< of these, received too late
    uint32_t dropped{0};     ///< of these, dropped
    uint32_t blocks{0};      ///< blocks closed by receivers
    uint32_t incomplete{0};  ///< of these, those that lack segments
    double contributions{0}; ///< summed over segments that were averaged
    double averaged{0};      ///< segments that were averaged
};

std::vector<Round> g_rounds; ///< by number

/**
 * A worker has ended a round.
 * @param round the round
 */
void
RoundEnd(uint32_t /* worker */, uint32_t round)
{
    g_rounds.at(round).end = Simulator::Now().GetSeconds();
}

/**
 * A block is about to be averaged.
 * @param round the round
 * @param contributions what is averaged
 * @param layout how the block is cut
 */
void
Aggregate(uint32_t round,
          uint32_t /* block */,
          const std::vector<AggregationRule::Contribution>& contributions,
          const SegmentLayout& layout)
{
    for (const AggregationRule::Contribution& contribution : contributions)
    {
        g_rounds.at(round).contributions += contribution.mask->GetCount();
    }
    g_rounds.at(round).averaged += layout.GetSegmentCount();
}

/**
 * A transport reports.
 * @param id the block
 * @param fate what became of segments
 * @param segments how many
 */
void
Segments(const BlockId& id, BlockTransport::Fate fate, uint32_t segments, uint32_t /* bytes */)
{
    Round& round = g_rounds.at(id.round);
    round.sent += fate == BlockTransport::SENT ? segments : 0;
    round.received += fate == BlockTransport::RECEIVED ? segments : 0;
    round.late += fate == BlockTransport::LATE ? segments : 0;
}

/**
 * A receiver awaits nothing more of a block.
 * @param id the block
 * @param received segments that arrived
 * @param segments segments of the block
 */
void
Close(const BlockId& id, uint32_t received, uint32_t segments)
{
    ++g_rounds.at(id.round).blocks;
    g_rounds.at(id.round).incomplete += received < segments;
}

/**
 * The network drops.
 * @param packet the packet
 * @param segments segments of it that are dropped
 */
void
Drop(Ptr<const Packet> packet, uint32_t segments)
{
    SegmentTag tag;
    packet->PeekPacketTag(tag);
    g_rounds.at(tag.GetMessage().round).dropped += segments;
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunExample(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__, "The trace sources, connected as in any ns-3 program.");
    options.Add("dropRate", "probability that a data segment is dropped, 0 to 1", "0.1");
    options.Add("rounds", "rounds to train, 1 to 1000000", "10");
    options.Parse(argc, argv);
    const double dropRate = options.GetNumber("dropRate", 0, 1);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    StarTopologyHelper star(4);
    star.SetDropRate(dropRate);
    star.Build();
    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=100,samples=2000");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("64"));
    training.SetTransport("ns3::learning::DatagramTransport", "SegmentBytes", UintegerValue(200));
    const ApplicationContainer workers = training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);

    g_rounds.resize(rounds);
    // by path, as in any ns-3 program
    Config::ConnectWithoutContext("/NodeList/*/ApplicationList/*/$ns3::learning::Worker/RoundEnd",
                                  MakeCallback(&RoundEnd));
    Config::ConnectWithoutContext(
        "/NodeList/*/ApplicationList/*/$ns3::learning::ParameterServer/Aggregate",
        MakeCallback(&Aggregate));
    Config::ConnectWithoutContext("/NodeList/*/DeviceList/*/ReceiveErrorModel/"
                                  "$ns3::learning::SegmentErrorModel/Drop",
                                  MakeCallback(&Drop));
    // transports are no attributes of anything: by object
    for (uint32_t i = 0; i < workers.GetN(); ++i)
    {
        const Ptr<BlockTransport> transport = DynamicCast<Worker>(workers.Get(i))->GetTransport();
        transport->TraceConnectWithoutContext("Segments", MakeCallback(&Segments));
        transport->TraceConnectWithoutContext("Close", MakeCallback(&Close));
    }

    Simulator::Run();
    std::printf("drop rate %g, 4 workers with a server each\n", dropRate);
    std::printf("round  end_us sent received late dropped blocks incomplete mean_models\n");
    for (uint32_t i = 0; i < rounds; ++i)
    {
        const Round& round = g_rounds[i];
        std::printf("%5u %7.2f %4u %8u %4u %7u %6u %10u %11.3f\n",
                    i,
                    round.end * 1e6,
                    round.sent,
                    round.received,
                    round.late,
                    round.dropped,
                    round.blocks,
                    round.incomplete,
                    round.contributions / round.averaged);
    }
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("trace-sources-example", [=] { RunExample(argc, argv); });
}
