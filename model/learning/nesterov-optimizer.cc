/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "nesterov-optimizer.h"

#include "ns3/double.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(NesterovOptimizer);

TypeId
NesterovOptimizer::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::NesterovOptimizer")
                            .SetParent<Optimizer>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<NesterovOptimizer>()
                            .AddAttribute("Momentum",
                                          "Share of the velocity that a step keeps, from 0 to 1.",
                                          DoubleValue(0.9),
                                          MakeDoubleAccessor(&NesterovOptimizer::m_momentum),
                                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

void
NesterovOptimizer::Step(float* parameters, const float* gradient, uint32_t count, uint64_t step)
{
    Prepare(m_velocity, count);
    const auto rate = static_cast<float>(GetLearningRate(step));
    const auto momentum = static_cast<float>(m_momentum);
    float* velocity = m_velocity.data();
    for (uint32_t i = 0; i < count; i++)
    {
        velocity[i] = momentum * velocity[i] + gradient[i];
        parameters[i] -= rate * (gradient[i] + momentum * velocity[i]);
    }
}

std::vector<double>
NesterovOptimizer::GetState() const
{
    return std::vector<double>(m_velocity.begin(), m_velocity.end());
}

void
NesterovOptimizer::SetState(const std::vector<double>& state)
{
    m_velocity.assign(state.begin(), state.end());
}

} // namespace learning
} // namespace ns3
