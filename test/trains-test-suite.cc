/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Trains against single segments: the same drops, the same bytes, nearly the same times.

#include "transport-bench.h"

#include "ns3/data-rate.h"
#include "ns3/learning-compatibility.h"
#include "ns3/test.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: two hosts on a star of 100 Mbps, one sender, blocks of 100 segments of 200 bytes.
 * Stimulus: 30 blocks one after the other, 20 % dropped, as single segments and as trains.
 * Expected: the very same segments are dropped, since error models draw once a segment in order;
 * every block is closed at most (train - 1) segment times later for each of the two
 * store-and-forward hops, and no earlier than an end takes on a link; the bytes sent are the same
 * (one acknowledgement a block travels alone either way).
 */
class OnePathTestCase : public TestCase
{
  public:
    /**
     * @param train segments in a packet
     */
    explicit OnePathTestCase(uint32_t train)
        : TestCase("one uncongested path: same drops, times and bytes with trains of " +
                   std::to_string(train)),
          m_train(train)
    {
    }

  private:
    static constexpr uint32_t BLOCKS = 30;    //!< sent one after the other
    static constexpr uint32_t SEGMENTS = 100; //!< of a block
    static constexpr uint32_t WIRE = 262;     //!< bytes of a segment on the link, 62 being headers

    /// What the receiver saw.
    struct Seen
    {
        std::vector<bool> received; //!< by block and segment
        std::vector<Time> closed;   //!< by block
        uint64_t bytes{0};          //!< sent by both hosts
    };

    /**
     * Sends all blocks.
     * @param train segments in a packet
     * @return what the receiver saw
     */
    static Seen Run(uint32_t train)
    {
        StarTopologyHelper star(2);
        star.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
        star.SetDropRate(0.2);
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(200, train));
        const std::vector<float> values = DrawBits(50 * SEGMENTS, 1);
        for (uint32_t block = 0; block < BLOCKS; ++block)
        {
            bench.Send(MilliSeconds(20 * block), 0, {PUSH, block, 0, 1}, values);
        }
        Simulator::Run();
        Seen seen;
        for (const auto& [id, block] : bench.receivers[1].blocks)
        {
            for (uint32_t segment = 0; segment < SEGMENTS; ++segment)
            {
                seen.received.push_back(block.mask.Test(segment));
            }
            seen.closed.push_back(block.closedAt);
        }
        seen.bytes = bench.GetTotal().bytes;
        Simulator::Destroy();
        return seen;
    }

    void DoRun() override
    {
        const Seen single = Run(1);
        const Seen trains = Run(m_train);
        const auto drops = static_cast<uint64_t>(
            std::count(single.received.begin(), single.received.end(), false));
        NS_TEST_EXPECT_MSG_EQ(single.received.size(), BLOCKS * SEGMENTS, "segments");
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(drops, BLOCKS * SEGMENTS, 0.2), true, drops << " drops");
        NS_TEST_EXPECT_MSG_EQ((single.received == trains.received), true, "other drops");
        NS_TEST_EXPECT_MSG_EQ(single.bytes, trains.bytes, "bytes");
        const DataRate rate("100Mbps");
        const Time later =
            rate.CalculateBytesTxTime(WIRE) * static_cast<int64_t>(2 * (m_train - 1));
        for (uint32_t block = 0; block < BLOCKS; ++block)
        {
            const Time difference = trains.closed[block] - single.closed[block];
            NS_TEST_EXPECT_MSG_LT(difference, later + NanoSeconds(10), "block " << block);
            NS_TEST_EXPECT_MSG_GT(difference, Time(0) - NanoSeconds(10), "block " << block);
        }
        Simulator::Destroy();
    }

    const uint32_t m_train; //!< segments in a packet
};

/**
 * Set-up: eight workers on a star that only mix, 30 % dropped, blocks of 16 segments, 60 rounds.
 * Stimulus: single segments, and trains of 16, under the same seed.
 * Expected: as many segments sent; drop shares equal by a two-sample test within 4 standard errors
 * of their difference; so are the numbers of segments lost of a block (mean and mean square: a
 * train that were lost as a whole would show in the square). Bytes differ by acknowledgements
 * only: a train's end carries more of them. The simulated time of a round differs by at most
 * (train - 1) segment times for each of the hops of push and pull, times the seven packets that
 * may stand in a queue before it.
 */
class ManyPathsTestCase : public TestCase
{
  public:
    ManyPathsTestCase()
        : TestCase("training: trains drop as single segments do")
    {
    }

  private:
    static constexpr uint32_t WORKERS = 8;   //!< n
    static constexpr uint32_t SEGMENTS = 16; //!< of a block
    static constexpr uint32_t ROUNDS = 60;   //!< to run

    /// What became of blocks.
    struct Result
    {
        TrafficLedger::Account traffic; //!< of all
        Sample lost;                    //!< segments lost of a block
        Sample squares;                 //!< their squares
        Time end;                       //!< of the last round
    };

