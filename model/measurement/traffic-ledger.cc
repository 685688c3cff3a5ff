/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "traffic-ledger.h"

#include "ns3/interruptible-channel.h"
#include "ns3/node-list.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/queue-disc.h"
#include "ns3/segment-error-model.h"
#include "ns3/simulator.h"
#include "ns3/traffic-control-layer.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{
constexpr uint32_t NO_HOST = std::numeric_limits<uint32_t>::max();
constexpr uint32_t ROUNDS = 64; //!< after so many rounds a block is not waited for any more
} // namespace

TrafficLedger::Account&
TrafficLedger::Account::operator+=(const Account& other)
{
    offered += other.offered;
    sent += other.sent;
    refused += other.refused;
    received += other.received;
    late += other.late;
    dropped += other.dropped;
    duplicate += other.duplicate;
    retransmitted += other.retransmitted;
    parity += other.parity;
    bytes += other.bytes;
    return *this;
}

void
TrafficLedger::ObserveTransport(Ptr<BlockTransport> transport)
{
    transport->TraceConnectWithoutContext(
        "Segments",
        MakeCallback(&TrafficLedger::Segments, Ptr<TrafficLedger>(this)));
    const BlockTransport* observed = PeekPointer(transport);
    transport->TraceConnectWithoutContext(
        "Send",
        MakeCallback(&TrafficLedger::BlockSent, Ptr<TrafficLedger>(this)).Bind(observed));
    transport->TraceConnectWithoutContext(
        "Close",
        MakeCallback(&TrafficLedger::BlockClosed, Ptr<TrafficLedger>(this)).Bind(observed));
}

void
TrafficLedger::ObserveDevices(const std::map<uint32_t, uint32_t>& hosts)
{
    const Ptr<TrafficLedger> self(this);
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        const auto found = hosts.find((*node)->GetId());
        const uint32_t host = found == hosts.end() ? NO_HOST : found->second;
        for (uint32_t i = 0; i < (*node)->GetNDevices(); ++i)
        {
            const Ptr<NetDevice> device = (*node)->GetDevice(i);
            const auto dropped = MakeCallback(&TrafficLedger::PacketDropped, self).Bind(host);
            device->TraceConnectWithoutContext("MacTxDrop", dropped);
            const bool isLink = bool(DynamicCast<InterruptibleChannel>(device->GetChannel()));
            device->TraceConnectWithoutContext(
                "PhyTxDrop",
                isLink ? MakeCallback(&TrafficLedger::LostOnLink, self).Bind(host) : dropped);
            device->TraceConnectWithoutContext("PhyRxDrop", dropped);
            const Ptr<TrafficControlLayer> traffic = (*node)->GetObject<TrafficControlLayer>();
            if (const Ptr<QueueDisc> disc =
                    traffic ? traffic->GetRootQueueDiscOnDevice(device) : nullptr)
            {
                disc->TraceConnectWithoutContext(
                    "Drop",
                    MakeCallback(&TrafficLedger::ItemDropped, self).Bind(host));
            }
            PointerValue errorModel;
            if (device->GetAttributeFailSafe("ReceiveErrorModel", errorModel) &&
                errorModel.Get<SegmentErrorModel>())
            {
                errorModel.Get<SegmentErrorModel>()->TraceConnectWithoutContext(
                    "Drop",
                    MakeCallback(&TrafficLedger::SegmentsDropped, self).Bind(host));
            }
        }
    }
}

TrafficLedger::Account
TrafficLedger::GetTotal(uint32_t rounds, BlockDirection direction) const
{
    Account total;
    for (const auto& [round, account] : m_rounds[direction])
    {
        if (round >= rounds)
        {
            break;
        }
        total += account;
    }
    return total;
}

TrafficLedger::Account
TrafficLedger::GetTotal(BlockDirection direction) const
{
    return GetTotal(std::numeric_limits<uint32_t>::max(), direction);
}

uint64_t
TrafficLedger::GetDroppedTrainCount() const
{
    return m_droppedTrains;
}

