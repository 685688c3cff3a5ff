/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "request-application.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/header.h"
#include "ns3/inet-socket-address.h"
#include "ns3/learning-compatibility.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-address.h"
#include "ns3/tcp-congestion.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-reset.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(RequestApplication);

namespace
{

/// First bytes of a message.
class MessageHeader : public Header
{
  public:
    MessageHeader() = default;

    /**
     * Describes a message.
     * @param bytes its length
     * @param start when it was handed over
     */
    MessageHeader(uint64_t bytes, Time start)
        : m_bytes(bytes),
          m_start(start)
    {
    }

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::learning::MessageHeader")
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
        return RequestApplication::MESSAGE_HEADER_BYTES;
    }

    void Serialize(Buffer::Iterator i) const override
    {
        i.WriteHtonU64(m_bytes);
        i.WriteHtonU64(static_cast<uint64_t>(m_start.GetNanoSeconds()));
    }

    uint32_t Deserialize(Buffer::Iterator i) override
    {
        m_bytes = i.ReadNtohU64();
        m_start = NanoSeconds(static_cast<int64_t>(i.ReadNtohU64()));
        return RequestApplication::MESSAGE_HEADER_BYTES;
    }

    void Print(std::ostream& os) const override
    {
        os << m_bytes << " bytes since " << m_start.As(Time::S);
    }

    uint64_t m_bytes{0}; //!< length of the message
    Time m_start;        //!< when it was handed over
};

} // namespace

RequestApplication::RequestApplication()
    : m_gap(CreateObject<ExponentialRandomVariable>()),
      m_peer(CreateObject<UniformRandomVariable>())
{
}

TypeId
RequestApplication::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::RequestApplication")
            .SetParent<Application>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<RequestApplication>()
            .AddAttribute("Rate",
                          "Messages a second that start at this host, above 0.",
                          DoubleValue(100),
                          MakeDoubleAccessor(&RequestApplication::m_rate),
                          MakeDoubleChecker<double>(std::numeric_limits<double>::min()))
            .AddAttribute("MessageBytes",
                          "Length of a message in bytes, 16 to 1,000,000,000.",
                          UintegerValue(100000),
                          MakeUintegerAccessor(&RequestApplication::m_messageBytes),
                          MakeUintegerChecker<uint32_t>(MESSAGE_HEADER_BYTES, 1000000000))
            .AddAttribute("Connections",
                          "Whether messages to a host follow one another on one connection, or "
                          "each opens its own.",
                          EnumValueFor<Connections>(PERSISTENT),
                          MakeEnumAccessorFor<Connections>(&RequestApplication::m_connections),
                          MakeEnumChecker(PERSISTENT, "Persistent", PER_MESSAGE, "PerMessage"))
            .AddAttribute("CongestionControl",
                          "TypeId of TCP's congestion control, such as ns3::TcpCubic.",
                          StringValue("ns3::TcpCubic"),
                          MakeStringAccessor(&RequestApplication::SetCongestionControl,
                                             &RequestApplication::GetCongestionControl),
                          MakeStringChecker())
            .AddAttribute("SegmentBytes",
                          "Payload of a TCP segment in bytes, 100 to 65,000; with 40 bytes of "
                          "headers it should fit the MTU of every device on the way.",
                          UintegerValue(1460),
                          MakeUintegerAccessor(&RequestApplication::m_segmentBytes),
                          MakeUintegerChecker<uint32_t>(100, 65000))
            .AddAttribute("BufferBytes",
                          "Room of each end of a connection in bytes, 1,000 to 1,000,000,000.",
                          UintegerValue(1000000),
                          MakeUintegerAccessor(&RequestApplication::m_bufferBytes),
                          MakeUintegerChecker<uint32_t>(1000, 1000000000))
            .AddAttribute("InitialWindow",
                          "Segments that a new connection may send at once, 1 to 1,000.",
                          UintegerValue(10),
                          MakeUintegerAccessor(&RequestApplication::m_initialWindow),
                          MakeUintegerChecker<uint32_t>(1, 1000))
            .AddAttribute("MinRto",
                          "Shortest time without acknowledgement after which TCP sends again, at "
                          "least 1 us.",
                          TimeValue(MilliSeconds(200)),
                          MakeTimeAccessor(&RequestApplication::m_minRto),
                          MakeTimeChecker(MicroSeconds(1)))
            .AddAttribute(
                "ConnectTimeout",
                "Time after which a handshake without answer is tried again, at least 1 us.",
                TimeValue(Seconds(1)),
                MakeTimeAccessor(&RequestApplication::m_connectTimeout),
                MakeTimeChecker(MicroSeconds(1)))
            .AddAttribute("Tos",
                          "Type of service in the IP header of all packets, 0 to 255.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&RequestApplication::m_tos),
                          MakeUintegerChecker<uint8_t>())
            .AddTraceSource("Start",
                            "A message is handed over to TCP here.",
                            MakeTraceSourceAccessor(&RequestApplication::m_startTrace),
                            "ns3::learning::RequestApplication::StartTracedCallback")
            .AddTraceSource("Complete",
                            "The last byte of a message is read here.",
                            MakeTraceSourceAccessor(&RequestApplication::m_completeTrace),
                            "ns3::learning::RequestApplication::CompleteTracedCallback");
    return tid;
}

