/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Requests to a storage service over TCP: bytes, names and times.

#include "region-bench.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/random-engine.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Random bytes.
 * @param count how many
 * @param seed the seed
 * @return the bytes
 */
std::vector<uint8_t>
DrawBytes(std::size_t count, uint64_t seed)
{
    learning::RandomEngine engine(seed);
    std::vector<uint8_t> bytes(count);
    for (uint8_t& byte : bytes)
    {
        byte = static_cast<uint8_t>(engine.Next());
    }
    return bytes;
}

/**
 * Set-up: an object store and two clients.
 * Stimulus: one PUTs objects of real bytes, of which some declare more than they have; when all are
 * stored the other GETs them.
 * Expected: the very bytes and the declared sizes, whatever the segment size, also where packets
 * are lost on the way.
 */
class BytesTestCase : public TestCase
{
  public:
    /**
     * @param segmentBytes of a TCP segment
     * @param dropRate of packets
     */
    BytesTestCase(uint32_t segmentBytes, double dropRate)
        : TestCase("what one puts another gets: segments of " + std::to_string(segmentBytes) +
                   " bytes, drop rate " + std::to_string(dropRate)),
          m_segmentBytes(segmentBytes),
          m_dropRate(dropRate)
    {
    }

  private:
    void DoRun() override
    {
        ObjectFactory store = MakeStore();
        store.Set("SegmentBytes", UintegerValue(m_segmentBytes));
        RegionBench bench(2, store);
        bench.GetRegion().SetDropRate(m_dropRate);
        const std::vector<std::pair<uint32_t, uint64_t>>
            sizes{{0, 0}, {1, 0}, {0, 70000}, {31, 32}, {63968, 0}, {200000, 0}, {1000, 1000000}};
        uint32_t stored = 0;
        uint32_t equal = 0;
        for (uint32_t i = 0; i < sizes.size(); ++i)
        {
            const auto bytes = DrawBytes(sizes[i].first, i);
            const Payload body = Payload::Of(bytes, sizes[i].second);
            const std::string name = "bucket/" + std::to_string(i);
            const auto compare = [&equal, bytes, body](const StorageReply& reply) {
                const bool same = bytes.empty() ? reply.body.GetDataSize() == 0
                                                : reply.body.data && *reply.body.data == bytes;
                equal += reply.IsOk() && same && reply.body.size == body.size;
            };
            bench.GetClient(0)->SetAttribute("SegmentBytes", UintegerValue(m_segmentBytes));
            bench.GetClient(1)->SetAttribute("SegmentBytes", UintegerValue(m_segmentBytes));
            bench.GetClient(0)->Put(name, body, [&, name, compare](const StorageReply& reply) {
                stored += reply.IsOk();
                bench.GetClient(1)->Get(name, false, compare);
            });
        }
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(stored, sizes.size(), "objects were not stored");
        NS_TEST_EXPECT_MSG_EQ(equal, sizes.size(), "objects did not come back as they were");
    }

    uint32_t m_segmentBytes; //!< of a TCP segment
    double m_dropRate;       //!< of packets
};

/**
 * Set-up: an object store with pages of 10 keys.
 * Stimulus: 35 objects in one bucket and one in another; LIST, HEAD, DELETE, BATCH_DELETE, GET of
 * what is not there.
 * Expected: names in ascending order over all pages; the first page alone without Paginates, as in
 * the released code of LambdaML; sizes; nothing left.
 */
class NamesTestCase : public TestCase
{
  public:
    NamesTestCase()
        : TestCase("lists have pages, objects have sizes, what is deleted is gone")
    {
    }

