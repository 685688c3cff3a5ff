/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What goes wrong: lost packets, slow and broken functions, a throttled store.

#include "training-bench.h"

#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <string>
#include <utility>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: 4 workers, 3 rounds, over each way to exchange models; segments of 1,460 bytes.
 * Stimulus: each packet is lost with probability p in {0, 0.1, 0.9, 1} on its way into a machine.
 * Expected: every run ends, within 2,000 s (the longest things are boots, 132 s, and a request or
 * an instance, 900 s), each worker done or failed with a sentence; all done at p = 0, all failed at
 * p = 1; where all are done and wait for one another, the bits are those of p = 0. At p = 0.1 the
 * same run again gives the same ledger and the same trace (A28).
 */
class PacketLossTestCase : public TestCase
{
  public:
    /**
     * @param collective class
     */
    PacketLossTestCase(const std::string& collective)
        : TestCase("trainings end whatever is lost: " + collective),
          m_collective(collective)
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        setting.collective = m_collective;
        setting.segmentBytes = 1460;
        setting.onMachines = m_collective == "RingAllReduce";
        if (m_collective == "ParameterExchange")
        {
            setting.channel = "ParameterMachine";
        }
        const BenchOutcome whole = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(whole.error, "", "without loss");
        for (const double dropRate : {0.1, 0.9, 1.0})
        {
            setting.dropRate = dropRate;
            const BenchOutcome lossy = Train(setting);
            NS_TEST_EXPECT_MSG_LT(lossy.end, Seconds(2000), "p = " << dropRate << ": too long");
            for (const std::string& error : lossy.errors)
            {
                NS_TEST_EXPECT_MSG_NE(error.find("failed while"), std::string::npos, error);
            }
            if (lossy.errors.empty() && m_collective != "AsynchronousExchange" &&
                m_collective != "StaleExchange")
            {
                NS_TEST_EXPECT_MSG_EQ((lossy.models == whole.models), true, "other bits");
            }
            if (dropRate == 1)
            {
                NS_TEST_EXPECT_MSG_EQ(lossy.errors.size(), 4, "done without any packet");
            }
            else if (dropRate < 0.5)
            {
                const BenchOutcome again = Train(setting);
                NS_TEST_EXPECT_MSG_EQ(again.ledger, lossy.ledger, "another ledger");
                NS_TEST_EXPECT_MSG_EQ((again.log == lossy.log), true, "another trace");
                NS_TEST_EXPECT_MSG_EQ((lossy.log == whole.log), false, "loss does not matter");
            }
        }
    }

    std::string m_collective; //!< class
};

/**
 * Set-up: 10 functions over S3, one round, segments of 1,460 bytes.
 * Stimulus: packets are lost with probability 0.2 and 0.3.
 * Expected: the run ends, although connections are closed whose other end is gone, for which TCP
 * repeats its last packet without end: the simulator stops with the last worker, within 2,000 s.
 */
class OpenEndTestCase : public TestCase
{
  public:
    OpenEndTestCase()
        : TestCase("trainings end although TCP never gives the end of a connection up")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        setting.workers = 10;
        setting.samples = 1000;
        setting.rounds = 1;
        setting.dataBytes = 80000;
        setting.epochSeconds = 80;
        setting.segmentBytes = 1460;
        for (const double dropRate : {0.2, 0.3})
        {
            setting.dropRate = dropRate;
            const BenchOutcome outcome = Train(setting);
            NS_TEST_EXPECT_MSG_LT(outcome.end, Seconds(2000), "p = " << dropRate);
        }
    }
};

/**
 * Set-up: 4 functions, rounds of 1 s, one of which takes 10 or 80 times as long.
 * Expected: at 10 the other functions wait, so that rounds take 10 s, of which they synchronize for
 * 9 s or little more (exchanges over S3 with polls take 0.8 to 1.3 s); the bits are the same. At 80
 * the others give up after the 60 s of a collective's step, and say so; the slow one then finds no
 * sum, and says so too.
 */
