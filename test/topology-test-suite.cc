/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Topologies beside the star: dumbbell and wide area, Ethernet, and losses of single links.

#include "transport-bench.h"

#include "ns3/csma-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/learning-compatibility.h"
#include "ns3/neighbor-cache-helper.h"
#include "ns3/test.h"
#include "ns3/wide-area-topology-helper.h"

#include <cmath>
#include <functional>
#include <stdexcept>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Whether something is refused with one sentence.
 * @param action what to do
 * @return true if so
 */
bool
IsRefused(const std::function<void()>& action)
{
    try
    {
        action();
    }
    catch (const std::invalid_argument& error)
    {
        return std::string(error.what()).find('\n') == std::string::npos;
    }
    return false;
}

/**
 * Sends a block of one segment, its end on board, from each host to each other one, far apart.
 * @param topology a network that is built
 * @return time under way, by sender and receiver; negative for what did not arrive
 */
std::map<std::pair<uint32_t, uint32_t>, Time>
MeasureWays(SwitchedTopologyHelper& topology)
{
    const NodeContainer hosts = topology.GetHosts();
    TransportBench bench(hosts,
                         TransportBench::GetAddresses(hosts),
                         TransportBench::MakeTransports(400, 2));
    std::map<std::pair<uint32_t, uint32_t>, Time> ways;
    uint32_t round = 0;
    std::vector<Time> starts;
    for (uint32_t from = 0; from < hosts.GetN(); ++from)
    {
        for (uint32_t to = 0; to < hosts.GetN(); ++to)
        {
            if (from != to)
            {
                starts.push_back(Seconds(1 + 2 * round));
                bench.Send(starts.back(), from, {PUSH, round++, 0, to}, std::vector<float>(100));
                ways[{from, to}] = Seconds(-1);
            }
        }
    }
    Simulator::Run();
    for (uint32_t to = 0; to < hosts.GetN(); ++to)
    {
        for (const auto& [id, block] : bench.receivers[to].blocks)
        {
            if (block.mask.GetCount() == 1)
            {
                ways[{id.peer, to}] = block.closedAt - starts[id.round];
            }
        }
    }
    Simulator::Destroy();
    return ways;
}

/**
 * Set-up: seven hosts at three sites; hosts' links have 10 us and 1 Gbps; sites 0 and 1 are joined
 * by 20 ms, 1 and 2 by 30 ms, 0 and 2 by 80 ms, at 100 Mbps.
 * Stimulus: a packet from every host to every other one.
 * Expected: within a site the two links; between sites the way of the least delay, so from 0 to 2
 * by way of 1; all delays and serialisations add up to the nanosecond. Negative control: with the
 * direct link at 40 ms, it is taken.
 */
class WideAreaTestCase : public TestCase
{
  public:
    WideAreaTestCase()
        : TestCase("wide area: packets take the way of the least delay")
    {
    }

  private:
    /**
     * Checks all ways.
     * @param direct delay of the link between sites 0 and 2
     * @param far delay expected between them
     * @param links links of that way
     */
    void Check(Time direct, Time far, uint32_t links)
    {
        WideAreaTopologyHelper area(7, 3);
        area.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        area.SetChannelAttribute("Delay", StringValue("10us"));
        area.JoinSites(0, 1, DataRate("100Mbps"), MilliSeconds(20));
        area.JoinSites(2, 1, DataRate("100Mbps"), MilliSeconds(30));
        area.JoinSites(0, 2, DataRate("100Mbps"), direct);
        area.Build();
        const std::vector<uint32_t> sites{0, 0, 1, 1, 2, 2, 2};
        uint32_t bytes = 0; // of a packet on a link
        area.GetHostDevices().Get(0)->TraceConnectWithoutContext(
            "PhyTxBegin",
            Callback<void, Ptr<const Packet>>([&bytes](Ptr<const Packet> packet) {
                bytes = std::max(bytes, packet->GetSize());
            }));
        for (uint32_t host = 0; host < 7; ++host)
        {
            NS_TEST_EXPECT_MSG_EQ(area.GetSite(host), sites[host], "site of host " << host);
        }
        NS_TEST_EXPECT_MSG_EQ(area.GetSiteDelay(0, 2), far, "delay between sites");
        NS_TEST_EXPECT_MSG_EQ(area.GetSiteDelay(2, 0), far, "and back");
        for (const auto& [ends, time] : MeasureWays(area))
        {
            const uint32_t from = sites[ends.first];
            const uint32_t to = sites[ends.second];
            const uint32_t sum = from + to;
            const Time delay = from == to ? Time(0)
                               : sum == 1 ? MilliSeconds(20)
                               : sum == 3 ? MilliSeconds(30)
                                          : far;
            const uint32_t slow = from == to ? 0 : sum == 2 ? links : 1;
            const Time expected = delay + MicroSeconds(20) +
                                  NanoSeconds(int64_t{8} * bytes * 2 + int64_t{80} * bytes * slow);
            NS_TEST_EXPECT_MSG_EQ(time, expected, ends.first << " to " << ends.second);
        }
    }

