/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Training on a network that was made by hand with ns-3's own helpers: two Ethernets of four
// workers each behind routers, and a slow line between the routers.
//
//     workers 0 .. 3 ==CSMA== router ----point-to-point---- router ==CSMA== workers 4 .. 7
//
// All that a training needs is nodes with addresses. The error models are ns-3's way, too: one on
// each worker's device, so that the drop rate is end to end. Look at the delivered shares: 1 -
// dropRate, within chance; and at the time of a round, which is that of the line.

#include "ns3/bernoulli-error-model.h"
#include "ns3/core-module.h"
#include "ns3/csma-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

#include <cstdio>

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
                            "Training on a network that was made by hand with ns-3's own helpers.");
    options.Add("dropRate", "probability that a data segment is dropped, 0 to 1", "0.1");
    options.Add("lineRate", "rate of the line between the routers, such as 200Mbps", "200Mbps");
    options.Add("rounds", "rounds to train, 1 to 1000000", "30");
    options.Parse(argc, argv);
    const double dropRate = options.GetNumber("dropRate", 0, 1);
    const DataRate lineRate = options.GetRate("lineRate");
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    NodeContainer workers(8);
    NodeContainer routers(2);
    InternetStackHelper internet;
    internet.Install(workers);
    internet.Install(routers);

    CsmaHelper ethernet;
    ethernet.SetChannelAttribute("DataRate", StringValue("1Gbps"));
    ethernet.SetChannelAttribute("Delay", StringValue("5us"));
    ethernet.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("10000p"));
    PointToPointHelper line;
    line.SetDeviceAttribute("DataRate", DataRateValue(lineRate));
    line.SetChannelAttribute("Delay", StringValue("1ms"));
    line.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("10000p"));

    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
    for (uint32_t side = 0; side < 2; ++side)
    {
        NodeContainer members(routers.Get(side));
        for (uint32_t i = 4 * side; i < 4 * side + 4; ++i)
        {
            members.Add(workers.Get(i));
        }
        const NetDeviceContainer devices = ethernet.Install(members);
        for (uint32_t i = 1; i < devices.GetN(); ++i) // not the router's
        {
            Ptr<BernoulliErrorModel> errorModel = CreateObject<BernoulliErrorModel>();
            errorModel->SetAttribute("DropRate", DoubleValue(dropRate));
            errorModel->AssignStreams(100 + 4 * side + i);
            devices.Get(i)->SetAttribute("ReceiveErrorModel", PointerValue(errorModel));
        }
        addresses.Assign(devices);
        addresses.NewNetwork();
    }
    addresses.Assign(line.Install(routers));
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    // or ARP would lose a part of the first burst, which nothing counts
    NeighborCacheHelper().PopulateNeighborCache();

    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=100,samples=4000");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("64"));
    training.SetTransport("ns3::learning::DatagramTransport",
                          "SegmentBytes", // with 60 bytes of headers within Ethernet's 1,500
                          UintegerValue(1400),
                          "LinkHeaderBytes",
                          UintegerValue(18));
    const ApplicationContainer applications = training.Install(workers);
    training.StopAfterRounds(rounds);

    TrainingRecorder recorder;
    recorder.Observe(applications);
    Simulator::Run();
    const TrainingRecord& end = recorder.GetLast();
    std::printf("%u rounds, %.3f ms each (line %s)\n",
                end.round,
                end.time * 1e3 / end.round,
                options.GetText("lineRate").c_str());
    std::printf("delivered: push %.3f, pull %.3f of the segments (drop rate %g)\n",
                end.deliveredPush,
                end.deliveredPull,
                dropRate);
    std::printf("segments: %lu sent = %lu received + %lu dropped + %lu late\n",
                static_cast<unsigned long>(end.segmentsSent),
                static_cast<unsigned long>(end.segmentsReceived),
                static_cast<unsigned long>(end.segmentsDropped),
                static_cast<unsigned long>(end.segmentsLate));
    std::printf("test accuracy: mean model %.4f, worst worker %.4f\n",
                end.testAccuracy,
                end.worstWorkerAccuracy);
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("existing-topology-example", [=] { RunExample(argc, argv); });
}
