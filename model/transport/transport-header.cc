/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "transport-header.h"

#include "ns3/assert.h"
#include "ns3/network-order.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(TransportHeader);

namespace
{
constexpr uint8_t DATA = 1;                      //!< flag: numbers follow
constexpr uint8_t END = 2;                       //!< flag: the block ends
constexpr uint8_t ACKS = 4;                      //!< flag: acknowledgements follow
constexpr uint8_t IS_PULL = 8;                   //!< flag: server to worker
constexpr uint8_t ASKS = 16;                     //!< flag: which segments arrived?
constexpr uint8_t REPEATS = 32;                  //!< flag: what is missing will be sent again
constexpr uint8_t MASK = 64;                     //!< flag: a mask follows
constexpr uint8_t WHOLE = 128;                   //!< flag: nothing may be missing
constexpr uint32_t PULL_BIT = uint32_t{1} << 31; //!< of an acknowledged block
} // namespace

TypeId
TransportHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::TransportHeader")
                            .SetParent<Header>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<TransportHeader>();
    return tid;
}

TypeId
TransportHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
TransportHeader::GetSerializedSize() const
{
    return FIXED_SIZE + ACK_SIZE * static_cast<uint32_t>(acks.size());
}

void
TransportHeader::Serialize(Buffer::Iterator i) const
{
    NS_ASSERT_MSG(acks.size() <= MAX_ACKS, "at most 255 acknowledgements fit a header");
    uint8_t bytes[FIXED_SIZE]; // all at once: an Iterator's checks cost more than the bytes
    uint8_t* next = WriteNetworkOrder(MAGIC, bytes);
    *next++ = VERSION;
    *next++ = static_cast<uint8_t>((count != 0 ? DATA : 0) | (isEnd ? END : 0) |
                                   (acks.empty() ? 0 : ACKS) | (direction == PULL ? IS_PULL : 0) |
                                   (asks ? ASKS : 0) | (repeats ? REPEATS : 0) |
                                   (isMask ? MASK : 0) | (whole ? WHOLE : 0));
    next = WriteNetworkOrder(round, next);
    next = WriteNetworkOrder(block, next);
    next = WriteNetworkOrder(sender, next);
    next = WriteNetworkOrder(blockLength, next);
    next = WriteNetworkOrder(first, next);
    next = WriteNetworkOrder(count, next);
    next = WriteNetworkOrder(segmentLength, next);
    *next++ = static_cast<uint8_t>(acks.size());
    *next = pass;
    i.Write(bytes, FIXED_SIZE);
    for (const Ack& ack : acks)
    {
        i.WriteHtonU32(ack.round);
        i.WriteHtonU32(ack.block | (ack.direction == PULL ? PULL_BIT : 0));
    }
}

uint32_t
TransportHeader::Deserialize(Buffer::Iterator start)
{
    m_valid = false;
    acks.clear();
    Buffer::Iterator i = start;
    const uint32_t available = i.GetRemainingSize();
    if (available < FIXED_SIZE)
    {
        return 0;
    }
    uint8_t bytes[FIXED_SIZE];
    for (uint8_t& byte : bytes) // faster than Read(), which calls for each
    {
        byte = i.ReadU8();
    }
    const uint16_t magic = ReadNetworkOrder<uint16_t>(bytes);
    const uint8_t version = bytes[2];
    const uint8_t flags = bytes[3];
    round = ReadNetworkOrder<uint32_t>(bytes + 4);
    block = ReadNetworkOrder<uint32_t>(bytes + 8);
    sender = ReadNetworkOrder<uint32_t>(bytes + 12);
    blockLength = ReadNetworkOrder<uint32_t>(bytes + 16);
    first = ReadNetworkOrder<uint32_t>(bytes + 20);
    count = ReadNetworkOrder<uint32_t>(bytes + 24);
    segmentLength = ReadNetworkOrder<uint16_t>(bytes + 28);
    const uint32_t ackCount = bytes[30];
    pass = bytes[31];
    direction = (flags & IS_PULL) != 0 ? PULL : PUSH;
    isEnd = (flags & END) != 0;
    asks = (flags & ASKS) != 0;
    repeats = (flags & REPEATS) != 0;
    isMask = (flags & MASK) != 0;
    whole = (flags & WHOLE) != 0;

    if (magic != MAGIC || version != VERSION || ((flags & DATA) != 0) != (count != 0) ||
        ((flags & ACKS) != 0) != (ackCount != 0) || block >= MAX_BLOCKS || segmentLength == 0 ||
        uint64_t{first} + count > blockLength || first % segmentLength != 0 || (repeats && !asks) ||
        (whole && !repeats) || (isMask && (asks || count != 0)) || (pass != 0 && !asks && !isMask))
    {
        return 0;
    }
    const uint64_t needed = FIXED_SIZE + uint64_t{ACK_SIZE} * ackCount + uint64_t{4} * count +
                            (GetMaskSegments() + 7) / 8;
    if (needed > available)
    {
        return 0;
    }
    acks.reserve(ackCount);
    for (uint32_t k = 0; k < ackCount; ++k)
    {
        Ack ack;
        ack.round = i.ReadNtohU32();
        const uint32_t word = i.ReadNtohU32();
        ack.direction = (word & PULL_BIT) != 0 ? PULL : PUSH;
        ack.block = word & ~PULL_BIT;
        acks.push_back(ack);
    }
    m_valid = true;
    return FIXED_SIZE + ACK_SIZE * ackCount;
}

void
TransportHeader::Print(std::ostream& os) const
{
    os << (direction == PULL ? "pull" : "push") << " round=" << round << " block=" << block
       << " sender=" << sender << " numbers=" << first << "+" << count << "/" << blockLength
       << " segmentLength=" << segmentLength << " end=" << isEnd << " asks=" << asks
       << " repeats=" << repeats << " whole=" << whole << " mask=" << isMask
       << " pass=" << uint32_t{pass} << " acks=" << acks.size();
}

uint32_t
TransportHeader::GetMaskSegments() const
{
    if (!isMask)
    {
        return 0;
    }
    const uint32_t segments = (blockLength - first + segmentLength - 1) / segmentLength;
    return std::min(segments, MASK_SEGMENTS);
}

bool
TransportHeader::IsValid() const
{
    return m_valid;
}

} // namespace learning
} // namespace ns3
