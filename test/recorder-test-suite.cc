/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What the recorder says of single replicas.

#include "mixing-run.h"

#include "ns3/learning-compatibility.h"
#include "ns3/test.h"
#include "ns3/training-recorder.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: five workers on the quadratic with all targets at 0, so that a replica x has the loss
 * ||x||^2 / 2 whatever the samples; replicas are multiples of one vector, and some are equal, which
 * the recorder evaluates only once.
 * Stimulus: one round that mixes nothing, since all is dropped.
 * Expected: worst and mean loss of the replicas as worked out by hand, to single precision; the
 * mean model, which has a smaller loss than the replicas on average, is told apart.
 */
class WorkerEvaluationTestCase : public TestCase
{
  public:
    WorkerEvaluationTestCase()
        : TestCase("worst and mean loss of replicas, equal ones among them")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t FEATURES = 20;
        const std::vector<float> factors{1, -2, 1, 3, 1};
        Scenario scenario;
        scenario.workers = 5;
        scenario.dropRate = 1;
        scenario.rounds = 1;
        scenario.data = MakeData(5, FEATURES);
        std::vector<std::vector<float>> models;
        for (const float factor : factors)
        {
            models.emplace_back(FEATURES, factor);
        }
        MixingRun run(scenario, models, [](uint32_t, const std::vector<AlignedVector>&) {});
        TrainingRecorder recorder;
        recorder.Observe(run.Get().GetWorkers());
        Simulator::Run();
        const TrainingRecord& record = recorder.GetLast();
        NS_TEST_EXPECT_MSG_EQ(record.round, 1, "rounds");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.worstWorkerLoss, 0.5 * FEATURES * 9, 1e-4, "worst");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.meanWorkerLoss,
                                  0.5 * FEATURES * (1 + 4 + 1 + 9 + 1) / 5.0,
                                  1e-4,
                                  "mean over replicas");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.trainLoss,
                                  0.5 * FEATURES * std::pow(4 / 5.0, 2),
                                  1e-4,
                                  "mean model");
        NS_TEST_EXPECT_MSG_EQ(std::isnan(record.meanWorkerAccuracy), true, "no classes");
        Simulator::Destroy();
    }
};

/// The recorder.
class RecorderTestSuite : public TestSuite
{
  public:
    RecorderTestSuite()
        : TestSuite("distributed-learning-recorder", Type::UNIT)
    {
        AddTestCase(new WorkerEvaluationTestCase, TestDuration::QUICK);
    }
};

RecorderTestSuite g_recorderTestSuite; //!< registers the suite

} // namespace
