/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What each transport promises, against closed forms: passes of selective repeat, residual loss of
// parity, bounds of bounded loss, the time of an incast. TCP's own: tcp-test-suite.cc.

#include "transport-bench.h"

#include "ns3/bounded-loss-transport.h"
#include "ns3/learning-compatibility.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/test.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Makes a star whose hosts lose what comes to them.
 * @param hosts number of hosts
 * @param dropRate p
 * @param dropControl whether control is lost, too
 * @param dropOther whether packets without segments are
 * @return the star
 */
std::unique_ptr<StarTopologyHelper>
MakeStar(uint32_t hosts, double dropRate, bool dropControl = false, bool dropOther = false)
{
    auto star = std::make_unique<StarTopologyHelper>(hosts);
    star->SetErrorModel("ns3::learning::BernoulliErrorModel",
                        "DropRate",
                        DoubleValue(dropRate),
                        "DropControl",
                        BooleanValue(dropControl),
                        "DropOther",
                        BooleanValue(dropOther));
    star->Build();
    return star;
}

/**
 * Set-up: two hosts on a star that loses segments with probability p and spares control.
 * Stimulus: blocks of K segments by SelectiveRepeatTransport, one after another.
 * Expected: the mean number of passes is sum over t >= 0 of 1 - (1 - p^t)^K, within 4 standard
 * errors (and that sum is what the literature's table says: 2.10, 3.74 and 6.72 at K = 1,000 and p
 * = 0.01, 0.1, 0.3); every segment arrives; transmissions are K / (1 - p) a block on average,
 * within 4 standard errors of the geometric law.
 */
class PassesTestCase : public TestCase
{
  public:
    /**
     * @param segments K
     * @param dropRate p
     * @param table mean number of passes as the literature gives it, or 0
     */
    PassesTestCase(uint32_t segments, double dropRate, double table)
        : TestCase("selective repeat: passes over " + std::to_string(segments) +
                   " segments at drop rate " + std::to_string(dropRate)),
          m_segments(segments),
          m_dropRate(dropRate),
          m_table(table)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t BLOCKS = 200;
        const auto star = MakeStar(2, m_dropRate);
        TransportBench bench(
            star->GetHosts(),
            TransportBench::GetAddresses(star->GetHosts()),
            TransportBench::MakeTransports(4, 64, "ns3::learning::SelectiveRepeatTransport"));
        bench.transports[0]->TraceConnectWithoutContext("Passes",
                                                        MakeCallback(&PassesTestCase::Add, this));
        const std::vector<float> values = DrawBits(m_segments, 1);
        for (uint32_t block = 0; block < BLOCKS; ++block)
        {
            bench.Send(MilliSeconds(20 * block), 0, {PUSH, block, 0, 1}, values);
        }
        Simulator::Run();
        double expected = 0;
        for (double lost = 1; lost > 1e-12; lost *= m_dropRate) // p^t
        {
            expected += -std::expm1(m_segments * std::log1p(-lost));
        }
        NS_TEST_EXPECT_MSG_EQ((m_table == 0 || std::abs(expected - m_table) < 0.006),
                              true,
                              "the formula gives " << expected);
        NS_TEST_EXPECT_MSG_EQ(m_passes.IsNear(expected), true, m_passes.Describe(expected));
        uint32_t exact = 0;
        for (uint32_t block = 0; block < BLOCKS; ++block)
        {
            exact += bench.IsExact(1, {PUSH, block, 0, 0}, values) &&
                     bench.receivers[1].blocks[{PUSH, block, 0, 0}].mask.IsComplete();
        }
        NS_TEST_EXPECT_MSG_EQ(exact, BLOCKS, "whole blocks");
        const TrafficLedger::Account total = bench.GetTotal();
        const double count = double{BLOCKS} * m_segments;
        const double deviation = std::sqrt(count * m_dropRate) / (1 - m_dropRate);
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(total.sent),
                                  count / (1 - m_dropRate),
                                  4 * deviation,
                                  "transmissions");
        NS_TEST_EXPECT_MSG_EQ(total.sent, total.offered + total.retransmitted, "repeats");
        NS_TEST_EXPECT_MSG_EQ(total.sent, total.received + total.dropped, "conservation");
        Simulator::Destroy();
    }

    /**
     * A block is done.
     * @param passes over it
     */
    void Add(const BlockId& /* id */, uint32_t passes)
    {
        m_passes.Add(passes);
    }

    const uint32_t m_segments; //!< K
    const double m_dropRate;   //!< p
    const double m_table;      //!< mean number of passes, or 0
    Sample m_passes;           //!< over each block
};