void
RequestApplication::Configure(uint32_t self, std::vector<Address> hosts)
{
    if (hosts.size() < 2 || self >= hosts.size())
    {
        throw std::invalid_argument("ns3::learning::RequestApplication: host " +
                                    std::to_string(self) + " of " + std::to_string(hosts.size()) +
                                    ": at least 2 hosts, counted from 0, are needed");
    }
    m_self = self;
    m_hosts = std::move(hosts);
}

void
RequestApplication::SetCongestionControl(const std::string& type)
{
    m_congestionControl = FindCongestionControl("ns3::learning::RequestApplication", type);
}

std::string
RequestApplication::GetCongestionControl() const
{
    return m_congestionControl.GetName();
}

int64_t
RequestApplication::AssignStreams(int64_t stream)
{
    m_gap->SetStream(stream);
    m_peer->SetStream(stream + 1);
    return 2;
}

void
RequestApplication::StopSending()
{
    Simulator::Remove(m_event);
}

uint64_t
RequestApplication::GetStartedCount() const
{
    return m_started;
}

uint64_t
RequestApplication::GetReceivedCount() const
{
    return m_received;
}

void
RequestApplication::DoDispose()
{
    m_event.Cancel();
    m_listener = nullptr;
    m_open.clear();
    m_out.clear();
    m_in.clear();
    Application::DoDispose();
}

void
RequestApplication::StartApplication()
{
    if (m_hosts.empty())
    {
        throw std::logic_error("ns3::learning::RequestApplication: Configure() comes first");
    }
    m_open.resize(m_hosts.size());
    m_listener = MakeSocket();
    const uint16_t port = InetSocketAddress::ConvertFrom(m_hosts[m_self]).GetPort();
    if (m_listener->Bind(WithTos(InetSocketAddress(Ipv4Address::GetAny(), port), m_tos)) != 0)
    {
        throw std::invalid_argument(
            "ns3::learning::RequestApplication: TCP port " + std::to_string(port) + " of node " +
            std::to_string(GetNode()->GetId()) + " is taken: choose another");
    }
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&RequestApplication::Accepted, this));
    m_listener->Listen();
    GuardTcpListener(GetNode(), port);
    ScheduleNext();
}

void
RequestApplication::StopApplication()
{
    StopSending();
}

Ptr<Socket>
RequestApplication::MakeSocket() const
{
    const Ptr<TcpL4Protocol> tcp = GetNode()->GetObject<TcpL4Protocol>();
    const Ptr<Socket> socket = tcp->CreateSocket(m_congestionControl);
    socket->SetAttribute("SegmentSize", UintegerValue(m_segmentBytes));
    socket->SetAttribute("SndBufSize", UintegerValue(m_bufferBytes));
    socket->SetAttribute("RcvBufSize", UintegerValue(m_bufferBytes));
    socket->SetAttribute("InitialCwnd", UintegerValue(m_initialWindow));
    socket->SetAttribute("MinRto", TimeValue(m_minRto));
    socket->SetAttribute("ConnTimeout", TimeValue(m_connectTimeout));
    // as Linux does: at the shortest pause itself, the acknowledgement of an odd last segment would
    // come too late each time, and TCP would think it lost
    socket->SetAttribute("DelAckTimeout", TimeValue(m_minRto / 5));
    // from time stamps ns-3 takes round trips in whole milliseconds, too coarse for a local network
    socket->SetAttribute("Timestamp", BooleanValue(false));
    // what Linux does by default (tcp_syn_retries, tcp_retries2): it gives up in the end
    socket->SetAttribute("ConnCount", UintegerValue(6));
    socket->SetAttribute("DataRetries", UintegerValue(15));
    // a closed connection is kept for twice this long; ns-3 looks through all of them at each
    // packet
    socket->SetAttribute("MaxSegLifetime", DoubleValue(m_minRto.GetSeconds()));
    socket->SetIpTos(m_tos);
    return socket;
}

void
RequestApplication::ScheduleNext()
{
    const double gap = m_gap->GetValue(1 / m_rate, 0);
    if (gap < (Time::Max() - Simulator::Now()).GetSeconds())
    {
        m_event = Simulator::Schedule(Seconds(gap), &RequestApplication::StartMessage, this);
    }
}

