/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Requests beyond what a storage service takes, and overwritten objects.

#include "region-bench.h"

#include "ns3/all-reduce.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/parameter-exchange.h"
#include "ns3/parameter-machine.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: stores that take at most 1,000 bytes, 5 PUTs a second, or that are ready after 10 s.
 * Stimulus: an object of 1,000 and one of 1,001 bytes; 30 PUTs at once from 30 clients without
 * retries, and 12 from 12 with them; a PUT at once; a PUT where the network loses all packets; a
 * GET of what never comes. Expected: too large; throttled: 5 at once pass, the rest is refused
 * without retries; all of 12 pass with them; answered when the service is ready (TCP repeats its
 * first segment); unreachable; timed out. All end.
 */
class LimitsTestCase : public TestCase
{
  public:
    LimitsTestCase()
        : TestCase("what is beyond a limit is refused, and every request ends")
    {
    }

  private:
    void DoRun() override
    {
        ObjectFactory store = MakeStore();
        store.Set("MaxObjectBytes", UintegerValue(1000));
        {
            RegionBench bench(1, store);
            std::vector<StorageFrame::Status> ends;
            const auto note = [&ends](const StorageReply& reply) { ends.push_back(reply.status); };
            bench.GetClient()->Put("b/1", Payload::OfSize(1000), note);
            bench.GetClient()->Put("b/2", Payload::OfSize(1001), note);
            bench.GetClient()->SetAttribute("RequestTimeout", TimeValue(Seconds(60)));
            bench.GetClient()->Get("b/3", true, note);
            StorageFrame push;
            push.operation = StorageFrame::PUSH;
            bench.GetClient()->Request(push, note);
            Simulator::Run();
            Simulator::Destroy();
            NS_TEST_ASSERT_MSG_EQ(ends.size(), 4, "a request did not end");
            NS_TEST_EXPECT_MSG_EQ(DescribeStatus(ends[0]),
                                  DescribeStatus(StorageFrame::OK),
                                  "1,000 bytes");
            NS_TEST_EXPECT_MSG_EQ(DescribeStatus(ends[1]),
                                  DescribeStatus(StorageFrame::TOO_LARGE),
                                  "1,001 bytes");
            NS_TEST_EXPECT_MSG_EQ(DescribeStatus(ends[2]),
                                  DescribeStatus(StorageFrame::TIMED_OUT),
                                  "nothing to wait for");
            NS_TEST_EXPECT_MSG_EQ(DescribeStatus(ends[3]),
                                  DescribeStatus(StorageFrame::REFUSED),
                                  "no parameter server");
        }
        store.Set("MaxPutRate", DoubleValue(5));
        NS_TEST_EXPECT_MSG_EQ(CountStored(store, 30, 0), 5, "let through without retries");
        NS_TEST_EXPECT_MSG_EQ(CountStored(store, 12, 4), 12, "let through with retries");
        store.Set("ProvisioningTime", StringValue("10s"));
        {
            RegionBench bench(1, store);
            Time answered;
            bench.GetClient()->Put("b/1", Payload::OfSize(1), [&](const StorageReply& reply) {
                answered = reply.IsOk() ? Simulator::Now() : Time(0);
            });
            Simulator::Run();
            Simulator::Destroy();
            NS_TEST_EXPECT_MSG_GT(answered, Seconds(10), "answered before it is ready");
        }
        RegionBench bench(1, MakeStore());
        bench.GetRegion().SetDropRate(1);
        StorageFrame::Status deaf = StorageFrame::OK;
        bench.GetClient()->Put("b/1", Payload::OfSize(1), [&](const StorageReply& reply) {
            deaf = reply.status;
        });
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(DescribeStatus(deaf),
                              DescribeStatus(StorageFrame::UNREACHABLE),
                              "all packets are lost");
    }

    /**
     * Puts from many clients at once.
     * @param store the store
     * @param clients how many
     * @param retries of each
     * @return objects stored
     */
    static uint32_t CountStored(const ObjectFactory& store, uint32_t clients, uint32_t retries)
    {
        RegionBench bench(clients, store);
        uint32_t stored = 0;
        for (uint32_t i = 0; i < clients; ++i)
        {
            bench.GetClient(i)->SetAttribute("MaxRetries", UintegerValue(retries));
            bench.GetClient(i)->Put(
                "b/" + std::to_string(i),
                Payload::OfSize(1),
                [&stored](const StorageReply& reply) { stored += reply.IsOk(); });
        }
        Simulator::Run();
        Simulator::Destroy();
        return stored;
    }
};

/**
 * Set-up: a store with a visibility delay of 1 s.
 * Stimulus: an object is put, then overwritten; read at once and 1 s later.
 * Expected: the old content, then the new one.
 */