    void DoRun() override
    {
        Check(MilliSeconds(80), MilliSeconds(50), 2);
        Check(MilliSeconds(40), MilliSeconds(40), 1);
        NS_TEST_EXPECT_MSG_EQ(IsRefused([] { WideAreaTopologyHelper(3, 4); }), true, "4 of 3");
        NS_TEST_EXPECT_MSG_EQ(IsRefused([] {
                                  WideAreaTopologyHelper area(4, 3);
                                  area.JoinSites(0, 1, DataRate("1Gbps"), Time(0));
                                  area.Build();
                              }),
                              true,
                              "a site without a link");
        NS_TEST_EXPECT_MSG_EQ(IsRefused([] {
                                  WideAreaTopologyHelper area(4, 3);
                                  area.JoinSites(0, 3, DataRate("1Gbps"), Time(0));
                              }),
                              true,
                              "a link to nowhere");
        Simulator::Destroy();
    }
};

/**
 * Set-up: a training of four workers on a dumbbell: the halves are 10 Gbps, the link between them
 * 100 Mbps and 5 ms.
 * Stimulus: 10 rounds of 4,000 parameters, nothing else to slow them.
 * Expected: a round takes at least the bytes of its two phases that must cross the link in one
 * direction, what two workers send to two servers and back, and at most these with the delays and a
 * tenth for headers (phases overlap: a server answers when it has its own block); all arrives
 * within the deadlines that the helper chooses, also with a link of 3 s.
 */
class DumbbellTestCase : public TestCase
{
  public:
    DumbbellTestCase()
        : TestCase("dumbbell: a round takes what must cross the middle")
    {
    }

  private:
    /**
     * Trains.
     * @param delay of the link in the middle
     * @return time of a round in s
     */
    double Train(Time delay)
    {
        constexpr uint32_t ROUNDS = 10;
        DumbbellTopologyHelper dumbbell(4, DataRate("100Mbps"), delay);
        dumbbell.Build();
        TrainingHelper training;
        training.SetDataset(MakeData(40, PARAMETERS, 1), nullptr);
        training.SetModel("ns3::learning::QuadraticModel");
        training.SetBatchSize(1);
        training.SetTransport("ns3::learning::DatagramTransport",
                              "SegmentsPerPacket",
                              UintegerValue(1));
        const ApplicationContainer workers = training.Install(dumbbell.GetHosts());
        training.StopAfterRounds(ROUNDS);
        const auto ledger = Create<TrafficLedger>();
        for (uint32_t i = 0; i < workers.GetN(); ++i)
        {
            ledger->ObserveTransport(DynamicCast<Worker>(workers.Get(i))->GetTransport());
        }
        Time end;
        workers.Get(0)->TraceConnectWithoutContext(
            "Done",
            Callback<void, uint32_t>([&end](uint32_t) { end = Simulator::Now(); }));
        Simulator::Run();
        TrafficLedger::Account total = ledger->GetTotal(PUSH);
        total += ledger->GetTotal(PULL);
        NS_TEST_EXPECT_MSG_EQ(total.received, total.sent, "all arrives in time");
        Simulator::Destroy();
        return end.GetSeconds() / ROUNDS;
    }

