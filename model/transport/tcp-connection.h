/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TCP_CONNECTION_H
#define TCP_CONNECTION_H

#include "tcp-transport.h"

#include "ns3/tcp-socket-base.h"
#include "ns3/tcp-tx-buffer.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * A connection of a TcpTransport to or from a host, and the stream on it. Only its two source files
 * include this.
 */
class TcpTransport::Connection
{
  public:
    static constexpr uint32_t IPV4_HEADER_BYTES = 20; //!< without options
    static constexpr uint32_t IPV6_HEADER_BYTES = 40; //!< without extensions

    /// What is known of a block that is asked about.
    struct Question
    {
        SegmentMask arrived; //!< segments known to have arrived in time
        SegmentMask heard;   //!< segments that answers told of
    };

    /// Forgets the segments that the other end has acknowledged; needs the socket.
    void ForgetAcknowledged()
    {
        if (!hasOrigin)
        {
            return; // nothing was sent
        }
        const auto tcp = DynamicCast<TcpSocketBase>(socket);
        // sequence numbers have 32 bits, the stream may be longer
        const uint32_t place = tcp->GetTxBuffer()->HeadSequence() - origin;
        const auto step = static_cast<int32_t>(place - static_cast<uint32_t>(acknowledged));
        acknowledged += static_cast<uint64_t>(std::max(step, 0));
        while (!unacknowledged.empty() && unacknowledged.front() <= acknowledged)
        {
            unacknowledged.pop_front();
        }
    }

    TcpTransport* owner{nullptr};          //!< null once that is disposed of
    uint32_t peer{0};                      //!< index of the host, if this one opened the connection
    Ptr<Socket> socket;                    //!< null once it is broken
    bool connected{false};                 //!< whether it can be written
    bool reading{false};                   //!< whether frames are being taken in
    std::deque<Outgoing> queue;            //!< what waits
    std::map<BlockId, Question> questions; //!< blocks asked about
    std::vector<uint8_t> unread;           //!< bytes of frames that are not complete
    std::deque<std::pair<uint64_t, BlockId>> written; //!< where in the stream blocks end
    uint64_t streamEnd{0};                            //!< bytes given to the socket
    bool hasOrigin{false};                            //!< whether the next one is known
    SequenceNumber32 origin;                          //!< of the first byte
    uint64_t highest{0};                              //!< bytes of the stream sent so far
    uint64_t acknowledged{0};                         //!< bytes of the stream that arrived
    std::deque<uint64_t> unacknowledged;              //!< where segments end that may be lost
    BlockId last;                                     //!< that packets without data are for
};

} // namespace learning
} // namespace ns3

#endif /* TCP_CONNECTION_H */
