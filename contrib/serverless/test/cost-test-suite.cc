/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What trainings cost, what the analytic model says, and how the simulation agrees with it.

#include "ns3/analytic-model.h"
#include "ns3/boolean.h"
#include "ns3/cost-ledger.h"
#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/rounds-estimator.h"
#include "ns3/serverless-training-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/synthetic-data.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/// A training whose time and cost are looked at; what it learns is small.
struct Setting
{
    std::string pattern{"AllReduce"};   //!< class of the collective
    std::string channel{"ObjectStore"}; //!< class of the service
    uint32_t workers{10};               //!< how many
    uint64_t modelBytes{224};           //!< declared
    uint32_t rounds{3};                 //!< to train
    double roundSeconds{0.1};           //!< computation of a round on each worker
    bool polls{true};                   //!< whether workers poll and delete
    std::string workerRate{"520Mbps"};  //!< of interfaces
    std::string startUp{"0:0"};         //!< of functions
    double serialization{-1};           //!< of the parameter server, below 0 for the default
    bool onMachines{false};             //!< instead of functions
    bool fastServer{false};             //!< whether the parameter server's link is free of limits
};

/// What came of it.
struct Outcome
{
    std::vector<double> ends; //!< of each round, s
    double end{0};            //!< of the job, s
    int64_t cost{0};          //!< nano-dollars
    std::string ledger;       //!< all items
    std::string error;        //!< or empty

    /**
     * Time of a round once workers are in step.
     * @return the mean of all but the first, s
     */
    double GetRoundSeconds() const
    {
        return (ends.back() - ends.front()) / static_cast<double>(ends.size() - 1);
    }
};

/**
 * Trains.
 * @param setting what
 * @return what came of it
 */
Outcome
Train(const Setting& setting)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    LearningTask task;
    task.training = learning::LogisticLaw(27, 10, 1, 0, 1).Generate(10 * setting.workers, 0);
    task.model =
        ObjectFactory("ns3::learning::LogisticRegression").Create<learning::LearningModel>();
    task.model->SetInput(task.training->GetShape(), 2);
    task.optimizer.SetTypeId("ns3::learning::StochasticGradientDescent");
    task.batchSize = 10;
    ServerlessTrainingHelper helper;
    helper.SetTask(task);
    helper.SetOptimization(ObjectFactory("ns3::serverless::AveragedGradients"));
    helper.SetWorkerRate(DataRate(setting.workerRate));
    ObjectFactory collective("ns3::serverless::" + setting.pattern);
    collective.Set("Timeout", TimeValue(Seconds(10000)));
    if (setting.pattern == "ParameterExchange")
    {
        collective.Set("NumberBytes", UintegerValue(8));
        if (setting.serialization >= 0)
        {
            collective.Set("SerializationTime", DoubleValue(setting.serialization));
        }
    }
    if (setting.pattern != "RingAllReduce" && !setting.polls)
    {
        collective.Set("Waits", BooleanValue(true));
        collective.Set("Deletes", BooleanValue(false));
    }
    helper.SetCollective(collective);
    if (setting.channel != "ObjectStore")
    {
        ObjectFactory channel("ns3::serverless::" + setting.channel);
        if (setting.channel == "ParameterMachine" && setting.serialization >= 0)
        {
            channel.Set("SerializationTime", DoubleValue(setting.serialization));
        }
        if (setting.fastServer)
        {
            channel.Set("ConnectionRate", StringValue("0bps"));
        }
        helper.SetChannel(channel);
    }
    const auto fleet = CreateObject<MachineFleet>();
    const auto platform = CreateObject<FunctionPlatform>();
    platform->SetAttribute("StartUpTable", StringValue(setting.startUp));
    platform->SetAttribute("Lifetime", TimeValue(Seconds(1e6)));
    if (setting.onMachines)
    {
        helper.SetFleet(fleet);
    }
    else
    {
        helper.SetPlatform(platform);
    }
    const Ptr<TrainingJob> job = helper.GetJob();
    job->workers = setting.workers;
    job->rounds = setting.rounds;
    job->dataBytes = 1000;
    job->modelBytes = setting.modelBytes;
    job->epochSeconds = setting.roundSeconds * setting.workers;
    job->evaluated = {0};
    helper.Install();
    const auto ledger = CreateObject<CostLedger>();
    for (uint32_t service = 0; service < helper.GetServiceCount(); ++service)
    {
        ledger->ObserveService(helper.GetService(service));
    }
    for (const Ptr<TrainingWorker>& worker : helper.GetWorkers())
    {
        ledger->ObserveWorker(worker, platform);
    }
    Simulator::Run();
    Outcome outcome;
    outcome.error = helper.GetError();
    outcome.end = helper.GetEndTime().GetSeconds();
    for (uint32_t service = 0; service < helper.GetServiceCount(); ++service)
    {
        ledger->AddNode(helper.GetService(service), helper.GetEndTime());
    }
    if (setting.onMachines)
    {
        ledger->AddMachines(fleet->GetMachineType(), setting.workers, helper.GetEndTime());
    }
    outcome.cost = ledger->GetTotal();
    outcome.ledger = ledger->Describe();
    for (const TrainingJob::Record& record : job->GetRecords())
    {
        outcome.ends.push_back(record.time.GetSeconds());
    }
    Simulator::Destroy();
    return outcome;
}

