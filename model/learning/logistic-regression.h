/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LOGISTIC_REGRESSION_H
#define LOGISTIC_REGRESSION_H

#include "layered-model.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Binary logistic regression: score s = w x + b, P(class 1) = 1 / (1 + exp(-s)), loss -log P(t) of
 * a class t in {0, 1}. Parameters: w (one a feature), b; they start at 0.
 *
 * Takes dense and sparse batches of exactly 2 classes.
 */
class LogisticRegression : public LayeredModel
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

#endif /* LOGISTIC_REGRESSION_H */
