/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "aggregation-rule.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(AggregationRule);

TypeId
AggregationRule::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::AggregationRule")
                            .SetParent<Object>()
                            .SetGroupName("DistributedLearning");
    return tid;
}

} // namespace learning
} // namespace ns3
