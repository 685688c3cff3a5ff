/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "parity-transport.h"

#include "float-codec.h"

#include "ns3/uinteger.h"

#include <algorithm>
#include <cstring>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(ParityTransport);

namespace
{

/**
 * Changes numbers by the exclusive or of their bits with those of others.
 * @param values count numbers, changed
 * @param others count numbers
 * @param count how many
 */
void
Xor(float* values, const float* others, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i)
    {
        uint32_t a;
        uint32_t b;
        std::memcpy(&a, values + i, sizeof(a));
        std::memcpy(&b, others + i, sizeof(b));
        a ^= b;
        std::memcpy(values + i, &a, sizeof(a));
    }
}

} // namespace

TypeId
ParityTransport::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::ParityTransport")
            .SetParent<DatagramTransport>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<ParityTransport>()
            .AddAttribute("DataSegments",
                          "Data segments that share a parity segment, k: 1 to 1,000.",
                          UintegerValue(4),
                          MakeUintegerAccessor(&ParityTransport::m_dataSegments),
                          MakeUintegerChecker<uint32_t>(1, 1000));
    return tid;
}

void
ParityTransport::DoDispose()
{
    m_parities.clear();
    DatagramTransport::DoDispose();
}

uint32_t
ParityTransport::GetGroupCount(const SegmentLayout& layout) const
{
    return (layout.GetSegmentCount() + m_dataSegments - 1) / m_dataSegments;
}

SegmentLayout
ParityTransport::GetWireLayout(const SegmentLayout& layout) const
{
    return SegmentLayout{layout.blockLength + GetGroupCount(layout) * layout.segmentLength,
                         layout.segmentLength};
}

SegmentLayout
ParityTransport::GetBlockLayout(const SegmentLayout& wire) const
{
    const uint32_t segments = wire.GetSegmentCount();
    const uint64_t groups = (uint64_t{segments} + m_dataSegments) / (m_dataSegments + 1);
    const uint64_t parity = groups * wire.segmentLength;
    const bool lonely = segments % (m_dataSegments + 1) == 1; // a parity of nothing
    return SegmentLayout{
        lonely || parity > wire.blockLength ? 0 : static_cast<uint32_t>(wire.blockLength - parity),
        wire.segmentLength};
}

SegmentMask
ParityTransport::GetWireMask(const SegmentLayout& layout, const SegmentMask& segments) const
{
    SegmentMask wire(GetWireLayout(layout).GetSegmentCount());
    for (uint32_t segment = 0; segment < segments.GetSize(); ++segment)
    {
        if (segments.Test(segment))
        {
            wire.Set(segment + segment / m_dataSegments + 1);
        }
    }
    return wire;
}

void
ParityTransport::DoSend(const BlockId& id,
                        const float* values,
                        const SegmentLayout& layout,
                        const SegmentMask* present,
                        bool reliable)
{
    const SegmentLayout wire = GetWireLayout(layout);
    const uint32_t segments = layout.GetSegmentCount();
    const uint32_t groups = GetGroupCount(layout);
    std::vector<float> coded(wire.blockLength, 0.0F);
    SegmentMask wirePresent =
        present ? GetWireMask(layout, *present) : SegmentMask(wire.GetSegmentCount(), true);
    uint32_t parities = 0;
    for (uint32_t group = 0; group < groups; ++group)
    {
        const uint32_t first = group * m_dataSegments;
        const uint32_t end = std::min(first + m_dataSegments, segments);
        const uint32_t parity = group * (m_dataSegments + 1);
        float* sum = coded.data() + wire.GetBegin(parity);
        bool complete = true;
        for (uint32_t segment = first; segment < end; ++segment)
        {
            const uint32_t begin = layout.GetBegin(segment);
            const uint32_t length = layout.GetBegin(segment + 1) - begin;
            std::copy_n(values + begin,
                        length,
                        coded.data() + wire.GetBegin(parity + 1 + segment - first));
            Xor(sum, values + begin, length);
            complete = complete && (!present || present->Test(segment));
        }
        if (complete)
        {
            wirePresent.Set(parity);
            ++parities;
        }
    }
    SendBlock(id,
              coded.data(),
              layout,
              present,
              wirePresent.IsComplete() ? nullptr : &wirePresent,
              reliable);
    if (parities != 0)
    {
        Count(id, PARITY, parities);
    }
}

