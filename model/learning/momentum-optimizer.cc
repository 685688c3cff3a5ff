/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "momentum-optimizer.h"

#include "ns3/double.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(MomentumOptimizer);

TypeId
MomentumOptimizer::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::MomentumOptimizer")
                            .SetParent<Optimizer>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<MomentumOptimizer>()
                            .AddAttribute("Momentum",
                                          "Share of the velocity that a step keeps, from 0 to 1.",
                                          DoubleValue(0.9),
                                          MakeDoubleAccessor(&MomentumOptimizer::m_momentum),
                                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

void
MomentumOptimizer::Step(float* parameters, const float* gradient, uint32_t count, uint64_t step)
{
    Prepare(m_velocity, count);
    const auto rate = static_cast<float>(GetLearningRate(step));
    const auto momentum = static_cast<float>(m_momentum);
    float* velocity = m_velocity.data();
    for (uint32_t i = 0; i < count; i++)
    {
        velocity[i] = momentum * velocity[i] + gradient[i];
        parameters[i] -= rate * velocity[i];
    }
}

std::vector<double>
MomentumOptimizer::GetState() const
{
    return std::vector<double>(m_velocity.begin(), m_velocity.end());
}

void
MomentumOptimizer::SetState(const std::vector<double>& state)
{
    m_velocity.assign(state.begin(), state.end());
}

} // namespace learning
} // namespace ns3
