/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "machine-fleet.h"

#include "bounded-time.h"
#include "start-up-table.h"

#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/learning-compatibility.h"
#include "ns3/string.h"

#include <limits>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(MachineFleet);

namespace
{

/**
 * Checks a rate that times are divided by.
 * @param rate the rate
 * @param attribute that it is from
 * @return the rate
 */
DataRate
NeedRate(DataRate rate, const std::string& attribute)
{
    if (rate.GetBitRate() == 0)
    {
        throw std::invalid_argument("ns3::serverless::MachineFleet::" + attribute +
                                    "=0bps: a rate above 0 is needed");
    }
    return rate;
}

} // namespace

TypeId
MachineFleet::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::MachineFleet")
            .SetParent<Object>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<MachineFleet>()
            .AddAttribute(
                "MachineType",
                "Name of the machine type, as in price tables; LambdaML's default "
                "(unverified). It decides the price alone: NetworkRate and Slowdown are to be "
                "set with it.",
                StringValue("t2.medium"),
                MakeStringAccessor(&MachineFleet::m_machineType),
                MakeStringChecker())
            .AddAttribute("BootTable",
                          "Seconds until so many machines are ready, count:seconds,...; 132, 160, "
                          "292 and 606 s for 10, 50, 100 and 200 (LambdaML, unverified).",
                          StringValue("10:132,50:160,100:292,200:606"),
                          MakeStringAccessor(&MachineFleet::m_bootTable),
                          MakeStringChecker())
            .AddAttribute("NetworkRate",
                          "Rate of a machine's network interface, each way; 120 MB/s for "
                          "t2.medium, 225 MB/s for c5.large (LambdaML, unverified).",
                          StringValue("960Mbps"),
                          MakeDataRateAccessor(&MachineFleet::m_networkRate),
                          MakeDataRateChecker())
            .AddAttribute("Slowdown",
                          "Factor by which a computation takes longer than on the machine that "
                          "compute times are given for, 1e-9 to 1e9; 1/8 for a GPU T4 on MobileNet "
                          "(LambdaML, unverified).",
                          DoubleValue(1),
                          MakeDoubleAccessor(&MachineFleet::m_slowdown),
                          MakeDoubleChecker<double>(1e-9, 1e9))
            .AddAttribute("Source",
                          "Where partitions are: Store (the storage service), Disk (block storage "
                          "of the machine) or Memory (hot data).",
                          learning::EnumValueFor<Source>(STORE),
                          learning::MakeEnumAccessorFor<Source>(&MachineFleet::m_source),
                          MakeEnumChecker(STORE, "Store", DISK, "Disk", MEMORY, "Memory"))
            .AddAttribute("DiskRate",
                          "Rate of block storage; 1,950 MB/s for EBS gp2 (LambdaML, unverified).",
                          StringValue("15.6Gbps"),
                          MakeDataRateAccessor(&MachineFleet::m_diskRate),
                          MakeDataRateChecker())
            .AddAttribute("DiskLatency",
                          "Latency of block storage; 30 us (LambdaML, unverified).",
                          TimeValue(MicroSeconds(30)),
                          MakeTimeAccessor(&MachineFleet::m_diskLatency),
                          MakeBoundedTimeChecker());
    return tid;
}

Time
MachineFleet::GetBootTime(uint32_t machines) const
{
    return Seconds(StartUpTable(m_bootTable).GetSeconds(machines));
}

const std::string&
MachineFleet::GetMachineType() const
{
    return m_machineType;
}

DataRate
MachineFleet::GetNetworkRate() const
{
    return NeedRate(m_networkRate, "NetworkRate");
}

double
MachineFleet::GetSlowdown() const
{
    return m_slowdown;
}

MachineFleet::Source
MachineFleet::GetSource() const
{
    return m_source;
}

DataRate
MachineFleet::GetDiskRate() const
{
    return NeedRate(m_diskRate, "DiskRate");
}

Time
MachineFleet::GetDiskTime(uint64_t bytes) const
{
    const double rate = static_cast<double>(GetDiskRate().GetBitRate());
    return m_diskLatency + MakeBoundedTime(static_cast<double>(bytes) * 8 / rate,
                                           "ns3::serverless::MachineFleet::DiskRate: loading");
}

} // namespace serverless
} // namespace ns3
