/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "gilbert-elliott-error-model.h"

#include "ns3/double.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(GilbertElliottErrorModel);

GilbertElliottErrorModel::GilbertElliottErrorModel()
    : m_uniform(CreateObject<UniformRandomVariable>())
{
}

TypeId
GilbertElliottErrorModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::GilbertElliottErrorModel")
            .SetParent<SegmentErrorModel>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<GilbertElliottErrorModel>()
            .AddAttribute("DropRate",
                          "Probability that a segment is dropped, in the long run, from "
                          "GoodDropRate to BadDropRate; the share of the bad state that this takes "
                          "is at most b / (b + 1) at a MeanBurst of b, or 1.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&GilbertElliottErrorModel::m_dropRate),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("MeanBurst",
                          "Mean stay in the bad state in segments, at least 1: the mean run of "
                          "drops, if all are dropped there and none elsewhere (independent loss "
                          "has 1 / (1 - p)).",
                          DoubleValue(8),
                          MakeDoubleAccessor(&GilbertElliottErrorModel::m_meanBurst),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("GoodDropRate",
                          "Probability that a segment is dropped in the good state, in [0, 1], "
                          "below BadDropRate.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&GilbertElliottErrorModel::m_goodDropRate),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("BadDropRate",
                          "Probability that a segment is dropped in the bad state, in [0, 1].",
                          DoubleValue(1),
                          MakeDoubleAccessor(&GilbertElliottErrorModel::m_badDropRate),
                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

int64_t
GilbertElliottErrorModel::AssignStreams(int64_t stream)
{
    m_uniform->SetStream(stream);
    return 1;
}

void
GilbertElliottErrorModel::CheckAttributes()
{
    GetChain();
}

bool
GilbertElliottErrorModel::DropsNextSegment(TrafficClass /* traffic */,
                                           const SegmentTag::Message& /* message */)
{
    const Chain chain = GetChain(); // attributes may have changed
    if (!m_started)
    {
        m_bad = m_uniform->GetValue() < chain.bad;
        m_started = true;
    }
    const double rate = m_bad ? m_badDropRate : m_goodDropRate;
    const bool drops = rate == 1 || (rate != 0 && m_uniform->GetValue() < rate);
    const bool moves = m_uniform->GetValue() < (m_bad ? chain.toGood : chain.toBad);
    m_bad = m_bad != moves;
    return drops;
}

void
GilbertElliottErrorModel::DoReset()
{
    m_started = false;
}

GilbertElliottErrorModel::Chain
GilbertElliottErrorModel::GetChain() const
{
    constexpr double ROUNDING = 1e-9; // p = b / (b + 1) is legal however it is rounded
    const double range = m_badDropRate - m_goodDropRate;
    const double bad = (m_dropRate - m_goodDropRate) / range;
    const double toGood = 1 / m_meanBurst;
    if (bad == 1 && range > 0)
    {
        return {1, 1, 0};
    }
    const double toBad = bad / (1 - bad) * toGood;
    if (!(range > 0 && bad >= 0 && bad < 1 && toBad <= 1 + ROUNDING))
    {
        std::ostringstream text;
        text << GetTypeId().GetName() << ": DropRate=" << m_dropRate
             << " with MeanBurst=" << m_meanBurst << ", GoodDropRate=" << m_goodDropRate
             << " and BadDropRate=" << m_badDropRate << ": ";
        if (range > 0)
        {
            text << "a drop rate from " << m_goodDropRate << " to "
                 << m_goodDropRate + range * m_meanBurst / (m_meanBurst + 1) << ", or "
                 << m_badDropRate << ", is possible; longer bursts allow more";
        }
        else
        {
            text << "GoodDropRate must be below BadDropRate";
        }
        throw std::invalid_argument(text.str());
    }
    return {bad, std::min(toBad, 1.0), toGood};
}

} // namespace learning
} // namespace ns3
