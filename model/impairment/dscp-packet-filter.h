/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DSCP_PACKET_FILTER_H
#define DSCP_PACKET_FILTER_H

#include "ns3/packet-filter.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * Tells packets of one differentiated services code point from all others, for ns-3's queue discs
 * with classes: with the default bands, ns3::PrioQueueDisc sends them only when nothing else waits.
 *
 * ns-3 itself classifies by the priority of sockets, which no switch could read from a packet.
 * Source: RFC 2474.
 */
class DscpPacketFilter : public PacketFilter
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  private:
    bool CheckProtocol(Ptr<QueueDiscItem> item) const override;
    int32_t DoClassify(Ptr<QueueDiscItem> item) const override;

    uint8_t m_dscp;       //!< the code point
    uint32_t m_band;      //!< band of packets that have it
    uint32_t m_otherBand; //!< band of all others
};

} // namespace learning
} // namespace ns3

#endif /* DSCP_PACKET_FILTER_H */
