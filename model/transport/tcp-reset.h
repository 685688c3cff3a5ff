/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TCP_RESET_H
#define TCP_RESET_H

#include "ns3/address.h"
#include "ns3/node.h"
#include "ns3/ptr.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Sends the reset of a connection, which ns-3's sockets do of themselves only.
 * @param node where it starts
 * @param self address and port there, InetSocketAddress or Inet6SocketAddress
 * @param peer address and port of the other end, of the same kind
 */
void SendTcpReset(Ptr<Node> node, const Address& self, const Address& peer);

/**
 * @ingroup distributed-learning-transport
 *
 * Lets a node's TCP take in the reset of a connection, as if the other end had sent it: what the
 * socket would still repeat is cancelled.
 * @param node where it arrives
 * @param self address and port there, InetSocketAddress or Inet6SocketAddress
 * @param peer address and port of the other end, of the same kind
 */
void ReceiveTcpReset(Ptr<Node> node, const Address& self, const Address& peer);

/**
 * @ingroup distributed-learning-transport
 *
 * Makes a socket that listens proof against stray resets, such as the answer to what is left of a
 * connection that its host has forgotten. In ns-3 (3.37 to 3.48) a listening socket has a window of
 * 0 until anything arrives with an acknowledgement; a bare reset then starts the probes of a closed
 * window, which read the first byte of nothing: a segmentation fault. One segment that the state
 * LISTEN ignores opens the window.
 * @param node whose socket it is
 * @param port on which it listens, at any address
 * @param ipv6 whether at IPv6 addresses
 */
void GuardTcpListener(Ptr<Node> node, uint16_t port, bool ipv6 = false);

} // namespace learning
} // namespace ns3

#endif /* TCP_RESET_H */
