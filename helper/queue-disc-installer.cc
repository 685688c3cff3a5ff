/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "queue-disc-installer.h"

#include "type-specification.h"

#include "ns3/cobalt-queue-disc.h"
#include "ns3/dscp-packet-filter.h"
#include "ns3/mq-queue-disc.h"
#include "ns3/net-device-queue-interface.h"
#include "ns3/node.h"
#include "ns3/pie-queue-disc.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/prio-queue-disc.h"
#include "ns3/queue-size.h"
#include "ns3/queue.h"
#include "ns3/red-queue-disc.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/uinteger.h"

#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Fixes the random stream of a queue disc, if it draws.
 * @param disc the queue disc
 * @param stream the stream
 */
void
AssignStream(Ptr<QueueDisc> disc, int64_t stream)
{
    if (const Ptr<RedQueueDisc> red = DynamicCast<RedQueueDisc>(disc))
    {
        red->AssignStreams(stream);
    }
    else if (const Ptr<PieQueueDisc> pie = DynamicCast<PieQueueDisc>(disc))
    {
        pie->AssignStreams(stream);
    }
    else if (const Ptr<CobaltQueueDisc> cobalt = DynamicCast<CobaltQueueDisc>(disc))
    {
        cobalt->AssignStreams(stream);
    }
}

} // namespace

void
CheckQueueDisc(const QueueDiscSpecification& specification)
{
    const ObjectFactory factory = MakeFactory(specification.type, QueueDisc::GetTypeId());
    const TypeId type = factory.GetTypeId();
    if (type == MqQueueDisc::GetTypeId())
    {
        throw std::invalid_argument(type.GetName() + ": the devices have one queue each, so a "
                                                     "queue disc that serves it itself is needed");
    }
    TypeId::AttributeInformation information;
    if (type.LookupAttributeByName("Flows", &information)) // others may take a random stream
    {
        UintegerValue flows;
        factory.Create<QueueDisc>()->GetAttribute("Flows", flows);
        if (flows.Get() == 0)
        {
            throw std::invalid_argument(specification.type + ": at least 1 flow is needed");
        }
    }
    const bool isPriority = type == PrioQueueDisc::GetTypeId();
    if (isPriority != !specification.classes.empty() || specification.classes.size() > 16)
    {
        throw std::invalid_argument(type.GetName() + " with " +
                                    std::to_string(specification.classes.size()) +
                                    " classes: " + (isPriority ? "1 to 16" : "0") + " are needed");
    }
    for (const std::string& each : specification.classes)
    {
        MakeFactory(each, QueueDisc::GetTypeId());
    }
}

Ptr<QueueDisc>
InstallQueueDisc(const QueueDiscSpecification& specification, Ptr<NetDevice> device, int64_t stream)
{
    const ObjectFactory factory = MakeFactory(specification.type, QueueDisc::GetTypeId());
    const Ptr<QueueDisc> disc = factory.Create<QueueDisc>();
    AssignStream(disc, stream);
    for (const std::string& each : specification.classes)
    {
        const Ptr<QueueDisc> child = MakeFactory(each, QueueDisc::GetTypeId()).Create<QueueDisc>();
        AssignStream(child, ++stream);
        const Ptr<QueueDiscClass> band = CreateObject<QueueDiscClass>();
        band->SetQueueDisc(child);
        disc->AddQueueDiscClass(band);
    }
    if (!specification.classes.empty())
    {
        const Ptr<DscpPacketFilter> filter = CreateObject<DscpPacketFilter>();
        filter->SetAttribute("Band", UintegerValue(specification.classes.size() - 1));
        disc->AddPacketFilter(filter);
    }

    const Ptr<Queue<Packet>> queue = DynamicCast<PointToPointNetDevice>(device)->GetQueue();
    queue->SetMaxSize(QueueSize(QueueSizeUnit::PACKETS, 1));
    const Ptr<NetDeviceQueueInterface> interface = CreateObject<NetDeviceQueueInterface>();
    interface->GetTxQueue(0)->ConnectQueueTraces(queue);
    device->AggregateObject(interface);
    device->GetNode()->GetObject<TrafficControlLayer>()->SetRootQueueDiscOnDevice(device, disc);
    return disc;
}

} // namespace learning
} // namespace ns3
