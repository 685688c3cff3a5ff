/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "block-transport.h"

#include "ns3/abort.h"
#include "ns3/uinteger.h"

#include <cstring>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(BlockTransport);

TypeId
BlockTransport::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::BlockTransport")
            .SetParent<Object>()
            .SetGroupName("DistributedLearning")
            .AddAttribute("SegmentBytes",
                          "Bytes of numbers in a segment, headers not counted: a multiple of 4 "
                          "from 4 to 65,000.",
                          UintegerValue(1400),
                          MakeUintegerAccessor(&BlockTransport::SetSegmentBytes,
                                               &BlockTransport::GetSegmentBytes),
                          MakeUintegerChecker<uint32_t>(4, 65000))
            .AddTraceSource("Segments",
                            "Segments were sent, refused, received, late or duplicate; of those "
                            "sent, which are repeats or parity.",
                            MakeTraceSourceAccessor(&BlockTransport::m_segmentsTrace),
                            "ns3::learning::BlockTransport::SegmentsTracedCallback")
            .AddTraceSource("Send",
                            "A block is about to be sent.",
                            MakeTraceSourceAccessor(&BlockTransport::m_sendTrace),
                            "ns3::learning::BlockTransport::SendTracedCallback")
            .AddTraceSource("Close",
                            "A block that was being received is closed.",
                            MakeTraceSourceAccessor(&BlockTransport::m_closeTrace),
                            "ns3::learning::BlockTransport::CloseTracedCallback")
            .AddTraceSource("Mask",
                            "Which segments of a block had arrived when it was closed.",
                            MakeTraceSourceAccessor(&BlockTransport::m_maskTrace),
                            "ns3::learning::BlockTransport::MaskTracedCallback");
    return tid;
}

void
BlockTransport::DoDispose()
{
    m_node = nullptr;
    m_receivers[PUSH] = nullptr;
    m_receivers[PULL] = nullptr;
    m_deliveryCallbacks[PUSH] = nullptr;
    m_deliveryCallbacks[PULL] = nullptr;
    m_receptions.clear();
    Object::DoDispose();
}

void
BlockTransport::Open(Ptr<Node> node,
                     uint32_t self,
                     std::shared_ptr<const std::vector<Address>> peers)
{
    if (m_node)
    {
        return; // the worker and the server of a host share its transport
    }
    m_node = node;
    m_self = self;
    m_peers = std::move(peers);
    DoOpen();
}

void
BlockTransport::SetReceiver(BlockDirection direction, BlockReceiver* receiver)
{
    if (receiver != m_receivers[direction])
    {
        // what is open was to be written for somebody who is gone
        for (auto it = m_receptions.begin(); it != m_receptions.end();)
        {
            const bool isOrphan = it->first.direction == direction;
            if (isOrphan)
            {
                NotifyClosed(it->first, it->second.mask);
            }
            it = isOrphan ? m_receptions.erase(it) : std::next(it);
        }
    }
    m_receivers[direction] = receiver;
}

void
BlockTransport::SetDeliveryCallback(BlockDirection direction, DeliveryCallback callback)
{
    m_deliveryCallbacks[direction] = std::move(callback);
}

void
BlockTransport::Send(const BlockId& id,
                     const float* values,
                     uint32_t length,
                     const SegmentMask* present,
                     bool reliable)
{
    const SegmentLayout layout = GetLayout(length);
    m_sendTrace(id, present ? present->GetCount() : layout.GetSegmentCount());
    DoSend(id, values, layout, present, reliable);
}

void
BlockTransport::CloseBlock(const BlockId& id)
{
    const auto reception = m_receptions.find(id);
    if (reception != m_receptions.end())
    {
        Finish(reception);
    }
}

void
BlockTransport::Redirect(const BlockId& id, float* destination)
{
    const auto found = m_receptions.find(id);
    if (found != m_receptions.end())
    {
        Reception& reception = found->second;
        CopySegments(reception.destination, reception.layout, reception.mask, destination);
        reception.destination = destination;
    }
}

SegmentLayout
BlockTransport::GetLayout(uint32_t length) const
{
    return SegmentLayout{length, m_segmentBytes / 4};
}

void
BlockTransport::Crash()
{
}

void
BlockTransport::Restart()
{
}

int64_t
BlockTransport::AssignStreams(int64_t /* stream */)
{
    return 0;
}

Time
BlockTransport::GetRepeatTime() const
{
    return Time(0);
}

void
BlockTransport::SetTransferTime(Time /* time */)
{
}

const BlockTransport::Traffic&
BlockTransport::GetTraffic(BlockDirection direction) const
{
    return m_traffic[direction];
}

uint64_t
BlockTransport::GetMalformedCount() const
{
    return m_malformed;
}

void
BlockTransport::CopySegments(const float* from,
                             const SegmentLayout& layout,
                             const SegmentMask& mask,
                             float* to)
{
    for (uint32_t segment = 0; segment < mask.GetSize();)
    {
        const uint32_t end = mask.GetRunEnd(segment);
        if (mask.Test(segment))
        {
            const uint32_t begin = layout.GetBegin(segment);
            std::memcpy(to + begin, from + begin, sizeof(float) * (layout.GetBegin(end) - begin));
        }
        segment = end;
    }
}

