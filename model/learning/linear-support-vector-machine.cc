/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "linear-support-vector-machine.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(LinearSupportVectorMachine);

TypeId
LinearSupportVectorMachine::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::LinearSupportVectorMachine")
                            .SetParent<LayeredModel>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<LinearSupportVectorMachine>();
    return tid;
}

void
LinearSupportVectorMachine::DoSetInput(const SampleShape& shape, uint32_t classCount)
{
    if (classCount != 2)
    {
        Refuse("the data has " + std::to_string(classCount) + " classes: exactly 2 are needed");
    }
    SetLayers({MakeAffineLayer(shape.GetSize(), 1, Layer::ZERO, false)}, Loss::HINGE);
}

} // namespace learning
} // namespace ns3
