/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "datagram-transport.h"

#include "number-payload.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/loopback-net-device.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace learning
{

NS_LOG_COMPONENT_DEFINE("DatagramTransport");

NS_OBJECT_ENSURE_REGISTERED(DatagramTransport);

namespace
{
constexpr uint32_t UDP_HEADER_BYTES = 8;
constexpr uint32_t IPV4_HEADER_BYTES = 20;
constexpr uint32_t IPV6_HEADER_BYTES = 40;
constexpr uint32_t MAX_IP_PACKET_BYTES = 65535;
constexpr std::size_t ACKS_ON_TRAIN = 4;     //!< acknowledgements that ride on an end in a train
constexpr std::size_t ACKS_ON_CONTROL = 100; //!< those in a control segment on its own

} // namespace

TypeId
DatagramTransport::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::DatagramTransport")
            .SetParent<BlockTransport>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<DatagramTransport>()
            .AddAttribute("SegmentsPerPacket",
                          "Length of a train: segments that one ns-3 packet carries, 1 to 64. It "
                          "must fit the MTU of every device on the way.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DatagramTransport::m_segmentsPerPacket),
                          MakeUintegerChecker<uint32_t>(1, SegmentTag::MAX_SEGMENTS))
            .AddAttribute("LinkHeaderBytes",
                          "Bytes that the link adds to each packet, 0 to 256: 2 for "
                          "point-to-point, 18 for Ethernet. Used to pad trains and to count bytes.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&DatagramTransport::m_linkHeaderBytes),
                          MakeUintegerChecker<uint32_t>(0, 256))
            .AddAttribute("Tos",
                          "Type of service in the IP header of data, 0 to 255: 4 is lower effort "
                          "(code point 1), which queue discs may tell from other traffic.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DatagramTransport::m_tos),
                          MakeUintegerChecker<uint8_t>())
            .AddAttribute("ControlTos",
                          "Type of service of control segments on their own, 0 to 255.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DatagramTransport::m_controlTos),
                          MakeUintegerChecker<uint8_t>())
            .AddAttribute("AckDelay",
                          "How long the acknowledgement of an end waits for a packet to ride on.",
                          TimeValue(MilliSeconds(10)),
                          MakeTimeAccessor(&DatagramTransport::m_ackDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("RetransmitTimeout",
                          "Pause before an end that is not acknowledged is repeated for the first "
                          "time; it doubles each time. Should exceed AckDelay plus a round trip.",
                          TimeValue(MilliSeconds(50)),
                          MakeTimeAccessor(&DatagramTransport::m_retransmitTimeout),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("MaxRepeats",
                          "How often an end is repeated before it is given up, 0 to 30.",
                          UintegerValue(6),
                          MakeUintegerAccessor(&DatagramTransport::m_maxRepeats),
                          MakeUintegerChecker<uint32_t>(0, 30))
            .AddAttribute("MaxPasses",
                          "How often a block that is repeated is gone through at most, 1 to "
                          "1,000,000, the first time included.",
                          UintegerValue(256),
                          MakeUintegerAccessor(&DatagramTransport::m_maxPasses),
                          MakeUintegerChecker<uint32_t>(1, 1000000))
            .AddTraceSource("Passes",
                            "What became of a block that was asked about is known, or given up.",
                            MakeTraceSourceAccessor(&DatagramTransport::m_passesTrace),
                            "ns3::learning::DatagramTransport::PassesTracedCallback");
    return tid;
}

uint32_t
DatagramTransport::GetLargestPacket(bool ipv6) const
{
    const uint32_t headers = UDP_HEADER_BYTES + (ipv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES);
    const uint32_t segment = headers + TransportHeader::FIXED_SIZE + m_linkHeaderBytes;
    // TakeAcks() lets no packet grow beyond this, and a mask is no longer
    static_assert(TransportHeader::MASK_SEGMENTS / 8 <=
                  ACKS_ON_CONTROL * TransportHeader::ACK_SIZE);
    const uint32_t control = segment + ACKS_ON_CONTROL * TransportHeader::ACK_SIZE;
    uint32_t data = m_segmentsPerPacket * (segment + GetSegmentBytes());
    if (m_segmentsPerPacket > 1)
    {
        data += segment + ACKS_ON_TRAIN * TransportHeader::ACK_SIZE; // the end rides along
    }
    return std::max(data, control) - m_linkHeaderBytes;
}

Time
DatagramTransport::GetRepeatTime() const
{
    // a pass lasts a round trip if its end and the answer come through: one that does not waits
    return Repeats() ? m_retransmitTimeout * ((int64_t{2} << std::min(m_maxRepeats, 3U)) - 1)
                     : Time(0);
}

void
DatagramTransport::DoDispose()
{
    m_ackEvent.Cancel();
    m_repeatEvent.Cancel();
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
    m_owedAcks.clear();
    m_pendingEnds.clear();
    m_closedBlocks.Clear();
    m_wantedWhole.clear();
    BlockTransport::DoDispose();
}

void
DatagramTransport::DoOpen()
{
    const Address& address = GetPeer(GetSelf());
    m_ipv6 = Inet6SocketAddress::IsMatchingType(address);
    const uint32_t largest = GetLargestPacket(m_ipv6);
    uint32_t mtu = MAX_IP_PACKET_BYTES;
    uint32_t narrowest = 0;
    for (uint32_t i = 0; i < GetNode()->GetNDevices(); ++i)
    {
        const Ptr<NetDevice> device = GetNode()->GetDevice(i);
        if (!DynamicCast<LoopbackNetDevice>(device) && device->GetMtu() < mtu)
        {
            mtu = device->GetMtu();
            narrowest = i;
        }
    }
    if (largest > mtu)
    {
        std::ostringstream text;
        text << "ns3::learning::DatagramTransport: SegmentsPerPacket=" << m_segmentsPerPacket
             << " with SegmentBytes=" << GetSegmentBytes() << " makes packets of " << largest
             << " bytes, but device " << narrowest << " of node " << GetNode()->GetId()
             << " takes at most " << mtu << ": lower one of them or raise the MTU (at most "
             << MAX_IP_PACKET_BYTES << ")";
        throw std::invalid_argument(text.str());
    }
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    const uint16_t port = m_ipv6 ? Inet6SocketAddress::ConvertFrom(address).GetPort()
                                 : InetSocketAddress::ConvertFrom(address).GetPort();
    const int failed = m_ipv6 ? m_socket->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), port))
                              : m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    if (failed)
    {
        std::ostringstream text;
        text << "ns3::learning::DatagramTransport: UDP port " << port << " of node "
             << GetNode()->GetId() << " is taken: choose another";
        throw std::invalid_argument(text.str());
    }
    m_socket->SetRecvCallback(MakeCallback(&DatagramTransport::HandleRead, this));
}

