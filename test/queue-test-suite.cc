/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Queues that overflow, and queue discs that let one class of traffic yield to another.

#include "transport-bench.h"

#include "ns3/drop-threshold-queue-disc.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-queue-disc-item.h"
#include "ns3/learning-compatibility.h"
#include "ns3/node-list.h"
#include "ns3/queue-disc-installer.h"
#include "ns3/queue-size.h"
#include "ns3/test.h"
#include "ns3/traffic-control-layer.h"

#include <algorithm>
#include <stdexcept>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint8_t LOWER_EFFORT_TOS = 4;

/**
 * Makes a packet as it waits in a queue disc.
 * @param tos type of service
 * @param bytes payload
 * @return the packet
 */
Ptr<QueueDiscItem>
MakeItem(uint8_t tos, uint32_t bytes = 980)
{
    Ipv4Header header;
    header.SetTos(tos);
    header.SetPayloadSize(static_cast<uint16_t>(bytes));
    return Create<Ipv4QueueDiscItem>(Create<Packet>(bytes), Mac48Address(), 0x0800, header);
}

/**
 * Set-up: one host sends a block of 60 segments at once, one packet a segment, and its end, while
 * the link carries an earlier packet: that block of one segment (262 bytes on the link, 20.96 us)
 * is through, its end (62 bytes, 4.96 us) is not. On an idle link, releases of ns-3 differ in when
 * a device tells its queue disc that the first packet has left room. Stimulus: room for k packets,
 * in the device alone or in a queue disc before a device that holds one. Expected, exactly: the
 * queue takes k (and the device one more behind a queue disc); all others of the 61 are dropped,
 * the last ones; sent = received + dropped.
 */
class BurstTestCase : public TestCase
{
  public:
    /**
     * @param room packets that can wait
     * @param disc whether they wait in a queue disc
     */
    BurstTestCase(uint32_t room, bool disc)
        : TestCase("a burst of 60 into room for " + std::to_string(room) +
                   (disc ? " in a queue disc" : " in a device") + " loses the rest"),
          m_room(room),
          m_disc(disc)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t SEGMENTS = 60;
        const std::string room = std::to_string(m_room) + "p";
        StarTopologyHelper star(2);
        star.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
        if (m_disc)
        {
            star.SetQueueDisc({"ns3::FifoQueueDisc[MaxSize=" + room + "]", {}},
                              SwitchedTopologyHelper::ALL_PORTS);
        }
        else
        {
            star.SetQueueSize(room);
        }
        star.Build();
        ObjectFactory factory = TransportBench::MakeTransports(200, 1);
        factory.Set("MaxRepeats", UintegerValue(0));
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             factory);
        const BlockId id{PUSH, 0, 0, 1};
        bench.Send(Seconds(1), 0, {PUSH, 0, 1, 1}, DrawBits(50, 2));
        bench.Send(Seconds(1) + MicroSeconds(22), 0, id, DrawBits(50 * SEGMENTS, 1));
        Simulator::Run();
        bench.CloseAll();

        const uint32_t taken = std::min(SEGMENTS, m_room + m_disc);
        const auto total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.sent, 1 + SEGMENTS, "what was sent");
        NS_TEST_EXPECT_MSG_EQ(total.received, 1 + taken, "what found room");
        NS_TEST_EXPECT_MSG_EQ(total.sent, total.received + total.dropped, "conservation");
        const SegmentMask& mask = bench.receivers[1].blocks.begin()->second.mask;
        for (uint32_t segment = 0; segment < mask.GetSize(); ++segment)
        {
            NS_TEST_EXPECT_MSG_EQ(mask.Test(segment), (segment < taken), "segment " << segment);
        }
        Simulator::Destroy();
    }

    uint32_t m_room; //!< packets that can wait
    bool m_disc;     //!< whether they wait in a queue disc
};

/**
 * Blocking probability of M/D/1/N, N packets in the system, the one in service included, by the
 * Markov chain of the number left behind by departures; D. Gross and C. M. Harris, Fundamentals of
 * Queueing Theory, 1998, Section 5.1.8.
 * @param load arrivals in a service time, above 0
 * @param capacity N, at least 2
 * @return the probability that an arrival finds no room
 */
