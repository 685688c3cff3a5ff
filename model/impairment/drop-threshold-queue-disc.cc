/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "drop-threshold-queue-disc.h"

#include "ns3/drop-tail-queue.h"
#include "ns3/object-factory.h"
#include "ns3/uinteger.h"

#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(DropThresholdQueueDisc);

DropThresholdQueueDisc::DropThresholdQueueDisc()
    : QueueDisc(QueueDiscSizePolicy::SINGLE_INTERNAL_QUEUE)
{
}

TypeId
DropThresholdQueueDisc::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::DropThresholdQueueDisc")
            .SetParent<QueueDisc>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<DropThresholdQueueDisc>()
            .AddAttribute("MaxSize",
                          "Length up to which packets are let in, in packets (p) or bytes (B).",
                          QueueSizeValue(QueueSize("10MB")),
                          MakeQueueSizeAccessor(&QueueDisc::SetMaxSize, &QueueDisc::GetMaxSize),
                          MakeQueueSizeChecker())
            .AddAttribute("Threshold",
                          "Length up to which packets of the low class are let in, in the unit of "
                          "MaxSize; 0 drops all of them.",
                          QueueSizeValue(QueueSize("10MB")),
                          MakeQueueSizeAccessor(&DropThresholdQueueDisc::m_threshold),
                          MakeQueueSizeChecker())
            .AddAttribute("Dscp",
                          "Differentiated services code point of the low class, 0 to 63.",
                          UintegerValue(LOWER_EFFORT),
                          MakeUintegerAccessor(&DropThresholdQueueDisc::m_dscp),
                          MakeUintegerChecker<uint8_t>(0, 63));
    return tid;
}

bool
DropThresholdQueueDisc::DoEnqueue(Ptr<QueueDiscItem> item)
{
    uint8_t tos = 0;
    const bool low = item->GetUint8Value(QueueItem::IP_DSFIELD, tos) && tos >> 2 == m_dscp;
    const QueueSize size = GetCurrentSize() + item;
    if (low && size > m_threshold)
    {
        DropBeforeEnqueue(item, THRESHOLD_DROP);
        return false;
    }
    if (size > GetMaxSize())
    {
        DropBeforeEnqueue(item, LIMIT_EXCEEDED_DROP);
        return false;
    }
    return GetInternalQueue(0)->Enqueue(item);
}

Ptr<QueueDiscItem>
DropThresholdQueueDisc::DoDequeue()
{
    return GetInternalQueue(0)->Dequeue();
}

Ptr<const QueueDiscItem>
DropThresholdQueueDisc::DoPeek()
{
    return GetInternalQueue(0)->Peek();
}

bool
DropThresholdQueueDisc::CheckConfig()
{
    if (m_threshold.GetUnit() != GetMaxSize().GetUnit())
    {
        std::ostringstream text;
        text << GetTypeId().GetName() << "::Threshold=" << m_threshold
             << ": the unit of MaxSize=" << GetMaxSize() << ", packets or bytes, is needed";
        throw std::invalid_argument(text.str());
    }
    if (GetNQueueDiscClasses() != 0 || GetNPacketFilters() != 0)
    {
        throw std::invalid_argument(GetTypeId().GetName() +
                                    " takes no classes and no filters: it goes by the code point");
    }
    if (GetNInternalQueues() == 0)
    {
        AddInternalQueue(
            CreateObjectWithAttributes<DropTailQueue<QueueDiscItem>>("MaxSize",
                                                                     QueueSizeValue(GetMaxSize())));
    }
    return GetNInternalQueues() == 1;
}

void
DropThresholdQueueDisc::InitializeParams()
{
}

} // namespace learning
} // namespace ns3
