/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/packet.h"
#include "ns3/random-engine.h"
#include "ns3/transport-header.h"

#include <gtest/gtest.h>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Bytes of a packet.
 * @param header its header
 * @param payload bytes that follow, zero
 * @return header and payload
 */
std::vector<uint8_t>
Write(const TransportHeader& header, uint32_t payload)
{
    const Ptr<Packet> packet = Create<Packet>(payload);
    packet->AddHeader(header);
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), packet->GetSize());
    return bytes;
}

/**
 * Reads a header.
 * @param bytes of a packet
 * @return the header, valid or not, and what is left of the packet
 */
std::pair<TransportHeader, uint32_t>
Read(const std::vector<uint8_t>& bytes)
{
    const Ptr<Packet> packet = Create<Packet>(bytes.data(), static_cast<uint32_t>(bytes.size()));
    TransportHeader header;
    packet->RemoveHeader(header);
    return {header, packet->GetSize()};
}

/**
 * Draws a header that makes sense.
 * @param draw the draws
 * @return the header
 */
TransportHeader
Draw(RandomEngine& draw)
{
    TransportHeader header;
    header.direction = draw.NextBelow(2) == 0 ? PUSH : PULL;
    header.isEnd = draw.NextBelow(2) == 0;
    header.round = static_cast<uint32_t>(draw.Next());
    header.block = static_cast<uint32_t>(draw.Next() >> 33);
    header.sender = static_cast<uint32_t>(draw.Next());
    header.segmentLength = static_cast<uint16_t>(1 + draw.NextBelow(65535));
    const uint32_t segments = draw.NextBelow(3);
    header.first = header.segmentLength * draw.NextBelow(1000);
    header.count = header.segmentLength * segments;
    header.blockLength = header.first + header.count + draw.NextBelow(1000);
    for (uint32_t k = draw.NextBelow(4) == 0 ? 255 : draw.NextBelow(4); k > 0; --k)
    {
        header.acks.push_back({draw.NextBelow(2) == 0 ? PUSH : PULL,
                               static_cast<uint32_t>(draw.Next()),
                               static_cast<uint32_t>(draw.Next() >> 33)});
    }
    return header;
}

} // namespace

// Expected: the bytes of one header, by hand from the layout that the class documents.
TEST(TransportHeader, HasTheDocumentedLayout)
{
    TransportHeader header;
    header.direction = PULL;
    header.isEnd = true;
    header.round = 0x01020304;
    header.block = 5;
    header.sender = 6;
    header.blockLength = 0x0100;
    header.first = 0x20;
    header.count = 2;
    header.segmentLength = 0x10;
    header.acks = {{PULL, 7, 8}};
    const std::vector<uint8_t> expected{
        0x44, 0x4c, 1, 15, 1, 2,  3, 4, 0, 0, 0, 5, 0,    0, 0, 6, 0, 0, 1, 0, 0, 0, 0, 0x20,
        0,    0,    0, 2,  0, 16, 1, 0, 0, 0, 0, 7, 0x80, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0};
    EXPECT_EQ(Write(header, 8), expected);
}

// Expected: what is written is what is read, and takes the bytes that it says; 1000 random headers.
TEST(TransportHeader, SurvivesARoundTrip)
{
    RandomEngine draw(1);
    for (int k = 0; k < 1000; ++k)
    {
        const TransportHeader sent = Draw(draw);
        const auto [read, left] = Read(Write(sent, 4 * sent.count));
        ASSERT_TRUE(read.IsValid());
        ASSERT_EQ(left, 4 * sent.count);
        EXPECT_EQ(sent.GetSerializedSize(), 32 + 8 * sent.acks.size());
        EXPECT_EQ(read.direction, sent.direction);
        EXPECT_EQ(read.isEnd, sent.isEnd);
        EXPECT_EQ(read.round, sent.round);
        EXPECT_EQ(read.block, sent.block);
        EXPECT_EQ(read.sender, sent.sender);
        EXPECT_EQ(read.blockLength, sent.blockLength);
        EXPECT_EQ(read.first, sent.first);
        EXPECT_EQ(read.count, sent.count);
        EXPECT_EQ(read.segmentLength, sent.segmentLength);
        ASSERT_EQ(read.acks.size(), sent.acks.size());
        for (std::size_t i = 0; i < sent.acks.size(); ++i)
        {
            EXPECT_EQ(read.acks[i].direction, sent.acks[i].direction);
            EXPECT_EQ(read.acks[i].round, sent.acks[i].round);
            EXPECT_EQ(read.acks[i].block, sent.acks[i].block);
        }
    }
}

// Expected: a packet that lacks as little as one byte of what its header promises is not valid.
TEST(TransportHeader, RefusesEveryTruncation)
{
    RandomEngine draw(2);
    for (int k = 0; k < 50; ++k)
    {
        TransportHeader header = Draw(draw);
        header.segmentLength = 1;
        header.count = 3;
        header.blockLength = header.first + 3;
        const std::vector<uint8_t> whole = Write(header, 12);
        for (std::size_t size = 0; size < whole.size(); ++size)
        {
            EXPECT_FALSE(Read({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)})
                             .first.IsValid());
        }
        EXPECT_TRUE(Read(whole).first.IsValid());
    }
}

// Expected: whatever bytes are changed, a header is either refused or keeps what it promises:
// numbers inside the block, at a segment's begin, and followed by as many bytes as they need.
// Random bytes are refused: 100,000 packets, of which one in 2^40 would have magic and version.
TEST(TransportHeader, IsNeverBelievedBeyondThePacket)
{
    RandomEngine draw(3);
    int valid = 0;
    for (int k = 0; k < 100000; ++k)
    {
        TransportHeader header = Draw(draw);
        header.count = header.segmentLength = 1 + draw.NextBelow(20);
        header.first -= header.first % header.segmentLength;
        header.blockLength = header.first + header.count;
        std::vector<uint8_t> bytes = Write(header, 4 * header.count);
        for (uint32_t changes = 1 + draw.NextBelow(3); changes > 0; --changes)
        {
            bytes[draw.NextBelow(40) % bytes.size()] ^=
                static_cast<uint8_t>(1 << draw.NextBelow(8));
        }
        const auto [read, left] = Read(bytes);
        if (read.IsValid())
        {
            ++valid;
            ASSERT_GT(read.segmentLength, 0);
            ASSERT_LE(uint64_t{read.first} + read.count, read.blockLength);
            ASSERT_EQ(read.first % read.segmentLength, 0U);
            ASSERT_GE(left, uint64_t{4} * read.count);
            ASSERT_LT(read.block, TransportHeader::MAX_BLOCKS);
        }
        for (uint8_t& byte : bytes)
        {
            byte = static_cast<uint8_t>(draw.Next());
        }
        ASSERT_FALSE(Read(bytes).first.IsValid());
    }
    EXPECT_GT(valid, 10000); // changes of round, block, sender, acknowledgements are no lies
}