    void DoRun() override
    {
        // each of two workers sends a quarter of the parameters to each of two servers over there
        const double phase = 2 * 2 * (PARAMETERS / 4.0) * 4 * 8 / 100e6;
        const double round = Train(MilliSeconds(5));
        NS_TEST_EXPECT_MSG_GT(round, 2 * phase, "the bytes of two phases");
        NS_TEST_EXPECT_MSG_LT(round, 2.2 * (phase + 5e-3), "and headers, and delays");
        NS_TEST_EXPECT_MSG_GT(Train(Seconds(3)), 6, "a link to the outer planets");
        NS_TEST_EXPECT_MSG_EQ(
            IsRefused([] { DumbbellTopologyHelper(1, DataRate("1Gbps"), Time(0)); }),
            true,
            "half a host");
    }

    static constexpr uint32_t PARAMETERS = 40000; //!< of the model
};

/**
 * Set-up: four hosts on a star, where 10 % of segments are dropped into every host.
 * Stimulus: the link into host 1 drops all, the one out of host 2 drops all, the one into host 3
 * none; and the link from site 0 to site 1 of a wide area drops all.
 * Expected: just these ways lose; losses into host 0 are, packet by packet, those of a run without
 * these settings.
 */
class LinkLossTestCase : public TestCase
{
  public:
    LinkLossTestCase()
        : TestCase("single directed links lose what they are told, others the same as before")
    {
    }

  private:
    /**
     * Sends blocks of many segments to host 0 and 3 from host 1.
     * @param special whether single links have losses of their own
     * @return masks of hosts 0 and 3
     */
    static std::vector<SegmentMask> GetMasks(bool special)
    {
        StarTopologyHelper star(4);
        star.SetDropRate(0.1);
        if (special)
        {
            star.SetLinkDropRate(1, SwitchedTopologyHelper::INTO_HOST, 1);
            star.SetLinkDropRate(2, SwitchedTopologyHelper::OUT_OF_HOST, 1);
            star.SetLinkDropRate(3, SwitchedTopologyHelper::INTO_HOST, 0);
        }
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(400, 1));
        const std::vector<float> values(100 * 500);
        bench.Send(Seconds(1), 1, {PUSH, 0, 0, 0}, values);
        bench.Send(Seconds(2), 1, {PUSH, 0, 0, 3}, values);
        bench.Send(Seconds(3), 0, {PUSH, 0, 0, 1}, values);
        bench.Send(Seconds(4), 2, {PUSH, 1, 0, 0}, values);
        Simulator::Run();
        std::vector<SegmentMask> masks;
        for (const auto& [host, round] :
             {std::pair(0U, 0U), std::pair(3U, 0U), std::pair(1U, 0U), std::pair(0U, 1U)})
        {
            SegmentMask mask;
            for (const auto& [id, block] : bench.receivers[host].blocks)
            {
                if (id.round == round)
                {
                    mask = block.mask;
                }
            }
            masks.push_back(mask);
        }
        Simulator::Destroy();
        return masks;
    }

    void DoRun() override
    {
        const auto usual = GetMasks(false);
        const auto special = GetMasks(true);
        uint32_t differ = 0;
        for (uint32_t segment = 0; segment < 500; ++segment)
        {
            differ += usual[0].Test(segment) != special[0].Test(segment);
        }
        NS_TEST_EXPECT_MSG_EQ(differ, 0, "into host 0 the same are lost");
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(500 - usual[1].GetCount(), 500, 0.1), true, "as for all");
        NS_TEST_EXPECT_MSG_EQ(special[1].GetCount(), 500, "nothing is lost into host 3");
        NS_TEST_EXPECT_MSG_EQ(special[2].GetCount(), 0, "all is lost into host 1");
        NS_TEST_EXPECT_MSG_EQ(special[3].GetCount(), 0, "all is lost out of host 2");

        WideAreaTopologyHelper area(4, 2);
        area.JoinAllSites(DataRate("1Gbps"), MilliSeconds(1));
        area.SetSiteErrorModel(0, 1, "ns3::learning::BernoulliErrorModel[DropRate=1]");
        area.Build();
        for (const auto& [ends, time] : MeasureWays(area))
        {
            const bool lost = ends.first < 2 && ends.second >= 2;
            NS_TEST_EXPECT_MSG_EQ(time.IsNegative(), lost, ends.first << " to " << ends.second);
        }
        NS_TEST_EXPECT_MSG_EQ(
            IsRefused([] {
                StarTopologyHelper(2).SetLinkDropRate(2, SwitchedTopologyHelper::INTO_HOST, 0.1);
            }),
            true,
            "no such host");
    }
};