/**
 * Set-up: closed forms.
 * Expected: exchanges of A1 to A3 and A6 (11.84, 2.24, 3.44, 2.76, 18.8, 6.07, 0.189, 1.34, 0.009
 * s, to the digits given); the crossover 4.8, 7.6, 9.1 and 9.9 MB at 5, 10, 20 and 50 workers; A19:
 * 58 workers for C = 800 s and L = 0.08 s, where (3w - 2)L + C/w is least; A27: break-even at 0.258
 * and 0.472; the load as printed 123 s, corrected 12.3 s.
 */
class ClosedFormTestCase : public TestCase
{
  public:
    ClosedFormTestCase()
        : TestCase("A4, A19, A27 closed forms")
    {
    }

  private:
    void DoRun() override
    {
        const auto exchange =
            [](ExchangePattern pattern, uint32_t w, double m, double b, double l) {
                AnalyticJob job;
                job.pattern = pattern;
                job.workers = w;
                job.vectorBytes = m;
                job.rate = b;
                job.latency = l;
                return GetExchangeTime(job);
            };
        using P = ExchangePattern;
        NS_TEST_EXPECT_MSG_EQ_TOL(exchange(P::SCATTER_REDUCE, 50, 224, 65e6, 0.08),
                                  11.84,
                                  0.01,
                                  "A1");
        NS_TEST_EXPECT_MSG_EQ_TOL(exchange(P::ALL_REDUCE, 10, 12e6, 65e6, 0.08), 3.44, 0.01, "A2");
        NS_TEST_EXPECT_MSG_EQ_TOL(exchange(P::SCATTER_REDUCE, 10, 12e6, 65e6, 0.08),
                                  2.76,
                                  0.01,
                                  "A2");
        NS_TEST_EXPECT_MSG_EQ_TOL(exchange(P::ALL_REDUCE, 10, 89e6, 65e6, 0.08), 18.8, 0.05, "A3");
        NS_TEST_EXPECT_MSG_EQ_TOL(exchange(P::SCATTER_REDUCE, 10, 89e6, 65e6, 0.08),
                                  6.07,
                                  0.01,
                                  "A3");
        NS_TEST_EXPECT_MSG_EQ_TOL(exchange(P::RING, 10, 89e6, 120e6, 5e-4), 1.34, 0.01, "A6");
        for (const auto& [workers, megabytes] :
             std::vector<std::pair<uint32_t, double>>{{5, 4.8}, {10, 7.7}, {20, 9.1}, {50, 9.9}})
        {
            const double bytes = GetCrossoverBytes(workers, 65e6, 0.08);
            NS_TEST_EXPECT_MSG_EQ_TOL(bytes / 1e6, megabytes, 0.06, "crossover");
            NS_TEST_EXPECT_MSG_EQ_TOL(exchange(P::ALL_REDUCE, workers, bytes, 65e6, 0.08),
                                      exchange(P::SCATTER_REDUCE, workers, bytes, 65e6, 0.08),
                                      1e-9,
                                      "not equal at the crossover");
        }
        const double best = GetBestWorkers(800, 0.08);
        NS_TEST_EXPECT_MSG_EQ_TOL(best, 58, 0.5, "A19");
        const auto round = [](double w) { return (3 * w - 2) * 0.08 + 800 / w; };
        NS_TEST_EXPECT_MSG_EQ((round(best) < round(best - 1) && round(best) < round(best + 1)),
                              true,
                              "not the least");
        NS_TEST_EXPECT_MSG_EQ_TOL(GetBreakEvenRatio(0.0464, 3, 1.667e-5),
                                  0.258,
                                  0.001,
                                  "t2.medium");
        NS_TEST_EXPECT_MSG_EQ_TOL(GetBreakEvenRatio(0.085, 3, 1.667e-5), 0.472, 0.001, "c5.large");
        AnalyticJob higgs;
        higgs.workers = 10;
        higgs.dataBytes = 8e9;
        NS_TEST_EXPECT_MSG_EQ_TOL(PredictAsPrinted(higgs).load, 123, 0.5, "load as printed");
        NS_TEST_EXPECT_MSG_EQ_TOL(Predict(higgs).load, 12.3, 0.05, "load corrected");
    }
};

