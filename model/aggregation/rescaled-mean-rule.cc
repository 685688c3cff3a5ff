/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "rescaled-mean-rule.h"

#include "ns3/boolean.h"
#include "ns3/double.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(RescaledMeanRule);

TypeId
RescaledMeanRule::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::RescaledMeanRule")
                            .SetParent<MeanRule>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<RescaledMeanRule>()
                            .AddAttribute("Estimated",
                                          "Whether the drop rate is estimated by what has arrived "
                                          "so far, rather than given.",
                                          BooleanValue(true),
                                          MakeBooleanAccessor(&RescaledMeanRule::m_estimated),
                                          MakeBooleanChecker())
                            .AddAttribute("DropRate",
                                          "Probability that a segment is lost, 0 to 0.999999, if "
                                          "Estimated is false.",
                                          DoubleValue(0),
                                          MakeDoubleAccessor(&RescaledMeanRule::m_dropRate),
                                          MakeDoubleChecker<double>(0, 0.999999));
    return tid;
}

double
RescaledMeanRule::GetDropRate() const
{
    return m_estimated ? 1 - m_arrivalRate : m_dropRate;
}

void
RescaledMeanRule::Look(const std::vector<Contribution>& contributions,
                       const SegmentLayout& layout,
                       uint32_t expected)
{
    if (!m_estimated)
    {
        m_arrivalRate = 1 - m_dropRate;
        return;
    }
    uint32_t remote = expected;
    for (const Contribution& contribution : contributions)
    {
        if (contribution.local)
        {
            --remote;
        }
        else
        {
            m_arrived += contribution.mask->GetCount();
        }
    }
    m_awaited += uint64_t{remote} * layout.GetSegmentCount();
    if (m_arrived != 0)
    {
        m_arrivalRate = static_cast<double>(m_arrived) / static_cast<double>(m_awaited);
    }
}

float
RescaledMeanRule::GetWeight(const Contribution& contribution) const
{
    return contribution.local ? static_cast<float>(m_arrivalRate) : 1;
}

float
RescaledMeanRule::GetDivisor(uint32_t /* received */, uint32_t expected) const
{
    return static_cast<float>(expected * m_arrivalRate);
}

} // namespace learning
} // namespace ns3
