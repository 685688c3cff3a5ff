/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The account of segments: sent = received + late + dropped + refused, duplicates on top, each
// counted by those who saw it.

#include "transport-bench.h"

#include "ns3/learning-compatibility.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/test.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: three hosts on a star of 100 Mbps, error models at the hosts, queues perhaps of 4
 * packets only.
 * Stimulus: all send to all, 4 blocks of 40 segments each.
 * Expected: sent = received + late + dropped, where sent is known by arithmetic, received from the
 * receivers' masks, dropped from the traces of error models and queues; where nothing is dropped
 * all arrives, where all is nothing does; small queues drop.
 */
class ConservationTestCase : public TestCase
{
  public:
    /**
     * @param dropRate p
     * @param dropControl whether control segments are dropped, too
     * @param train segments in a packet
     * @param smallQueues whether queues overflow
     */
    ConservationTestCase(double dropRate, bool dropControl, uint32_t train, bool smallQueues)
        : TestCase("segments are conserved: drop rate " + std::to_string(dropRate) +
                   (dropControl ? ", control dropped" : ", control spared") + ", trains of " +
                   std::to_string(train) + (smallQueues ? ", queues overflow" : "")),
          m_dropRate(dropRate),
          m_dropControl(dropControl),
          m_train(train),
          m_smallQueues(smallQueues)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t SEGMENTS = 40;
        StarTopologyHelper star(3);
        star.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
        star.SetQueueSize(m_smallQueues ? "4p" : "100000p");
        star.SetErrorModel("ns3::learning::BernoulliErrorModel",
                           "DropRate",
                           DoubleValue(m_dropRate),
                           "DropControl",
                           BooleanValue(m_dropControl));
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(100, m_train));
        std::map<std::pair<uint32_t, BlockId>, std::vector<float>> sent;
        for (uint32_t block = 0; block < 4; ++block)
        {
            for (uint32_t from = 0; from < 3; ++from)
            {
                for (uint32_t to = 0; to < 3; ++to)
                {
                    if (from != to)
                    {
                        const BlockDirection way = block % 2 == 0 ? PUSH : PULL;
                        const auto values = DrawBits(25 * SEGMENTS, block * 9 + from * 3 + to);
                        bench.Send(Time(0), from, {way, 0, block, to}, values);
                        sent[{to, BlockId{way, 0, block, from}}] = values;
                    }
                }
            }
        }
        Simulator::Run();
        bench.CloseAll();
        const TrafficLedger::Account total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.sent, sent.size() * SEGMENTS, "sent");
        NS_TEST_EXPECT_MSG_EQ(total.received, bench.CountReceived(), "received");
        NS_TEST_EXPECT_MSG_EQ(total.sent,
                              bench.CountReceived() + total.late + total.dropped,
                              "conservation");
        NS_TEST_EXPECT_MSG_EQ(total.refused + total.duplicate, 0, "refused or duplicate");
        NS_TEST_EXPECT_MSG_EQ((total.late == 0 || m_smallQueues), true, "late on ordered links");
        if (m_smallQueues)
        {
            NS_TEST_EXPECT_MSG_GT(total.dropped, total.sent / 2, "queues of 4 packets drop most");
        }
        else
        {
            NS_TEST_EXPECT_MSG_EQ(IsBinomial(total.dropped, total.sent, m_dropRate),
                                  true,
                                  total.dropped << " of " << total.sent << " dropped");
        }
        for (const auto& [where, values] : sent)
        {
            // with all ends lost, nothing may have opened the block
            const auto& blocks = bench.receivers[where.first].blocks;
            NS_TEST_EXPECT_MSG_EQ((blocks.count(where.second) == 1 || m_dropControl),
                                  true,
                                  "a block was never opened");
            NS_TEST_EXPECT_MSG_EQ((blocks.count(where.second) == 0 ||
                                   bench.IsExact(where.first, where.second, values)),
                                  true,
                                  "numbers differ");
        }
        Simulator::Destroy();
    }

    const double m_dropRate;  //!< p
    const bool m_dropControl; //!< whether control is dropped
    const uint32_t m_train;   //!< segments in a packet
    const bool m_smallQueues; //!< whether queues overflow
};