/**
 * Set-up: a ledger.
 * Stimulus: instances of 92.04 s in steps of 100 ms and 1 ms, of 3,008 MB; machines; a cache node.
 * Expected, to the nano-dollar, by hand in whole numbers: 921 steps x 0.1 s x 3008 MB x 16670 /
 * 1024; the total is the sum of the amounts; machines by the second, 60 at least; node-hours
 * pro-rated, or rounded up. A27: as durations of functions of 3 GB grow, they become dearer than
 * machines where the formula says, within 2 %. A15: ten jobs of 96 s and of 233 s on 10 workers
 * cost $0.47 and $0.31 within 5 % (unverified). Unknown tables and items are refused.
 */
class LedgerTestCase : public TestCase
{
  public:
    LedgerTestCase()
        : TestCase("A15 (unverified), A27 the ledger is exact")
    {
    }

  private:
    void DoRun() override
    {
        const auto ledger = CreateObject<CostLedger>();
        ledger->AddInstance(Seconds(92.04), MilliSeconds(100), 3008);
        // 92.1 s x 3008 MB x 16670 nano-dollars / 1024 MB = 4510055.39...
        NS_TEST_EXPECT_MSG_EQ(ledger->GetTotal(),
                              (921LL * 3008 * 16670 / 10 + 512) / 1024 + 200,
                              "");
        ledger->AddMachines("t2.medium", 3, Seconds(59.2));
        NS_TEST_EXPECT_MSG_EQ(ledger->GetEntries().back().GetAmount(),
                              3 * 60 * 46400000LL / 3600,
                              "");
        int64_t sum = 0;
        for (const CostLedger::Entry& entry : ledger->GetEntries())
        {
            sum += entry.GetAmount();
        }
        NS_TEST_EXPECT_MSG_EQ(ledger->GetTotal(), sum, "total");
        for (const bool rounds : {false, true})
        {
            const auto node = CreateObject<CostLedger>();
            node->SetAttribute("RoundsHours", BooleanValue(rounds));
            node->AddNode(ObjectFactory("ns3::serverless::MemcachedCache").Create<StorageService>(),
                          Seconds(900));
            NS_TEST_EXPECT_MSG_EQ(node->GetTotal(), rounds ? 68000000 : 17000000, "node-hours");
        }
        for (const auto& [type, ratio] :
             std::vector<std::pair<std::string, double>>{{"t2.medium", 0.258}, {"c5.large", 0.472}})
        {
            for (const double factor : {0.98, 1.02})
            {
                const auto function = CreateObject<CostLedger>();
                const auto machine = CreateObject<CostLedger>();
                function->AddInstance(Seconds(3600 * ratio * factor), MilliSeconds(1), 3072);
                machine->AddMachines(type, 1, Seconds(3600));
                NS_TEST_EXPECT_MSG_EQ((function->GetTotal() < machine->GetTotal()),
                                      (factor < 1),
                                      type << ": break-even");
            }
        }
        const auto functions = CreateObject<CostLedger>();
        const auto machines = CreateObject<CostLedger>();
        for (int i = 0; i < 100; ++i)
        {
            functions->AddInstance(Seconds(96), MilliSeconds(100), 3008);
            machines->AddMachines("t2.medium", 1, Seconds(233));
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(functions->GetTotal(), 470e6, 0.05 * 470e6, "A15: functions");
        NS_TEST_EXPECT_MSG_EQ_TOL(machines->GetTotal(), 310e6, 0.05 * 310e6, "A15: machines");
        for (const char* name : {"aws-1999", "aws-2020,vm:t2.medium", "aws-2020,s3:puts=1"})
        {
            bool isRefused = false;
            try
            {
                PriceTable table(name);
            }
            catch (const std::invalid_argument&)
            {
                isRefused = true;
            }
            NS_TEST_EXPECT_MSG_EQ(isRefused, true, name);
        }
        NS_TEST_EXPECT_MSG_EQ(PriceTable("aws-2020,vm:p3=3").GetPrice("vm:p3"), 3000000000, "new");
    }
};

/**
 * Set-up: w functions over S3 or Memcached (ScatterReduce), or machines in a ring; vectors of 224
 * B, 12 MB and 89 MB; polls and deletions off. Stimulus: three rounds; the time of the last two.
 * Expected (A18): the corrected analytic model within 10 %. The aggregate rate of
 * Memcached, 630 MB/s, counts where it is less than what all workers take. (w = 50 and 100 with
 * long vectors take minutes: they are run by hand.)
 */
class AnalyticTestCase : public TestCase
{
  public:
    /**
     * @param channel class of the service, or empty for a ring
     * @param workers how many
     * @param bytes of a vector
     */
    AnalyticTestCase(const std::string& channel, uint32_t workers, uint64_t bytes)
        : TestCase(
              "A18 simulation against analytic model: " + (channel.empty() ? "ring" : channel) +
              ", " + std::to_string(workers) + " workers, " + std::to_string(bytes) + " bytes"),
          m_channel(channel),
          m_workers(workers),
          m_bytes(bytes)
    {
    }

