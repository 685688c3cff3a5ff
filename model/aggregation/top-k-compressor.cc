/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "top-k-compressor.h"

#include "bit-stream.h"

#include "ns3/double.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(TopKCompressor);

TypeId
TopKCompressor::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::TopKCompressor")
                            .SetParent<Compressor>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<TopKCompressor>()
                            .AddAttribute("Share",
                                          "Share of the numbers that are kept, 0.000001 to 1.",
                                          DoubleValue(0.01),
                                          MakeDoubleAccessor(&TopKCompressor::m_share),
                                          MakeDoubleChecker<double>(1e-6, 1));
    return tid;
}

TopKCompressor::Code
TopKCompressor::GetCode(uint32_t words) const
{
    for (uint32_t bits = 1; bits < 32; ++bits)
    {
        const auto kept = static_cast<uint32_t>(32 * uint64_t{words} / (32 + bits));
        const double length = std::floor(kept / m_share);
        if (kept != 0 && length <= std::ldexp(1, static_cast<int>(bits)))
        {
            return {static_cast<uint32_t>(length), kept, bits};
        }
    }
    return {0, 0, 0};
}

uint32_t
TopKCompressor::GetKept(const Code& code, uint32_t numbers) const
{
    return std::min(code.kept, static_cast<uint32_t>(std::ceil(m_share * numbers)));
}

uint32_t
TopKCompressor::GetChunkLength(uint32_t words) const
{
    return GetCode(words).length;
}

uint32_t
TopKCompressor::GetWords(uint32_t numbers, uint32_t words) const
{
    const Code code = GetCode(words);
    const uint64_t bits = uint64_t{GetKept(code, numbers)} * (32 + code.bits);
    return numbers == code.length ? words : static_cast<uint32_t>((bits + 31) / 32);
}

void
TopKCompressor::Encode(const float* values,
                       uint32_t numbers,
                       uint32_t words,
                       uint64_t /* key */,
                       float* wire) const
{
    const Code code = GetCode(words);
    const uint32_t kept = GetKept(code, numbers);
    // order by magnitude, falling, and by place: one number says both. Bits of magnitudes are
    // ordered as magnitudes are, with what is not a number on top
    std::vector<uint64_t> order(numbers);
    for (uint32_t i = 0; i < numbers; ++i)
    {
        const uint32_t magnitude = GetBits(values[i]) & 0x7fffffff;
        order[i] = uint64_t{~magnitude} << 32 | i;
    }
    std::nth_element(order.begin(), order.begin() + (kept - 1), order.end());
    std::vector<uint32_t> places(kept);
    for (uint32_t k = 0; k < kept; ++k)
    {
        places[k] = static_cast<uint32_t>(order[k]);
    }
    std::sort(places.begin(), places.end());
    BitWriter writer(wire + kept);
    for (uint32_t k = 0; k < kept; ++k)
    {
        PutBits(GetBits(values[places[k]]), wire + k);
        writer.Put(places[k], code.bits);
    }
    writer.Finish();
    std::fill(wire + (uint64_t{kept} * (32 + code.bits) + 31) / 32,
              wire + GetWords(numbers, words),
              0.0F);
}

void
TopKCompressor::Decode(const float* wire,
                       uint32_t numbers,
                       uint32_t words,
                       uint64_t /* key */,
                       float* values) const
{
    const Code code = GetCode(words);
    const uint32_t kept = GetKept(code, numbers);
    std::fill_n(values, numbers, 0.0F);
    BitReader reader(wire + kept);
    for (uint32_t k = 0; k < kept; ++k)
    {
        const uint32_t place = reader.Get(code.bits);
        if (place < numbers)
        {
            PutBits(GetBits(wire[k]), values + place);
        }
    }
}

bool
TopKCompressor::IsContraction() const
{
    return true;
}

bool
TopKCompressor::SuitsModels() const
{
    return false;
}

} // namespace learning
} // namespace ns3