/**
 * Set-up: two hosts on a star that loses all data segments and spares control.
 * Stimulus: a block of 50 segments by SelectiveRepeatTransport, with a limit of passes.
 * Expected: every segment is sent as often as MaxPasses says, the first time included, and no more.
 */
class PassLimitTestCase : public TestCase
{
  public:
    /**
     * @param passes the limit
     */
    explicit PassLimitTestCase(uint32_t passes)
        : TestCase("no more passes than " + std::to_string(passes)),
          m_passes(passes)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t SEGMENTS = 50;
        const auto star = MakeStar(2, 1);
        TransportBench bench(
            star->GetHosts(),
            TransportBench::GetAddresses(star->GetHosts()),
            TransportBench::MakeTransports(4,
                                           8,
                                           "ns3::learning::SelectiveRepeatTransport[MaxPasses=" +
                                               std::to_string(m_passes) + "]"));
        bench.Send(Time(0), 0, {PUSH, 0, 0, 1}, DrawBits(SEGMENTS, 1));
        Simulator::Run();
        const TrafficLedger::Account total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.sent, m_passes * SEGMENTS, "segments sent");
        NS_TEST_EXPECT_MSG_EQ(total.retransmitted, (m_passes - 1) * SEGMENTS, "of them again");
        Simulator::Destroy();
    }

    const uint32_t m_passes; //!< the limit
};

/**
 * Set-up: two hosts on a star that loses segments with probability p and spares control.
 * Stimulus: blocks of 40 groups of k segments by ParityTransport, in trains or not.
 * Expected: the share of segments that stays lost is p (1 - (1 - p)^k), within 4 standard errors by
 * the shares of the blocks; what is there is as sent, to the bit; sent = received + duplicate +
 * dropped, where each group sends one segment more. Negative control: p itself is not within these.
 */
class ParityTestCase : public TestCase
{
  public:
    /**
     * @param dataSegments k
     * @param dropRate p
     * @param train segments in a packet
     */
    ParityTestCase(uint32_t dataSegments, double dropRate, uint32_t train)
        : TestCase("parity: residual loss, k = " + std::to_string(dataSegments) + ", drop rate " +
                   std::to_string(dropRate) + ", trains of " + std::to_string(train)),
          m_dataSegments(dataSegments),
          m_dropRate(dropRate),
          m_train(train)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t BLOCKS = 100;
        constexpr uint32_t GROUPS = 40;
        const auto star = MakeStar(2, m_dropRate);
        TransportBench bench(
            star->GetHosts(),
            TransportBench::GetAddresses(star->GetHosts()),
            TransportBench::MakeTransports(8,
                                           m_train,
                                           "ns3::learning::ParityTransport[DataSegments=" +
                                               std::to_string(m_dataSegments) + "]"));
        // the last segment is half as long as the others
        const uint32_t segments = m_dataSegments * GROUPS;
        const std::vector<float> values = DrawBits(2 * segments - 1, 1);
        for (uint32_t block = 0; block < BLOCKS; ++block)
        {
            bench.Send(MilliSeconds(block), 0, {PUSH, block, 0, 1}, values);
        }
        Simulator::Run();
        Sample lost;
        for (uint32_t block = 0; block < BLOCKS; ++block)
        {
            const BlockId id{PUSH, block, 0, 0};
            NS_TEST_EXPECT_MSG_EQ(bench.IsExact(1, id, values), true, "block " << block);
            const SegmentMask& mask = bench.receivers[1].blocks[id].mask;
            lost.Add(1 - static_cast<double>(mask.GetCount()) / segments);
        }
        const double expected = m_dropRate * (1 - std::pow(1 - m_dropRate, m_dataSegments));
        NS_TEST_EXPECT_MSG_EQ(lost.IsNear(expected), true, lost.Describe(expected));
        NS_TEST_EXPECT_MSG_EQ((m_dropRate == 0 || !lost.IsNear(m_dropRate)),
                              true,
                              "no better than without parity");
        const TrafficLedger::Account total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(bench.receivers[1].offered, 0, "held, not there to rebuild others");
        NS_TEST_EXPECT_MSG_EQ(total.parity, BLOCKS * GROUPS, "parity segments");
        NS_TEST_EXPECT_MSG_EQ(total.sent, total.offered + total.parity, "sent");
        NS_TEST_EXPECT_MSG_EQ((m_dropRate != 0 || total.duplicate == total.parity),
                              true,
                              "parity that was not needed");
        NS_TEST_EXPECT_MSG_EQ(total.received, bench.CountReceived(), "received");
        NS_TEST_EXPECT_MSG_EQ(total.sent,
                              total.received + total.duplicate + total.dropped,
                              "conservation");
        Simulator::Destroy();
    }

    const uint32_t m_dataSegments; //!< k
    const double m_dropRate;       //!< p
    const uint32_t m_train;        //!< segments in a packet
};

