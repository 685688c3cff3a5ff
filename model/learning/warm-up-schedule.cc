/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "warm-up-schedule.h"

#include "constant-schedule.h"

#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(WarmUpSchedule);

TypeId
WarmUpSchedule::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::WarmUpSchedule")
                            .SetParent<LearningRateSchedule>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<WarmUpSchedule>()
                            .AddAttribute("Steps",
                                          "Length of the rise in steps; 0 for none.",
                                          UintegerValue(100),
                                          MakeUintegerAccessor(&WarmUpSchedule::m_steps),
                                          MakeUintegerChecker<uint64_t>())
                            .AddAttribute("StartFactor",
                                          "Factor of step 0, from 0 to 1.",
                                          DoubleValue(0),
                                          MakeDoubleAccessor(&WarmUpSchedule::m_startFactor),
                                          MakeDoubleChecker<double>(0, 1))
                            .AddAttribute("Then",
                                          "Schedule that follows; its step 0 is step Steps.",
                                          StringValue("ns3::learning::ConstantSchedule"),
                                          MakePointerAccessor(&WarmUpSchedule::m_then),
                                          MakePointerChecker<LearningRateSchedule>());
    return tid;
}

double
WarmUpSchedule::GetFactor(uint64_t step) const
{
    if (step >= m_steps)
    {
        return m_then ? m_then->GetFactor(step - m_steps) : 1;
    }
    return m_startFactor + (1 - m_startFactor) * static_cast<double>(step) / m_steps;
}

void
WarmUpSchedule::DoDispose()
{
    m_then = nullptr;
    LearningRateSchedule::DoDispose();
}

} // namespace learning
} // namespace ns3
