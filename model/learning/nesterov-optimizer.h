/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef NESTEROV_OPTIMIZER_H
#define NESTEROV_OPTIMIZER_H

#include "optimizer.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Nesterov's momentum: v = Momentum v + g, then x = x - rate * (g + Momentum v); v starts at 0.
 * This is the form whose parameters are those at which the next gradient is taken (Sutskever et
 * al., ICML 2013, section 2).
 */
class NesterovOptimizer : public Optimizer
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

#endif /* NESTEROV_OPTIMIZER_H */
