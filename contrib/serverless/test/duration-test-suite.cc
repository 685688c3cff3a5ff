/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How long collectives take, and which one is faster for which vectors.

#include "exchange-bench.h"

#include "ns3/analytic-model.h"
#include "ns3/learning-compatibility.h"
#include "ns3/test.h"

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: S3 (65 MB/s, 0.08 s) or, for rings, machines of 120 MB/s 0.5 ms apart; no deletions; the
 * service waits with its answers, so that nobody polls.
 * Stimulus: the second step, when connections stand, of m bytes.
 * Expected (A1-A3, A6): (w + 3)(m/B + L) and (3w - 2)(m/(wB) + L), and one latency more for each
 * LIST (one and two), which the closed forms leave out; (2w - 2)(m/(wB) + L) for rings; within 10
 * %, of the closed form as printed where that is the criterion of A1-A3 and A6.
 */
class DurationTestCase : public TestCase
{
  public:
    /**
     * @param check name of the acceptance check
     * @param type class of the collective
     * @param workers how many
     * @param bytes of a vector
     * @param expected duration in s
     */
    DurationTestCase(const std::string& check,
                     const std::string& type,
                     uint32_t workers,
                     uint64_t bytes,
                     double expected)
        : TestCase(check + " duration: " + type + ", " + std::to_string(workers) + " workers, " +
                   std::to_string(bytes) + " bytes, " + std::to_string(expected) + " s"),
          m_type(type),
          m_workers(workers),
          m_bytes(bytes),
          m_expected(expected)
    {
    }

  private:
    void DoRun() override
    {
        Exchange exchange;
        exchange.type = m_type;
        exchange.workers = m_workers;
        exchange.declared = m_bytes;
        exchange.steps = 2;
        exchange.waits = true;
        exchange.deletes = false;
        exchange.rate = m_type == "RingAllReduce" ? "960Mbps" : "520Mbps";
        const ExchangeOutcome outcome = RunExchange(exchange);
        NS_TEST_ASSERT_MSG_EQ(outcome.errors.size(), 0, "an exchange failed");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.longest.GetSeconds(),
                                  m_expected,
                                  0.1 * m_expected,
                                  "duration");
    }

    std::string m_type; //!< class of the collective
    uint32_t m_workers; //!< how many
    uint64_t m_bytes;   //!< of a vector
    double m_expected;  //!< duration in s
};

/**
 * Set-up: S3 as above, 5, 10, 20 and 50 workers.
 * Stimulus: AllReduce and ScatterReduce of 5 and 10 MB. Durations of both are linear in the size,
 * so the lines through them cross where both take as long; then sizes 5 % below and above that.
 * Expected (A4): the crossover is that of the closed forms with their lists, one and two, and the
 * round trip, within 5 %: it is between 5 and 10.5 MB (without lists 4.8 to 9.9). AllReduce is the
 * faster one 5 % below it, the slower one 5 % above.
 */
class CrossoverTestCase : public TestCase
{
  public:
    /**
     * @param workers how many
     */
    CrossoverTestCase(uint32_t workers)
        : TestCase("A4 AllReduce is faster below the crossover (5 to 10.5 MB, lists included), "
                   "ScatterReduce above: " +
                   std::to_string(workers) + " workers"),
          m_workers(workers)
    {
    }

  private:
    void DoRun() override
    {
        const double low = GetDifference(5e6);
        const double high = GetDifference(10e6);
        const double crossover = 5e6 - low * 5e6 / (high - low);
        AnalyticJob job;
        job.workers = m_workers;
        job.latency = 0.081;
        const auto predict = [&job](double bytes) {
            job.vectorBytes = bytes;
            job.pattern = ExchangePattern::ALL_REDUCE;
            const double one = Predict(job).communication;
            job.pattern = ExchangePattern::SCATTER_REDUCE;
            return one - Predict(job).communication;
        };
        const double expected = 5e6 - predict(5e6) * 5e6 / (predict(10e6) - predict(5e6));
        NS_TEST_EXPECT_MSG_EQ_TOL(crossover, expected, 0.05 * expected, "crossover");
        NS_TEST_EXPECT_MSG_EQ((crossover > 5e6 && crossover < 10.5e6), true, crossover);
        NS_TEST_EXPECT_MSG_LT(GetDifference(0.95 * crossover), 0, "below the crossover");
        NS_TEST_EXPECT_MSG_GT(GetDifference(1.05 * crossover), 0, "above the crossover");
    }

    /**
     * Compares the patterns.
     * @param bytes of a vector
     * @return duration of AllReduce less that of ScatterReduce, s
     */
    double GetDifference(double bytes) const
    {
        Exchange exchange;
        exchange.workers = m_workers;
        exchange.declared = static_cast<uint64_t>(bytes);
        exchange.steps = 2;
        exchange.waits = true;
        exchange.deletes = false;
        const Time one = RunExchange(exchange).longest;
        exchange.type = "ScatterReduce";
        return (one - RunExchange(exchange).longest).GetSeconds();
    }

    uint32_t m_workers; //!< how many
};

/// The suite.
class DurationTestSuite : public TestSuite
{
  public:
    DurationTestSuite()
        : TestSuite("serverless-learning-duration", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new DurationTestCase("A1", "ScatterReduce", 50, 224, 11.84));
        add(new DurationTestCase("A1", "ScatterReduce", 10, 224, 2.24));
        add(new DurationTestCase("A2", "AllReduce", 10, 12000000, 3.44));
        add(new DurationTestCase("A2", "ScatterReduce", 10, 12000000, 2.76));
        add(new DurationTestCase("A3", "AllReduce", 10, 89000000, 18.8));
        add(new DurationTestCase("A3", "ScatterReduce", 10, 89000000, 6.07));
        add(new DurationTestCase("A6", "RingAllReduce", 10, 12000000, 0.189));
        add(new DurationTestCase("A6", "RingAllReduce", 10, 89000000, 1.34));
        add(new DurationTestCase("A6", "RingAllReduce", 10, 224, 0.009));
        add(new CrossoverTestCase(5));
        add(new CrossoverTestCase(10));
        add(new CrossoverTestCase(20));
        AddTestCase(new CrossoverTestCase(50), learning::TestDuration::EXTENSIVE);
    }
};

DurationTestSuite g_durationTestSuite; //!< registers the suite

} // namespace
