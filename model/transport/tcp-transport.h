/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TCP_TRANSPORT_H
#define TCP_TRANSPORT_H

#include "block-transport.h"
#include "closed-blocks.h"
#include "transport-header.h"

#include "ns3/address.h"
#include "ns3/socket.h"
#include "ns3/tcp-header.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Blocks over TCP, with any of ns-3's congestion controls: everything arrives, in order, unless a
 * connection breaks or the receiver does not wait so long.
 *
 * A host opens a connection to another one when it first has a block for it, and keeps it. The
 * stream is one of frames: the TransportHeader and one segment each, the last one with the end of
 * the block. A receiver counts a segment as soon as its frame is complete; its deadlines work as
 * with other transports. Answers to senders who ask what arrived go back on the same connection.
 *
 * A connection that cannot be opened, or that ns-3 gives up (its attributes ConnCount and
 * DataRetries), is replaced with the next block. Blocks that wait for the stream are refused
 * then, and so is the oldest one when more than MaxQueuedBlocks wait.
 *
 * Loss: error models see packets without a SegmentTag, which are dropped if their DropOther says
 * so: p is then the probability that any TCP packet is dropped, data, acknowledgements and
 * handshakes alike.
 *
 * Accounts: a segment is sent once, when the block is; what TCP sends again is counted as
 * retransmitted, in TCP packets, and not as sent. sent = received + late + refused + lost with a
 * connection once nothing is on the way; the last is at most GetUncertainCount(), and 0 as long as
 * no connection breaks. Bytes are those of all packets, acknowledgements and handshakes included,
 * but for the SYN that accepts.
 *
 * A host that crashes loses its connections without a word. When it is back it resets the other
 * ends of these, as TCP answers what belongs to no connection, so that the others open new ones at
 * once and do not first wait for their timeouts.
 *
 * Limits: transports of all hosts must be of this kind.
 * Source: TCP is RFC 9293 as ns-3 has it; its pauses RFC 6298, CUBIC RFC 9438, resets RFC 9293,
 * Section 3.5.2; BBR: N. Cardwell et al. (ACM Queue 14(5), 2016).
 */
class TcpTransport : public BlockTransport
{
  public:
    static constexpr int64_t STREAMS =
        10000; //!< of a host: one a socket, then from the first again

    TcpTransport();
    ~TcpTransport() override;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    uint32_t GetLargestPacket(bool ipv6) const override;
    Time GetRepeatTime() const override;

    void Crash() override;

    /// Resets the connections that the others still hold.
    void Restart() override;

    /**
     * Gives the random variables of congestion controls streams of their own.
     * @param stream the first one
     * @return STREAMS
     */
    int64_t AssignStreams(int64_t stream) override;

    /**
     * Connections that could not be opened or broke.
     * @return their number
     */
    uint64_t GetBrokenCount() const;

    /**
     * Data segments that TCP had taken and that were not acknowledged when their connection broke:
     * they arrived, or were lost with it. Sent are those that arrived, those that were refused, and
     * at most so many more.
     * @return their number
     */
    uint64_t GetUncertainCount() const;

  protected:
    void DoDispose() override;
    void NotifyClosed(const BlockId& id, const SegmentMask& mask) override;
    void DoSend(const BlockId& id,
                const float* values,
                const SegmentLayout& layout,
                const SegmentMask* present,
                bool reliable) override;

  private:
    class Connection;

    /// A block that waits for the stream, or is being written to it.
    struct Outgoing
    {
        BlockId id;                   //!< the block
        std::vector<uint8_t> bytes;   //!< its frames
        std::vector<std::size_t> end; //!< where each segment's frame ends
        std::size_t written{0};       //!< bytes given to the socket
    };

    /// Both ends of a connection: addresses and ports.
    struct Ends
    {
        Address self; //!< here
        Address peer; //!< there
    };

    void DoOpen() override;

    /**
     * Sets the congestion control.
     * @param type its TypeId's name
     */
    void SetCongestionControl(const std::string& type);

