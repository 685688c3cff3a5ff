/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What goes wrong: lost packets, slow and broken functions, a throttled store, bad input.

#include "learning-tasks.h"
#include "training-bench.h"

#include "ns3/averaged-gradients.h"
#include "ns3/double.h"
#include "ns3/function-worker.h"
#include "ns3/learning-compatibility.h"
#include "ns3/region-helper.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <stdexcept>

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
            setting.adjustCollective = [](ObjectFactory& factory) {
                factory.Set("NumberBytes", UintegerValue(8));
            };
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
 * at 1 retries do not help: the run ends with a sentence that says so.
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
        double rate = 8;
        setting.adjustChannel = [&rate](ObjectFactory& factory) {
            factory.Set("MaxPutRate", DoubleValue(rate));
        };
        const BenchOutcome slow = Train(setting);
        NS_TEST_EXPECT_MSG_EQ(slow.error, "", "at 8 a second");
        NS_TEST_EXPECT_MSG_GT(slow.end, free.end, "a limit takes no time");
        NS_TEST_EXPECT_MSG_EQ((slow.models == free.models), true, "other bits");
        rate = 1;
        const BenchOutcome stuck = Train(setting);
        NS_TEST_EXPECT_MSG_NE(stuck.error.find("the service takes no more requests a second"),
                              std::string::npos,
                              stuck.error);
    }
};

/**
 * Set-up: functions whose lifetime is shorter than a round; whose memory is too small; more of them
 * than the platform runs; exchanges that make no sense; vectors that the channel does not take; a
 * partition that is not in the store.
 * Expected: each ends, in one sentence that says what would do; A11: 8 GB of Higgs and an expansion
 * of 2.5 need at least 7 workers of 3,008 MB; a partition that does not fit is an out-of-memory
 * event of a worker.
 */
class BadInputTestCase : public TestCase
{
  public:
    BadInputTestCase()
        : TestCase("A11 what cannot work says so, and ends")
    {
    }

  private:
    /**
     * Expects that a training fails.
     * @param setting what
     * @param sentence part of what is said
     */
    void ExpectError(const TrainingSetting& setting, const std::string& sentence)
    {
        std::string said;
        try
        {
            const BenchOutcome outcome = Train(setting);
            for (const std::string& error : outcome.errors)
            {
                said += error + "; ";
            }
        }
        catch (const std::invalid_argument& error)
        {
            said = error.what();
            Simulator::Destroy();
        }
        NS_TEST_EXPECT_MSG_NE(said.find(sentence), std::string::npos, "instead: " << said);
    }

    void DoRun() override
    {
        const auto platform = CreateObject<FunctionPlatform>();
        NS_TEST_EXPECT_MSG_EQ(platform->GetSmallestFleet(8000000000, 0), 7, "Higgs");
        NS_TEST_EXPECT_MSG_EQ(platform->GetSmallestFleet(1, 1100000000), 0, "a model of 1.1 GB");
        TrainingSetting setting;
        setting.dataBytes = 8000000000;
        setting.workers = 6;
        ExpectError(setting, "at least 7 workers are needed");
        setting = TrainingSetting();
        setting.epochSeconds = 4 * 800;
        setting.lifetime = Seconds(500);
        ExpectError(setting,
                    "killed at its lifetime of 500 s, which is too short to load and to compute "
                    "one round of 1 epochs");
        setting.lifetime = Seconds(810);
        ExpectError(setting, "is too short to load and to compute one round");
        setting = TrainingSetting();
        setting.concurrency = 3;
        ExpectError(setting, "4 workers: the platform runs no more functions at a time than 3");
        setting = TrainingSetting();
        setting.collective = "AsynchronousExchange";
        setting.optimization = "AveragedGradients";
        ExpectError(setting, "which ns3::serverless::AveragedGradients does not send");
        setting = TrainingSetting();
        setting.channel = "DynamoTable";
        setting.modelBytes = 400001;
        ExpectError(setting,
                    "PUT of temporary/1/000000, 400001 bytes: the object is larger than the "
                    "service takes, at most 400000 bytes");
        setting.modelBytes = 1100000000;
        ExpectError(setting, "the model alone does not fit");
        // one of 600 MB fits three times, but ADMM sends two of it
        setting = TrainingSetting();
        setting.modelBytes = 600000000;
        setting.optimization = "ConsensusAdmm";
        ExpectError(setting, "3600 MB of memory are needed, but an instance has 3008 MB");
        // where nothing is declared, real numbers count
        NS_TEST_EXPECT_MSG_EQ(GetVectorBytes("AveragedGradients"), 4 * 29, "a gradient");
        NS_TEST_EXPECT_MSG_EQ(GetVectorBytes("ConsensusAdmm"), 4 * (28 + 29), "weights, twice");
        CheckOutOfMemory();
        CheckMissingPartition();
    }

    /**
     * Bytes that a worker's vector has before the first round, nothing being declared.
     * @param optimization class
     * @return the bytes
     */
    static double GetVectorBytes(const std::string& optimization)
    {
        const auto part =
            ObjectFactory("ns3::serverless::" + optimization).Create<LocalOptimization>();
        part->Configure(MakeHiggs(100, 1, 10), 0);
        return TrainingJob().GetVectorBytes(*part);
    }

    /// A worker whose partition nobody stored.
    void CheckMissingPartition()
    {
        RegionHelper region(1, 1);
        region.InstallService(0, ObjectFactory("ns3::serverless::ObjectStore"));
        const auto worker = CreateObject<FunctionWorker>();
        worker->SetPlatform(CreateObject<FunctionPlatform>());
        worker
            ->Configure(Create<TrainingJob>(), 0, nullptr, nullptr, region.MakeClient(0), nullptr);
        region.GetWorker(0)->AddApplication(worker);
        worker->SetStartTime(Time(0));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(worker->GetError(),
                              "worker 0 failed while loading in round 1: partition data/0: there "
                              "is no such object",
                              "the sentence");
        Simulator::Destroy();
    }

    /// A worker of a fleet that was not planned.
    void CheckOutOfMemory()
    {
        RegionHelper region(1, 1);
        const auto store = region.InstallService(0, ObjectFactory("ns3::serverless::ObjectStore"));
        const auto job = Create<TrainingJob>();
        job->dataBytes = 1300000;
        const auto platform = CreateObject<FunctionPlatform>();
        platform->SetAttribute("Expansion", DoubleValue(2500));
        const auto worker = CreateObject<FunctionWorker>();
        worker->SetPlatform(platform);
        store->Preload(TrainingWorker::GetPartitionName(0), Payload::OfSize(1300000));
        const auto part = CreateObject<AveragedModels>();
        part->Configure(MakeHiggs(100, 1, 10), 0);
        worker->Configure(job, 0, part, nullptr, region.MakeClient(0), nullptr);
        region.GetWorker(0)->AddApplication(worker);
        worker->SetStartTime(Time(0));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(worker->GetState(), TrainingWorker::FAILED, "no out of memory");
        NS_TEST_EXPECT_MSG_NE(
            worker->GetError().find("out of memory: 3250 MB of memory are needed"),
            std::string::npos,
            worker->GetError());
        Simulator::Destroy();
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
        add(new SlowFunctionTestCase);
        add(new BrokenFunctionTestCase);
        add(new ThrottleTestCase);
        add(new BadInputTestCase);
    }
};

FaultTestSuite g_faultTestSuite; //!< registers the suite

} // namespace
