/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "segment-error-model.h"

#include "ns3/boolean.h"
#include "ns3/packet.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(SegmentErrorModel);

TypeId
SegmentErrorModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::SegmentErrorModel")
            .SetParent<ErrorModel>()
            .SetGroupName("DistributedLearning")
            .AddAttribute("DropControl",
                          "Whether control segments (end of block, acknowledgement) are subject "
                          "to loss; the paper's model spares them.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&SegmentErrorModel::m_dropControl),
                          MakeBooleanChecker())
            .AddAttribute("DropOther",
                          "Whether packets that carry no segments (other applications, routing) "
                          "are subject to loss, each as one segment.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&SegmentErrorModel::m_dropOther),
                          MakeBooleanChecker())
            .AddTraceSource("Drop",
                            "Data segments of a packet are dropped.",
                            MakeTraceSourceAccessor(&SegmentErrorModel::m_dropTrace),
                            "ns3::learning::SegmentErrorModel::DropTracedCallback");
    return tid;
}

bool
SegmentErrorModel::Drops(TrafficClass traffic, const SegmentTag::Message& message)
{
    return IsEnabled() && DropsNextSegment(traffic, message);
}

void
SegmentErrorModel::CheckAttributes()
{
    // each alone is checked by ns-3
}

void
SegmentErrorModel::NotifyConstructionCompleted()
{
    ErrorModel::NotifyConstructionCompleted();
    CheckAttributes();
}

bool
SegmentErrorModel::IsSubject(TrafficClass traffic) const
{
    return traffic == DATA || (traffic == CONTROL ? m_dropControl : m_dropOther);
}

bool
SegmentErrorModel::DoCorrupt(Ptr<Packet> packet)
{
    if (!IsEnabled())
    {
        return false;
    }
    SegmentTag tag;
    if (!packet->PeekPacketTag(tag))
    {
        return IsSubject(OTHER) && DropsNextSegment(OTHER, tag.GetMessage());
    }
    uint64_t lost = 0;
    const uint64_t alive = tag.GetAlive();
    for (uint64_t rest = IsSubject(DATA) ? alive : 0; rest != 0; rest &= rest - 1)
    {
        if (DropsNextSegment(DATA, tag.GetMessage()))
        {
            lost |= rest & -rest;
        }
    }
    const bool losesControl =
        tag.HasControl() && IsSubject(CONTROL) && DropsNextSegment(CONTROL, tag.GetMessage());
    if (lost == 0 && !losesControl)
    {
        return alive == 0 && !tag.HasControl();
    }
    if (lost != 0)
    {
        m_dropTrace(packet, static_cast<uint32_t>(__builtin_popcountll(lost)));
    }
    tag.Lose(lost);
    if (losesControl)
    {
        tag.LoseControl();
    }
    packet->ReplacePacketTag(tag);
    return tag.GetAlive() == 0 && !tag.HasControl();
}

} // namespace learning
} // namespace ns3
