/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "unbiased-compressor.h"

#include "ns3/boolean.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(UnbiasedCompressor);

TypeId
UnbiasedCompressor::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::UnbiasedCompressor")
            .SetParent<Compressor>()
            .SetGroupName("DistributedLearning")
            .AddAttribute("Contractive",
                          "Whether decoded numbers are scaled down by 1 + omega, omega being the "
                          "relative variance: biased, but fit for error feedback.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&UnbiasedCompressor::m_contractive),
                          MakeBooleanChecker());
    return tid;
}

bool
UnbiasedCompressor::IsContraction() const
{
    return m_contractive;
}

double
UnbiasedCompressor::GetScale(uint32_t numbers, uint32_t words) const
{
    return m_contractive ? 1 / (1 + GetVariance(numbers, words)) : 1;
}

} // namespace learning
} // namespace ns3
