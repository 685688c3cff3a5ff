/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Blocks over UDP between bare receivers: what arrives is what was sent.

#include "suite-support.h"
#include "transport-bench.h"

#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/learning-compatibility.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/test.h"
#include "ns3/training-helper.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: four hosts on a star that drops nothing.
 * Stimulus: every host sends every other one, in both directions, blocks of 1, s - 1, s, s + 1 and
 * 100 s + 3 numbers, s being those of a segment, whole and with masks: every other segment, the
 * first one, the last one, all but the last one, runs of three, none.
 * Expected: every block is closed once, its mask is that of the sender, its numbers are the same to
 * the bit and untouched where nothing was sent, also if packets are held until the simulation is
 * over; no packet is larger than GetLargestPacket() says, and the bytes that the transports count
 * are those that the devices send.
 */
class ExactTestCase : public TestCase
{
  public:
    /**
     * @param segmentBytes payload of a segment
     * @param train segments in a packet
     * @param holdEvery of how many packets one is held, 0 for none
     */
    ExactTestCase(uint32_t segmentBytes, uint32_t train, uint32_t holdEvery = 0)
        : TestCase("blocks arrive to the bit: segments of " + std::to_string(segmentBytes) +
                   " bytes, trains of " + std::to_string(train) +
                   (holdEvery == 0 ? "" : ", one of " + std::to_string(holdEvery) + " held")),
          m_segmentBytes(segmentBytes),
          m_train(train),
          m_holdEvery(holdEvery)
    {
    }

  private:
    static constexpr uint32_t PATTERNS = 7; //!< number of masks

    /**
     * A mask.
     * @param pattern which one
     * @param segments its size
     * @return the mask
     */
    static SegmentMask MakeMask(uint32_t pattern, uint32_t segments)
    {
        SegmentMask mask(segments);
        for (uint32_t i = 0; i < segments; ++i)
        {
            const bool last = i + 1 == segments;
            const bool present[PATTERNS] =
                {true, i % 2 == 1, i == 0, last, !last, i / 3 % 2 == 0, false};
            if (present[pattern])
            {
                mask.Set(i);
            }
        }
        return mask;
    }

    void DoRun() override
    {
        constexpr uint32_t HOSTS = 4;
        StarTopologyHelper star(HOSTS);
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(m_segmentBytes, m_train));
        for (uint32_t i = 0; i < HOSTS; ++i)
        {
            bench.receivers[i].holdEvery = m_holdEvery;
            star.GetHostDevices().Get(i)->TraceConnectWithoutContext(
                "PhyTxEnd",
                MakeCallback(&ExactTestCase::Transmitted, this));
        }
        const uint32_t s = m_segmentBytes / 4;
        std::vector<uint32_t> lengths{1, s, s + 1, 100 * s + 3};
        if (s > 1)
        {
            lengths.push_back(s - 1);
        }

        struct Sent
        {
            uint32_t from;
            BlockId id;
            std::vector<float> values;
            SegmentMask mask;
        };

