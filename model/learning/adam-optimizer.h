/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ADAM_OPTIMIZER_H
#define ADAM_OPTIMIZER_H

#include "optimizer.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Adam (Kingma and Ba, ICLR 2015, algorithm 1): m = Beta1 m + (1 - Beta1) g, v = Beta2 v + (1 -
 * Beta2) g^2, x = x - rate * (m / (1 - Beta1^k)) / (sqrt(v / (1 - Beta2^k)) + Epsilon) in the k-th
 * call, k from 1; m and v start at 0. A LearningRate of 0.001 is usual.
 */
class AdamOptimizer : public Optimizer
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    void Step(float* parameters, const float* gradient, uint32_t count, uint64_t step) override;
    std::vector<double> GetState() const override;
    void SetState(const std::vector<double>& state) override;

  private:
    double m_beta1;              //!< decay of the mean
    double m_beta2;              //!< decay of the mean square
    double m_epsilon;            //!< keeps the divisor from 0
    uint64_t m_calls{0};         //!< steps taken
    std::vector<float> m_mean;   //!< m
    std::vector<float> m_square; //!< v
};

} // namespace learning
} // namespace ns3

#endif /* ADAM_OPTIMIZER_H */
