/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Predicted beside simulated: for what time is paid, and what attributes say.

#include "prediction-bench.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/design-offers.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/learning-compatibility.h"
#include "ns3/start-up-table.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <string>

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

/**
 * Set-up: 50 functions that begin over 11 s, exchanges over S3 that do not wait for all.
 * Stimulus: asynchronous, 3 rounds of 2 s, also in two lives; stale by 4 rounds, 3 rounds, in which
 * nobody waits; stale by 1 and by none, 10 rounds of 0.1 s, in which those that begin early wait
 * for the last one, looking again and again. Expected: each is billed from its own begin to its own
 * end: cost within 10 %. Negative control: billed from its own begin to the end of the job it would
 * be dearer by more than that where nobody waits.
 */
class ApartTestCase : public TestCase
{
  public:
    ApartTestCase()
        : TestCase("predicted beside simulated: functions that begin late and do not wait")
    {
    }

  private:
    /**
     * Trains and compares.
     * @param collective class
     * @param staleness of a stale one
     * @param rounds to train
     * @param seconds of a round
     * @param life rounds of an instance, 0 for no limit
     */
    void Compare(const std::string& collective,
                 uint32_t staleness,
                 uint32_t rounds,
                 double seconds,
                 uint32_t life)
    {
        constexpr uint32_t FLEET = 50;
        const StartUpTable table("0:0,10:1.2,50:11");
        const TrainingOutcome outcome = TrainAndPredict(
            [&](ServerlessTrainingHelper& training) {
                training.SetTask(*MakeHiggs(2000, FLEET, 40));
                training.GetJob()->workers = FLEET;
                training.GetJob()->modelBytes = 0;
                training.GetJob()->epochSeconds = seconds * FLEET;
                training.GetPlatform()->SetAttribute("StartUpTable",
                                                     StringValue("0:0,10:1.2,50:11"));
                training.GetPlatform()->SetAttribute("RoundsPerInvocation", UintegerValue(life));
                ObjectFactory factory("ns3::serverless::" + collective);
                if (collective == "StaleExchange")
                {
                    factory.Set("Staleness", UintegerValue(staleness));
                }
                training.SetCollective(factory);
            },
            rounds,
            seconds);
        const std::string what = collective + " " + std::to_string(staleness);
        NS_TEST_ASSERT_MSG_EQ(outcome.error, "", what);
        NS_TEST_EXPECT_MSG_EQ(outcome.invocations, FLEET * (life == 0 ? 1 : 2), what);
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.predicted->dollars,
                                  outcome.dollars,
                                  0.1 * outcome.dollars,
                                  what);
        double skew = 0;
        for (uint32_t worker = 1; worker <= FLEET; ++worker)
        {
            skew += table.GetSeconds(FLEET) - table.GetSeconds(worker);
        }
        const double more = skew * 2.9375 * 1.667e-5; // of 3,008 MB
        NS_TEST_EXPECT_MSG_EQ((rounds > 3 || more > 0.15 * outcome.dollars),
                              true,
                              "the end does not matter: " << what);
    }

    void DoRun() override
    {
        Compare("AsynchronousExchange", 0, 3, 2, 0);
        Compare("AsynchronousExchange", 0, 3, 2, 2);
        Compare("StaleExchange", 4, 3, 2, 0);
        Compare("StaleExchange", 1, 10, 0.1, 0);
        Compare("StaleExchange", 0, 10, 0.1, 0);
    }
};

/**
 * Set-up: 40 functions that begin together, 5 rounds of ScatterReduce: the bucket has 40 x 39 =
 * 1,560 pieces, two pages of 1,000. Stimulus: lists of the bucket, or of a worker's own pieces.
 * Expected: predicted, a round takes a latency of 0.081 s more and 40 LISTs; simulated, time agrees
 * within 0.15 s a round, a poll and a half as in the suite of predictions, and cost within 3 %.
 */
class PagesTestCase : public TestCase
{
  public:
    PagesTestCase()
        : TestCase("predicted beside simulated: lists of several pages")
    {
    }

  private:
    static constexpr uint32_t ROUNDS = 5; //!< to train
    static constexpr uint32_t FLEET = 40; //!< workers

