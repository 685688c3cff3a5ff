/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What senders learn of the blocks they sent, and blocks that are sent reliably.

#include "transport-bench.h"

#include "ns3/learning-compatibility.h"
#include "ns3/test.h"

#include <utility>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// Keeps what senders are told.
class DeliveryBook
{
  public:
    /**
     * Asks all transports, in both directions.
     * @param bench the transports
     */
    explicit DeliveryBook(TransportBench& bench)
    {
        for (uint32_t host = 0; host < bench.transports.size(); ++host)
        {
            for (const BlockDirection direction : {PUSH, PULL})
            {
                bench.transports[host]->SetDeliveryCallback(
                    direction,
                    [this, host](const BlockId& id, const SegmentMask& arrived) {
                        told[{host, id}].push_back(arrived);
                    });
            }
        }
    }

    std::map<std::pair<uint32_t, BlockId>, std::vector<SegmentMask>> told; //!< by sender and block
};

/**
 * Whether two masks are equal.
 * @param a one
 * @param b the other
 * @return true if so
 */
bool
AreEqual(const SegmentMask& a, const SegmentMask& b)
{
    bool equal = a.GetSize() == b.GetSize();
    for (uint32_t i = 0; equal && i < a.GetSize(); ++i)
    {
        equal = a.Test(i) == b.Test(i);
    }
    return equal;
}

/**
 * Whether a mask has nothing that another has not.
 * @param a one
 * @param b the other
 * @return true if so
 */
bool
IsPart(const SegmentMask& a, const SegmentMask& b)
{
    bool part = a.GetSize() == b.GetSize() || a.GetCount() == 0;
    for (uint32_t i = 0; part && i < a.GetSize(); ++i)
    {
        part = !a.Test(i) || b.Test(i);
    }
    return part;
}

/**
 * Set-up: three hosts on a star, error models at the hosts; all ask what arrived.
 * Stimulus: all send to all, in both directions, a block of 1, of 50 and of 6,500 segments (more
 * than one packet can tell of), each in round 0, reliably or not.
 * Expected: every sender is told once for each block. If control is spared it is told exactly the
 * mask that the receiver closed the block with, otherwise no segment that the receiver does not
 * have. Reliable blocks are whole up to p = 0.5, or 0.1 if control is dropped, too, and their
 * numbers the same to the bit; with nothing arriving, nothing is told to have arrived. Segments are
 * conserved, repeats included: sent = received + late + dropped, none twice, and sent = segments +
 * retransmitted. The simulation ends.
 */
class ToldTestCase : public TestCase
{
  public:
    /**
     * @param dropRate p
     * @param dropControl whether control segments are dropped, too
     * @param train segments in a packet
     * @param reliable how blocks are sent
     */
    ToldTestCase(double dropRate, bool dropControl, uint32_t train, bool reliable)
        : TestCase("senders are told: drop rate " + std::to_string(dropRate) +
                   (dropControl ? ", control dropped" : ", control spared") + ", trains of " +
                   std::to_string(train) + (reliable ? ", reliable" : "")),
          m_dropRate(dropRate),
          m_dropControl(dropControl),
          m_train(train),
          m_reliable(reliable)
    {
    }

  private:
    void DoRun() override
    {
        StarTopologyHelper star(3);
        star.SetErrorModel("ns3::learning::BernoulliErrorModel",
                           "DropRate",
                           DoubleValue(m_dropRate),
                           "DropControl",
                           BooleanValue(m_dropControl));
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(4, m_train));
        DeliveryBook book(bench);
        std::map<std::pair<uint32_t, BlockId>, std::vector<float>> sent;
        uint64_t segments = 0;
        uint32_t block = 0;
        for (const uint32_t length : {1, 50, 6500})
        {
            for (uint32_t from = 0; from < 3; ++from)
            {
                for (uint32_t to = 0; to < 3; ++to)
                {
                    // passes without end over the long blocks would tell nothing more
                    if (from != to && (length <= 50 || (from == 0 && m_dropRate < 0.9)))
                    {
                        const BlockId id{block % 2 == 0 ? PUSH : PULL, 0, block, to};
                        sent[{from, id}] = DrawBits(length, block++);
                        bench.Send(Time(0), from, id, sent[{from, id}], SegmentMask(), m_reliable);
                        segments += length;
                    }
                }
            }
        }
        Simulator::Run();
        bench.CloseAll();
        for (const auto& [key, values] : sent)
        {
            const auto& [from, id] = key;
            NS_TEST_ASSERT_MSG_EQ(book.told[key].size(), 1, "times that a sender is told");
            const SegmentMask& told = book.told[key].front();
            const SegmentMask& there =
                bench.receivers[id.peer].blocks[{id.direction, 0, id.block, from}].mask;
            NS_TEST_EXPECT_MSG_EQ((m_dropControl ? IsPart(told, there) : AreEqual(told, there)),
                                  true,
                                  "block " << id.block << ": told of " << told.GetCount()
                                           << " segments, of " << there.GetCount());
            // 7 ends in a row without an answer are the end: 1 in 10^5 at p = 0.1
            if (m_reliable && m_dropRate <= (m_dropControl ? 0.1 : 0.5))
            {
                NS_TEST_EXPECT_MSG_EQ((told.IsComplete() && there.IsComplete()),
                                      true,
                                      "block " << id.block << " is not whole");
                NS_TEST_EXPECT_MSG_EQ(
                    bench.IsExact(id.peer, {id.direction, 0, id.block, from}, values),
                    true,
                    "block " << id.block);
            }
            NS_TEST_EXPECT_MSG_EQ((m_dropRate < 1 || told.GetCount() == 0), true, "from nowhere");
        }
        NS_TEST_EXPECT_MSG_EQ(book.told.size(), sent.size(), "blocks told of");
        const TrafficLedger::Account total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.sent, segments + total.retransmitted, "transmissions");
        NS_TEST_EXPECT_MSG_EQ((m_reliable || total.retransmitted == 0), true, "repeats");
        NS_TEST_EXPECT_MSG_EQ(total.sent,
                              total.received + total.late + total.dropped,
                              "conservation");
        NS_TEST_EXPECT_MSG_EQ(total.duplicate, 0, "sent though it had arrived");
        Simulator::Destroy();
    }

    const double m_dropRate;  //!< p
    const bool m_dropControl; //!< whether control is dropped
    const uint32_t m_train;   //!< segments in a packet
    const bool m_reliable;    //!< how blocks are sent
};

