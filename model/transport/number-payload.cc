/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "number-payload.h"

namespace ns3
{
namespace learning
{

NumberPayload::NumberPayload(uint32_t count)
    : m_count(count)
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
    return 4 * m_count;
}

void
NumberPayload::Serialize(Buffer::Iterator /* start */) const
{
}

uint32_t
NumberPayload::Deserialize(Buffer::Iterator /* start */)
{
    return 0; // its length stands in the TransportHeader only
}

void
NumberPayload::Print(std::ostream& os) const
{
    os << m_count << " numbers";
}

} // namespace learning
} // namespace ns3
