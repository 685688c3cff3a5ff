/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "hadamard-rotation.h"

#include "ns3/random-engine.h"
#include "ns3/vector-width.h"

#include <cmath>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Multiplies numbers by random signs.
 * @param values length numbers, changed
 * @param length how many
 * @param key of the signs
 */
void
FlipSigns(float* values, uint32_t length, uint64_t key)
{
    RandomEngine draw(key);
    uint64_t signs = 0;
    for (uint32_t i = 0; i < length; ++i)
    {
        signs = i % 64 == 0 ? draw.Next() : signs >> 1;
        values[i] = (signs & 1) != 0 ? -values[i] : values[i];
    }
}

/**
 * Replaces neighbouring runs of numbers by their sums and differences.
 * @param values length numbers, changed
 * @param length a multiple of 2 half
 * @param half numbers in a run
 */
DISTRIBUTED_LEARNING_WIDTHS
void
AddAndSubtract(float* values, uint32_t length, uint32_t half)
{
    for (uint32_t begin = 0; begin < length; begin += 2 * half)
    {
        float* first = values + begin;
        float* second = first + half;
        for (uint32_t i = 0; i < half; ++i)
        {
            const float sum = first[i] + second[i];
            second[i] = first[i] - second[i];
            first[i] = sum;
        }
    }
}

/**
 * Multiplies numbers.
 * @param values length numbers, changed
 * @param length how many
 * @param factor what by
 */
DISTRIBUTED_LEARNING_WIDTHS
void
Scale(float* values, uint32_t length, float factor)
{
    for (uint32_t i = 0; i < length; ++i)
    {
        values[i] *= factor;
    }
}

/**
 * The Hadamard transform, sqrt(length) times an orthonormal one.
 * @param values length numbers, changed
 * @param length a power of two
 */
void
TransformUnscaled(float* values, uint32_t length)
{
    constexpr uint32_t SMALL = 4096; // numbers that stay in the nearest cache
    if (length > SMALL)
    {
        AddAndSubtract(values, length, length / 2);
        TransformUnscaled(values, length / 2);
        TransformUnscaled(values + length / 2, length / 2);
        return;
    }
    for (uint32_t half = length / 2; half != 0; half /= 2)
    {
        AddAndSubtract(values, length, half);
    }
}

/**
 * The orthonormal Hadamard transform, its own inverse.
 * @param values length numbers, changed
 * @param length a power of two
 */
void
Transform(float* values, uint32_t length)
{
    TransformUnscaled(values, length);
    Scale(values, length, static_cast<float>(1 / std::sqrt(static_cast<double>(length))));
}

/**
 * The largest power of two.
 * @param length at least 1
 * @return at most length
 */
uint32_t
GetPower(uint32_t length)
{
    return 1U << (31 - static_cast<uint32_t>(__builtin_clz(length)));
}

} // namespace

void
RotateByHadamard(float* values, uint32_t length, uint64_t key)
{
    const uint32_t power = GetPower(length);
    FlipSigns(values, power, SplitMix64(key, 0));
    Transform(values, power);
    if (power != length)
    {
        float* rest = values + (length - power);
        FlipSigns(rest, power, SplitMix64(key, 1));
        Transform(rest, power);
    }
}

void
UnrotateByHadamard(float* values, uint32_t length, uint64_t key)
{
    const uint32_t power = GetPower(length);
    if (power != length)
    {
        float* rest = values + (length - power);
        Transform(rest, power);
        FlipSigns(rest, power, SplitMix64(key, 1));
    }
    Transform(values, power);
    FlipSigns(values, power, SplitMix64(key, 0));
}

} // namespace learning
} // namespace ns3
