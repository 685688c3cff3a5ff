/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RANDOM_K_COMPRESSOR_H
#define RANDOM_K_COMPRESSOR_H

#include "unbiased-compressor.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * k numbers of each chunk of n, all choices being equally likely, times n / k; the others are zero.
 * Which ones follows from the key, so that only the numbers travel.
 *
 * Unbiased, with E||Q(x) - x||^2 = (n/k - 1) ||x||^2 exactly. Contractive leaves out the factor.
 *
 * Source: S. U. Stich, J.-B. Cordonnier, M. Jaggi, "Sparsified SGD with Memory" (NeurIPS 2018),
 * Definition 2.1.
 */
class RandomKCompressor : public UnbiasedCompressor
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
    double m_share; //!< share of the numbers that are kept
};

} // namespace learning
} // namespace ns3

#endif /* RANDOM_K_COMPRESSOR_H */
