/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MULTILAYER_PERCEPTRON_H
#define MULTILAYER_PERCEPTRON_H

#include "layered-model.h"

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Fully connected network: hidden layers y = max(0, W x + b), then an affine layer to the classes
 * and the softmax loss.
 *
 * With classCount 0 it regresses: one output and the loss (s - t)^2 / 2. Weights start He-uniform
 * in hidden layers and Glorot-uniform in the last, biases at 0. Takes dense and sparse batches.
 */
class MultilayerPerceptron : public LayeredModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  private:
    void DoSetInput(const SampleShape& shape, uint32_t classCount) override;

    std::string m_hidden; //!< sizes of the hidden layers, such as "256,128"
};

} // namespace learning
} // namespace ns3

#endif /* MULTILAYER_PERCEPTRON_H */
