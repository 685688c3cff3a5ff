/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tcp-reset.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-interface.h"
#include "ns3/packet.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-l4-protocol.h"

namespace ns3
{
namespace learning
{

namespace
{

/**
 * The port of an address.
 * @param address InetSocketAddress or Inet6SocketAddress
 * @return its port
 */
uint16_t
GetPort(const Address& address)
{
    return Inet6SocketAddress::IsMatchingType(address)
               ? Inet6SocketAddress::ConvertFrom(address).GetPort()
               : InetSocketAddress::ConvertFrom(address).GetPort();
}

/**
 * The header of a segment without data.
 * @param flags its flags
 * @param from address and port of its source
 * @param to address and port of its destination
 * @return the header, with sequence numbers of 0
 */
TcpHeader
MakeHeader(uint8_t flags, const Address& from, const Address& to)
{
    TcpHeader header;
    header.SetFlags(flags);
    header.SetSourcePort(GetPort(from));
    header.SetDestinationPort(GetPort(to));
    return header;
}

/**
 * Lets TCP take in a segment without data.
 * @param node where it arrives
 * @param flags its flags
 * @param from address and port of its source
 * @param to address and port of its destination
 */
void
Receive(Ptr<Node> node, uint8_t flags, const Address& from, const Address& to)
{
    const Ptr<TcpL4Protocol> tcp = node->GetObject<TcpL4Protocol>();
    TcpHeader header = MakeHeader(flags, from, to);
    const Ptr<Packet> packet = Create<Packet>();
    if (Inet6SocketAddress::IsMatchingType(to))
    {
        Ipv6Header ip;
        ip.SetSource(Inet6SocketAddress::ConvertFrom(from).GetIpv6());
        ip.SetDestination(Inet6SocketAddress::ConvertFrom(to).GetIpv6());
        if (Node::ChecksumEnabled())
        {
            header.EnableChecksums();
            header.InitializeChecksum(ip.GetSource(),
                                      ip.GetDestination(),
                                      TcpL4Protocol::PROT_NUMBER);
        }
        packet->AddHeader(header);
        tcp->Receive(packet, ip, Ptr<Ipv6Interface>());
        return;
    }
    Ipv4Header ip;
    ip.SetSource(InetSocketAddress::ConvertFrom(from).GetIpv4());
    ip.SetDestination(InetSocketAddress::ConvertFrom(to).GetIpv4());
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksums();
        header.InitializeChecksum(ip.GetSource(), ip.GetDestination(), TcpL4Protocol::PROT_NUMBER);
    }
    packet->AddHeader(header);
    const Ptr<Ipv4L3Protocol> ipv4 = node->GetObject<Ipv4L3Protocol>();
    const int32_t interface = ipv4->GetInterfaceForAddress(ip.GetDestination());
    tcp->Receive(packet, ip, ipv4->GetInterface(static_cast<uint32_t>(interface)));
}

} // namespace

void
SendTcpReset(Ptr<Node> node, const Address& self, const Address& peer)
{
    const auto address = [](const Address& end) {
        return Inet6SocketAddress::IsMatchingType(end)
                   ? Address(Inet6SocketAddress::ConvertFrom(end).GetIpv6())
                   : Address(InetSocketAddress::ConvertFrom(end).GetIpv4());
    };
    node->GetObject<TcpL4Protocol>()->SendPacket(Create<Packet>(),
                                                 MakeHeader(TcpHeader::RST, self, peer),
                                                 address(self),
                                                 address(peer));
}

void
ReceiveTcpReset(Ptr<Node> node, const Address& self, const Address& peer)
{
    Receive(node, TcpHeader::RST, peer, self);
}

void
GuardTcpListener(Ptr<Node> node, uint16_t port, bool ipv6)
{
    const auto end = [ipv6](uint16_t number) {
        return ipv6 ? Address(Inet6SocketAddress(Ipv6Address::GetLoopback(), number))
                    : Address(InetSocketAddress(Ipv4Address::GetLoopback(), number));
    };
    Receive(node, TcpHeader::RST | TcpHeader::ACK, end(1), end(port));
}

} // namespace learning
} // namespace ns3
