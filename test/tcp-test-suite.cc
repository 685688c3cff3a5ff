/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Blocks over TCP: packets that are dropped, pauses before they are repeated, the type of service
// of all of them, hosts that crash, random draws of congestion controls.

#include "transport-bench.h"

#include "ns3/interruptible-channel.h"
#include "ns3/ipv4-header.h"
#include "ns3/learning-compatibility.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/ppp-header.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-option.h"
#include "ns3/tcp-reset.h"
#include "ns3/tcp-transport.h"
#include "ns3/test.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint32_t DATA_BYTES = 200; //!< a TCP packet that is longer carries data

/**
 * Set-up: two hosts on a star, p = 0.05 for packets without segments.
 * Stimulus: 100 blocks of 20 segments over TCP.
 * Expected: the share of TCP packets that the devices of the hosts drop is p, within 4 standard
 * errors of the binomial law; all blocks arrive to the bit; some packets are sent again, and bytes
 * are those that the devices send, but for the SYNs that accept.
 */
class TcpLossTestCase : public TestCase
{
  public:
    /**
     * @param control the congestion control
     */
    explicit TcpLossTestCase(const std::string& control)
        : TestCase("TCP packets are dropped at the drop rate: " + control),
          m_control(control)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t BLOCKS = 100;
        StarTopologyHelper star(2);
        star.SetErrorModel("ns3::learning::BernoulliErrorModel",
                           "DropRate",
                           DoubleValue(0.05),
                           "DropOther",
                           BooleanValue(true));
        star.Build();
        TransportBench bench(
            star.GetHosts(),
            TransportBench::GetAddresses(star.GetHosts()),
            TransportBench::MakeTransports(
                1400,
                1,
                "ns3::learning::TcpTransport[CongestionControl=" + m_control + "]"));
        for (uint32_t i = 0; i < 2; ++i)
        {
            const auto device = star.GetHostDevices().Get(i);
            device->TraceConnectWithoutContext("PhyRxDrop",
                                               MakeCallback(&TcpLossTestCase::Dropped, this));
            device->TraceConnectWithoutContext("MacRx",
                                               MakeCallback(&TcpLossTestCase::Received, this));
            device->TraceConnectWithoutContext("PhyTxEnd",
                                               MakeCallback(&TcpLossTestCase::Transmitted, this));
        }
        const std::vector<float> values = DrawBits(350 * 20, 1);
        for (uint32_t block = 0; block < BLOCKS; ++block)
        {
            bench.Send(MilliSeconds(block), block % 2, {PULL, block, 0, 1 - block % 2}, values);
        }
        Simulator::Run();
        for (uint32_t block = 0; block < BLOCKS; ++block)
        {
            NS_TEST_EXPECT_MSG_EQ(bench.IsExact(1 - block % 2, {PULL, block, 0, block % 2}, values),
                                  true,
                                  "block " << block);
        }
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(m_dropped, m_dropped + m_received, 0.05),
                              true,
                              m_dropped << " dropped, " << m_received << " received");
        const TrafficLedger::Account total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.sent, BLOCKS * 20, "sent");
        NS_TEST_EXPECT_MSG_EQ(total.received, BLOCKS * 20, "received");
        NS_TEST_EXPECT_MSG_GT(total.retransmitted, 0, "TCP packets sent again");
        NS_TEST_EXPECT_MSG_LT(total.retransmitted, m_received / 2, "TCP packets sent again");
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(total.bytes),
                                  static_cast<double>(m_bytes),
                                  62 * 8.0,
                                  "bytes but for SYNs that accept, repeated some times");
        Simulator::Destroy();
    }

    /// A device drops a packet.
    void Dropped(Ptr<const Packet> /* packet */)
    {
        ++m_dropped;
    }

    /// A device receives a packet.
    void Received(Ptr<const Packet> /* packet */)
    {
        ++m_received;
    }

    /**
     * A device has sent a packet.
     * @param packet the packet
     */
    void Transmitted(Ptr<const Packet> packet)
    {
        m_bytes += packet->GetSize();
    }

    const std::string m_control; //!< the congestion control
    uint64_t m_dropped{0};       //!< packets
    uint64_t m_received{0};      //!< packets
    uint64_t m_bytes{0};         //!< sent
};

/**
 * Set-up: two hosts on a star with round trips far below 1 ms, a MinRto of 20 ms.
 * Stimulus: 20 blocks of one packet each; the packet of the tenth is dropped three times, which
 * doubles TCP's pause to 40, 80, 160 ms, that of the last one once.
 * Expected: round trips in between have taken the pause back, with and without time stamps: the
 * last block arrives 20 ms late, and 1 ms is more than all links take. Negative control: the tenth
 * takes the sum of three pauses.
 */