class SlowFunctionTestCase : public TestCase
{
  public:
    SlowFunctionTestCase()
        : TestCase("a slow function is waited for, until the timeout")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        const BenchOutcome even = Train(setting);
        setting.slowWorkers = 1;
        setting.slowdown = 10;
        const BenchOutcome slow = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(slow.error, "", "the training failed");
        NS_TEST_EXPECT_MSG_EQ((slow.models == even.models), true, "other bits");
        NS_TEST_EXPECT_MSG_EQ_TOL(slow.GetRoundSeconds() - even.GetRoundSeconds(),
                                  9,
                                  0.5,
                                  "a round");
        const auto waiting = TrainingWorker::SYNCHRONIZING;
        NS_TEST_EXPECT_MSG_EQ_TOL(slow.seconds[waiting] - even.seconds[waiting],
                                  3 * 9.0 * 3 / 4, // mean of four workers, of which three wait
                                  1,
                                  "time of waiting");
        setting.slowdown = 80;
        const BenchOutcome stuck = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(stuck.errors.size(), 4, "not all failed");
        for (const std::string& error : stuck.errors)
        {
            NS_TEST_EXPECT_MSG_NE(error.find("not all workers' parts came within 60 s"),
                                  std::string::npos,
                                  error);
        }
    }
};

/**
 * Set-up: 4 functions, of which worker 1 breaks down 3 s after the start.
 * Expected: it says so, and when; bulk-synchronous, the others give up 60 s later, in one sentence
 * each; asynchronous, the others go on and are done. Its instance is billed until it breaks down:
 * functions without it cost more.
 */
class BrokenFunctionTestCase : public TestCase
{
  public:
    BrokenFunctionTestCase()
        : TestCase("a function that breaks down is reported")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        setting.failure = Seconds(3);
        const std::string sentence = "worker 1 failed while computing in round 2: it broke down";
        const BenchOutcome together = Train(setting);
        NS_TEST_EXPECT_MSG_EQ(together.error, sentence, "the first error");
        NS_TEST_ASSERT_MSG_EQ(together.errors.size(), 4, "not all failed");
        NS_TEST_EXPECT_MSG_NE(together.errors[0].find("not all workers' parts came within 60 s"),
                              std::string::npos,
                              together.errors[0]);
        setting.collective = "AsynchronousExchange";
        const BenchOutcome alone = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(alone.errors.size(), 1, "others failed too");
        NS_TEST_EXPECT_MSG_NE(alone.error.find("worker 1 failed"), std::string::npos, alone.error);
        setting.failure = Time(0);
        const BenchOutcome whole = Train(setting);
        NS_TEST_EXPECT_MSG_EQ(whole.error, "", "without a failure");
        NS_TEST_EXPECT_MSG_LT(alone.cost, whole.cost, "billed although it was gone");
    }
};

/**
 * Set-up: 12 functions, AllReduce over a store that takes any number of PUTs a second, 8, or 1.
 * Expected: at 8, refused requests are repeated, so that it takes longer and gives the same bits;
 * at 1 retries do not help: the run ends with a sentence that says so. What is not there yet is not
 * found, which is no refusal: without a limit none is counted.
 */
class ThrottleTestCase : public TestCase
{
  public:
    ThrottleTestCase()
        : TestCase("a throttled store makes trainings slow, then fail")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        setting.workers = 12;
        const BenchOutcome free = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(free.error, "", "without a limit");
        NS_TEST_EXPECT_MSG_EQ(free.throttled, 0, "refused without a limit");
        double rate = 8;
        setting.adjustChannel = [&rate](ObjectFactory& factory) {
            factory.Set("MaxPutRate", DoubleValue(rate));
        };
        const BenchOutcome slow = Train(setting);
        NS_TEST_EXPECT_MSG_EQ(slow.error, "", "at 8 a second");
        NS_TEST_EXPECT_MSG_GT(slow.end, free.end, "a limit takes no time");
        NS_TEST_EXPECT_MSG_GT(slow.throttled, 0, "nothing is refused");
        NS_TEST_EXPECT_MSG_EQ((slow.models == free.models), true, "other bits");
        rate = 1;
        const BenchOutcome stuck = Train(setting);
        NS_TEST_EXPECT_MSG_NE(stuck.error.find("the service takes no more requests a second"),
                              std::string::npos,
                              stuck.error);
    }
};

