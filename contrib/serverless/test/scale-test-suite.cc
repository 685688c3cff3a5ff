/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What it takes to simulate a training, and what large TCP segments change in it.

#include "training-bench.h"

#include "ns3/learning-compatibility.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: 3 functions over S3 with AllReduce, without polls; a model of 6 MB, or of its own 116
 * bytes; three rounds of model averaging.
 * Stimulus: TCP segments of 64,000 and of 1,460 bytes.
 * Expected: the same bits in the models. A round has w + 3 transfers one after another, each of
 * which takes m/B (54/1460 - 54/64000) less with large segments, for want of headers, and up to 2.5
 * ms more, for want of pipelining in switch and service (the suite of storage tests single
 * transfers): so the difference of rounds lies between these. Relative to the whole training it is
 * at most 3.6 %. Of the tiny model the training takes as long within 0.1 %.
 */
class SegmentsTestCase : public TestCase
{
  public:
    SegmentsTestCase()
        : TestCase("large segments change the time of a training by 3.6 % at most")
    {
    }

  private:
    void DoRun() override
    {
        constexpr double BYTES = 6e6;
        constexpr uint32_t WORKERS = 3;
        TrainingSetting setting = MakeTimedSetting(WORKERS, static_cast<uint64_t>(BYTES), 0.1);
        setting.optimization = "AveragedModels";
        LeaveOutPolls(setting);
        const BenchOutcome large = Train(setting);
        setting.segmentBytes = 1460;
        const BenchOutcome small = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(large.error + small.error, "", "a training failed");
        NS_TEST_EXPECT_MSG_EQ((large.models == small.models), true, "other bits");
        const double headers = BYTES / 65e6 * (54.0 / 1460 - 54.0 / 64000);
        const double difference = small.GetRoundSeconds() - large.GetRoundSeconds();
        NS_TEST_EXPECT_MSG_LT(difference, (WORKERS + 3) * headers, "more than headers");
        NS_TEST_EXPECT_MSG_GT(difference, (WORKERS + 3) * (headers - 0.0025), "too much less");
        NS_TEST_EXPECT_MSG_LT(std::abs(small.end.GetSeconds() / large.end.GetSeconds() - 1),
                              0.036,
                              "the whole training");
        NS_TEST_EXPECT_MSG_GT(small.events, 10 * large.events, "large segments save nothing");

        setting.modelBytes = 0;
        const BenchOutcome tinySmall = Train(setting);
        setting.segmentBytes = 64000;
        const BenchOutcome tinyLarge = Train(setting);
        NS_TEST_EXPECT_MSG_EQ_TOL(tinySmall.end.GetSeconds(),
                                  tinyLarge.end.GetSeconds(),
                                  0.001 * tinyLarge.end.GetSeconds(),
                                  "a tiny model");
    }
};

/**
 * Set-up: tiny models over S3 with polls, AllReduce and ScatterReduce.
 * Stimulus: 5 to 40 workers, 2 and 6 rounds, so 500 to 30,000 requests.
 * Expected: events of the simulator are proportional to requests, whatever fleet and rounds: per
 * request within 15 % of one another (lists grow with the fleet, and take more segments).
 */
class EventsTestCase : public TestCase
{
  public:
    EventsTestCase()
        : TestCase("events of a run are linear in requests")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* collective : {"AllReduce", "ScatterReduce"})
        {
            double least = std::numeric_limits<double>::max();
            double most = 0;
            uint64_t requests = 0;
            for (const uint32_t workers : {5U, 20U, 40U})
            {
                for (const uint32_t rounds : {2U, 6U})
                {
                    TrainingSetting setting = MakeTimedSetting(workers, 224, 0.1);
                    setting.collective = collective;
                    setting.rounds = rounds;
                    const BenchOutcome outcome = Train(setting);
                    NS_TEST_ASSERT_MSG_EQ(outcome.error, "", "a training failed");
                    const double each =
                        static_cast<double>(outcome.events) / static_cast<double>(outcome.requests);
                    least = std::min(least, each);
                    most = std::max(most, each);
                    requests = std::max(requests, outcome.requests);
                }
            }
            NS_TEST_EXPECT_MSG_GT(requests, 5000, "too few requests to see");
            NS_TEST_EXPECT_MSG_LT(most, 1.15 * least, collective << ": events per request");
        }
    }
};

/**
 * Set-up: 300 functions over S3 with polls, a tiny model, model averaging, 10 rounds.
 * Stimulus: the training.
 * Expected: it ends without an error, with the same bits at all workers. Requests: at least the 2w
 * a round of AllReduce, and the followers' polls. At most 60 events each (those of 5 to 40 workers:
 * the case above), so that it stays a matter of seconds, whatever the computer does.
 */
class LargeFleetTestCase : public TestCase
{
  public:
    LargeFleetTestCase()
        : TestCase("300 functions: a training ends, events stay linear in requests")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t WORKERS = 300;
        constexpr uint32_t ROUNDS = 10;
        TrainingSetting setting = MakeTimedSetting(WORKERS, 224, 0.1);
        setting.optimization = "AveragedModels";
        setting.rounds = ROUNDS;
        setting.startUp.clear();
        const BenchOutcome outcome = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(outcome.error, "", "the training failed");
        for (uint32_t worker = 0; worker < WORKERS; ++worker)
        {
            NS_TEST_ASSERT_MSG_EQ(outcome.rounds[worker], ROUNDS, "rounds of " << worker);
            NS_TEST_ASSERT_MSG_EQ((outcome.models[worker] == outcome.models[0]),
                                  true,
                                  "model of " << worker);
        }
        NS_TEST_EXPECT_MSG_GT(outcome.requests, 2 * WORKERS * ROUNDS, "requests");
        NS_TEST_EXPECT_MSG_LT(static_cast<double>(outcome.events),
                              60.0 * static_cast<double>(outcome.requests),
                              "events per request");
    }
};

/// The suite.
class ScaleTestSuite : public TestSuite
{
  public:
    ScaleTestSuite()
        : TestSuite("serverless-learning-scale", Type::UNIT)
    {
        AddTestCase(new SegmentsTestCase, learning::TestDuration::QUICK);
        AddTestCase(new EventsTestCase, learning::TestDuration::QUICK);
        AddTestCase(new LargeFleetTestCase, learning::TestDuration::EXTENSIVE);
    }
};

ScaleTestSuite g_scaleTestSuite; //!< registers the suite

} // namespace
