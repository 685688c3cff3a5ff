/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Protocols: workers that wait for one another, and workers that do not.

#include "learning-tasks.h"
#include "region-bench.h"
#include "training-bench.h"

#include "ns3/asynchronous-exchange.h"
#include "ns3/learning-compatibility.h"
#include "ns3/local-fleet.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/training-job.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iomanip>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: 16 workers, 17,600 Higgs-like samples of which 60 % are dealt by label, 10 mini-batches
 * an epoch; epochs of about 1 s, whose length varies (log-normal, sigma 0.3); 60 epochs. Stimulus:
 * model averaging every epoch, bulk-synchronous and asynchronous over one object. Expected (A22):
 * the bulk-synchronous loss falls all the time; of the asynchronous steps at least 20 % rise, the
 * worst by at least 0.01; each worker has ended its first asynchronous step before its first
 * bulk-synchronous one, and its own model is then better than the start, whose loss is log 2. With
 * staleness 2 the end is no later than bulk-synchronous, and the final loss closer to its than the
 * asynchronous one.
 */
class ProtocolsTestCase : public TestCase
{
  public:
    ProtocolsTestCase()
        : TestCase("A22 asynchronous training is fast early but unstable, bulk-synchronous steady")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        setting.workers = 16;
        setting.samples = 17600;
        setting.evaluated = 4000;
        setting.batch = 110;
        setting.sorted = 0.6;
        setting.rounds = 60;
        setting.epochSeconds = 16;
        setting.straggler = "ns3::LogNormalRandomVariable[Mu=0|Sigma=0.3]";
        const BenchOutcome steady = Train(setting);
        setting.collective = "AsynchronousExchange";
        const BenchOutcome fast = Train(setting);
        setting.collective = "StaleExchange";
        setting.adjustCollective = [](ObjectFactory& factory) {
            factory.Set("Staleness", UintegerValue(2));
        };
        const BenchOutcome stale = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(steady.errors.size() + fast.errors.size() + stale.errors.size(),
                              0,
                              "a training failed");
        NS_TEST_EXPECT_MSG_EQ(CountRises(steady).first, 0, "bulk-synchronous steps rise");
        const auto [rises, worst] = CountRises(fast);
        NS_TEST_EXPECT_MSG_GT(rises, 0.2 * 59, "asynchronous steps that rise");
        NS_TEST_EXPECT_MSG_GT(worst, 0.01, "worst asynchronous step");
        for (uint32_t worker = 0; worker < setting.workers; ++worker)
        {
            NS_TEST_EXPECT_MSG_LT(fast.firstRounds[worker],
                                  steady.firstRounds[worker],
                                  "first step of worker " << worker);
            NS_TEST_EXPECT_MSG_LT(fast.firstLosses[worker],
                                  std::log(2),
                                  "the first step of worker " << worker << " is no progress");
        }
        NS_TEST_EXPECT_MSG_LT(fast.end, steady.end, "end");
        NS_TEST_EXPECT_MSG_LT(CountRises(stale).second, worst, "worst stale step");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(stale.end, steady.end, "the stale training ends later");
        const double loss = steady.records.back().loss;
        NS_TEST_EXPECT_MSG_LT(std::abs(stale.records.back().loss - loss),
                              std::abs(fast.records.back().loss - loss),
                              "the stale loss is no closer");
    }

    /**
     * Steps in which the loss rises.
     * @param outcome of a training
     * @return how many, and the largest rise
     */
    static std::pair<uint32_t, double> CountRises(const BenchOutcome& outcome)
    {
        std::pair<uint32_t, double> rises{0, 0};
        for (std::size_t i = 1; i < outcome.records.size(); ++i)
        {
            const double rise = outcome.records[i].loss - outcome.records[i - 1].loss;
            rises.first += rise > 0 ? 1 : 0;
            rises.second = std::max(rises.second, rise);
        }
        return rises;
    }
};

/**
 * Set-up: one worker, model averaging over one object.
 * Stimulus: asynchronous exchanges that PUT before they GET (NewFirst), or GET first (OldFirst).
 * Expected: with NewFirst the worker reads what it wrote, so three rounds are those of a worker
 * alone, bit by bit, and each PUT comes before its GET. With OldFirst it goes on with the model of
 * the round before, which is another training (negative control), and each GET comes first.
 */
class OrderTestCase : public TestCase
{
  public:
    OrderTestCase()
        : TestCase("asynchronous exchanges: NewFirst reads what it wrote, OldFirst what was there")
    {
    }

