/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef UNBIASED_COMPRESSOR_H
#define UNBIASED_COMPRESSOR_H

#include "compressor.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * A random compressor with mean x and E||Q(x) - x||^2 <= omega ||x||^2.
 *
 * With Contractive it decodes Q(x) / (1 + omega) instead, of which 1 - 1 / (1 + omega) of ||x||^2
 * is left out at most, in the mean: biased, but fit for error feedback, which omega >= 1 would make
 * diverge.
 *
 * Source: P. Richtarik, I. Sokolov, I. Fatkhullin, "EF21" (NeurIPS 2021), Section 2, for the
 * relation of both classes.
 */
class UnbiasedCompressor : public Compressor
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    bool IsContraction() const override;

    /**
     * Bound of the relative variance.
     * @param numbers in a chunk
     * @param words 32-bit words in a segment
     * @return omega
     */
    virtual double GetVariance(uint32_t numbers, uint32_t words) const = 0;

  protected:
    /**
     * What decoded numbers are multiplied by.
     * @param numbers in a chunk
     * @param words 32-bit words in a segment
     * @return 1, or 1 / (1 + omega) if contractive
     */
    double GetScale(uint32_t numbers, uint32_t words) const;

  private:
    bool m_contractive; //!< whether it is scaled down to a contraction
};

} // namespace learning
} // namespace ns3

#endif /* UNBIASED_COMPRESSOR_H */