    /**
     * The congestion control.
     * @return its TypeId's name
     */
    std::string GetCongestionControl() const;

    /**
     * Makes a socket with the attributes of this transport.
     * @return the socket
     */
    Ptr<Socket> MakeSocket();

    /**
     * Opens a connection.
     * @param peer index of the host
     * @return the connection
     */
    std::shared_ptr<Connection> Connect(uint32_t peer);

    /**
     * A host connects to this one.
     * @param socket the socket of the connection
     * @param from its address
     */
    void Accept(Ptr<Socket> socket, const Address& from);

    /**
     * Begins to listen to a socket.
     * @param connection the connection, with its socket
     */
    void Listen(const std::shared_ptr<Connection>& connection);

    /**
     * Writes what waits, as far as the socket has room.
     * @param connection the connection
     */
    void Write(Connection& connection);

    /**
     * Reads what has come.
     * @param connection the connection
     */
    void Read(const std::shared_ptr<Connection>& connection);

    /**
     * Takes in one frame.
     * @param connection the connection
     * @param bytes the frame
     * @param size its length in bytes
     * @return whether it makes sense
     */
    bool TakeFrame(Connection& connection, const uint8_t* bytes, uint32_t size);

    /**
     * A receiver answers which segments arrived.
     * @param connection the connection
     * @param id the block; its peer is the receiver
     * @param header the header of the answer
     * @param bits a bit a segment
     */
    void TakeMask(Connection& connection,
                  const BlockId& id,
                  const TransportHeader& header,
                  const uint8_t* bits);

    /**
     * Begins a header.
     * @param id direction, round and block
     * @param layout the cut of the block
     * @return the header, without data
     */
    TransportHeader MakeHeader(const BlockId& id, const SegmentLayout& layout) const;

    /**
     * Answers which segments of a block arrived.
     * @param connection the connection it came on
     * @param id the block
     * @param layout its cut
     */
    void Answer(Connection& connection, const BlockId& id, const SegmentLayout& layout);

    /**
     * A connection is no more.
     * @param connection the connection
     */
    void Break(const std::shared_ptr<Connection>& connection);

    /**
     * Refuses what has not been written of a block.
     * @param outgoing the block
     */
    void Refuse(const Outgoing& outgoing);

    /**
     * A socket sends a packet.
     * @param connection the connection
     * @param packet its payload
     * @param header its header
     */
    void Transmitted(Connection& connection, Ptr<const Packet> packet, const TcpHeader& header);

    TypeId m_congestionControl; //!< of all sockets
    uint32_t m_segmentSize;     //!< payload of a TCP packet, in bytes
    uint32_t m_bufferBytes;     //!< of sending and of receiving
    Time m_minRto;              //!< shortest pause before TCP sends again
    bool m_timestamps;          //!< whether packets have time stamps
    uint8_t m_tos;              //!< type of service of all packets
    uint32_t m_linkHeaderBytes; //!< what the link adds to a packet
    uint32_t m_maxQueuedBlocks; //!< on a connection
    bool m_ipv6{false};         //!< whether the hosts have IPv6 addresses
    uint64_t m_broken{0};       //!< connections that broke
    uint64_t m_uncertain{0};    //!< segments that were not acknowledged then
    int64_t m_firstStream{-1};  //!< of the congestion controls, -1 if ns-3 numbers them
    int64_t m_sockets{0};       //!< made so far
    std::vector<Ends> m_lost;   //!< connections at a crash
    Ptr<Socket> m_listener;     //!< accepts connections
    std::map<uint32_t, std::shared_ptr<Connection>> m_outgoing; //!< to hosts
    std::vector<std::shared_ptr<Connection>> m_incoming;        //!< from hosts
    ClosedBlocks m_closedBlocks;                                //!< blocks that senders ask about
};

} // namespace learning
} // namespace ns3

#endif /* TCP_TRANSPORT_H */
