/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "softmax-regression.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(SoftmaxRegression);

TypeId
SoftmaxRegression::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::SoftmaxRegression")
                            .SetParent<LayeredModel>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<SoftmaxRegression>();
    return tid;
}

void
SoftmaxRegression::DoSetInput(const SampleShape& shape, uint32_t classCount)
{
    if (classCount < 2)
    {
        Refuse("the data has " + std::to_string(classCount) + " classes: at least 2 are needed");
    }
    SetLayers({MakeAffineLayer(shape.GetSize(), classCount, Layer::ZERO, false)}, Loss::SOFTMAX);
}

} // namespace learning
} // namespace ns3
