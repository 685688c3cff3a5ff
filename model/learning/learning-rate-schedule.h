/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LEARNING_RATE_SCHEDULE_H
#define LEARNING_RATE_SCHEDULE_H

#include "ns3/object.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Factor by which the learning rate is multiplied in a given step. Steps count from 0 and are
 * rounds of training.
 */
class LearningRateSchedule : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Factor of the learning rate.
     * @param step the step, from 0
     * @return the factor, at least 0
     */
    virtual double GetFactor(uint64_t step) const = 0;
};

} // namespace learning
} // namespace ns3

#endif /* LEARNING_RATE_SCHEDULE_H */
