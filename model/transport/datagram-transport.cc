/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "datagram-transport.h"

#include "float-codec.h"

#include "ns3/inet6-socket-address.h"
#include "ns3/log.h"
#include "ns3/loopback-net-device.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
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
                          "How long the acknowledgement of an end waits for a packet to ride on; "
                          "TrainingHelper waits for at least twice what a round's blocks take "
                          "into one host.",
                          TimeValue(MilliSeconds(10)),
                          MakeTimeAccessor(&DatagramTransport::m_ackDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("RetransmitTimeout",
                          "Pause before an end that is not acknowledged is repeated for the first "
                          "time; it doubles each time. Should exceed AckDelay plus a round trip; "
                          "TrainingHelper waits for at least ten times what a round's blocks take "
                          "into one host.",
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

DatagramTransport::~DatagramTransport()
{
    if (m_port)
    {
        m_port->Close(); // also without Dispose()
    }
}

void
DatagramTransport::DoDispose()
{
    m_ackEvent.Cancel();
    m_repeatEvent.Cancel();
    if (m_port)
    {
        m_port->Close();
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
    m_port = Create<UdpPort>(GetNode(), address);
    const auto take = [this](Ptr<Packet> packet) {
        const Ptr<DatagramTransport> self(this); // whoever is told of a block may let go of it
        Receive(packet);
    };
    if (!m_port->Open(UdpPort::Receiver(take)))
    {
        std::ostringstream text;
        text << "ns3::learning::DatagramTransport: UDP port " << m_port->GetNumber() << " of node "
             << GetNode()->GetId() << " is taken: choose another";
        throw std::invalid_argument(text.str());
    }
}

bool
DatagramTransport::Repeats() const
{
    return false;
}

SegmentLayout
DatagramTransport::GetWireLayout(const SegmentLayout& layout) const
{
    return layout;
}

SegmentMask
DatagramTransport::GetWireMask(const SegmentLayout& /* layout */, const SegmentMask& segments) const
{
    return segments;
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
    m_port->ForgetRoute();
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
    m_port->ForgetRoute();
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
    Ptr<Packet> packet = Create<Packet>(padding); // zeros, which take no memory
    EncodeFloats(values + begin, numbers, m_view.AddRoom(*packet, 4 * numbers));
    packet->AddHeader(header);
    SendPacket(
        id,
        packet,
        SegmentTag({GetSelf(), id.peer, id.round, id.block, id.direction == PULL, header.pass},
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
    const bool sent = m_port->Send(packet, GetPeer(id.peer), tag.GetSegmentCount() != 0);
    if (!sent && tag.GetSegmentCount() != 0)
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
    if (acks.size() <= room)
    {
        header.acks = std::move(acks);
        m_owedAcks.erase(owed);
        return;
    }
    const auto taken = acks.begin() + static_cast<std::ptrdiff_t>(room);
    header.acks.assign(acks.begin(), taken);
    acks.erase(acks.begin(), taken);
}

} // namespace learning
} // namespace ns3
