/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "qsgd-compressor.h"

#include "bit-stream.h"

#include "ns3/random-engine.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(QsgdCompressor);

TypeId
QsgdCompressor::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::QsgdCompressor")
                            .SetParent<UnbiasedCompressor>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<QsgdCompressor>()
                            .AddAttribute("Levels",
                                          "Levels above zero of a magnitude, 1 to 65535.",
                                          UintegerValue(15),
                                          MakeUintegerAccessor(&QsgdCompressor::m_levels),
                                          MakeUintegerChecker<uint32_t>(1, 65535));
    return tid;
}

uint32_t
QsgdCompressor::GetChunkLength(uint32_t words) const
{
    return 32 * (words - 1) / (1 + GetBitWidth(m_levels));
}

uint32_t
QsgdCompressor::GetWords(uint32_t numbers, uint32_t words) const
{
    return numbers == GetChunkLength(words) ? words
                                            : 1 + (numbers * (1 + GetBitWidth(m_levels)) + 31) / 32;
}

double
QsgdCompressor::GetVariance(uint32_t numbers, uint32_t /* words */) const
{
    const double n = numbers;
    const double s = m_levels;
    return std::min(n / (s * s), std::sqrt(n) / s);
}

void
QsgdCompressor::Encode(const float* values,
                       uint32_t numbers,
                       uint32_t words,
                       uint64_t key,
                       float* wire) const
{
    double squares = 0;
    for (uint32_t i = 0; i < numbers; ++i)
    {
        squares += double{values[i]} * values[i];
    }
    const double norm = std::sqrt(squares);
    // what is infinite or not a number has no levels: all numbers decode as no number then
    const double factor = norm > 0 && std::isfinite(norm) ? m_levels / norm : 0;
    std::fill_n(wire, GetWords(numbers, words), 0.0F);
    wire[0] = static_cast<float>(norm);
    RandomEngine draw(key);
    const uint32_t bits = GetBitWidth(m_levels);
    BitWriter writer(wire + 1);
    for (uint32_t i = 0; i < numbers; ++i)
    {
        const double uniform = draw.NextUniform();
        const double level = factor == 0 ? 0 : std::floor(std::abs(values[i]) * factor + uniform);
        writer.Put(std::min(m_levels, static_cast<uint32_t>(level)) << 1 | std::signbit(values[i]),
                   bits + 1);
    }
    writer.Finish();
}

void
QsgdCompressor::Decode(const float* wire,
                       uint32_t numbers,
                       uint32_t words,
                       uint64_t /* key */,
                       float* values) const
{
    const double factor = wire[0] * GetScale(numbers, words) / m_levels;
    const uint32_t bits = GetBitWidth(m_levels);
    BitReader reader(wire + 1);
    for (uint32_t i = 0; i < numbers; ++i)
    {
        const uint32_t code = reader.Get(bits + 1);
        const auto magnitude = static_cast<float>((code >> 1) * factor);
        values[i] = (code & 1) != 0 ? -magnitude : magnitude;
    }
}

bool
QsgdCompressor::SuitsModels() const
{
    return !IsContraction();
}

} // namespace learning
} // namespace ns3
