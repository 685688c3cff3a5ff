/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The loss law of the paper's network model (rps.md 3: every message lost with the same
// probability, all losses independent), on trains and single segments, without a network but in
// the last case.

#include "suite-support.h"

#include "ns3/bernoulli-error-model.h"
#include "ns3/error-model.h"
#include "ns3/learning-compatibility.h"
#include "ns3/packet.h"
#include "ns3/pointer.h"
#include "ns3/segment-tag.h"
#include "ns3/test.h"

#include <algorithm>
#include <tuple>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Makes an error model.
 * @param dropRate p
 * @param dropControl whether control segments are subject to loss
 * @param dropOther whether other packets are
 * @return the model, with a fixed stream
 */
Ptr<BernoulliErrorModel>
MakeModel(double dropRate, bool dropControl, bool dropOther)
{
    Ptr<BernoulliErrorModel> model = CreateObject<BernoulliErrorModel>();
    model->SetAttribute("DropRate", DoubleValue(dropRate));
    model->SetAttribute("DropControl", BooleanValue(dropControl));
    model->SetAttribute("DropOther", BooleanValue(dropOther));
    model->AssignStreams(17);
    return model;
}

/**
 * Set-up: an error model alone.
 * Stimulus: 64,000 segments in trains of one length, every packet with a control segment.
 * Expected: drop share p within 4 standard errors, consecutive drops uncorrelated within 4
 * (products of centered draws have standard deviation p (1 - p)), also across packets; a packet is
 * corrupt if and only if nothing of it is left; control is lost at the same rate if it is subject
 * to loss, otherwise never; the Drop trace counts what the tags say.
 * Negative control: a law that drops whole trains, ns-3's RateErrorModel per packet, fails the
 * correlation.
 */
class BernoulliLawTestCase : public TestCase
{
  public:
    /**
     * @param dropRate p
     * @param train segments in a packet
     * @param dropControl whether control segments are subject to loss
     */
    BernoulliLawTestCase(double dropRate, uint32_t train, bool dropControl)
        : TestCase("drop rate " + std::to_string(dropRate) + ", trains of " +
                   std::to_string(train) +
                   (dropControl ? ", control dropped" : ", control spared")),
          m_dropRate(dropRate),
          m_train(train),
          m_dropControl(dropControl)
    {
    }

  private:
    void DoRun() override
    {
        const uint32_t packets = 64000 / m_train;
        const Ptr<BernoulliErrorModel> model = MakeModel(m_dropRate, m_dropControl, false);
        model->TraceConnectWithoutContext("Drop",
                                          MakeCallback(&BernoulliLawTestCase::Dropped, this));
        Sample correlation;
        double previous = 0;
        uint64_t drops = 0;
        uint64_t lostControl = 0;
        uint64_t wrongVerdicts = 0;
        for (uint32_t k = 0; k < packets; ++k)
        {
            const Ptr<Packet> packet = Create<Packet>(100);
            packet->AddPacketTag(SegmentTag({}, k * m_train, m_train, true));
            const bool corrupt = model->IsCorrupt(packet);
            SegmentTag tag;
            packet->PeekPacketTag(tag);
            wrongVerdicts += corrupt != (tag.GetAliveCount() == 0 && !tag.HasControl());
            wrongVerdicts += tag.GetSegmentCount() != m_train;
            drops += m_train - tag.GetAliveCount();
            lostControl += !tag.HasControl();
            for (uint32_t i = 0; i < m_train; ++i)
            {
                const double centered = !((tag.GetAlive() >> i) & 1) - m_dropRate;
                correlation.Add(k + i == 0 ? 0 : centered * previous);
                previous = centered;
            }
        }
        const double deviation = m_dropRate * (1 - m_dropRate);
        const uint64_t segments = uint64_t{packets} * m_train;
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(drops, segments, m_dropRate), true, drops << " drops");
        NS_TEST_EXPECT_MSG_EQ(m_traced, drops, "the Drop trace disagrees");
        NS_TEST_EXPECT_MSG_EQ(correlation.IsNear(0, deviation),
                              true,
                              "lag 1: " << correlation.Describe(0));
        NS_TEST_EXPECT_MSG_EQ(wrongVerdicts, 0, "packets wrongly judged corrupt or not");
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(lostControl, packets, m_dropControl ? m_dropRate : 0),
                              true,
                              lostControl << " control segments lost");
        Simulator::Destroy();
    }

    /**
     * Segments are dropped.
     * @param packet their packet
     * @param segments how many
     */
    void Dropped(Ptr<const Packet> /* packet */, uint32_t segments)
    {
        m_traced += segments;
    }

    const double m_dropRate;  //!< p
    const uint32_t m_train;   //!< segments in a packet
    const bool m_dropControl; //!< whether control is subject to loss
    uint64_t m_traced{0};     //!< drops by the trace
};

