/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tcp-transport.h"

#include "float-codec.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/loopback-net-device.h"
#include "ns3/object-factory.h"
#include "ns3/packet.h"
#include "ns3/string.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cstring>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(TcpTransport);

namespace
{

constexpr uint32_t TCP_HEADER_BYTES = 32; //!< with the option that every packet has, timestamps
constexpr uint32_t IPV4_HEADER_BYTES = 20;
constexpr uint32_t IPV6_HEADER_BYTES = 40;
constexpr uint64_t MAX_PAYLOAD_BYTES = 65000; //!< of a frame: the longest segment

/**
 * Reads a number in network byte order.
 * @param bytes 4 bytes
 * @return the number
 */
uint32_t
ReadWord(const uint8_t* bytes)
{
    return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 |
           uint32_t{bytes[3]};
}

/**
 * Length of what follows a header in a frame, as TransportHeader lays it out.
 * @param header its bytes, valid or not
 * @return bytes
 */
uint64_t
GetPayloadBytes(const uint8_t* header)
{
    if ((header[3] & 64) == 0) // no mask
    {
        return 4 * uint64_t{ReadWord(header + 24)};
    }
    const uint64_t length = ReadWord(header + 16);
    const uint64_t first = ReadWord(header + 20);
    const uint32_t segmentLength = uint32_t{header[28]} << 8 | header[29];
    if (segmentLength == 0 || first > length)
    {
        return 0;
    }
    const uint64_t segments = (length - first + segmentLength - 1) / segmentLength;
    return (std::min<uint64_t>(segments, TransportHeader::MASK_SEGMENTS) + 7) / 8;
}

/**
 * Appends a header to bytes.
 * @param header the header
 * @param bytes what it is appended to
 */
void
Append(const TransportHeader& header, std::vector<uint8_t>& bytes)
{
    const Ptr<Packet> packet = Create<Packet>();
    packet->AddHeader(header);
    const std::size_t begin = bytes.size();
    bytes.resize(begin + packet->GetSize());
    packet->CopyData(bytes.data() + begin, packet->GetSize());
}

} // namespace

/// A connection to or from a host.
class TcpTransport::Connection
{
  public:
    /// What is known of a block that is asked about.
    struct Question
    {
        SegmentMask arrived; //!< segments known to have arrived in time
        SegmentMask heard;   //!< segments that answers told of
    };

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
    BlockId last;                                     //!< that packets without data are for
};

TcpTransport::TcpTransport() = default;
TcpTransport::~TcpTransport() = default;

TypeId
TcpTransport::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::TcpTransport")
            .SetParent<BlockTransport>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<TcpTransport>()
            .AddAttribute("CongestionControl",
                          "TypeId of the congestion control, such as ns3::TcpCubic, "
                          "ns3::TcpLinuxReno or ns3::TcpBbr.",
                          StringValue("ns3::TcpCubic"),
                          MakeStringAccessor(&TcpTransport::SetCongestionControl,
                                             &TcpTransport::GetCongestionControl),
                          MakeStringChecker())
            .AddAttribute("SegmentSize",
                          "Bytes of the stream in a TCP packet, 100 to 65,000.",
                          UintegerValue(1448),
                          MakeUintegerAccessor(&TcpTransport::m_segmentSize),
                          MakeUintegerChecker<uint32_t>(100, 65000))
            .AddAttribute("BufferBytes",
                          "Bytes of the buffers for sending and for receiving, 10,000 to 10^9.",
                          UintegerValue(1 << 20),
                          MakeUintegerAccessor(&TcpTransport::m_bufferBytes),
                          MakeUintegerChecker<uint32_t>(10000, 1000000000))
            .AddAttribute(
                "MinRto",
                "Shortest pause before TCP repeats what is not acknowledged, at least 1 ms; "
                "ns-3's own default is 1 s, that of Linux 200 ms. Acknowledgements are "
                "delayed by a fifth of it.",
                TimeValue(MilliSeconds(200)),
                MakeTimeAccessor(&TcpTransport::m_minRto),
                MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("LinkHeaderBytes",
                          "Bytes that the link adds to each packet, 0 to 256: 2 for "
                          "point-to-point, 18 for Ethernet. Used to count bytes.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&TcpTransport::m_linkHeaderBytes),
                          MakeUintegerChecker<uint32_t>(0, 256))
            .AddAttribute("MaxQueuedBlocks",
                          "Blocks that may wait for a connection, 1 to 1,000,000; with more, the "
                          "oldest one is refused.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&TcpTransport::m_maxQueuedBlocks),
                          MakeUintegerChecker<uint32_t>(1, 1000000));
    return tid;
}

