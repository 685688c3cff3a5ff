/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What the recorder says of single replicas.

#include "mixing-run.h"

#include "ns3/fault-schedule-helper.h"
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

/**
 * Set-up: two workers, half of all segments dropped.
 * Stimulus: both crash, and come back with round 0; a record every 10 rounds.
 * Expected: the rounds recorded go back, and of the segments of every interval about half have
 * arrived: within 6 standard errors. (What was sent before must not be taken from what was sent
 * since as if it were less.)
 */
class GoingBackTestCase : public TestCase
{
  public:
    GoingBackTestCase()
        : TestCase("shares of what arrived after all workers have gone back")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.workers = 2;
        scenario.dropRate = 0.5;
        scenario.rounds = 60;
        scenario.compute = MilliSeconds(1);
        scenario.data = MakeData(5, 1600);
        TrainingRun run(scenario);
        FaultScheduleHelper faults;
        faults.AddList("crash:0@35500us-36ms,crash:1@35500us-36ms");
        faults.Install(run.GetTraining());
        TrainingRecorder recorder;
        recorder.SetEvaluateEvery(10);
        std::vector<uint32_t> rounds;
        recorder.SetRecordCallback([&](const TrainingRecord& record) {
            if (record.round == 0)
            {
                return; // nothing has been sent
            }
            rounds.push_back(record.round);
            // ten rounds at least, a block of 800 numbers to the other worker in each
            constexpr double SEGMENTS = 10 * 2 * 800 / 16;
            for (const double share : {record.deliveredPush, record.deliveredPull})
            {
                NS_TEST_EXPECT_MSG_EQ_TOL(share,
                                          0.5,
                                          6 * std::sqrt(0.25 / SEGMENTS),
                                          "round " << record.round);
            }
        });
        recorder.Observe(run.GetWorkers());
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((rounds == std::vector<uint32_t>{10, 20, 30, 10, 20, 30, 40, 50, 60}),
                              true,
                              "rounds recorded");
        Simulator::Destroy();
    }
};

/**
 * Set-up: two workers with three and two samples; ends of blocks may be lost, too.
 * Stimulus: 15.9 epochs asked for, with batches of one sample.
 * Expected: 40 rounds, as many as it takes; epochs are samples drawn over samples there are,
 * whoever has them; the 99th percentile of the blocks' times is that of the ledger's histogram,
 * above the 90th.
 */
class ColumnsTestCase : public TestCase
{
  public:
    ColumnsTestCase()
        : TestCase("epochs and times of blocks")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.workers = 2;
        scenario.dropRate = 0.2;
        scenario.dropControl = true;
        scenario.data = MakeData(5, 160);
        TrainingRun run(scenario);
        TrainingHelper training = run.GetTraining();
        training.StopAfterEpochs(15.9);
        TrainingRecorder recorder;
        recorder.Observe(run.GetWorkers());
        Simulator::Run();
        const TrainingRecord& record = recorder.GetLast();
        NS_TEST_EXPECT_MSG_EQ(record.round, 40, "rounds");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.epochs, 2 * 40 / 5.0, 1e-9, "epochs");
        const TimeHistogram& times = recorder.GetLedger()->GetBlockTimes();
        NS_TEST_EXPECT_MSG_LT(times.GetPercentile(0.9), times.GetPercentile(0.99), "no long tail");
        NS_TEST_EXPECT_MSG_EQ(record.blockTimeP99, times.GetPercentile(0.99), "percentile");
        Simulator::Destroy();
    }
};

/**
 * Set-up: two workers that compute 1 ms; no record before round 1,000.
 * Stimulus: the training is stopped after 5.5 ms, the last record asked for at 1 s.
 * Expected: it is of round 5, and of the time when that ended.
 */
class TimeTestCase : public TestCase
{
  public:
    TimeTestCase()
        : TestCase("a record has the time of its round")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.workers = 2;
        scenario.compute = MilliSeconds(1);
        scenario.rounds = 1000;
        scenario.data = MakeData(5, 160);
        TrainingRun run(scenario);
        run.StopAt(MicroSeconds(5500));
        TrainingRecorder recorder;
        recorder.SetEvaluateEvery(1000);
        recorder.Observe(run.GetWorkers());
        Simulator::Schedule(Seconds(1), [&] {
            const TrainingRecord& record = recorder.GetLast();
            NS_TEST_EXPECT_MSG_EQ(record.round, 5, "rounds");
            NS_TEST_EXPECT_MSG_GT(record.time, 0.005, "five computations");
            NS_TEST_EXPECT_MSG_LT(record.time, 0.0055, "the end of the training");
        });
        Simulator::Run();
        Simulator::Destroy();
    }
};

/**
 * Set-up: three workers whose models only mix, everything dropped.
 * Stimulus: the second one's model is not a number any more.
 * Expected: nor is the worst loss, whichever comes after.
 */
class DivergedTestCase : public TestCase
{
  public:
    DivergedTestCase()
        : TestCase("a worker that has diverged is the worst")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.workers = 3;
        scenario.dropRate = 1;
        scenario.rounds = 1;
        scenario.data = MakeData(3, 16);
        TrainingRun run(scenario);
        run.GetWorker(1)->SetParameters(std::vector<float>(16, std::nanf("")));
        TrainingRecorder recorder;
        recorder.Observe(run.GetWorkers());
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(std::isnan(recorder.GetLast().worstWorkerLoss), true, "worst loss");
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
        AddTestCase(new ColumnsTestCase, TestDuration::QUICK);
        AddTestCase(new TimeTestCase, TestDuration::QUICK);
        AddTestCase(new DivergedTestCase, TestDuration::QUICK);
        AddTestCase(new GoingBackTestCase, TestDuration::QUICK);
    }
};

RecorderTestSuite g_recorderTestSuite; //!< registers the suite

} // namespace
