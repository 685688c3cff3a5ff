/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CONVOLUTIONAL_NETWORK_H
#define CONVOLUTIONAL_NETWORK_H

#include "layered-model.h"

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Convolutional network: the layers that attribute Layers lists (see ParseLayerList()), then an
 * affine layer to the classes and the softmax loss.
 *
 * Samples of any height, width and channels. Weights start He-uniform in the listed layers and
 * Glorot-uniform in the last, biases at 0. Takes dense batches; sparse ones only if the first layer
 * is dense.
 */
class ConvolutionalNetwork : public LayeredModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  private:
    void DoSetInput(const SampleShape& shape, uint32_t classCount) override;

    std::string m_list; //!< the layers but the last
};

} // namespace learning
} // namespace ns3

#endif /* CONVOLUTIONAL_NETWORK_H */
