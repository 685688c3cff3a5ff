/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "point-to-point-switch.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-queue-disc-item.h"
#include "ns3/network-order.h"
#include "ns3/packet.h"
#include "ns3/random-engine.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(PointToPointSwitch);

namespace
{
constexpr uint16_t IPV4_ETHER_TYPE = 0x0800;
constexpr uint32_t IPV4_HEADER_BYTES = 20;
constexpr uint32_t LARGE_PACKET_BYTES = 8192; //!< from here on an event costs less than a copy

} // namespace

TypeId
PointToPointSwitch::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::PointToPointSwitch")
                            .SetParent<Object>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<PointToPointSwitch>();
    return tid;
}

void
PointToPointSwitch::DoDispose()
{
    m_node = nullptr;
    m_trafficControl = nullptr;
    m_routes.clear();
    m_defaultRoute.clear();
    m_arrivals.clear();
    Object::DoDispose();
}

void
PointToPointSwitch::Install(Ptr<Node> node)
{
    m_node = node;
    node->RegisterProtocolHandler(MakeCallback(&PointToPointSwitch::Receive, this),
                                  IPV4_ETHER_TYPE,
                                  nullptr);
}

void
PointToPointSwitch::AddRoute(Ipv4Address destination, Ptr<NetDevice> device)
{
    m_routes[destination.Get()].push_back(device);
}

void
PointToPointSwitch::SetDefaultRoute(const std::vector<Ptr<NetDevice>>& devices)
{
    m_defaultRoute = devices;
}

void
PointToPointSwitch::UseQueueDiscs()
{
    if (!m_trafficControl)
    {
        m_trafficControl = m_node->GetObject<TrafficControlLayer>();
        if (!m_trafficControl)
        {
            m_trafficControl = CreateObject<TrafficControlLayer>();
            m_node->AggregateObject(m_trafficControl);
        }
    }
}

void
PointToPointSwitch::OrderArrivals()
{
    m_ordersArrivals = true;
}

uint64_t
PointToPointSwitch::GetUnroutedCount() const
{
    return m_unrouted;
}

void
PointToPointSwitch::Receive(Ptr<NetDevice> device,
                            Ptr<const Packet> packet,
                            uint16_t /* protocol */,
                            const Address& /* from */,
                            const Address& /* to */,
                            NetDevice::PacketType /* type */)
{
    if (!m_ordersArrivals)
    {
        Forward(packet);
        return;
    }
    if (m_arrivals.empty())
    {
        // Transmissions take time, so all other arrivals of this moment are scheduled already.
        Simulator::ScheduleNow(&PointToPointSwitch::ForwardArrivals, this);
    }
    m_arrivals.emplace_back(device->GetIfIndex(), packet);
}

void
PointToPointSwitch::ForwardArrivals()
{
    std::stable_sort(m_arrivals.begin(), m_arrivals.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    for (const auto& [device, packet] : std::exchange(m_arrivals, {}))
    {
        Forward(packet);
    }
}

void
PointToPointSwitch::Forward(Ptr<const Packet> packet)
{
    uint8_t bytes[IPV4_HEADER_BYTES + 4]; // the ports follow a header without options
    const uint32_t copied = packet->CopyData(bytes, sizeof(bytes));
    if (copied < IPV4_HEADER_BYTES)
    {
        ++m_unrouted;
        return;
    }
    const uint32_t destination = ReadNetworkOrder<uint32_t>(bytes + 16);
    const auto route = m_routes.find(destination);
    const std::vector<Ptr<NetDevice>>& ways =
        route == m_routes.end() ? m_defaultRoute : route->second;
    if (ways.empty())
    {
        ++m_unrouted;
        return;
    }
    std::size_t way = 0;
    if (ways.size() > 1)
    {
        const uint64_t ports =
            copied == sizeof(bytes) ? ReadNetworkOrder<uint32_t>(bytes + IPV4_HEADER_BYTES) : 0;
        const uint64_t addresses =
            (uint64_t{ReadNetworkOrder<uint32_t>(bytes + 12)} << 32) | destination;
        way = SplitMix64(addresses, ports, m_node->GetId()) % ways.size();
    }
    if (packet->GetSize() < LARGE_PACKET_BYTES)
    {
        Send(ways[way], packet->Copy());
    }
    else
    {
        // Until the device that received the packet lets go of it, a header cannot be added without
        // copying all bytes.
        Simulator::ScheduleNow(&PointToPointSwitch::SendLarge, this, ways[way], packet);
    }
}

void
PointToPointSwitch::SendLarge(const Ptr<NetDevice>& out, const Ptr<const Packet>& packet)
{
    // most often nobody but this event has it any more
    Send(out, packet->GetReferenceCount() == 1 ? ConstCast<Packet>(packet) : packet->Copy());
}

void
PointToPointSwitch::Send(const Ptr<NetDevice>& out, const Ptr<Packet>& packet)
{
    if (!m_trafficControl)
    {
        out->Send(packet, m_broadcast, IPV4_ETHER_TYPE);
        return;
    }
    Ipv4Header header;
    packet->RemoveHeader(header);
    m_trafficControl->Send(out,
                           Create<Ipv4QueueDiscItem>(packet, m_broadcast, IPV4_ETHER_TYPE, header));
}

} // namespace learning
} // namespace ns3
