/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "number-payload.h"

#include "float-codec.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

NumberPayload::NumberPayload(const float* values, uint32_t count, uint32_t padding)
    : m_values(values),
      m_count(count),
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
    constexpr uint32_t CHUNK = 1024; // numbers: they stay in the nearest cache
    uint8_t bytes[4 * CHUNK];
    for (uint32_t first = 0; first < m_count; first += CHUNK)
    {
        const uint32_t count = std::min(CHUNK, m_count - first);
        EncodeFloats(m_values + first, count, bytes);
        i.Write(bytes, 4 * count);
    }
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