    /**
     * Trains, and compares with what is predicted.
     * @param listsBucket whether whole buckets are listed
     * @return what came of it
     */
    TrainingOutcome List(bool listsBucket)
    {
        const TrainingOutcome outcome = TrainAndPredict(
            [listsBucket](ServerlessTrainingHelper& training) {
                training.SetTask(*MakeHiggs(2000, FLEET, 50));
                training.GetJob()->workers = FLEET;
                training.GetPlatform()->SetAttribute("StartUpTable", StringValue("0:0"));
                ObjectFactory collective("ns3::serverless::ScatterReduce");
                collective.Set("ListsBucket", BooleanValue(listsBucket));
                training.SetCollective(collective);
            },
            ROUNDS,
            2);
        NS_TEST_EXPECT_MSG_EQ(outcome.error, "", "the training failed");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.exchange / ROUNDS,
                                  outcome.predicted->time.communication / ROUNDS,
                                  0.15,
                                  "a round");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.dollars,
                                  outcome.predicted->dollars,
                                  0.03 * outcome.dollars,
                                  "cost");
        return outcome;
    }

    void DoRun() override
    {
        const TrainingOutcome bucket = List(true);
        const TrainingOutcome own = List(false);
        NS_TEST_EXPECT_MSG_EQ_TOL(bucket.predicted->time.communication -
                                      own.predicted->time.communication,
                                  ROUNDS * 0.081,
                                  1e-9,
                                  "predicted");
        NS_TEST_EXPECT_MSG_GT_OR_EQ(bucket.requests, own.requests + ROUNDS * FLEET, "pages");
    }
};

/**
 * Set-up: 8 functions; attributes whose effect only a prediction that reads them has.
 * Stimulus and expected: a store that gives all workers 125 MB/s together: 800 MB are loaded in 6.4
 * s instead of 1.5 s, simulated to 0.15 s (the last segments), predicted with latency and round
 * trip. A disk with a latency of 2 s and 1,950 MB/s gives 100 MB, exactly. A parameter server that
 * serializes nothing: what workers serialize of 12 MB counts, 1.92 s a round; exchanges within 0.15
 * s a round. No deletions over DynamoDB: scans grow; cost within 5
 * %. Numbers of 8 bytes: 29 of them are 232 bytes. Random starts count with their mean: of 1,000
 * draws, within 4 standard errors.
 */
class AttributesTestCase : public TestCase
{
  public:
    AttributesTestCase()
        : TestCase("predicted beside simulated: attributes of store, exchange and platform")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t ROUNDS = 5;
        const TrainingOutcome shared = TrainAndPredict(
            [](ServerlessTrainingHelper& training) {
                ObjectFactory store("ns3::serverless::ObjectStore");
                store.Set("AggregateRate", StringValue("1Gbps"));
                training.SetStore(store);
                training.GetPlatform()->SetAttribute("StartUpTable", StringValue("0:0"));
            },
            1,
            2);
        NS_TEST_EXPECT_MSG_EQ_TOL(shared.load, 6.4, 0.15, "a shared rate, simulated");
        NS_TEST_EXPECT_MSG_EQ_TOL(shared.predicted->time.load,
                                  6.4 + 0.08 + 1e-3,
                                  1e-9,
                                  "a shared rate");

        const TrainingOutcome disk = TrainAndPredict(
            [](ServerlessTrainingHelper& training) {
                const auto fleet = CreateObject<MachineFleet>();
                fleet->SetAttribute("Source", StringValue("Disk"));
                fleet->SetAttribute("DiskLatency", TimeValue(Seconds(2)));
                training.SetFleet(fleet);
            },
            1,
            2);
        NS_TEST_EXPECT_MSG_EQ_TOL(disk.load, 2 + 100.0 / 1950, 1e-6, "a slow disk, simulated");
        NS_TEST_EXPECT_MSG_EQ_TOL(disk.predicted->time.load, disk.load, 1e-6, "a slow disk");

        const TrainingOutcome server = TrainAndPredict(
            [](ServerlessTrainingHelper& training) {
                ObjectFactory machine("ns3::serverless::ParameterMachine");
                machine.Set("SerializationTime", DoubleValue(0));
                training.SetChannel(machine);
                ObjectFactory collective("ns3::serverless::ParameterExchange");
                collective.Set("NumberBytes", UintegerValue(8));
                training.SetCollective(collective);
                training.GetPlatform()->SetAttribute("StartUpTable", StringValue("0:0"));
                training.GetJob()->modelBytes = 12000000;
            },
            ROUNDS,
            2);
        NS_TEST_EXPECT_MSG_GT(server.predicted->time.communication / ROUNDS, 1.92, "serialization");
        // in the first round workers pull the start, too
        NS_TEST_EXPECT_MSG_EQ_TOL(server.exchange / ROUNDS,
                                  server.predicted->time.communication / ROUNDS,
                                  0.15 + server.predicted->time.communication / ROUNDS / ROUNDS,
                                  "a server that serializes nothing");