bool
DatagramTransport::Repeats() const
{
    return false;
}

bool
DatagramTransport::IsEnough(const BlockId& /* id */, const SegmentMask& /* mask */) const
{
    return false;
}

bool
DatagramTransport::IsWantedWhole(const BlockId& id) const
{
    return m_wantedWhole.count(id) != 0;
}

SegmentLayout
DatagramTransport::GetWireLayout(const SegmentLayout& layout) const
{
    return layout;
}

SegmentLayout
DatagramTransport::GetBlockLayout(const SegmentLayout& wire) const
{
    return wire;
}

SegmentMask
DatagramTransport::GetWireMask(const SegmentLayout& /* layout */, const SegmentMask& segments) const
{
    return segments;
}

void
DatagramTransport::TakeIn(const BlockId& id,
                          const SegmentLayout& wire,
                          uint32_t firstSegment,
                          uint64_t alive,
                          const uint8_t* bytes)
{
    Deliver(id, wire, firstSegment, alive, bytes);
}

void
DatagramTransport::DoSend(const BlockId& id,
                          const float* values,
                          const SegmentLayout& layout,
                          const SegmentMask* present,
                          bool reliable)
{
    SendBlock(id, values, layout, present, present, reliable);
}

void
DatagramTransport::SendBlock(const BlockId& id,
                             const float* values,
                             const SegmentLayout& layout,
                             const SegmentMask* present,
                             const SegmentMask* wirePresent,
                             bool reliable)
{
    NS_LOG_FUNCTION(this << id.direction << id.round << id.block << id.peer);
    const SegmentLayout wire = GetWireLayout(layout);
    std::unique_ptr<Question> question;
    const bool repeats = reliable || Repeats();
    if (repeats || IsDeliveryAsked(id.direction))
    {
        question = std::make_unique<Question>();
        const uint32_t segments = layout.GetSegmentCount();
        question->wanted = present ? *present : SegmentMask(segments, true);
        question->arrived = SegmentMask(segments);
        question->heard = SegmentMask(segments);
        question->repeats = repeats;
        question->whole = reliable;
        if (repeats)
        {
            question->values.assign(values, values + wire.blockLength);
        }
    }
    SendSegments(id, values, wire, wirePresent, question.get());
    ExpectAck(id, layout, std::move(question));
}

