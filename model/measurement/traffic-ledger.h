/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAFFIC_LEDGER_H
#define TRAFFIC_LEDGER_H

#include "time-histogram.h"

#include "ns3/block-transport.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/queue-item.h"
#include "ns3/segment-tag.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <map>
#include <unordered_map>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-measurement
 *
 * Keeps account of all segments of a training, by round: what was sent, and what became of it.
 * Listens to the transports, to the error models and to the drops of the devices.
 *
 * Once nothing is on the way any more, sent = received + duplicate + late + dropped + refused, each
 * transmission being counted; where the network itself makes copies, these come on top as duplicate
 * or late. Drops inside IP (no route at a router, fragments that do not reassemble) are not seen.
 */
class TrafficLedger : public SimpleRefCount<TrafficLedger>
{
  public:
    /// Sums over some rounds and one direction.
    struct Account
    {
        uint64_t offered{0};  //!< segments of the blocks that were to be sent
        uint64_t sent{0};     //!< data segments sent, each time counted
        uint64_t refused{0};  //!< of these, those for which the sender had no way
        uint64_t received{0}; //!< of these, received in time, or rebuilt by parity received in time
        uint64_t late{0};     //!< of these, received too late
        uint64_t dropped{0};  //!< of these, dropped by the network
        uint64_t duplicate{0};     //!< received once more, or bringing nothing new
        uint64_t retransmitted{0}; //!< of those sent, sent once more
        uint64_t parity{0};        //!< of those sent, made of others
        uint64_t bytes{0};         //!< bytes sent on links, headers and control included

        /**
         * Adds another account.
         * @param other the other one
         * @return this one
         */
        Account& operator+=(const Account& other);
    };

    /**
     * Listens to a transport.
     * @param transport the transport
     */
    void ObserveTransport(Ptr<BlockTransport> transport);

    /**
     * Listens to what all devices of all nodes drop, by their error models, their queues and their
     * queue discs.
     * @param hosts index of host by node
     */
    void ObserveDevices(const std::map<uint32_t, uint32_t>& hosts);

    /**
     * Sums over the rounds below a number, since the start.
     * @param rounds the number
     * @param direction the direction
     * @return the sums
     */
    Account GetTotal(uint32_t rounds, BlockDirection direction) const;

    /**
     * Sums over all rounds.
     * @param direction the direction
     * @return the sums
     */
    Account GetTotal(BlockDirection direction) const;

    /**
     * Packets of several segments that a device dropped as a whole, as a queue that overflows does:
     * the segments of a train are then not lost one by one. What links that are down lose is not
     * among them: a packet for each segment would be lost there, too.
     * @return number of packets
     */
    uint64_t GetDroppedTrainCount() const;

    /**
     * Times from the sending of blocks to their close at the receiver, both ways.
     * @return the times of the blocks closed so far
     */
    const TimeHistogram& GetBlockTimes() const;

  private:
    /// A block on its way in some round; its peer is the receiver.
    struct Journey
    {
        BlockId id;         //!< the block
        uint32_t sender{0}; //!< index of the host that sent it

        bool operator==(const Journey& other) const
        {
            return sender == other.sender && id == other.id;
        }
    };

    /// Hash of a journey.
    struct JourneyHash
    {
        std::size_t operator()(const Journey& journey) const
        {
            return BlockIdHash()(journey.id) ^ (journey.sender * std::size_t{0x9E3779B97F4A7C15U});
        }
    };

    /// Blocks that are not closed yet: when they were sent.
    using Journeys = std::unordered_map<Journey, Time, JourneyHash>;

    /**
     * A transport sends a block.
     * @param transport the transport
     * @param id the block
     * @param segments number of segments
     */
    void BlockSent(const BlockTransport* transport, const BlockId& id, uint32_t segments);

    /**
     * A transport has closed a block.
     * @param transport the transport
     * @param id the block
     * @param received segments that arrived
     * @param segments number of segments
     */
    void BlockClosed(const BlockTransport* transport,
                     const BlockId& id,
                     uint32_t received,
                     uint32_t segments);

    /**
     * Account of a round.
     * @param round the round
     * @param direction the direction
     * @return the account
     */
    Account& Get(uint32_t round, BlockDirection direction);

    /**
     * A transport reports.
     * @param id the block
     * @param fate what became of segments
     * @param segments number of segments
     * @param bytes bytes sent
     */
    void Segments(const BlockId& id, BlockTransport::Fate fate, uint32_t segments, uint32_t bytes);

    /**
     * A segment error model drops segments of a packet.
     * @param host index of the host that the device belongs to, or that of none
     * @param packet the packet
     * @param segments how many
     */
    void SegmentsDropped(uint32_t host, Ptr<const Packet> packet, uint32_t segments);

    /**
     * A queue disc drops a packet.
     * @param host index of the host that the device belongs to, or that of none
     * @param item the packet
     */
    void ItemDropped(uint32_t host, Ptr<const QueueDiscItem> item);

    /**
     * A device drops a packet.
     * @param host index of the host that the device belongs to, or that of none
     * @param packet the packet
     */
    void PacketDropped(uint32_t host, Ptr<const Packet> packet);

    /**
     * A packet is lost because its link is down, as all others then are: not as a train.
     * @param host index of the host that the device belongs to, or that of none
     * @param packet the packet
     */
    void LostOnLink(uint32_t host, Ptr<const Packet> packet);

    /**
     * Counts the segments of a packet that is dropped.
     * @param host index of the host that the device belongs to, or that of none
     * @param packet the packet
     * @return those that are counted
     */
    uint32_t CountDropped(uint32_t host, Ptr<const Packet> packet);

    std::map<uint32_t, Account> m_rounds[2]; //!< by direction and round
    Account* m_latest[2]{};                  //!< by direction: the one that was asked for last
    uint32_t m_latestRound[2]{};             //!< by direction: its round
    uint64_t m_droppedTrains{0};             //!< packets of several segments dropped as a whole
    std::map<uint32_t, Journeys> m_journeys; //!< by round
    std::size_t m_mostJourneys{0};           //!< of a round
    TimeHistogram m_blockTimes;              //!< of blocks that are closed
};

} // namespace learning
} // namespace ns3

#endif /* TRAFFIC_LEDGER_H */