  private:
    void DoRun() override
    {
        Setting setting;
        setting.workers = m_workers;
        setting.modelBytes = m_bytes;
        setting.polls = false;
        AnalyticJob job;
        job.workers = m_workers;
        job.vectorBytes = static_cast<double>(m_bytes);
        job.roundSeconds = setting.roundSeconds * m_workers;
        if (m_channel.empty())
        {
            setting.pattern = "RingAllReduce";
            setting.workerRate = "960Mbps";
            job.pattern = ExchangePattern::RING;
            job.rate = 120e6;
            job.latency = 5e-4;
        }
        else
        {
            setting.pattern = "ScatterReduce";
            setting.channel = m_channel;
            job.rate = 65e6;
            job.aggregateRate = m_channel == "ObjectStore" ? 0 : 630e6;
            job.latency = m_channel == "ObjectStore" ? 0.081 : 0.011;
        }
        const Outcome outcome = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(outcome.error, "", "the training failed");
        const double expected = Predict(job).GetTotal();
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.GetRoundSeconds(), expected, 0.1 * expected, "a round");
    }

    std::string m_channel; //!< class of the service, or empty for a ring
    uint32_t m_workers;    //!< how many
    uint64_t m_bytes;      //!< of a vector
};

/**
 * Set-up: LR over different channels, w = 10: 22 rounds of GA, after 1.2 s of start-up and a load
 * of 12.4 s that is the same over all channels and is added, not simulated; so it takes about 45 s
 * over S3, as the channel table implies (section 13, item 2 of the reference). MobileNet: 12
 * MB, 2.19 s. Expected (A9, A16, A17; unverified): Memcached / S3 4.2 within 25 %, DynamoDB / S3
 * 0.83 within 10 %, parameter server / S3 3.85 within 25 %; MobileNet's iterations Memcached / S3
 * 0.77 within 10 %, parameter server / S3 about 4 within 25 %; its epoch of 39 iterations 221 s
 * within 10 % over S3 and 177 to 214 s over Memcached; DynamoDB refuses it. Interfaces are 65 to 70
 * MB/s.
 */
