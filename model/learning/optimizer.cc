/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "optimizer.h"

#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/string.h"

#include <limits>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(Optimizer);

TypeId
Optimizer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::Optimizer")
            .SetParent<Object>()
            .SetGroupName("DistributedLearning")
            .AddAttribute("LearningRate",
                          "Step size before the schedule's factor, at least 0, no unit.",
                          DoubleValue(0.1),
                          MakeDoubleAccessor(&Optimizer::m_learningRate),
                          MakeDoubleChecker<double>(0, std::numeric_limits<double>::max()))
            .AddAttribute("Schedule",
                          "How the rate changes from step to step, such as "
                          "ns3::learning::StepDecaySchedule[Steps=1000,2000|Factor=0.1].",
                          StringValue("ns3::learning::ConstantSchedule"),
                          MakePointerAccessor(&Optimizer::m_schedule),
                          MakePointerChecker<LearningRateSchedule>());
    return tid;
}

double
Optimizer::GetLearningRate(uint64_t step) const
{
    return m_schedule ? m_learningRate * m_schedule->GetFactor(step) : m_learningRate;
}

void
Optimizer::Prepare(std::vector<float>& state, uint32_t count) const
{
    if (state.empty())
    {
        state.resize(count);
    }
    if (state.size() != count)
    {
        throw std::invalid_argument(GetInstanceTypeId().GetName() + ": a step of " +
                                    std::to_string(count) + " parameters after steps of " +
                                    std::to_string(state.size()) +
                                    ": each vector needs an optimizer of its own");
    }
}

std::vector<double>
Optimizer::GetState() const
{
    return {};
}

void
Optimizer::SetState(const std::vector<double>& state)
{
    if (!state.empty())
    {
        RefuseState();
    }
}

void
Optimizer::RefuseState() const
{
    throw std::invalid_argument(GetInstanceTypeId().GetName() +
                                ": a state of another type of optimizer, or only a part of one");
}

void
Optimizer::DoDispose()
{
    m_schedule = nullptr;
    Object::DoDispose();
}

} // namespace learning
} // namespace ns3
