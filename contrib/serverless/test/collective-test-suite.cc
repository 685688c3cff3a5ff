/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Collectives over an object store and between machines: sums, counts, lists, late workers.

#include "exchange-bench.h"

#include "ns3/learning-compatibility.h"
#include "ns3/test.h"

#include <utility>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: w workers with vectors of n normal variates of very different sizes, n a multiple of w or
 * not, fewer than w, or one.
 * Stimulus: three steps of each collective.
 * Expected (A7): all workers end with the same bits; each number is the sum of the inputs to 1e-6
 * of the sum of their magnitudes (binary32 rounds to 6e-8 of it, once an addition in a ring);
 * AllReduce and ScatterReduce give the same bits. With 8 bytes a number, to 1e-14.
 */
class SumTestCase : public TestCase
{
  public:
    /**
     * @param workers how many
     * @param numbers of a vector
     * @param numberBytes on the wire
     */
    SumTestCase(uint32_t workers, uint32_t numbers, uint32_t numberBytes)
        : TestCase("A7 sums: " + std::to_string(workers) + " workers, " + std::to_string(numbers) +
                   " numbers of " + std::to_string(numberBytes) + " bytes"),
          m_workers(workers),
          m_numbers(numbers),
          m_numberBytes(numberBytes)
    {
    }

  private:
    void DoRun() override
    {
        std::vector<double> first;
        for (const char* type : {"AllReduce", "ScatterReduce", "RingAllReduce"})
        {
            Exchange exchange;
            exchange.type = type;
            exchange.workers = m_workers;
            exchange.numbers = m_numbers;
            exchange.numberBytes = m_numberBytes;
            exchange.steps = 3;
            const ExchangeOutcome outcome = RunExchange(exchange);
            NS_TEST_ASSERT_MSG_EQ(outcome.errors.size(), 0, type << " failed");
            const auto [sum, magnitude] = AddUp(exchange, exchange.steps - 1);
            for (uint32_t worker = 0; worker < m_workers; ++worker)
            {
                NS_TEST_ASSERT_MSG_EQ((outcome.sums[worker] == outcome.sums[0]),
                                      true,
                                      type << ": worker " << worker << " has another sum");
            }
            NS_TEST_ASSERT_MSG_EQ(outcome.sums[0].size(), m_numbers, type << ": numbers lost");
            for (uint32_t i = 0; i < m_numbers; ++i)
            {
                NS_TEST_ASSERT_MSG_EQ_TOL(outcome.sums[0][i],
                                          sum[i],
                                          (m_numberBytes == 4 ? 1e-6 : 1e-14) * magnitude[i],
                                          type << ": a sum is wrong");
            }
            if (first.empty())
            {
                first = outcome.sums[0];
            }
            else if (std::string(type) == "ScatterReduce")
            {
                NS_TEST_EXPECT_MSG_EQ((outcome.sums[0] == first), true, "bits depend on pattern");
            }
        }
    }

    uint32_t m_workers;     //!< how many
    uint32_t m_numbers;     //!< of a vector
    uint32_t m_numberBytes; //!< on the wire
};

/**
 * Set-up: w workers, m = 10,007 bytes declared (not a multiple of w) or a vector's own.
 * Stimulus: one step, and two; all start together, or some late.
 * Expected (A5), exactly, whatever the timing: AllReduce w + 1 PUTs, 2w - 1 GETs that succeed,
 * (w + 1) m bytes up, (2w - 1) m down; ScatterReduce w^2 PUTs, 2w(w - 1) GETs, w(w - 1) DELETEs,
 * w m bytes up and 2(w - 1) m down. Together, AllReduce deletes in 2 batches but for the first
 * step, which has no older sum to delete.
 */
