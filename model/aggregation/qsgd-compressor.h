/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef QSGD_COMPRESSOR_H
#define QSGD_COMPRESSOR_H

#include "unbiased-compressor.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * QSGD: the Euclidean norm of each chunk, and for each number its sign and one of s + 1 levels from
 * 0 to the norm, the one below or above at random so that the mean is right.
 *
 * A number takes 1 + b bits, s < 2^b, of fixed length (the paper's Elias code is left out: a chunk
 * must fill a packet). Unbiased, with E||Q(x) - x||^2 <= min(n/s^2, sqrt(n)/s) ||x||^2 for chunks
 * of n numbers.
 *
 * Source: D. Alistarh, D. Grubic, J. Li, R. Tomioka, M. Vojnovic, "QSGD" (NeurIPS 2017), Section
 * 3.1, Lemma 3.1.
 */
class QsgdCompressor : public UnbiasedCompressor
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    uint32_t GetChunkLength(uint32_t words) const override;
    uint32_t GetWords(uint32_t numbers, uint32_t words) const override;
    void Encode(const float* values,
                uint32_t numbers,
                uint32_t words,
                uint64_t key,
                float* wire) const override;
    void Decode(const float* wire,
                uint32_t numbers,
                uint32_t words,
                uint64_t key,
                float* values) const override;
    double GetVariance(uint32_t numbers, uint32_t words) const override;
    bool SuitsModels() const override;

  private:
    uint32_t m_levels; //!< levels above zero, s
};

} // namespace learning
} // namespace ns3

#endif /* QSGD_COMPRESSOR_H */
