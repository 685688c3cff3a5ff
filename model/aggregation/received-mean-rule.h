/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RECEIVED_MEAN_RULE_H
#define RECEIVED_MEAN_RULE_H

#include "mean-rule.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * The mean of what arrived: the sum of the contributions to a segment divided by their number. A
 * segment to which nobody contributed is not made.
 *
 * Source: "Distributed Learning over Unreliable Networks" (ICML 2019), Algorithm 1, with the
 * segment as unit.
 */
class ReceivedMeanRule : public MeanRule
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  private:
    float GetDivisor(uint32_t received, uint32_t expected) const override;
};

} // namespace learning
} // namespace ns3

#endif /* RECEIVED_MEAN_RULE_H */
