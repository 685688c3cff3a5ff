/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "segment-tag.h"

#include "ns3/network-order.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(SegmentTag);

namespace
{
constexpr uint8_t PULL = 1;        //!< flag: the message is a pull
constexpr uint8_t CONTROL = 2;     //!< flag: a control segment is present
constexpr uint32_t PASS_SHIFT = 2; //!< of the pass, which shares a byte with the flags
constexpr uint32_t SIZE = 30;      //!< bytes
} // namespace

SegmentTag::SegmentTag(const Message& message,
                       uint32_t firstSegment,
                       uint32_t segmentCount,
                       bool hasControl)
    : m_message(message),
      m_firstSegment(firstSegment),
      m_segmentCount(static_cast<uint8_t>(segmentCount)),
      m_control(hasControl),
      m_alive(segmentCount >= MAX_SEGMENTS ? ~uint64_t{0} : (uint64_t{1} << segmentCount) - 1)
{
}

TypeId
SegmentTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::SegmentTag")
                            .SetParent<Tag>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<SegmentTag>();
    return tid;
}

TypeId
SegmentTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
SegmentTag::GetSerializedSize() const
{
    return SIZE;
}

void
SegmentTag::Serialize(TagBuffer buffer) const
{
    uint8_t bytes[SIZE];
    uint8_t* next = WriteNetworkOrder(m_message.sender, bytes);
    next = WriteNetworkOrder(m_message.receiver, next);
    next = WriteNetworkOrder(m_message.round, next);
    next = WriteNetworkOrder(m_message.block, next);
    next = WriteNetworkOrder(m_firstSegment, next);
    *next++ = m_segmentCount;
    *next++ = static_cast<uint8_t>((m_message.pull ? PULL : 0) | (m_control ? CONTROL : 0) |
                                   m_message.pass << PASS_SHIFT);
    WriteNetworkOrder(m_alive, next);
    buffer.CopyFrom(TagBuffer(bytes, bytes + SIZE)); // Write() goes byte by byte
}

void
SegmentTag::Deserialize(TagBuffer buffer)
{
    uint8_t bytes[SIZE];
    TagBuffer(bytes, bytes + SIZE).CopyFrom(buffer);
    m_message.sender = ReadNetworkOrder<uint32_t>(bytes);
    m_message.receiver = ReadNetworkOrder<uint32_t>(bytes + 4);
    m_message.round = ReadNetworkOrder<uint32_t>(bytes + 8);
    m_message.block = ReadNetworkOrder<uint32_t>(bytes + 12);
    m_firstSegment = ReadNetworkOrder<uint32_t>(bytes + 16);
    m_segmentCount = bytes[20];
    m_message.pull = (bytes[21] & PULL) != 0;
    m_control = (bytes[21] & CONTROL) != 0;
    m_message.pass = bytes[21] >> PASS_SHIFT;
    m_alive = ReadNetworkOrder<uint64_t>(bytes + 22);
}

void
SegmentTag::Print(std::ostream& os) const
{
    os << (m_message.pull ? "pull" : "push") << " sender=" << m_message.sender
       << " receiver=" << m_message.receiver << " round=" << m_message.round
       << " block=" << m_message.block << " pass=" << +m_message.pass
       << " segments=" << m_firstSegment << "+" << +m_segmentCount << " alive=" << GetAliveCount()
       << " control=" << m_control;
}

const SegmentTag::Message&
SegmentTag::GetMessage() const
{
    return m_message;
}

uint32_t
SegmentTag::GetFirstSegment() const
{
    return m_firstSegment;
}

uint32_t
SegmentTag::GetSegmentCount() const
{
    return m_segmentCount;
}

bool
SegmentTag::HasControl() const
{
    return m_control;
}

uint64_t
SegmentTag::GetAlive() const
{
    return m_alive;
}

uint32_t
SegmentTag::GetAliveCount() const
{
    return static_cast<uint32_t>(__builtin_popcountll(m_alive));
}

void
SegmentTag::Lose(uint64_t segments)
{
    m_alive &= ~segments;
}

void
SegmentTag::LoseControl()
{
    m_control = false;
}

} // namespace learning
} // namespace ns3
