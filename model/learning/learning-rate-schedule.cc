/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "learning-rate-schedule.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(LearningRateSchedule);

TypeId
LearningRateSchedule::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::LearningRateSchedule")
                            .SetParent<Object>()
                            .SetGroupName("DistributedLearning");
    return tid;
}

} // namespace learning
} // namespace ns3
