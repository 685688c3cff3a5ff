/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "gradient-averaging.h"

#include "ns3/integer.h"
#include "ns3/learning-compatibility.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(GradientAveraging);

TypeId
GradientAveraging::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::GradientAveraging")
            .SetParent<TrainingAlgorithm>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<GradientAveraging>()
            .AddAttribute("MissingGradient",
                          "What a worker does about a segment of the averaged gradient that is "
                          "lost: OwnGradient takes its own, ZeroUpdate leaves the parameters "
                          "(with rotated blocks: takes 0 for what is lost of the rotated one).",
                          EnumValueFor<GradientAveraging::Missing>(OWN_GRADIENT),
                          MakeEnumAccessorFor<Missing>(&GradientAveraging::m_missing),
                          MakeEnumChecker(OWN_GRADIENT, "OwnGradient", ZERO_UPDATE, "ZeroUpdate"))
            .AddAttribute("Downlink",
                          "What servers send back: Gradient, or Parameters, which they then keep "
                          "and step themselves (needs fixed owners).",
                          EnumValueFor<GradientAveraging::Downlink>(GRADIENT),
                          MakeEnumAccessorFor<Downlink>(&GradientAveraging::m_downlink),
                          MakeEnumChecker(GRADIENT, "Gradient", PARAMETERS, "Parameters"))
            .AddAttribute(
                "AgeBound",
                "Largest age in rounds of a worker's copy of a segment of the parameters "
                "that servers keep, 0 to 1000000: a block with one that would be older is "
                "sent reliably; -1 for no bound.",
                IntegerValue(-1),
                MakeIntegerAccessor(&GradientAveraging::m_ageBound),
                MakeIntegerChecker<int64_t>(-1, 1000000));
    return tid;
}

void
GradientAveraging::Prepare(Replica& replica) const
{
    replica.gradient.resize(replica.parameters.size());
}

float*
GradientAveraging::GetGradientBuffer(Replica& replica) const
{
    return replica.gradient.data();
}

float*
GradientAveraging::GetPushVector(Replica& replica) const
{
    return replica.gradient.data();
}

float*
GradientAveraging::GetPullVector(Replica& replica) const
{
    return m_downlink == PARAMETERS ? replica.parameters.data() : replica.gradient.data();
}

void
GradientAveraging::HandleMissing(Replica& replica,
                                 uint32_t begin,
                                 const SegmentLayout& layout,
                                 const SegmentMask& mask) const
{
    if (m_downlink == PARAMETERS || m_missing == OWN_GRADIENT)
    {
        return;
    }
    for (uint32_t segment = 0; segment < mask.GetSize(); ++segment)
    {
        if (!mask.Test(segment))
        {
            const std::size_t first = begin + layout.GetBegin(segment);
            const std::size_t last = begin + layout.GetBegin(segment + 1);
            std::fill(replica.gradient.begin() + first, replica.gradient.begin() + last, 0.0F);
            replica.unmoved.emplace_back(first, last);
        }
    }
}

void
GradientAveraging::EndRound(Replica& replica, uint64_t round) const
{
    if (m_downlink == PARAMETERS)
    {
        return;
    }
    // a gradient of 0 is not enough: optimizers with a memory move by earlier ones, too
    std::vector<float> kept;
    for (const auto& [first, last] : replica.unmoved)
    {
        kept.insert(kept.end(),
                    replica.parameters.begin() + first,
                    replica.parameters.begin() + last);
    }
    replica.optimizer->Step(replica.parameters.data(),
                            replica.gradient.data(),
                            static_cast<uint32_t>(replica.parameters.size()),
                            round);
    auto next = kept.begin();
    for (const auto& [first, last] : replica.unmoved)
    {
        std::copy_n(next, last - first, replica.parameters.begin() + first);
        next += last - first;
    }
    replica.unmoved.clear();
}

bool
GradientAveraging::KeepsParametersAtServer() const
{
    return m_downlink == PARAMETERS;
}

int64_t
GradientAveraging::GetAgeBound() const
{
    return m_ageBound;
}

void
GradientAveraging::CheckCoding(const BlockCoding& coding, uint32_t words) const
{
    coding.Check(true, m_downlink == GRADIENT, words);
    if (m_downlink == GRADIENT && m_missing == OWN_GRADIENT &&
        coding.GetFeedback(PULL) == BlockCoding::ACKNOWLEDGED)
    {
        throw std::invalid_argument(
            "servers repay what workers have not acknowledged of the averaged gradient, so a "
            "worker may not take its own in its place: set MissingGradient to ZeroUpdate");
    }
}

} // namespace learning
} // namespace ns3