class CountsTestCase : public TestCase
{
  public:
    /**
     * @param workers how many
     * @param steps how many
     * @param declared bytes of a vector, 0 for its own
     * @param late whether some workers start late
     */
    CountsTestCase(uint32_t workers, uint32_t steps, uint64_t declared, bool late)
        : TestCase("A5 counts: " + std::to_string(workers) + " workers, " + std::to_string(steps) +
                   " steps, " + std::to_string(declared) + " bytes" + (late ? ", some late" : "")),
          m_workers(workers),
          m_steps(steps),
          m_declared(declared),
          m_late(late)
    {
    }

  private:
    void DoRun() override
    {
        Exchange exchange;
        exchange.workers = m_workers;
        exchange.steps = m_steps;
        exchange.declared = m_declared;
        if (m_late)
        {
            exchange.delays = {Seconds(0), Seconds(0.4), Seconds(1.3)};
        }
        const uint64_t w = m_workers;
        const uint64_t m = m_declared != 0 ? m_declared : 4 * exchange.numbers;
        const ExchangeOutcome one = RunExchange(exchange);
        NS_TEST_EXPECT_MSG_EQ(one.puts, m_steps * (w + 1), "AllReduce: PUT");
        NS_TEST_EXPECT_MSG_EQ(one.gets, m_steps * (2 * w - 1), "AllReduce: GET");
        NS_TEST_EXPECT_MSG_EQ(one.bytesUp, m_steps * (w + 1) * m, "AllReduce: bytes up");
        NS_TEST_EXPECT_MSG_EQ(one.bytesDown, m_steps * (2 * w - 1) * m, "AllReduce: bytes down");
        if (!m_late)
        {
            NS_TEST_EXPECT_MSG_EQ(one.batchDeletes, 2 * m_steps - 1, "AllReduce: batches");
        }
        NS_TEST_EXPECT_MSG_EQ((one.lists >= 2 * m_steps), true, "AllReduce: LIST");

        exchange.type = "ScatterReduce";
        const ExchangeOutcome all = RunExchange(exchange);
        NS_TEST_EXPECT_MSG_EQ(all.puts, m_steps * w * w, "ScatterReduce: PUT");
        NS_TEST_EXPECT_MSG_EQ(all.gets, m_steps * 2 * w * (w - 1), "ScatterReduce: GET");
        NS_TEST_EXPECT_MSG_EQ(all.deletes, m_steps * w * (w - 1), "ScatterReduce: DELETE");
        NS_TEST_EXPECT_MSG_EQ(all.bytesUp, m_steps * w * m, "ScatterReduce: bytes up");
        NS_TEST_EXPECT_MSG_EQ(all.bytesDown, m_steps * 2 * (w - 1) * m, "ScatterReduce: down");
    }

    uint32_t m_workers;  //!< how many
    uint32_t m_steps;    //!< how many
    uint64_t m_declared; //!< bytes of a vector
    bool m_late;         //!< whether some workers start late
};

/**
 * Set-up: 33 workers, pages of 1,000 keys: 33 x 32 = 1,056 pieces in one bucket.
 * Stimulus: ScatterReduce without deletions, reading all pages, or the first one from one bucket or
 * from four.
 * Expected (A8): with pages or with several buckets all workers have the sum, to 1e-6 of the sum of
 * magnitudes, as in A7. Negative control: a worker whose pieces
 * are beyond the first page never sees them, and fails at the timeout, as the released code.
 */
class PagesTestCase : public TestCase
{
  public:
    PagesTestCase()
        : TestCase("A8 33 workers: lists longer than a page")
    {
    }

  private:
    void DoRun() override
    {
        Exchange exchange;
        exchange.type = "ScatterReduce";
        exchange.workers = 33;
        exchange.deletes = false;
        ExpectSums(exchange, "with pages");
        exchange.paginates = false;
        exchange.buckets = 4;
        ExpectSums(exchange, "with four buckets");
        exchange.buckets = 1;
        exchange.timeout = Seconds(60);
        NS_TEST_EXPECT_MSG_NE(RunExchange(exchange).errors.size(), 0, "the first page alone");
    }

