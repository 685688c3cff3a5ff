/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef FLOAT_CODEC_H
#define FLOAT_CODEC_H

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Writes numbers as IEEE 754 binary32 in network byte order (most significant byte first). Every
 * bit survives, those of NaNs included.
 * @param values count numbers
 * @param count how many
 * @param bytes 4 * count bytes, written; any alignment
 */
void EncodeFloats(const float* values, uint32_t count, uint8_t* bytes);

/**
 * @ingroup distributed-learning-transport
 *
 * The inverse of EncodeFloats().
 * @param bytes 4 * count bytes; any alignment
 * @param count how many numbers
 * @param values count numbers, written
 */
void DecodeFloats(const uint8_t* bytes, uint32_t count, float* values);

} // namespace learning
} // namespace ns3

#endif /* FLOAT_CODEC_H */