class VisibilityTestCase : public TestCase
{
  public:
    VisibilityTestCase()
        : TestCase("an overwritten object keeps its old content for the visibility delay")
    {
    }

  private:
    void DoRun() override
    {
        ObjectFactory store = MakeStore();
        store.Set("VisibilityDelay", StringValue("1s"));
        RegionBench bench(1, store);
        const Ptr<StorageClient> client = bench.GetClient();
        std::vector<uint64_t> sizes;
        const auto ignore = [](const StorageReply&) {};
        const auto note = [&sizes](const StorageReply& reply) { sizes.push_back(reply.body.size); };
        client->Put("b/1", Payload::OfSize(1), ignore);
        client->Get("b/1", false, note);
        client->Put("b/1", Payload::OfSize(2), ignore);
        client->Get("b/1", false, note);
        Simulator::Schedule(Seconds(3), [&] { client->Get("b/1", false, note); });
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ((sizes == std::vector<uint64_t>{1, 1, 2}), true, "contents seen");
    }
};

/**
 * Set-up: a store whose connections pass 1,000 bytes a second, so that a request passes for a
 * while. Stimulus: a GET that waits for an object, which is there from the beginning, or appears
 * while the request passes. Expected: both are answered at the same time, Latency after the request
 * is through. Negative control: one that appears long after is answered later.
 */
class PassingTestCase : public TestCase
{
  public:
    PassingTestCase()
        : TestCase("a waiting request takes its latency whenever its object appears")
    {
    }

  private:
    /**
     * Gets an object.
     * @param appears when it is there
     * @return when it is answered
     */
    static Time Get(Time appears)
    {
        RegionBench bench(2, MakeStore(0.08, "8kbps"));
        const auto put = [&bench] { bench.GetService()->Preload("b/1", Payload::OfSize(1)); };
        Time answered;
        if (appears.IsZero())
        {
            put();
        }
        else
        {
            Simulator::Schedule(appears, put);
            // what is put in vain looks for those that wait
            Simulator::Schedule(Seconds(3), [&bench] {
                bench.GetClient(1)->Put("b/1", Payload::OfSize(1), [](const StorageReply&) {});
            });
        }
        bench.GetClient()->Get("b/1", true, [&](const StorageReply& reply) {
            answered = reply.IsOk() ? Simulator::Now() : Time(0);
        });
        Simulator::Run();
        Simulator::Destroy();
        return answered;
    }

    void DoRun() override
    {
        const Time first = Get(Time(0));
        NS_TEST_EXPECT_MSG_GT(first, MilliSeconds(80 + 10 + 10), "request and reply pass");
        NS_TEST_EXPECT_MSG_EQ_TOL(Get(MilliSeconds(10)), first, MicroSeconds(1), "on its way");
        NS_TEST_EXPECT_MSG_GT(Get(Seconds(2)), first + Seconds(1), "long after");
    }
};

/**
 * Set-up: one worker's part in an exchange.
 * Stimulus: a step that is given up at the moment in which it was begun.
 * Expected: nothing is asked of the service, and nothing is left to do.
 */
class GivenUpTestCase : public TestCase
{
  public:
    GivenUpTestCase()
        : TestCase("a step that is given up at once does not begin")
    {
    }

  private:
    void DoRun() override
    {
        RegionBench bench(1, MakeStore());
        const auto part = CreateObject<AllReduce>();
        part->Configure(0, 2, bench.GetClient());
        bool isTold = false;
        Simulator::Schedule(Seconds(1), [&] {
            part->Start("1", {1, 2, 3}, 0, [&isTold](const Collective::Result&) { isTold = true; });
            part->Cancel();
        });
        Simulator::Stop(Seconds(100));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(bench.m_log, "", "something was asked for");
        NS_TEST_EXPECT_MSG_EQ(isTold, false, "told");
        part->Dispose();
        Simulator::Destroy();
    }
};

/**
 * Set-up: one worker's part in an exchange through a parameter server, 100 numbers.
 * Stimulus: declared sizes of 0, 600 and 900 bytes, of numbers of 4 bytes.
 * Expected: what is pushed has 8 bytes a number, or twice what is declared: 800, 1,200, 1,800
 * bytes.
 */