void
TcpTransport::SetCongestionControl(const std::string& type)
{
    // not by parents: that of ns3::TcpCubic is a socket's
    const std::string name = type.rfind("ns3::", 0) == 0 ? type : "ns3::" + type;
    TypeId tid;
    const bool exists =
        TypeId::LookupByNameFailSafe(name, &tid) && tid.HasConstructor() &&
        tid.GetGroupName() == "Internet" &&
        DynamicCast<TcpCongestionOps>(ObjectFactory(name).Create<Object>()) != nullptr;
    if (!exists)
    {
        throw std::invalid_argument("ns3::learning::TcpTransport::CongestionControl=" + type +
                                    ": the TypeId of one of ns-3's congestion controls is "
                                    "needed, such as ns3::TcpCubic");
    }
    m_congestionControl = tid;
}

std::string
TcpTransport::GetCongestionControl() const
{
    return m_congestionControl.GetName();
}

uint32_t
TcpTransport::GetLargestPacket(bool ipv6) const
{
    return m_segmentSize + TCP_HEADER_BYTES + (ipv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES);
}

Time
TcpTransport::GetRepeatTime() const
{
    // a packet that is lost 6 times in a row, and a SYN that is lost twice (after 3 s, then 6 s)
    return m_minRto * 127 + Seconds(9);
}

uint64_t
TcpTransport::GetBrokenCount() const
{
    return m_broken;
}

void
TcpTransport::DoDispose()
{
    std::vector<std::shared_ptr<Connection>> all = std::move(m_incoming);
    for (const auto& [peer, connection] : m_outgoing)
    {
        all.push_back(connection);
    }
    for (const std::shared_ptr<Connection>& connection : all)
    {
        connection->owner = nullptr;
        connection->socket = nullptr; // its node may be gone: nothing is said any more
    }
    m_incoming.clear();
    m_outgoing.clear();
    m_closedBlocks.Clear();
    if (m_listener)
    {
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeNullCallback<void, Ptr<Socket>, const Address&>());
        m_listener = nullptr;
    }
    BlockTransport::DoDispose();
}

Ptr<Socket>
TcpTransport::MakeSocket() const
{
    const Ptr<Socket> socket =
        GetNode()->GetObject<TcpL4Protocol>()->CreateSocket(m_congestionControl);
    socket->SetAttribute("SegmentSize", UintegerValue(m_segmentSize));
    socket->SetAttribute("SndBufSize", UintegerValue(m_bufferBytes));
    socket->SetAttribute("RcvBufSize", UintegerValue(m_bufferBytes));
    socket->SetAttribute("MinRto", TimeValue(m_minRto));
    // shorter, so that an acknowledgement that waits for a second packet is not taken for lost
    socket->SetAttribute("DelAckTimeout", TimeValue(m_minRto / 5));
    return socket;
}

void
TcpTransport::DoOpen()
{
    const Address& address = GetPeer(GetSelf());
    m_ipv6 = Inet6SocketAddress::IsMatchingType(address);
    if (!GetNode()->GetObject<TcpL4Protocol>())
    {
        throw std::invalid_argument("node " + std::to_string(GetNode()->GetId()) +
                                    " has no TCP: install an internet stack");
    }
    for (uint32_t i = 0; i < GetNode()->GetNDevices(); ++i)
    {
        const Ptr<NetDevice> device = GetNode()->GetDevice(i);
        if (!DynamicCast<LoopbackNetDevice>(device) && device->GetMtu() < GetLargestPacket(m_ipv6))
        {
            std::ostringstream text;
            text << "ns3::learning::TcpTransport: SegmentSize=" << m_segmentSize
                 << " makes packets of " << GetLargestPacket(m_ipv6) << " bytes, but device " << i
                 << " of node " << GetNode()->GetId() << " takes at most " << device->GetMtu()
                 << ": lower it or raise the MTU";
            throw std::invalid_argument(text.str());
        }
    }
    m_listener = MakeSocket();
    const uint16_t port = m_ipv6 ? Inet6SocketAddress::ConvertFrom(address).GetPort()
                                 : InetSocketAddress::ConvertFrom(address).GetPort();
    const int failed = m_ipv6 ? m_listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), port))
                              : m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    if (failed || m_listener->Listen() != 0)
    {
        std::ostringstream text;
        text << "ns3::learning::TcpTransport: TCP port " << port << " of node "
             << GetNode()->GetId() << " is taken: choose another";
        throw std::invalid_argument(text.str());
    }
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&TcpTransport::Accept, this));
}

