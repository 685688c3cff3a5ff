/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/adam-optimizer.h"
#include "ns3/double.h"
#include "ns3/momentum-optimizer.h"
#include "ns3/nesterov-optimizer.h"
#include "ns3/step-decay-schedule.h"
#include "ns3/stochastic-gradient-descent.h"
#include "ns3/string.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Where one parameter that starts at 0 goes.
 * @param optimizer the optimizer
 * @param gradients one a step
 * @return the parameter after each step
 */
std::vector<double>
Walk(Ptr<Optimizer> optimizer, const std::vector<float>& gradients)
{
    float parameter = 0;
    std::vector<double> path;
    for (std::size_t step = 0; step < gradients.size(); step++)
    {
        optimizer->Step(&parameter, &gradients[step], 1, step);
        path.push_back(parameter);
    }
    return path;
}

void
ExpectPath(const std::vector<double>& path, const std::vector<double>& expected)
{
    ASSERT_EQ(path.size(), expected.size());
    for (std::size_t i = 0; i < path.size(); i++)
    {
        EXPECT_NEAR(path[i], expected[i], 1e-6) << "step " << i; // single precision
    }
}

template <typename T>
Ptr<T>
Create()
{
    auto optimizer = CreateObject<T>();
    optimizer->SetAttribute("LearningRate", DoubleValue(0.1));
    return optimizer;
}

// Oracle of the next four: the recurrences in the headers, by hand.
TEST(Optimizer, DescentStepsAgainstTheGradient)
{
    ExpectPath(Walk(Create<StochasticGradientDescent>(), {1, -3, 2}), {-0.1, 0.2, 0});
}

TEST(Optimizer, MomentumAccumulates)
{
    auto optimizer = Create<MomentumOptimizer>();
    optimizer->SetAttribute("Momentum", DoubleValue(0.5));
    // v = 1, 1.5, 1.75
    ExpectPath(Walk(optimizer, {1, 1, 1}), {-0.1, -0.25, -0.425});
}

TEST(Optimizer, NesterovLooksAhead)
{
    auto optimizer = Create<NesterovOptimizer>();
    optimizer->SetAttribute("Momentum", DoubleValue(0.5));
    // g + 0.5 v = 1.5, 1.75, 1.875
    ExpectPath(Walk(optimizer, {1, 1, 1}), {-0.15, -0.325, -0.5125});
}

TEST(Optimizer, AdamCorrectsItsBias)
{
    auto optimizer = Create<AdamOptimizer>();
    optimizer->SetAttribute("Beta1", DoubleValue(0.5));
    optimizer->SetAttribute("Beta2", DoubleValue(0.75));
    // m / (1 - 0.5^k) = 1, then -1.25 / 0.75; v / (1 - 0.75^k) = 1, then 2.4375 / 0.4375
    ExpectPath(Walk(optimizer, {1, -3}),
               {-0.1, -0.1 + 0.1 * 1.25 / 0.75 / std::sqrt(2.4375 / 0.4375)});
    // A constant gradient moves by the rate in each step, whatever its size.
    ExpectPath(Walk(Create<AdamOptimizer>(), {-0.25F, -0.25F, -0.25F}), {0.1, 0.2, 0.3});
}

/**
 * The product is rounded before the difference: bit for bit, and a fused multiply-add would be
 * noticed.
 */
TEST(Optimizer, DescentRoundsTwice)
{
    std::mt19937 engine(1);
    std::normal_distribution<float> normal;
    std::vector<float> parameters(1003);
    std::vector<float> gradient(1003);
    std::vector<float> expected(1003);
    int fusedDiffers = 0;
    const float rate = 0.1F;
    for (std::size_t i = 0; i < parameters.size(); i++)
    {
        parameters[i] = normal(engine);
        gradient[i] = normal(engine);
        volatile float product = rate * gradient[i];
        expected[i] = parameters[i] - product;
        fusedDiffers += expected[i] != std::fma(-rate, gradient[i], parameters[i]);
    }
    Create<StochasticGradientDescent>()->Step(parameters.data(), gradient.data(), 1003, 0);
    EXPECT_EQ(parameters, expected);
    EXPECT_GT(fusedDiffers, 0);
}

TEST(Optimizer, ScheduleByStringMultipliesTheRate)
{
    auto optimizer = Create<StochasticGradientDescent>();
    optimizer->SetAttribute("Schedule",
                            StringValue("ns3::learning::StepDecaySchedule[Steps=2|Factor=0.5]"));
    EXPECT_DOUBLE_EQ(optimizer->GetLearningRate(1), 0.1);
    EXPECT_DOUBLE_EQ(optimizer->GetLearningRate(2), 0.05);
    ExpectPath(Walk(optimizer, {1, 1, 1}), {-0.1, -0.2, -0.25});
}

TEST(Optimizer, RefusesAnotherVector)
{
    float parameters[2] = {};
    const float gradient[2] = {};
    auto optimizer = Create<MomentumOptimizer>();
    optimizer->Step(parameters, gradient, 2, 0);
    EXPECT_THROW(optimizer->Step(parameters, gradient, 1, 1), std::invalid_argument);
}

TEST(Optimizer, RefusesIllegalAttributes)
{
    auto optimizer = Create<AdamOptimizer>();
    EXPECT_FALSE(optimizer->SetAttributeFailSafe("LearningRate", DoubleValue(-0.1)));
    EXPECT_FALSE(optimizer->SetAttributeFailSafe("Beta2", DoubleValue(1)));
    EXPECT_FALSE(optimizer->SetAttributeFailSafe("Epsilon", DoubleValue(0)));
    EXPECT_TRUE(optimizer->SetAttributeFailSafe("Beta2", DoubleValue(0.9)));
}

// A copy made of the state takes the same steps, bit by bit; a fresh one does not.
template <typename T>
void
ExpectStateGoesOn()
{
    auto whole = Create<T>();
    Walk(whole, {1, -3, 2});
    auto copy = Create<T>();
    copy->SetState(whole->GetState());
    const std::vector<float> later{0.5, -1, 4};
    const auto path = Walk(whole, later);
    EXPECT_EQ(Walk(copy, later), path);
    EXPECT_NE(Walk(Create<T>(), later), path);
}

TEST(Optimizer, StateGoesOn)
{
    ExpectStateGoesOn<MomentumOptimizer>();
    ExpectStateGoesOn<NesterovOptimizer>();
    ExpectStateGoesOn<AdamOptimizer>();
    EXPECT_TRUE(Create<StochasticGradientDescent>()->GetState().empty());
    EXPECT_THROW(Create<StochasticGradientDescent>()->SetState({1}), std::invalid_argument);
    EXPECT_THROW(Create<AdamOptimizer>()->SetState({1, 2}), std::invalid_argument);
}

} // namespace
