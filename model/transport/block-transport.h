/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BLOCK_TRANSPORT_H
#define BLOCK_TRANSPORT_H

#include "block-receiver.h"

#include "ns3/address.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Carries blocks of numbers between the hosts of a training, as packets, and says which segments
 * arrived.
 *
 * One transport serves one host, for its worker and its parameter server alike. Derived classes
 * make packets of blocks and call Deliver() and End(); this class keeps the blocks that are being
 * received and accounts for every segment: sent = received + late + duplicate + dropped in the
 * network + still on the way.
 */
class BlockTransport : public Object
{
  public:
    /// What became of data segments.
    enum Fate
    {
        SENT,          //!< handed to the network
        REFUSED,       //!< sent, but the network of this very node had no way for it
        RECEIVED,      //!< arrived while its block was open
        LATE,          //!< arrived after its block was closed
        DUPLICATE,     //!< arrived once more, or brought nothing new
        RETRANSMITTED, //!< of those sent: sent once more
        PARITY,        //!< of those sent: made of others, to stand in for one that is lost
    };

    /// Sums over one direction.
    struct Traffic
    {
        uint64_t sent{0};          //!< data segments sent
        uint64_t refused{0};       //!< of these, those for which this node had no way
        uint64_t received{0};      //!< data segments received in time
        uint64_t late{0};          //!< data segments received too late
        uint64_t duplicate{0};     //!< data segments received before
        uint64_t retransmitted{0}; //!< of those sent, sent once more
        uint64_t parity{0};        //!< of those sent, made of others
        uint64_t bytes{0}; //!< bytes sent on the link, headers and control segments included
    };

    /**
     * Signature of the Segments trace source.
     * @param id the block; its peer is the other host
     * @param fate what became of the segments
     * @param segments number of data segments, 0 for control alone
     * @param bytes bytes on the link, for fate SENT; otherwise 0
     */
    typedef void (*SegmentsTracedCallback)(const BlockId& id,
                                           Fate fate,
                                           uint32_t segments,
                                           uint32_t bytes);

    /**
     * Signature of the Send trace source.
     * @param id the block; its peer is the receiver
     * @param segments segments to send
     */
    typedef void (*SendTracedCallback)(const BlockId& id, uint32_t segments);

    /**
     * Is told what became of a block that was sent: the block, whose peer is the receiver, and its
     * segments that are known to have arrived in time.
     */
    using DeliveryCallback = std::function<void(const BlockId&, const SegmentMask&)>;

    /**
     * Signature of the Close trace source.
     * @param id the block; its peer is the sender
     * @param received segments that arrived
     * @param segments segments of the block
     */
    typedef void (*CloseTracedCallback)(const BlockId& id, uint32_t received, uint32_t segments);

    /**
     * Signature of the Mask trace source.
     * @param id the block; its peer is the sender
     * @param mask the segments that arrived
     */
    typedef void (*MaskTracedCallback)(const BlockId& id, const SegmentMask& mask);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Makes the transport ready; to be called while the simulation runs (sockets need that), at
     * most once.
     * @param node the node it lives on
     * @param self index of this host
     * @param peers address and port of every host, this one included
     * @throws std::invalid_argument with one sentence if the attributes do not fit the node's links
     */
    void Open(Ptr<Node> node, uint32_t self, std::shared_ptr<const std::vector<Address>> peers);

    /**
     * Says who receives the blocks of a direction.
     * @param direction the direction
     * @param receiver the receiver, or null for nobody (blocks are then late)
     */
    void SetReceiver(BlockDirection direction, BlockReceiver* receiver);

    /**
     * Asks to be told which segments of the blocks of a direction arrived: once for each block
     * sent, when the receiver has said so, or when the transport has given up to hear of it (then
     * with what was known, perhaps nothing). Costs control traffic for blocks that arrive in part.
     * @param direction the direction
     * @param callback called then; it may send blocks. Null for nobody
     */
    void SetDeliveryCallback(BlockDirection direction, DeliveryCallback callback);

    /**
     * Sends a block. Its numbers are copied before this returns.
     * @param id the block; its peer is the receiver
     * @param values length numbers
     * @param length numbers in the block
     * @param present the segments to send, or null for all
     * @param reliable whether to repeat what is lost until all has arrived, the receiver has closed
     * the block or the transport gives up, whatever this transport does otherwise
     */
    void Send(const BlockId& id,
              const float* values,
              uint32_t length,
              const SegmentMask* present = nullptr,
              bool reliable = false);