/**
 * Set-up: ns-3's RateErrorModel, one draw a packet, which the correlation test must refuse.
 * Expected: drops within a train of 8 are one, so the lag-1 product has mean 7/8 p (1 - p), far
 * outside 4 standard errors.
 */
class WholeTrainControlTestCase : public TestCase
{
  public:
    WholeTrainControlTestCase()
        : TestCase("negative control: whole trains dropped fail the independence test")
    {
    }

  private:
    void DoRun() override
    {
        constexpr double P = 0.1;
        const Ptr<RateErrorModel> model = CreateObject<RateErrorModel>();
        model->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
        model->SetRate(P);
        model->AssignStreams(17);
        Sample correlation;
        double previous = 0;
        for (uint32_t k = 0; k < 8000; ++k)
        {
            const double centered = model->IsCorrupt(Create<Packet>(100)) - P;
            for (uint32_t i = 0; i < 8; ++i)
            {
                correlation.Add(centered * previous);
                previous = centered;
            }
        }
        NS_TEST_EXPECT_MSG_EQ(correlation.IsNear(0, P * (1 - P)), false, correlation.Describe(0));
        Simulator::Destroy();
    }
};

/**
 * Set-up: an error model alone.
 * Stimulus: packets of other applications; packets of control alone; trains whose segments were
 * lost before.
 * Expected: others and control pass at p = 1 unless DropOther or DropControl is set, and are then
 * all corrupt; segments that were lost before stay lost and take no draw.
 */
class ScopeTestCase : public TestCase
{
  public:
    ScopeTestCase()
        : TestCase("other traffic and control are spared unless said otherwise")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool subject : {false, true})
        {
            const Ptr<BernoulliErrorModel> model = MakeModel(1, subject, subject);
            const Ptr<Packet> control = Create<Packet>(32);
            control->AddPacketTag(SegmentTag({}, 0, 0, true));
            NS_TEST_EXPECT_MSG_EQ(model->IsCorrupt(Create<Packet>(100)), subject, "other packet");
            NS_TEST_EXPECT_MSG_EQ(model->IsCorrupt(control), subject, "control");
            const Ptr<Packet> train = Create<Packet>(100);
            train->AddPacketTag(SegmentTag({}, 0, 64, true));
            NS_TEST_EXPECT_MSG_EQ(model->IsCorrupt(train), subject, "train with control");
            SegmentTag tag;
            train->PeekPacketTag(tag);
            NS_TEST_EXPECT_MSG_EQ(tag.GetAliveCount(), 0, "all 64 segments are lost");
            NS_TEST_EXPECT_MSG_EQ(tag.HasControl(), !subject, "control segment of the train");
            model->Disable();
            NS_TEST_EXPECT_MSG_EQ(model->IsCorrupt(Create<Packet>(100)), false, "disabled");
        }
        // losses of before and control that is spared take no draw: those of the survivors are the
        // same without them
        const Ptr<BernoulliErrorModel> model = MakeModel(0.5, false, false);
        const Ptr<BernoulliErrorModel> same = MakeModel(0.5, false, false);
        for (uint32_t k = 0; k < 1000; ++k)
        {
            SegmentTag lossy({}, 0, 20, true);
            lossy.Lose(0xaaaaa);
            const Ptr<Packet> packet = Create<Packet>(100);
            packet->AddPacketTag(lossy);
            model->IsCorrupt(packet);
            const Ptr<Packet> survivors = Create<Packet>(100);
            survivors->AddPacketTag(SegmentTag({}, 0, 10, false));
            same->IsCorrupt(survivors);
            SegmentTag left;
            SegmentTag expected;
            packet->PeekPacketTag(left);
            survivors->PeekPacketTag(expected);
            uint64_t spread = 0;
            for (uint32_t i = 0; i < 10; ++i)
            {
                spread |= ((expected.GetAlive() >> i) & 1) << (2 * i);
            }
            NS_TEST_ASSERT_MSG_EQ(left.GetAlive(), spread, "packet " << k);
        }
        Simulator::Destroy();
    }
};