class DeclaredTestCase : public TestCase
{
  public:
    DeclaredTestCase()
        : TestCase("declared sizes are those of 4-byte numbers")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& [declared, expected] :
             std::vector<std::pair<uint64_t, uint64_t>>{{0, 800}, {600, 1200}, {900, 1800}})
        {
            RegionBench bench(1, ObjectFactory("ns3::serverless::ParameterMachine"));
            DynamicCast<ParameterMachine>(bench.GetService())->SetWorkers(1);
            uint64_t pushed = 0;
            bench.GetService()->TraceConnectWithoutContext(
                "Request",
                Callback<void, const StorageRequestRecord&>(
                    [&pushed](const StorageRequestRecord& record) {
                        pushed += record.operation == StorageFrame::PUSH ? record.bytesUp : 0;
                    }));
            const auto part = CreateObject<ParameterExchange>();
            part->SetAttribute("NumberBytes", UintegerValue(8));
            part->SetAttribute("Timeout", TimeValue(Seconds(1000)));
            part->Configure(0, 1, bench.GetClient());
            Simulator::Schedule(Seconds(200), [part, size = declared] {
                part->Start("1", std::vector<double>(100), size, [](const Collective::Result&) {});
            });
            Simulator::Run();
            part->Dispose();
            Simulator::Destroy();
            NS_TEST_EXPECT_MSG_EQ(pushed, expected, declared << " bytes declared");
        }
    }
};

/**
 * Set-up: a store that lets one PUT through in 1,000 s; its requests take 80 ms and a round trip of
 * 1 ms. Stimulus: two PUTs of a client that repeats what is throttled up to 0 or 3 times, first
 * after 0.1 s.
 * Expected: the second PUT is refused 1 + MaxRetries times, and ends as throttled: 3 retries take
 * 0.1 + 0.2 + 0.4 s and as many requests longer, to 1 ms for their bytes.
 */
class RetriesTestCase : public TestCase
{
  public:
    RetriesTestCase()
        : TestCase("a throttled request is repeated MaxRetries times, each after twice as long")
    {
    }

  private:
    void DoRun() override
    {
        const double none = Put(0);
        NS_TEST_EXPECT_MSG_EQ_TOL(Put(3) - none, 0.7 + 3 * 0.081, 0.001, "time of 3 retries");
    }

    /**
     * Puts two objects.
     * @param retries of the client
     * @return when the second one is given up, s
     */
    double Put(uint32_t retries)
    {
        ObjectFactory store = MakeStore();
        store.Set("MaxPutRate", DoubleValue(0.001));
        RegionBench bench(1, store);
        const Ptr<StorageClient> client = bench.GetClient();
        client->SetAttribute("MaxRetries", UintegerValue(retries));
        client->SetAttribute("RetryDelay", TimeValue(MilliSeconds(100)));
        StorageFrame::Status status = StorageFrame::OK;
        Time told;
        client->Put("b/1", Payload::OfSize(1), [](const StorageReply&) {});
        client->Put("b/2", Payload::OfSize(1), [&](const StorageReply& reply) {
            status = reply.status;
            told = Simulator::Now();
        });
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(DescribeStatus(status),
                              DescribeStatus(StorageFrame::THROTTLED),
                              retries << " retries: end");
        NS_TEST_EXPECT_MSG_EQ(bench.m_refused, 1 + retries, retries << " retries: requests");
        return told.GetSeconds();
    }
};

/**
 * Set-up: a store that lets one request of each kind through in 1,000 s and bucket; then one that
 * lets 5 PUTs through a second. No retries.
 * Stimulus: PUT, LIST, GET and HEAD in one bucket; PUT in a second one; HEAD and GET of what is not
 * there and PUT in a third one; 10 PUTs at once after 100 s in which there was one.
 * Expected: LIST is of PUT's kind and HEAD of GET's, so that the second one of each kind is refused
 * (-); a bucket has rates of its own. What was not used is kept for a second: 5 of 10 pass.
 */
class QuotaTestCase : public TestCase
{
  public:
    QuotaTestCase()
        : TestCase("requests are limited by kind and bucket, with a second's reserve")
    {
    }

  private:
    void DoRun() override
    {
        ObjectFactory store = MakeStore();
        store.Set("MaxPutRate", DoubleValue(0.001));
        store.Set("MaxGetRate", DoubleValue(0.001));
        {
            RegionBench bench(1, store);
            const Ptr<StorageClient> client = bench.GetClient();
            client->SetAttribute("MaxRetries", UintegerValue(0));
            std::string passed;
            const auto note = [&passed](const StorageReply& reply) {
                passed += reply.IsOk() ? "+" : reply.status == StorageFrame::THROTTLED ? "-" : "?";
            };
            client->Put("a/1", Payload::OfSize(1), note);
            client->List("a/", 0, note);
            client->Get("a/1", false, note);
            client->Head("a/1", note);
            client->Put("b/1", Payload::OfSize(1), note);
            client->Head("c/1", note);
            client->Get("c/1", false, note);
            client->Put("c/1", Payload::OfSize(1), note);
            Simulator::Run();
            Simulator::Destroy();
            NS_TEST_EXPECT_MSG_EQ(passed, "+-+-+?-+", "requests that pass");
        }
        store.Set("MaxPutRate", DoubleValue(5));
        RegionBench bench(10, store);
        const auto ignore = [](const StorageReply&) {};
        bench.GetClient()->Put("b/first", Payload::OfSize(1), ignore);
        Simulator::Schedule(Seconds(100), [&] {
            for (uint32_t i = 0; i < 10; ++i)
            {
                bench.GetClient(i)->SetAttribute("MaxRetries", UintegerValue(0));
                bench.GetClient(i)->Put("b/" + std::to_string(i), Payload::OfSize(1), ignore);
            }
        });
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(bench.GetCount(StorageFrame::PUT), 1 + 5, "after 100 s");
    }
};

