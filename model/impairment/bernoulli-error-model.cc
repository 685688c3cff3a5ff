/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "bernoulli-error-model.h"

#include "ns3/double.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(BernoulliErrorModel);

BernoulliErrorModel::BernoulliErrorModel()
    : m_uniform(CreateObject<UniformRandomVariable>())
{
}

TypeId
BernoulliErrorModel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::BernoulliErrorModel")
                            .SetParent<SegmentErrorModel>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<BernoulliErrorModel>()
                            .AddAttribute("DropRate",
                                          "Probability that a segment is dropped, in [0, 1].",
                                          DoubleValue(0),
                                          MakeDoubleAccessor(&BernoulliErrorModel::m_dropRate),
                                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

int64_t
BernoulliErrorModel::AssignStreams(int64_t stream)
{
    m_uniform->SetStream(stream);
    return 1;
}

bool
BernoulliErrorModel::DropsNextSegment()
{
    // drawn in (0, 1): p = 0 never drops and p = 1 always does
    return m_uniform->GetValue() < m_dropRate;
}

void
BernoulliErrorModel::DoReset()
{
    // memoryless: nothing to reset
}

} // namespace learning
} // namespace ns3
