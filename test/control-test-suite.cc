/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Ends of blocks, their acknowledgements, and packets that make no sense.

#include "transport-bench.h"

#include "ns3/learning-compatibility.h"
#include "ns3/test.h"
#include "ns3/transport-header.h"
#include "ns3/udp-socket-factory.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: two hosts on a star, blocks of 10 segments, AckDelay 10 ms, RetransmitTimeout 50 ms,
 * MaxRepeats 6. Host 1 perhaps answers every push with a pull at once, as a server does.
 * Stimulus: the first k ends of the push are dropped, or all of them; so are perhaps the
 * acknowledgements.
 * Expected: ends are repeated after 50, 100, 200, ... ms until one is acknowledged, at most 6
 * times; the block closes with the first end that comes, unless all its data had come; the
 * simulation ends by itself. Control packets are counted: an answer's end carries the
 * acknowledgement of the push, so that it does not travel alone.
 */
class EndTestCase : public TestCase
{
  public:
    /**
     * @param train segments in a packet
     * @param lostEnds ends of the push that are dropped
     * @param lostSegment whether a data segment is dropped, too
     * @param answers whether host 1 answers
     * @param deaf whether host 0 receives nothing
     */
    EndTestCase(uint32_t train, uint32_t lostEnds, bool lostSegment, bool answers, bool deaf)
        : TestCase("ends: trains of " + std::to_string(train) + ", " + std::to_string(lostEnds) +
                   " ends lost" + (lostSegment ? ", a segment lost" : "") +
                   (answers ? ", answered" : "") + (deaf ? ", sender deaf" : "")),
          m_train(train),
          m_lostEnds(lostEnds),
          m_lostSegment(lostSegment),
          m_answers(answers),
          m_deaf(deaf)
    {
    }

  private:
    static constexpr uint32_t MAX_REPEATS = 6; //!< the attribute's default

    void DoRun() override;

    /**
     * What happens to a packet into host 1.
     * @param packet the packet
     * @return whether it is dropped
     */
    bool Censor(Ptr<Packet> packet)
    {
        SegmentTag tag;
        packet->PeekPacketTag(tag);
        if (m_lostSegment && tag.GetFirstSegment() == 0 && tag.GetSegmentCount() != 0)
        {
            tag.Lose(1);
        }
        // a control packet with the push's name is its end, or repeats it
        if (tag.HasControl() && !tag.GetMessage().pull)
        {
            m_ends.push_back(Simulator::Now());
            if (m_ends.size() <= m_lostEnds)
            {
                tag.LoseControl();
            }
        }
        packet->ReplacePacketTag(tag);
        return tag.GetAliveCount() == 0 && !tag.HasControl();
    }

    /**
     * A transport reports.
     * @param id the block
     * @param fate what became of segments
     * @param segments number of data segments
     */
    void Segments(const BlockId& /* id */, BlockTransport::Fate fate, uint32_t segments, uint32_t)
    {
        m_controlPackets += fate == BlockTransport::SENT && segments == 0;
    }

    const uint32_t m_train;       //!< segments in a packet
    const uint32_t m_lostEnds;    //!< ends dropped
    const bool m_lostSegment;     //!< whether data are dropped
    const bool m_answers;         //!< whether host 1 answers
    const bool m_deaf;            //!< whether host 0 receives nothing
    std::vector<Time> m_ends;     //!< when ends of the push reached host 1
    uint32_t m_controlPackets{0}; //!< sent by both
};

