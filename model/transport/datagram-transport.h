/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DATAGRAM_TRANSPORT_H
#define DATAGRAM_TRANSPORT_H

#include "block-transport.h"
#include "packet-view.h"
#include "transport-header.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/segment-tag.h"
#include "ns3/socket.h"

#include <cstdint>
#include <map>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Blocks over UDP, each segment sent once: what the network loses is missing.
 *
 * After the last segment comes a control segment, the end of the block, which lets the receiver
 * close at once. It is acknowledged, and repeated with doubling pauses until it is;
 * acknowledgements ride on ends that go the other way, or travel alone after AckDelay. A receiver
 * whose ends are all lost closes at its own deadline, so every round ends.
 *
 * Trains: with SegmentsPerPacket above 1, consecutive segments share one ns-3 packet, padded to the
 * bytes they would take with a header each (this header, UDP, IP, link), and the end rides on the
 * last one. A SegmentErrorModel drops each segment of a train on its own. The differences to single
 * segments: a completion time is up to (train - 1) segment times longer for each store-and-forward
 * hop, and a queue that overflows drops the whole train.
 *
 * Source: the message model of "Distributed Learning over Unreliable Networks" (ICML 2019),
 * Sections 3 and 4.
 */
class DatagramTransport : public BlockTransport
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Length of the largest IP packet that the attributes lead to.
     * @param ipv6 whether it travels over IPv6
     * @return bytes, link header not included
     */
    uint32_t GetLargestPacket(bool ipv6) const;

  protected:
    void DoDispose() override;

  private:
    /// An end of block that has not been acknowledged.
    struct PendingEnd
    {
        SegmentLayout layout; //!< of the block
        Time due;             //!< when it is sent again
        uint32_t repeats{0};  //!< how often it was
    };

    void DoOpen() override;
    void DoSend(const BlockId& id,
                const float* values,
                const SegmentLayout& layout,
                const SegmentMask* present) override;

    /**
     * Sends consecutive segments in one packet.
     * @param id the block
     * @param values its numbers
     * @param layout its cut
     * @param first first segment
     * @param count number of segments
     * @param withEnd whether the end of the block rides along
     */
    void SendTrain(const BlockId& id,
                   const float* values,
                   const SegmentLayout& layout,
                   uint32_t first,
                   uint32_t count,
                   bool withEnd);

    /**
     * Sends a control segment in a packet of its own: the acknowledgements that are owed and, if
     * asked for, an end.
     * @param id direction, round, block and receiver
     * @param layout the cut of the block
     * @param isEnd whether it says that the block ends
     */
    void SendControl(const BlockId& id, const SegmentLayout& layout, bool isEnd);

    /**
     * Hands a packet to the socket and counts it.
     * @param id the block
     * @param packet the packet, header included
     * @param tag its segments
     * @param linkBytes what it takes on the link
     */
    void SendPacket(const BlockId& id,
                    Ptr<Packet> packet,
                    const SegmentTag& tag,
                    uint32_t linkBytes);

    /**
     * Begins a header.
     * @param id direction, round and block
     * @param layout the cut of the block
     * @return the header, without data
     */
    TransportHeader MakeHeader(const BlockId& id, const SegmentLayout& layout) const;

    /**
     * Moves the acknowledgements owed to a host into a header, as many as fit.
     * @param peer the host
     * @param header the header
     */
    void TakeAcks(uint32_t peer, TransportHeader& header);

    /**
     * Notes that an end must be acknowledged, and starts the clock.
     * @param id the block; its peer is the receiver
     * @param layout its cut
     */
    void ExpectAck(const BlockId& id, const SegmentLayout& layout);

    /// Reads the packets that have come.
    void HandleRead(Ptr<Socket> socket);

    /**
     * Takes in one packet.
     * @param packet the packet
     */
    void Receive(Ptr<Packet> packet);

    /// Sends the acknowledgements that found nothing to ride on.
    void FlushAcks();

    /// Repeats the ends that are due and sets the clock to the next one.
    void RepeatEnds();

    uint32_t m_segmentsPerPacket; //!< length of a train, 1 to 64
    uint32_t m_linkHeaderBytes;   //!< what the link adds to a packet
    uint8_t m_tos;                //!< type of service of data
    uint8_t m_controlTos;         //!< type of service of control segments on their own
    Time m_ackDelay;              //!< how long an acknowledgement waits for a ride
    Time m_retransmitTimeout;     //!< pause before an end is repeated for the first time
    uint32_t m_maxRepeats;        //!< after which an end is given up
    bool m_ipv6{false};           //!< whether the hosts have IPv6 addresses

    Ptr<Socket> m_socket;                                             //!< of UDP
    std::map<uint32_t, std::vector<TransportHeader::Ack>> m_owedAcks; //!< by host
    EventId m_ackEvent;                                               //!< next FlushAcks()
    std::map<BlockId, PendingEnd> m_pendingEnds;                      //!< not acknowledged
    EventId m_repeatEvent;                                            //!< next RepeatEnds()
    PacketView m_view;                                                //!< reads packets
};

} // namespace learning
} // namespace ns3

#endif /* DATAGRAM_TRANSPORT_H */
