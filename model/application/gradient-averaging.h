/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef GRADIENT_AVERAGING_H
#define GRADIENT_AVERAGING_H

#include "training-algorithm.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * The paper's baseline: workers push gradients, servers average them, workers step with what comes
 * back.
 *
 * The paper does not say what a worker does about a segment of the average that is lost;
 * MissingGradient chooses. With Downlink = Parameters servers step themselves, with an optimizer
 * like the workers', and send the parameters of their block; a worker then keeps the stale ones
 * where segments are missing. This needs fixed owners. AgeBound limits how old they become, as the
 * bounded-drift broadcast of "Distributed Training under Packet Loss" (arXiv 2507.07114) does: a
 * block with a segment that would be older is sent reliably.
 *
 * Source: "Distributed Learning over Unreliable Networks" (ICML 2019), Section 6, Figure 5.
 */
class GradientAveraging : public TrainingAlgorithm
{
  public:
    /// What a worker does about a segment of the averaged gradient that is lost.
    enum Missing
    {
        OWN_GRADIENT, //!< it takes its own gradient
        ZERO_UPDATE   //!< it leaves its parameters as they are
    };

    /// What servers send back.
    enum Downlink
    {
        GRADIENT,  //!< the averaged gradient
        PARAMETERS //!< the parameters, which they keep
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    void Prepare(Replica& replica) const override;
    float* GetGradientBuffer(Replica& replica) const override;
    float* GetPushVector(Replica& replica) const override;
    float* GetPullVector(Replica& replica) const override;
    void HandleMissing(Replica& replica,
                       uint32_t begin,
                       const SegmentLayout& layout,
                       const SegmentMask& mask) const override;
    void EndRound(Replica& replica, uint64_t round) const override;
    bool KeepsParametersAtServer() const override;
    int64_t GetAgeBound() const override;
    void CheckCoding(const BlockCoding& coding, uint32_t words) const override;

  private:
    Missing m_missing;   //!< what a worker does about a loss
    Downlink m_downlink; //!< what servers send back
    int64_t m_ageBound;  //!< largest age of a copy of parameters, in rounds, or negative
};

} // namespace learning
} // namespace ns3

#endif /* GRADIENT_AVERAGING_H */
