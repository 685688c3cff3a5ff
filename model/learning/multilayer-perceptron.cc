/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "multilayer-perceptron.h"

#include "number-list.h"

#include "ns3/string.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(MultilayerPerceptron);

TypeId
MultilayerPerceptron::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::MultilayerPerceptron")
                            .SetParent<LayeredModel>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<MultilayerPerceptron>()
                            .AddAttribute("Hidden",
                                          "Sizes of the hidden layers, first to last: numbers "
                                          "of at least 1, separated by commas, such as 256,128.",
                                          StringValue("128"),
                                          MakeStringAccessor(&MultilayerPerceptron::m_hidden),
                                          MakeStringChecker());
    return tid;
}

void
MultilayerPerceptron::DoSetInput(const SampleShape& shape, uint32_t classCount)
{
    if (classCount == 1)
    {
        Refuse("the data has 1 class: at least 2 are needed, or 0 for regression");
    }
    std::vector<Layer> layers;
    uint32_t inputs = shape.GetSize();
    for (const auto size :
         ParseNumberList("attribute Hidden of " + GetInstanceTypeId().GetName(), m_hidden))
    {
        layers.push_back(MakeAffineLayer(inputs, size, Layer::HE_UNIFORM, true));
        inputs = size;
    }
    const uint32_t outputs = classCount == 0 ? 1 : classCount;
    layers.push_back(MakeAffineLayer(inputs, outputs, Layer::GLOROT_UNIFORM, false));
    SetLayers(std::move(layers), classCount == 0 ? Loss::SQUARED : Loss::SOFTMAX);
}

} // namespace learning
} // namespace ns3
