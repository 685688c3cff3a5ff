/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LINEAR_SUPPORT_VECTOR_MACHINE_H
#define LINEAR_SUPPORT_VECTOR_MACHINE_H

#include "layered-model.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Linear support vector machine: score s = w x + b, hinge loss max(0, 1 - y s) with y = 2 t - 1 of
 * a class t in {0, 1}. Parameters: w (one a feature), b; they start at 0. L2Penalty is what makes
 * the margin wide.
 *
 * Takes dense and sparse batches of exactly 2 classes. At the kink the derivative is taken as 0,
 * one of the subgradients.
 */
class LinearSupportVectorMachine : public LayeredModel
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

#endif /* LINEAR_SUPPORT_VECTOR_MACHINE_H */
