/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/float-codec.h"
#include "ns3/random-engine.h"

#include <cstring>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3::learning;

// Expected: IEEE 754 binary32 in network byte order, by hand.
TEST(FloatCodec, WritesNetworkByteOrder)
{
    const float values[] = {1.0F, -2.5F, 0x1p-149F};
    uint8_t bytes[12];
    EncodeFloats(values, 3, bytes);
    const uint8_t expected[] = {0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0, 0, 0, 0, 1};
    EXPECT_EQ(std::memcmp(bytes, expected, 12), 0);
}

// Expected: every bit survives, at any length (vector code has tails), any alignment of the bytes,
// and nothing is written beyond the end; NaNs of all kinds are among random bits.
TEST(FloatCodec, KeepsEveryBit)
{
    RandomEngine draw(1);
    for (uint32_t count = 0; count <= 100; ++count)
    {
        for (uint32_t offset = 0; offset < 4; ++offset)
        {
            std::vector<uint32_t> words(count);
            for (uint32_t& word : words)
            {
                word = static_cast<uint32_t>(draw.Next());
                word |= draw.NextBelow(4) == 0 ? 0x7f800000 : 0; // infinities and NaNs
            }
            std::vector<float> values(count + 1);
            std::memcpy(values.data(), words.data(), 4 * count);
            std::vector<uint8_t> bytes(offset + 4 * count + 1, 0xa5);
            EncodeFloats(values.data(), count, bytes.data() + offset);
            for (uint32_t i = 0; i < 4 * count; ++i)
            {
                ASSERT_EQ(bytes[offset + i], words[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
            }
            EXPECT_EQ(bytes.back(), 0xa5);
            std::vector<float> decoded(count + 1, 7.0F);
            DecodeFloats(bytes.data() + offset, count, decoded.data());
            EXPECT_EQ(std::memcmp(decoded.data(), words.data(), 4 * count), 0);
            EXPECT_EQ(decoded.back(), 7.0F);
        }
    }
}
