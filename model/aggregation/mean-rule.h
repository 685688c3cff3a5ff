/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MEAN_RULE_H
#define MEAN_RULE_H

#include "aggregation-rule.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * A weighted sum of the contributions to a segment over a divisor; derived classes say which.
 */
class MeanRule : public AggregationRule
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    SegmentMask Aggregate(const std::vector<Contribution>& contributions,
                          const SegmentLayout& layout,
                          uint32_t expected,
                          float* result) override;

  private:
    /**
     * Takes note of what has come, before anything is summed.
     * @param contributions in the order of the workers
     * @param layout how the block is cut
     * @param expected workers whose contributions were expected
     */
    virtual void Look(const std::vector<Contribution>& contributions,
                      const SegmentLayout& layout,
                      uint32_t expected);

    /**
     * Weight of a contribution.
     * @param contribution the contribution
     * @return the weight, 1 unless overridden
     */
    virtual float GetWeight(const Contribution& contribution) const;

    /**
     * What the sum is divided by.
     * @param received number of contributions to the segment
     * @param expected workers whose contributions were expected
     * @return the divisor, or 0 if the segment is not made
     */
    virtual float GetDivisor(uint32_t received, uint32_t expected) const = 0;
};

} // namespace learning
} // namespace ns3

#endif /* MEAN_RULE_H */