/**
 * Set-up: two hosts on links of 1 Mbps, blocks of 10 segments.
 * Stimulus: the receiver closes a block half-way; every packet into the receiver comes twice; the
 * peer's address has no route.
 * Expected: what comes after the close is late and changes nothing; copies are duplicates while the
 * block is open and late afterwards; what has no way is refused; every block is closed at most
 * once.
 */
class FateTestCase : public TestCase
{
  public:
    /**
     * @param train segments in a packet
     */
    explicit FateTestCase(uint32_t train)
        : TestCase("late, duplicate and refused segments: trains of " + std::to_string(train)),
          m_train(train)
    {
    }

  private:
    void DoRun() override
    {
        StarTopologyHelper star(2);
        star.SetDeviceAttribute("DataRate", StringValue("1Mbps"));
        star.Build();
        const auto device = DynamicCast<PointToPointNetDevice>(star.GetHostDevices().Get(1));
        bool copying = false;
        FunctionErrorModel::Install(device, [&copying, device](Ptr<Packet> packet) {
            SegmentTag tag;
            if (!copying && packet->PeekPacketTag(tag) && tag.GetMessage().round == 1)
            {
                Simulator::Schedule(NanoSeconds(1), [&copying, device, copy = packet->Copy()] {
                    copying = true;
                    device->Receive(copy);
                    copying = false;
                });
            }
            return false;
        });
        std::vector<Address> peers = TransportBench::GetAddresses(star.GetHosts());
        peers.push_back(InetSocketAddress("192.0.2.1", TransportBench::PORT));
        TransportBench bench(star.GetHosts(), peers, TransportBench::MakeTransports(1000, m_train));
        const std::vector<float> values = DrawBits(2500, 1);
        const BlockId received{PUSH, 0, 0, 0};
        bench.Send(Time(0), 0, {PUSH, 0, 0, 1}, values);
        // a segment takes 8.5 ms on each of two links: six have come by then, or a train of three
        Simulator::Schedule(MilliSeconds(60), [&] { bench.transports[1]->CloseBlock(received); });
        bench.Send(Seconds(1), 0, {PUSH, 1, 0, 1}, values);
        bench.Send(Seconds(2), 0, {PUSH, 2, 0, 2}, values);
        Simulator::Run();

        const TrafficLedger::Account early = bench.ledger->GetTotal(1, PUSH);
        const auto mask = bench.receivers[1].blocks[received].mask;
        NS_TEST_EXPECT_MSG_EQ(early.received, mask.GetCount(), "received before the close");
        NS_TEST_EXPECT_MSG_EQ(early.late, 10 - mask.GetCount(), "late after the close");
        NS_TEST_EXPECT_MSG_EQ(mask.GetCount(), (m_train == 1 ? 6 : 3), "segments before the close");
        NS_TEST_EXPECT_MSG_EQ(bench.IsExact(1, received, values), true, "numbers of round 0");

        TrafficLedger::Account twice = bench.ledger->GetTotal(2, PUSH);
        const uint32_t inLastPacket = 10 % m_train == 0 ? m_train : 10 % m_train;
        NS_TEST_EXPECT_MSG_EQ(twice.received - early.received, 10, "received of round 1");
        NS_TEST_EXPECT_MSG_EQ(twice.duplicate, 10 - inLastPacket, "copies while open");
        NS_TEST_EXPECT_MSG_EQ(twice.late - early.late, inLastPacket, "copies after completion");
        NS_TEST_EXPECT_MSG_EQ(bench.IsExact(1, {PUSH, 1, 0, 0}, values), true, "round 1");

        const TrafficLedger::Account total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.refused, 10, "segments without a way");
        NS_TEST_EXPECT_MSG_EQ(bench.receivers[1].blocks.size(), 2, "blocks opened");
        Simulator::Destroy();
    }

    const uint32_t m_train; //!< segments in a packet
};

