/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "udp-port.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <memory>

namespace ns3
{
namespace learning
{

UdpPort::UdpPort(Ptr<Node> node, const Address& address)
    : m_node(node),
      m_address(address),
      m_number(Inet6SocketAddress::IsMatchingType(address)
                   ? Inet6SocketAddress::ConvertFrom(address).GetPort()
                   : InetSocketAddress::ConvertFrom(address).GetPort())
{
}

bool
UdpPort::Open(const Receiver& receiver)
{
    const Ptr<UdpPort> self(this); // held by what calls back
    if (Inet6SocketAddress::IsMatchingType(m_address))
    {
        m_socket = Socket::CreateSocket(m_node, UdpSocketFactory::GetTypeId());
        if (m_socket->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), m_number)) != 0)
        {
            m_socket = nullptr;
            return false;
        }
        m_socket->SetRecvCallback(
            Callback<void, Ptr<Socket>>([self](Ptr<Socket> socket) { self->Read(socket); }));
    }
    else
    {
        m_ipv4 = m_node->GetObject<Ipv4>();
        m_udp = m_node->GetObject<UdpL4Protocol>();
        m_endPoint = m_udp->Allocate(nullptr, m_number);
        if (!m_endPoint)
        {
            return false;
        }
        m_endPoint->SetRxCallback(
            Callback<void, Ptr<Packet>, Ipv4Header, uint16_t, Ptr<Ipv4Interface>>(
                [self](Ptr<Packet> packet, Ipv4Header, uint16_t, Ptr<Ipv4Interface>) {
                    self->Take(packet);
                }));
        m_endPoint->SetDestroyCallback(Callback<void>([self] { self->m_endPoint = nullptr; }));
    }
    m_receiver = receiver;
    return true;
}

bool
UdpPort::IsOpen() const
{
    return !m_receiver.IsNull();
}

void
UdpPort::Close()
{
    m_receiver.Nullify();
    ForgetRoute();
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
    if (m_isTaking)
    {
        // not while the end point calls
        Simulator::ScheduleNow(&UdpPort::Free, Ptr<UdpPort>(this));
    }
    else
    {
        Free();
    }
}

void
UdpPort::Free()
{
    if (m_endPoint)
    {
        const Ptr<UdpPort> self(this); // the end point may be the last to hold it
        m_udp->DeAllocate(m_endPoint); // which calls that it is destroyed
    }
}

uint16_t
UdpPort::GetNumber() const
{
    return m_number;
}

bool
UdpPort::Send(Ptr<Packet> packet, const Address& to, bool keepsRoute)
{
    if (m_socket)
    {
        return m_socket->SendTo(packet, 0, to) >= 0;
    }
    const InetSocketAddress address = InetSocketAddress::ConvertFrom(to);
    return SendOverIpv4(packet, address.GetIpv4(), address.GetPort(), keepsRoute);
}

void
UdpPort::ForgetRoute()
{
    m_route = nullptr;
}

bool
UdpPort::SendOverIpv4(Ptr<Packet> packet, Ipv4Address to, uint16_t number, bool keepsRoute)
{
    Ptr<Ipv4Route> route = keepsRoute && m_routed == to ? m_route : nullptr;
    if (!route)
    {
        const Ptr<Ipv4RoutingProtocol> routing = m_ipv4->GetRoutingProtocol();
        Ipv4Header header;
        header.SetDestination(to);
        header.SetProtocol(UdpL4Protocol::PROT_NUMBER);
        Socket::SocketErrno error;
        route = routing ? routing->RouteOutput(packet, header, nullptr, error) : nullptr;
        if (!route)
        {
            return false;
        }
        if (keepsRoute && DynamicCast<Ipv4StaticRouting>(routing))
        {
            m_route = route;
            m_routed = to;
        }
    }
    m_udp->Send(packet, route->GetSource(), to, m_number, number, route);
    return true;
}

void
UdpPort::Read(Ptr<Socket> socket)
{
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from))
    {
        Take(packet);
        if (!IsOpen())
        {
            return;
        }
    }
}

void
UdpPort::Take(Ptr<Packet> packet)
{
    if (!IsOpen())
    {
        return; // closed in this moment
    }
    const auto leave = [](bool* isTaking) { *isTaking = false; };
    m_isTaking = true;
    const std::unique_ptr<bool, decltype(leave)> guard(&m_isTaking, leave); // if it throws, too
    const Receiver receiver = m_receiver;
    receiver(packet);
}

} // namespace learning
} // namespace ns3
