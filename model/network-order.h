/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef NETWORK_ORDER_H
#define NETWORK_ORDER_H

#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning
 *
 * Reads an unsigned number in network byte order, the most significant byte first.
 * @tparam Number its type
 * @param bytes as many as the type has; any alignment
 * @return the number
 */
template <typename Number>
Number
ReadNetworkOrder(const uint8_t* bytes)
{
    Number number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
    {
        number = static_cast<Number>(uint64_t{number} << 8 | bytes[i]);
    }
    return number;
}

/**
 * @ingroup distributed-learning
 *
 * The inverse of ReadNetworkOrder().
 * @tparam Number type of the number
 * @param number the number
 * @param bytes written
 * @return what follows these bytes
 */
template <typename Number>
uint8_t*
WriteNetworkOrder(Number number, uint8_t* bytes)
{
    for (std::size_t i = sizeof(Number); i > 0; --i)
    {
        *bytes++ = static_cast<uint8_t>(uint64_t{number} >> (8 * (i - 1)));
    }
    return bytes;
}

} // namespace learning
} // namespace ns3

#endif /* NETWORK_ORDER_H */
