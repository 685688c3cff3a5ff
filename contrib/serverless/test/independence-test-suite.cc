/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What bulk-synchronous results depend on, and what not.

#include "prediction-bench.h"
#include "training-bench.h"

#include "ns3/abort.h"
#include "ns3/error-model.h"
#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/region-helper.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: 4 workers, 3 rounds of model averaging.
 * Stimulus: AllReduce over the object store, Memcached, Redis and DynamoDB; ScatterReduce and
 * staleness 0, on functions and on machines, with workers slow by chance and packets lost; another
 * number of host threads. A ring, and a parameter server.
 * Expected: the same bits, whatever the channel, the pattern over a store and the timing; more loss
 * takes longer. Ring and server to 1e-6, as they add up in another order, the ring with sums
 * rounded to binary32 (6e-8 of numbers below 1) at each of w - 1 = 3 hops, the server in 8 bytes;
 * the ring not with the same bits, so that the tolerance is needed. With another batch size the
 * bits differ (negative control).
 */
class IndependenceTestCase : public TestCase
{
  public:
    IndependenceTestCase()
        : TestCase("bulk-synchronous results do not depend on channel, pattern, platform and "
                   "timing")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        const BenchOutcome first = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(first.errors.size(), 0, "the training failed");
        const auto expectSame = [&](const std::string& what) {
            const BenchOutcome other = Train(setting);
            NS_TEST_EXPECT_MSG_EQ(other.errors.size(), 0, what << " failed");
            NS_TEST_EXPECT_MSG_EQ((other.models == first.models),
                                  true,
                                  what << " gives other bits");
            return other.end;
        };
        std::set<Time> ends;
        for (const char* channel : {"ObjectStore", "MemcachedCache", "RedisCache", "DynamoTable"})
        {
            setting.channel = channel;
            ends.insert(expectSame(channel));
        }
        NS_TEST_EXPECT_MSG_EQ(ends.size(), 4, "channels take the same time: are they used?");
        setting.channel = "ObjectStore";
        setting.collective = "ScatterReduce";
        expectSame("ScatterReduce");
        setting.collective = "StaleExchange";
        setting.adjustCollective = [](ObjectFactory& factory) {
            factory.Set("Staleness", UintegerValue(0));
        };
        expectSame("staleness 0");
        setting.adjustCollective = nullptr;
        setting.collective = "AllReduce";
        setting.threads = 3;
        expectSame("another number of threads");
        setting.straggler = "ns3::LogNormalRandomVariable[Mu=0|Sigma=0.7]";
        const Time before = expectSame("straggling");
        setting.segmentBytes = 1460;
        setting.dropRate = 0.02;
        NS_TEST_EXPECT_MSG_GT(expectSame("loss of packets"), before, "loss takes no time");
        setting.onMachines = true;
        setting.dropRate = 0;
        expectSame("machines");
        setting.batch = 21;
        const BenchOutcome other = Train(setting);
        NS_TEST_EXPECT_MSG_EQ((other.models == first.models), false, "nothing matters");
        NS_TEST_EXPECT_MSG_GT(GetDistance(other, first), 1e-4, "nothing matters much");

        TrainingSetting ring;
        ring.onMachines = true;
        ring.collective = "RingAllReduce";
        const BenchOutcome around = Train(ring);
        NS_TEST_EXPECT_MSG_LT(GetDistance(around, first), 1e-6, "ring");
        NS_TEST_EXPECT_MSG_EQ((around.models == first.models), false, "a ring adds in this order");
        TrainingSetting server;
        server.channel = "ParameterMachine";
        NS_TEST_EXPECT_MSG_LT(GetDistance(Train(server), first), 1e-6, "parameter server");
    }

    /**
     * Largest difference of parameters.
     * @param a a training
     * @param b another
     * @return the difference, over all workers; infinite if one failed
     */
    static double GetDistance(const BenchOutcome& a, const BenchOutcome& b)
    {
        double most = a.errors.empty() ? 0 : std::numeric_limits<double>::infinity();
        for (std::size_t worker = 0; worker < a.models.size(); ++worker)
        {
            for (std::size_t i = 0; i < a.models[worker].size(); ++i)
            {
                most =
                    std::max<double>(most, std::abs(a.models[worker][i] - b.models[worker].at(i)));
            }
        }
        return most;
    }
};

/**
 * Set-up: 10 workers, 1,005 samples in batches of 100, model averaging, 10 epochs: parts of 101
 * samples pass 1.98 epochs a round, the others 1.
 * Stimulus: S3; Memcached; computations of random length, so that another worker merges first.
 * Expected: 10 rounds, in which all parts have passed 10 epochs, and the same bits. By the epochs
 * of whoever merges first it would be 6 to 10.
 */