        const TrainingOutcome kept = TrainAndPredict(
            [](ServerlessTrainingHelper& training) {
                training.SetChannel(ObjectFactory("ns3::serverless::DynamoTable"));
                ObjectFactory collective("ns3::serverless::AllReduce");
                collective.Set("Deletes", BooleanValue(false));
                training.SetCollective(collective);
            },
            20,
            2);
        NS_TEST_EXPECT_MSG_EQ_TOL(kept.dollars,
                                  kept.predicted->dollars,
                                  0.05 * kept.dollars,
                                  "no deletions");

        const TrainingOutcome wide = TrainAndPredict(
            [](ServerlessTrainingHelper& training) {
                ObjectFactory collective("ns3::serverless::AllReduce");
                collective.Set("NumberBytes", UintegerValue(8));
                training.SetCollective(collective);
                training.GetJob()->modelBytes = 0;
            },
            1,
            2);
        NS_TEST_EXPECT_MSG_EQ(wide.predicted->job.vectorBytes, 8 * 29, "numbers of 8 bytes");

        const auto platform = CreateObject<FunctionPlatform>();
        platform->SetAttribute("ColdStart", StringValue("ns3::ExponentialRandomVariable[Mean=1]"));
        platform->SetAttribute("WarmStart", StringValue("ns3::UniformRandomVariable[Min=0|Max=1]"));
        platform->AssignStreams(1);
        const PlatformOffer offer =
            MakeOffer(platform,
                      ObjectFactory("ns3::serverless::ObjectStore").Create<StorageService>(),
                      DataRate("520Mbps"),
                      10);
        NS_TEST_EXPECT_MSG_EQ_TOL(offer.startUp(10), 1.2 + 1, 4 / std::sqrt(1000), "cold starts");
        NS_TEST_EXPECT_MSG_EQ_TOL(offer.restart,
                                  0.5,
                                  4 * 0.289 / std::sqrt(1000),
                                  "starts of successors");
    }
};

/**
 * Set-up: 8 machines in a ring, gradient averaging with mini-batches of 50, parts of unequal size:
 * one of 50 samples, the others of 278 or 279, as many rounds and mini-batches for each.
 * Expected: a round is one epoch of the first and 0.18 of each other: the mean computation is
 * simulated and predicted alike (1e-6 s), and so is what all wait for the first (0.15 s a round, as
 * in the suite of predictions). By the epochs of worker 0 computation would be 3.5 times as long.
 */
class UnequalPartsTestCase : public TestCase
{
  public:
    UnequalPartsTestCase()
        : TestCase("predicted beside simulated: unequal parts")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t ROUNDS = 5;
        const TrainingOutcome outcome = TrainAndPredict(
            [](ServerlessTrainingHelper& training) {
                const auto task = MakeHiggs(2000, WORKERS, 50);
                auto& parts = task->parts;
                for (std::size_t sample = 50; sample < parts[0].size(); ++sample)
                {
                    parts[1 + sample % (WORKERS - 1)].push_back(parts[0][sample]);
                }
                parts[0].resize(50);
                training.SetTask(*task);
                training.SetOptimization(ObjectFactory("ns3::serverless::AveragedGradients"));
                training.SetFleet(CreateObject<MachineFleet>());
            },
            ROUNDS,
            2);
        NS_TEST_ASSERT_MSG_EQ(outcome.error, "", "the training failed");
        const AnalyticTime& time = outcome.predicted->time;
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.compute, time.computation, 1e-6, "computation");
        NS_TEST_EXPECT_MSG_LT(outcome.compute, 0.3 * ROUNDS * 2, "a mean part");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.exchange,
                                  time.communication + time.waiting,
                                  0.15 * ROUNDS,
                                  "waiting");
        NS_TEST_EXPECT_MSG_GT(time.waiting, 0.6 * ROUNDS * 2, "all wait for the first");
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
        AddTestCase(new ApartTestCase, learning::TestDuration::QUICK);
        AddTestCase(new PagesTestCase, learning::TestDuration::QUICK);
        AddTestCase(new AttributesTestCase, learning::TestDuration::QUICK);
        AddTestCase(new UnequalPartsTestCase, learning::TestDuration::QUICK);
    }
};

BillingTestSuite g_billingTestSuite; //!< registers the suite

} // namespace
