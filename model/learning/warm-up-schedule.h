/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef WARM_UP_SCHEDULE_H
#define WARM_UP_SCHEDULE_H

#include "learning-rate-schedule.h"

#include "ns3/ptr.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Factor that rises linearly from StartFactor in step 0 to 1 in step Steps, and from there on
 * follows another schedule, whose steps count from there (Goyal et al., arXiv 1706.02677,
 * section 2.2, "gradual warmup").
 */
class WarmUpSchedule : public LearningRateSchedule
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    double GetFactor(uint64_t step) const override;

  protected:
    void DoDispose() override;

  private:
    double m_startFactor;             //!< factor of step 0
    uint64_t m_steps;                 //!< length of the rise
    Ptr<LearningRateSchedule> m_then; //!< what follows
};

} // namespace learning
} // namespace ns3

#endif /* WARM_UP_SCHEDULE_H */
