/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The option linkLoss of lossy-training: which error models single links get. Oracle: what the
 * option says, link by link.
 */

#include "scratch/lossy-training/network-options.h"
#include "scratch/lossy-training/traffic-options.h"
#include "scratch/lossy-training/training-options.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/net-device.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * A star of four hosts.
 * @param linkLoss value of the option
 * @param transport value of the option
 * @return the network
 */
std::unique_ptr<SwitchedTopologyHelper>
Make(const std::string& linkLoss, const std::string& transport = "datagram")
{
    ScenarioOptions options("program.cc", "a test");
    AddTrainingOptions(options);
    AddNetworkOptions(options);
    AddTrafficOptions(options);
    std::vector<std::string> arguments{"program",
                                       "--linkLoss=" + linkLoss,
                                       "--transport=" + transport};
    std::vector<char*> pointers;
    for (std::string& argument : arguments)
    {
        pointers.push_back(argument.data());
    }
    options.Parse(static_cast<int>(pointers.size()), pointers.data());
    return MakeTopology(options, 4);
}

/**
 * What a device loses of what it receives.
 * @param device the device
 * @return its error model
 */
Ptr<Object>
GetErrorModel(Ptr<NetDevice> device)
{
    PointerValue value;
    device->GetAttribute("ReceiveErrorModel", value);
    return value.GetObject();
}

/**
 * A number of an error model.
 * @param model the error model
 * @param attribute its name
 * @return its value
 */
double
GetNumber(Ptr<Object> model, const std::string& attribute)
{
    DoubleValue value;
    model->GetAttribute(attribute, value);
    return value.Get();
}

} // namespace

TEST(LinkLoss, TakesEveryLaw)
{
    char name[] = "/tmp/link-loss-unit-test-XXXXXX";
    const std::string directory = mkdtemp(name);
    std::ofstream(directory + "/trace") << "0 1 1 0\n";
    const auto star = Make(
        "0:in:0.2,1:in:0.25:gilbert-elliott:8,2:in:0.5:message,3:in:trace:" + directory + "/trace");
    const auto devices = star->GetHostDevices();
    const std::vector<std::string> types{"Bernoulli", "GilbertElliott", "Message", "Trace"};
    for (uint32_t host = 0; host < 4; ++host)
    {
        EXPECT_EQ(GetErrorModel(devices.Get(host))->GetInstanceTypeId().GetName(),
                  "ns3::learning::" + types[host] + "ErrorModel");
    }
    EXPECT_EQ(GetNumber(GetErrorModel(devices.Get(0)), "DropRate"), 0.2);
    EXPECT_EQ(GetNumber(GetErrorModel(devices.Get(1)), "DropRate"), 0.25);
    EXPECT_EQ(GetNumber(GetErrorModel(devices.Get(1)), "MeanBurst"), 8);
    EXPECT_EQ(GetNumber(GetErrorModel(devices.Get(2)), "DropRate"), 0.5);
    std::filesystem::remove_all(directory);
    Simulator::Destroy();
}

TEST(LinkLoss, TakesTypesWithCommasAndConcernsTcp)
{
    const auto star = Make("2:in:0.5:ns3::learning::GilbertElliottErrorModel[MeanBurst=3],"
                           "1:in:ns3::learning::ScheduledErrorModel[Schedule=0s:0,1s:0.1]",
                           "tcp");
    const auto model = GetErrorModel(star->GetHostDevices().Get(2));
    EXPECT_EQ(GetNumber(model, "MeanBurst"), 3);
    EXPECT_EQ(GetNumber(model, "DropRate"), 0.5);
    BooleanValue other;
    model->GetAttribute("DropOther", other);
    EXPECT_TRUE(other.Get()) << "packets of TCP carry no segments of ours";
    EXPECT_EQ(GetErrorModel(star->GetHostDevices().Get(1))->GetInstanceTypeId().GetName(),
              "ns3::learning::ScheduledErrorModel");
    Simulator::Destroy();
}

TEST(LinkLossDeathTest, RefusesWhatIsNoLaw)
{
    for (const std::string wrong : {"4:in:0.1",
                                    "0:by:0.1",
                                    "0:in:1.5",
                                    "0:in",
                                    "0:in:message",
                                    "0:in:0.1:gilbert-elliott",
                                    "0:in:0.1:trace:/dev/null",
                                    "0:in:0.1:storm"})
    {
        EXPECT_EXIT(
            {
                try
                {
                    Make(wrong);
                }
                catch (const std::exception& error)
                {
                    std::cerr << error.what() << std::endl;
                    _exit(1);
                }
            },
            testing::ExitedWithCode(1),
            "linkLoss.*needed")
            << wrong;
    }
}
