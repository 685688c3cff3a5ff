/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LAYER_LIST_H
#define LAYER_LIST_H

#include "layered-model.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Reads a list of layers such as "conv5x8,relu,pool2,conv5x16,relu,pool2,dense64,relu".
 *
 * Layers are separated by commas, without blanks; numbers are decimal; what stands in brackets may
 * be left out:
 * - conv K x F [s S] [p P], such as conv3x16s2p1: F filters of K x K in each channel, windows
 * moving by S (1), P zeros on each side (0, below K);
 * - pool K [s S], such as pool3s2: the largest value of windows of K x K moving by S (K), which lie
 * inside the image: rows and columns left over at the end are not looked at;
 * - dense N: an affine map to N numbers; no convolution or pooling may follow;
 * - relu: max(0, .) of the layer before it, once.
 * @param what what the list is, for the error
 * @param text the list; empty for no layers
 * @param shape extent of the samples
 * @return the layers; their weights start He-uniform
 * @throws std::invalid_argument with one sentence that says where the list is wrong and what is
 * legal
 */
std::vector<Layer> ParseLayerList(const std::string& what,
                                  const std::string& text,
                                  const SampleShape& shape);

} // namespace learning
} // namespace ns3

#endif /* LAYER_LIST_H */
