/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef HADAMARD_ROTATION_H
#define HADAMARD_ROTATION_H

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * Rotates a vector so that each of its numbers is spread over all: random signs, then the
 * orthonormal Hadamard transform, in place. What a lost segment takes from the rotated vector is a
 * little of every number rather than all of a few: the mean square error is the same, the largest
 * error is at most sqrt(C/P) times the norm of what was lost, for segments of C numbers.
 *
 * The transform has P numbers, the largest power of two up to the length. A length that is none
 * takes two of them, over the first and over the last P numbers, with signs of their own: still
 * orthonormal, and no padding travels.
 *
 * Source: the randomised Hadamard transform of OptiReduce (NSDI 2025) and THC (NSDI 2024).
 * @param values length numbers, changed
 * @param length how many
 * @param key of the signs
 */
void RotateByHadamard(float* values, uint32_t length, uint64_t key);

/**
 * @ingroup distributed-learning-aggregation
 *
 * The inverse of RotateByHadamard(), up to rounding.
 * @param values length numbers, changed
 * @param length how many
 * @param key of the signs
 */
void UnrotateByHadamard(float* values, uint32_t length, uint64_t key);

} // namespace learning
} // namespace ns3

#endif /* HADAMARD_ROTATION_H */