/**
 * Set-up: a cache of one thread, of which a request takes 10 ms, with a latency of 100 ms.
 * Stimulus: 8 PUTs at once from 8 clients.
 * Expected: one after another take the thread, but their latencies pass at the same time: the last
 * one is answered after 8 x 10 + 100 ms and two round trips of 1 ms, of which one makes the
 * connection; to 1 ms for their bytes.
 */
class ThreadTestCase : public TestCase
{
  public:
    ThreadTestCase()
        : TestCase("a thread is taken for the work of a request, not for its latency")
    {
    }

  private:
    void DoRun() override
    {
        ObjectFactory cache("ns3::serverless::RedisCache");
        cache.Set("Latency", StringValue("ns3::ConstantRandomVariable[Constant=0.1]"));
        cache.Set("ThreadTime", StringValue("10ms"));
        cache.Set("ProvisioningTime", StringValue("0s"));
        RegionBench bench(8, cache);
        uint32_t stored = 0;
        Time last;
        for (uint32_t i = 0; i < 8; ++i)
        {
            bench.GetClient(i)->Put("b/" + std::to_string(i),
                                    Payload::OfSize(1),
                                    [&](const StorageReply& reply) {
                                        stored += reply.IsOk();
                                        last = Simulator::Now();
                                    });
        }
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(stored, 8, "stored");
        NS_TEST_EXPECT_MSG_EQ_TOL(last.GetSeconds(), 0.08 + 0.1 + 0.002, 0.001, "the last one");
    }
};

/**
 * Set-up: a store that lets one PUT through in 1,000 s and bucket; retries after 100 s.
 * Stimulus: two PUTs; 1 s later, when the second one waits for its retry, all is given up and
 * another bucket is asked.
 * Expected: that is answered at once, within 0.2 s (a latency of 80 ms and a new connection), and
 * nobody hears of the second PUT.
 */
class GivenUpRetryTestCase : public TestCase
{
  public:
    GivenUpRetryTestCase()
        : TestCase("a retry that is given up holds nothing up")
    {
    }

  private:
    void DoRun() override
    {
        ObjectFactory store = MakeStore();
        store.Set("MaxPutRate", DoubleValue(0.001));
        RegionBench bench(1, store);
        const Ptr<StorageClient> client = bench.GetClient();
        client->SetAttribute("RetryDelay", TimeValue(Seconds(100)));
        bool isTold = false;
        Time answered;
        client->Put("a/1", Payload::OfSize(1), [](const StorageReply&) {});
        client->Put("a/2", Payload::OfSize(1), [&](const StorageReply&) { isTold = true; });
        Simulator::Schedule(Seconds(1), [&] {
            client->Cancel();
            client->Put("b/1", Payload::OfSize(1), [&](const StorageReply& reply) {
                answered = reply.IsOk() ? Simulator::Now() : Time(0);
            });
        });
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(isTold, false, "the PUT that was given up");
        NS_TEST_EXPECT_MSG_EQ_TOL(answered.GetSeconds(), 1.1, 0.1, "the other bucket");
    }
};

/// The suite.
class LimitTestSuite : public TestSuite
{
  public:
    LimitTestSuite()
        : TestSuite("serverless-learning-limit", Type::UNIT)
    {
        AddTestCase(new LimitsTestCase, learning::TestDuration::QUICK);
        AddTestCase(new VisibilityTestCase, learning::TestDuration::QUICK);
        AddTestCase(new PassingTestCase, learning::TestDuration::QUICK);
        AddTestCase(new GivenUpTestCase, learning::TestDuration::QUICK);
        AddTestCase(new DeclaredTestCase, learning::TestDuration::QUICK);
        AddTestCase(new RetriesTestCase, learning::TestDuration::QUICK);
        AddTestCase(new QuotaTestCase, learning::TestDuration::QUICK);
        AddTestCase(new ThreadTestCase, learning::TestDuration::QUICK);
        AddTestCase(new GivenUpRetryTestCase, learning::TestDuration::QUICK);
    }
};

LimitTestSuite g_limitTestSuite; //!< registers the suite

} // namespace
