/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BERNOULLI_ERROR_MODEL_H
#define BERNOULLI_ERROR_MODEL_H

#include "segment-error-model.h"

#include "ns3/random-variable-stream.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * Drops every segment independently with the same probability.
 *
 * Drawn are the gaps between drops, which are geometric: one draw a drop instead of one a segment.
 * A change of the rate begins a new gap.
 *
 * Source: the network model of "Distributed Learning over Unreliable Networks" (ICML 2019),
 * Section 3.
 */
class BernoulliErrorModel : public SegmentErrorModel
{
  public:
    BernoulliErrorModel();

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    int64_t AssignStreams(int64_t stream) override;

    /**
     * Probability of a drop.
     * @return the rate, in [0, 1]
     */
    double GetDropRate() const;

    /**
     * Sets the probability of a drop; may be called while the simulation runs.
     * @param dropRate in [0, 1]
     */
    void SetDropRate(double dropRate);

  private:
    bool DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message) override;
    void DoReset() override;

    double m_dropRate{0};                 //!< probability of a drop, in [0, 1]
    Ptr<UniformRandomVariable> m_uniform; //!< one draw a drop
    bool m_hasGap{false};                 //!< whether a gap has been drawn
    double m_gap{0};                      //!< segments that pass before the next drop
};

} // namespace learning
} // namespace ns3

#endif /* BERNOULLI_ERROR_MODEL_H */
