/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design-offers.h"

#include "region-helper.h"

#include "ns3/boolean.h"
#include "ns3/cost-ledger.h"
#include "ns3/double.h"
#include "ns3/key-value-cache.h"
#include "ns3/object-store.h"
#include "ns3/parameter-machine.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/start-up-table.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

namespace
{

/**
 * A rate.
 * @param object which
 * @param attribute its attribute
 * @return bytes a second
 */
double
GetByteRate(Ptr<Object> object, const std::string& attribute)
{
    DataRateValue rate;
    object->GetAttribute(attribute, rate);
    return static_cast<double>(rate.Get().GetBitRate()) / 8;
}

/**
 * Mean of a random time.
 * @param draw draws it
 * @return s
 */
double
GetMean(const std::function<double()>& draw)
{
    constexpr int DRAWS = 1000;
    double sum = 0;
    for (int i = 0; i < DRAWS; ++i)
    {
        sum += draw();
    }
    return sum / DRAWS;
}

/**
 * Mean of a service's latency.
 * @param service the service
 * @return s, with the round trip
 */
double
GetLatency(Ptr<StorageService> service)
{
    PointerValue latency;
    service->GetAttribute("Latency", latency);
    const auto law = latency.Get<RandomVariableStream>();
    return GetMean([law] { return std::max(0.0, law->GetValue()); }) +
           RegionHelper::GetRoundTrip().GetSeconds();
}

/**
 * Rate at which a worker loads its partition, if it is alone.
 * @param store where it is
 * @param worker rate of its interface, bytes a second
 * @return bytes a second
 */
double
GetLoadRate(Ptr<StorageService> store, double worker)
{
    double rate = worker;
    for (const char* limit : {"ConnectionRate", "AggregateRate"})
    {
        const double most = GetByteRate(store, limit);
        rate = most > 0 ? std::min(rate, most) : rate;
    }
    return rate;
}

/**
 * Start-up times, looked up once.
 * @param most largest number of workers
 * @param startUp time by number
 * @return a function of the number
 */
std::function<double(uint32_t)>
Tabulate(uint32_t most, const std::function<double(uint32_t)>& startUp)
{
    std::vector<double> times{0};
    for (uint32_t workers = 1; workers <= most; ++workers)
    {
        times.push_back(startUp(workers));
    }
    return [times](uint32_t workers) { return times.at(workers); };
}

} // namespace

PlatformOffer
MakeOffer(Ptr<FunctionPlatform> platform, Ptr<StorageService> store, DataRate rate, uint32_t most)
{
    PlatformOffer offer;
    offer.name = "function";
    StringValue table;
    platform->GetAttribute("StartUpTable", table);
    const StartUpTable starts(table.Get());
    // what is random comes on top of the table
    const double cold =
        GetMean([platform] { return platform->DrawStart(0).GetSeconds(); }) - starts.GetSeconds(1);
    offer.startUp = Tabulate(most, [&starts, cold](uint32_t workers) {
        return starts.GetSeconds(workers) + cold;
    });
    offer.most = most;
    offer.rate = static_cast<double>(rate.GetBitRate()) / 8;
    offer.loadRate = GetLoadRate(store, offer.rate);
    offer.loadAggregate = GetByteRate(store, "AggregateRate");
    offer.loadLatency = GetLatency(store);
    offer.slowdown = platform->GetSlowdown();
    offer.checkpoints = platform->HasCheckpoints();
    const Time life =
        platform->GetLifetime() - (offer.checkpoints ? platform->GetLifetimeMargin() : Time(0));
    offer.lifetime = std::max(1e-9, life.GetSeconds()); // 0 would be no limit
    offer.roundsPerInvocation = offer.checkpoints ? platform->GetRoundsPerInvocation() : 0;
    offer.restart = GetMean([platform] { return platform->DrawRestart().GetSeconds(); });
    offer.quantum = platform->GetBillingQuantum().GetSeconds();
    offer.gigabytes = platform->GetMemoryMegabytes() / 1024.0;
    return offer;
}