double
GetBlocking(double load, uint32_t capacity)
{
    // balance of states 0 to N - 1 of departures: up by k arrivals in a service, at most to N - 1
    std::vector<double> arrivals{std::exp(-load)};
    for (uint32_t k = 1; k <= capacity; ++k)
    {
        arrivals.push_back(arrivals.back() * load / k);
    }
    std::vector<double> state{1};
    for (uint32_t n = 0; n + 1 < capacity; ++n)
    {
        double next = state[n] - state[0] * arrivals[n];
        for (uint32_t m = 1; m <= n; ++m)
        {
            next -= state[m] * arrivals[n - m + 1];
        }
        state.push_back(next / arrivals[0]);
    }
    double sum = 0;
    for (const double each : state)
    {
        sum += each;
    }
    // work that is carried: one service a departure, and the idle time after those that leave none
    return 1 - 1 / (state[0] / sum + load);
}

/**
 * Set-up: one host sends blocks of one segment, end on board, at the times of a Poisson process
 * into a link of 10 Mbps whose device has room for k packets besides the one on the wire:
 * M/D/1/k+1. Stimulus: loads 0.7, 0.95 and 1.3 with k of 2, 5 and 2; 40,000 arrivals. Expected: the
 * share of blocks lost is the blocking probability within 4 standard errors by the means of 40
 * intervals, since losses come in bursts. Negative controls: the blocking of one place more is
 * outside, and so is Erlang's of exponential service, M/M/1/k+1.
 */
class BlockingTestCase : public TestCase
{
  public:
    /**
     * @param load arrivals in a service time
     * @param room packets that can wait
     */
    BlockingTestCase(double load, uint32_t room)
        : TestCase("Poisson arrivals at load " + std::to_string(load).substr(0, 4) +
                   " into room for " + std::to_string(room) +
                   " are lost as a queue of fixed service loses"),
          m_load(load),
          m_room(room)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t INTERVALS = 40;
        constexpr uint32_t BLOCKS = 1000; // of an interval
        constexpr double RATE = 10e6;
        StarTopologyHelper star(2);
        star.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
        star.SetQueueSize(std::to_string(m_room) + "p");
        star.Build();
        ObjectFactory factory = TransportBench::MakeTransports(200, 2); // the end rides along
        factory.Set("MaxRepeats", UintegerValue(0));
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             factory);
        uint32_t bytes = 0; // of the first packet: all are alike
        star.GetHostDevices().Get(0)->TraceConnectWithoutContext(
            "PhyTxBegin",
            Callback<void, Ptr<const Packet>>(
                [&bytes](Ptr<const Packet> packet) { bytes = packet->GetSize(); }));
        const std::vector<float> values(50);
        bench.Send(Seconds(1), 0, {PUSH, 0, 0, 1}, values);
        Simulator::Stop(Seconds(2));
        Simulator::Run();

        const double service = 8.0 * bytes / RATE;
        RandomEngine engine(SplitMix64(0x6d6431, m_room));
        double time = 3;
        for (uint32_t i = 1; i <= INTERVALS * BLOCKS; ++i)
        {
            time += -std::log(1 - engine.NextUniform()) * service / m_load;
            bench.Send(Seconds(time) - Seconds(2), 0, {PUSH, i, 0, 1}, values);
        }
        Simulator::Run();
        std::vector<uint32_t> lost(INTERVALS, BLOCKS);
        for (const auto& [id, block] : bench.receivers[1].blocks)
        {
            if (id.round != 0)
            {
                --lost[(id.round - 1) / BLOCKS];
            }
        }
        Sample share;
        for (const uint32_t count : lost)
        {
            share.Add(static_cast<double>(count) / BLOCKS);
        }
        const double expected = GetBlocking(m_load, m_room + 1);
        NS_TEST_EXPECT_MSG_EQ(share.IsNear(expected), true, share.Describe(expected));
        const double larger = GetBlocking(m_load, m_room + 2);
        NS_TEST_EXPECT_MSG_EQ(share.IsNear(larger), false, share.Describe(larger));
        const double power = std::pow(m_load, m_room + 1);
        const double erlang = (1 - m_load) * power / (1 - m_load * power);
        NS_TEST_EXPECT_MSG_EQ(share.IsNear(erlang), false, share.Describe(erlang));
        Simulator::Destroy();
    }

    double m_load;   //!< arrivals in a service time
    uint32_t m_room; //!< packets that can wait
};

