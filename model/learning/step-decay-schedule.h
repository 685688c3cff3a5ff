/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STEP_DECAY_SCHEDULE_H
#define STEP_DECAY_SCHEDULE_H

#include "learning-rate-schedule.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Factor that falls at given steps: Factor to the power of the number of Steps that are not later
 * than t, in step t.
 */
class StepDecaySchedule : public LearningRateSchedule
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    double GetFactor(uint64_t step) const override;

  private:
    /**
     * Sets the steps.
     * @param steps a list such as "1000,2000"; empty for none
     */
    void SetSteps(std::string steps);

    /**
     * The steps.
     * @return the list given to SetSteps()
     */
    std::string GetSteps() const;

    double m_factor;               //!< of each fall
    std::string m_text;            //!< the list as it was given
    std::vector<uint32_t> m_steps; //!< when the rate falls
};

} // namespace learning
} // namespace ns3

#endif /* STEP_DECAY_SCHEDULE_H */
