/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "stochastic-gradient-descent.h"

#include "ns3/vector-width.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(StochasticGradientDescent);

namespace
{

/**
 * Subtracts a multiple of a vector; a product and a difference a number, so the same bits at any
 * width.
 * @param parameters count numbers, updated
 * @param gradient count numbers
 * @param count how many
 * @param rate factor of the gradient
 */
DISTRIBUTED_LEARNING_WIDTHS
void
Descend(float* __restrict__ parameters,
        const float* __restrict__ gradient,
        uint32_t count,
        float rate)
{
    for (uint32_t i = 0; i < count; i++)
    {
        parameters[i] -= rate * gradient[i];
    }
}

} // namespace

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
    Descend(parameters, gradient, count, static_cast<float>(GetLearningRate(step)));
}

} // namespace learning
} // namespace ns3
