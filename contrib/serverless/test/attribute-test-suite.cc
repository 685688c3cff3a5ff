/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Attributes that no other suite sets: one small case each.

#include "learning-tasks.h"
#include "region-bench.h"
#include "training-bench.h"

#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/local-fleet.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * A constant random variable.
 * @param value of it
 * @return the attribute
 */
StringValue
Constant(const std::string& value)
{
    return StringValue("ns3::ConstantRandomVariable[Constant=" + value + "]");
}

/**
 * Set-up: 4 functions that begin at once, three rounds, each in an invocation of its own.
 * Stimulus: cold starts of 2 s and warm ones of 0.7 s; of 1 s and none.
 * Expected: all load first at 2 s, and start for 2 + 2 x 0.7 s: a cold start the first time, warm
 * ones the other two times; then at 1 s, and for 1 s.
 */
class StartsTestCase : public TestCase
{
  public:
    StartsTestCase()
        : TestCase("ColdStart is paid once, WarmStart at each invocation of itself")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        setting.startUp = "0:0";
        setting.roundsPerInvocation = 1;
        for (const auto& [cold, warm] : {std::pair{2.0, 0.7}, {1.0, 0.0}})
        {
            setting.adjustPlatform = [cold = cold, warm = warm](FunctionPlatform& platform) {
                platform.SetAttribute("ColdStart", Constant(std::to_string(cold)));
                platform.SetAttribute("WarmStart", Constant(std::to_string(warm)));
            };
            const BenchOutcome outcome = Train(setting);
            NS_TEST_ASSERT_MSG_EQ(outcome.error, "", "the training failed");
            NS_TEST_EXPECT_MSG_EQ(outcome.invocations[3], 3, "invocations");
            NS_TEST_EXPECT_MSG_EQ(outcome.firstLoads[3], Seconds(cold), "first load");
            NS_TEST_EXPECT_MSG_EQ_TOL(outcome.seconds[TrainingWorker::STARTING],
                                      cold + 2 * warm,
                                      1e-9,
                                      "starts");
        }
    }
};

/**
 * Set-up: 4 functions, rounds of 1 s at 3,008 MB.
 * Stimulus: half the memory; half the processors a MB; half the reference.
 * Expected: computation takes twice, twice and half as long, to the nanosecond's rounding.
 */
class ProcessorsTestCase : public TestCase
{
  public:
    ProcessorsTestCase()
        : TestCase("processors of a function grow with its memory")
    {
    }

  private:
    void DoRun() override
    {
        const auto compute = [](uint32_t memory, double perMegabyte, double reference) {
            TrainingSetting setting;
            setting.adjustPlatform = [=](FunctionPlatform& platform) {
                platform.SetAttribute("MemoryMegabytes", UintegerValue(memory));
                platform.SetAttribute("VcpusPerMegabyte", DoubleValue(perMegabyte));
                platform.SetAttribute("ReferenceVcpus", DoubleValue(reference));
            };
            return Train(setting).seconds[TrainingWorker::COMPUTING];
        };
        NS_TEST_EXPECT_MSG_EQ_TOL(compute(3008, 1.8 / 3008, 1.8), 3, 1e-7, "as declared");
        NS_TEST_EXPECT_MSG_EQ_TOL(compute(1504, 1.8 / 3008, 1.8), 6, 1e-7, "half the memory");
        NS_TEST_EXPECT_MSG_EQ_TOL(compute(3008, 0.9 / 3008, 1.8), 6, 1e-7, "half the share");
        NS_TEST_EXPECT_MSG_EQ_TOL(compute(3008, 1.8 / 3008, 0.9), 1.5, 1e-7, "half the reference");
    }
};

/**
 * Set-up: 4 machines, partitions of 65 MB.
 * Stimulus: data in the store, on disk, in memory.
 * Expected: loading takes at least 1 s at 65 MB/s, 30 us and s/(wB) = 65/1950 s, and no time.
 */
class SourceTestCase : public TestCase
{
  public:
    SourceTestCase()
        : TestCase("machines load nothing that they have in memory")
    {
    }

