/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ZERO_FILL_RULE_H
#define ZERO_FILL_RULE_H

#include "mean-rule.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * The sum of what arrived over the number of workers expected: what is missing counts as zero.
 *
 * Biased: at drop rate p its mean is 1 - p times the mean of the contributions, a learning rate cut
 * that nobody sees. Its mean square error is p^2 m^2 + p (1 - p) sum g_k^2 / N^2 around the mean m
 * of N contributions g_k. It is the rule for error feedback, which repays what is missing. Segments
 * to which nobody contributed are made: they are zero.
 *
 * Source: what a sum over a lossy network does unless it is corrected; "Distributed Training under
 * Packet Loss" (arXiv 2507.07114) corrects it.
 */
class ZeroFillRule : public MeanRule
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

#endif /* ZERO_FILL_RULE_H */