class PauseTestCase : public TestCase
{
  public:
    /**
     * @param timestamps whether packets have time stamps
     */
    explicit PauseTestCase(bool timestamps)
        : TestCase(std::string("a doubled pause is taken back, ") +
                   (timestamps ? "with time stamps" : "without time stamps")),
          m_timestamps(timestamps)
    {
    }

  private:
    void DoRun() override
    {
        StarTopologyHelper star(2);
        star.Build();
        TransportBench bench(
            star.GetHosts(),
            TransportBench::GetAddresses(star.GetHosts()),
            TransportBench::MakeTransports(
                1400,
                1,
                std::string("ns3::learning::TcpTransport[MinRto=20ms|Timestamps=") +
                    (m_timestamps ? "true]" : "false]")));
        uint32_t drops = 0;
        FunctionErrorModel::Install(star.GetHostDevices().Get(1), [&drops](Ptr<Packet> packet) {
            const bool isDropped = drops > 0 && packet->GetSize() > DATA_BYTES;
            drops -= isDropped;
            return isDropped;
        });
        const std::vector<float> values = DrawBits(300, 1);
        for (uint32_t block = 0; block < 20; ++block)
        {
            const Time time = Seconds(5 * (block + 1));
            Simulator::Schedule(time - MilliSeconds(1), [&drops, block] {
                drops = block == 9 ? 3 : block == 19 ? 1 : 0;
            });
            bench.Send(time, 0, {PULL, block, 0, 1}, values);
        }
        Simulator::Run();
        const Time late = bench.receivers[1].blocks[{PULL, 19, 0, 0}].closedAt - Seconds(100);
        const Time doubled = bench.receivers[1].blocks[{PULL, 9, 0, 0}].closedAt - Seconds(50);
        NS_TEST_EXPECT_MSG_EQ(drops, 0, "nothing was dropped");
        NS_TEST_EXPECT_MSG_GT(doubled, MilliSeconds(20 + 40 + 80), "the pause doubles");
        NS_TEST_EXPECT_MSG_GT(late, MilliSeconds(20), "the last block");
        NS_TEST_EXPECT_MSG_LT(late, MilliSeconds(21), "the last block");
        Simulator::Destroy();
    }

    const bool m_timestamps; //!< whether packets have time stamps
};

/**
 * Set-up: two hosts on a star, a Tos of 4 or 0, time stamps or none. Stimulus: both send blocks.
 * Expected: every packet that a host receives, handshakes and acknowledgements included, has this
 * type of service in its IP header, and time stamps or none in its TCP header.
 */
class HeaderTestCase : public TestCase
{
  public:
    HeaderTestCase()
        : TestCase("all packets have the type of service, and time stamps or none")
    {
    }

  private:
    /**
     * Sends blocks.
     * @param tos type of service
     * @param timestamps whether packets have time stamps
     * @return number of packets by their type of service and whether they have time stamps
     */
    static std::map<std::pair<uint8_t, bool>, uint32_t> CountPackets(uint8_t tos, bool timestamps)
    {
        StarTopologyHelper star(2);
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(
                                 1400,
                                 1,
                                 "ns3::learning::TcpTransport[Tos=" + std::to_string(tos) +
                                     "|Timestamps=" + (timestamps ? "true]" : "false]")));
        std::map<std::pair<uint8_t, bool>, uint32_t> packets;
        for (uint32_t i = 0; i < 2; ++i)
        {
            FunctionErrorModel::Install(star.GetHostDevices().Get(i),
                                        [&packets](Ptr<Packet> packet) {
                                            const Ptr<Packet> copy = packet->Copy();
                                            PppHeader ppp;
                                            Ipv4Header ip;
                                            TcpHeader tcp;
                                            copy->RemoveHeader(ppp);
                                            copy->RemoveHeader(ip);
                                            copy->RemoveHeader(tcp);
                                            ++packets[{ip.GetTos(), tcp.HasOption(TcpOption::TS)}];
                                            return false;
                                        });
            bench.Send(MilliSeconds(1), i, {PULL, 0, 0, 1 - i}, DrawBits(10000, i));
        }
        Simulator::Run();
        Simulator::Destroy();
        return packets;
    }

    void DoRun() override
    {
        for (const uint8_t tos : {4, 0})
        {
            for (const bool timestamps : {false, true})
            {
                const auto packets = CountPackets(tos, timestamps);
                NS_TEST_ASSERT_MSG_EQ(packets.size(), 1, "kinds of packets");
                NS_TEST_EXPECT_MSG_EQ(+packets.begin()->first.first, +tos, "type of service");
                NS_TEST_EXPECT_MSG_EQ(packets.begin()->first.second, timestamps, "time stamps");
                NS_TEST_EXPECT_MSG_GT(packets.begin()->second, 2 * (10000 * 4 / 1448), "packets");
            }
        }
    }
};