TrafficLedger::Account&
TrafficLedger::Get(uint32_t round, BlockDirection direction)
{
    if (!m_latest[direction] || m_latestRound[direction] != round)
    {
        m_latest[direction] = &m_rounds[direction][round]; // stays where it is
        m_latestRound[direction] = round;
    }
    return *m_latest[direction];
}

const TimeHistogram&
TrafficLedger::GetBlockTimes() const
{
    return m_blockTimes;
}

void
TrafficLedger::BlockSent(const BlockTransport* transport, const BlockId& id, uint32_t segments)
{
    Get(id.round, id.direction).offered += segments;
    const auto [round, isNew] = m_journeys.try_emplace(id.round);
    Journeys& journeys = round->second;
    if (isNew)
    {
        journeys.reserve(m_mostJourneys);
    }
    journeys[{id, transport->GetSelf()}] = Simulator::Now();
    m_mostJourneys = std::max(m_mostJourneys, journeys.size());
    while (id.round > ROUNDS && m_journeys.begin()->first < id.round - ROUNDS)
    {
        m_journeys.erase(m_journeys.begin());
    }
}

void
TrafficLedger::BlockClosed(const BlockTransport* transport,
                           const BlockId& id,
                           uint32_t /* received */,
                           uint32_t /* segments */)
{
    const auto round = m_journeys.find(id.round);
    if (round == m_journeys.end())
    {
        return;
    }
    Journeys& journeys = round->second;
    const auto sent =
        journeys.find({{id.direction, id.round, id.block, transport->GetSelf()}, id.peer});
    if (sent == journeys.end())
    {
        return;
    }
    m_blockTimes.Add(Simulator::Now() - sent->second);
    journeys.erase(sent);
    if (journeys.empty())
    {
        m_journeys.erase(round);
    }
}

void
TrafficLedger::Segments(const BlockId& id,
                        BlockTransport::Fate fate,
                        uint32_t segments,
                        uint32_t bytes)
{
    Account& account = Get(id.round, id.direction);
    switch (fate)
    {
    case BlockTransport::SENT:
        account.sent += segments;
        account.bytes += bytes;
        break;
    case BlockTransport::REFUSED:
        account.refused += segments;
        break;
    case BlockTransport::RECEIVED:
        account.received += segments;
        break;
    case BlockTransport::LATE:
        account.late += segments;
        break;
    case BlockTransport::DUPLICATE:
        account.duplicate += segments;
        break;
    case BlockTransport::RETRANSMITTED:
        account.retransmitted += segments;
        break;
    case BlockTransport::PARITY:
        account.parity += segments;
        break;
    }
}

void
TrafficLedger::SegmentsDropped(uint32_t host, Ptr<const Packet> packet, uint32_t segments)
{
    SegmentTag tag;
    if (!packet->PeekPacketTag(tag))
    {
        return;
    }
    const SegmentTag::Message& message = tag.GetMessage();
    // on a shared medium others hear the packet, too, and lose nothing
    if (host == NO_HOST || host == message.receiver)
    {
        Get(message.round, message.pull ? PULL : PUSH).dropped += segments;
    }
}

void
TrafficLedger::ItemDropped(uint32_t host, Ptr<const QueueDiscItem> item)
{
    PacketDropped(host, item->GetPacket());
}

void
TrafficLedger::PacketDropped(uint32_t host, Ptr<const Packet> packet)
{
    m_droppedTrains += CountDropped(host, packet) > 1;
}

void
TrafficLedger::LostOnLink(uint32_t host, Ptr<const Packet> packet)
{
    CountDropped(host, packet);
}

uint32_t
TrafficLedger::CountDropped(uint32_t host, Ptr<const Packet> packet)
{
    SegmentTag tag;
    if (!packet->PeekPacketTag(tag))
    {
        return 0;
    }
    const SegmentTag::Message& message = tag.GetMessage();
    const bool concerns = host == NO_HOST || host == message.receiver || host == message.sender;
    const uint32_t segments = concerns ? tag.GetAliveCount() : 0;
    if (segments != 0)
    {
        Get(message.round, message.pull ? PULL : PUSH).dropped += segments;
    }
    return segments;
}

} // namespace learning
} // namespace ns3
