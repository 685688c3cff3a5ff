/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STOCHASTIC_GRADIENT_DESCENT_H
#define STOCHASTIC_GRADIENT_DESCENT_H

#include "optimizer.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * x = x - rate * g, in single precision, the product rounded before the difference is taken: one
 * parameter at a time, without fused multiply-add (the build compiles this file with
 * -ffp-contract=off), so the same bits at every vector width and on every machine. Holds no state.
 */
class StochasticGradientDescent : public Optimizer
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    void Step(float* parameters, const float* gradient, uint32_t count, uint64_t step) override;
};

} // namespace learning
} // namespace ns3

#endif /* STOCHASTIC_GRADIENT_DESCENT_H */
