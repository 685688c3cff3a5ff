/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What a DatagramTransport takes in, what it answers, and what it does with the answers of others.
// Its attributes and how it sends: datagram-transport.cc.

#include "datagram-transport.h"

#include "ns3/packet.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{
constexpr uint32_t MIN_HELD_BYTES = 256; //!< of numbers: what is shorter is less than its packet
} // namespace

Time
DatagramTransport::GetRepeatTime() const
{
    // a pass lasts a round trip if its end and the answer come through: one that does not waits
    return Repeats() ? m_retransmitTimeout * ((int64_t{2} << std::min(m_maxRepeats, 3U)) - 1)
                     : Time(0);
}

void
DatagramTransport::SetTransferTime(Time time)
{
    // an acknowledgement that does not wait for the answer to the whole round travels alone
    m_ackDelay = std::max(m_ackDelay, 2 * time);
    m_retransmitTimeout = std::max(m_retransmitTimeout, 10 * time);
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
DatagramTransport::GetBlockLayout(const SegmentLayout& wire) const
{
    return wire;
}

void
DatagramTransport::TakeIn(const BlockId& id,
                          const SegmentLayout& wire,
                          const ArrivedSegments& segments)
{
    Deliver(id, wire, segments);
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
    if (header.whole && !m_closedBlocks.Find(id))
    {
        m_wantedWhole.insert(id); // until it is closed
    }
    if (tag.HasControl())
    {
        for (const TransportHeader::Ack& ack : header.acks)
        {
            Acknowledge(BlockId{ack.direction, ack.round, ack.block, header.sender});
        }
        if (!m_port->IsOpen())
        {
            return; // disposed of by whoever was told
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
        bool lasts = false;
        const uint8_t* bytes = m_view.GetBytes(*packet, 4 * header.count, &lasts);
        ArrivedSegments segments{nullptr, bytes, first, tag.GetAlive()};
        if (lasts && 4 * header.count >= MIN_HELD_BYTES)
        {
            segments.packet = packet;
        }
        TakeIn(id, wire, segments);
    }
    if (m_port->IsOpen() && header.isEnd && tag.HasControl())
    {
        TakeEnd(id, layout, header);
    }
    else if (m_port->IsOpen() && header.pass != 0 && !header.whole)
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
    if (m_port->IsOpen() && header.asks)
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
