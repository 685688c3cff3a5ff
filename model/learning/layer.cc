/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "layer.h"

namespace ns3
{
namespace learning
{

uint32_t
Layer::GetUnits() const
{
    return kind == AFFINE                                          ? outputs
           : kind == CONVOLUTION || kind == NORMALIZED_CONVOLUTION ? windows.filters
                                                                   : 0;
}

uint32_t
Layer::GetFanIn() const
{
    return kind == AFFINE    ? inputs
           : GetUnits() != 0 ? windows.channels * windows.kernel * windows.kernel
                             : 0;
}

uint32_t
Layer::GetWeightCount() const
{
    return GetFanIn() * GetUnits();
}

uint32_t
Layer::GetBiasCount() const
{
    return kind == NORMALIZED_CONVOLUTION ? 2 * GetUnits() : GetUnits();
}

Layer
MakeAffineLayer(uint32_t inputs, uint32_t outputs, Layer::Start start, bool relu)
{
    Layer layer;
    layer.start = start;
    layer.relu = relu;
    layer.inputs = inputs;
    layer.outputs = outputs;
    return layer;
}

Layer
MakeNormalizedConvolutionLayer(Windows windows, bool shortcut)
{
    windows.outHeight =
        (windows.height + 2 * windows.padding - windows.kernel) / windows.stride + 1;
    windows.outWidth = (windows.width + 2 * windows.padding - windows.kernel) / windows.stride + 1;
    Layer layer;
    layer.kind = Layer::NORMALIZED_CONVOLUTION;
    layer.start = Layer::HE_UNIFORM;
    layer.shortcut = shortcut;
    layer.inputs = windows.channels * windows.height * windows.width;
    layer.outputs = windows.filters * windows.outHeight * windows.outWidth;
    layer.windows = windows;
    return layer;
}

} // namespace learning
} // namespace ns3
