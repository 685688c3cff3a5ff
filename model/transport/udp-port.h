/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef UDP_PORT_H
#define UDP_PORT_H

#include "ns3/address.h"
#include "ns3/callback.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv4-end-point.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simple-ref-count.h"
#include "ns3/socket.h"
#include "ns3/udp-l4-protocol.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * A UDP port of a node. Packets of IPv4 are handed to UDP, and taken from it, without a socket:
 * what that keeps of each of them, and nobody reads here, costs a tenth of their whole way. IPv6
 * goes through a socket.
 */
class UdpPort : public SimpleRefCount<UdpPort>
{
  public:
    /// Takes a packet in.
    using Receiver = Callback<void, Ptr<Packet>>;

    /**
     * A port that is not open yet.
     * @param node where
     * @param address of the node, of IPv4 or IPv6, and the port
     */
    UdpPort(Ptr<Node> node, const Address& address);

    /**
     * Opens it.
     * @param receiver is given all packets until Close()
     * @return false if the port is taken
     */
    bool Open(const Receiver& receiver);

    /**
     * Whether packets are taken in.
     * @return true between Open() and Close()
     */
    bool IsOpen() const;

    /// Takes no more packets, and frees the port. A receiver may call it. Twice is once.
    void Close();

    /**
     * The number of the port.
     * @return 1 to 65535
     */
    uint16_t GetNumber() const;

    /**
     * Sends a packet.
     * @param packet the packet
     * @param to address and port of the receiver
     * @param keepsRoute whether the route is kept for the next packets to there that say so, too,
     * until ForgetRoute(): for packets of one event. Kept are only static routes, which are the
     * same for every packet
     * @return whether there is a way
     */
    bool Send(Ptr<Packet> packet, const Address& to, bool keepsRoute);

    /// Looks the next route up.
    void ForgetRoute();

  private:
    /**
     * Sends a packet over IPv4.
     * @param packet the packet
     * @param to address of the receiver
     * @param number port of the receiver
     * @param keepsRoute see Send()
     * @return whether there is a way
     */
    bool SendOverIpv4(Ptr<Packet> packet, Ipv4Address to, uint16_t number, bool keepsRoute);

    /**
     * Takes in what a socket has.
     * @param socket the socket
     */
    void Read(Ptr<Socket> socket);

    /**
     * Takes a packet in.
     * @param packet the packet
     */
    void Take(Ptr<Packet> packet);

    /// Gives the end point back to UDP.
    void Free();

    Ptr<Node> m_node;                  //!< where
    Address m_address;                 //!< of the node
    uint16_t m_number{0};              //!< of the port
    Receiver m_receiver;               //!< null unless it is open
    Ptr<Socket> m_socket;              //!< of IPv6
    Ptr<UdpL4Protocol> m_udp;          //!< of IPv4
    Ptr<Ipv4> m_ipv4;                  //!< of the node
    Ipv4EndPoint* m_endPoint{nullptr}; //!< of IPv4, which keeps this alive
    Ptr<Ipv4Route> m_route;            //!< kept
    Ipv4Address m_routed;              //!< where it leads to
    bool m_isTaking{false};            //!< whether the receiver is at work
};

} // namespace learning
} // namespace ns3

#endif /* UDP_PORT_H */