/**
 * Set-up: a DropThresholdQueueDisc for 10 packets with a threshold of 4, alone.
 * Stimulus: 3 packets of lower effort, 3 others, 2 of lower effort, 6 others, and all taken out.
 * Expected, exactly: of lower effort those that find the queue shorter than 4, of the others those
 * that find it shorter than 10, in the order in which they came; each drop has its reason.
 * Negative control: another code point is one of the others.
 */
class ThresholdTestCase : public TestCase
{
  public:
    ThresholdTestCase()
        : TestCase("lower effort is dropped above the threshold, others at the limit")
    {
    }

  private:
    void DoRun() override
    {
        const auto disc =
            CreateObjectWithAttributes<DropThresholdQueueDisc>("MaxSize",
                                                               QueueSizeValue(QueueSize("10p")),
                                                               "Threshold",
                                                               QueueSizeValue(QueueSize("4p")));
        disc->Initialize();
        std::string taken;
        for (const char c : std::string("lllooollooooooo"))
        {
            const bool isLow = c == 'l';
            // control: code point 2, which differs from that of lower effort in two bits
            taken += disc->Enqueue(MakeItem(isLow ? LOWER_EFFORT_TOS : 8)) ? c : '-';
        }
        NS_TEST_EXPECT_MSG_EQ(taken, "lllooo--oooo---", "what was let in");
        const QueueDisc::Stats& stats = disc->GetStats();
        NS_TEST_EXPECT_MSG_EQ(stats.GetNDroppedPackets(DropThresholdQueueDisc::THRESHOLD_DROP),
                              2,
                              "drops above the threshold");
        NS_TEST_EXPECT_MSG_EQ(stats.GetNDroppedPackets(DropThresholdQueueDisc::LIMIT_EXCEEDED_DROP),
                              3,
                              "drops at the limit");
        std::string order;
        while (const Ptr<QueueDiscItem> item = disc->Dequeue())
        {
            uint8_t tos = 0;
            item->GetUint8Value(QueueItem::IP_DSFIELD, tos);
            order += tos == LOWER_EFFORT_TOS ? 'l' : 'o';
        }
        NS_TEST_EXPECT_MSG_EQ(order, "llloooo" + std::string("ooo"), "first in, first out");
        disc->Dispose();

        const auto bytes =
            CreateObjectWithAttributes<DropThresholdQueueDisc>("MaxSize",
                                                               QueueSizeValue(QueueSize("5000B")),
                                                               "Threshold",
                                                               QueueSizeValue(QueueSize("2000B")));
        bytes->Initialize();
        taken.clear();
        for (const char c : std::string("llloolo"))
        {
            taken += bytes->Enqueue(MakeItem(c == 'l' ? LOWER_EFFORT_TOS : 0)) ? c : '-';
        }
        NS_TEST_EXPECT_MSG_EQ(taken, "ll-oo-o", "packets of 1,000 bytes by bytes");
        bytes->Dispose();

        const auto mixed =
            CreateObjectWithAttributes<DropThresholdQueueDisc>("MaxSize",
                                                               QueueSizeValue(QueueSize("10p")),
                                                               "Threshold",
                                                               QueueSizeValue(QueueSize("2000B")));
        bool refused = false;
        try
        {
            mixed->Initialize();
        }
        catch (const std::invalid_argument& error)
        {
            refused = std::string(error.what()).find("Threshold=2000B") != std::string::npos;
        }
        NS_TEST_EXPECT_MSG_EQ(refused, true, "a threshold in the unit of another limit");
        mixed->Dispose();
    }
};