class EndTestCase : public TestCase
{
  public:
    EndTestCase()
        : TestCase(
              "the end by epochs does not depend on channel and timing where parts are unequal")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        setting.workers = 10;
        setting.samples = 1005;
        setting.batch = 100;
        setting.rounds = 0;
        setting.epochs = 10;
        setting.epochSeconds = 10;
        const BenchOutcome first = Train(setting);
        const auto expectSame = [&](const BenchOutcome& outcome, const std::string& what) {
            NS_TEST_EXPECT_MSG_EQ(outcome.error, "", what);
            NS_TEST_EXPECT_MSG_EQ((outcome.rounds == std::vector<uint32_t>(10, 10)),
                                  true,
                                  what << ": " << outcome.rounds.front() << " rounds");
            NS_TEST_EXPECT_MSG_EQ((outcome.models == first.models), true, what << ": other bits");
        };
        expectSame(first, "S3");
        setting.channel = "MemcachedCache";
        expectSame(Train(setting), "Memcached");
        setting.channel = "ObjectStore";
        for (const uint32_t run : {1U, 2U, 3U})
        {
            setting.run = run;
            setting.straggler = "ns3::LogNormalRandomVariable[Mu=0|Sigma=0.7]";
            expectSame(Train(setting), "stragglers, run " + std::to_string(run));
        }
    }
};

/**
 * Set-up: 8 asynchronous functions, at most 200 rounds, to a loss.
 * Stimulus: worker 0, whose loss counts, breaks down after 5 s.
 * Expected: another worker's loss counts from then on, and the loss is reached all the same.
 */
class ObserverTestCase : public TestCase
{
  public:
    ObserverTestCase()
        : TestCase("the loss is looked at although the first worker has broken down")
    {
    }

  private:
    void DoRun() override
    {
        uint32_t before = 0;
        const TrainingOutcome outcome = TrainAndPredict(
            [&before](ServerlessTrainingHelper& training) {
                training.SetCollective(ObjectFactory("ns3::serverless::AsynchronousExchange"));
                training.SetFailure(0, Seconds(5));
                const Ptr<TrainingJob> job = training.GetJob();
                job->evaluated = GetFirst(500);
                job->targetLoss = 0.67;
                Simulator::Schedule(Seconds(5), [job, &before] {
                    before = static_cast<uint32_t>(job->GetRecords().size());
                    NS_ABORT_MSG_IF(job->IsTargetReached(), "the loss is reached too early");
                });
            },
            200,
            1);
        NS_TEST_EXPECT_MSG_EQ(outcome.failed, 1, "one breaks down");
        NS_TEST_EXPECT_MSG_GT(before, 0, "nothing was looked at before");
        NS_TEST_EXPECT_MSG_EQ(outcome.isReached, true, "nobody looks at the loss");
    }
};

/**
 * Set-up: a region of two workers and a service, half of whose packets are dropped.
 * Stimulus: 64 packets at each of the three machines.
 * Expected: each loses others, as its losses are its own draws: two that agree in all would do so
 * with probability 2^-64. The same region again loses the same ones.
 */
class DropsTestCase : public TestCase
{
  public:
    DropsTestCase()
        : TestCase("machines lose packets independently of one another")
    {
    }

  private:
    /**
     * Draws what is lost.
     * @return for each machine, packet after packet
     */
    static std::vector<std::string> Drop()
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        RegionHelper region(2, 1);
        const auto service =
            region.InstallService(0, ObjectFactory("ns3::serverless::ObjectStore"));
        region.SetDropRate(0.5);
        std::vector<std::string> lost;
        for (const Ptr<Node>& node : {region.GetWorker(0), region.GetWorker(1), service->GetNode()})
        {
            for (uint32_t device = 0; device < node->GetNDevices(); ++device)
            {
                PointerValue model;
                if (node->GetDevice(device)->GetAttributeFailSafe("ReceiveErrorModel", model) &&
                    model.Get<ErrorModel>())
                {
                    lost.emplace_back();
                    for (int i = 0; i < 64; ++i)
                    {
                        lost.back() +=
                            model.Get<ErrorModel>()->IsCorrupt(Create<Packet>(100)) ? "x" : ".";
                    }
                }
            }
        }
        Simulator::Destroy();
        return lost;
    }

    void DoRun() override
    {
        const std::vector<std::string> lost = Drop();
        NS_TEST_ASSERT_MSG_EQ(lost.size(), 3, "machines that lose packets");
        NS_TEST_EXPECT_MSG_EQ(std::set<std::string>(lost.begin(), lost.end()).size(),
                              3,
                              "machines lose the same packets");
        NS_TEST_EXPECT_MSG_EQ((Drop() == lost), true, "other packets in the same run");
    }
};

/// The suite.
class IndependenceTestSuite : public TestSuite
{
  public:
    IndependenceTestSuite()
        : TestSuite("serverless-learning-independence", Type::UNIT)
    {
        AddTestCase(new IndependenceTestCase, learning::TestDuration::QUICK);
        AddTestCase(new EndTestCase, learning::TestDuration::QUICK);
        AddTestCase(new ObserverTestCase, learning::TestDuration::QUICK);
        AddTestCase(new DropsTestCase, learning::TestDuration::QUICK);
    }
};

IndependenceTestSuite g_independenceTestSuite; //!< registers the suite

} // namespace