/**
 * Set-up: two hosts on links of 1 Mbps: a segment takes 1.3 ms on each of two.
 * Stimulus: a block of 10 segments whose receiver closes it after 5 have come, or does not want it
 * at all.
 * Expected: the sender is told of the 5, or of none, once; a reliable one sends nothing again.
 */
class ClosedTestCase : public TestCase
{
  public:
    /**
     * @param reliable how the block is sent
     * @param wanted whether the receiver opens it
     */
    ClosedTestCase(bool reliable, bool wanted)
        : TestCase(std::string("senders are told of blocks ") +
                   (wanted ? "closed half-way" : "that nobody wants") +
                   (reliable ? ", reliable" : "")),
          m_reliable(reliable),
          m_wanted(wanted)
    {
    }

  private:
    void DoRun() override
    {
        StarTopologyHelper star(2);
        star.SetDeviceAttribute("DataRate", StringValue("1Mbps"));
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(100, 1));
        DeliveryBook book(bench);
        if (!m_wanted)
        {
            bench.transports[1]->SetReceiver(PUSH, nullptr);
        }
        const std::vector<float> values = DrawBits(250, 1);
        bench.Send(Time(0), 0, {PUSH, 0, 0, 1}, values, SegmentMask(), m_reliable);
        // of 162 bytes each; on the second link one segment time later
        Simulator::Schedule(MicroSeconds(162 * 8 * 13 / 2), [&bench] {
            bench.transports[1]->CloseBlock({PUSH, 0, 0, 0});
        });
        Simulator::Run();
        const auto& told = book.told[{0, {PUSH, 0, 0, 1}}];
        NS_TEST_ASSERT_MSG_EQ(told.size(), 1, "times that the sender is told");
        for (uint32_t i = 0; i < 10; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ((told[0].GetCount() != 0 && told[0].Test(i)),
                                  (m_wanted && i < 5),
                                  "segment " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(bench.GetTotal().sent, 10, "segments sent");
        NS_TEST_EXPECT_MSG_EQ(bench.GetTotal().late, (m_wanted ? 5 : 10), "late segments");
        Simulator::Destroy();
    }

    const bool m_reliable; //!< how the block is sent
    const bool m_wanted;   //!< whether the receiver opens it
};

/**
 * Set-up: two hosts on a star, blocks of 10 segments; nothing is lost.
 * Expected: who asks what arrived costs no byte more than who does not.
 */
class FreeTestCase : public TestCase
{
  public:
    FreeTestCase()
        : TestCase("asking costs nothing where all arrives")
    {
    }

  private:
    void DoRun() override
    {
        uint64_t bytes[2] = {0, 0};
        for (const bool asks : {false, true})
        {
            StarTopologyHelper star(2);
            star.Build();
            TransportBench bench(star.GetHosts(),
                                 TransportBench::GetAddresses(star.GetHosts()),
                                 TransportBench::MakeTransports(100, 4));
            std::unique_ptr<DeliveryBook> book;
            if (asks)
            {
                book = std::make_unique<DeliveryBook>(bench);
            }
            bench.Send(Time(0), 0, {PUSH, 0, 0, 1}, DrawBits(250, 1));
            Simulator::Run();
            bytes[asks] = bench.GetTotal().bytes;
            Simulator::Destroy();
        }
        NS_TEST_EXPECT_MSG_EQ(bytes[1], bytes[0], "bytes");
        NS_TEST_EXPECT_MSG_GT(bytes[0], 1000, "bytes");
    }
};

/// What senders learn.
class DeliveryTestSuite : public TestSuite
{
  public:
    DeliveryTestSuite()
        : TestSuite("distributed-learning-delivery", Type::UNIT)
    {
        for (const double dropRate : {0.0, 0.1, 0.5, 0.9, 1.0})
        {
            for (const bool dropControl : {false, true})
            {
                for (const uint32_t train : {1, 64})
                {
                    Add(new ToldTestCase(dropRate, dropControl, train, false));
                    Add(new ToldTestCase(dropRate, dropControl, train, true));
                }
            }
        }
        for (const bool reliable : {false, true})
        {
            Add(new ClosedTestCase(reliable, true));
            Add(new ClosedTestCase(reliable, false));
        }
        Add(new FreeTestCase);
    }

  private:
    /**
     * Adds a case.
     * @param test the case
     */
    void Add(TestCase* test)
    {
        AddTestCase(test, TestDuration::QUICK);
    }
};

DeliveryTestSuite g_deliveryTestSuite; //!< registers the suite

} // namespace