void
ParityTransport::TakeIn(const BlockId& id,
                        const SegmentLayout& wire,
                        const ArrivedSegments& segments)
{
    const SegmentLayout layout = GetBlockLayout(wire);
    const uint32_t period = m_dataSegments + 1;
    const uint32_t origin = wire.GetBegin(segments.first);
    const uint32_t limit =
        segments.first + 64 - static_cast<uint32_t>(__builtin_clzll(segments.alive));
    for (uint32_t segment = segments.first; segment < limit;)
    {
        // the segments of one group, a parity being first
        const uint32_t group = segment / period;
        const uint32_t end = std::min(limit, (group + 1) * period);
        const uint64_t rest = segments.alive >> (segment - segments.first);
        const uint8_t* from = segments.bytes + 4 * std::size_t{wire.GetBegin(segment) - origin};
        const bool isParity = segment % period == 0;
        if (isParity && (rest & 1) != 0)
        {
            TakeParity(id, layout, group, from);
        }
        const uint32_t count = end - segment - isParity;
        if (count != 0)
        {
            const uint64_t bits = count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
            // without their packet, so that they are written: others are rebuilt from them
            Deliver(id,
                    layout,
                    {nullptr,
                     from + 4 * std::size_t{isParity} * wire.segmentLength,
                     segment + isParity - group - 1,
                     rest >> isParity & bits});
        }
        segment = end;
    }
}

void
ParityTransport::TakeParity(const BlockId& id,
                            const SegmentLayout& layout,
                            uint32_t group,
                            const uint8_t* bytes)
{
    if (!OpenReception(id, layout))
    {
        Count(id, LATE, 1);
        return;
    }
    const auto [parity, isNew] = m_parities[id].try_emplace(group);
    if (!isNew)
    {
        Count(id, DUPLICATE, 1);
        return;
    }
    parity->second.resize(layout.segmentLength);
    DecodeFloats(bytes, layout.segmentLength, parity->second.data());
}

void
ParityTransport::RebuildMissing(const BlockId& id)
{
    const Reception* reception = FindReception(id);
    const uint32_t groups = reception ? GetGroupCount(reception->layout) : 0;
    for (uint32_t group = 0; group < groups; ++group)
    {
        Rebuild(id, group);
    }
}

void
ParityTransport::Rebuild(const BlockId& id, uint32_t group)
{
    const auto block = m_parities.find(id);
    if (block == m_parities.end())
    {
        return;
    }
    const auto found = block->second.find(group);
    const Reception* reception = FindReception(id);
    if (found == block->second.end() || found->second.empty() || !reception)
    {
        return;
    }
    const SegmentLayout layout = reception->layout;
    const uint32_t first = group * m_dataSegments;
    const uint32_t end = std::min(first + m_dataSegments, layout.GetSegmentCount());
    uint32_t missing = end;
    for (uint32_t segment = first; segment < end; ++segment)
    {
        if (reception->mask.Test(segment))
        {
            continue;
        }
        if (missing != end)
        {
            return; // more than one
        }
        missing = segment;
    }
    if (missing == end)
    {
        return;
    }
    std::vector<float> numbers;
    numbers.swap(found->second); // it is used
    for (uint32_t segment = first; segment < end; ++segment)
    {
        if (segment != missing)
        {
            const uint32_t begin = layout.GetBegin(segment);
            Xor(numbers.data(),
                reception->destination + begin,
                layout.GetBegin(segment + 1) - begin);
        }
    }
    std::vector<uint8_t> bytes(4 * numbers.size());
    EncodeFloats(numbers.data(), static_cast<uint32_t>(numbers.size()), bytes.data());
    Deliver(id, layout, {nullptr, bytes.data(), missing, 1});
}

void
ParityTransport::NotifyClosed(const BlockId& id, const SegmentMask& mask)
{
    DatagramTransport::NotifyClosed(id, mask);
    const auto found = m_parities.find(id);
    if (found == m_parities.end())
    {
        return;
    }
    uint32_t unused = 0;
    for (const auto& [group, numbers] : found->second)
    {
        unused += !numbers.empty();
    }
    m_parities.erase(found);
    if (unused != 0)
    {
        Count(id, DUPLICATE, unused);
    }
}

} // namespace learning
} // namespace ns3
