/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MOMENTUM_OPTIMIZER_H
#define MOMENTUM_OPTIMIZER_H

#include "optimizer.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Heavy ball (Polyak, USSR Comput. Math. Math. Phys. 4, 1964): v = Momentum v + g, then x = x -
 * rate * v; v starts at 0.
 */
class MomentumOptimizer : public Optimizer
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
    double m_momentum;             //!< share of the velocity that is kept, in [0, 1]
    std::vector<float> m_velocity; //!< v
};

} // namespace learning
} // namespace ns3

#endif /* MOMENTUM_OPTIMIZER_H */
