/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TOP_K_COMPRESSOR_H
#define TOP_K_COMPRESSOR_H

#include "compressor.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * The k numbers of the largest magnitude of each chunk, exactly, with their places; the others are
 * zero. Of equal ones the first.
 *
 * A chunk of C numbers takes 32 + b bits for each number kept, 2^b >= C. It is a contraction:
 * ||x - C(x)||^2 <= (1 - k/n) ||x||^2.
 *
 * Source: S. U. Stich, J.-B. Cordonnier, M. Jaggi, "Sparsified SGD with Memory" (NeurIPS 2018),
 * Definition 2.1; here k is a share of each chunk rather than of the whole gradient, so that each
 * packet decodes on its own.
 */
class TopKCompressor : public Compressor
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
    /// How chunks are encoded.
    struct Code
    {
        uint32_t length; //!< numbers in a chunk, C
        uint32_t kept;   //!< numbers kept of a whole chunk, k
        uint32_t bits;   //!< bits of a place, b
    };

    /**
     * How chunks are encoded.
     * @param words 32-bit words in a segment
     * @return the code, of length 0 if a segment is too short
     */
    Code GetCode(uint32_t words) const;

    /**
     * Numbers kept of a chunk.
     * @param code how chunks are encoded
     * @param numbers in the chunk
     * @return the share of them, rounded up, at most code.kept
     */
    uint32_t GetKept(const Code& code, uint32_t numbers) const;

    double m_share; //!< share of the numbers that are kept
};

} // namespace learning
} // namespace ns3

#endif /* TOP_K_COMPRESSOR_H */
