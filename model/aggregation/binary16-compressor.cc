/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "binary16-compressor.h"

#include "bit-stream.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(Binary16Compressor);

TypeId
Binary16Compressor::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::Binary16Compressor")
                            .SetParent<Compressor>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<Binary16Compressor>();
    return tid;
}

uint16_t
Binary16Compressor::Round(float value)
{
    const uint32_t bits = GetBits(value);
    const uint32_t sign = bits >> 16 & 0x8000;
    const uint32_t magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000)
    {
        return static_cast<uint16_t>(sign | 0x7e00 | (magnitude >> 13 & 0x3ff)); // not a number
    }
    if (magnitude >= 0x477ff000)
    {
        return static_cast<uint16_t>(sign | 0x7c00); // from 65520 on: infinite
    }
    if (magnitude < 0x33000000)
    {
        return static_cast<uint16_t>(sign); // below 2^-25
    }
    // significand and the number of its bits that are cut off: 13, and more below 2^-14
    const uint32_t exponent = magnitude >> 23;
    const bool isNormal = exponent >= 113;
    const uint32_t significand = (magnitude & 0x7fffff) | (isNormal ? 0 : 0x800000);
    const uint32_t cut = isNormal ? 13 : 126 - exponent;
    const uint32_t kept = (isNormal ? (exponent - 112) << 10 : 0) + (significand >> cut);
    const uint32_t rest = significand & ((1U << cut) - 1);
    const uint32_t half = 1U << (cut - 1);
    // a carry runs into the exponent, as it should
    return static_cast<uint16_t>(sign |
                                 (kept + (rest > half || (rest == half && (kept & 1) != 0))));
}

float
Binary16Compressor::Widen(uint16_t bits)
{
    const uint32_t sign = uint32_t{bits & 0x8000U} << 16;
    const uint32_t exponent = bits >> 10 & 0x1f;
    const uint32_t fraction = bits & 0x3ff;
    float value;
    if (exponent == 0)
    {
        value = static_cast<float>(fraction) * 0x1p-24F;
        PutBits(GetBits(value) | sign, &value);
    }
    else
    {
        PutBits(sign | (exponent == 31 ? 255 : exponent + 112) << 23 | fraction << 13, &value);
    }
    return value;
}

uint32_t
Binary16Compressor::GetChunkLength(uint32_t words) const
{
    return 2 * words;
}

uint32_t
Binary16Compressor::GetWords(uint32_t numbers, uint32_t /* words */) const
{
    return (numbers + 1) / 2;
}

void
Binary16Compressor::Encode(const float* values,
                           uint32_t numbers,
                           uint32_t /* words */,
                           uint64_t /* key */,
                           float* wire) const
{
    for (uint32_t i = 0; i < numbers; i += 2)
    {
        const uint32_t second = i + 1 < numbers ? Round(values[i + 1]) : 0;
        PutBits(Round(values[i]) | second << 16, wire + i / 2);
    }
}

void
Binary16Compressor::Decode(const float* wire,
                           uint32_t numbers,
                           uint32_t /* words */,
                           uint64_t /* key */,
                           float* values) const
{
    for (uint32_t i = 0; i < numbers; ++i)
    {
        values[i] = Widen(static_cast<uint16_t>(GetBits(wire[i / 2]) >> (i % 2 * 16)));
    }
}

bool
Binary16Compressor::IsContraction() const
{
    return true;
}

bool
Binary16Compressor::SuitsModels() const
{
    return true;
}

} // namespace learning
} // namespace ns3
