/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/adam-optimizer.h"
#include "ns3/double.h"
#include "ns3/gradient-averaging.h"
#include "ns3/momentum-optimizer.h"
#include "ns3/nesterov-optimizer.h"
#include "ns3/string.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint32_t COUNT = 12;                    //!< parameters
constexpr uint32_t BEGIN = 3;                     //!< where the block begins
constexpr SegmentLayout LAYOUT{8, 3};             //!< three segments, the last one of two numbers
constexpr std::size_t FIRST = BEGIN + 3;          //!< of the segment that is lost
constexpr std::size_t LAST = BEGIN + 6;           //!< one past it
const std::vector<float> START(COUNT, 1.0F);      //!< parameters
const std::vector<float> GRADIENT(COUNT, 0.125F); //!< of every step

/// A replica whose optimizer has seen one gradient, so that momentum is there.
Replica
MakeReplica(const GradientAveraging& algorithm, Ptr<Optimizer> optimizer)
{
    optimizer->SetAttribute("LearningRate", DoubleValue(0.1));
    Replica replica;
    replica.parameters.assign(START.begin(), START.end());
    replica.optimizer = optimizer;
    algorithm.Prepare(replica);
    replica.gradient.assign(GRADIENT.begin(), GRADIENT.end());
    algorithm.EndRound(replica, 0);
    return replica;
}

template <typename T>
class ZeroUpdate : public testing::Test
{
};

using Optimizers = testing::Types<MomentumOptimizer, NesterovOptimizer, AdamOptimizer>;
TYPED_TEST_SUITE(ZeroUpdate, Optimizers);

TYPED_TEST(ZeroUpdate, LeavesParametersOfWhichTheGradientIsLost)
{
    auto algorithm = CreateObject<GradientAveraging>();
    algorithm->SetAttribute("MissingGradient", StringValue("ZeroUpdate"));
    Replica replica = MakeReplica(*algorithm, CreateObject<TypeParam>());
    // the same optimizer, but a gradient of 0 where the other one's is lost
    Replica other = MakeReplica(*algorithm, CreateObject<TypeParam>());
    const AlignedVector before = replica.parameters;

    SegmentMask mask(LAYOUT.GetSegmentCount());
    mask.Set(0);
    mask.Set(2);
    algorithm->HandleMissing(replica, BEGIN, LAYOUT, mask);
    algorithm->EndRound(replica, 1);
    std::fill(other.gradient.begin() + FIRST, other.gradient.begin() + LAST, 0.0F);
    algorithm->EndRound(other, 1);
    for (std::size_t i = 0; i < COUNT; ++i)
    {
        const bool isLost = i >= FIRST && i < LAST;
        EXPECT_EQ(replica.parameters[i], isLost ? before[i] : other.parameters[i]) << i;
        EXPECT_NE(other.parameters[i], before[i]) << "momentum moves it without a gradient, " << i;
    }

    // and what was lost in one round moves in the next
    const AlignedVector between = replica.parameters;
    replica.gradient.assign(GRADIENT.begin(), GRADIENT.end());
    algorithm->EndRound(replica, 2);
    for (std::size_t i = 0; i < COUNT; ++i)
    {
        EXPECT_LT(replica.parameters[i], between[i]) << i;
    }
}

} // namespace