/**
 * Set-up: links into and out of two hosts with the same drop rate of 0.5, set one by one.
 * Stimulus: 200 packets of one segment on each.
 * Expected: losses are independent: about half of the packets have the same fate on two links,
 * within 4 standard errors. Links that drew the same numbers would agree on all.
 */
class IndependentLinksTestCase : public TestCase
{
  public:
    IndependentLinksTestCase()
        : TestCase("single links lose independently")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t PACKETS = 200;
        StarTopologyHelper star(2);
        for (const uint32_t host : {0, 1})
        {
            star.SetLinkDropRate(host, SwitchedTopologyHelper::INTO_HOST, 0.5);
            star.SetLinkDropRate(host, SwitchedTopologyHelper::OUT_OF_HOST, 0.5);
        }
        star.Build();
        std::vector<std::vector<bool>> fates;
        for (const NetDeviceContainer& devices : {star.GetHostDevices(), star.GetSwitchDevices()})
        {
            for (uint32_t i = 0; i < 2; ++i)
            {
                PointerValue loss;
                devices.Get(i)->GetAttribute("ReceiveErrorModel", loss);
                fates.emplace_back();
                for (uint32_t k = 0; k < PACKETS; ++k)
                {
                    const Ptr<Packet> packet = Create<Packet>(100);
                    packet->AddPacketTag(SegmentTag({}, 0, 1, false));
                    fates.back().push_back(loss.Get<ErrorModel>()->IsCorrupt(packet));
                }
            }
        }
        for (std::size_t a = 0; a < fates.size(); ++a)
        {
            for (std::size_t b = 0; b < a; ++b)
            {
                double same = 0;
                for (uint32_t k = 0; k < PACKETS; ++k)
                {
                    same += fates[a][k] == fates[b][k];
                }
                NS_TEST_EXPECT_MSG_EQ_TOL(same,
                                          PACKETS / 2.0,
                                          4 * std::sqrt(PACKETS / 4.0),
                                          "links " << a << " and " << b);
            }
        }
        Simulator::Destroy();
    }
};

/**
 * Set-up: four workers and two dedicated servers on a star, 200,000 numbers; deadlines are left to
 * the helper.
 * Stimulus: links of 1 Mbps; links of 1 s; a worker that is slower by a factor of 100,000; a pull
 * deadline of 2 s.
 * Expected: the push deadline leaves time for what takes longest: the way of all that workers push
 * through one link, 25.6 s, four times over; four links, there and back; a computation of the slow
 * worker; and it is before the pull deadline, so that pulls may arrive.
 */
class ChosenDeadlinesTestCase : public TestCase
{
  public:
    ChosenDeadlinesTestCase()
        : TestCase("deadlines chosen leave time for what is slow")
    {
    }

  private:
    /**
     * Chooses deadlines.
     * @param rate of links
     * @param delay of links
     * @param slowdown of a worker
     * @param pull deadline, 0 to be chosen
     * @return the push deadline in s
     */
    static double Choose(const std::string& rate,
                         const std::string& delay,
                         double slowdown,
                         Time pull = Time(0))
    {
        StarTopologyHelper star(6);
        star.SetDeviceAttribute("DataRate", StringValue(rate));
        star.SetChannelAttribute("Delay", StringValue(delay));
        star.Build();
        TrainingHelper training;
        training.SetDataset(MakeData(4, 200000), nullptr);
        training.SetModel("ns3::learning::QuadraticModel");
        training.SetBatchSize(1);
        training.SetOwners(BlockOwners::FIXED);
        training.SetDeadlines(Time(0), pull);
        training.SetSlowdown(2, slowdown);
        training.Install(star.GetHosts(0, 4), star.GetHosts(4, 2));
        TimeValue deadline;
        training.GetServers().Get(0)->GetAttribute("PushDeadline", deadline);
        Simulator::Destroy();
        return deadline.Get().GetSeconds();
    }

