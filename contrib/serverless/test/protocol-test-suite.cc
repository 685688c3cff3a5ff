/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Protocols: workers that wait for one another, and workers that do not.

#include "training-bench.h"

#include "ns3/learning-compatibility.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <utility>

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

/// The suite.
class ProtocolTestSuite : public TestSuite
{
  public:
    ProtocolTestSuite()
        : TestSuite("serverless-learning-protocol", Type::UNIT)
    {
        AddTestCase(new ProtocolsTestCase, learning::TestDuration::QUICK);
        AddTestCase(new OrderTestCase, learning::TestDuration::QUICK);
    }
};

ProtocolTestSuite g_protocolTestSuite; //!< registers the suite

} // namespace