    /**
     * Closes a block that is open: what comes later is late. Does nothing if it is not open.
     * @param id the block; its peer is the sender
     */
    void CloseBlock(const BlockId& id);

    /**
     * Lets the rest of an open block, of which nothing may be held, be written elsewhere; what has
     * arrived is copied there. Nothing if it is not open.
     * @param id the block; its peer is the sender
     * @param destination room for the block
     */
    void Redirect(const BlockId& id, float* destination);

    /**
     * Index of this host, once the transport is open.
     * @return the index
     */
    uint32_t GetSelf() const;

    /**
     * How blocks of a length are cut.
     * @param length numbers in the block
     * @return the layout
     */
    SegmentLayout GetLayout(uint32_t length) const;

    /**
     * Length of the largest IP packet that the attributes lead to.
     * @param ipv6 whether it travels over IPv6
     * @return bytes, link header not included
     */
    virtual uint32_t GetLargestPacket(bool ipv6) const = 0;

    /**
     * How long repeats may take, for those who choose deadlines.
     * @return the time in which this transport repeats a block that is lost several times, beside
     * its transmission; zero if it repeats nothing
     */
    virtual Time GetRepeatTime() const;

    /**
     * Says how long the blocks of a round take into one host, all of which may have to be there
     * before any is answered. Does nothing unless it is overridden.
     * @param time at the rate of the slowest link
     */
    virtual void SetTransferTime(Time time);

    /**
     * The host crashes: what connects it with others is gone without a word. Its network is cut off
     * before. Crashing twice is crashing once. Does nothing unless it is overridden.
     */
    virtual void Crash();

    /// The host is back, and its network before it. Does nothing unless it is overridden.
    virtual void Restart();

    /**
     * Gives random variables streams of their own.
     * @param stream the first one
     * @return how many are used; none unless it is overridden
     */
    virtual int64_t AssignStreams(int64_t stream);

    /**
     * What was sent and received so far.
     * @param direction the direction
     * @return the sums
     */
    const Traffic& GetTraffic(BlockDirection direction) const;

    /**
     * Packets that were not understood and thrown away.
     * @return number of packets
     */
    uint64_t GetMalformedCount() const;

    /**
     * Copies the segments that are there.
     * @param from a block
     * @param layout its cut
     * @param mask the segments to copy
     * @param to another block, written where the mask says
     */
    static void CopySegments(const float* from,
                             const SegmentLayout& layout,
                             const SegmentMask& mask,
                             float* to);

  protected:
    void DoDispose() override;

    /**
     * Opens sockets.
     * @throws std::invalid_argument with one sentence if the attributes do not fit the node's links
     */
    virtual void DoOpen() = 0;

    /**
     * Sends a block of at least one number; derived classes report with Count().
     * @param id the block; its peer is the receiver
     * @param values the numbers
     * @param layout how they are cut
     * @param present the segments to send, or null for all
     * @param reliable whether to repeat what is lost until all has arrived
     */
    virtual void DoSend(const BlockId& id,
                        const float* values,
                        const SegmentLayout& layout,
                        const SegmentMask* present,
                        bool reliable) = 0;

    /**
     * A block is opened to be received.
     * @param id the block; its peer is the sender
     * @param layout its cut
     */
    virtual void NotifyOpened(const BlockId& id, const SegmentLayout& layout);

    /**
     * A block is about to be closed, or a pass over it is over: the last chance to deliver what can
     * be made of what has arrived, by Deliver(). Does nothing unless it is overridden.
     * @param id the block; its peer is the sender
     */
    virtual void RebuildMissing(const BlockId& id);

    /**
     * A block that was being received is closed; called before the receiver is told.
     * @param id the block; its peer is the sender
     * @param mask the segments that arrived
     */
    virtual void NotifyClosed(const BlockId& id, const SegmentMask& mask);

    /// A block that is being received.
    struct Reception
    {
        float* destination;   //!< where its numbers go
        SegmentLayout layout; //!< how it is cut
        SegmentMask mask;     //!< what has arrived
    };

