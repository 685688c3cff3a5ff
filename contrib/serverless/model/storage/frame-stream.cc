/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "frame-stream.h"

#include "ns3/boolean.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3
{
namespace serverless
{

namespace
{
constexpr uint32_t HEADERS = 120;          //!< longest headers of IPv4 and TCP
constexpr uint32_t SOCKET_BYTES = 4 << 20; //!< buffer of a socket, each way: more than any path
constexpr int64_t SHORTEST_WAIT = 1000;    //!< ns that a piece is not held back for
} // namespace

Ptr<Socket>
FrameStream::MakeSocket(Ptr<Node> node, uint32_t segmentBytes)
{
    for (uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        const uint32_t mtu = node->GetDevice(i)->GetMtu();
        if (segmentBytes + HEADERS > mtu)
        {
            throw std::invalid_argument("SegmentBytes=" + std::to_string(segmentBytes) +
                                        ": device " + std::to_string(i) + " of node " +
                                        std::to_string(node->GetId()) + " takes packets of " +
                                        std::to_string(mtu) + " bytes, so at most " +
                                        std::to_string(mtu > HEADERS ? mtu - HEADERS : 0) +
                                        " are possible, or a larger MTU");
        }
    }
    Ptr<Socket> socket = Socket::CreateSocket(node, TcpSocketFactory::GetTypeId());
    socket->SetAttribute("SegmentSize", UintegerValue(segmentBytes));
    socket->SetAttribute("SndBufSize", UintegerValue(SOCKET_BYTES));
    socket->SetAttribute("RcvBufSize", UintegerValue(SOCKET_BYTES));
    // with time stamps of milliseconds, ns-3 measures round trips of 1 ms as none, and never takes
    // a doubled retransmission timeout back
    socket->SetAttribute("Timestamp", BooleanValue(false));
    return socket;
}

FrameStream::FrameStream(Ptr<Socket> socket, uint32_t segmentBytes, Listener listener)
    : m_socket(socket),
      m_segmentBytes(segmentBytes),
      m_listener(std::move(listener))
{
    m_socket->SetRecvCallback(MakeCallback(&FrameStream::HandleRead, this));
    m_socket->SetSendCallback(MakeCallback(&FrameStream::HandleSend, this));
    m_socket->SetCloseCallbacks(MakeCallback(&FrameStream::HandleClose, this),
                                MakeCallback(&FrameStream::HandleClose, this));
}

FrameStream::~FrameStream()
{
    Close();
}

void
FrameStream::Close()
{
    m_pump.Cancel();
    m_outgoing.clear();
    m_listener = Listener();
    if (m_socket)
    {
        Ptr<Socket> socket = m_socket;
        m_socket = nullptr;
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
        socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                                  MakeNullCallback<void, Ptr<Socket>>());
        socket->Close();
    }
}

Ptr<Socket>
FrameStream::GetSocket() const
{
    return m_socket;
}

void
FrameStream::Send(const StorageFrame& frame, const std::vector<RateLimit*>& limits)
{
    Outgoing out;
    out.head = frame.EncodeHead();
    out.body = frame.body;
    out.limits = limits;
    m_outgoing.push_back(std::move(out));
    if (m_outgoing.size() == 1)
    {
        Pump();
    }
}

void
FrameStream::Pump()
{
    m_pump.Cancel();
    while (m_socket && !m_outgoing.empty())
    {
        Outgoing& out = m_outgoing.front();
        const uint64_t total = out.head.size() + out.body.size;
        if (out.piece == 0)
        {
            out.piece = static_cast<uint32_t>(std::min<uint64_t>(total - out.sent, m_segmentBytes));
            out.due = Simulator::Now();
            for (RateLimit* limit : out.limits)
            {
                out.due = std::max(out.due, limit->Reserve(out.piece));
            }
        }
        const Time wait = out.due - Simulator::Now();
        if (wait.GetNanoSeconds() > SHORTEST_WAIT)
        {
            m_pump = Simulator::Schedule(wait, &FrameStream::Pump, this);
            return;
        }
        if (m_socket->GetTxAvailable() < out.piece)
        {
            return; // HandleSend() goes on
        }
        Ptr<Packet> packet = CutPiece(out);
        out.sent += out.piece;
        out.piece = 0;
        if (out.sent == total)
        {
            m_outgoing.pop_front();
        }
        m_socket->Send(packet);
    }
}

Ptr<Packet>
FrameStream::CutPiece(const Outgoing& out)
{
    const uint64_t end = out.sent + out.piece;
    const uint64_t headEnd = out.head.size();
    const uint64_t dataEnd = headEnd + out.body.GetDataSize();
    if (out.sent >= dataEnd)
    {
        return Create<Packet>(out.piece); // zeros take no memory
    }
    std::vector<uint8_t> bytes;
    bytes.reserve(out.piece);
    if (out.sent < headEnd)
    {
        bytes.insert(bytes.end(),
                     out.head.begin() + static_cast<std::ptrdiff_t>(out.sent),
                     out.head.begin() + static_cast<std::ptrdiff_t>(std::min(end, headEnd)));
    }
    if (end > headEnd && out.body.data)
    {
        const auto first = out.body.data->begin();
        bytes.insert(bytes.end(),
                     first + static_cast<std::ptrdiff_t>(std::max(out.sent, headEnd) - headEnd),
                     first + static_cast<std::ptrdiff_t>(std::min(end, dataEnd) - headEnd));
    }
    const auto real = static_cast<uint32_t>(bytes.size());
    Ptr<Packet> packet = Create<Packet>(bytes.data(), real);
    if (real < out.piece)
    {
        packet->AddAtEnd(Create<Packet>(out.piece - real));
    }
    return packet;
}

void
FrameStream::HandleSend(Ptr<Socket> /* socket */, uint32_t /* room */)
{
    if (m_pump.IsExpired() && !m_outgoing.empty())
    {
        m_pump = Simulator::ScheduleNow(&FrameStream::Pump, this);
    }
}

void
FrameStream::HandleClose(Ptr<Socket> /* socket */)
{
    const Ptr<FrameStream> self(this); // the owner may let go of it
    const auto closed = m_listener.closed;
    Close();
    if (closed)
    {
        closed();
    }
}

void
FrameStream::HandleRead(Ptr<Socket> socket)
{
    const Ptr<FrameStream> self(this); // the owner may let go of it
    for (Ptr<Packet> packet = socket->Recv(); packet && packet->GetSize() != 0;
         packet = socket->Recv())
    {
        if (!Feed(packet))
        {
            HandleClose(socket);
            return;
        }
        if (!m_socket)
        {
            return;
        }
    }
}

bool
FrameStream::Feed(Ptr<Packet> packet)
{
    if (m_listener.progress)
    {
        m_listener.progress(packet->GetSize());
    }
    uint32_t left = packet->GetSize();
    while (left != 0 ||
           (m_hasHeader && m_padding == 0 && m_buffer.size() == m_nameBytes + m_dataBytes))
    {
        const uint64_t wanted =
            m_hasHeader ? m_nameBytes + m_dataBytes : StorageFrame::HEADER_BYTES;
        if (m_buffer.size() < wanted)
        {
            const auto taken =
                static_cast<uint32_t>(std::min<uint64_t>(left, wanted - m_buffer.size()));
            const std::size_t before = m_buffer.size();
            m_buffer.resize(before + taken);
            packet->CopyData(m_buffer.data() + before, taken);
            packet->RemoveAtStart(taken);
            left -= taken;
        }
        if (m_buffer.size() < wanted)
        {
            break;
        }
        if (!m_hasHeader)
        {
            m_incoming = StorageFrame();
            if (!m_incoming.DecodeHeader(m_buffer.data(), m_nameBytes, m_dataBytes))
            {
                return false;
            }
            m_hasHeader = true;
            m_padding = m_incoming.body.size - m_dataBytes;
            m_buffer.clear();
            continue;
        }
        const auto skipped = static_cast<uint32_t>(std::min<uint64_t>(left, m_padding));
        packet->RemoveAtStart(skipped);
        left -= skipped;
        m_padding -= skipped;
        if (m_padding != 0)
        {
            break;
        }
        const auto name = m_buffer.begin() + m_nameBytes;
        m_incoming.name.assign(m_buffer.begin(), name);
        if (m_dataBytes != 0)
        {
            m_incoming.body.data =
                std::make_shared<const std::vector<uint8_t>>(name, m_buffer.end());
        }
        m_buffer = std::vector<uint8_t>();
        m_hasHeader = false;
        const auto frame = m_listener.frame; // which may close the stream
        frame(std::move(m_incoming));
        if (!m_socket)
        {
            break; // closed meanwhile
        }
    }
    return true;
}

} // namespace serverless
} // namespace ns3
