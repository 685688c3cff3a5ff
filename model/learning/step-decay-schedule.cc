/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "step-decay-schedule.h"

#include "number-list.h"

#include "ns3/double.h"
#include "ns3/string.h"

#include <limits>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(StepDecaySchedule);

TypeId
StepDecaySchedule::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::StepDecaySchedule")
            .SetParent<LearningRateSchedule>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<StepDecaySchedule>()
            .AddAttribute(
                "Steps",
                "Steps at which the rate falls: numbers of at least 1, "
                "separated by commas, such as 1000,2000; empty for none.",
                StringValue(""),
                MakeStringAccessor(&StepDecaySchedule::SetSteps, &StepDecaySchedule::GetSteps),
                MakeStringChecker())
            .AddAttribute("Factor",
                          "What the rate is multiplied by at each of Steps, at least 0.",
                          DoubleValue(0.1),
                          MakeDoubleAccessor(&StepDecaySchedule::m_factor),
                          MakeDoubleChecker<double>(0, std::numeric_limits<double>::max()));
    return tid;
}

double
StepDecaySchedule::GetFactor(uint64_t step) const
{
    double factor = 1;
    for (const auto fall : m_steps)
    {
        factor *= fall <= step ? m_factor : 1;
    }
    return factor;
}

void
StepDecaySchedule::SetSteps(std::string steps)
{
    m_steps.clear();
    if (!steps.empty())
    {
        m_steps = ParseNumberList("attribute Steps of ns3::learning::StepDecaySchedule", steps);
    }
    m_text = std::move(steps);
}

std::string
StepDecaySchedule::GetSteps() const
{
    return m_text;
}

} // namespace learning
} // namespace ns3