/**
 * Set-up: two hosts send to a third through a switch port with ns-3's PrioQueueDisc.
 * Stimulus: at the same moment one sends a block of lower effort, the other one a block of others,
 * each as long as the port needs for it.
 * Expected: the others' block is complete after the time that it takes alone, plus one packet on
 * the wire and one in the device; the lower effort's after the sum. Negative controls: with one
 * first-in first-out queue both take about as long; and if its end is not of lower effort, too, it
 * overtakes the block and closes it before it has arrived.
 */
class PriorityTestCase : public TestCase
{
  public:
    PriorityTestCase()
        : TestCase("with priority, lower effort waits until nothing else does")
    {
    }

  private:
    /**
     * Sends both blocks.
     * @param specification of the queue discs
     * @param controlTos type of service of the end of the block of lower effort
     * @return when each was closed, lower effort first, in packet times
     */
    static std::pair<double, double> Run(const QueueDiscSpecification& specification,
                                         uint8_t controlTos = LOWER_EFFORT_TOS)
    {
        constexpr uint32_t SEGMENTS = 200;
        StarTopologyHelper star(3);
        star.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
        star.SetQueueDisc(specification);
        star.Build();
        const std::vector<Address> peers = TransportBench::GetAddresses(star.GetHosts());
        TransportBench bench(star.GetHosts(), peers, TransportBench::MakeTransports(936, 1));
        bench.transports[0]->SetAttribute("Tos", UintegerValue(LOWER_EFFORT_TOS));
        bench.transports[0]->SetAttribute("ControlTos", UintegerValue(controlTos));
        const std::vector<float> values(234 * SEGMENTS);
        bench.Send(Seconds(1), 0, {PUSH, 0, 0, 2}, values);
        bench.Send(Seconds(1), 1, {PUSH, 0, 0, 2}, values);
        Simulator::Run();
        std::pair<double, double> closed;
        for (const auto& [id, block] : bench.receivers[2].blocks)
        {
            (id.peer == 0 ? closed.first : closed.second) =
                (block.closedAt - Seconds(1)).GetSeconds() / (8e3 / 100e6) / SEGMENTS;
        }
        Simulator::Destroy();
        return closed;
    }

    void DoRun() override
    {
        const auto priority =
            Run({"ns3::PrioQueueDisc",
                 {"ns3::FifoQueueDisc[MaxSize=1000p]", "ns3::FifoQueueDisc[MaxSize=1000p]"}});
        // headers make a packet 998 bytes; a few packets for the hops and those already on the
        // way
        NS_TEST_EXPECT_MSG_EQ_TOL(priority.second, 1.0, 0.03, "others go first");
        NS_TEST_EXPECT_MSG_EQ_TOL(priority.first, 2.0, 0.03, "lower effort goes last");
        const auto overtaken =
            Run({"ns3::PrioQueueDisc",
                 {"ns3::FifoQueueDisc[MaxSize=1000p]", "ns3::FifoQueueDisc[MaxSize=1000p]"}},
                0);
        NS_TEST_EXPECT_MSG_LT(overtaken.first, 1.1, "an end of the best class closes its block");
        const auto fifo = Run({"ns3::FifoQueueDisc[MaxSize=1000p]", {}});
        NS_TEST_EXPECT_MSG_EQ_TOL(fifo.second, 2.0, 0.03, "in one queue all wait");
        NS_TEST_EXPECT_MSG_EQ_TOL(fifo.first, 2.0, 0.03, "in one queue all wait");
    }
};

/**
 * Set-up: a training of six workers whose data are of lower effort, on a star of 100 Mbps.
 * Stimulus: drop thresholds that lose nothing, some and all of it, at switches or everywhere; and
 * no queue disc at all.
 * Expected: every run ends with all its rounds, every segment is accounted for, the loss is none,
 * some and all; the same again is the same again. Without queue discs the switch has no traffic
 * control layer to pass.
 */
