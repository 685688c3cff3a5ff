/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CONSTANT_SCHEDULE_H
#define CONSTANT_SCHEDULE_H

#include "learning-rate-schedule.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * The learning rate as it is: factor 1 in every step.
 */
class ConstantSchedule : public LearningRateSchedule
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    double GetFactor(uint64_t step) const override;
};

} // namespace learning
} // namespace ns3

#endif /* CONSTANT_SCHEDULE_H */
