/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Predicted beside simulated: for what time is paid.

#include "prediction-bench.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/integer.h"
#include "ns3/learning-compatibility.h"
#include "ns3/test.h"

#include <cmath>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: functions over Memcached; machines in a ring that are ready at once.
 * Stimulus: node-hours rounded up; machines billed for 1,000 s at least.
 * Expected: predictions and ledger follow alike: costs agree within 2 %, and are higher by what the
 * rules say: the rest of an hour of a cache node, and 1,000 s of each machine exactly.
 */
class RulesTestCase : public TestCase
{
  public:
    RulesTestCase()
        : TestCase("predicted beside simulated: rules of billing")
    {
    }

  private:
    /**
     * Trains with a ledger's rules.
     * @param onMachines or on functions
     * @param isStrict whether hours are rounded, and machines billed for 1,000 s at least
     * @return what came of it
     */
    static TrainingOutcome Bill(bool onMachines, bool isStrict)
    {
        Config::SetDefault("ns3::serverless::CostLedger::RoundsHours", BooleanValue(isStrict));
        Config::SetDefault("ns3::serverless::CostLedger::MinimumSeconds",
                           IntegerValue(isStrict ? 1000 : 60));
        const TrainingOutcome outcome = TrainAndPredict(
            [onMachines](ServerlessTrainingHelper& training) {
                if (onMachines)
                {
                    training.SetFleet(CreateObject<MachineFleet>());
                    return;
                }
                training.SetChannel(ObjectFactory("ns3::serverless::MemcachedCache"));
            },
            3,
            2);
        Config::Reset();
        return outcome;
    }

    void DoRun() override
    {
        for (const bool onMachines : {false, true})
        {
            const TrainingOutcome loose = Bill(onMachines, false);
            const TrainingOutcome strict = Bill(onMachines, true);
            for (const TrainingOutcome* outcome : {&loose, &strict})
            {
                NS_TEST_EXPECT_MSG_EQ_TOL(outcome->dollars,
                                          outcome->predicted->dollars,
                                          0.02 * outcome->dollars,
                                          "machines: " << onMachines);
            }
            const double more = onMachines ? (1000 - std::ceil(loose.seconds)) * WORKERS * 0.0464
                                           : (3600 - loose.seconds) * 0.068;
            NS_TEST_EXPECT_MSG_EQ_TOL(strict.dollars - loose.dollars,
                                      more / 3600,
                                      1e-8,
                                      "machines: " << onMachines);
        }
    }
};

/**
 * Set-up: 8 machines, which boot for 132 s, over Memcached, which is there after 140 s.
 * Stimulus: 3 rounds.
 * Expected: machines are launched at 8 s and paid from then on, up to the next second; the node of
 * the cache is paid from 0 on; with 8 GETs of partitions that is the cost, simulated and predicted,
 * to 1e-6 dollars; the 8 s would be 8e-4 more.
 */
class LaunchTestCase : public TestCase
{
  public:
    LaunchTestCase()
        : TestCase("predicted beside simulated: machines are paid from their launch on")
    {
    }

  private:
    void DoRun() override
    {
        const TrainingOutcome outcome = TrainAndPredict(
            [](ServerlessTrainingHelper& training) {
                training.SetFleet(CreateObject<MachineFleet>());
                training.SetCollective(ObjectFactory("ns3::serverless::AllReduce"));
                training.SetChannel(ObjectFactory("ns3::serverless::MemcachedCache"));
            },
            3,
            2);
        NS_TEST_ASSERT_MSG_EQ(outcome.error, "", "the training failed");
        constexpr double HOUR = 3600;
        constexpr double GETS = WORKERS * 4e-7;
        const auto cost = [](double seconds, double launch) {
            return std::ceil(seconds - launch) * WORKERS * 0.0464 / HOUR + seconds * 0.068 / HOUR +
                   GETS;
        };
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.lastStart, 140, 1e-6, "start");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.dollars, cost(outcome.seconds, 8), 1e-6, "simulated");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.predicted->dollars,
                                  cost(outcome.predicted->GetSeconds(), 8),
                                  1e-6,
                                  "predicted");
    }
};

/// The suite.
class BillingTestSuite : public TestSuite
{
  public:
    BillingTestSuite()
        : TestSuite("serverless-learning-billing", Type::UNIT)
    {
        AddTestCase(new RulesTestCase, learning::TestDuration::QUICK);
        AddTestCase(new LaunchTestCase, learning::TestDuration::QUICK);
    }
};

BillingTestSuite g_billingTestSuite; //!< registers the suite

} // namespace
