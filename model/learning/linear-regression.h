/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LINEAR_REGRESSION_H
#define LINEAR_REGRESSION_H

#include "layered-model.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Linear regression: score s = w x + b, loss (s - t)^2 / 2 of a target t. Parameters: w (one a
 * feature), b; they start at 0.
 *
 * Takes dense and sparse batches of any targets, class indices included.
 */
class LinearRegression : public LayeredModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    bool Classifies() const override;

  private:
    void DoSetInput(const SampleShape& shape, uint32_t classCount) override;
};

} // namespace learning
} // namespace ns3

#endif /* LINEAR_REGRESSION_H */