  private:
    void DoRun() override
    {
        const auto load = [](MachineFleet::Source source) {
            TrainingSetting setting;
            setting.onMachines = true;
            setting.source = source;
            setting.dataBytes = 260000000;
            return Train(setting).seconds[TrainingWorker::LOADING];
        };
        NS_TEST_EXPECT_MSG_GT(load(MachineFleet::STORE), 1, "store");
        NS_TEST_EXPECT_MSG_EQ_TOL(load(MachineFleet::DISK), 30e-6 + 65.0 / 1950, 1e-8, "disk");
        NS_TEST_EXPECT_MSG_EQ(load(MachineFleet::MEMORY), 0, "memory");
    }
};

/**
 * Set-up: 4 workers with 250 samples each, batches of 25, plain descent.
 * Stimulus: 10 rounds of model averaging after every mini-batch (LocalBatches = 1), and of gradient
 * averaging.
 * Expected: the same parameters to 1e-5 (binary32 sums in another order), since the mean of models
 * one step from a common one is a step along the mean gradient; a tenth of an epoch a round. With
 * LocalBatches = 2 they differ (negative control).
 */
class LocalBatchesTestCase : public TestCase
{
  public:
    LocalBatchesTestCase()
        : TestCase("model averaging after every mini-batch is gradient averaging")
    {
    }

  private:
    void DoRun() override
    {
        const auto task = MakeHiggs(1000, 4, 25);
        const auto train = [&task](const char* type, uint32_t batches) {
            ObjectFactory factory(std::string("ns3::serverless::") + type);
            if (batches != 0)
            {
                factory.Set("LocalBatches", UintegerValue(batches));
            }
            LocalFleet fleet(task, factory);
            for (uint32_t round = 0; round < 10; ++round)
            {
                fleet.Round();
            }
            return fleet.GetWorker(0);
        };
        const auto gradients = train("AveragedGradients", 0)->GetParameters();
        const auto one = train("AveragedModels", 1);
        const auto two = train("AveragedModels", 2)->GetParameters();
        NS_TEST_EXPECT_MSG_EQ_TOL(one->GetEpochsPerRound(), 0.1, 1e-12, "epochs");
        double far = 0;
        for (std::size_t i = 0; i < gradients.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(one->GetParameters()[i], gradients[i], 1e-5, "number " << i);
            far = std::max<double>(far, std::abs(two[i] - gradients[i]));
        }
        NS_TEST_EXPECT_MSG_GT(far, 1e-3, "two batches go unnoticed");
    }
};

/**
 * Set-up: 2 functions, AllReduce of 65 MB over S3 (80 ms a request, round trip 1 ms): the follower
 * polls for the sum while the leader fetches both models.
 * Stimulus: polls every 0.1 s and every 0.5 s.
 * Expected: two looks are the interval and a request, 81 ms, apart, within 5 ms (the leader's
 * transfers are in the service's way).
 */
class PollTestCase : public TestCase
{
  public:
    PollTestCase()
        : TestCase("workers look again after PollInterval")
    {
    }

  private:
    void DoRun() override
    {
        for (const double interval : {0.1, 0.5})
        {
            TrainingSetting setting = MakeTimedSetting(2, 65000000, 0.1);
            setting.rounds = 1;
            setting.adjustCollective = [interval](ObjectFactory& factory) {
                factory.Set("PollInterval", TimeValue(Seconds(interval)));
            };
            const BenchOutcome outcome = Train(setting);
            NS_TEST_ASSERT_MSG_EQ(outcome.error, "", "the training failed");
            std::vector<double> looks;
            std::istringstream lines(outcome.log);
            for (std::string line; std::getline(lines, line);)
            {
                if (line.find(" GET merged/") != std::string::npos)
                {
                    looks.push_back(1e-9 * std::stod(line));
                }
            }
            NS_TEST_ASSERT_MSG_GT(looks.size(), 3, "too few looks");
            for (std::size_t i = 1; i < looks.size(); ++i)
            {
                NS_TEST_EXPECT_MSG_EQ_TOL(looks[i] - looks[i - 1],
                                          interval + 0.081,
                                          0.005,
                                          "look " << i);
            }
        }
    }
};