void
TcpTransport::DoSend(const BlockId& id,
                     const float* values,
                     const SegmentLayout& layout,
                     const SegmentMask* present,
                     bool /* reliable */)
{
    std::shared_ptr<Connection>& connection = m_outgoing[id.peer];
    if (!connection)
    {
        connection = Connect(id.peer);
    }
    const std::shared_ptr<Connection> kept = connection; // it may break on the way
    const bool asks = IsDeliveryAsked(id.direction);
    Outgoing outgoing;
    outgoing.id = id;
    TransportHeader header = MakeHeader(id, layout);
    header.asks = asks;
    const uint32_t segments = layout.GetSegmentCount();
    for (uint32_t segment = 0; segment < segments; ++segment)
    {
        if (present && !present->Test(segment))
        {
            continue;
        }
        header.first = layout.GetBegin(segment);
        header.count = layout.GetBegin(segment + 1) - header.first;
        Append(header, outgoing.bytes);
        const std::size_t begin = outgoing.bytes.size();
        outgoing.bytes.resize(begin + 4 * std::size_t{header.count});
        EncodeFloats(values + header.first, header.count, outgoing.bytes.data() + begin);
        outgoing.end.push_back(outgoing.bytes.size());
    }
    header.first = 0;
    header.count = 0;
    header.isEnd = true;
    Append(header, outgoing.bytes);
    Count(id, SENT, static_cast<uint32_t>(outgoing.end.size()));
    if (asks)
    {
        kept->questions[id] = {SegmentMask(segments), SegmentMask(segments)};
    }
    kept->last = id;
    kept->queue.push_back(std::move(outgoing));
    if (kept->queue.size() > m_maxQueuedBlocks)
    {
        // not one that the stream has begun
        const auto oldest = kept->queue.begin() + (kept->queue.front().written != 0);
        const Outgoing refused = std::move(*oldest);
        kept->queue.erase(oldest);
        Refuse(refused);
        if (kept->questions.erase(refused.id) != 0)
        {
            ReportDelivery(refused.id, SegmentMask());
        }
    }
    Write(*kept);
}

std::shared_ptr<TcpTransport::Connection>
TcpTransport::Connect(uint32_t peer)
{
    auto connection = std::make_shared<Connection>();
    connection->peer = peer;
    connection->last.peer = peer;
    connection->socket = MakeSocket();
    Listen(connection);
    const std::weak_ptr<Connection> weak = connection;
    connection->socket->SetConnectCallback(Callback<void, Ptr<Socket>>([weak](Ptr<Socket>) {
                                               const auto alive = weak.lock();
                                               if (alive && alive->owner)
                                               {
                                                   alive->connected = true;
                                                   alive->owner->Write(*alive);
                                               }
                                           }),
                                           Callback<void, Ptr<Socket>>([weak](Ptr<Socket>) {
                                               const auto alive = weak.lock();
                                               if (alive && alive->owner)
                                               {
                                                   alive->owner->Break(alive);
                                               }
                                           }));
    if (m_ipv6)
    {
        connection->socket->Bind6();
    }
    else
    {
        connection->socket->Bind();
    }
    connection->socket->Connect(GetPeer(peer));
    return connection;
}

void
TcpTransport::Accept(Ptr<Socket> socket, const Address& /* from */)
{
    auto connection = std::make_shared<Connection>();
    connection->socket = socket;
    connection->connected = true;
    Listen(connection);
    m_incoming.push_back(connection);
}

void
TcpTransport::Listen(const std::shared_ptr<Connection>& connection)
{
    connection->owner = this;
    const std::weak_ptr<Connection> weak = connection;
    const Callback<void, Ptr<Socket>> broken([weak](Ptr<Socket>) {
        const auto alive = weak.lock();
        if (alive && alive->owner)
        {
            alive->owner->Break(alive);
        }
    });
    connection->socket->SetCloseCallbacks(broken, broken);
    connection->socket->SetRecvCallback(Callback<void, Ptr<Socket>>([weak](Ptr<Socket>) {
        const auto alive = weak.lock();
        if (alive && alive->owner)
        {
            alive->owner->Read(alive);
        }
    }));
    connection->socket->SetSendCallback(
        Callback<void, Ptr<Socket>, uint32_t>([weak](Ptr<Socket>, uint32_t) {
            const auto alive = weak.lock();
            if (alive && alive->owner)
            {
                alive->owner->Write(*alive);
            }
        }));
    connection->socket->TraceConnectWithoutContext(
        "Tx",
        Callback<void, Ptr<const Packet>, const TcpHeader&, Ptr<const TcpSocketBase>>(
            [weak](Ptr<const Packet> packet, const TcpHeader& header, Ptr<const TcpSocketBase>) {
                const auto alive = weak.lock();
                if (alive && alive->owner)
                {
                    alive->owner->Transmitted(*alive, packet, header);
                }
            }));
}