/**
 * Set-up: two hosts on a star that loses segments with probability 0.3 and spares control.
 * Stimulus: 300 rounds of a block of 50 segments by BoundedLossTransport, with a threshold and a
 * cap on consecutive losses.
 * Expected: every block has at least the share Threshold, and some no more; if there is a cap, no
 * segment is missing more often in a row than it says, and blocks are not all whole; without one,
 * some segment is missing more often (in 300 rounds of 50 segments about 300 x 50 x 0.3^4 x 0.7 =
 * 85 runs of 4).
 */
class BoundsTestCase : public TestCase
{
  public:
    /**
     * @param threshold share that is enough
     * @param cap on losses in a row, 0 for none
     */
    BoundsTestCase(double threshold, uint32_t cap)
        : TestCase("bounded loss: threshold " + std::to_string(threshold) + ", cap " +
                   std::to_string(cap)),
          m_threshold(threshold),
          m_cap(cap)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t ROUNDS = 300;
        constexpr uint32_t SEGMENTS = 50;
        const auto star = MakeStar(2, 0.3);
        TransportBench bench(
            star->GetHosts(),
            TransportBench::GetAddresses(star->GetHosts()),
            TransportBench::MakeTransports(
                4,
                8,
                "ns3::learning::BoundedLossTransport[Threshold=" + std::to_string(m_threshold) +
                    "|DeadlineFactor=0|MaxConsecutiveLosses=" + std::to_string(m_cap) + "]"));
        const std::vector<float> values = DrawBits(SEGMENTS, 1);
        for (uint32_t round = 0; round < ROUNDS; ++round)
        {
            bench.Send(MilliSeconds(5 * round), 0, {PUSH, round, 0, 1}, values);
        }
        Simulator::Run();
        std::vector<uint32_t> inRow(SEGMENTS);
        uint32_t longest = 0;
        uint32_t missing = 0;
        uint32_t least = SEGMENTS;
        for (uint32_t round = 0; round < ROUNDS; ++round)
        {
            const BlockId id{PUSH, round, 0, 0};
            NS_TEST_EXPECT_MSG_EQ(bench.IsExact(1, id, values), true, "round " << round);
            const SegmentMask& mask = bench.receivers[1].blocks[id].mask;
            least = std::min(least, mask.GetCount());
            NS_TEST_EXPECT_MSG_GT(mask.GetCount(),
                                  m_threshold * SEGMENTS - 1e-9,
                                  "round " << round);
            for (uint32_t k = 0; k < SEGMENTS; ++k)
            {
                inRow[k] = mask.Test(k) ? 0 : inRow[k] + 1;
                missing += !mask.Test(k);
                longest = std::max(longest, inRow[k]);
            }
        }
        NS_TEST_EXPECT_MSG_GT(missing, 0, "nothing was missing at all");
        NS_TEST_EXPECT_MSG_GT(missing,
                              2 * m_cap * SEGMENTS,
                              "what has arrived may be missing again");
        if (m_threshold > 0 && m_cap == 0)
        {
            NS_TEST_EXPECT_MSG_EQ(least, std::ceil(m_threshold * SEGMENTS - 1e-9), "enough");
        }
        if (m_cap != 0)
        {
            NS_TEST_EXPECT_MSG_LT(longest, m_cap + 1, "losses of a segment in a row");
        }
        else if (m_threshold == 0)
        {
            NS_TEST_EXPECT_MSG_GT(longest, 3, "losses of a segment in a row");
        }
        const TrafficLedger::Account total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.sent,
                              total.received + total.late + total.dropped,
                              "conservation");
        Simulator::Destroy();
    }

    const double m_threshold; //!< share that is enough
    const uint32_t m_cap;     //!< on losses in a row
};

