/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "convolutional-network.h"

#include "layer-list.h"

#include "ns3/string.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(ConvolutionalNetwork);

TypeId
ConvolutionalNetwork::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::ConvolutionalNetwork")
            .SetParent<LayeredModel>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<ConvolutionalNetwork>()
            .AddAttribute("Layers",
                          "Layers before the last, separated by commas: convKxF[sS][pP] (F filters "
                          "of K x K, stride S, padding P), poolK[sS], denseN, relu.",
                          StringValue("conv5x8,relu,pool2,conv5x16,relu,pool2"),
                          MakeStringAccessor(&ConvolutionalNetwork::m_list),
                          MakeStringChecker());
    return tid;
}

void
ConvolutionalNetwork::DoSetInput(const SampleShape& shape, uint32_t classCount)
{
    if (classCount < 2)
    {
        Refuse("the data has " + std::to_string(classCount) + " classes: at least 2 are needed");
    }
    auto layers =
        ParseLayerList("attribute Layers of " + GetInstanceTypeId().GetName(), m_list, shape);
    const uint32_t inputs = layers.empty() ? shape.GetSize() : layers.back().outputs;
    layers.push_back(MakeAffineLayer(inputs, classCount, Layer::GLOROT_UNIFORM, false));
    SetLayers(std::move(layers), Loss::SOFTMAX);
}

} // namespace learning
} // namespace ns3
