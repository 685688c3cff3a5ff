/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "stochastic-gradient-descent.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(StochasticGradientDescent);

TypeId
StochasticGradientDescent::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::StochasticGradientDescent")
                            .SetParent<Optimizer>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<StochasticGradientDescent>();
    return tid;
}

void
StochasticGradientDescent::Step(float* parameters,
                                const float* gradient,
                                uint32_t count,
                                uint64_t step)
{
    const auto rate = static_cast<float>(GetLearningRate(step));
    for (uint32_t i = 0; i < count; i++)
    {
        parameters[i] -= rate * gradient[i];
    }
}

} // namespace learning
} // namespace ns3
