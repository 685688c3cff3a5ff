/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STRAGGLER_VARIABLE_H
#define STRAGGLER_VARIABLE_H

#include "ns3/random-variable-stream.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Factor of a computation's time by how heavy its tail is: the median is 1, the 99th percentile is
 * TailRatio.
 *
 *     LogNormal: exp(ln(TailRatio) / z99 * Z), Z standard normal, z99 = 2.3263
 *     Pareto:    (2 U)^(-ln(TailRatio) / ln 50), U uniform; the mean is infinite from ratio 50 on
 *
 * Source: the tail ratio p99 / p50, 1.5 or 3, of OptiReduce (NSDI 2025); tails in shared clusters:
 * J. Dean, L. Barroso, "The Tail at Scale" (CACM 56(2), 2013). The laws are solved for the ratio.
 */
class StragglerVariable : public RandomVariableStream
{
  public:
    /// Kind of the tail.
    enum Law
    {
        LOG_NORMAL, //!< lighter than any power
        PARETO      //!< a power
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    double GetValue() override;
    uint32_t GetInteger() override;

  private:
    Law m_law;          //!< kind of the tail
    double m_tailRatio; //!< 99th percentile over median, at least 1
};

} // namespace learning
} // namespace ns3

#endif /* STRAGGLER_VARIABLE_H */
