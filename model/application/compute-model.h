/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef COMPUTE_MODEL_H
#define COMPUTE_MODEL_H

#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * How long a computation takes in simulated time: declared, never measured, so that results do not
 * depend on the host.
 *
 *     time = Overhead + operations / OperationsPerSecond * Slowdown * Straggler
 *
 * rounded up to the next multiple of Period, if that is set: then the workers' bursts of traffic
 * come at the same times whatever the network drops, as those of a recorded training do that is
 * replayed. There is one draw of Straggler for each computation. A slow node has a Slowdown above
 * 1; a straggling one has a Straggler such as ns3::LogNormalRandomVariable.
 *
 * Source: persistent and transient stragglers as in A. Harlap et al., "Addressing the Straggler
 * Problem for Iterative Convergent Parallel ML" (FlexRR, SoCC 2016).
 */
class ComputeModel : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Draws the duration of a computation.
     * @param operations floating-point operations, at least 0
     * @return the duration
     * @throws std::runtime_error if it is longer than 1e9 s, or Straggler gives a factor that is
     * not above 0
     */
    Time Draw(double operations) const;

    /**
     * Fixes the random streams used, those within a Straggler that is made of others included.
     * @param stream first stream number
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    /**
     * Sets the factor of each computation.
     * @param straggler the random variable
     * @throws std::invalid_argument if it is a constant that is not above 0, or cannot draw (see
     * CheckDraws())
     */
    void SetStraggler(Ptr<RandomVariableStream> straggler);

    /**
     * Gets the factor of each computation.
     * @return the random variable
     */
    Ptr<RandomVariableStream> GetStraggler() const;

    double m_operationsPerSecond;          //!< rate of the node, above 0
    double m_slowdown;                     //!< factor of this node, above 0
    Time m_overhead;                       //!< time of each computation besides its operations
    Time m_period;                         //!< computations end at multiples of it, 0 for none
    Ptr<RandomVariableStream> m_straggler; //!< factor of each computation
};

} // namespace learning
} // namespace ns3

#endif /* COMPUTE_MODEL_H */
