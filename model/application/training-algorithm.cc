/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-algorithm.h"

#include "ns3/pointer.h"
#include "ns3/string.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(TrainingAlgorithm);

TypeId
TrainingAlgorithm::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::TrainingAlgorithm")
            .SetParent<Object>()
            .SetGroupName("DistributedLearning")
            .AddAttribute("Rule",
                          "How a parameter server aggregates what it received: a type of "
                          "ns3::learning::AggregationRule.",
                          StringValue("ns3::learning::ReceivedMeanRule"),
                          MakePointerAccessor(&TrainingAlgorithm::m_rule),
                          MakePointerChecker<AggregationRule>());
    return tid;
}

void
TrainingAlgorithm::DoDispose()
{
    m_rule = nullptr;
    Object::DoDispose();
}

void
TrainingAlgorithm::Prepare(Replica& /* replica */) const
{
}

void
TrainingAlgorithm::AfterGradient(Replica& /* replica */,
                                 const float* /* gradient */,
                                 uint64_t /* round */) const
{
}

void
TrainingAlgorithm::HandleMissing(Replica& /* replica */,
                                 uint32_t /* begin */,
                                 const SegmentLayout& /* layout */,
                                 const SegmentMask& /* mask */) const
{
}

void
TrainingAlgorithm::EndRound(Replica& /* replica */, uint64_t /* round */) const
{
}

bool
TrainingAlgorithm::KeepsParametersAtServer() const
{
    return false;
}

int64_t
TrainingAlgorithm::GetAgeBound() const
{
    return -1;
}

void
TrainingAlgorithm::CheckCoding(const BlockCoding& coding, uint32_t words) const
{
    coding.Check(false, false, words);
}

Ptr<AggregationRule>
TrainingAlgorithm::GetRule() const
{
    return m_rule;
}

} // namespace learning
} // namespace ns3
