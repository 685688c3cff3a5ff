/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "bernoulli-error-model.h"

#include "ns3/double.h"

#include <cmath>

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
                                          MakeDoubleAccessor(&BernoulliErrorModel::SetDropRate,
                                                             &BernoulliErrorModel::GetDropRate),
                                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

int64_t
BernoulliErrorModel::AssignStreams(int64_t stream)
{
    m_uniform->SetStream(stream);
    return 1;
}

double
BernoulliErrorModel::GetDropRate() const
{
    return m_dropRate;
}

void
BernoulliErrorModel::SetDropRate(double dropRate)
{
    m_dropRate = dropRate;
    m_hasGap = false;
}

bool
BernoulliErrorModel::DropsNextSegment(TrafficClass /* traffic */,
                                      const SegmentTag::Message& /* message */)
{
    if (m_dropRate == 0 || m_dropRate == 1)
    {
        return m_dropRate == 1;
    }
    if (!m_hasGap)
    {
        // P(gap >= k) = (1 - p)^k, by inversion of a draw in (0, 1)
        m_gap = std::floor(std::log(m_uniform->GetValue()) / std::log1p(-m_dropRate));
        m_hasGap = true;
    }
    if (m_gap > 0)
    {
        --m_gap;
        return false;
    }
    m_hasGap = false;
    return true;
}

void
BernoulliErrorModel::DoReset()
{
    m_hasGap = false;
}

} // namespace learning
} // namespace ns3