/**
 * Set-up: three hosts on a star of 10 Mbps; hosts 1 and 2 send a block each to host 0, each round;
 * MinHistory 4, Percentile 1, DeadlineFactor 1.5; nothing is lost.
 * Stimulus: 10 rounds alike; then one in which the second block is sent 20 times as late as a
 * block takes, and one in which it is not sent at all.
 * Expected: the deadline is 1.5 times the longest time of a block, counted from the first arrival
 * of the round; what comes after it is late; the receiver is told that the round is over then.
 */
class DeadlineTestCase : public TestCase
{
  public:
    DeadlineTestCase()
        : TestCase("bounded loss: the deadline follows the times of past rounds")
    {
    }

  private:
    /// Notes when rounds are said to be over.
    class Waiter : public RecordingReceiver
    {
      public:
        float* OpenBlock(const BlockId& id, uint32_t length) override
        {
            // as a server does that has closed the round
            return over.count(id.round) != 0 ? nullptr : RecordingReceiver::OpenBlock(id, length);
        }

        void RoundOver(BlockDirection /* direction */, uint32_t round) override
        {
            over[round] = Simulator::Now();
        }

        std::map<uint32_t, Time> over; //!< when, by round
    };

    void DoRun() override
    {
        StarTopologyHelper star(3);
        star.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
        star.Build();
        TransportBench bench(
            star.GetHosts(),
            TransportBench::GetAddresses(star.GetHosts()),
            TransportBench::MakeTransports(100,
                                           1,
                                           "ns3::learning::BoundedLossTransport[MinHistory=4|"
                                           "Percentile=1|DeadlineFactor=1.5]"));
        Waiter waiter;
        bench.transports[0]->SetReceiver(PUSH, &waiter);
        const auto transport = DynamicCast<BoundedLossTransport>(bench.transports[0]);
        const std::vector<float> values = DrawBits(250, 1);
        NS_TEST_EXPECT_MSG_EQ((transport->GetDeadline(PUSH) == Time::Max()), true, "too early");
        std::map<uint32_t, Time> deadlines; // before each round
        for (uint32_t round = 0; round < 12; ++round)
        {
            const Time start = MilliSeconds(100 * round);
            Simulator::Schedule(start, [&deadlines, transport, round] {
                deadlines[round] = transport->GetDeadline(PUSH);
            });
            bench.Send(start, 1, {PUSH, round, 0, 0}, values);
            if (round < 10)
            {
                bench.Send(start, 2, {PUSH, round, 0, 0}, values);
            }
        }
        // 10 segments of 162 bytes take 1.3 ms
        bench.Send(MilliSeconds(1026), 2, {PUSH, 10, 0, 0}, values);
        Simulator::Run();
        // the first segment has come after two links; then 19 more
        const double segment = 162 * 8 / 10e6;
        NS_TEST_EXPECT_MSG_EQ_TOL(deadlines[10].GetSeconds(),
                                  1.5 * 19 * segment,
                                  1.5 * segment,
                                  "deadline, up to the place of the end");
        // the block that did not come in round 10 was waited for that long
        NS_TEST_EXPECT_MSG_EQ_TOL(deadlines[11].GetSeconds(),
                                  1.5 * deadlines[10].GetSeconds(),
                                  1e-8,
                                  "deadline after a round in which a block was missing");
        for (const uint32_t round : {10, 11})
        {
            NS_TEST_ASSERT_MSG_EQ(waiter.over.count(round), 1, "round " << round);
            NS_TEST_EXPECT_MSG_EQ_TOL(waiter.over[round].GetSeconds(),
                                      0.1 * round + 2 * segment + deadlines[round].GetSeconds(),
                                      1e-4,
                                      "round " << round);
        }
        for (uint32_t round = 0; round < 10; ++round)
        {
            NS_TEST_EXPECT_MSG_EQ((waiter.blocks[{PUSH, round, 0, 1}].mask.IsComplete() &&
                                   waiter.blocks[{PUSH, round, 0, 2}].mask.IsComplete()),
                                  true,
                                  "round " << round);
        }
        Simulator::Destroy();
    }
};