/**
 * Set-up: two hosts on a star, a MinRto of 200 ms.
 * Stimulus: both send blocks; host 1 crashes at 10 ms, its network cut off just before, while
 * packets of its own are on their way, and is back at 50 ms. Host 0 sends it blocks at 20 ms and,
 * as host 1 does, at 60 ms. Expected: what was on the connections is lost with them, in both
 * directions, and never repeated. What is sent at 60 ms arrives within 1 ms, on new connections,
 * since the resets have come before. Each host lost two connections. Negative control: if crash and
 * return are not told, connections outlive them, and TCP repeats what was lost.
 */
class CrashTestCase : public TestCase
{
  public:
    /**
     * @param isTold whether the transport is told of the crash
     */
    explicit CrashTestCase(bool isTold)
        : TestCase(isTold ? "connections end in a crash, and open again"
                          : "connections outlive a crash that is not told"),
          m_isTold(isTold)
    {
    }

  private:
    void DoRun() override
    {
        StarTopologyHelper star(2);
        star.Build();
        TransportBench bench(
            star.GetHosts(),
            TransportBench::GetAddresses(star.GetHosts()),
            TransportBench::MakeTransports(1400, 1, "ns3::learning::TcpTransport"));
        const auto link =
            DynamicCast<InterruptibleChannel>(star.GetHostDevices().Get(1)->GetChannel());
        const auto crashing = DynamicCast<TcpTransport>(bench.transports[1]);
        Simulator::Schedule(MilliSeconds(10) - NanoSeconds(1), [link] { link->Interrupt(); });
        Simulator::Schedule(MilliSeconds(10), [this, crashing] {
            if (m_isTold)
            {
                crashing->Crash();
                crashing->Crash(); // as the worker and the server of a host do
            }
        });
        Simulator::Schedule(MilliSeconds(50), [this, link, crashing] {
            link->Restore();
            if (m_isTold)
            {
                crashing->Restart();
            }
        });
        const std::vector<float> values = DrawBits(1000, 1);
        bench.Send(MilliSeconds(5), 0, {PULL, 0, 0, 1}, values);
        bench.Send(MilliSeconds(5), 1, {PULL, 0, 0, 0}, values);
        bench.Send(MilliSeconds(10) - NanoSeconds(1), 1, {PULL, 1, 0, 0}, values);
        bench.Send(MilliSeconds(20), 0, {PULL, 2, 0, 1}, values);
        bench.Send(MilliSeconds(60), 0, {PULL, 3, 0, 1}, values);
        bench.Send(MilliSeconds(60), 1, {PULL, 3, 0, 0}, values);
        Simulator::Run();
        const auto closedAt = [&bench](uint32_t host, uint32_t round) {
            return bench.receivers[host].blocks[{PULL, round, 0, 1 - host}].closedAt;
        };
        for (uint32_t host = 0; host < 2; ++host)
        {
            NS_TEST_EXPECT_MSG_LT(closedAt(host, 0), MilliSeconds(6), "before the crash");
            NS_TEST_EXPECT_MSG_EQ(bench.IsExact(host, {PULL, 3, 0, 1 - host}, values), true, host);
            NS_TEST_EXPECT_MSG_GT(closedAt(host, 3), MilliSeconds(60), "block to host " << host);
            NS_TEST_EXPECT_MSG_LT(closedAt(host, 3), MilliSeconds(61), "block to host " << host);
            NS_TEST_EXPECT_MSG_EQ(
                DynamicCast<TcpTransport>(bench.transports[host])->GetBrokenCount(),
                (m_isTold ? 2 : 0),
                "connections of host " << host);
        }
        NS_TEST_EXPECT_MSG_EQ(bench.receivers[0].blocks.count({PULL, 1, 0, 1}),
                              (m_isTold ? 0 : 1),
                              "what a crashed host had sent");
        NS_TEST_EXPECT_MSG_EQ(bench.receivers[1].blocks.count({PULL, 2, 0, 0}),
                              (m_isTold ? 0 : 1),
                              "what it was sent meanwhile");
        Simulator::Destroy();
    }

