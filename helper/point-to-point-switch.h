/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef POINT_TO_POINT_SWITCH_H
#define POINT_TO_POINT_SWITCH_H

#include "ns3/ipv4-address.h"
#include "ns3/mac48-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/traffic-control-layer.h"

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * Makes a node an output-queued switch between point-to-point links: a packet goes out of the
 * device that its IPv4 destination is attached to, at once and unchanged, as in an Ethernet switch
 * whose tables are full.
 *
 * An IP router would do too, but ns-3's walks through lists of all interfaces for every packet, so
 * that a star of a thousand hosts takes a thousand times a star of one. Here a packet costs one
 * look-up.
 *
 * Of several devices towards a destination, a hash of addresses and ports takes one for each flow
 * (equal-cost multipath). IPv4 only; packets to unknown destinations are dropped and counted.
 */
class PointToPointSwitch : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Begins to switch.
     * @param node the node; its devices must have been added, and no IP stack
     */
    void Install(Ptr<Node> node);

    /**
     * Adds a way to a destination.
     * @param destination address of a host
     * @param device a device of the node
     */
    void AddRoute(Ipv4Address destination, Ptr<NetDevice> device);

    /**
     * Sets the ways to all destinations that have none of their own.
     * @param devices devices of the node, of equal cost
     */
    void SetDefaultRoute(const std::vector<Ptr<NetDevice>>& devices);

    /**
     * Lets packets pass through the root queue discs of the devices (ns3::TrafficControlLayer),
     * which are set by ns3::TrafficControlHelper, say. Without this call there is no such layer,
     * and nothing to pay for.
     */
    void UseQueueDiscs();

    /**
     * Lets packets that come in at the same moment go on in the order of the devices that they came
     * in by, and not in that in which ns-3 happens to run equal events: the order among MPI ranks
     * is a matter of chance. Costs an event for each moment.
     */
    void OrderArrivals();

    /**
     * Packets that had nowhere to go.
     * @return number of packets
     */
    uint64_t GetUnroutedCount() const;

  protected:
    void DoDispose() override;

  private:
    /**
     * Takes a packet.
     * @param device where it came in
     * @param packet the packet, from the IP header on
     * @param protocol the EtherType
     * @param from ignored
     * @param to ignored
     * @param type ignored
     */
    void Receive(Ptr<NetDevice> device,
                 Ptr<const Packet> packet,
                 uint16_t protocol,
                 const Address& from,
                 const Address& to,
                 NetDevice::PacketType type);

    /// Forwards what has come in at this moment.
    void ForwardArrivals();

    /**
     * Forwards a packet.
     * @param packet the packet, from the IP header on
     */
    void Forward(Ptr<const Packet> packet);

    /**
     * Sends a packet that was received before this event.
     * @param out the device
     * @param packet the packet, from the IP header on
     */
    void SendLarge(const Ptr<NetDevice>& out, const Ptr<const Packet>& packet);

    /**
     * Hands a packet to a device, or to its queue disc.
     * @param out the device
     * @param packet the packet, from the IP header on; nobody else uses it
     */
    void Send(const Ptr<NetDevice>& out, const Ptr<Packet>& packet);

    Ptr<Node> m_node;                                                   //!< where this lives
    Ptr<TrafficControlLayer> m_trafficControl;                          //!< or null
    std::unordered_map<uint32_t, std::vector<Ptr<NetDevice>>> m_routes; //!< by IPv4 address
    std::vector<Ptr<NetDevice>> m_defaultRoute;                         //!< to all others
    bool m_ordersArrivals{false};                                       //!< see OrderArrivals()
    std::vector<std::pair<uint32_t, Ptr<const Packet>>> m_arrivals; //!< of now, with their devices
    uint64_t m_unrouted{0};                                  //!< packets that had nowhere to go
    const Address m_broadcast{Mac48Address::GetBroadcast()}; //!< devices read it from a text
};

} // namespace learning
} // namespace ns3

#endif /* POINT_TO_POINT_SWITCH_H */
