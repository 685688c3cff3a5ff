/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "zero-fill-rule.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(ZeroFillRule);

TypeId
ZeroFillRule::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::ZeroFillRule")
                            .SetParent<MeanRule>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<ZeroFillRule>();
    return tid;
}

float
ZeroFillRule::GetDivisor(uint32_t /* received */, uint32_t expected) const
{
    return static_cast<float>(expected);
}

} // namespace learning
} // namespace ns3