void
TcpTransport::Write(Connection& connection)
{
    while (connection.socket && connection.connected && !connection.queue.empty())
    {
        Outgoing& outgoing = connection.queue.front();
        const auto room = static_cast<std::size_t>(connection.socket->GetTxAvailable());
        const std::size_t size = std::min(room, outgoing.bytes.size() - outgoing.written);
        if (size == 0)
        {
            return; // the socket calls again
        }
        const Ptr<Packet> packet =
            Create<Packet>(outgoing.bytes.data() + outgoing.written, static_cast<uint32_t>(size));
        outgoing.written += size;
        connection.streamEnd += size;
        // before Send(): packets may leave at once
        if (connection.written.empty() || !(connection.written.back().second == outgoing.id))
        {
            connection.written.emplace_back(connection.streamEnd, outgoing.id);
        }
        connection.written.back().first = connection.streamEnd;
        if (outgoing.written == outgoing.bytes.size())
        {
            connection.queue.pop_front();
        }
        connection.socket->Send(packet);
    }
}

void
TcpTransport::Transmitted(Connection& connection, Ptr<const Packet> packet, const TcpHeader& header)
{
    const uint32_t size = packet->GetSize();
    const uint32_t bytes = size + header.GetSerializedSize() +
                           (m_ipv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + m_linkHeaderBytes;
    if (size == 0)
    {
        Count(connection.last, SENT, 0, bytes);
        return;
    }
    if (!connection.hasOrigin)
    {
        connection.hasOrigin = true;
        connection.origin = header.GetSequenceNumber();
    }
    // sequence numbers have 32 bits, the stream may be longer
    const uint32_t place = header.GetSequenceNumber() - connection.origin;
    const auto offset = static_cast<uint64_t>(
        static_cast<int64_t>(connection.highest) +
        static_cast<int32_t>(place - static_cast<uint32_t>(connection.highest)));
    while (connection.written.size() > 1 &&
           connection.written.front().first + 2 * uint64_t{m_bufferBytes} < offset)
    {
        connection.written.pop_front(); // acknowledged: it is in no buffer any more
    }
    const auto found = std::find_if(connection.written.begin(),
                                    connection.written.end(),
                                    [offset](const auto& block) { return block.first > offset; });
    const BlockId id = found == connection.written.end() ? connection.last : found->second;
    Count(id, SENT, 0, bytes);
    if (offset < connection.highest)
    {
        Count(id, RETRANSMITTED, 1);
    }
    connection.highest = std::max(connection.highest, offset + size);
}

void
TcpTransport::Read(const std::shared_ptr<Connection>& connection)
{
    if (connection->reading)
    {
        return;
    }
    connection->reading = true;
    std::vector<uint8_t>& unread = connection->unread;
    while (connection->owner && connection->socket)
    {
        const Ptr<Packet> packet = connection->socket->Recv();
        if (!packet || packet->GetSize() == 0)
        {
            break;
        }
        const std::size_t before = unread.size();
        unread.resize(before + packet->GetSize());
        packet->CopyData(unread.data() + before, packet->GetSize());
        std::size_t taken = 0;
        while (connection->owner && unread.size() - taken >= TransportHeader::FIXED_SIZE)
        {
            // as TransportHeader lays it out; frames have no acknowledgements
            const uint8_t* frame = unread.data() + taken;
            const uint64_t payload = GetPayloadBytes(frame);
            if (payload > MAX_PAYLOAD_BYTES)
            {
                CountMalformed();
                Break(connection);
                break;
            }
            const auto size = static_cast<uint32_t>(TransportHeader::FIXED_SIZE + payload);
            if (unread.size() - taken < size)
            {
                break;
            }
            if (!TakeFrame(*connection, frame, size))
            {
                CountMalformed();
                Break(connection);
                break;
            }
            taken += size;
        }
        if (!connection->socket)
        {
            unread.clear();
            break;
        }
        unread.erase(unread.begin(), unread.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    connection->reading = false;
}

TransportHeader
TcpTransport::MakeHeader(const BlockId& id, const SegmentLayout& layout) const
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

bool
TcpTransport::TakeFrame(Connection& connection, const uint8_t* bytes, uint32_t size)
{
    const Ptr<Packet> packet = Create<Packet>(bytes, size);
    TransportHeader header;
    if (packet->RemoveHeader(header) == 0 || !header.IsValid() || !header.acks.empty() ||
        header.sender >= GetPeerCount() || header.sender == GetSelf() || header.repeats ||
        header.segmentLength != GetSegmentBytes() / 4)
    {
        return false;
    }
    const SegmentLayout layout{header.blockLength, header.segmentLength};
    const BlockId id{header.direction, header.round, header.block, header.sender};
    const uint8_t* payload = bytes + TransportHeader::FIXED_SIZE;
    if (header.isMask)
    {
        TakeMask(connection, id, header, payload);
        return true;
    }
    const uint32_t segment = header.first / header.segmentLength;
    if (header.count != 0 && layout.GetBegin(segment + 1) != header.first + header.count)
    {
        return false;
    }
    connection.last = id;
    if (header.asks)
    {
        m_closedBlocks.Expect(id);
    }
    if (header.count != 0)
    {
        Deliver(id, layout, segment, 1, payload);
    }
    if (header.isEnd && connection.owner)
    {
        End(id, layout);
    }
    if (header.isEnd && connection.owner && header.asks)
    {
        Answer(connection, id, layout);
    }
    return true;
}

void
TcpTransport::NotifyClosed(const BlockId& id, const SegmentMask& mask)
{
    m_closedBlocks.Close(id, mask);
}

void
TcpTransport::Answer(Connection& connection, const BlockId& id, const SegmentLayout& layout)
{
    const uint32_t segments = layout.GetSegmentCount();
    const SegmentMask* closed = m_closedBlocks.Find(id);
    const SegmentMask mask = closed ? *closed : SegmentMask(segments); // it was never opened
    Outgoing answer;
    answer.id = id;
    for (uint32_t first = 0; first < segments; first += TransportHeader::MASK_SEGMENTS)
    {
        TransportHeader header = MakeHeader(id, layout);
        header.isMask = true;
        header.isEnd = true;
        header.first = layout.GetBegin(first);
        Append(header, answer.bytes);
        const std::size_t begin = answer.bytes.size();
        answer.bytes.resize(begin + (header.GetMaskSegments() + 7) / 8);
        for (uint32_t k = 0; k < header.GetMaskSegments(); ++k)
        {
            answer.bytes[begin + k / 8] |= static_cast<uint8_t>(mask.Test(first + k) << (k % 8));
        }
    }
    connection.queue.push_back(std::move(answer));
    Write(connection);
}

void
TcpTransport::TakeMask(Connection& connection,
                       const BlockId& id,
                       const TransportHeader& header,
                       const uint8_t* bits)
{
    const auto found = connection.questions.find(id);
    if (found == connection.questions.end() ||
        GetLayout(header.blockLength).GetSegmentCount() != found->second.heard.GetSize())
    {
        return; // an answer to nothing that was asked
    }
    Connection::Question& question = found->second;
    const uint32_t first = header.first / header.segmentLength;
    for (uint32_t k = 0; k < header.GetMaskSegments(); ++k)
    {
        question.heard.Set(first + k);
        if ((bits[k / 8] >> (k % 8) & 1) != 0)
        {
            question.arrived.Set(first + k);
        }
    }
    if (question.heard.IsComplete())
    {
        const SegmentMask arrived = std::move(question.arrived);
        connection.questions.erase(found);
        ReportDelivery(id, arrived);
    }
}

void
TcpTransport::Break(const std::shared_ptr<Connection>& connection)
{
    if (!connection->socket)
    {
        return;
    }
    ++m_broken;
    connection->socket = nullptr;
    const auto outgoing = m_outgoing.find(connection->peer);
    if (outgoing != m_outgoing.end() && outgoing->second == connection)
    {
        m_outgoing.erase(outgoing);
    }
    m_incoming.erase(std::remove(m_incoming.begin(), m_incoming.end(), connection),
                     m_incoming.end());
    for (const Outgoing& waiting : connection->queue)
    {
        Refuse(waiting);
    }
    connection->queue.clear();
    const std::map<BlockId, Connection::Question> questions = std::move(connection->questions);
    connection->questions.clear();
    for (const auto& [id, question] : questions)
    {
        ReportDelivery(id, question.arrived);
    }
}

void
TcpTransport::Refuse(const Outgoing& outgoing)
{
    const auto unwritten =
        std::count_if(outgoing.end.begin(), outgoing.end.end(), [&outgoing](std::size_t end) {
            return end > outgoing.written;
        });
    if (unwritten != 0)
    {
        Count(outgoing.id, REFUSED, static_cast<uint32_t>(unwritten));
    }
}

} // namespace learning
} // namespace ns3
