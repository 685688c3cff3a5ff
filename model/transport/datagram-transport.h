/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DATAGRAM_TRANSPORT_H
#define DATAGRAM_TRANSPORT_H

#include "block-transport.h"
#include "closed-blocks.h"
#include "packet-view.h"
#include "transport-header.h"
#include "udp-port.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/segment-tag.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
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
 * Only where it is asked which segments arrived (BlockTransport::SetDeliveryCallback()) or a block
 * is sent reliably, the sender's packets say so, and the answer to an end is, where something is
 * missing, a mask of the segments that arrived. What is missing of a reliable block is then sent
 * again, followed by another end, pass by pass, until all has arrived, the receiver has closed the
 * block, MaxPasses are over or nothing is heard any more. An end without an answer is repeated as
 * any other.
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
     * Signature of the Passes trace source.
     * @param id the block; its peer is the receiver
     * @param passes how often it was gone through
     */
    typedef void (*PassesTracedCallback)(const BlockId& id, uint32_t passes);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    ~DatagramTransport() override;

    uint32_t GetLargestPacket(bool ipv6) const override;
    Time GetRepeatTime() const override;
    void SetTransferTime(Time time) override;

  protected:
    void DoDispose() override;
    void DoSend(const BlockId& id,
                const float* values,
                const SegmentLayout& layout,
                const SegmentMask* present,
                bool reliable) override;
    void NotifyClosed(const BlockId& id, const SegmentMask& mask) override;

    /**
     * Whether what is missing of any block is sent again.
     * @return false; derived classes may say true
     */
    virtual bool Repeats() const;

    /**
     * Whether a receiver may do with what has arrived when a pass over a block is over, though the
     * sender would repeat the rest.
     * @param id the block; its peer is the sender
     * @param mask the segments that arrived, not all
     * @return false; derived classes may say true
     */
    virtual bool IsEnough(const BlockId& id, const SegmentMask& mask) const;

    /**
     * Whether the sender of a block that is open wants it to be whole.
     * @param id the block; its peer is the sender
     * @return true if it was sent reliably by BlockTransport::Send()
     */
    bool IsWantedWhole(const BlockId& id) const;

    /**
     * How a block travels.
     * @param layout its cut
     * @return the cut of what is sent in its place; here the same
     */
    virtual SegmentLayout GetWireLayout(const SegmentLayout& layout) const;

    /**
     * The inverse of GetWireLayout().
     * @param wire the cut of what is sent
     * @return the cut of the block; of no segments if there is none
     */
    virtual SegmentLayout GetBlockLayout(const SegmentLayout& wire) const;

    /**
     * The segments to send again.
     * @param layout the cut of the block
     * @param segments segments of the block
     * @return those of GetWireLayout() that stand for them; here the same
     */
    virtual SegmentMask GetWireMask(const SegmentLayout& layout, const SegmentMask& segments) const;

    /**
     * Takes in consecutive segments that came in one packet, by Deliver().
     * @param id the block; its peer is the sender
     * @param wire the cut of what was sent
     * @param segments what came
     */
    virtual void TakeIn(const BlockId& id,
                        const SegmentLayout& wire,
                        const ArrivedSegments& segments);

    /**
     * Sends a block the way it travels.
     * @param id the block
     * @param values numbers of what is sent
     * @param layout cut of the block
     * @param present the segments of the block to send, or null for all
     * @param wirePresent the segments of what is sent, or null for all
     * @param reliable whether to repeat until all has arrived
     */
    void SendBlock(const BlockId& id,
                   const float* values,
                   const SegmentLayout& layout,
                   const SegmentMask* present,
                   const SegmentMask* wirePresent,
                   bool reliable);

  private:
    /// What a sender knows of a block if it asks what arrived.
    struct Question
    {
        SegmentMask wanted;        //!< segments that were sent
        SegmentMask arrived;       //!< of these, known to have arrived in time
        SegmentMask heard;         //!< those that the answer in this pass told of
        bool repeats{false};       //!< whether what is missing is sent again
        bool whole{false};         //!< whether the receiver may not do with less
        uint32_t pass{0};          //!< how often the block has been gone through before
        std::vector<float> values; //!< what is sent again, if anything
    };

    /// An end of block that has not been acknowledged.
    struct PendingEnd
    {
        SegmentLayout layout;               //!< of the block
        Time due;                           //!< when it is sent again
        uint32_t repeats{0};                //!< how often it was
        std::unique_ptr<Question> question; //!< what is asked, or null
    };

    using PendingEnds = std::map<BlockId, PendingEnd>; //!< by block; its peer is the receiver

    void DoOpen() override;

    /**
     * Sends segments, and the end after them.
     * @param id the block
     * @param values numbers of what is sent
     * @param wire its cut
     * @param present the segments to send, or null for all
     * @param question what is asked, or null
     */
    void SendSegments(const BlockId& id,
                      const float* values,
                      const SegmentLayout& wire,
                      const SegmentMask* present,
                      const Question* question);

    /**
     * Sends consecutive segments in one packet.
     * @param id the block
     * @param values its numbers
     * @param layout its cut
     * @param first first segment
     * @param count number of segments
     * @param withEnd whether the end of the block rides along
     * @param question what is asked, or null
     */
    void SendTrain(const BlockId& id,
                   const float* values,
                   const SegmentLayout& layout,
                   uint32_t first,
                   uint32_t count,
                   bool withEnd,
                   const Question* question);

    /**
     * Sends a control segment in a packet of its own.
     * @param id direction, round, block and receiver
     * @param header what it says
     * @param packet what follows the header
     */
    void SendControl(const BlockId& id, const TransportHeader& header, Ptr<Packet> packet);

    /**
     * Sends the end of a block in a packet of its own, with the acknowledgements that are owed.
     * @param id direction, round, block and receiver
     * @param wire the cut of what was sent
     * @param question what is asked, or null
     */
    void SendEnd(const BlockId& id, const SegmentLayout& wire, const Question* question);

    /**
     * Hands a packet to UDP and counts it.
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
     * @param layout the cut of the block, or of what is sent
     * @param question what is asked, or null
     * @return the header, without data
     */
    TransportHeader MakeHeader(const BlockId& id,
                               const SegmentLayout& layout,
                               const Question* question) const;

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
     * @param question what is asked, or null
     */
    void ExpectAck(const BlockId& id,
                   const SegmentLayout& layout,
                   std::unique_ptr<Question> question);

    /**
     * Sets the clock of repeats, unless it rings before.
     * @param due when it shall ring
     */
    void SetRepeatClock(Time due);

    /**
     * Tells what became of a block that was asked about.
     * @param id the block; its peer is the receiver
     * @param question what is known of it
     */
    void Conclude(const BlockId& id, const Question& question);

    /**
     * A receiver acknowledges a block, which is whole if it was asked what arrived.
     * @param id the block; its peer is the receiver
     */
    void Acknowledge(const BlockId& id);

    /**
     * A receiver answers which segments arrived.
     * @param header the header of its packet
     * @param bits a bit a segment
     */
    void TakeMask(const TransportHeader& header, const uint8_t* bits);

    /**
     * Goes through a block once more: sends what is missing, or only the end if nothing is or it
     * has been often enough.
     * @param id the block; its peer is the receiver
     * @param pending its state, with a question
     */
    void BeginPass(const BlockId& id, PendingEnd& pending);

    /**
     * Owes the acknowledgement of a block.
     * @param id the block; its peer is the sender
     */
    void OweAck(const BlockId& id);

    /**
     * Answers which segments of a block arrived.
     * @param id the block; its peer is the sender
     * @param layout its cut
     * @param pass that of the end
     */
    void Answer(const BlockId& id, const SegmentLayout& layout, uint8_t pass);

    /**
     * Takes in the end of a block, or of a pass over it.
     * @param id the block; its peer is the sender
     * @param layout its cut
     * @param header that of the packet
     */
    void TakeEnd(const BlockId& id, const SegmentLayout& layout, const TransportHeader& header);

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
    uint32_t m_maxPasses;         //!< over a block that is repeated, at least 1
    bool m_ipv6{false};           //!< whether the hosts have IPv6 addresses

    Ptr<UdpPort> m_port;                                              //!< once it is open
    std::map<uint32_t, std::vector<TransportHeader::Ack>> m_owedAcks; //!< by host
    EventId m_ackEvent;                                               //!< next FlushAcks()
    PendingEnds m_pendingEnds;                                        //!< not acknowledged
    EventId m_repeatEvent;                                            //!< next RepeatEnds()
    Time m_repeatDue;                                                 //!< when that is
    ClosedBlocks m_closedBlocks;                            //!< blocks that senders ask about
    std::set<BlockId> m_wantedWhole;                        //!< open blocks that were sent reliably
    TracedCallback<const BlockId&, uint32_t> m_passesTrace; //!< passes over a block
    PacketView m_view;                                      //!< reads packets
};

} // namespace learning
} // namespace ns3

#endif /* DATAGRAM_TRANSPORT_H */
