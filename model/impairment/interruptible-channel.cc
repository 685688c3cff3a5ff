/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "interruptible-channel.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(InterruptibleChannel);

namespace
{
constexpr uint32_t PPP_BYTES = 2;         //!< of the link header: the protocol
constexpr uint32_t SOURCE_OFFSET = 12;    //!< of the source address in an IPv4 header
constexpr uint32_t IPV4_BYTES = 20;       //!< of an IPv4 header without options
constexpr uint8_t PPP_IPV4[] = {0, 0x21}; //!< the protocol
} // namespace

TypeId
InterruptibleChannel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::InterruptibleChannel")
                            .SetParent<PointToPointChannel>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<InterruptibleChannel>();
    return tid;
}

void
InterruptibleChannel::Interrupt()
{
    ++m_interruptions;
}

void
InterruptibleChannel::Restore()
{
    --m_interruptions;
}

bool
InterruptibleChannel::IsUp() const
{
    return m_interruptions == 0;
}

void
InterruptibleChannel::Separate(const Group& group)
{
    m_groups.push_back(group);
}

void
InterruptibleChannel::Join(const Group& group)
{
    m_groups.erase(std::find(m_groups.begin(), m_groups.end(), group));
}

bool
InterruptibleChannel::TransmitStart(Ptr<const Packet> packet,
                                    Ptr<PointToPointNetDevice> source,
                                    Time transmissionTime)
{
    if (m_interruptions != 0 || (!m_groups.empty() && Crosses(*packet)))
    {
        return false;
    }
    return PointToPointChannel::TransmitStart(packet, source, transmissionTime);
}

bool
InterruptibleChannel::Crosses(const Packet& packet) const
{
    uint8_t bytes[PPP_BYTES + IPV4_BYTES];
    if (packet.CopyData(bytes, sizeof(bytes)) != sizeof(bytes) ||
        !std::equal(PPP_IPV4, PPP_IPV4 + PPP_BYTES, bytes))
    {
        return false;
    }
    const auto source = Ipv4Address::Deserialize(bytes + PPP_BYTES + SOURCE_OFFSET);
    const auto destination = Ipv4Address::Deserialize(bytes + PPP_BYTES + SOURCE_OFFSET + 4);
    return std::any_of(m_groups.begin(), m_groups.end(), [&](const Group& group) {
        return group->count(source) != group->count(destination);
    });
}

} // namespace learning
} // namespace ns3