void
BlockTransport::Deliver(const BlockId& id,
                        const SegmentLayout& layout,
                        const ArrivedSegments& segments)
{
    if (segments.alive == 0)
    {
        return;
    }
    const auto alive = static_cast<uint32_t>(__builtin_popcountll(segments.alive));
    const auto found = Find(id, layout);
    if (found == m_receptions.end())
    {
        Count(id, LATE, alive);
        return;
    }
    Reception& reception = found->second;
    const uint32_t received = reception.mask.SetBits(segments.first, segments.alive);
    const uint32_t duplicate = alive - received;
    if (!segments.packet || !m_receivers[id.direction]->Hold(id, segments))
    {
        segments.Decode(layout, reception.destination);
    }
    if (received != 0)
    {
        Count(id, RECEIVED, received);
    }
    if (duplicate != 0)
    {
        Count(id, DUPLICATE, duplicate);
    }
    if (reception.mask.IsComplete())
    {
        Finish(found);
    }
}

void
BlockTransport::End(const BlockId& id, const SegmentLayout& layout)
{
    const auto reception = Find(id, layout);
    if (reception != m_receptions.end())
    {
        Finish(reception);
    }
}

void
BlockTransport::NotifyOpened(const BlockId& /* id */, const SegmentLayout& /* layout */)
{
}

void
BlockTransport::EndWait(BlockDirection direction, uint32_t round)
{
    if (m_receivers[direction])
    {
        m_receivers[direction]->RoundOver(direction, round);
    }
}

void
BlockTransport::RebuildMissing(const BlockId& /* id */)
{
}

void
BlockTransport::NotifyClosed(const BlockId& /* id */, const SegmentMask& /* mask */)
{
}

const BlockTransport::Reception*
BlockTransport::OpenReception(const BlockId& id, const SegmentLayout& layout)
{
    const auto found = Find(id, layout);
    return found == m_receptions.end() ? nullptr : &found->second;
}

const BlockTransport::Reception*
BlockTransport::FindReception(const BlockId& id) const
{
    const auto found = m_receptions.find(id);
    return found == m_receptions.end() ? nullptr : &found->second;
}

bool
BlockTransport::IsDeliveryAsked(BlockDirection direction) const
{
    return m_deliveryCallbacks[direction] != nullptr;
}

void
BlockTransport::ReportDelivery(const BlockId& id, const SegmentMask& arrived)
{
    if (m_deliveryCallbacks[id.direction])
    {
        m_deliveryCallbacks[id.direction](id, arrived);
    }
}

void
BlockTransport::Count(const BlockId& id, Fate fate, uint32_t segments, uint32_t bytes)
{
    Traffic& traffic = m_traffic[id.direction];
    switch (fate)
    {
    case SENT:
        traffic.sent += segments;
        traffic.bytes += bytes;
        break;
    case REFUSED:
        traffic.refused += segments;
        break;
    case RECEIVED:
        traffic.received += segments;
        break;
    case LATE:
        traffic.late += segments;
        break;
    case DUPLICATE:
        traffic.duplicate += segments;
        break;
    case RETRANSMITTED:
        traffic.retransmitted += segments;
        break;
    case PARITY:
        traffic.parity += segments;
        break;
    }
    m_segmentsTrace(id, fate, segments, bytes);
}

void
BlockTransport::CountMalformed()
{
    ++m_malformed;
}

const Address&
BlockTransport::GetPeer(uint32_t peer) const
{
    NS_ABORT_MSG_IF(peer >= m_peers->size(), "no host has index " << peer);
    return (*m_peers)[peer];
}

uint32_t
BlockTransport::GetPeerCount() const
{
    return static_cast<uint32_t>(m_peers->size());
}

uint32_t
BlockTransport::GetSelf() const
{
    return m_self;
}

Ptr<Node>
BlockTransport::GetNode() const
{
    return m_node;
}

uint32_t
BlockTransport::GetSegmentBytes() const
{
    return m_segmentBytes;
}

void
BlockTransport::SetSegmentBytes(uint32_t bytes)
{
    if (bytes % 4 != 0)
    {
        throw std::invalid_argument(
            "ns3::learning::BlockTransport::SegmentBytes=" + std::to_string(bytes) +
            ": a segment holds whole numbers, so a multiple of 4 is needed");
    }
    m_segmentBytes = bytes;
}

BlockTransport::Receptions::iterator
BlockTransport::Find(const BlockId& id, const SegmentLayout& layout)
{
    auto found = m_receptions.find(id);
    if (found != m_receptions.end())
    {
        // a sender that changes its cut in the middle of a block is not to be believed
        const SegmentLayout& known = found->second.layout;
        const bool same =
            known.blockLength == layout.blockLength && known.segmentLength == layout.segmentLength;
        return same ? found : m_receptions.end();
    }
    BlockReceiver* receiver = m_receivers[id.direction];
    float* destination = receiver ? receiver->OpenBlock(id, layout.blockLength) : nullptr;
    if (!destination)
    {
        return m_receptions.end();
    }
    NotifyOpened(id, layout);
    return m_receptions
        .emplace(id, Reception{destination, layout, SegmentMask(layout.GetSegmentCount())})
        .first;
}

void
BlockTransport::Finish(Receptions::iterator reception)
{
    const BlockId id = reception->first;
    RebuildMissing(id);
    reception = m_receptions.find(id);
    if (reception == m_receptions.end())
    {
        return; // it is whole now, and closed
    }
    // out of the table first: the receiver may open and close other blocks
    const SegmentMask mask = std::move(reception->second.mask);
    m_receptions.erase(reception);
    NotifyClosed(id, mask);
    m_closeTrace(id, mask.GetCount(), mask.GetSize());
    m_maskTrace(id, mask);
    m_receivers[id.direction]->BlockClosed(id, mask);
}

} // namespace learning
} // namespace ns3