        std::vector<Sent> all;
        uint32_t number = 0;
        for (uint32_t pattern = 0; pattern < PATTERNS; ++pattern)
        {
            for (const uint32_t length : lengths)
            {
                const uint32_t from = number % HOSTS;
                const uint32_t to = (from + 1 + number / HOSTS % (HOSTS - 1)) % HOSTS;
                const BlockId id{number % 2 == 0 ? PUSH : PULL, number / 2, number, to};
                const SegmentLayout layout = bench.transports[0]->GetLayout(length);
                const SegmentMask mask = MakeMask(pattern, layout.GetSegmentCount());
                all.push_back({from, id, DrawBits(length, number), mask});
                bench.Send(Time(0), from, id, all.back().values, mask);
                ++number;
            }
        }
        Simulator::Run();
        uint32_t held = 0;
        for (const Sent& sent : all)
        {
            const BlockId id{sent.id.direction, sent.id.round, sent.id.block, sent.from};
            if (!bench.receivers[sent.id.peer].blocks[id].held.empty())
            {
                ++held;
                NS_TEST_EXPECT_MSG_EQ(bench.IsExact(sent.id.peer, id, sent.values),
                                      false,
                                      "what is held is not written: block " << id.block);
            }
        }
        NS_TEST_EXPECT_MSG_EQ((held > 3), (m_holdEvery != 0), "blocks of which packets are held");
        bench.DecodeHeld();
        uint64_t present = 0;
        for (const Sent& sent : all)
        {
            BlockId id = sent.id;
            id.peer = sent.from;
            present += sent.mask.GetCount();
            NS_TEST_EXPECT_MSG_EQ(bench.IsExact(sent.id.peer, id, sent.values),
                                  true,
                                  "block " << id.block);
            const SegmentMask& mask = bench.receivers[sent.id.peer].blocks[id].mask;
            for (uint32_t i = 0; i < sent.mask.GetSize(); ++i)
            {
                NS_TEST_ASSERT_MSG_EQ(mask.Test(i), sent.mask.Test(i), "segment " << i);
            }
        }
        const TrafficLedger::Account total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.sent, present, "segments sent");
        NS_TEST_EXPECT_MSG_EQ(total.received, present, "segments received");
        NS_TEST_EXPECT_MSG_EQ(total.bytes, m_bytes, "bytes on the links");
        // 2 bytes are the link's
        NS_TEST_EXPECT_MSG_LT(m_largest - 2,
                              bench.transports[0]->GetLargestPacket(false) + 1,
                              "largest packet");
        for (const Ptr<BlockTransport>& transport : bench.transports)
        {
            NS_TEST_EXPECT_MSG_EQ(transport->GetMalformedCount(), 0, "malformed packets");
        }
        Simulator::Destroy();
    }

    /**
     * A host's device has sent a packet.
     * @param packet the packet
     */
    void Transmitted(Ptr<const Packet> packet)
    {
        m_bytes += packet->GetSize();
        m_largest = std::max(m_largest, packet->GetSize());
    }

    const uint32_t m_segmentBytes; //!< payload of a segment
    const uint32_t m_train;        //!< segments in a packet
    const uint32_t m_holdEvery;    //!< of how many packets one is held, 0 for none
    uint64_t m_bytes{0};           //!< on the links of the hosts
    uint32_t m_largest{0};         //!< largest packet, link header included
};

/**
 * Set-up: two hosts whose devices take 1500 bytes.
 * Stimulus: transports whose packets would be larger; then some that just fit.
 * Expected: a sentence that names both attributes, the size and the limit; the others open.
 */
class MtuTestCase : public TestCase
{
  public:
    MtuTestCase()
        : TestCase("packets larger than the MTU are refused with one sentence")
    {
    }

  private:
    void DoRun() override
    {
        // 1440 bytes, 32 of our header, 8 of UDP, 20 of IPv4
        NS_TEST_EXPECT_MSG_EQ(TryToOpen(1440, 1), "", "1500 bytes fit");
        NS_TEST_EXPECT_MSG_NE(TryToOpen(1444, 1), "", "1504 bytes do not");
        const std::string text = TryToOpen(1400, 32);
        for (const std::string part : {"SegmentsPerPacket=32", "SegmentBytes=1400", "1500"})
        {
            NS_TEST_EXPECT_MSG_NE(text.find(part), std::string::npos, text << " lacks " << part);
        }
        NS_TEST_EXPECT_MSG_EQ(text.find('\n'), std::string::npos, "more than one line");
    }

