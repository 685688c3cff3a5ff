/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef INTERRUPTIBLE_CHANNEL_H
#define INTERRUPTIBLE_CHANNEL_H

#include "ns3/ipv4-address.h"
#include "ns3/packet.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * A point-to-point link that can be interrupted, for all packets or for those between two groups of
 * IPv4 hosts, in both directions. A packet whose transmission begins meanwhile is dropped, by the
 * device's PhyTxDrop; one that is on the wire already arrives.
 */
class InterruptibleChannel : public PointToPointChannel
{
  public:
    using Group = std::shared_ptr<const std::set<Ipv4Address>>; //!< addresses of some hosts

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /// Takes the link down; it is up again when every call has been made up for by Restore().
    void Interrupt();

    /// Makes up for a call of Interrupt().
    void Restore();

    /**
     * Whether packets pass.
     * @return true if so
     */
    bool IsUp() const;

    /**
     * Lets no packet pass between a group of hosts and all others.
     * @param group the group
     */
    void Separate(const Group& group);

    /**
     * Makes up for a call of Separate().
     * @param group the group, the same object
     */
    void Join(const Group& group);

    bool TransmitStart(Ptr<const Packet> packet,
                       Ptr<PointToPointNetDevice> source,
                       Time transmissionTime) override;

  private:
    /**
     * Whether a packet goes from a group to others, or from others into it.
     * @param packet the packet, with its link header
     * @return true if so
     */
    bool Crosses(const Packet& packet) const;

    uint32_t m_interruptions{0}; //!< calls of Interrupt() that are not made up for
    std::vector<Group> m_groups; //!< groups that are separated
};

} // namespace learning
} // namespace ns3

#endif /* INTERRUPTIBLE_CHANNEL_H */
