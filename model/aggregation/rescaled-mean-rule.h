/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RESCALED_MEAN_RULE_H
#define RESCALED_MEAN_RULE_H

#include "mean-rule.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * Zero fill over the probability of arrival: unbiased for any loss that does not depend on the
 * numbers, at the price of a larger variance, p / (1 - p) sum g_k^2 / N^2 for N contributions g_k.
 *
 * A contribution from the worker on the server's node is never lost, so it keeps its weight. The
 * drop rate p is given, or estimated as the share of all segments expected so far that did not
 * arrive, those at hand included: at the beginning the rule is then close to the received mean,
 * later close to the one that knows p. Segments to which nobody contributed are zero.
 *
 * Source: the unbiased aggregation of "Distributed Training under Packet Loss" (arXiv 2507.07114).
 */
class RescaledMeanRule : public MeanRule
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * The drop rate that is reckoned with.
     * @return the given one, or the estimate by what has been seen so far; 0 before anything was
     */
    double GetDropRate() const;

  private:
    void Look(const std::vector<Contribution>& contributions,
              const SegmentLayout& layout,
              uint32_t expected) override;
    float GetWeight(const Contribution& contribution) const override;
    float GetDivisor(uint32_t received, uint32_t expected) const override;

    bool m_estimated;        //!< whether the drop rate is estimated
    double m_dropRate;       //!< the drop rate if it is given
    uint64_t m_arrived{0};   //!< segments that came over the network so far
    uint64_t m_awaited{0};   //!< segments that were to come over the network so far
    double m_arrivalRate{1}; //!< probability of arrival, above 0
};

} // namespace learning
} // namespace ns3

#endif /* RESCALED_MEAN_RULE_H */
