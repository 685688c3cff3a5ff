/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "linear-regression.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(LinearRegression);

TypeId
LinearRegression::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::LinearRegression")
                            .SetParent<LayeredModel>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<LinearRegression>();
    return tid;
}

void
LinearRegression::DoSetInput(const SampleShape& shape, uint32_t /* classCount */)
{
    SetLayers({MakeAffineLayer(shape.GetSize(), 1, Layer::ZERO, false)}, Loss::SQUARED);
}

bool
LinearRegression::Classifies() const
{
    return false;
}

} // namespace learning
} // namespace ns3
