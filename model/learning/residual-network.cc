/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "residual-network.h"

#include "ns3/uinteger.h"

#include <vector>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(ResidualNetwork);

TypeId
ResidualNetwork::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::ResidualNetwork")
            .SetParent<LayeredModel>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<ResidualNetwork>()
            .AddAttribute("Depth",
                          "Layers with weights: 6 n + 2 for n blocks a stage, so 8, 14, 20 and so "
                          "on, up to 1202.",
                          UintegerValue(20),
                          MakeUintegerAccessor(&ResidualNetwork::m_depth),
                          MakeUintegerChecker<uint32_t>(8, 1202))
            .AddAttribute("Width",
                          "Filters of the first stage, 1 to 4096; the second has twice as many and "
                          "the third four times.",
                          UintegerValue(16),
                          MakeUintegerAccessor(&ResidualNetwork::m_width),
                          MakeUintegerChecker<uint32_t>(1, 4096))
            .AddAttribute("EvaluationBatch",
                          "Most samples that are evaluated together, whose mean and variance "
                          "normalise each of them, 2 to 65536.",
                          UintegerValue(128),
                          MakeUintegerAccessor(&ResidualNetwork::m_evaluationBatch),
                          MakeUintegerChecker<uint32_t>(2, 65536));
    return tid;
}

uint32_t
ResidualNetwork::GetEvaluationBatch() const
{
    return m_evaluationBatch;
}

void
ResidualNetwork::DoSetInput(const SampleShape& shape, uint32_t classCount)
{
    if (classCount < 2)
    {
        Refuse("the data has " + std::to_string(classCount) + " classes: at least 2 are needed");
    }
    if (m_depth % 6 != 2)
    {
        Refuse("Depth=" + std::to_string(m_depth) +
               ": 6 n + 2 is needed, so 8, 14, 20 and so on, up to 1202");
    }
    if (4.0 * m_width * shape.height * shape.width * 9 > INT32_MAX ||
        9.0 * shape.GetSize() > INT32_MAX)
    {
        Refuse("samples of " + std::to_string(shape.height) + " x " + std::to_string(shape.width) +
               " pixels are too large for Width=" + std::to_string(m_width));
    }
    std::vector<Layer> layers;
    Windows windows;
    windows.channels = shape.channels;
    windows.height = shape.height;
    windows.width = shape.width;
    windows.kernel = 3;
    windows.padding = 1;
    const auto add = [&](uint32_t filters, uint32_t stride, bool shortcut) {
        windows.filters = filters;
        windows.stride = stride;
        layers.push_back(MakeNormalizedConvolutionLayer(windows, shortcut));
        windows.channels = filters;
        windows.height = layers.back().windows.outHeight;
        windows.width = layers.back().windows.outWidth;
    };
    add(m_width, 1, false);
    for (uint32_t stage = 0; stage < 3; stage++)
    {
        for (uint32_t block = 0; block < (m_depth - 2) / 6; block++)
        {
            add(m_width << stage, stage > 0 && block == 0 ? 2 : 1, false);
            add(m_width << stage, 1, true);
        }
    }
    Layer pool;
    pool.kind = Layer::MEAN_POOL;
    pool.inputs = layers.back().outputs;
    pool.outputs = windows.channels;
    pool.windows = windows;
    layers.push_back(pool);
    layers.push_back(MakeAffineLayer(pool.outputs, classCount, Layer::GLOROT_UNIFORM, false));
    SetLayers(std::move(layers), Loss::SOFTMAX);
}

} // namespace learning
} // namespace ns3
