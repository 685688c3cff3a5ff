/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "aggregation-rule.h"

#include "ns3/object-factory.h"

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

Ptr<AggregationRule>
AggregationRule::MakeFresh() const
{
    ObjectFactory factory;
    factory.SetTypeId(GetInstanceTypeId());
    for (TypeId type = GetInstanceTypeId(); type != Object::GetTypeId(); type = type.GetParent())
    {
        for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
        {
            const TypeId::AttributeInformation attribute = type.GetAttribute(i);
            const uint32_t both = TypeId::ATTR_GET | TypeId::ATTR_SET;
            if ((attribute.flags & both) != both || !attribute.accessor->HasGetter() ||
                !attribute.accessor->HasSetter())
            {
                continue;
            }
            const Ptr<AttributeValue> value = attribute.checker->Create();
            GetAttribute(attribute.name, *value);
            factory.Set(attribute.name, *value);
        }
    }
    return factory.Create<AggregationRule>();
}

} // namespace learning
} // namespace ns3
