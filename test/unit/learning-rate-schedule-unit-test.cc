/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/constant-schedule.h"
#include "ns3/double.h"
#include "ns3/inverse-square-root-schedule.h"
#include "ns3/pointer.h"
#include "ns3/step-decay-schedule.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/warm-up-schedule.h"

#include <gtest/gtest.h>
#include <stdexcept>

using namespace ns3;
using namespace ns3::learning;

namespace
{

TEST(LearningRateSchedule, ConstantIsOne)
{
    const auto schedule = CreateObject<ConstantSchedule>();
    EXPECT_EQ(schedule->GetFactor(0), 1);
    EXPECT_EQ(schedule->GetFactor(1'000'000'000'000), 1);
}

TEST(LearningRateSchedule, InverseSquareRoot)
{
    auto schedule = CreateObject<InverseSquareRootSchedule>();
    EXPECT_EQ(schedule->GetFactor(0), 1);
    EXPECT_DOUBLE_EQ(schedule->GetFactor(3), 0.5);
    schedule->SetAttribute("Period", DoubleValue(100));
    EXPECT_DOUBLE_EQ(schedule->GetFactor(300), 0.5);
    EXPECT_FALSE(schedule->SetAttributeFailSafe("Period", DoubleValue(0)));
}

TEST(LearningRateSchedule, StepDecayFallsAtItsSteps)
{
    auto schedule = CreateObject<StepDecaySchedule>();
    EXPECT_EQ(schedule->GetFactor(1'000'000), 1); // no steps: no fall
    schedule->SetAttribute("Steps", StringValue("10,20"));
    schedule->SetAttribute("Factor", DoubleValue(0.5));
    EXPECT_EQ(schedule->GetFactor(9), 1);
    EXPECT_EQ(schedule->GetFactor(10), 0.5);
    EXPECT_EQ(schedule->GetFactor(19), 0.5);
    EXPECT_EQ(schedule->GetFactor(20), 0.25);
}

TEST(LearningRateSchedule, StepDecayRefusesWhatIsNoList)
{
    auto schedule = CreateObject<StepDecaySchedule>();
    for (const char* steps : {"a", "10,", ",10", "10,,20", "0", "-1", "10 ,20", "99999999999"})
    {
        EXPECT_THROW(schedule->SetAttribute("Steps", StringValue(steps)), std::invalid_argument)
            << steps;
    }
}

TEST(LearningRateSchedule, WarmUpRisesAndThenFollows)
{
    auto schedule = CreateObject<WarmUpSchedule>();
    schedule->SetAttribute("Steps", UintegerValue(10));
    schedule->SetAttribute("StartFactor", DoubleValue(0.2));
    EXPECT_DOUBLE_EQ(schedule->GetFactor(0), 0.2);
    EXPECT_DOUBLE_EQ(schedule->GetFactor(5), 0.6);
    EXPECT_DOUBLE_EQ(schedule->GetFactor(9), 0.92);
    EXPECT_EQ(schedule->GetFactor(10), 1);
    schedule->SetAttribute("Then", StringValue("ns3::learning::InverseSquareRootSchedule"));
    EXPECT_EQ(schedule->GetFactor(10), 1); // step 0 of what follows
    EXPECT_DOUBLE_EQ(schedule->GetFactor(13), 0.5);
    schedule->SetAttribute("Steps", UintegerValue(0));
    EXPECT_EQ(schedule->GetFactor(0), 1);
}

} // namespace