  private:
    void DoRun() override
    {
        ObjectFactory store = MakeStore();
        store.Set("ListPage", UintegerValue(10));
        RegionBench bench(1, store);
        const Ptr<StorageClient> client = bench.GetClient();
        std::vector<std::string> names;
        for (uint32_t i = 0; i < 35; ++i)
        {
            names.push_back("a/" + std::to_string(100 + i));
            bench.GetService()->Preload(names.back(), Payload::OfSize(1000 + i));
        }
        bench.GetService()->Preload("b/1", Payload::OfSize(1));
        std::vector<std::string> all;
        std::vector<std::string> after;
        uint64_t size = 0;
        StorageFrame::Status missing = StorageFrame::OK;
        client->List("a/", 0, [&](const StorageReply& reply) { all = reply.names; });
        client->Head("a/107", [&](const StorageReply& reply) { size = reply.size; });
        client->Delete("a/100", [](const StorageReply&) {});
        client->BatchDelete({"a/101", "a/102"}, [](const StorageReply&) {});
        client->Get("a/101", false, [&](const StorageReply& reply) { missing = reply.status; });
        client->List("", 0, [&](const StorageReply& reply) { after = reply.names; });
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((all == names), true, "a list is wrong");
        NS_TEST_EXPECT_MSG_EQ(size, 1007, "a size is wrong");
        NS_TEST_EXPECT_MSG_EQ(DescribeStatus(missing),
                              DescribeStatus(StorageFrame::NOT_FOUND),
                              "a deleted object was found");
        NS_TEST_EXPECT_MSG_EQ(after.size(), 33, "a list after deletions is wrong");
        NS_TEST_EXPECT_MSG_EQ(after.back(), "b/1", "another bucket is missing");
        NS_TEST_EXPECT_MSG_EQ(bench.GetCount(StorageFrame::LIST), 8, "pages are requests");

        client->SetAttribute("Paginates", BooleanValue(false));
        client->List("a/", 0, [&](const StorageReply& reply) { all = reply.names; });
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(all.size(), 10, "a list without pages is wrong");
    }
};

/**
 * Set-up: a store with latency L = 80 ms and rate B = 65 MB/s a connection, a client of the same
 * rate; or one of the two rates out of the way; or ten clients that share an aggregate rate.
 * Stimulus: PUT, then GET of m = 12 MB (or 100 bytes).
 * Expected: each takes L + m/B (1 + 54/segment) + one round trip (1 ms), the 54 bytes being headers
 * of TCP, IP and link; within 1 % and 2.5 ms: one segment time (0.98 ms) at each of two hops, and
 * the slow start of small segments. Ten clients at an aggregate of 2 B take 10 m / 2 B. So segments
 * of 64,000 bytes are 3.6 % faster than those of 1,460.
 */
class TimeTestCase : public TestCase
{
  public:
    /**
     * @param network rate of the client
     * @param connection rate of a connection
     * @param aggregate rate of all connections
     * @param clients how many
     * @param bytes of the object
     * @param segmentBytes of a TCP segment
     * @param expected time of a request without its latency, in s
     */
    TimeTestCase(const std::string& network,
                 const std::string& connection,
                 const std::string& aggregate,
                 uint32_t clients,
                 uint64_t bytes,
                 uint32_t segmentBytes,
                 double expected)
        : TestCase("time of " + std::to_string(bytes) + " bytes: interface " + network +
                   ", connection " + connection + ", together " + aggregate + ", " +
                   std::to_string(clients) + " clients, segments of " +
                   std::to_string(segmentBytes)),
          m_network(network),
          m_connection(connection),
          m_aggregate(aggregate),
          m_clients(clients),
          m_bytes(bytes),
          m_segmentBytes(segmentBytes),
          m_expected(expected)
    {
    }