PlatformOffer
MakeOffer(Ptr<MachineFleet> fleet, Ptr<StorageService> store, DataRate rate, uint32_t most)
{
    PlatformOffer offer;
    offer.name = "machine";
    offer.isFunction = false;
    offer.startUp = Tabulate(most, [fleet](uint32_t workers) {
        return fleet->GetBootTime(workers).GetSeconds();
    });
    offer.most = most;
    offer.rate = static_cast<double>(rate.GetBitRate()) / 8;
    offer.loadsFromStore = fleet->GetSource() == MachineFleet::STORE;
    offer.loadRate = fleet->GetSource() == MachineFleet::MEMORY ? 0
                     : fleet->GetSource() == MachineFleet::DISK
                         ? static_cast<double>(fleet->GetDiskRate().GetBitRate()) / 8
                         : GetLoadRate(store, offer.rate);
    offer.loadAggregate = offer.loadsFromStore ? GetByteRate(store, "AggregateRate") : 0;
    offer.loadLatency = offer.loadsFromStore ? GetLatency(store)
                        : fleet->GetSource() == MachineFleet::DISK
                            ? fleet->GetDiskTime(0).GetSeconds()
                            : 0;
    offer.slowdown = fleet->GetSlowdown();
    offer.latency = RegionHelper::GetRoundTrip().GetSeconds() / 2;
    offer.machine = fleet->GetMachineType();
    return offer;
}

ChannelOffer
MakeOffer(Ptr<StorageService> service)
{
    ChannelOffer offer;
    TimeValue provisioning;
    service->GetAttribute("ProvisioningTime", provisioning);
    offer.startUp = provisioning.Get().GetSeconds();
    offer.latency = GetLatency(service);
    offer.rate = GetByteRate(service, "ConnectionRate");
    offer.aggregateRate = GetByteRate(service, "AggregateRate");
    offer.maxObjectBytes = static_cast<double>(service->GetMaxObjectBytes());
    UintegerValue page;
    service->GetAttribute("ListPage", page);
    offer.listPage = static_cast<double>(page.Get());
    offer.node = CostLedger::GetNodeItem(service);
    if (const auto machine = DynamicCast<ParameterMachine>(service))
    {
        offer.isServer = true;
        DoubleValue serialization;
        machine->GetAttribute("SerializationTime", serialization);
        offer.serialization = serialization.Get();
    }
    else if (DynamicCast<DynamoTable>(service))
    {
        offer.put = offer.remove = "dynamo:write";
        offer.get = offer.list = "dynamo:read";
        offer.putUnit = DynamoTable::WRITE_UNIT;
        offer.getUnit = DynamoTable::READ_UNIT;
    }
    else if (DynamicCast<ObjectStore>(service))
    {
        offer.put = "s3:put";
        offer.get = "s3:get";
        offer.list = "s3:list";
        offer.remove = "s3:delete";
    }
    return offer;
}

void
ReadExchange(Ptr<Collective> collective, AdviceRequest& request)
{
    BooleanValue deletes;
    if (collective->GetAttributeFailSafe("Deletes", deletes))
    {
        request.deletes = deletes.Get();
    }
    BooleanValue waits;
    if (collective->GetAttributeFailSafe("Waits", waits))
    {
        request.polls = !waits.Get();
    }
    TimeValue interval;
    if (collective->GetAttributeFailSafe("PollInterval", interval))
    {
        request.pollInterval = interval.Get().GetSeconds();
    }
    BooleanValue listsBucket;
    UintegerValue buckets;
    if (collective->GetAttributeFailSafe("ListsBucket", listsBucket) &&
        collective->GetAttributeFailSafe("Buckets", buckets))
    {
        request.listsBucket = listsBucket.Get() && request.polls; // waits for its own chunk's
        request.buckets = static_cast<double>(buckets.Get());
    }
    DoubleValue serialization;
    if (collective->GetAttributeFailSafe("SerializationTime", serialization))
    {
        request.workerSerialization = serialization.Get();
    }
}

} // namespace serverless
} // namespace ns3
