/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "number-payload.h"

namespace ns3
{
namespace learning
{

NumberPayload::NumberPayload(uint32_t count, uint32_t padding)
    : m_count(count),
      m_padding(padding)
{
}

TypeId
NumberPayload::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::NumberPayload")
                            .SetParent<Header>()
                            .SetGroupName("DistributedLearning");
    return tid;
}

TypeId
NumberPayload::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
NumberPayload::GetSerializedSize() const
{
    return 4 * m_count + m_padding;
}

void
NumberPayload::Serialize(Buffer::Iterator i) const
{
    i.Next(4 * m_count);
    i.WriteU8(0, m_padding);
}

uint32_t
NumberPayload::Deserialize(Buffer::Iterator /* start */)
{
    return 0; // its length stands in the TransportHeader only
}

void
NumberPayload::Print(std::ostream& os) const
{
    os << m_count << " numbers, " << m_padding << " bytes of padding";
}

} // namespace learning
} // namespace ns3
