/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef INVERSE_SQUARE_ROOT_SCHEDULE_H
#define INVERSE_SQUARE_ROOT_SCHEDULE_H

#include "learning-rate-schedule.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Factor 1 / sqrt(1 + t / Period) in step t: the decay under which stochastic gradient descent
 * converges on convex losses (Nemirovski et al., SIAM J. Optim. 19, 2009). It is 1 in step 0 and
 * halves after 3 periods.
 */
class InverseSquareRootSchedule : public LearningRateSchedule
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    double GetFactor(uint64_t step) const override;

  private:
    double m_period; //!< steps after which the square of the rate has halved
};

} // namespace learning
} // namespace ns3

#endif /* INVERSE_SQUARE_ROOT_SCHEDULE_H */
