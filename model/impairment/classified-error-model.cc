/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "classified-error-model.h"

#include "ns3/pointer.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(ClassifiedErrorModel);

TypeId
ClassifiedErrorModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::ClassifiedErrorModel")
            .SetParent<SegmentErrorModel>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<ClassifiedErrorModel>()
            .AddAttribute("Data",
                          "Loss law of data segments; none: they are spared.",
                          PointerValue(),
                          MakePointerAccessor(&ClassifiedErrorModel::m_data),
                          MakePointerChecker<SegmentErrorModel>())
            .AddAttribute("Control",
                          "Loss law of control segments (end of block, acknowledgement); none: "
                          "that of data if DropControl, otherwise they are spared.",
                          PointerValue(),
                          MakePointerAccessor(&ClassifiedErrorModel::m_control),
                          MakePointerChecker<SegmentErrorModel>())
            .AddAttribute("Other",
                          "Loss law of packets that carry no segments; none: that of data if "
                          "DropOther, otherwise they are spared.",
                          PointerValue(),
                          MakePointerAccessor(&ClassifiedErrorModel::m_other),
                          MakePointerChecker<SegmentErrorModel>());
    return tid;
}

int64_t
ClassifiedErrorModel::AssignStreams(int64_t stream)
{
    int64_t used = 0;
    for (const TrafficClass traffic : {DATA, CONTROL, OTHER})
    {
        if (GetOwn(traffic))
        {
            used += GetOwn(traffic)->AssignStreams(stream + used);
        }
    }
    return used;
}

void
ClassifiedErrorModel::DoDispose()
{
    m_data = nullptr;
    m_control = nullptr;
    m_other = nullptr;
    SegmentErrorModel::DoDispose();
}

bool
ClassifiedErrorModel::DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message)
{
    const Ptr<SegmentErrorModel>& law = GetOwn(traffic) ? GetOwn(traffic) : m_data;
    return law && law->Drops(traffic, message);
}

bool
ClassifiedErrorModel::IsSubject(TrafficClass traffic) const
{
    return GetOwn(traffic) || SegmentErrorModel::IsSubject(traffic);
}

void
ClassifiedErrorModel::DoReset()
{
    for (const TrafficClass traffic : {DATA, CONTROL, OTHER})
    {
        if (GetOwn(traffic))
        {
            GetOwn(traffic)->Reset();
        }
    }
}

const Ptr<SegmentErrorModel>&
ClassifiedErrorModel::GetOwn(TrafficClass traffic) const
{
    return traffic == DATA ? m_data : traffic == CONTROL ? m_control : m_other;
}

} // namespace learning
} // namespace ns3
