/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef GILBERT_ELLIOTT_ERROR_MODEL_H
#define GILBERT_ELLIOTT_ERROR_MODEL_H

#include "segment-error-model.h"

#include "ns3/random-variable-stream.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * Drops segments in bursts: a two-state Markov chain, which takes one step a segment and by default
 * loses every segment in its bad state and none in its good one.
 *
 * Set by what is measured, not by transition probabilities: the stationary drop rate p and the mean
 * stay b in the bad state, in segments, which by default is the mean run of drops. With h_G and h_B
 * the drop probabilities in the two states, the chain is bad a share pi = (p - h_G) / (h_B - h_G)
 * of the time, and r = P(bad to good) = 1 / b, g = P(good to bad) = pi r / (1 - pi). It starts in
 * its stationary law. Drops of consecutive segments have the correlation 1 - g - r in the default
 * form.
 *
 * Limits: g may not exceed 1, so pi is at most b / (b + 1), or 1 (a chain that is always bad). A
 * MeanBurst of 1 is not independent loss, which has runs of 1 / (1 - p). An illegal combination of
 * attributes throws std::invalid_argument when the model is made or judges a segment.
 * Sources: E. N. Gilbert, Capacity of a burst-noise channel, Bell System Technical Journal 39
 * (1960); E. O. Elliott, Estimates of error rates for codes on burst-noise channels, ibid. 42
 * (1963).
 */
class GilbertElliottErrorModel : public SegmentErrorModel
{
  public:
    GilbertElliottErrorModel();

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    int64_t AssignStreams(int64_t stream) override;
    void CheckAttributes() override;

  private:
    /// The law of the chain.
    struct Chain
    {
        double bad;    //!< stationary probability pi of the bad state
        double toBad;  //!< probability g of a step from good to bad
        double toGood; //!< probability r of a step from bad to good
    };

    bool DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message) override;
    void DoReset() override;

    /**
     * Finds the chain that the attributes describe.
     * @return its law
     * @throws std::invalid_argument if there is none
     */
    Chain GetChain() const;

    double m_dropRate;                    //!< stationary drop rate p, in [0, 1]
    double m_meanBurst;                   //!< mean stay in the bad state b, in segments, at least 1
    double m_goodDropRate;                //!< probability h_G of a drop in the good state
    double m_badDropRate;                 //!< probability h_B of a drop in the bad state
    bool m_started{false};                //!< whether the state has been drawn
    bool m_bad{false};                    //!< whether the chain is in its bad state
    Ptr<UniformRandomVariable> m_uniform; //!< of steps, and of drops that are not certain
};

} // namespace learning
} // namespace ns3

#endif /* GILBERT_ELLIOTT_ERROR_MODEL_H */
