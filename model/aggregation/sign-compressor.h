/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SIGN_COMPRESSOR_H
#define SIGN_COMPRESSOR_H

#include "compressor.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * One bit a number: its sign, times the mean magnitude of the chunk (that of zero is +).
 *
 * With Scaled a contraction: ||x - C(x)||^2 = ||x||^2 - ||x||_1^2 / n. Without, every number is 1
 * or -1, and its size is the learning rate.
 *
 * Source: scaled, S. P. Karimireddy, Q. Rebjock, S. U. Stich, M. Jaggi, "Error Feedback Fixes
 * SignSGD" (ICML 2019), Section 4; not scaled, J. Bernstein et al., "signSGD" (ICML 2018).
 */
class SignCompressor : public Compressor
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
    bool IsContraction() const override;
    bool SuitsModels() const override;

  private:
    bool m_scaled; //!< whether signs are scaled by the mean magnitude
};

} // namespace learning
} // namespace ns3

#endif /* SIGN_COMPRESSOR_H */
