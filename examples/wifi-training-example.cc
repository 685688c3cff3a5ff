/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Four stations of an ad-hoc Wi-Fi network (802.11a) train together: ns-3's own radio, medium
// access and rate, no error model. The stations stand in a square, and all packets share the air.
//
// Look at the time of a round against the bytes: 54 Mbps of the radio are less than half of that
// for the training, since each packet has its preamble, its wait and its acknowledgement. Farther
// apart (--side), the radio repeats what it lost, until it gives up: then the delivered share
// falls, and the training goes on with what arrived.

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mobility-helper.h"
#include "ns3/network-module.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"
#include "ns3/yans-wifi-helper.h"

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
    ScenarioOptions options(__FILE__, "Training in an ad-hoc Wi-Fi network.");
    options.Add("side", "side of the square in m, 0.1 to 10000", "20");
    options.Add("rounds", "rounds to train, 1 to 1000000", "30");
    options.Parse(argc, argv);
    const double side = options.GetNumber("side", 0.1, 10000);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    NodeContainer stations(4);
    MobilityHelper mobility;
    mobility.SetPositionAllocator("ns3::GridPositionAllocator",
                                  "GridWidth",
                                  UintegerValue(2),
                                  "DeltaX",
                                  DoubleValue(side),
                                  "DeltaY",
                                  DoubleValue(side));
    mobility.Install(stations);

    YansWifiPhyHelper radio;
    radio.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiMacHelper access;
    access.SetType("ns3::AdhocWifiMac");
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211a);
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                 "DataMode",
                                 StringValue("OfdmRate54Mbps"),
                                 "ControlMode",
                                 StringValue("OfdmRate24Mbps"));
    const NetDeviceContainer devices = wifi.Install(radio, access, stations);
    wifi.AssignStreams(devices, 100);

    InternetStackHelper internet;
    internet.Install(stations);
    Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(devices);
    // or address resolution would lose a part of the first burst, which nothing counts
    NeighborCacheHelper().PopulateNeighborCache();

    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=50,samples=2000");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("32"));
    training.SetTransport("ns3::learning::DatagramTransport",
                          "LinkHeaderBytes", // of 802.11 and its logical link control
                          UintegerValue(36));
    // the rate of a radio is no attribute of its device from which deadlines could be chosen
    training.SetDeadlines(Seconds(1), Seconds(2));
    const ApplicationContainer workers = training.Install(stations);
    training.StopAfterRounds(rounds);

    TrainingRecorder recorder;
    recorder.Observe(workers);
    Simulator::Run();
    const TrainingRecord& end = recorder.GetLast();
    const double bytes = static_cast<double>(end.bytesUp + end.bytesDown);
    std::printf("%u rounds, %.1f ms each, %.1f Mbps of the 54 Mbps in the air\n",
                end.round,
                end.time * 1e3 / end.round,
                8 * bytes / end.time / 1e6);
    std::printf("delivered: push %.3f, pull %.3f of the segments\n",
                end.deliveredPush,
                end.deliveredPull);
    std::printf("test accuracy: mean model %.3f, worst worker %.3f\n",
                end.testAccuracy,
                end.worstWorkerAccuracy);
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("wifi-training-example", [=] { RunExample(argc, argv); });
}