void
RequestApplication::StartMessage()
{
    const auto others = static_cast<uint32_t>(m_hosts.size()) - 1;
    const uint32_t drawn = m_peer->GetInteger(0, others - 1);
    const uint32_t peer = drawn + (drawn >= m_self);
    ++m_started;
    m_startTrace(m_messageBytes);

    Ptr<Socket> socket = m_connections == PERSISTENT ? m_open[peer] : nullptr;
    if (!socket)
    {
        socket = OpenConnection(peer);
    }
    const Ptr<Packet> message = Create<Packet>(m_messageBytes - MESSAGE_HEADER_BYTES);
    message->AddHeader(MessageHeader(m_messageBytes, Simulator::Now()));
    m_out[socket].pending.push_back(message);
    Write(socket);
    ScheduleNext();
}

Ptr<Socket>
RequestApplication::OpenConnection(uint32_t peer)
{
    const Ptr<Socket> socket = MakeSocket();
    socket->Bind();
    m_out[socket].peer = peer;
    socket->SetConnectCallback(MakeCallback(&RequestApplication::Connected, this),
                               MakeCallback(&RequestApplication::Broken, this));
    socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                              MakeCallback(&RequestApplication::Broken, this));
    socket->SetSendCallback(MakeCallback(&RequestApplication::HasRoom, this));
    if (m_connections == PERSISTENT)
    {
        m_open[peer] = socket;
    }
    socket->Connect(WithTos(InetSocketAddress::ConvertFrom(m_hosts[peer]), m_tos));
    return socket;
}

void
RequestApplication::Connected(Ptr<Socket> socket)
{
    m_out[socket].connected = true;
    Write(socket);
}

void
RequestApplication::Broken(Ptr<Socket> socket)
{
    const auto found = m_out.find(socket);
    if (found == m_out.end())
    {
        return;
    }
    if (m_connections == PERSISTENT)
    {
        m_open[found->second.peer] = nullptr; // the next message opens another
    }
    m_out.erase(found);
}

void
RequestApplication::HasRoom(Ptr<Socket> socket, uint32_t /* room */)
{
    Write(socket);
}

void
RequestApplication::Write(Ptr<Socket> socket)
{
    const auto found = m_out.find(socket);
    if (found == m_out.end() || !found->second.connected)
    {
        return;
    }
    std::deque<Ptr<Packet>>& pending = found->second.pending;
    while (!pending.empty())
    {
        const uint32_t room = socket->GetTxAvailable();
        const Ptr<Packet> first = pending.front();
        if (room == 0)
        {
            return;
        }
        if (first->GetSize() <= room)
        {
            pending.pop_front(); // before it is sent: that may call back
            socket->Send(first);
            continue;
        }
        pending.front() = first->CreateFragment(room, first->GetSize() - room);
        socket->Send(first->CreateFragment(0, room));
    }
    if (m_connections == PER_MESSAGE)
    {
        socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
        m_out.erase(found);
        socket->Close();
    }
}

void
RequestApplication::Accepted(Ptr<Socket> socket, const Address& /* from */)
{
    m_in[socket] = Reception();
    socket->SetRecvCallback(MakeCallback(&RequestApplication::Read, this));
    socket->SetCloseCallbacks(MakeCallback(&RequestApplication::Closed, this),
                              MakeCallback(&RequestApplication::Closed, this));
}

void
RequestApplication::Read(Ptr<Socket> socket)
{
    const auto found = m_in.find(socket);
    while (const Ptr<Packet> packet = socket->Recv())
    {
        if (found == m_in.end())
        {
            continue;
        }
        Reception& reception = found->second;
        uint32_t size = packet->GetSize();
        while (size != 0)
        {
            if (reception.headerBytes < MESSAGE_HEADER_BYTES)
            {
                const uint32_t taken = std::min(size, MESSAGE_HEADER_BYTES - reception.headerBytes);
                packet->CopyData(reception.header + reception.headerBytes, taken);
                packet->RemoveAtStart(taken);
                size -= taken;
                reception.headerBytes += taken;
                if (reception.headerBytes < MESSAGE_HEADER_BYTES)
                {
                    break;
                }
                MessageHeader header;
                Create<Packet>(reception.header, MESSAGE_HEADER_BYTES)->PeekHeader(header);
                reception.bytes = static_cast<uint32_t>(header.m_bytes);
                reception.start = header.m_start;
                reception.left = reception.bytes - MESSAGE_HEADER_BYTES;
            }
            const uint32_t taken = std::min(size, reception.left);
            packet->RemoveAtStart(taken);
            size -= taken;
            reception.left -= taken;
            if (reception.left == 0)
            {
                ++m_received;
                m_completeTrace(reception.start,
                                reception.bytes,
                                Simulator::Now() - reception.start);
                reception = Reception();
            }
        }
    }
}

void
RequestApplication::Closed(Ptr<Socket> socket)
{
    m_in.erase(socket);
    socket->Close();
}

} // namespace learning
} // namespace ns3