  private:
    void DoRun() override
    {
        ObjectFactory store = MakeStore(0.08, m_connection);
        store.Set("AggregateRate", StringValue(m_aggregate));
        store.Set("SegmentBytes", UintegerValue(m_segmentBytes));
        RegionBench bench(m_clients, store, m_network);
        Time put;
        Time get;
        Time begin;
        uint32_t left = m_clients;
        for (uint32_t i = 0; i < m_clients; ++i)
        {
            const Ptr<StorageClient> client = bench.GetClient(i);
            client->SetAttribute("SegmentBytes", UintegerValue(m_segmentBytes));
            const std::string name = "bucket/" + std::to_string(i);
            // a first request makes the connection and opens its window
            client->Put(name, Payload::OfSize(2000000), [](const StorageReply&) {});
            client->Get(name, false, [&](const StorageReply&) {
                if (--left != 0)
                {
                    return;
                }
                left = m_clients;
                begin = Simulator::Now();
                for (uint32_t j = 0; j < m_clients; ++j)
                {
                    Measure(bench, j, begin, put, get);
                }
            });
        }
        Simulator::Run();
        Simulator::Destroy();
        const double whole = m_expected * (1 + 54.0 / m_segmentBytes);
        const double slack = 0.0025 + 0.01 * whole;
        NS_TEST_EXPECT_MSG_EQ_TOL(put.GetSeconds(), 0.081 + whole, slack, "PUT");
        NS_TEST_EXPECT_MSG_EQ_TOL(get.GetSeconds(), 0.081 + whole, slack, "GET");
    }

    /**
     * Puts and gets an object.
     * @param bench the region
     * @param j index of the client
     * @param begin of the PUT
     * @param put receives its time
     * @param get receives that of the GET
     */
    void Measure(RegionBench& bench, uint32_t j, Time begin, Time& put, Time& get)
    {
        const Ptr<StorageClient> client = bench.GetClient(j);
        const std::string name = "bucket/m" + std::to_string(j);
        client->Put(name, Payload::OfSize(m_bytes), [=, &put, &get](const StorageReply&) {
            put = std::max(put, Simulator::Now() - begin);
            const Time middle = Simulator::Now();
            client->Get(name, false, [middle, &get](const StorageReply&) {
                get = std::max(get, Simulator::Now() - middle);
            });
        });
    }

    std::string m_network;    //!< rate of the client
    std::string m_connection; //!< rate of a connection
    std::string m_aggregate;  //!< rate of all connections
    uint32_t m_clients;       //!< how many
    uint64_t m_bytes;         //!< of the object
    uint32_t m_segmentBytes;  //!< of a TCP segment
    double m_expected;        //!< time without latency, in s
};

/// The suite.
class StorageTestSuite : public TestSuite
{
  public:
    StorageTestSuite()
        : TestSuite("serverless-learning-storage", Type::UNIT)
    {
        for (const uint32_t segmentBytes : {1460, 64000})
        {
            AddTestCase(new BytesTestCase(segmentBytes, 0), learning::TestDuration::QUICK);
        }
        AddTestCase(new BytesTestCase(1460, 0.05), learning::TestDuration::QUICK);
        AddTestCase(new NamesTestCase, learning::TestDuration::QUICK);
        const double whole = 12e6 / 65e6;
        const auto add = [this](const char* network,
                                const char* connection,
                                const char* aggregate,
                                uint32_t clients,
                                uint64_t bytes,
                                uint32_t segment,
                                double expected) {
            AddTestCase(
                new TimeTestCase(network, connection, aggregate, clients, bytes, segment, expected),
                learning::TestDuration::QUICK);
        };
        add("520Mbps", "520Mbps", "0bps", 1, 12000000, 64000, whole);
        add("520Mbps", "520Mbps", "0bps", 1, 12000000, 1460, whole);
        add("520Mbps", "0bps", "0bps", 1, 12000000, 64000, whole);
        add("10Gbps", "520Mbps", "0bps", 1, 12000000, 64000, whole);
        add("520Mbps", "520Mbps", "1040Mbps", 10, 12000000, 64000, 5 * whole);
        add("520Mbps", "520Mbps", "0bps", 10, 100, 64000, 0);
    }
};

StorageTestSuite g_storageTestSuite; //!< registers the suite

} // namespace