class TrainingLossTestCase : public TestCase
{
  public:
    TrainingLossTestCase()
        : TestCase("a training that yields ends, and every segment is accounted for")
    {
    }

  private:
    /**
     * Runs a training.
     * @param threshold of lower effort, empty for no queue disc
     * @param ports where
     * @param conserved receives whether all segments are accounted for
     * @return segments dropped, of how many
     */
    std::pair<uint64_t, uint64_t> Run(const std::string& threshold,
                                      SwitchedTopologyHelper::Ports ports)
    {
        Scenario scenario;
        scenario.workers = 6;
        scenario.data = MakeData(60, 6000, 1);
        scenario.segmentsPerPacket = 1;
        scenario.segmentBytes = 400;
        scenario.linkRate = "100Mbps";
        scenario.queueDisc =
            threshold.empty()
                ? ""
                : "ns3::learning::DropThresholdQueueDisc[MaxSize=1000p|Threshold=" + threshold +
                      "]";
        scenario.queueDiscPorts = ports;
        scenario.tos = LOWER_EFFORT_TOS;
        TrainingRun run(scenario);
        Simulator::Run();
        const auto total = run.GetTraffic();
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "conservation at " << threshold);
        for (uint32_t i = 0; i < scenario.workers; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(),
                                  scenario.rounds,
                                  "rounds at " << threshold);
        }
        for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
        {
            const bool isSwitch = bool((*node)->GetObject<PointToPointSwitch>());
            NS_TEST_EXPECT_MSG_EQ(isSwitch && threshold.empty() &&
                                      bool((*node)->GetObject<TrafficControlLayer>()),
                                  false,
                                  "a switch without queue discs has nothing to pass");
        }
        Simulator::Destroy();
        return {total.dropped, total.sent};
    }

    void DoRun() override
    {
        for (const auto ports :
             {SwitchedTopologyHelper::SWITCH_PORTS, SwitchedTopologyHelper::ALL_PORTS})
        {
            const auto all = Run("0p", ports);
            NS_TEST_EXPECT_MSG_EQ(all.first, all.second, "at threshold 0 all is lost");
            const auto none = Run("1000p", ports);
            NS_TEST_EXPECT_MSG_EQ(none.first, 0, "at the limit nothing is lost");
            NS_TEST_EXPECT_MSG_EQ(none.second, all.second, "the offer does not depend on loss");
        }
        const auto some = Run("20p", SwitchedTopologyHelper::ALL_PORTS);
        NS_TEST_EXPECT_MSG_GT(some.first, 0, "between, some is lost");
        NS_TEST_EXPECT_MSG_LT(some.first, some.second, "between, some arrives");
        NS_TEST_EXPECT_MSG_EQ((Run("20p", SwitchedTopologyHelper::ALL_PORTS) == some),
                              true,
                              "the same again");
        NS_TEST_EXPECT_MSG_EQ(Run("", SwitchedTopologyHelper::SWITCH_PORTS).first,
                              0,
                              "without queue discs nothing is lost");
    }
};

/// Queues and queue discs.
class QueueTestSuite : public TestSuite
{
  public:
    QueueTestSuite()
        : TestSuite("distributed-learning-network-queues", Type::SYSTEM)
    {
        for (const uint32_t room : {1U, 7U, 59U, 100U})
        {
            AddTestCase(new BurstTestCase(room, false), TestDuration::QUICK);
            AddTestCase(new BurstTestCase(room, true), TestDuration::QUICK);
        }
        AddTestCase(new BlockingTestCase(0.7, 2), TestDuration::QUICK);
        AddTestCase(new BlockingTestCase(0.95, 5), TestDuration::QUICK);
        AddTestCase(new BlockingTestCase(1.3, 2), TestDuration::QUICK);
        AddTestCase(new ThresholdTestCase, TestDuration::QUICK);
        AddTestCase(new PriorityTestCase, TestDuration::QUICK);
        AddTestCase(new TrainingLossTestCase, TestDuration::QUICK);
    }
};

QueueTestSuite g_queueTestSuite; //!< registers the suite

} // namespace