    /**
     * Opens a transport.
     * @param segmentBytes payload of a segment
     * @param train segments in a packet
     * @return what was thrown, or nothing
     */
    static std::string TryToOpen(uint32_t segmentBytes, uint32_t train)
    {
        StarTopologyHelper star(2);
        star.SetDeviceAttribute("Mtu", UintegerValue(1500));
        star.Build();
        const auto transport =
            TransportBench::MakeTransports(segmentBytes, train).Create<DatagramTransport>();
        const auto peers = std::make_shared<const std::vector<Address>>(
            TransportBench::GetAddresses(star.GetHosts()));
        std::string text;
        Simulator::Schedule(Time(0), [&] {
            try
            {
                transport->Open(star.GetHosts().Get(0), 0, peers);
            }
            catch (const std::invalid_argument& error)
            {
                text = error.what();
            }
        });
        Simulator::Run();
        transport->Dispose();
        Simulator::Destroy();
        return text;
    }
};

/**
 * Set-up: two hosts behind a router, links of MTU 65,535 but for the second host's, whose router
 * end takes 1,500 bytes. Stimulus: a training with trains of 8, and one with single segments.
 * Expected: the trains are refused with one sentence that names the router's device, since
 * fragments are not lost one segment at a time; single segments are not refused.
 */
class RouterMtuTestCase : public TestCase
{
  public:
    RouterMtuTestCase()
        : TestCase("trains that a router would cut are refused")
    {
    }

  private:
    void DoRun() override
    {
        NodeContainer hosts(2);
        NodeContainer router(1);
        InternetStackHelper().Install(NodeContainer(hosts, router));
        PointToPointHelper link;
        link.SetDeviceAttribute("Mtu", UintegerValue(65535));
        Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
        for (uint32_t host = 0; host < 2; ++host)
        {
            const NetDeviceContainer devices = link.Install(hosts.Get(host), router.Get(0));
            devices.Get(1)->SetMtu(host == 0 ? 65535 : 1500);
            addresses.Assign(devices);
            addresses.NewNetwork();
        }
        const std::string sentence = Install(hosts, 8);
        NS_TEST_EXPECT_MSG_NE(sentence.find("device 2 of router node 2"),
                              std::string::npos,
                              "the device is named in \"" << sentence << "\"");
        NS_TEST_EXPECT_MSG_NE(sentence.find("its MTU is 1500"), std::string::npos, sentence);
        NS_TEST_EXPECT_MSG_EQ(Install(hosts, 1), "", "single segments fit");
        Simulator::Destroy();
    }

    /**
     * Installs a training.
     * @param hosts its nodes
     * @param train segments in a packet
     * @return why it was refused, or nothing
     */
    std::string Install(const NodeContainer& hosts, uint32_t train)
    {
        TrainingHelper training;
        training.SetDataset(MakeData(64, 10), nullptr);
        training.SetModel("ns3::learning::QuadraticModel");
        training.SetTransport("ns3::learning::DatagramTransport",
                              "SegmentsPerPacket",
                              UintegerValue(train));
        try
        {
            training.Install(hosts);
        }
        catch (const std::invalid_argument& error)
        {
            return error.what();
        }
        return "";
    }
};

/**
 * Set-up: two hosts with IPv6 addresses on a point-to-point link.
 * Expected: blocks arrive to the bit, and the bytes counted are those on the link: IPv6 headers are
 * 20 bytes longer.
 */
class Ipv6TestCase : public TestCase
{
  public:
    Ipv6TestCase()
        : TestCase("blocks travel over IPv6")
    {
    }

  private:
    void DoRun() override
    {
        NodeContainer nodes;
        nodes.Create(2);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        link.SetDeviceAttribute("Mtu", UintegerValue(10000));
        const NetDeviceContainer devices = link.Install(nodes);
        InternetStackHelper stack;
        stack.SetIpv4StackInstall(false);
        stack.Install(nodes);
        Ipv6AddressHelper addresses;
        addresses.SetBase("2001:db8::", 64);
        const Ipv6InterfaceContainer interfaces = addresses.Assign(devices);
        TransportBench bench(
            nodes,
            {Inet6SocketAddress(interfaces.GetAddress(0, 1), TransportBench::PORT),
             Inet6SocketAddress(interfaces.GetAddress(1, 1), TransportBench::PORT)},
            TransportBench::MakeTransports(1000, 5));
        const std::vector<float> values = DrawBits(2501, 1);
        // addresses are usable once duplicates have been looked for
        bench.Send(Seconds(3), 0, {PUSH, 0, 0, 1}, values);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(bench.IsExact(1, {PUSH, 0, 0, 0}, values), true, "the block");
        // 11 segments and an end with 82 bytes of headers, and an acknowledgement of 90
        NS_TEST_EXPECT_MSG_EQ(bench.GetTotal().bytes,
                              0U + 12 * (2 + 40 + 8 + 32) + 4 * 2501 + 90,
                              "bytes on the link");
        Simulator::Destroy();
    }
};