    void DoRun() override
    {
        const double transfer = 4 * 200000 * 32 / 1e6;
        NS_TEST_EXPECT_MSG_GT(Choose("1Mbps", "1us", 1), 4 * transfer, "slow links");
        NS_TEST_EXPECT_MSG_GT(Choose("10Gbps", "1s", 1), 4, "long links");
        // 5 operations a number, 1e10 a second
        NS_TEST_EXPECT_MSG_GT(Choose("10Gbps", "1us", 1e5), 5 * 200000 / 1e10 * 1e5, "slow worker");
        NS_TEST_EXPECT_MSG_LT(Choose("1Mbps", "1us", 1, Seconds(2)), 2, "pulls");
    }
};

/**
 * Set-up: a training of four workers on one Ethernet (ns-3's CSMA), neighbours known.
 * Stimulus: single segments within Ethernet's 1,500 bytes; then trains, which are longer.
 * Expected: all that is sent arrives, all rounds are done, and every segment is counted once though
 * every host hears every packet; trains are refused with one sentence.
 */
class EthernetTestCase : public TestCase
{
  public:
    EthernetTestCase()
        : TestCase("Ethernet: everything arrives, trains beyond its MTU are refused")
    {
    }

  private:
    /**
     * Trains.
     * @param train segments in a packet
     */
    void Train(uint32_t train)
    {
        NodeContainer nodes(4);
        InternetStackHelper internet;
        internet.Install(nodes);
        CsmaHelper ethernet;
        ethernet.SetChannelAttribute("DataRate", StringValue("1Gbps"));
        ethernet.SetChannelAttribute("Delay", StringValue("1us"));
        ethernet.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("100000p"));
        const NetDeviceContainer devices = ethernet.Install(nodes);
        Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(devices);
        NeighborCacheHelper().PopulateNeighborCache(devices.Get(0)->GetChannel());
        TrainingHelper training;
        training.SetDataset(MakeData(40, 4000, 1), nullptr);
        training.SetModel("ns3::learning::QuadraticModel");
        training.SetBatchSize(1);
        training.SetTransport("ns3::learning::DatagramTransport",
                              "SegmentsPerPacket",
                              UintegerValue(train));
        const ApplicationContainer workers = training.Install(nodes);
        training.StopAfterRounds(5);
        const auto ledger = Create<TrafficLedger>();
        std::map<uint32_t, uint32_t> hosts;
        for (uint32_t i = 0; i < 4; ++i)
        {
            hosts[nodes.Get(i)->GetId()] = i;
            ledger->ObserveTransport(DynamicCast<Worker>(workers.Get(i))->GetTransport());
        }
        ledger->ObserveDevices(hosts);
        Simulator::Run();
        TrafficLedger::Account total = ledger->GetTotal(PUSH);
        total += ledger->GetTotal(PULL);
        NS_TEST_EXPECT_MSG_EQ(total.received, total.sent, "all arrives");
        NS_TEST_EXPECT_MSG_EQ(total.dropped + total.refused + total.late + total.duplicate,
                              0,
                              "nothing is counted twice");
        NS_TEST_EXPECT_MSG_EQ(DynamicCast<Worker>(workers.Get(0))->GetCompletedRounds(),
                              5,
                              "all rounds");
    }

    void DoRun() override
    {
        Train(1);
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ(IsRefused([this] { Train(8); }), true, "trains beyond the MTU");
        Simulator::Destroy();
    }
};

/// Topologies.
class TopologyTestSuite : public TestSuite
{
  public:
    TopologyTestSuite()
        : TestSuite("distributed-learning-network-topologies", Type::SYSTEM)
    {
        AddTestCase(new WideAreaTestCase, TestDuration::QUICK);
        AddTestCase(new DumbbellTestCase, TestDuration::QUICK);
        AddTestCase(new LinkLossTestCase, TestDuration::QUICK);
        AddTestCase(new IndependentLinksTestCase, TestDuration::QUICK);
        AddTestCase(new ChosenDeadlinesTestCase, TestDuration::QUICK);
        AddTestCase(new EthernetTestCase, TestDuration::QUICK);
    }
};

TopologyTestSuite g_topologyTestSuite; //!< registers the suite

} // namespace
