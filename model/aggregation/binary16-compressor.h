/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BINARY16_COMPRESSOR_H
#define BINARY16_COMPRESSOR_H

#include "compressor.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * Numbers as IEEE 754 binary16, rounded to nearest, ties to even: 11 significant bits, magnitudes
 * from 2^-24 to 65504; those from 65520 on become infinite, those up to 2^-25 zero.
 *
 * Source: IEEE Std 754-2019, Sections 3.6 and 4.3.1.
 */
class Binary16Compressor : public Compressor
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

    /**
     * Rounds a number to binary16.
     * @param value the number
     * @return its 16 bits
     */
    static uint16_t Round(float value);

    /**
     * The number that 16 bits stand for, exactly.
     * @param bits the bits
     * @return the number
     */
    static float Widen(uint16_t bits);
};

} // namespace learning
} // namespace ns3

#endif /* BINARY16_COMPRESSOR_H */