/**
 * Set-up: two hosts on a star that loses half of all segments and spares control; bounded loss to
 * which any share is enough, so that the deadline is no longer than one pass over a block.
 * Stimulus: five blocks of 50 segments, then a last one that is to be reliable, or is not.
 * Expected: the last one arrives whole if and only if it is to be reliable: it is not closed by the
 * deadline of its round.
 */
class ReliableInBoundsTestCase : public TestCase
{
  public:
    /**
     * @param reliable whether the last block is to be
     */
    explicit ReliableInBoundsTestCase(bool reliable)
        : TestCase(std::string("bounded loss, a block that is ") + (reliable ? "" : "not ") +
                   "to be reliable"),
          m_reliable(reliable)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t SEGMENTS = 50;
        const auto star = MakeStar(2, 0.5);
        TransportBench bench(
            star->GetHosts(),
            TransportBench::GetAddresses(star->GetHosts()),
            TransportBench::MakeTransports(4,
                                           8,
                                           "ns3::learning::BoundedLossTransport[Threshold=0|"
                                           "MinHistory=2|DeadlineFactor=1]"));
        const std::vector<float> values = DrawBits(SEGMENTS, 1);
        for (uint32_t round = 0; round < 6; ++round)
        {
            bench.Send(MilliSeconds(5 * round),
                       0,
                       {PUSH, round, 0, 1},
                       values,
                       SegmentMask(),
                       m_reliable && round == 5);
        }
        Simulator::Run();
        const SegmentMask& mask = bench.receivers[1].blocks[{PUSH, 5, 0, 0}].mask;
        NS_TEST_EXPECT_MSG_EQ(mask.GetSize(), SEGMENTS, "it was never closed");
        NS_TEST_EXPECT_MSG_EQ(mask.IsComplete(), m_reliable, "whole");
        Simulator::Destroy();
    }

    const bool m_reliable; //!< whether the last block is to be
};

/**
 * Set-up: W hosts and one more on a star of 100 Mbps, delay 1 ms; nothing is lost.
 * Stimulus: all W send a block of M segments of 1,000 bytes to it at once.
 * Expected: the last block is not closed before W M x 1,000 bytes have passed its link, and two
 * delays; over UDP, where the link is busy from the first arrival on, it is closed no later than
 * all bytes that hosts sent take, with two delays and the time of a train and an end on each link.
 */
class IncastTestCase : public TestCase
{
  public:
    /**
     * @param transport type of the transports
     */
    explicit IncastTestCase(const std::string& transport)
        : TestCase("incast takes the time of the link: " + transport),
          m_transport(transport)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t WORKERS = 8;
        constexpr uint32_t SEGMENTS = 64;
        constexpr uint32_t TRAIN = 4;
        constexpr double RATE = 100e6;
        StarTopologyHelper star(WORKERS + 1);
        star.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
        star.SetChannelAttribute("Delay", StringValue("1ms"));
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(1000, TRAIN, m_transport));
        const std::vector<float> values = DrawBits(250 * SEGMENTS, 1);
        for (uint32_t worker = 0; worker < WORKERS; ++worker)
        {
            bench.Send(Time(0), worker, {PUSH, 0, 0, WORKERS}, values);
        }
        Simulator::Run();
        Time last;
        for (uint32_t worker = 0; worker < WORKERS; ++worker)
        {
            const auto& block = bench.receivers[WORKERS].blocks[{PUSH, 0, 0, worker}];
            NS_TEST_EXPECT_MSG_EQ(block.mask.IsComplete(), true, "worker " << worker);
            last = std::max(last, block.closedAt);
        }
        const double bound = WORKERS * SEGMENTS * 1000 * 8.0 / RATE + 0.002;
        NS_TEST_EXPECT_MSG_GT(last.GetSeconds(), bound, "faster than the link");
        if (m_transport.find("Tcp") == std::string::npos)
        {
            const double all = static_cast<double>(bench.GetTotal().bytes) * 8 / RATE + 0.002;
            const double train = (TRAIN + 1) * 1100 * 8 / RATE;
            NS_TEST_EXPECT_MSG_LT(last.GetSeconds(), all + 2 * train, "slower than the link");
        }
        const TimeHistogram& times = bench.ledger->GetBlockTimes();
        NS_TEST_EXPECT_MSG_EQ(times.GetCount(), WORKERS, "times");
        NS_TEST_EXPECT_MSG_EQ_TOL(times.GetPercentile(1), last.GetSeconds(), 1e-9, "longest time");
        NS_TEST_EXPECT_MSG_LT(times.GetMean(), last.GetSeconds() + 1e-9, "mean time");
        Simulator::Destroy();
    }

    const std::string m_transport; //!< type of the transports
};