/**
 * Set-up: two hosts, queues of one packet.
 * Stimulus: a block of 40 segments at once, singly or in trains of four.
 * Expected: of the trains some are counted as dropped whole, at most as many as four segments each
 * account for; single segments are no trains.
 */
class DroppedTrainsTestCase : public TestCase
{
  public:
    DroppedTrainsTestCase()
        : TestCase("trains that queues drop are counted")
    {
    }

  private:
    void DoRun() override
    {
        for (const uint32_t train : {1, 4})
        {
            StarTopologyHelper star(2);
            star.SetQueueSize("1p");
            star.Build();
            TransportBench bench(star.GetHosts(),
                                 TransportBench::GetAddresses(star.GetHosts()),
                                 TransportBench::MakeTransports(400, train));
            bench.Send(Time(0), 0, {PUSH, 0, 0, 1}, DrawBits(40 * 100, 1));
            Simulator::Run();
            const uint64_t dropped = bench.GetTotal().dropped;
            NS_TEST_EXPECT_MSG_GT(dropped, 0, "trains of " << train);
            NS_TEST_EXPECT_MSG_EQ(bench.ledger->GetDroppedTrainCount(),
                                  (train == 1 ? 0 : dropped / train),
                                  "trains of " << train);
            Simulator::Destroy();
        }
    }
};

/**
 * Set-up: three hosts whose error models drop everything.
 * Stimulus: a packet of three segments for host 1 is heard by host 1, and by host 2, as on a shared
 * medium.
 * Expected: three segments are dropped, not six: whom they are not for loses nothing.
 */
class OverheardTestCase : public TestCase
{
  public:
    OverheardTestCase()
        : TestCase("only the receiver loses what others hear, too")
    {
    }

  private:
    void DoRun() override
    {
        StarTopologyHelper star(3);
        star.SetDropRate(1);
        star.Build();
        const auto ledger = Create<TrafficLedger>();
        std::map<uint32_t, uint32_t> hosts;
        for (uint32_t i = 0; i < 3; ++i)
        {
            hosts[star.GetHosts().Get(i)->GetId()] = i;
        }
        ledger->ObserveDevices(hosts);
        for (const uint32_t hearer : {1, 2})
        {
            const Ptr<Packet> packet = Create<Packet>(100);
            packet->AddPacketTag(SegmentTag({0, 1, 0, 0, false}, 0, 3, false));
            PointerValue loss;
            star.GetHostDevices().Get(hearer)->GetAttribute("ReceiveErrorModel", loss);
            NS_TEST_EXPECT_MSG_EQ(loss.Get<ErrorModel>()->IsCorrupt(packet), true, "not dropped");
        }
        NS_TEST_EXPECT_MSG_EQ(ledger->GetTotal(PUSH).dropped, 3, "segments");
        Simulator::Destroy();
    }
};

/// Where segments end up.
class AccountingTestSuite : public TestSuite
{
  public:
    AccountingTestSuite()
        : TestSuite("distributed-learning-accounting", Type::UNIT)
    {
        for (const double dropRate : {0.0, 0.1, 0.5, 1.0})
        {
            for (const bool dropControl : {false, true})
            {
                for (const uint32_t train : {1, 7})
                {
                    AddTestCase(new ConservationTestCase(dropRate, dropControl, train, false),
                                TestDuration::QUICK);
                }
            }
        }
        AddTestCase(new ConservationTestCase(0, false, 1, true), TestDuration::QUICK);
        AddTestCase(new ConservationTestCase(0.1, true, 2, true), TestDuration::QUICK);
        AddTestCase(new FateTestCase(1), TestDuration::QUICK);
        AddTestCase(new FateTestCase(3), TestDuration::QUICK);
        AddTestCase(new DroppedTrainsTestCase, TestDuration::QUICK);
        AddTestCase(new OverheardTestCase, TestDuration::QUICK);
    }
};

AccountingTestSuite g_accountingTestSuite; //!< registers the suite

} // namespace
