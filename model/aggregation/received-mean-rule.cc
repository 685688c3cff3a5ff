/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "received-mean-rule.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(ReceivedMeanRule);

TypeId
ReceivedMeanRule::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::ReceivedMeanRule")
                            .SetParent<MeanRule>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<ReceivedMeanRule>();
    return tid;
}

float
ReceivedMeanRule::GetDivisor(uint32_t received, uint32_t /* expected */) const
{
    return static_cast<float>(received);
}

} // namespace learning
} // namespace ns3