/**
 * Set-up: two hosts on a star that loses segments with probability 0.3, or TCP packets with 0.02.
 * Stimulus: a reliable block over a transport that would be content with less.
 * Expected: it arrives to the bit, and the sender is told that it is whole.
 */
class ReliableTestCase : public TestCase
{
  public:
    /**
     * @param transport type of the transports
     */
    explicit ReliableTestCase(const std::string& transport)
        : TestCase("reliable blocks are whole: " + transport),
          m_transport(transport)
    {
    }

  private:
    void DoRun() override
    {
        const bool isTcp = m_transport.find("Tcp") != std::string::npos;
        const auto star = MakeStar(2, isTcp ? 0.02 : 0.3, false, isTcp);
        TransportBench bench(star->GetHosts(),
                             TransportBench::GetAddresses(star->GetHosts()),
                             TransportBench::MakeTransports(100, 8, m_transport));
        uint32_t told = 0;
        bench.transports[0]->SetDeliveryCallback(
            PUSH,
            [&told](const BlockId&, const SegmentMask& arrived) { told += arrived.IsComplete(); });
        std::vector<std::vector<float>> sent;
        for (uint32_t round = 0; round < 20; ++round)
        {
            sent.push_back(DrawBits(1000 + round, round));
            bench.Send(MilliSeconds(round),
                       0,
                       {PUSH, round, 0, 1},
                       sent.back(),
                       SegmentMask(),
                       true);
        }
        Simulator::Run();
        for (uint32_t round = 0; round < 20; ++round)
        {
            const BlockId id{PUSH, round, 0, 0};
            NS_TEST_EXPECT_MSG_EQ((bench.IsExact(1, id, sent[round]) &&
                                   bench.receivers[1].blocks[id].mask.IsComplete()),
                                  true,
                                  "round " << round);
        }
        NS_TEST_EXPECT_MSG_EQ(told, 20, "blocks told to be whole");
        Simulator::Destroy();
    }

    const std::string m_transport; //!< type of the transports
};

/// What transports promise.
class TransportLawsTestSuite : public TestSuite
{
  public:
    TransportLawsTestSuite()
        : TestSuite("distributed-learning-transport-laws", Type::UNIT)
    {
        const std::string prefix = "ns3::learning::";
        Add(new PassesTestCase(1000, 0.01, 2.10));
        Add(new PassesTestCase(1000, 0.1, 3.74));
        Add(new PassesTestCase(1000, 0.3, 6.72));
        Add(new PassesTestCase(100, 0.7, 0));
        Add(new PassesTestCase(1, 0.5, 2));
        for (const uint32_t train : {1, 7, 64})
        {
            Add(new ParityTestCase(4, 0.1, train));
            Add(new ParityTestCase(8, 0.3, train));
            Add(new ParityTestCase(1, 0.5, train));
            Add(new ParityTestCase(4, 0, train));
        }
        Add(new ParityTestCase(70, 0.01, 64));
        Add(new PassLimitTestCase(1));
        Add(new PassLimitTestCase(3));
        Add(new BoundsTestCase(0, 0));
        Add(new BoundsTestCase(0, 2));
        Add(new BoundsTestCase(0.5, 1));
        Add(new BoundsTestCase(0.9, 0));
        Add(new ReliableInBoundsTestCase(true));
        Add(new ReliableInBoundsTestCase(false));
        Add(new DeadlineTestCase);
        for (const std::string type : {"DatagramTransport",
                                       "SelectiveRepeatTransport",
                                       "BoundedLossTransport",
                                       "ParityTransport",
                                       "TcpTransport"})
        {
            Add(new IncastTestCase(prefix + type));
            Add(new ReliableTestCase(prefix + type +
                                     (type == "BoundedLossTransport" ? "[Threshold=0.1]" : "")));
        }
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

TransportLawsTestSuite g_transportLawsTestSuite; //!< registers the suite

} // namespace
