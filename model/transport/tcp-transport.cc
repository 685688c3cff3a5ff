/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tcp-transport.h"

#include "tcp-address.h"
#include "tcp-congestion.h"
#include "tcp-connection.h"
#include "tcp-reset.h"

#include "ns3/boolean.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv6-interface.h"
#include "ns3/loopback-net-device.h"
#include "ns3/object-factory.h"
#include "ns3/packet.h"
#include "ns3/string.h"
#include "ns3/tcp-bbr.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(TcpTransport);

namespace
{

constexpr uint32_t TCP_HEADER_BYTES = 20; //!< without options
constexpr uint32_t TIMESTAMPS_BYTES = 12; //!< option that all packets have, if any has

} // namespace

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
                          "ns3::TcpLinuxReno or, from ns-3.48 on, ns3::TcpBbr.",
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
            .AddAttribute("Timestamps",
                          "Whether packets have time stamps (RFC 7323), from which ns-3 then "
                          "takes round trips in whole milliseconds; one of 0 ms counts as 1 us.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&TcpTransport::m_timestamps),
                          MakeBooleanChecker())
            .AddAttribute("Tos",
                          "Type of service in the IP header of all packets, 0 to 255: 4 is lower "
                          "effort (code point 1), which queue discs may tell from other traffic.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&TcpTransport::m_tos),
                          MakeUintegerChecker<uint8_t>())
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
    m_congestionControl = FindCongestionControl("ns3::learning::TcpTransport", type);
}

std::string
TcpTransport::GetCongestionControl() const
{
    return m_congestionControl.GetName();
}

uint32_t
TcpTransport::GetLargestPacket(bool ipv6) const
{
    return m_segmentSize + TCP_HEADER_BYTES + (m_timestamps ? TIMESTAMPS_BYTES : 0) +
           (ipv6 ? Connection::IPV6_HEADER_BYTES : Connection::IPV4_HEADER_BYTES);
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

uint64_t
TcpTransport::GetUncertainCount() const
{
    return m_uncertain;
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

int64_t
TcpTransport::AssignStreams(int64_t stream)
{
    m_firstStream = stream;
    return STREAMS;
}

void
TcpTransport::Crash()
{
    std::vector<std::shared_ptr<Connection>> all = m_incoming;
    for (const auto& [peer, connection] : m_outgoing)
    {
        all.push_back(connection);
    }
    for (const std::shared_ptr<Connection>& connection : all)
    {
        Ends ends;
        if (connection->socket && connection->socket->GetSockName(ends.self) == 0 &&
            connection->socket->GetPeerName(ends.peer) == 0)
        {
            m_lost.push_back(ends);
            ReceiveTcpReset(
                GetNode(),
                ends.self,
                ends.peer); // which cancels what TCP would repeat, and breaks the connection
        }
        Break(connection); // does nothing if that has been
    }
}

void
TcpTransport::Restart()
{
    for (const Ends& ends : m_lost)
    {
        SendTcpReset(GetNode(), ends.self, ends.peer);
    }
    m_lost.clear();
}

Ptr<Socket>
TcpTransport::MakeSocket()
{
    const Ptr<Socket> socket =
        GetNode()->GetObject<TcpL4Protocol>()->CreateSocket(m_congestionControl);
    socket->SetAttribute("SegmentSize", UintegerValue(m_segmentSize));
    socket->SetAttribute("SndBufSize", UintegerValue(m_bufferBytes));
    socket->SetAttribute("RcvBufSize", UintegerValue(m_bufferBytes));
    socket->SetAttribute("MinRto", TimeValue(m_minRto));
    // shorter, so that an acknowledgement that waits for a second packet is not taken for lost
    socket->SetAttribute("DelAckTimeout", TimeValue(m_minRto / 5));
    socket->SetAttribute("Timestamp", BooleanValue(m_timestamps));
    socket->SetIpTos(m_tos);
    if (m_ipv6)
    {
        socket->SetIpv6Tclass(m_tos);
    }
    if (m_congestionControl == TcpBbr::GetTypeId() && m_firstStream >= 0)
    {
        // the only one that draws; sockets that accept share the one that listens
        const Ptr<TcpBbr> control = CreateObject<TcpBbr>();
        control->SetStream(static_cast<uint32_t>(m_firstStream + m_sockets % STREAMS));
        DynamicCast<TcpSocketBase>(socket)->SetCongestionControlAlgorithm(control);
    }
    ++m_sockets;
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
    const int failed =
        m_ipv6 ? m_listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), port))
               : m_listener->Bind(WithTos(InetSocketAddress(Ipv4Address::GetAny(), port), m_tos));
    if (failed || m_listener->Listen() != 0)
    {
        std::ostringstream text;
        text << "ns3::learning::TcpTransport: TCP port " << port << " of node "
             << GetNode()->GetId() << " is taken: choose another";
        throw std::invalid_argument(text.str());
    }
    GuardTcpListener(GetNode(), port, m_ipv6);
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&TcpTransport::Accept, this));
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
    if (m_ipv6)
    {
        connection->socket->Connect(GetPeer(peer));
    }
    else
    {
        connection->socket->Connect(WithTos(InetSocketAddress::ConvertFrom(GetPeer(peer)), m_tos));
    }
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
TcpTransport::Break(const std::shared_ptr<Connection>& connection)
{
    if (!connection->socket)
    {
        return;
    }
    ++m_broken;
    connection->ForgetAcknowledged();
    m_uncertain += connection->unacknowledged.size();
    connection->unacknowledged.clear();
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
