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

  private:
    bool DropsNextSegment() override;
    void DoReset() override;

    double m_dropRate;                    //!< probability of a drop, in [0, 1]
    Ptr<UniformRandomVariable> m_uniform; //!< one draw a segment
};

} // namespace learning
} // namespace ns3

#endif /* BERNOULLI_ERROR_MODEL_H */