void
DatagramTransport::SendSegments(const BlockId& id,
                                const float* values,
                                const SegmentLayout& wire,
                                const SegmentMask* present,
                                const Question* question)
{
    const uint32_t segments = wire.GetSegmentCount();
    const bool rides = m_segmentsPerPacket > 1;
    bool endSent = false;
    uint32_t segment = 0;
    while (segment < segments)
    {
        const uint32_t runEnd = present ? present->GetRunEnd(segment) : segments;
        if (present && !present->Test(segment))
        {
            segment = runEnd;
            continue;
        }
        for (; segment < runEnd; segment += std::min(m_segmentsPerPacket, runEnd - segment))
        {
            const uint32_t count = std::min(m_segmentsPerPacket, runEnd - segment);
            endSent = rides && segment + count == segments;
            SendTrain(id, values, wire, segment, count, endSent, question);
        }
    }
    if (!endSent)
    {
        SendEnd(id, wire, question);
    }
}

void
DatagramTransport::SendTrain(const BlockId& id,
                             const float* values,
                             const SegmentLayout& layout,
                             uint32_t first,
                             uint32_t count,
                             bool withEnd,
                             const Question* question)
{
    const uint32_t begin = layout.GetBegin(first);
    const uint32_t numbers = layout.GetBegin(first + count) - begin;
    TransportHeader header = MakeHeader(id, layout, question);
    header.first = begin;
    header.count = numbers;
    header.isEnd = withEnd;
    if (withEnd)
    {
        TakeAcks(id.peer, header);
    }
    // the headers that the other segments, and the end, would have on their own
    const uint32_t headers = UDP_HEADER_BYTES + (m_ipv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) +
                             TransportHeader::FIXED_SIZE + m_linkHeaderBytes;
    const uint32_t padding = (count - 1 + withEnd) * headers;
    Ptr<Packet> packet = Create<Packet>();
    packet->AddHeader(NumberPayload(values + begin, numbers, padding));
    packet->AddHeader(header);
    SendPacket(id,
               packet,
               SegmentTag({GetSelf(), id.peer, id.round, id.block, id.direction == PULL},
                          first,
                          count,
                          withEnd),
               (count + withEnd) * headers + 4 * numbers +
                   static_cast<uint32_t>(header.acks.size()) * TransportHeader::ACK_SIZE);
    if (question && question->pass != 0)
    {
        Count(id, RETRANSMITTED, count);
    }
}

