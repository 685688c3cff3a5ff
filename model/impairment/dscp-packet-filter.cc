/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "dscp-packet-filter.h"

#include "drop-threshold-queue-disc.h"

#include "ns3/queue-item.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(DscpPacketFilter);

TypeId
DscpPacketFilter::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::DscpPacketFilter")
            .SetParent<PacketFilter>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<DscpPacketFilter>()
            .AddAttribute("Dscp",
                          "Differentiated services code point, 0 to 63.",
                          UintegerValue(DropThresholdQueueDisc::LOWER_EFFORT),
                          MakeUintegerAccessor(&DscpPacketFilter::m_dscp),
                          MakeUintegerChecker<uint8_t>(0, 63))
            .AddAttribute("Band",
                          "Class of the packets that have it, from 0, the first one.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DscpPacketFilter::m_band),
                          MakeUintegerChecker<uint32_t>(0, 15))
            .AddAttribute("OtherBand",
                          "Class of all other packets, from 0, the first one.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DscpPacketFilter::m_otherBand),
                          MakeUintegerChecker<uint32_t>(0, 15));
    return tid;
}

bool
DscpPacketFilter::CheckProtocol(Ptr<QueueDiscItem> /* item */) const
{
    return true; // what has no such field, such as ARP, is one of the others
}

int32_t
DscpPacketFilter::DoClassify(Ptr<QueueDiscItem> item) const
{
    uint8_t tos = 0;
    const bool matches = item->GetUint8Value(QueueItem::IP_DSFIELD, tos) && tos >> 2 == m_dscp;
    return static_cast<int32_t>(matches ? m_band : m_otherBand);
}

} // namespace learning
} // namespace ns3