    const bool m_isTold; //!< whether the transport is told
};

/**
 * Set-up: two hosts on a star whose link is down; a connection keeps one block beside that which it
 * has begun.
 * Stimulus: three blocks of 10,000 numbers, of which the sender asks what arrived.
 * Expected: those that are refused for the next ones are told of at once, with as many segments as
 * they have, none of which arrived. (In a mask without segments nothing would be missing.)
 */
class RefusalTestCase : public TestCase
{
  public:
    RefusalTestCase()
        : TestCase("a refused block has not arrived")
    {
    }

  private:
    void DoRun() override
    {
        StarTopologyHelper star(2);
        star.Build();
        TransportBench bench(
            star.GetHosts(),
            TransportBench::GetAddresses(star.GetHosts()),
            TransportBench::MakeTransports(1400,
                                           1,
                                           "ns3::learning::TcpTransport[MaxQueuedBlocks=1]"));
        DynamicCast<InterruptibleChannel>(star.GetHostDevices().Get(1)->GetChannel())->Interrupt();
        std::vector<uint32_t> rounds;
        bench.transports[0]->SetDeliveryCallback(
            PUSH,
            [&](const BlockId& id, const SegmentMask& mask) {
                rounds.push_back(id.round);
                NS_TEST_EXPECT_MSG_EQ(mask.GetSize(),
                                      29, // 10,000 / 350
                                      "segments");
                NS_TEST_EXPECT_MSG_EQ(mask.GetCount(), 0, "segments arrived");
            });
        const std::vector<float> values = DrawBits(10000, 1);
        for (uint32_t round = 0; round < 3; ++round)
        {
            bench.Send(MilliSeconds(1), 0, {PUSH, round, 0, 1}, values);
        }
        Simulator::Stop(MilliSeconds(2));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((rounds == std::vector<uint32_t>{0, 1}), true, "blocks refused");
        Simulator::Destroy();
    }
};

/**
 * Set-up: two hosts on a star, a transport on each.
 * Stimulus: a reset of a connection that host 0 never had, as host 1 sends it for what a crash left
 * over; then a block. Expected: host 0 stays as it is, and the block arrives to the bit. Without
 * GuardTcpListener() ns-3's listening socket starts to probe a window of nobody, and ends in a
 * segmentation fault.
 */
class StrayResetTestCase : public TestCase
{
  public:
    StrayResetTestCase()
        : TestCase("a stray reset leaves a listening transport as it is")
    {
    }

  private:
    void DoRun() override
    {
        StarTopologyHelper star(2);
        star.Build();
        const auto addresses = TransportBench::GetAddresses(star.GetHosts());
        TransportBench bench(
            star.GetHosts(),
            addresses,
            TransportBench::MakeTransports(1400, 1, "ns3::learning::TcpTransport"));
        const Address stray =
            InetSocketAddress(InetSocketAddress::ConvertFrom(addresses[1]).GetIpv4(), 9);
        Simulator::Schedule(MilliSeconds(1),
                            &SendTcpReset,
                            star.GetHosts().Get(1),
                            stray,
                            addresses[0]);
        const std::vector<float> values = DrawBits(350 * 20, 1);
        const Time late = Minutes(5); // probes of a closed window are a minute apart at most
        bench.Send(late, 1, {PULL, 0, 0, 0}, values);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_GT(Simulator::Now(), late, "ended early");
        NS_TEST_EXPECT_MSG_EQ(bench.IsExact(0, {PULL, 0, 0, 1}, values), true, "other numbers");
        NS_TEST_EXPECT_MSG_EQ(bench.receivers[0].offered, 0, "a stream's bytes do not last");
        Simulator::Destroy();
    }
};

/// Blocks over TCP.
class TcpTestSuite : public TestSuite
{
  public:
    TcpTestSuite()
        : TestSuite("distributed-learning-tcp", Type::UNIT)
    {
        Add(new TcpLossTestCase("ns3::TcpCubic"));
        Add(new TcpLossTestCase("ns3::TcpLinuxReno"));
        Add(new PauseTestCase(false));
        Add(new PauseTestCase(true));
        Add(new HeaderTestCase);
        Add(new CrashTestCase(true));
        Add(new CrashTestCase(false));
        Add(new RefusalTestCase);
        Add(new StrayResetTestCase);
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

TcpTestSuite g_tcpTestSuite; //!< registers the suite

} // namespace
