/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "random-k-compressor.h"

#include "bit-stream.h"

#include "ns3/double.h"
#include "ns3/random-engine.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(RandomKCompressor);

namespace
{

/**
 * Chooses places, all choices being equally likely, in rising order (selection sampling: D. E.
 * Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm S).
 * @tparam Visitor callable with a place and its index among those chosen
 * @param numbers of how many
 * @param kept how many
 * @param key of the choice
 * @param visit called for each
 */
template <typename Visitor>
void
ForEachKept(uint32_t numbers, uint32_t kept, uint64_t key, Visitor visit)
{
    RandomEngine draw(key);
    uint32_t chosen = 0;
    for (uint32_t place = 0; chosen < kept; ++place)
    {
        if (draw.NextBelow(numbers - place) < kept - chosen)
        {
            visit(place, chosen++);
        }
    }
}

} // namespace

TypeId
RandomKCompressor::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::RandomKCompressor")
                            .SetParent<UnbiasedCompressor>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<RandomKCompressor>()
                            .AddAttribute("Share",
                                          "Share of the numbers that are kept, 0.000001 to 1.",
                                          DoubleValue(0.01),
                                          MakeDoubleAccessor(&RandomKCompressor::m_share),
                                          MakeDoubleChecker<double>(1e-6, 1));
    return tid;
}

uint32_t
RandomKCompressor::GetChunkLength(uint32_t words) const
{
    return static_cast<uint32_t>(std::min(std::floor(words / m_share), 0x1p31));
}

uint32_t
RandomKCompressor::GetWords(uint32_t numbers, uint32_t words) const
{
    return numbers == GetChunkLength(words)
               ? words
               : std::min(words, static_cast<uint32_t>(std::ceil(m_share * numbers)));
}

double
RandomKCompressor::GetVariance(uint32_t numbers, uint32_t words) const
{
    return static_cast<double>(numbers) / GetWords(numbers, words) - 1;
}

void
RandomKCompressor::Encode(const float* values,
                          uint32_t numbers,
                          uint32_t words,
                          uint64_t key,
                          float* wire) const
{
    ForEachKept(numbers, GetWords(numbers, words), key, [&](uint32_t place, uint32_t k) {
        PutBits(GetBits(values[place]), wire + k);
    });
}

void
RandomKCompressor::Decode(const float* wire,
                          uint32_t numbers,
                          uint32_t words,
                          uint64_t key,
                          float* values) const
{
    const uint32_t kept = GetWords(numbers, words);
    const auto factor = static_cast<float>(GetScale(numbers, words) * numbers / kept);
    std::fill_n(values, numbers, 0.0F);
    ForEachKept(numbers, kept, key, [&](uint32_t place, uint32_t k) {
        values[place] = wire[k] * factor;
    });
}

bool
RandomKCompressor::SuitsModels() const
{
    return false;
}

} // namespace learning
} // namespace ns3
