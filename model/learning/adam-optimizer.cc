/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "adam-optimizer.h"

#include "ns3/double.h"

#include <cmath>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{

/// Largest decay: 1 would divide by 0.
constexpr double BELOW_ONE = 1 - std::numeric_limits<double>::epsilon();

} // namespace

NS_OBJECT_ENSURE_REGISTERED(AdamOptimizer);

TypeId
AdamOptimizer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::AdamOptimizer")
            .SetParent<Optimizer>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<AdamOptimizer>()
            .AddAttribute("Beta1",
                          "Decay of the gradient's mean, from 0 to below 1.",
                          DoubleValue(0.9),
                          MakeDoubleAccessor(&AdamOptimizer::m_beta1),
                          MakeDoubleChecker<double>(0, BELOW_ONE))
            .AddAttribute("Beta2",
                          "Decay of the gradient's mean square, from 0 to below 1.",
                          DoubleValue(0.999),
                          MakeDoubleAccessor(&AdamOptimizer::m_beta2),
                          MakeDoubleChecker<double>(0, BELOW_ONE))
            .AddAttribute("Epsilon",
                          "Added to the root of the mean square, above 0.",
                          DoubleValue(1e-8),
                          MakeDoubleAccessor(&AdamOptimizer::m_epsilon),
                          MakeDoubleChecker<double>(1e-30, std::numeric_limits<double>::max()));
    return tid;
}

void
AdamOptimizer::Step(float* parameters, const float* gradient, uint32_t count, uint64_t step)
{
    Prepare(m_mean, count);
    Prepare(m_square, count);
    m_calls++;
    const auto calls = static_cast<double>(m_calls);
    const auto rate = static_cast<float>(GetLearningRate(step) / (1 - std::pow(m_beta1, calls)));
    const auto spread = static_cast<float>(1 / (1 - std::pow(m_beta2, calls)));
    const auto keepMean = static_cast<float>(m_beta1);
    const auto addMean = static_cast<float>(1 - m_beta1);
    const auto keepSquare = static_cast<float>(m_beta2);
    const auto addSquare = static_cast<float>(1 - m_beta2);
    const auto epsilon = static_cast<float>(m_epsilon);
    float* mean = m_mean.data();
    float* square = m_square.data();
    for (uint32_t i = 0; i < count; i++)
    {
        mean[i] = keepMean * mean[i] + addMean * gradient[i];
        square[i] = keepSquare * square[i] + addSquare * (gradient[i] * gradient[i]);
        parameters[i] -= rate * mean[i] / (std::sqrt(spread * square[i]) + epsilon);
    }
}

std::vector<double>
AdamOptimizer::GetState() const
{
    std::vector<double> state{static_cast<double>(m_calls)};
    state.insert(state.end(), m_mean.begin(), m_mean.end());
    state.insert(state.end(), m_square.begin(), m_square.end());
    return state;
}

void
AdamOptimizer::SetState(const std::vector<double>& state)
{
    if (state.size() % 2 == 0)
    {
        RefuseState();
    }
    const auto middle = state.begin() + static_cast<std::ptrdiff_t>(1 + state.size() / 2);
    m_calls = static_cast<uint64_t>(state.front());
    m_mean.assign(state.begin() + 1, middle);
    m_square.assign(middle, state.end());
}

} // namespace learning
} // namespace ns3
