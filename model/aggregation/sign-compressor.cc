/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sign-compressor.h"

#include "bit-stream.h"

#include "ns3/boolean.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(SignCompressor);

TypeId
SignCompressor::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::SignCompressor")
                            .SetParent<Compressor>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<SignCompressor>()
                            .AddAttribute("Scaled",
                                          "Whether signs are scaled by the mean magnitude of the "
                                          "chunk, rather than 1.",
                                          BooleanValue(true),
                                          MakeBooleanAccessor(&SignCompressor::m_scaled),
                                          MakeBooleanChecker());
    return tid;
}

uint32_t
SignCompressor::GetChunkLength(uint32_t words) const
{
    return 32 * (words - 1);
}

uint32_t
SignCompressor::GetWords(uint32_t numbers, uint32_t /* words */) const
{
    return 1 + (numbers + 31) / 32;
}

void
SignCompressor::Encode(const float* values,
                       uint32_t numbers,
                       uint32_t /* words */,
                       uint64_t /* key */,
                       float* wire) const
{
    double sum = 0;
    BitWriter writer(wire + 1);
    for (uint32_t i = 0; i < numbers; ++i)
    {
        sum += std::abs(values[i]);
        writer.Put(values[i] < 0, 1);
    }
    writer.Finish();
    wire[0] = m_scaled ? static_cast<float>(sum / numbers) : 1.0F;
}

void
SignCompressor::Decode(const float* wire,
                       uint32_t numbers,
                       uint32_t /* words */,
                       uint64_t /* key */,
                       float* values) const
{
    BitReader reader(wire + 1);
    for (uint32_t i = 0; i < numbers; ++i)
    {
        values[i] = reader.Get(1) != 0 ? -wire[0] : wire[0];
    }
}

bool
SignCompressor::IsContraction() const
{
    return m_scaled;
}

bool
SignCompressor::SuitsModels() const
{
    return false;
}

} // namespace learning
} // namespace ns3