void
EndTestCase::DoRun()
{
    StarTopologyHelper star(2);
    star.Build();
    FunctionErrorModel::Install(star.GetHostDevices().Get(1),
                                [this](Ptr<Packet> packet) { return Censor(packet); });
    FunctionErrorModel::Install(star.GetHostDevices().Get(0),
                                [this](Ptr<Packet>) { return m_deaf; });
    TransportBench bench(star.GetHosts(),
                         TransportBench::GetAddresses(star.GetHosts()),
                         TransportBench::MakeTransports(100, m_train));
    for (const Ptr<BlockTransport>& transport : bench.transports)
    {
        transport->TraceConnectWithoutContext("Segments",
                                              MakeCallback(&EndTestCase::Segments, this));
    }
    const std::vector<float> values = DrawBits(250, 1);
    if (m_answers)
    {
        bench.receivers[1].closed = [&](const BlockId&) {
            bench.transports[1]->Send({PULL, 0, 0, 0}, values.data(), 250);
        };
    }
    bench.Send(Time(0), 0, {PUSH, 0, 0, 1}, values);
    Simulator::Run();

    // a deaf sender repeats to the last; otherwise the first end that comes is acknowledged
    const uint32_t expected = m_deaf ? MAX_REPEATS + 1 : std::min(m_lostEnds, MAX_REPEATS) + 1;
    NS_TEST_EXPECT_MSG_EQ(m_ends.size(), expected, "ends that reached host 1, or the censor");
    for (std::size_t k = 1; k < m_ends.size(); ++k)
    {
        // sent at 50 (2^k - 1) ms; the first one waits for its data on two links, microseconds
        NS_TEST_EXPECT_MSG_EQ_TOL(m_ends[k].GetSeconds(),
                                  0.05 * ((1 << k) - 1),
                                  1e-4,
                                  "time of repeat " << k);
    }
    const auto found = bench.receivers[1].blocks.find({PUSH, 0, 0, 0});
    NS_TEST_ASSERT_MSG_EQ((found != bench.receivers[1].blocks.end()), true, "never opened");
    const RecordingReceiver::Block& block = found->second;
    const bool arrives = !m_lostSegment || m_lostEnds <= MAX_REPEATS;
    NS_TEST_EXPECT_MSG_EQ(block.closes, arrives, "closes");
    if (arrives)
    {
        NS_TEST_EXPECT_MSG_EQ(block.mask.GetCount(), 10U - m_lostSegment, "segments");
        const Time closed = m_lostSegment ? m_ends.at(m_lostEnds) : m_ends.at(0);
        NS_TEST_EXPECT_MSG_EQ_TOL(block.closedAt.GetSeconds(),
                                  closed.GetSeconds(),
                                  1e-4,
                                  "time of the close");
    }
    // each end on its own unless it rode on a train
    uint32_t control = expected - (m_train > 1);
    if (m_answers && arrives)
    {
        control += (m_train == 1) + 1; // the answer's end, and its acknowledgement
    }
    if (m_deaf)
    {
        control += MAX_REPEATS + 1; // an acknowledgement for each end, 50 ms or more apart
    }
    else if (m_lostEnds <= MAX_REPEATS)
    {
        // the acknowledgement of the push rides on the answer if that was sent after the end had
        // come: because of it, or because of the same train
        const bool rides = m_answers && (m_lostSegment || (m_lostEnds == 0 && m_train > 1));
        control += !rides;
    }
    NS_TEST_EXPECT_MSG_EQ(m_controlPackets, control, "control packets");
    Simulator::Destroy();
}

/**
 * Set-up: two hosts on a star; a socket of host 1 that sends any bytes to the transport of host 0.
 * Stimulus: a valid packet cut off at every length; one field changed in every way that lies;
 * random bytes; a block cut in another way than the receiver cuts.
 * Expected: every packet is counted as malformed and opens nothing; a genuine block that is on the
 * way arrives to the bit.
 */
class MalformedTestCase : public TestCase
{
  public:
    MalformedTestCase()
        : TestCase("packets that make no sense are counted and do no harm")
    {
    }

