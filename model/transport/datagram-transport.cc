/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "datagram-transport.h"

#include "float-codec.h"

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

/**
 * Numbers as a packet carries them, and the padding of a train. A header only because ns-3 lets
 * headers alone write into the buffer of a packet, without a copy in between; it is read by
 * PacketView.
 */
class NumberPayload : public Header
{
  public:
    /**
     * Refers to numbers.
     * @param values count numbers, which must stay
     * @param count how many
     * @param padding bytes of zeros that follow
     */
    NumberPayload(const float* values, uint32_t count, uint32_t padding)
        : m_values(values),
          m_count(count),
          m_padding(padding)
    {
    }

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::learning::NumberPayload")
                                .SetParent<Header>()
                                .SetGroupName("DistributedLearning");
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return 4 * m_count + m_padding;
    }

    void Serialize(Buffer::Iterator i) const override
    {
        constexpr uint32_t CHUNK = 1024; // numbers: they stay in the nearest cache
        uint8_t bytes[4 * CHUNK];
        for (uint32_t first = 0; first < m_count; first += CHUNK)
        {
            const uint32_t count = std::min(CHUNK, m_count - first);
            EncodeFloats(m_values + first, count, bytes);
            i.Write(bytes, 4 * count);
        }
        i.WriteU8(0, m_padding);
    }

    uint32_t Deserialize(Buffer::Iterator /* start */) override
    {
        return 0; // its length stands in the TransportHeader only
    }

    void Print(std::ostream& os) const override
    {
        os << m_count << " numbers, " << m_padding << " bytes of padding";
    }

  private:
    const float* m_values; //!< the numbers
    uint32_t m_count;      //!< how many
    uint32_t m_padding;    //!< bytes of zeros that follow
};

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
                          MakeUintegerChecker<uint32_t>(0, 30));
    return tid;
}

uint32_t
DatagramTransport::GetLargestPacket(bool ipv6) const
{
    const uint32_t headers = UDP_HEADER_BYTES + (ipv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES);
    const uint32_t segment = headers + TransportHeader::FIXED_SIZE + m_linkHeaderBytes;
    // TakeAcks() lets no packet grow beyond this
    const uint32_t control = segment + ACKS_ON_CONTROL * TransportHeader::ACK_SIZE;
    uint32_t data = m_segmentsPerPacket * (segment + GetSegmentBytes());
    if (m_segmentsPerPacket > 1)
    {
        data += segment + ACKS_ON_TRAIN * TransportHeader::ACK_SIZE; // the end rides along
    }
    return std::max(data, control) - m_linkHeaderBytes;
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

void
DatagramTransport::DoSend(const BlockId& id,
                          const float* values,
                          const SegmentLayout& layout,
                          const SegmentMask* present)
{
    NS_LOG_FUNCTION(this << id.direction << id.round << id.block << id.peer);
    const uint32_t segments = layout.GetSegmentCount();
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
            SendTrain(id, values, layout, segment, count, endSent);
        }
    }
    if (!endSent)
    {
        SendControl(id, layout, true);
    }
    ExpectAck(id, layout);
}

void
DatagramTransport::SendTrain(const BlockId& id,
                             const float* values,
                             const SegmentLayout& layout,
                             uint32_t first,
                             uint32_t count,
                             bool withEnd)
{
    const uint32_t begin = layout.GetBegin(first);
    const uint32_t numbers = layout.GetBegin(first + count) - begin;
    TransportHeader header = MakeHeader(id, layout);
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
}

void
DatagramTransport::SendControl(const BlockId& id, const SegmentLayout& layout, bool isEnd)
{
    TransportHeader header = MakeHeader(id, layout);
    header.isEnd = isEnd;
    TakeAcks(id.peer, header);
    Ptr<Packet> packet = Create<Packet>();
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
DatagramTransport::MakeHeader(const BlockId& id, const SegmentLayout& layout) const
{
    TransportHeader header;
    header.direction = id.direction;
    header.round = id.round;
    header.block = id.block;
    header.sender = GetSelf();
    header.blockLength = layout.blockLength;
    header.segmentLength = static_cast<uint16_t>(layout.segmentLength);
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
DatagramTransport::ExpectAck(const BlockId& id, const SegmentLayout& layout)
{
    if (m_maxRepeats == 0)
    {
        return;
    }
    const Time due = Simulator::Now() + m_retransmitTimeout;
    m_pendingEnds[id] = PendingEnd{layout, due, 0};
    if (m_repeatEvent.IsExpired())
    {
        m_repeatEvent =
            Simulator::Schedule(m_retransmitTimeout, &DatagramTransport::RepeatEnds, this);
    }
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
    const SegmentLayout layout{header.blockLength, header.segmentLength};
    const uint32_t first = header.first / header.segmentLength;
    const uint32_t count = (header.count + header.segmentLength - 1) / header.segmentLength;
    const bool whole = layout.GetBegin(first + count) == header.first + header.count;
    // a sender outside this simulation writes no tag: then everything that is here has arrived
    SegmentTag tag({}, first, count, true);
    // a sender that cuts blocks in another way cannot be understood: masks would not compare
    const bool sameCut =
        header.segmentLength == GetSegmentBytes() / 4 || (header.count == 0 && !header.isEnd);
    if (count > SegmentTag::MAX_SEGMENTS || !whole || !sameCut ||
        (packet->PeekPacketTag(tag) && tag.GetSegmentCount() != count))
    {
        CountMalformed();
        return;
    }
    const BlockId id{header.direction, header.round, header.block, header.sender};
    if (tag.HasControl())
    {
        for (const TransportHeader::Ack& ack : header.acks)
        {
            m_pendingEnds.erase(BlockId{ack.direction, ack.round, ack.block, header.sender});
        }
        if (header.isEnd)
        {
            m_owedAcks[header.sender].push_back({header.direction, header.round, header.block});
            if (m_ackEvent.IsExpired())
            {
                m_ackEvent = Simulator::Schedule(m_ackDelay, &DatagramTransport::FlushAcks, this);
            }
        }
    }
    if (tag.GetAlive() != 0)
    {
        Deliver(id, layout, first, tag.GetAlive(), m_view.GetBytes(*packet, 4 * header.count));
    }
    if (header.isEnd && tag.HasControl())
    {
        End(id, layout);
    }
}

void
DatagramTransport::FlushAcks()
{
    while (!m_owedAcks.empty())
    {
        // the header must name some block: the first one acknowledged serves
        const auto& [peer, acks] = *m_owedAcks.begin();
        const TransportHeader::Ack& ack = acks.front();
        SendControl(BlockId{ack.direction, ack.round, ack.block, peer}, SegmentLayout{}, false);
    }
}

void
DatagramTransport::RepeatEnds()
{
    const Time now = Simulator::Now();
    Time next = Time::Max();
    for (auto it = m_pendingEnds.begin(); it != m_pendingEnds.end();)
    {
        PendingEnd& pending = it->second;
        if (pending.due <= now)
        {
            if (pending.repeats == m_maxRepeats)
            {
                it = m_pendingEnds.erase(it);
                continue;
            }
            SendControl(it->first, pending.layout, true);
            ++pending.repeats;
            pending.due = now + m_retransmitTimeout * (int64_t{1} << pending.repeats);
        }
        next = std::min(next, pending.due);
        ++it;
    }
    if (!m_pendingEnds.empty())
    {
        m_repeatEvent = Simulator::Schedule(next - now, &DatagramTransport::RepeatEnds, this);
    }
}

} // namespace learning
} // namespace ns3
