/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TCP_ADDRESS_H
#define TCP_ADDRESS_H

#include "ns3/inet-socket-address.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Gives an IPv4 address the type of service of the socket that is about to bind or connect to it:
 * where addresses have one, as in ns-3.37, a TCP socket takes that of the address, and not its own.
 * @tparam A the type of the address, an InetSocketAddress
 * @param address the address
 * @param tos type of service
 * @return the address to bind or connect to
 */
template <typename A>
auto
WithTos(A address, uint8_t tos) -> decltype(address.SetTos(tos), A(address))
{
    address.SetTos(tos);
    return address;
}

/**
 * @ingroup distributed-learning-transport
 *
 * Where addresses have no type of service.
 * @tparam A the type of the address
 * @tparam T the type of the type of service
 * @param address the address
 * @return the same
 */
template <typename A, typename... T>
A
WithTos(A address, T... /* tos */)
{
    return address;
}

} // namespace learning
} // namespace ns3

#endif /* TCP_ADDRESS_H */