class ChannelsTestCase : public TestCase
{
  public:
    ChannelsTestCase()
        : TestCase("A9, A16, A17 (unverified) channels compared")
    {
    }

  private:
    void DoRun() override
    {
        Setting setting;
        setting.rounds = 22;
        setting.roundSeconds = 0.08;
        setting.startUp = "0:0,10:1.2";
        setting.workerRate = "560Mbps";
        const auto run = [&setting](const std::string& channel) {
            setting.channel = channel;
            setting.pattern = channel == "ParameterMachine" ? "ParameterExchange" : "AllReduce";
            return Train(setting);
        };
        const double load = 12.4;
        const double s3 = run("ObjectStore").end + load;
        NS_TEST_EXPECT_MSG_EQ_TOL((run("MemcachedCache").end + load) / s3, 4.2, 1.05, "Memcached");
        NS_TEST_EXPECT_MSG_EQ_TOL((run("DynamoTable").end + load) / s3, 0.83, 0.083, "DynamoDB");
        NS_TEST_EXPECT_MSG_EQ_TOL((run("ParameterMachine").end + load) / s3, 3.85, 0.96, "server");

        setting.rounds = 4;
        setting.roundSeconds = 2.19;
        setting.modelBytes = 12000000;
        setting.workerRate =
            "520Mbps"; // the lower end: at 70 MB/s the epoch over Memcached is 174 s
        const double store = run("ObjectStore").GetRoundSeconds();
        const double cache = run("MemcachedCache").GetRoundSeconds();
        NS_TEST_EXPECT_MSG_EQ_TOL(cache / store, 0.77, 0.077, "MobileNet: Memcached");
        NS_TEST_EXPECT_MSG_EQ_TOL(run("ParameterMachine").GetRoundSeconds() / store,
                                  4,
                                  1,
                                  "MobileNet: server");
        NS_TEST_EXPECT_MSG_EQ_TOL(39 * store, 221, 22, "A17: an epoch over S3");
        NS_TEST_EXPECT_MSG_EQ((39 * cache > 177 && 39 * cache < 214), true, "A17: " << 39 * cache);
        NS_TEST_EXPECT_MSG_NE(run("DynamoTable").error.find("larger than the service takes"),
                              std::string::npos,
                              "DynamoDB takes 12 MB");
        setting.modelBytes = 400000;
        NS_TEST_EXPECT_MSG_EQ(run("DynamoTable").error, "", "A9: 400 KB");
        setting.modelBytes = 400001;
        NS_TEST_EXPECT_MSG_NE(run("DynamoTable").error, "", "A9: 400 KB and a byte");
    }
};

/**
 * Set-up: MobileNet, 12 MB, 2.19 s a round, w = 10: a parameter server on a machine behind links of
 * 10 Gb/s, without time for serialization; S3; machines in a ring. Expected (A26): the hybrid's
 * rounds are shorter than those over S3, yet ten of them, with its machine, cost more than machines
 * do.
 */
class FastLinkTestCase : public TestCase
{
  public:
    FastLinkTestCase()
        : TestCase("A26 a fast link makes the hybrid faster, not cheaper")
    {
    }

  private:
    void DoRun() override
    {
        Setting setting;
        setting.modelBytes = 12000000;
        setting.roundSeconds = 2.19;
        setting.rounds = 10;
        setting.startUp = "0:0,10:1.2";
        const Outcome store = Train(setting);
        setting.workerRate = "10Gbps";
        setting.channel = "ParameterMachine";
        setting.pattern = "ParameterExchange";
        setting.serialization = 0;
        setting.fastServer = true;
        const Outcome hybrid = Train(setting);
        setting.channel = "ObjectStore";
        setting.pattern = "RingAllReduce";
        setting.workerRate = "960Mbps";
        setting.onMachines = true;
        const Outcome machines = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(store.error + hybrid.error + machines.error, "", "a training failed");
        NS_TEST_EXPECT_MSG_LT(hybrid.GetRoundSeconds(), store.GetRoundSeconds(), "rounds");
        // by the round, start-up left out: functions and server against machines
        const double perSecond = 10 * 2.9375 * 1.667e-5 + 0.68 / 3600;
        NS_TEST_EXPECT_MSG_GT(hybrid.GetRoundSeconds() * perSecond,
                              machines.GetRoundSeconds() * 10 * 0.0464 / 3600,
                              "cost of a round");
    }
};