  private:
    void DoRun() override
    {
        TrainingSetting setting;
        setting.workers = 1;
        setting.collective = "AllReduce";
        const BenchOutcome alone = Train(setting);
        setting.collective = "AsynchronousExchange";
        const auto train = [&setting](const char* order) {
            setting.adjustCollective = [order](ObjectFactory& factory) {
                factory.Set("Order", StringValue(order));
            };
            return Train(setting);
        };
        const BenchOutcome newFirst = train("NewFirst");
        const BenchOutcome oldFirst = train("OldFirst");
        NS_TEST_ASSERT_MSG_EQ(alone.error + newFirst.error + oldFirst.error, "", "failed");
        NS_TEST_EXPECT_MSG_EQ((newFirst.models == alone.models), true, "NewFirst");
        NS_TEST_EXPECT_MSG_EQ((oldFirst.models == alone.models), false, "OldFirst");
        NS_TEST_EXPECT_MSG_EQ(GetOrder(newFirst.log), "PGPGPG", "NewFirst");
        NS_TEST_EXPECT_MSG_EQ(GetOrder(oldFirst.log), "GPGPGP", "OldFirst");
    }

    /**
     * Requests for the global model.
     * @param log states and requests
     * @return P for a PUT, G for a GET
     */
    static std::string GetOrder(const std::string& log)
    {
        std::string order;
        std::istringstream lines(log);
        for (std::string line; std::getline(lines, line);)
        {
            const bool isPartition = line.find(" data/") != std::string::npos;
            order += line.find(" PUT ") != std::string::npos                   ? "P"
                     : line.find(" GET ") != std::string::npos && !isPartition ? "G"
                                                                               : "";
        }
        return order;
    }
};

/// What parts of a stale exchange with bound 0 do.
struct StaleSteps
{
    std::vector<double> rates;     //!< of workers' interfaces, Mbit/s
    std::vector<double> starts;    //!< of workers, s
    double pollInterval{0.1};      //!< s
    uint64_t declared{0};          //!< bytes of a model
    uint32_t steps{2};             //!< of each worker, each as soon as the last one has ended
    std::vector<std::string> sums; //!< filled in: of all steps, by worker
};

/**
 * Runs them. Worker r brings step x 10^r, and another number that adds up to one that 4 bytes do
 * not hold: 1, and 2^-25 of each other worker.
 * @param exchange what to run, and filled in
 */
void
RunSteps(StaleSteps& exchange)
{
    const auto workers = static_cast<uint32_t>(exchange.rates.size());
    RegionBench bench(workers, MakeStore());
    std::vector<Ptr<StaleExchange>> parts;
    exchange.sums.resize(workers);
    std::function<void(uint32_t, uint32_t)> run = [&](uint32_t worker, uint32_t step) {
        parts[worker]->Start(std::to_string(step),
                             {step * std::pow(10, worker), worker == 0 ? 1 : 0x1p-25},
                             exchange.declared,
                             [&, worker, step](const Collective::Result& result) {
                                 std::ostringstream text;
                                 text << std::setprecision(17) << result.error;
                                 for (const double number : result.sum)
                                 {
                                     text << number << " ";
                                 }
                                 exchange.sums[worker] += text.str();
                                 if (result.error.empty() && step < exchange.steps)
                                 {
                                     run(worker, step + 1);
                                 }
                             });
    };
    for (uint32_t worker = 0; worker < workers; ++worker)
    {
        bench.GetRegion().SetWorkerRate(
            worker,
            DataRate(static_cast<uint64_t>(exchange.rates[worker] * 1e6)));
        parts.push_back(CreateObject<StaleExchange>());
        parts.back()->SetAttribute("Staleness", UintegerValue(0));
        parts.back()->SetAttribute("PollInterval", TimeValue(Seconds(exchange.pollInterval)));
        parts.back()->Configure(worker, workers, bench.GetClient(worker));
        Simulator::Schedule(Seconds(exchange.starts[worker]), [&run, worker] { run(worker, 1); });
    }
    Simulator::Run();
    for (const Ptr<StaleExchange>& part : parts)
    {
        part->Dispose();
    }
    Simulator::Destroy();
}

/**
 * Set-up: 3 workers that exchange with staleness 0 and look every 10 s: worker 0 at 1, 11 and 21 s,
 * worker 1 at 9 and 19 s. Stimulus: worker 2 comes at 15 s and finds all models, so that it and
 * worker 1 have stored those of step 2 when worker 0 finds those of step 1.
 * Expected: each sum is of the models of its own step, 111 times it, exactly, and has the precision
 * of the wire: 1 + 2 x 2^-25 is 1 in 4 bytes.
 */
class StepsApartTestCase : public TestCase
{
  public:
    StepsApartTestCase()
        : TestCase("a stale exchange takes no model that is further ahead than its bound")
    {
    }

  private:
    void DoRun() override
    {
        StaleSteps exchange{{520, 520, 520}, {1, 9, 15}, 10, 0, 2, {}};
        RunSteps(exchange);
        for (const std::string& sums : exchange.sums)
        {
            NS_TEST_EXPECT_MSG_EQ(sums, "111 1 222 1 ", "sums");
        }
    }
};

/**
 * Set-up: 3 workers that exchange models of 1 MB with staleness 0; worker 0 GETs one in 1 s, the
 * others in 0.1 s. Stimulus: three steps.
 * Expected: no model is deleted before worker 0 has read it, though the others are a step ahead by
 * then: all have all sums.
 */