void
DatagramTransport::SendControl(const BlockId& id, const TransportHeader& header, Ptr<Packet> packet)
{
    packet->AddHeader(header);
    const uint32_t lower =
        UDP_HEADER_BYTES + (m_ipv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + m_linkHeaderBytes;
    SendPacket(
        id,
        packet,
        SegmentTag({GetSelf(), id.peer, id.round, id.block, id.direction == PULL}, 0, 0, true),
        packet->GetSize() + lower);
}

void
DatagramTransport::SendEnd(const BlockId& id, const SegmentLayout& wire, const Question* question)
{
    TransportHeader header = MakeHeader(id, wire, question);
    header.isEnd = true;
    TakeAcks(id.peer, header);
    SendControl(id, header, Create<Packet>());
}

void
DatagramTransport::SendPacket(const BlockId& id,
                              Ptr<Packet> packet,
                              const SegmentTag& tag,
                              uint32_t linkBytes)
{
    packet->AddPacketTag(tag);
    Count(id, SENT, tag.GetSegmentCount(), linkBytes);
    if (const uint8_t tos = tag.GetSegmentCount() != 0 ? m_tos : m_controlTos)
    {
        // not by the socket: which of its two fields counts differs from release to release
        SocketIpTosTag tosTag;
        tosTag.SetTos(tos);
        packet->AddPacketTag(tosTag);
    }
    if (m_socket->SendTo(packet, 0, GetPeer(id.peer)) < 0 && tag.GetSegmentCount() != 0)
    {
        Count(id, REFUSED, tag.GetSegmentCount());
    }
}

TransportHeader
DatagramTransport::MakeHeader(const BlockId& id,
                              const SegmentLayout& layout,
                              const Question* question) const
{
    TransportHeader header;
    header.direction = id.direction;
    header.round = id.round;
    header.block = id.block;
    header.sender = GetSelf();
    header.blockLength = layout.blockLength;
    header.segmentLength = static_cast<uint16_t>(layout.segmentLength);
    if (question)
    {
        header.asks = true;
        header.repeats = question->repeats;
        header.whole = question->repeats && question->whole;
        header.pass = static_cast<uint8_t>(question->pass);
    }
    return header;
}

void
DatagramTransport::TakeAcks(uint32_t peer, TransportHeader& header)
{
    const auto owed = m_owedAcks.find(peer);
    if (owed == m_owedAcks.end())
    {
        return;
    }
    // a train is as large as its packet may be; on its own a control segment has room for all
    const std::size_t room = header.count != 0 ? ACKS_ON_TRAIN : ACKS_ON_CONTROL;
    std::vector<TransportHeader::Ack>& acks = owed->second;
    const std::size_t taken = std::min(room, acks.size());
    header.acks.assign(acks.begin(), acks.begin() + static_cast<std::ptrdiff_t>(taken));
    acks.erase(acks.begin(), acks.begin() + static_cast<std::ptrdiff_t>(taken));
    if (acks.empty())
    {
        m_owedAcks.erase(owed);
    }
}

void
DatagramTransport::ExpectAck(const BlockId& id,
                             const SegmentLayout& layout,
                             std::unique_ptr<Question> question)
{
    if (m_maxRepeats == 0 && !question)
    {
        return;
    }
    const Time due = Simulator::Now() + m_retransmitTimeout;
    m_pendingEnds[id] = PendingEnd{layout, due, 0, std::move(question)};
    SetRepeatClock(due);
}

void
DatagramTransport::SetRepeatClock(Time due)
{
    if (!m_repeatEvent.IsExpired())
    {
        if (m_repeatDue <= due)
        {
            return;
        }
        m_repeatEvent.Cancel();
    }
    m_repeatDue = due;
    m_repeatEvent =
        Simulator::Schedule(due - Simulator::Now(), &DatagramTransport::RepeatEnds, this);
}

void
DatagramTransport::HandleRead(Ptr<Socket> socket)
{
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from))
    {
        Receive(packet);
        if (!m_socket)
        {
            return; // disposed of by a receiver
        }
    }
}