/**
 * Set-up: 20,000 Higgs-like samples, 10 workers, model averaging.
 * Stimulus: rounds to 0.66, estimated on 10 %, 50 % and all samples.
 * Expected: on all samples the true number, by the definition; on 10 % within a factor of 2 of it.
 * Shares that are none are refused.
 */
class EstimatorTestCase : public TestCase
{
  public:
    EstimatorTestCase()
        : TestCase("rounds estimated on a sample")
    {
    }

  private:
    void DoRun() override
    {
        LearningTask task;
        task.training = learning::LogisticLaw(28, 100, 0.75, 0, 1).Generate(20000, 0);
        task.model =
            ObjectFactory("ns3::learning::LogisticRegression").Create<learning::LearningModel>();
        task.model->SetInput(task.training->GetShape(), 2);
        task.optimizer.SetTypeId("ns3::learning::StochasticGradientDescent");
        task.optimizer.Set("LearningRate", DoubleValue(0.1));
        task.batchSize = 200;
        task.parts.resize(10);
        for (uint32_t sample = 0; sample < 20000; ++sample)
        {
            task.parts[sample % 10].push_back(sample);
        }
        const ObjectFactory averaging("ns3::serverless::AveragedModels");
        const uint32_t all = EstimateRounds(task, averaging, 1, 0.66, 50);
        const uint32_t tenth = EstimateRounds(task, averaging, 0.1, 0.66, 50);
        NS_TEST_EXPECT_MSG_EQ((all >= 2 && all <= 50), true, "rounds on all samples: " << all);
        NS_TEST_EXPECT_MSG_EQ((tenth * 2 >= all && tenth <= 2 * all), true, tenth << " of " << all);
        NS_TEST_EXPECT_MSG_EQ(EstimateRounds(task, averaging, 1, 0.1, 3), 4, "never reached");
        bool isRefused = false;
        try
        {
            EstimateRounds(task, averaging, 0, 0.66, 50);
        }
        catch (const std::invalid_argument&)
        {
            isRefused = true;
        }
        NS_TEST_EXPECT_MSG_EQ(isRefused, true, "a share of 0");
    }
};

/**
 * Set-up: functions over DynamoDB and S3, with random start-ups.
 * Stimulus: the same training twice.
 * Expected (A28): the same ledger, item by item; another number of rounds gives another one.
 */
class RepeatTestCase : public TestCase
{
  public:
    RepeatTestCase()
        : TestCase("A28 the same seed gives the same ledger")
    {
    }

  private:
    void DoRun() override
    {
        Setting setting;
        setting.channel = "DynamoTable";
        const std::string first = Train(setting).ledger;
        NS_TEST_EXPECT_MSG_NE(first.find("dynamo:write"), std::string::npos, first);
        NS_TEST_EXPECT_MSG_EQ(Train(setting).ledger, first, "another ledger");
        setting.rounds = 4;
        NS_TEST_EXPECT_MSG_NE(Train(setting).ledger, first, "nothing matters");
    }
};

/// The suite.
class CostTestSuite : public TestSuite
{
  public:
    CostTestSuite()
        : TestSuite("serverless-learning-cost", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new ClosedFormTestCase);
        add(new LedgerTestCase);
        for (const char* channel : {"ObjectStore", "MemcachedCache", ""})
        {
            for (const uint32_t workers : {5, 10, 20})
            {
                add(new AnalyticTestCase(channel, workers, 224));
                add(new AnalyticTestCase(channel, workers, 12000000));
            }
            add(new AnalyticTestCase(channel, 50, 224));
        }
        for (const char* channel : {"ObjectStore", ""})
        {
            add(new AnalyticTestCase(channel, 5, 89000000));
        }
        add(new ChannelsTestCase);
        add(new FastLinkTestCase);
        add(new EstimatorTestCase);
        add(new RepeatTestCase);
    }
};

CostTestSuite g_costTestSuite; //!< registers the suite

} // namespace