class SlowReaderTestCase : public TestCase
{
  public:
    SlowReaderTestCase()
        : TestCase("a stale exchange keeps models for those that read slowly")
    {
    }

  private:
    void DoRun() override
    {
        StaleSteps exchange{{8, 520, 520}, {1, 1, 1}, 0.1, 1000000, 3, {}};
        RunSteps(exchange);
        for (const std::string& sums : exchange.sums)
        {
            NS_TEST_EXPECT_MSG_EQ(sums, "111 1 222 1 333 1 ", "sums");
        }
    }
};

/**
 * Set-up: the record of a training of three workers, which are asked by hand.
 * Stimulus and expected: rounds of 1/49 epoch, to one epoch, looked at every 10 rounds: it ends
 * with round 49, although 49 times 1/49 is less than 1, and this one is looked at, too.
 * Asynchronous workers: the rounds of worker 0 are recorded until it gives up, then those of worker
 * 1, from where that is. Stale-synchronous ones: when worker 0 reaches the loss in its first round,
 * and worker 1 has ended its second one, the training ends with the second round of all.
 */
class JobEndTestCase : public TestCase
{
  public:
    JobEndTestCase()
        : TestCase("a training ends, and is recorded, as its protocol says")
    {
    }

  private:
    void DoRun() override
    {
        LocalFleet fleet(MakeHiggs(300, 3, 10), ObjectFactory("ns3::serverless::AveragedModels"));
        const auto end = [&fleet](TrainingJob& job, uint32_t worker, uint32_t round) {
            return job.EndRound(*fleet.GetWorker(worker), round);
        };
        const auto getRounds = [](const TrainingJob& job) {
            std::vector<uint32_t> rounds;
            for (const TrainingJob::Record& record : job.GetRecords())
            {
                rounds.push_back(record.round);
            }
            return rounds;
        };
        using Rounds = std::vector<uint32_t>;

        const auto epoch = Create<TrainingJob>();
        epoch->evaluated = GetFirst(300);
        epoch->epochsPerRound = 1 / 49.0;
        epoch->epochs = 1;
        epoch->evaluateEvery = 10;
        uint32_t last = 1;
        while (last < 60 && !end(*epoch, 0, last))
        {
            ++last;
        }
        NS_TEST_ASSERT_MSG_LT(49 * (1 / 49.0), 1, "rounds that add up to an epoch, nearly");
        NS_TEST_EXPECT_MSG_EQ(last, 49, "rounds of an epoch");
        NS_TEST_EXPECT_MSG_EQ((getRounds(*epoch) == Rounds{10, 20, 30, 40, 49}), true, "records");

        const auto apart = Create<TrainingJob>();
        apart->evaluated = GetFirst(300);
        apart->isSynchronous = false;
        apart->isWaiting = false;
        apart->rounds = 100;
        end(*apart, 0, 1);
        end(*apart, 1, 1);
        end(*apart, 0, 2);
        end(*apart, 0, 3);
        apart->Leave(0);
        end(*apart, 2, 2);
        end(*apart, 1, 2);
        NS_TEST_EXPECT_MSG_EQ((getRounds(*apart) == Rounds{1, 2, 3, 2}), true, "who is recorded");

        const auto stale = Create<TrainingJob>();
        stale->evaluated = GetFirst(300);
        stale->isSynchronous = false;
        stale->rounds = 100;
        stale->targetLoss = 100; // any model's is less
        NS_TEST_EXPECT_MSG_EQ(end(*stale, 1, 1), false, "worker 0 alone is looked at");
        NS_TEST_EXPECT_MSG_EQ(end(*stale, 1, 2), false, "worker 0 alone is looked at");
        NS_TEST_EXPECT_MSG_EQ(end(*stale, 0, 1), false, "worker 1 is further");
        NS_TEST_EXPECT_MSG_EQ(end(*stale, 2, 1), false, "worker 1 is further");
        NS_TEST_EXPECT_MSG_EQ(end(*stale, 0, 2), true, "as far as the furthest");
        NS_TEST_EXPECT_MSG_EQ(end(*stale, 1, 3), true, "a round that was begun");
    }
};

/// The suite.
class ProtocolTestSuite : public TestSuite
{
  public:
    ProtocolTestSuite()
        : TestSuite("serverless-learning-protocol", Type::UNIT)
    {
        AddTestCase(new ProtocolsTestCase, learning::TestDuration::QUICK);
        AddTestCase(new OrderTestCase, learning::TestDuration::QUICK);
        AddTestCase(new StepsApartTestCase, learning::TestDuration::QUICK);
        AddTestCase(new SlowReaderTestCase, learning::TestDuration::QUICK);
        AddTestCase(new JobEndTestCase, learning::TestDuration::QUICK);
    }
};

ProtocolTestSuite g_protocolTestSuite; //!< registers the suite

} // namespace