    /**
     * Tells the receiver that the blocks of a round have been waited for long enough.
     * @param direction which way they travel
     * @param round the round
     */
    void EndWait(BlockDirection direction, uint32_t round);

    /**
     * Looks at a block that is being received, opening it if it is new.
     * @param id the block; its peer is the sender
     * @param layout how the sender cut it
     * @return the block, valid until it is closed; null if it comes too late
     */
    const Reception* OpenReception(const BlockId& id, const SegmentLayout& layout);

    /**
     * Looks at a block that is being received.
     * @param id the block; its peer is the sender
     * @return the block, valid until it is closed; null if it is not open
     */
    const Reception* FindReception(const BlockId& id) const;

    /**
     * Whether somebody wants to know what became of the blocks sent in a direction.
     * @param direction the direction
     * @return true if so
     */
    bool IsDeliveryAsked(BlockDirection direction) const;

    /**
     * Tells whoever wants to know what became of a block that was sent; once a block.
     * @param id the block; its peer is the receiver
     * @param arrived the segments known to have arrived in time
     */
    void ReportDelivery(const BlockId& id, const SegmentMask& arrived);

    /**
     * Takes in consecutive segments that came in one packet.
     * @param id the block; its peer is the sender
     * @param layout how the sender cut the block
     * @param segments what came
     */
    void Deliver(const BlockId& id, const SegmentLayout& layout, const ArrivedSegments& segments);

    /**
     * The sender has nothing more of a block: closes it, opening it first if nothing had come.
     * @param id the block; its peer is the sender
     * @param layout how the sender cut the block
     */
    void End(const BlockId& id, const SegmentLayout& layout);

    /**
     * Accounts for segments.
     * @param id their block; its peer is the other host
     * @param fate what became of them
     * @param segments how many
     * @param bytes bytes on the link, for fate SENT
     */
    void Count(const BlockId& id, Fate fate, uint32_t segments, uint32_t bytes = 0);

    /// Counts a packet that was not understood.
    void CountMalformed();

    /**
     * Address of a host.
     * @param peer its index
     * @return address and port
     */
    const Address& GetPeer(uint32_t peer) const;

    /**
     * Number of hosts.
     * @return the number, this one included
     */
    uint32_t GetPeerCount() const;

    /**
     * The node of this host.
     * @return the node
     */
    Ptr<Node> GetNode() const;

    /**
     * Payload of a segment.
     * @return bytes, a multiple of 4
     */
    uint32_t GetSegmentBytes() const;

  private:
    using Receptions = std::unordered_map<BlockId, Reception, BlockIdHash>; //!< by block

    /**
     * Sets SegmentBytes.
     * @param bytes a multiple of 4
     */
    void SetSegmentBytes(uint32_t bytes);

    /**
     * Finds a block, opening it if it is new.
     * @param id the block
     * @param layout how the sender cut it
     * @return the reception, or end() if the block is late
     */
    Receptions::iterator Find(const BlockId& id, const SegmentLayout& layout);

    /**
     * Takes a block out of the table and tells the receiver.
     * @param reception the block
     */
    void Finish(Receptions::iterator reception);

    uint32_t m_segmentBytes;                             //!< payload of a segment, a multiple of 4
    Ptr<Node> m_node;                                    //!< where this lives
    uint32_t m_self{0};                                  //!< index of this host
    std::shared_ptr<const std::vector<Address>> m_peers; //!< address of every host
    BlockReceiver* m_receivers[2]{nullptr, nullptr};     //!< by direction
    DeliveryCallback m_deliveryCallbacks[2];             //!< by direction
    Receptions m_receptions;                             //!< blocks that are open
    Traffic m_traffic[2];                                //!< by direction
    uint64_t m_malformed{0};                             //!< packets not understood
    TracedCallback<const BlockId&, Fate, uint32_t, uint32_t> m_segmentsTrace; //!< fates
    TracedCallback<const BlockId&, uint32_t> m_sendTrace;                     //!< sendings
    TracedCallback<const BlockId&, const SegmentMask&> m_maskTrace;           //!< their masks
    TracedCallback<const BlockId&, uint32_t, uint32_t> m_closeTrace;          //!< closes
};

} // namespace learning
} // namespace ns3

#endif /* BLOCK_TRANSPORT_H */