void
DatagramTransport::Receive(Ptr<Packet> packet)
{
    TransportHeader header;
    if (packet->GetSize() < TransportHeader::FIXED_SIZE || packet->RemoveHeader(header) == 0 ||
        !header.IsValid() || header.sender >= GetPeerCount() || header.sender == GetSelf())
    {
        CountMalformed();
        return;
    }
    const SegmentLayout wire{header.blockLength, header.segmentLength};
    const SegmentLayout layout = header.isMask ? wire : GetBlockLayout(wire);
    const uint32_t first = header.first / header.segmentLength;
    const uint32_t count = (header.count + header.segmentLength - 1) / header.segmentLength;
    const bool whole = header.isMask || wire.GetBegin(first + count) == header.first + header.count;
    // a sender outside this simulation writes no tag: then everything that is here has arrived
    SegmentTag tag({}, first, count, true);
    // a sender that cuts blocks in another way cannot be understood: masks would not compare
    const bool sameCut = (header.segmentLength == GetSegmentBytes() / 4 &&
                          (layout.blockLength != 0 || wire.blockLength == 0)) ||
                         (header.count == 0 && !header.isEnd);
    if (count > SegmentTag::MAX_SEGMENTS || !whole || !sameCut ||
        (packet->PeekPacketTag(tag) && tag.GetSegmentCount() != count))
    {
        CountMalformed();
        return;
    }
    const BlockId id{header.direction, header.round, header.block, header.sender};
    if (header.asks)
    {
        m_closedBlocks.Expect(id);
    }
    if (header.whole)
    {
        m_wantedWhole.insert(id);
    }
    if (tag.HasControl())
    {
        for (const TransportHeader::Ack& ack : header.acks)
        {
            Acknowledge(BlockId{ack.direction, ack.round, ack.block, header.sender});
        }
        if (header.isMask)
        {
            TakeMask(header, m_view.GetBytes(*packet, (header.GetMaskSegments() + 7) / 8));
            return;
        }
        if (header.isEnd && !header.asks)
        {
            OweAck(id); // at once, so that it rides on what the end leads to
        }
    }
    if (tag.GetAlive() != 0)
    {
        TakeIn(id, wire, first, tag.GetAlive(), m_view.GetBytes(*packet, 4 * header.count));
    }
    if (m_socket && header.isEnd && tag.HasControl())
    {
        TakeEnd(id, layout, header);
    }
    else if (m_socket && header.pass != 0 && !header.whole)
    {
        const Reception* reception = FindReception(id);
        if (reception && IsEnough(id, reception->mask))
        {
            CloseBlock(id); // a pass was over before
        }
    }
}

void
DatagramTransport::TakeEnd(const BlockId& id,
                           const SegmentLayout& layout,
                           const TransportHeader& header)
{
    if (header.repeats)
    {
        if (OpenReception(id, layout))
        {
            RebuildMissing(id);
        }
        const Reception* reception = FindReception(id);
        if (reception && !header.whole && IsEnough(id, reception->mask))
        {
            CloseBlock(id);
        }
    }
    else
    {
        End(id, layout);
    }
    if (m_socket && header.asks)
    {
        Answer(id, layout, header.pass);
    }
}

void
DatagramTransport::NotifyClosed(const BlockId& id, const SegmentMask& mask)
{
    m_closedBlocks.Close(id, mask);
    m_wantedWhole.erase(id);
}

void
DatagramTransport::OweAck(const BlockId& id)
{
    m_owedAcks[id.peer].push_back({id.direction, id.round, id.block});
    if (m_ackEvent.IsExpired())
    {
        m_ackEvent = Simulator::Schedule(m_ackDelay, &DatagramTransport::FlushAcks, this);
    }
}

void
DatagramTransport::Answer(const BlockId& id, const SegmentLayout& layout, uint8_t pass)
{
    const uint32_t segments = layout.GetSegmentCount();
    const Reception* open = FindReception(id);
    const SegmentMask* closed = m_closedBlocks.Find(id);
    const SegmentMask mask = open     ? open->mask
                             : closed ? *closed
                                      : SegmentMask(segments); // it came too late to be opened
    if (mask.IsComplete())
    {
        OweAck(id);
        return;
    }
    for (uint32_t first = 0; first < segments; first += TransportHeader::MASK_SEGMENTS)
    {
        TransportHeader header = MakeHeader(id, layout, nullptr);
        header.isMask = true;
        header.isEnd = open == nullptr;
        header.pass = pass;
        header.first = layout.GetBegin(first);
        std::vector<uint8_t> bits((header.GetMaskSegments() + 7) / 8);
        for (uint32_t k = 0; k < header.GetMaskSegments(); ++k)
        {
            bits[k / 8] |= static_cast<uint8_t>(mask.Test(first + k) << (k % 8));
        }
        SendControl(id, header, Create<Packet>(bits.data(), static_cast<uint32_t>(bits.size())));
    }
}

void
DatagramTransport::Conclude(const BlockId& id, const Question& question)
{
    m_passesTrace(id, question.pass + 1);
    ReportDelivery(id, question.arrived);
}

