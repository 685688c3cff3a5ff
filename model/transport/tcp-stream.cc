/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What a TcpTransport writes to its connections and reads from them: frames.
// Its attributes, sockets and connections: tcp-transport.cc.

#include "float-codec.h"
#include "tcp-connection.h"

#include "ns3/network-order.h"
#include "ns3/packet.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint64_t MAX_PAYLOAD_BYTES = 65000; //!< of a frame: the longest segment

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
        return 4 * uint64_t{ReadNetworkOrder<uint32_t>(header + 24)};
    }
    const uint64_t length = ReadNetworkOrder<uint32_t>(header + 16);
    const uint64_t first = ReadNetworkOrder<uint32_t>(header + 20);
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
        const auto question = kept->questions.find(refused.id);
        if (question != kept->questions.end())
        {
            const SegmentMask none(question->second.arrived.GetSize());
            kept->questions.erase(question);
            ReportDelivery(refused.id, none);
        }
    }
    Write(*kept);
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
        connection.ForgetAcknowledged();
        for (const std::size_t end : outgoing.end)
        {
            if (end > outgoing.written && end <= outgoing.written + size)
            {
                connection.unacknowledged.push_back(connection.streamEnd + end - outgoing.written);
            }
        }
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
    const uint32_t bytes =
        size + header.GetSerializedSize() +
        (m_ipv6 ? Connection::IPV6_HEADER_BYTES : Connection::IPV4_HEADER_BYTES) +
        m_linkHeaderBytes;
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
        Deliver(id, layout, {nullptr, payload, segment, 1});
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

} // namespace learning
} // namespace ns3
