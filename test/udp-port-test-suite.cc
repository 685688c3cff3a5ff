/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Ports of UDP: who takes packets, and when no longer.

#include "transport-bench.h"

#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/learning-compatibility.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/test.h"
#include "ns3/udp-port.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: two nodes, ports 9000 of IPv4 or IPv6 on both.
 * Stimulus: five packets in one moment; the receiver takes all, or closes its port while it takes
 * the second one; then the port is opened again, and five more are sent.
 * Expected: a port that is taken cannot be opened again, before nor after packets; of those that
 * come after the close none is taken; when it is closed it can be opened again, in the next event;
 * whatever the port's owner keeps, nothing is left that calls it.
 */
class PortTestCase : public TestCase
{
  public:
    /**
     * @param ipv6 whether over IPv6
     * @param closes whether the receiver closes the port
     */
    PortTestCase(bool ipv6, bool closes)
        : TestCase(std::string("port of ") + (ipv6 ? "IPv6" : "IPv4") +
                   (closes ? ", closed by its receiver" : "")),
          m_ipv6(ipv6),
          m_closes(closes)
    {
    }

  private:
    void DoRun() override
    {
        NodeContainer nodes(2);
        InternetStackHelper().Install(nodes);
        const NetDeviceContainer devices = PointToPointHelper().Install(nodes);
        std::vector<Address> addresses;
        if (m_ipv6)
        {
            Ipv6AddressHelper helper;
            const Ipv6InterfaceContainer interfaces = helper.Assign(devices);
            addresses = {Inet6SocketAddress(interfaces.GetAddress(0, 1), 9000),
                         Inet6SocketAddress(interfaces.GetAddress(1, 1), 9000)};
        }
        else
        {
            addresses = GetAddresses(nodes, devices);
        }
        const Ptr<UdpPort> sender = Create<UdpPort>(nodes.Get(0), addresses[0]);
        Ptr<UdpPort> receiver = Create<UdpPort>(nodes.Get(1), addresses[1]);
        uint32_t taken = 0;
        const UdpPort::Receiver take([&](Ptr<Packet> packet) {
            taken += packet->GetSize() == 100;
            if (m_closes && taken == 2)
            {
                receiver->Close();
                NS_TEST_EXPECT_MSG_EQ(receiver->IsOpen(), false, "open after Close()");
            }
        });
        const auto burst = [&] {
            for (int i = 0; i < 5; ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(sender->Send(Create<Packet>(100), addresses[1], i % 2 == 1),
                                      true,
                                      "no way");
            }
            sender->ForgetRoute();
        };
        Simulator::Schedule(Seconds(2), [&] { // addresses of IPv6 are there
            NS_TEST_EXPECT_MSG_EQ(sender->Open(UdpPort::Receiver([](Ptr<Packet>) {})), true, "");
            NS_TEST_EXPECT_MSG_EQ(receiver->Open(take), true, "free");
            NS_TEST_EXPECT_MSG_EQ(Create<UdpPort>(nodes.Get(1), addresses[1])->Open(take),
                                  false,
                                  "taken");
            burst();
        });
        Simulator::Schedule(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(taken, m_closes ? 2 : 5, "packets taken");
            receiver->Close();
            receiver->Close();
            receiver = Create<UdpPort>(nodes.Get(1), addresses[1]);
            taken = 10;
            NS_TEST_EXPECT_MSG_EQ(receiver->Open(take), true, "free again");
            burst();
        });
        Simulator::Schedule(Seconds(4), [&] {
            NS_TEST_EXPECT_MSG_EQ(taken, 15, "packets taken again");
            receiver->Close();
            burst(); // nobody is there
        });
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(taken, 15, "a closed port took packets");
        sender->Close();
        Simulator::Destroy();
    }

    /**
     * Gives addresses of IPv4.
     * @param nodes the nodes
     * @param devices one of each
     * @return address and port of each
     */
    static std::vector<Address> GetAddresses(const NodeContainer& nodes,
                                             const NetDeviceContainer& devices)
    {
        Ipv4AddressHelper("10.1.1.0", "255.255.255.0").Assign(devices);
        return TransportBench::GetAddresses(nodes);
    }

    const bool m_ipv6;   //!< whether over IPv6
    const bool m_closes; //!< whether the receiver closes the port
};

/**
 * Set-up: a star; host 0 sends blocks of 10 segments to host 1, on single packets or trains.
 * Stimulus: the transport of host 1 is let go of, without Dispose(), before the second block, or by
 * its receiver when the first block closes; or disposed of by that.
 * Expected: one block was closed; the rest finds nobody, and the run ends (a memory checker has
 * nothing to say).
 */
class LettingGoTestCase : public TestCase
{
  public:
    LettingGoTestCase()
        : TestCase("transports that are let go of or disposed of while they receive")
    {
    }

  private:
    /// How the transport goes.
    enum Way
    {
        BETWEEN, //!< between the blocks
        WITHIN,  //!< by its receiver
        DISPOSED //!< likewise, by Dispose()
    };

    void DoRun() override
    {
        for (const Way way : {BETWEEN, WITHIN, DISPOSED})
        {
            for (const uint32_t train : {1, 4})
            {
                StarTopologyHelper star(2);
                star.Build();
                const auto peers = std::make_shared<const std::vector<Address>>(
                    TransportBench::GetAddresses(star.GetHosts()));
                const ObjectFactory factory = TransportBench::MakeTransports(100, train);
                const Ptr<BlockTransport> sender = factory.Create<BlockTransport>();
                Ptr<BlockTransport> receiver = factory.Create<BlockTransport>();
                RecordingReceiver blocks;
                blocks.closed = [&](const BlockId&) {
                    if (way == WITHIN)
                    {
                        receiver = nullptr;
                    }
                    else if (way == DISPOSED)
                    {
                        receiver->Dispose();
                    }
                };
                receiver->SetReceiver(PUSH, &blocks);
                const std::vector<float> values = DrawBits(250, 1);
                Simulator::Schedule(Time(0), [&] {
                    sender->Open(star.GetHosts().Get(0), 0, peers);
                    receiver->Open(star.GetHosts().Get(1), 1, peers);
                });
                for (const uint32_t round : {0, 1})
                {
                    Simulator::Schedule(MilliSeconds(1 + round), [&, round] {
                        sender->Send({PUSH, round, 0, 1}, values.data(), 250);
                    });
                }
                if (way == BETWEEN)
                {
                    Simulator::Schedule(MicroSeconds(1999), [&] { receiver = nullptr; });
                }
                Simulator::Run();
                NS_TEST_EXPECT_MSG_EQ(blocks.blocks.size(), 1, "blocks, way " << way);
                sender->Dispose();
                Simulator::Destroy();
            }
        }
    }
};

/// The suite.
class UdpPortTestSuite : public TestSuite
{
  public:
    UdpPortTestSuite()
        : TestSuite("distributed-learning-udp-port", Type::UNIT)
    {
        for (const bool ipv6 : {false, true})
        {
            for (const bool closes : {false, true})
            {
                AddTestCase(new PortTestCase(ipv6, closes), TestDuration::QUICK);
            }
        }
        AddTestCase(new LettingGoTestCase, TestDuration::QUICK);
    }
};

UdpPortTestSuite g_udpPortTestSuite; //!< registers the suite

} // namespace