void
DatagramTransport::Acknowledge(const BlockId& id)
{
    const auto found = m_pendingEnds.find(id);
    if (found == m_pendingEnds.end())
    {
        return;
    }
    const std::unique_ptr<Question> question = std::move(found->second.question);
    m_pendingEnds.erase(found);
    if (question)
    {
        question->arrived = question->wanted;
        Conclude(id, *question);
    }
}

void
DatagramTransport::TakeMask(const TransportHeader& header, const uint8_t* bits)
{
    const BlockId id{header.direction, header.round, header.block, header.sender};
    const auto found = m_pendingEnds.find(id);
    if (found == m_pendingEnds.end() || !found->second.question ||
        header.blockLength != found->second.layout.blockLength ||
        header.pass != static_cast<uint8_t>(found->second.question->pass))
    {
        return; // an answer to a question of the past
    }
    Question& question = *found->second.question;
    const uint32_t first = header.first / header.segmentLength;
    for (uint32_t k = 0; k < header.GetMaskSegments(); ++k)
    {
        question.heard.Set(first + k);
        if ((bits[k / 8] >> (k % 8) & 1) != 0)
        {
            question.arrived.Set(first + k);
        }
    }
    if (!question.heard.IsComplete())
    {
        return;
    }
    if (!header.isEnd)
    {
        BeginPass(id, found->second);
        return;
    }
    const std::unique_ptr<Question> concluded = std::move(found->second.question);
    m_pendingEnds.erase(found);
    Conclude(id, *concluded);
}

void
DatagramTransport::BeginPass(const BlockId& id, PendingEnd& pending)
{
    Question& question = *pending.question;
    const uint32_t segments = pending.layout.GetSegmentCount();
    SegmentMask missing(segments);
    for (uint32_t segment = 0; segment < segments; ++segment)
    {
        if (question.wanted.Test(segment) && !question.arrived.Test(segment))
        {
            missing.Set(segment);
        }
    }
    ++question.pass;
    question.heard = SegmentMask(segments);
    pending.repeats = 0;
    pending.due = Simulator::Now() + m_retransmitTimeout;
    SetRepeatClock(pending.due);
    const SegmentLayout wire = GetWireLayout(pending.layout);
    if (missing.GetCount() == 0 || question.pass >= m_maxPasses)
    {
        question.repeats = false;
        question.values.clear();
        SendEnd(id, wire, &question);
        return;
    }
    const SegmentMask again = GetWireMask(pending.layout, missing);
    SendSegments(id, question.values.data(), wire, &again, &question);
}

void
DatagramTransport::FlushAcks()
{
    while (!m_owedAcks.empty())
    {
        // the header must name some block: the first one acknowledged serves
        const auto& [peer, acks] = *m_owedAcks.begin();
        const TransportHeader::Ack& ack = acks.front();
        const BlockId id{ack.direction, ack.round, ack.block, peer};
        TransportHeader header = MakeHeader(id, SegmentLayout{}, nullptr);
        TakeAcks(peer, header);
        SendControl(id, header, Create<Packet>());
    }
}

void
DatagramTransport::RepeatEnds()
{
    const Time now = Simulator::Now();
    Time next = Time::Max();
    std::vector<std::pair<BlockId, std::unique_ptr<Question>>> givenUp;
    for (auto it = m_pendingEnds.begin(); it != m_pendingEnds.end();)
    {
        PendingEnd& pending = it->second;
        if (pending.due <= now)
        {
            if (pending.repeats == m_maxRepeats)
            {
                if (pending.question)
                {
                    givenUp.emplace_back(it->first, std::move(pending.question));
                }
                it = m_pendingEnds.erase(it);
                continue;
            }
            SendEnd(it->first, GetWireLayout(pending.layout), pending.question.get());
            ++pending.repeats;
            pending.due = now + m_retransmitTimeout * (int64_t{1} << pending.repeats);
        }
        next = std::min(next, pending.due);
        ++it;
    }
    if (!m_pendingEnds.empty())
    {
        SetRepeatClock(next);
    }
    for (const auto& [id, question] : givenUp)
    {
        Conclude(id, *question); // last: whoever is told may send
    }
}

} // namespace learning
} // namespace ns3