    /**
     * Trains.
     * @param train segments in a packet
     * @param wholeTrains whether the error model drops whole packets, as it should not
     * @return what became of blocks
     */
    Result Train(uint32_t train, bool wholeTrains = false)
    {
        m_result = Result();
        Scenario scenario;
        scenario.workers = WORKERS;
        scenario.dropRate = wholeTrains ? 0 : 0.3;
        scenario.segmentBytes = 100;
        scenario.segmentsPerPacket = train;
        scenario.rounds = ROUNDS;
        scenario.data = MakeData(WORKERS, WORKERS * SEGMENTS * 25);
        TrainingRun run(scenario);
        if (wholeTrains)
        {
            const Ptr<UniformRandomVariable> draw = CreateObject<UniformRandomVariable>();
            draw->SetStream(3);
            for (uint32_t i = 0; i < WORKERS; ++i)
            {
                FunctionErrorModel::Install(run.GetStar().GetHostDevices().Get(i),
                                            [draw](Ptr<Packet> packet) {
                                                SegmentTag tag;
                                                packet->PeekPacketTag(tag);
                                                if (draw->GetValue() < 0.3)
                                                {
                                                    tag.Lose(~uint64_t{0});
                                                    packet->ReplacePacketTag(tag);
                                                }
                                                return false;
                                            });
            }
        }
        for (uint32_t i = 0; i < WORKERS; ++i)
        {
            run.GetWorker(i)->GetTransport()->TraceConnectWithoutContext(
                "Close",
                MakeCallback(&ManyPathsTestCase::Closed, this));
        }
        run.TraceRoundEnd(MakeCallback(&ManyPathsTestCase::RoundEnded, this));
        Simulator::Run();
        m_result.traffic = run.GetTraffic();
        Simulator::Destroy();
        return m_result;
    }

    /**
     * Whether two means agree.
     * @param a a sample
     * @param b another one
     * @return whether they differ by at most 4 standard errors of the difference
     */
    static bool Agree(const Sample& a, const Sample& b)
    {
        return std::abs(a.GetMean() - b.GetMean()) <= 4 * std::hypot(a.GetError(), b.GetError());
    }

    void DoRun() override
    {
        const Result single = Train(1);
        const Result trains = Train(SEGMENTS);
        const Result whole = Train(SEGMENTS, true);
        constexpr uint64_t SENT = uint64_t{2} * WORKERS * (WORKERS - 1) * SEGMENTS * ROUNDS;
        NS_TEST_EXPECT_MSG_EQ(single.traffic.sent, SENT, "sent as single segments");
        NS_TEST_EXPECT_MSG_EQ(trains.traffic.sent, SENT, "sent in trains");
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(trains.traffic.dropped, SENT, 0.3), true, "share");
        NS_TEST_EXPECT_MSG_EQ(Agree(single.lost, trains.lost), true, "mean of lost segments");
        NS_TEST_EXPECT_MSG_EQ(Agree(single.squares, trains.squares), true, "mean square");
        // negative control: trains lost as a whole
        NS_TEST_EXPECT_MSG_EQ(Agree(single.squares, whole.squares), false, "control passes");

        // every end is acknowledged, riding or alone: 8 bytes each, and 62 for those that travel
        // alone, at most one for each end
        const auto difference =
            static_cast<double>(trains.traffic.bytes) - static_cast<double>(single.traffic.bytes);
        constexpr double ENDS = 2.0 * WORKERS * (WORKERS - 1) * ROUNDS;
        NS_TEST_EXPECT_MSG_LT(std::abs(difference), ENDS * (62 + 8), "bytes");
        const Time segment = DataRate("10Gbps").CalculateBytesTxTime(162);
        const Time bound = segment * static_cast<int64_t>(4 * (SEGMENTS - 1) * (WORKERS - 1));
        NS_TEST_EXPECT_MSG_LT(Abs(trains.end - single.end),
                              bound * static_cast<int64_t>(ROUNDS),
                              "time");
    }

    /**
     * A block is closed.
     * @param id the block
     * @param received segments that arrived
     * @param segments segments of the block
     */
    void Closed(const BlockId& /* id */, uint32_t received, uint32_t segments)
    {
        const double lost = segments - received;
        m_result.lost.Add(lost);
        m_result.squares.Add(lost * lost);
    }

    /// A worker ends a round.
    void RoundEnded(uint32_t /* worker */, uint32_t /* round */)
    {
        m_result.end = Simulator::Now();
    }

    Result m_result; //!< of the training that runs
};

/// Trains against single segments.
class TrainsTestSuite : public TestSuite
{
  public:
    TrainsTestSuite()
        : TestSuite("distributed-learning-trains", Type::UNIT)
    {
        for (const uint32_t train : {2, 7, 32, 64})
        {
            AddTestCase(new OnePathTestCase(train), TestDuration::QUICK);
        }
        AddTestCase(new ManyPathsTestCase, TestDuration::QUICK);
    }
};

TrainsTestSuite g_trainsTestSuite; //!< registers the suite

} // namespace