/**
 * Time until requests of ten clients at once are answered.
 * @param service makes the service, which is there at once
 * @param bytes of the object that is asked for
 * @return s
 */
double
GetAtOnce(const ObjectFactory& service, uint64_t bytes)
{
    constexpr uint32_t CLIENTS = 10;
    RegionBench bench(CLIENTS, service, "10Gbps");
    bench.GetService()->Preload("bucket/object", Payload::OfSize(bytes));
    uint32_t answered = 0;
    Time last;
    Simulator::Schedule(Seconds(1), [&] {
        for (uint32_t client = 0; client < CLIENTS; ++client)
        {
            bench.GetClient(client)->Get("bucket/object", false, [&](const StorageReply& reply) {
                answered += reply.IsOk() && reply.body.size == bytes;
                last = Simulator::Now();
            });
        }
    });
    Simulator::Run();
    Simulator::Destroy();
    return answered == CLIENTS ? last.GetSeconds() - 1 : -1;
}

/**
 * Set-up: Redis whose thread copies 100 MB/s; ten clients with fast interfaces.
 * Stimulus: all GET 12 MB at once.
 * Expected: its one thread copies one after another, 10 x 0.12 s at least; with 10 threads all are
 * copied at once, in less than half of that (negative control: 0.12 s, and 120 MB at the node's
 * rate of 630 MB/s).
 */
class RedisTestCase : public TestCase
{
  public:
    RedisTestCase()
        : TestCase("Redis has one thread")
    {
    }

  private:
    void DoRun() override
    {
        ObjectFactory redis("ns3::serverless::RedisCache");
        redis.Set("ProvisioningTime", TimeValue(Time(0)));
        redis.Set("CopyRate", DoubleValue(1e8));
        const double one = GetAtOnce(redis, 12000000);
        NS_TEST_EXPECT_MSG_GT(one, 1.2, "one thread");
        NS_TEST_EXPECT_MSG_LT(one, 1.2 + 0.25, "one thread: no more than its last transfers");
        redis.Set("Threads", UintegerValue(10));
        const double ten = GetAtOnce(redis, 12000000);
        NS_TEST_EXPECT_MSG_EQ((ten > 0.12 && ten < 0.6), true, "ten threads: " << ten);
    }
};

/**
 * Set-up: an object store, 80 ms a request; 1, 2 or any number of threads, 0.5 s each.
 * Stimulus: ten clients GET a small object at once.
 * Expected: the last answer comes after 10, 5 or 1 times 0.5 s and 80 ms, and a connection's set-up
 * of 2 round trips, 2 ms, within 5 ms. ThreadTime counts without Threads, too: nobody waits then.
 */
class ThreadsTestCase : public TestCase
{
  public:
    ThreadsTestCase()
        : TestCase("requests queue for Threads, for ThreadTime each")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& [threads, turns] : {std::pair{1, 10}, {2, 5}, {0, 1}})
        {
            ObjectFactory store = MakeStore();
            store.Set("Threads", UintegerValue(threads));
            store.Set("ThreadTime", TimeValue(Seconds(0.5)));
            NS_TEST_EXPECT_MSG_EQ_TOL(GetAtOnce(store, 10),
                                      0.5 * turns + 0.082,
                                      0.005,
                                      threads << " threads");
        }
    }
};

/// The suite.
class AttributeTestSuite : public TestSuite
{
  public:
    AttributeTestSuite()
        : TestSuite("serverless-learning-attribute", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new StartsTestCase);
        add(new ProcessorsTestCase);
        add(new SourceTestCase);
        add(new LocalBatchesTestCase);
        add(new PollTestCase);
        add(new RedisTestCase);
        add(new ThreadsTestCase);
    }
};

AttributeTestSuite g_attributeTestSuite; //!< registers the suite

} // namespace
