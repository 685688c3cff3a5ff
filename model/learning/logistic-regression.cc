/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "logistic-regression.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(LogisticRegression);

TypeId
LogisticRegression::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::LogisticRegression")
                            .SetParent<LayeredModel>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<LogisticRegression>();
    return tid;
}

void
LogisticRegression::DoSetInput(const SampleShape& shape, uint32_t classCount)
{
    if (classCount != 2)
    {
        Refuse("the data has " + std::to_string(classCount) + " classes: exactly 2 are needed");
    }
    SetLayers({MakeAffineLayer(shape.GetSize(), 1, Layer::ZERO, false)}, Loss::LOGISTIC);
}

} // namespace learning
} // namespace ns3