/**
 * Set-up: 10 workers, stale-synchronous with a step of slack, epochs of 1 s.
 * Stimulus: 1,005 samples in batches of 100, so that parts of 101 samples pass 1.98 epochs a round
 * and others 1, to 10 epochs; parts of 100 to a loss, with log-normal computations and packets lost
 * (none, 2 %), and with worker 0, whose loss counts, 3 times as fast as the last one.
 * Expected: no worker waits for one that has finished, so all end long before the timeout of
 * 60 s, and last rounds are at most one apart. Negative control: the loss is not reached in the
 * first rounds, and asynchronous workers, each by its own epochs, end 4 rounds apart and more.
 */
class StaleEndTestCase : public TestCase
{
  public:
    StaleEndTestCase()
        : TestCase("stale-synchronous workers wait for none that has finished")
    {
    }

  private:
    /**
     * Trains to its end.
     * @param setting the training
     * @param what it is, for messages
     * @return least and largest number of rounds
     */
    std::pair<uint32_t, uint32_t> TrainAll(const TrainingSetting& setting, const std::string& what)
    {
        const BenchOutcome outcome = Train(setting);
        NS_TEST_EXPECT_MSG_EQ(outcome.error, "", what);
        NS_TEST_EXPECT_MSG_LT(outcome.end, Seconds(60), what << ": a worker waited");
        const auto [least, most] =
            std::minmax_element(outcome.rounds.begin(), outcome.rounds.end());
        return {*least, *most};
    }

    void DoRun() override
    {
        TrainingSetting setting;
        setting.workers = 10;
        setting.samples = 1005;
        setting.batch = 100;
        setting.rounds = 0;
        setting.epochs = 10;
        setting.epochSeconds = 10;
        setting.collective = "AsynchronousExchange";
        const auto free = TrainAll(setting, "asynchronous");
        NS_TEST_EXPECT_MSG_EQ(free.second - free.first, 4, "rounds of unequal parts");
        setting.collective = "StaleExchange";
        const auto unequal = TrainAll(setting, "unequal parts");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(unequal.second - unequal.first, 1, "unequal parts");
        NS_TEST_EXPECT_MSG_GT_OR_EQ(unequal.first, 6, "unequal parts");

        setting.samples = 1000;
        setting.epochs = 0;
        setting.rounds = 100;
        setting.targetLoss = 0.68;
        setting.straggler = "ns3::LogNormalRandomVariable[Mu=0|Sigma=0.5]";
        setting.segmentBytes = 1460;
        for (const double dropRate : {0.0, 0.02})
        {
            for (const uint32_t slowWorkers : {0U, 1U, 9U})
            {
                setting.dropRate = dropRate;
                setting.slowWorkers = slowWorkers;
                setting.slowdown = 3;
                const auto reached = TrainAll(setting, "to a loss");
                NS_TEST_EXPECT_MSG_LT_OR_EQ(reached.second - reached.first, 1, "to a loss");
                NS_TEST_EXPECT_MSG_EQ((reached.first > 2 && reached.second < 99),
                                      true,
                                      reached.first << " rounds to a loss");
            }
        }
    }
};

/// The suite.
class FaultTestSuite : public TestSuite
{
  public:
    FaultTestSuite()
        : TestSuite("serverless-learning-fault", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        for (const char* collective : {"AllReduce",
                                       "ScatterReduce",
                                       "RingAllReduce",
                                       "ParameterExchange",
                                       "AsynchronousExchange",
                                       "StaleExchange"})
        {
            add(new PacketLossTestCase(collective));
        }
        add(new OpenEndTestCase);
        add(new StaleEndTestCase);
        add(new SlowFunctionTestCase);
        add(new BrokenFunctionTestCase);
        add(new ThrottleTestCase);
    }
};

FaultTestSuite g_faultTestSuite; //!< registers the suite

} // namespace