/**
 * Set-up: four workers on a star, co-located servers.
 * Stimulus: drop rate 0.2 everywhere; then 0.9 on the way into worker 0 only.
 * Expected: what is dropped of the first round's pushes on the ways into the other workers is the
 * same to the segment; of pushes into worker 0 more is.
 */
class StreamsTestCase : public TestCase
{
  public:
    StreamsTestCase()
        : TestCase("more drops on one link do not change the draws of another")
    {
    }

  private:
    /// Receiver, sender, first segment and those alive, then the number of segments dropped.
    using Drop = std::tuple<uint32_t, uint32_t, uint32_t, uint64_t, uint32_t>;

    /**
     * Trains.
     * @param dropRate on the way into worker 0
     * @return what was dropped
     */
    std::vector<Drop> Train(double dropRate)
    {
        m_drops.clear();
        Scenario scenario;
        scenario.dropRate = 0.2;
        scenario.data = MakeData(4, 1000);
        TrainingRun run(scenario);
        for (uint32_t i = 0; i < 4; ++i)
        {
            PointerValue model;
            run.GetStar().GetHostDevices().Get(i)->GetAttribute("ReceiveErrorModel", model);
            model.Get<ErrorModel>()->TraceConnectWithoutContext(
                "Drop",
                MakeCallback(&StreamsTestCase::Dropped, this));
            if (i == 0)
            {
                model.Get<ErrorModel>()->SetAttribute("DropRate", DoubleValue(dropRate));
            }
        }
        Simulator::Run();
        Simulator::Destroy();
        std::sort(m_drops.begin(), m_drops.end());
        return m_drops;
    }

    void DoRun() override
    {
        const std::vector<Drop> few = Train(0.2);
        const std::vector<Drop> many = Train(0.9);
        const auto others = [](const std::vector<Drop>& drops) {
            return std::vector<Drop>(
                std::lower_bound(drops.begin(), drops.end(), Drop{1, 0, 0, 0, 0}),
                drops.end());
        };
        NS_TEST_EXPECT_MSG_EQ(others(few).empty(), false, "nothing dropped elsewhere");
        NS_TEST_EXPECT_MSG_EQ((others(few) == others(many)), true, "drops elsewhere differ");
        NS_TEST_EXPECT_MSG_EQ((few == many), false, "drops into worker 0 are the same");
    }

    /**
     * Segments are dropped.
     * @param packet their packet
     * @param segments how many
     */
    void Dropped(Ptr<const Packet> packet, uint32_t segments)
    {
        SegmentTag tag;
        packet->PeekPacketTag(tag);
        const SegmentTag::Message& message = tag.GetMessage();
        if (message.round == 0 && !message.pull)
        {
            m_drops.emplace_back(message.receiver,
                                 message.sender,
                                 tag.GetFirstSegment(),
                                 tag.GetAlive(),
                                 segments);
        }
    }

    std::vector<Drop> m_drops; //!< of one training
};

/// Error models.
class ImpairmentTestSuite : public TestSuite
{
  public:
    ImpairmentTestSuite()
        : TestSuite("distributed-learning-impairment", Type::UNIT)
    {
        for (const uint32_t train : {1, 7, 32, 64})
        {
            for (const double dropRate : {0.0, 0.01, 0.1, 0.5, 1.0})
            {
                AddTestCase(new BernoulliLawTestCase(dropRate, train, false), TestDuration::QUICK);
                AddTestCase(new BernoulliLawTestCase(dropRate, train, true), TestDuration::QUICK);
            }
        }
        AddTestCase(new WholeTrainControlTestCase, TestDuration::QUICK);
        AddTestCase(new ScopeTestCase, TestDuration::QUICK);
        AddTestCase(new StreamsTestCase, TestDuration::QUICK);
    }
};

ImpairmentTestSuite g_impairmentTestSuite; //!< registers the suite

} // namespace
