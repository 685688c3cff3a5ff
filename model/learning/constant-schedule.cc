/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "constant-schedule.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(ConstantSchedule);

TypeId
ConstantSchedule::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::ConstantSchedule")
                            .SetParent<LearningRateSchedule>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<ConstantSchedule>();
    return tid;
}

double
ConstantSchedule::GetFactor(uint64_t /* step */) const
{
    return 1;
}

} // namespace learning
} // namespace ns3