  private:
    /**
     * The bytes of a packet.
     * @param header its header
     * @param size of its payload
     * @return the bytes
     */
    static std::vector<uint8_t> GetBytes(const TransportHeader& header, uint32_t size)
    {
        const Ptr<Packet> packet = Create<Packet>(size);
        packet->AddHeader(header);
        std::vector<uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), packet->GetSize());
        return bytes;
    }

    void DoRun() override
    {
        StarTopologyHelper star(2);
        star.Build();
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(100, 1));
        TransportHeader valid;
        valid.sender = 1;
        valid.round = 7;
        valid.blockLength = 250;
        valid.segmentLength = 25;
        valid.first = 50;
        valid.count = 25;
        valid.isEnd = true;
        valid.acks = {{PUSH, 1, 2}};
        std::vector<std::vector<uint8_t>> packets;
        const std::vector<uint8_t> whole = GetBytes(valid, 100);
        for (std::size_t length = 0; length < whole.size(); ++length)
        {
            packets.emplace_back(whole.begin(),
                                 whole.begin() + static_cast<std::ptrdiff_t>(length));
        }
        const auto change = [&](const std::function<void(TransportHeader&)>& lie) {
            TransportHeader header = valid;
            lie(header);
            packets.push_back(GetBytes(header, 100));
        };
        change([](TransportHeader& h) { h.sender = 0; });
        change([](TransportHeader& h) { h.sender = 2; });
        change([](TransportHeader& h) { h.sender = UINT32_MAX; });
        change([](TransportHeader& h) { h.count = 26; });
        change([](TransportHeader& h) { h.count = 24; });
        change([](TransportHeader& h) { h.count = UINT32_MAX; });
        change([](TransportHeader& h) { h.first = 51; });
        change([](TransportHeader& h) { h.first = 250; });
        change([](TransportHeader& h) { h.first = UINT32_MAX - 24; });
        change([](TransportHeader& h) { h.blockLength = 74; });
        change([](TransportHeader& h) { h.segmentLength = 0; });
        change([](TransportHeader& h) { h.segmentLength = 5; });  // another cut
        change([](TransportHeader& h) { h.segmentLength = 50; }); // another cut
        change([](TransportHeader& h) {
            h.segmentLength = 50;
            h.first = h.count = 0;
        }); // an end with another cut
        change([](TransportHeader& h) { h.block = TransportHeader::MAX_BLOCKS; });
        for (const std::size_t byte : {0, 1, 2, 31}) // magic, version, reserved
        {
            packets.push_back(whole);
            packets.back()[byte] ^= 1;
        }
        for (uint32_t flags = 0; flags < 256; ++flags)
        {
            // data and acknowledgements are there; end and pull may be; what was sent may be asked
            // for, and then repeated, and then wanted whole
            const uint32_t asks = flags & 0xb0;
            const bool isSound = asks == 0 || asks == 16 || asks == 48 || asks == 176;
            if ((flags & ~0xbaU) != 5 || !isSound)
            {
                packets.push_back(whole);
                packets.back()[3] = static_cast<uint8_t>(flags);
            }
        }
        RandomEngine engine(1);
        for (uint32_t k = 0; k < 1000; ++k)
        {
            packets.emplace_back(engine.NextBelow(200));
            for (uint8_t& byte : packets.back())
            {
                byte = static_cast<uint8_t>(engine.Next());
            }
        }
        const Address target = TransportBench::GetAddresses(star.GetHosts())[0];
        Simulator::Schedule(MilliSeconds(1), [&] {
            const Ptr<Socket> socket =
                Socket::CreateSocket(star.GetHosts().Get(1), UdpSocketFactory::GetTypeId());
            socket->Bind();
            for (const std::vector<uint8_t>& bytes : packets)
            {
                socket->SendTo(Create<Packet>(bytes.data(), static_cast<uint32_t>(bytes.size())),
                               0,
                               target);
            }
        });
        const std::vector<float> values = DrawBits(250000, 1); // on the way for 2 ms
        bench.Send(Time(0), 1, {PUSH, 0, 3, 0}, values);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(bench.transports[0]->GetMalformedCount(),
                              packets.size(),
                              "malformed packets");
        NS_TEST_EXPECT_MSG_EQ(bench.receivers[0].blocks.size(), 1, "blocks opened");
        NS_TEST_EXPECT_MSG_EQ(bench.IsExact(0, {PUSH, 0, 3, 1}, values), true, "genuine block");
        Simulator::Destroy();
    }
};

/// Control segments.
class ControlTestSuite : public TestSuite
{
  public:
    ControlTestSuite()
        : TestSuite("distributed-learning-control", Type::UNIT)
    {
        for (const uint32_t train : {1, 4})
        {
            for (const uint32_t lostEnds : {0, 1, 4, 7})
            {
                for (const bool lostSegment : {false, true})
                {
                    Add(new EndTestCase(train, lostEnds, lostSegment, false, false));
                    Add(new EndTestCase(train, lostEnds, lostSegment, true, false));
                }
            }
            Add(new EndTestCase(train, 0, false, false, true));
        }
        Add(new MalformedTestCase);
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

ControlTestSuite g_controlTestSuite; //!< registers the suite

} // namespace