/**
 * Set-up: two hosts on a star that drops nothing.
 * Stimulus: a block of 21 segments, of which the sender does not have every third, or only one.
 * Expected: by any transport those arrive that were there, to the bit, and no others: a transport
 * that rebuilds lost segments takes none that was never sent for lost.
 */
class PartsTestCase : public TestCase
{
  public:
    /**
     * @param transport text of its type
     */
    explicit PartsTestCase(const std::string& transport)
        : TestCase("parts of blocks: " + StripAttributes(transport)),
          m_transport(transport)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t SEGMENTS = 21;
        StarTopologyHelper star(2);
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(64, 4, m_transport));
        const std::vector<float> values = DrawBits(SEGMENTS * 16, 1);
        SegmentMask most(SEGMENTS);
        SegmentMask one(SEGMENTS);
        one.Set(9);
        for (uint32_t segment = 0; segment < SEGMENTS; ++segment)
        {
            if (segment % 3 != 1)
            {
                most.Set(segment);
            }
        }
        bench.Send(Time(0), 0, {PUSH, 0, 0, 1}, values, most);
        bench.Send(Time(0), 0, {PUSH, 0, 1, 1}, values, one);
        Simulator::Run();
        bench.CloseAll();
        const std::pair<uint32_t, SegmentMask> all[] = {{0, most}, {1, one}};
        for (const auto& [block, sent] : all)
        {
            NS_TEST_EXPECT_MSG_EQ(bench.IsExact(1, {PUSH, 0, block, 0}, values),
                                  true,
                                  "numbers of block " << block);
            const SegmentMask& mask = bench.receivers[1].blocks[{PUSH, 0, block, 0}].mask;
            NS_TEST_ASSERT_MSG_EQ(mask.GetSize(), SEGMENTS, "block " << block);
            for (uint32_t segment = 0; segment < SEGMENTS; ++segment)
            {
                NS_TEST_EXPECT_MSG_EQ(mask.Test(segment),
                                      sent.Test(segment),
                                      "segment " << segment << " of block " << block);
            }
        }
        Simulator::Destroy();
    }

    const std::string m_transport; //!< text of its type
};

/// Blocks as packets.
class TransportTestSuite : public TestSuite
{
  public:
    TransportTestSuite()
        : TestSuite("distributed-learning-transport", Type::UNIT)
    {
        for (const uint32_t train : {1, 2, 7, 32, 44})
        {
            AddTestCase(new ExactTestCase(1400, train), TestDuration::QUICK);
            AddTestCase(new ExactTestCase(4, train), TestDuration::QUICK);
            AddTestCase(new ExactTestCase(1400, train, 1), TestDuration::QUICK);
            AddTestCase(new ExactTestCase(400, train, 2), TestDuration::QUICK);
        }
        for (const char* const transport : TRANSPORTS)
        {
            AddTestCase(new PartsTestCase(transport), TestDuration::QUICK);
        }
        AddTestCase(new PartsTestCase("ns3::learning::ParityTransport[DataSegments=3]"),
                    TestDuration::QUICK);
        AddTestCase(new MtuTestCase, TestDuration::QUICK);
        AddTestCase(new RouterMtuTestCase, TestDuration::QUICK);
        AddTestCase(new Ipv6TestCase, TestDuration::QUICK);
    }
};

TransportTestSuite g_transportTestSuite; //!< registers the suite

} // namespace
