/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef NUMBER_CODEC_H
#define NUMBER_CODEC_H

#include "payload.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * Writes numbers as IEEE 754 binary32 or binary64 in network byte order.
 * @param numbers the numbers
 * @param first index of the first one
 * @param count how many
 * @param numberBytes 4 or 8
 * @param declared size in bytes; taken as that of the numbers if smaller
 * @return the content of an object
 */
Payload EncodeNumbers(const std::vector<double>& numbers,
                      std::size_t first,
                      std::size_t count,
                      uint32_t numberBytes,
                      uint64_t declared = 0);

/**
 * @ingroup serverless-learning-storage
 *
 * The inverse of EncodeNumbers().
 * @param body content of an object
 * @param numberBytes 4 or 8
 * @return the numbers
 */
std::vector<double> DecodeNumbers(const Payload& body, uint32_t numberBytes);

/**
 * @ingroup serverless-learning-storage
 *
 * Rounds numbers to what the wire carries.
 * @param numbers the numbers, rounded
 * @param numberBytes 4 or 8
 */
void RoundNumbers(std::vector<double>& numbers, uint32_t numberBytes);

} // namespace serverless
} // namespace ns3

#endif /* NUMBER_CODEC_H */
