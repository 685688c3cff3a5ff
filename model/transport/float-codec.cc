/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "float-codec.h"

#include "ns3/vector-width.h"

#include <cstring>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Copies 32-bit words, each with its bytes in network order.
 * @param from count words
 * @param count how many
 * @param to count words, written
 */
DISTRIBUTED_LEARNING_WIDTHS
void
CopyNetworkOrder(const unsigned char* from, uint32_t count, unsigned char* to)
{
    for (uint32_t i = 0; i < count; ++i)
    {
        uint32_t word;
        std::memcpy(&word, from + 4 * std::size_t{i}, 4);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        word = __builtin_bswap32(word);
#endif
        std::memcpy(to + 4 * std::size_t{i}, &word, 4);
    }
}

} // namespace

void
EncodeFloats(const float* values, uint32_t count, uint8_t* bytes)
{
    CopyNetworkOrder(reinterpret_cast<const unsigned char*>(values), count, bytes);
}

void
DecodeFloats(const uint8_t* bytes, uint32_t count, float* values)
{
    CopyNetworkOrder(bytes, count, reinterpret_cast<unsigned char*>(values));
}

} // namespace learning
} // namespace ns3