    /**
     * Expects that all workers end with the sum of the inputs.
     * @param exchange the collective
     * @param what of what
     */
    void ExpectSums(const Exchange& exchange, const char* what)
    {
        const ExchangeOutcome outcome = RunExchange(exchange);
        NS_TEST_ASSERT_MSG_EQ(outcome.errors.size(), 0, what);
        const auto [sum, magnitude] = AddUp(exchange, 0);
        for (uint32_t worker = 0; worker < exchange.workers; ++worker)
        {
            NS_TEST_ASSERT_MSG_EQ(outcome.sums[worker].size(), sum.size(), what);
            for (uint32_t i = 0; i < exchange.numbers; ++i)
            {
                NS_TEST_ASSERT_MSG_EQ_TOL(outcome.sums[worker][i],
                                          sum[i],
                                          1e-6 * magnitude[i],
                                          what << ": sum of worker " << worker);
            }
        }
    }
};

/**
 * Set-up: 4 workers; polls every 0.1 s; a timeout of 60 s.
 * Stimulus: one worker starts 30 s or 70 s late.
 * Expected: the others wait 30 s and end well; at 70 s they fail, with a sentence that says so.
 */
class StragglerTestCase : public TestCase
{
  public:
    StragglerTestCase()
        : TestCase("a straggler is waited for until the timeout")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* type : {"AllReduce", "ScatterReduce", "RingAllReduce"})
        {
            Exchange exchange;
            exchange.type = type;
            exchange.workers = 4;
            exchange.timeout = Seconds(60);
            exchange.delays = {Seconds(0), Seconds(0), Seconds(30), Seconds(0)};
            NS_TEST_EXPECT_MSG_EQ(RunExchange(exchange).errors.size(), 0, type << ": 30 s late");
            exchange.delays[2] = Seconds(70);
            const ExchangeOutcome outcome = RunExchange(exchange);
            NS_TEST_ASSERT_MSG_NE(outcome.errors.size(), 0, type << ": 70 s late");
            NS_TEST_EXPECT_MSG_NE(outcome.errors[0].find("60 s"),
                                  std::string::npos,
                                  "the sentence: " << outcome.errors[0]);
        }
    }
};

/**
 * Set-up: 5 workers, AllReduce with polls, some late; another run of the same in between.
 * Expected (A28, for collectives): the same requests at the same times.
 */
class RepeatTestCase : public TestCase
{
  public:
    RepeatTestCase()
        : TestCase("A28 the same requests at the same times")
    {
    }

  private:
    void DoRun() override
    {
        Exchange exchange;
        exchange.workers = 5;
        exchange.steps = 2;
        exchange.delays = {Seconds(0), Seconds(0.35)};
        const std::string first = RunExchange(exchange).log;
        Exchange other = exchange;
        other.type = "ScatterReduce";
        RunExchange(other);
        NS_TEST_EXPECT_MSG_EQ((RunExchange(exchange).log == first), true, "runs differ");
        NS_TEST_EXPECT_MSG_GT(first.size(), 1000, "nothing was logged");
    }
};

/// The suite.
class CollectiveTestSuite : public TestSuite
{
  public:
    CollectiveTestSuite()
        : TestSuite("serverless-learning-collective", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new SumTestCase(1, 7, 4));
        add(new SumTestCase(2, 7, 4));
        add(new SumTestCase(5, 20, 4));
        add(new SumTestCase(7, 29, 4));
        add(new SumTestCase(10, 3, 4));
        add(new SumTestCase(7, 29, 8));
        add(new CountsTestCase(2, 1, 0, false));
        add(new CountsTestCase(5, 2, 0, false));
        add(new CountsTestCase(10, 1, 10007, false));
        add(new CountsTestCase(7, 2, 10007, true));
        add(new PagesTestCase);
        add(new StragglerTestCase);
        add(new RepeatTestCase);
    }
};

CollectiveTestSuite g_collectiveTestSuite; //!< registers the suite

} // namespace
