/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SOFTMAX_REGRESSION_H
#define SOFTMAX_REGRESSION_H

#include "layered-model.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Multinomial logistic regression: score s_k = w_k x + b_k of class k, P(k) proportional to
 * exp(s_k), loss -log P(t) of a class t. Parameters: w (classes x features, row-major), b (one a
 * class); they start at 0.
 *
 * Takes dense and sparse batches of at least 2 classes.
 */
class SoftmaxRegression : public LayeredModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  private:
    void DoSetInput(const SampleShape& shape, uint32_t classCount) override;
};

} // namespace learning
} // namespace ns3

#endif /* SOFTMAX_REGRESSION_H */
