/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Loss laws beside independent loss: bursts, whole messages, recorded traces, a law a class of
// traffic, rates that follow simulated time. Error models alone, but for the account of segments in
// the last cases. Statistics are held to 4 standard errors: one in 16,000 fails by chance, and
// seeds are fixed.

#include "transport-bench.h"

#include "ns3/error-model.h"
#include "ns3/learning-compatibility.h"
#include "ns3/segment-error-model.h"
#include "ns3/test.h"
#include "ns3/type-specification.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <set>
#include <stdexcept>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr int64_t STREAM = 17; //!< of the models, unless said otherwise

/**
 * Makes an error model.
 * @param type its type and attributes, ns3::learning:: left out
 * @param stream of its random numbers
 * @return the model
 */
Ptr<SegmentErrorModel>
MakeModel(const std::string& type, int64_t stream = STREAM)
{
    const Ptr<SegmentErrorModel> model =
        MakeFactory("ns3::learning::" + type, SegmentErrorModel::GetTypeId())
            .Create<SegmentErrorModel>();
    model->AssignStreams(stream);
    return model;
}

/**
 * Lets segments of one block pass.
 * @param model judges them
 * @param count how many
 * @param train segments in a packet
 * @return which of them were dropped
 */
std::vector<bool>
Pass(Ptr<ErrorModel> model, uint32_t count, uint32_t train)
{
    std::vector<bool> drops;
    for (uint32_t first = 0; first < count; first += train)
    {
        const Ptr<Packet> packet = Create<Packet>(100);
        packet->AddPacketTag(SegmentTag({}, first, train, false));
        const bool corrupt = model->IsCorrupt(packet);
        SegmentTag tag;
        packet->PeekPacketTag(tag);
        for (uint32_t i = 0; i < train; ++i)
        {
            // models of ns-3 drop the packet and know no tag
            drops.push_back(corrupt || !((tag.GetAlive() >> i) & 1));
        }
    }
    return drops;
}

/**
 * What a mistake is told.
 * @param mistake a function that makes one
 * @return the text of the std::invalid_argument, or nothing
 */
std::string
GetMistake(const std::function<void()>& mistake)
{
    try
    {
        mistake();
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "";
}

/// What is measured of a sequence of drops.
struct Statistics
{
    double share{0};       //!< of drops
    double run{0};         //!< mean length of runs of drops
    double correlation{0}; //!< of consecutive ones
    uint64_t runs{0};      //!< number of runs

    /**
     * Measures.
     * @param drops the sequence
     */
    explicit Statistics(const std::vector<bool>& drops)
    {
        const auto count = static_cast<double>(drops.size());
        const auto dropped = static_cast<double>(std::count(drops.begin(), drops.end(), true));
        share = dropped / count;
        uint64_t pairs = 0;
        for (std::size_t i = 0; i < drops.size(); ++i)
        {
            const bool before = i != 0 && drops[i - 1];
            runs += drops[i] && !before;
            pairs += drops[i] && before;
        }
        run = dropped / static_cast<double>(runs);
        correlation = (static_cast<double>(pairs) / count - share * share) / (share * (1 - share));
    }
};

/**
 * Set-up: an error model alone.
 * Stimulus: 200,000 segments in trains.
 * Expected: drop share p, mean run of drops b, lag-1 autocorrelation 1 - g - r with r = 1/b and
 * g = p r / (1 - p) (loss-tolerance.md 3.2), each within 4 standard errors: of the share
 * sqrt(p (1 - p) / n (1 + rho) / (1 - rho)), because drops are correlated; of the run, which is
 * geometric, sqrt(b (b - 1) / runs); of the correlation that of the transitions counted in the two
 * states, sqrt(g (1 - g) / (n (1 - p)) + r (1 - r) / (n p)).
 * Negative control: ns-3's BurstErrorModel with ErrorRate p and bursts of mean b fails at least one
 * of them.
 */
class GilbertElliottLawTestCase : public TestCase
{
  public:
    /**
     * @param dropRate p
     * @param burst b
     * @param train segments in a packet
     */
    GilbertElliottLawTestCase(double dropRate, uint32_t burst, uint32_t train)
        : TestCase("drop share " + std::to_string(dropRate) + ", mean burst " +
                   std::to_string(burst) + ", trains of " + std::to_string(train) +
                   ": stationary within 4 s.e."),
          m_dropRate(dropRate),
          m_burst(burst),
          m_train(train)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t SEGMENTS = 200000;
        const Statistics ours(
            Pass(MakeModel("GilbertElliottErrorModel[DropRate=" + std::to_string(m_dropRate) +
                           "|MeanBurst=" + std::to_string(m_burst) + "]"),
                 SEGMENTS,
                 m_train));
        NS_TEST_EXPECT_MSG_EQ(Judge(ours, SEGMENTS), "", "the law");

        const Ptr<BurstErrorModel> burst = CreateObject<BurstErrorModel>();
        burst->SetAttribute("ErrorRate", DoubleValue(m_dropRate));
        burst->SetAttribute("BurstSize",
                            StringValue("ns3::UniformRandomVariable[Min=1|Max=" +
                                        std::to_string(2 * m_burst - 1) + "]"));
        burst->AssignStreams(STREAM);
        const Statistics theirs(Pass(burst, SEGMENTS, 1));
        NS_TEST_EXPECT_MSG_NE(Judge(theirs, SEGMENTS), "", "ns-3's BurstErrorModel passes");
        Simulator::Destroy();
    }

    /**
     * Compares with the law.
     * @param found what was measured
     * @param segments of how many
     * @return what is wrong, or nothing
     */
    std::string Judge(const Statistics& found, double segments) const
    {
        const double p = m_dropRate;
        const double b = m_burst;
        const double r = 1 / b;
        const double g = p * r / (1 - p);
        const double rho = 1 - g - r;
        const double error = std::sqrt(p * (1 - p) / segments * (1 + rho) / (1 - rho));
        const double runError = std::sqrt(b * (b - 1) / static_cast<double>(found.runs));
        const double correlationError =
            std::sqrt(g * (1 - g) / (segments * (1 - p)) + r * (1 - r) / (segments * p));
        std::ostringstream wrong;
        if (std::abs(found.share - p) > 4 * error)
        {
            wrong << "share " << found.share << " of " << p << " +- " << error << "; ";
        }
        if (std::abs(found.run - b) > 4 * runError)
        {
            wrong << "run " << found.run << " of " << b << " +- " << runError << "; ";
        }
        if (std::abs(found.correlation - rho) > 4 * correlationError + 1e-9)
        {
            wrong << "correlation " << found.correlation << " of " << rho << " +- "
                  << correlationError << "; ";
        }
        return wrong.str();
    }

    const double m_dropRate; //!< p
    const uint32_t m_burst;  //!< b
    const uint32_t m_train;  //!< segments in a packet
};

/**
 * Set-up: an error model alone, h_G = 0.01 and h_B = 0.5, p = 0.1, b = 8.
 * Expected: the chain is bad a share pi = (p - h_G) / (h_B - h_G); with lambda = 1 - g - r drops at
 * a distance of k have the covariance pi (1 - pi) (h_B - h_G)^2 lambda^k. The share of drops is
 * within 4 standard errors by the sum of these, the lag-1 correlation within 4 of
 * sqrt((1 + lambda) / (1 - lambda) / n), which is an upper bound.
 */
class GeneralFormTestCase : public TestCase
{
  public:
    GeneralFormTestCase()
        : TestCase("losses in both states of a Gilbert-Elliott chain")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t SEGMENTS = 400000;
        constexpr double P = 0.1;
        constexpr double GOOD = 0.01;
        constexpr double BAD = 0.5;
        const double pi = (P - GOOD) / (BAD - GOOD);
        const double r = 1.0 / 8;
        const double lambda = 1 - r - pi * r / (1 - pi);
        const double covariance = pi * (1 - pi) * (BAD - GOOD) * (BAD - GOOD);
        const double error =
            std::sqrt((P * (1 - P) + 2 * covariance * lambda / (1 - lambda)) / SEGMENTS);
        const Statistics found(
            Pass(MakeModel("GilbertElliottErrorModel[DropRate=0.1|MeanBurst=8|GoodDropRate=0.01|"
                           "BadDropRate=0.5]"),
                 SEGMENTS,
                 32));
        NS_TEST_EXPECT_MSG_EQ_TOL(found.share, P, 4 * error, "share");
        NS_TEST_EXPECT_MSG_EQ_TOL(found.correlation,
                                  covariance * lambda / (P * (1 - P)),
                                  4 * std::sqrt((1 + lambda) / (1 - lambda) / SEGMENTS),
                                  "correlation");
        Simulator::Destroy();
    }
};

/**
 * Set-up: an error model alone.
 * Stimulus: 20,000 times a reset and one segment, p = 0.2, b = 16; then p at its limits.
 * Expected: the first segment is dropped with probability p, as all others are (a chain that
 * started good would never drop it); p = 0 drops none, p = 1 all, p = b / (b + 1) is legal, more is
 * a mistake that names attributes, values and the legal range, when the model is made and when
 * attributes change.
 */
class GilbertElliottLimitsTestCase : public TestCase
{
  public:
    GilbertElliottLimitsTestCase()
        : TestCase("a Gilbert-Elliott chain starts stationary and keeps to its limits")
    {
    }

  private:
    void DoRun() override
    {
        const Ptr<SegmentErrorModel> model =
            MakeModel("GilbertElliottErrorModel[DropRate=0.2|MeanBurst=16]");
        uint64_t drops = 0;
        for (uint32_t i = 0; i < 20000; ++i)
        {
            model->Reset();
            drops += Pass(model, 1, 1)[0];
        }
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(drops, 20000, 0.2), true, drops << " first ones dropped");

        for (const double p : {0.0, 1.0})
        {
            model->SetAttribute("DropRate", DoubleValue(p));
            model->Reset();
            NS_TEST_EXPECT_MSG_EQ((Pass(model, 1000, 10) == std::vector<bool>(1000, p == 1)),
                                  true,
                                  "p = " << p);
        }
        for (const uint32_t burst : {1, 3, 7, 49})
        {
            model->SetAttribute("MeanBurst", DoubleValue(burst));
            model->SetAttribute("DropRate", DoubleValue(burst / (burst + 1.0)));
            NS_TEST_EXPECT_MSG_EQ(GetMistake([&model] { Pass(model, 10, 1); }), "", "limit");
        }
        const std::string mistake =
            "ns3::learning::GilbertElliottErrorModel: DropRate=0.9 with MeanBurst=4, "
            "GoodDropRate=0 and BadDropRate=1: a drop rate from 0 to 0.8, or 1, is possible; "
            "longer bursts allow more";
        model->SetAttribute("MeanBurst", DoubleValue(4));
        model->SetAttribute("DropRate", DoubleValue(0.9));
        NS_TEST_EXPECT_MSG_EQ(GetMistake([&model] { Pass(model, 1, 1); }), mistake, "at use");
        NS_TEST_EXPECT_MSG_EQ(
            GetMistake([] { MakeModel("GilbertElliottErrorModel[DropRate=0.9|MeanBurst=4]"); }),
            mistake,
            "when made");
        NS_TEST_EXPECT_MSG_NE(
            GetMistake([] { MakeModel("GilbertElliottErrorModel[DropRate=0.1|BadDropRate=0]"); }),
            "",
            "no range");
        Simulator::Destroy();
    }
};

/**
 * Set-up: error models alone, on two devices.
 * Stimulus: 4,000 blocks of 96 segments, of many rounds, in trains of 32, the packets of 8 blocks
 * interleaved; each train with an end of block.
 * Expected: all of a block or none of it, at rate p within 4 standard errors; consecutive blocks
 * uncorrelated within 4, by all ways to name a block; two devices agree as independent ones do,
 * with probability p^2 + (1 - p)^2; a block that comes again meets the same verdict; ends are lost
 * on their own. Negative control: BernoulliErrorModel loses parts of blocks.
 */
class MessageLawTestCase : public TestCase
{
  public:
    /**
     * @param dropRate p
     */
    explicit MessageLawTestCase(double dropRate)
        : TestCase("all of a block or none of it: drop rate " + std::to_string(dropRate)),
          m_dropRate(dropRate)
    {
    }

  private:
    static constexpr uint32_t BLOCKS = 4000; //!< number of blocks

    /// Ways to name the n-th block.
    static SegmentTag::Message Name(uint32_t way, uint32_t n)
    {
        switch (way)
        {
        case 0:
            return {1, 2, n, 3, false};
        case 1:
            return {1, 2, 5, n, true};
        case 2:
            return {n, 2, 5, 3, false};
        default:
            return {n / 8 % 8, n % 8, n / 128, n / 64 % 2, n % 16 < 8};
        }
    }

    /**
     * Lets all blocks pass.
     * @param model judges
     * @param way how they are named
     * @param lostEnds receives the number of ends of block lost
     * @param pass how often the blocks have been sent before
     * @return segments lost of each block
     */
    static std::vector<uint32_t> PassBlocks(Ptr<SegmentErrorModel> model,
                                            uint32_t way,
                                            uint32_t& lostEnds,
                                            uint8_t pass = 0)
    {
        std::vector<uint32_t> lost(BLOCKS);
        for (uint32_t k = 0; k < 3 * BLOCKS; ++k)
        {
            const uint32_t block = k / 24 * 8 + k % 8;
            const Ptr<Packet> packet = Create<Packet>(100);
            SegmentTag::Message message = Name(way, block);
            message.pass = pass;
            packet->AddPacketTag(SegmentTag(message, k / 8 % 3 * 32, 32, true));
            model->IsCorrupt(packet);
            SegmentTag tag;
            packet->PeekPacketTag(tag);
            lost[block] += 32 - tag.GetAliveCount();
            lostEnds += !tag.HasControl();
        }
        return lost;
    }

    void DoRun() override
    {
        const std::string attributes =
            "ErrorModel[DropControl=true|DropRate=" + std::to_string(m_dropRate) + "]";
        const double p = m_dropRate;
        for (uint32_t way = 0; way < 4; ++way)
        {
            const Ptr<SegmentErrorModel> model = MakeModel("Message" + attributes);
            uint32_t lostEnds = 0;
            const std::vector<uint32_t> lost = PassBlocks(model, way, lostEnds);
            NS_TEST_EXPECT_MSG_EQ(IsBinomial(lostEnds, 3 * BLOCKS, p), true, lostEnds << " ends");
            const auto all = static_cast<uint64_t>(std::count(lost.begin(), lost.end(), 96));
            const auto none = static_cast<uint64_t>(std::count(lost.begin(), lost.end(), 0));
            NS_TEST_EXPECT_MSG_EQ(all + none, BLOCKS, "a block is lost in part");
            NS_TEST_EXPECT_MSG_EQ(IsBinomial(all, BLOCKS, p), true, all << " blocks lost");
            Sample correlation;
            for (uint32_t i = 1; i < BLOCKS; ++i)
            {
                correlation.Add(((lost[i] != 0) - p) * ((lost[i - 1] != 0) - p));
            }
            NS_TEST_EXPECT_MSG_EQ(correlation.IsNear(0, p * (1 - p)),
                                  true,
                                  "way " << way << ", " << correlation.Describe(0));
            NS_TEST_EXPECT_MSG_EQ((PassBlocks(model, way, lostEnds) == lost), true, "second time");
            const std::vector<uint32_t> elsewhere =
                PassBlocks(MakeModel("Message" + attributes, STREAM + 1), way, lostEnds);
            const std::vector<uint32_t> again = PassBlocks(model, way, lostEnds, 1);
            for (const std::vector<uint32_t>& other : {elsewhere, again})
            {
                uint64_t agreements = 0;
                for (uint32_t i = 0; i < BLOCKS; ++i)
                {
                    agreements += lost[i] == other[i];
                }
                NS_TEST_EXPECT_MSG_EQ(IsBinomial(agreements, BLOCKS, p * p + (1 - p) * (1 - p)),
                                      true,
                                      agreements
                                          << " verdicts agree on two devices, or in two passes");
            }
        }
        uint32_t ends = 0;
        const std::vector<uint32_t> parts =
            PassBlocks(MakeModel("Bernoulli" + attributes), 0, ends);
        const bool inPart = std::any_of(parts.begin(), parts.end(), [](uint32_t lost) {
            return lost != 0 && lost != 96;
        });
        NS_TEST_EXPECT_MSG_EQ(inPart, (p > 0 && p < 1), "single segments lose parts of blocks");
        Simulator::Destroy();
    }

    const double m_dropRate; //!< p
};

/**
 * Set-up: files with traces.
 * Stimulus: a trace of 7 entries, with comments; files that are none.
 * Expected: drops are those of the file from the offset on, round its end, exactly, in trains or
 * not, and again after a reset; an offset that is drawn is one of the 7 and depends on the stream;
 * a mistake is told with file and line.
 */
class TraceLawTestCase : public TestCase
{
  public:
    TraceLawTestCase()
        : TestCase("a trace of drops is followed exactly")
    {
    }

  private:
    /**
     * Writes a file.
     * @param name its name
     * @param text what it holds
     * @return its path
     */
    std::string Write(const std::string& name, const std::string& text)
    {
        const std::string path = CreateTempDirFilename(name);
        std::ofstream(path) << text;
        return path;
    }

    void DoRun() override
    {
        const std::vector<bool> trace{true, false, false, true, true, false, true};
        const std::string file = Write("good", "# measured\n1 00 # 1\n\n1\t1\r\n01");
        const auto isTrace = [&trace](const std::vector<bool>& drops, std::size_t offset) {
            bool same = true;
            for (std::size_t i = 0; i < drops.size(); ++i)
            {
                same = same && drops[i] == trace[(offset + i) % trace.size()];
            }
            return same;
        };
        for (const uint32_t offset : {0, 1, 6, 7, 100})
        {
            const auto model = MakeModel("TraceErrorModel[File=" + file +
                                         "|Offset=" + std::to_string(offset) + "]");
            for (const uint32_t train : {1, 5})
            {
                model->Reset();
                NS_TEST_EXPECT_MSG_EQ(isTrace(Pass(model, 100, train), offset),
                                      true,
                                      "offset " << offset << ", trains of " << train);
            }
            NS_TEST_EXPECT_MSG_EQ(isTrace(Pass(model, 100, 1), offset + 1),
                                  false,
                                  "any offset would do");
        }
        std::set<std::size_t> offsets;
        for (int64_t stream = 0; stream < 200; ++stream)
        {
            const auto drops = Pass(MakeModel("TraceErrorModel[File=" + file + "]", stream), 14, 1);
            for (std::size_t offset = 0; offset < trace.size(); ++offset)
            {
                if (isTrace(drops, offset))
                {
                    offsets.insert(offset);
                }
            }
        }
        NS_TEST_EXPECT_MSG_EQ(offsets.size(), trace.size(), "offsets drawn"); // 7 (6/7)^200 = 3e-13

        const auto tell = [](const std::string& path) {
            return GetMistake([&path] { MakeModel("TraceErrorModel[File=" + path + "]"); });
        };
        const std::string bad = Write("bad", "0 1\n# 2 is fine here\n0 2 1\n");
        NS_TEST_EXPECT_MSG_EQ(tell(bad),
                              bad + ", line 3: '2' is neither 0 (delivered), 1 (dropped), white "
                                    "space nor a # comment",
                              "malformed");
        const std::string empty = Write("empty", "# nothing\n");
        NS_TEST_EXPECT_MSG_EQ(tell(empty),
                              empty + ": a trace of drops needs at least one 0 or 1",
                              "empty");
        const std::string absent = CreateTempDirFilename("absent");
        NS_TEST_EXPECT_MSG_EQ(tell(absent),
                              absent + ": a trace of drops cannot be read from it: No such file or "
                                       "directory",
                              "absent");
        NS_TEST_EXPECT_MSG_NE(tell("/"), "", "a directory");
        NS_TEST_EXPECT_MSG_NE(GetMistake([] { Pass(MakeModel("TraceErrorModel"), 1, 1); }),
                              "",
                              "no file");
        for (const std::string& path : {file, bad, empty})
        {
            std::remove(path.c_str());
        }
        Simulator::Destroy();
    }
};

/**
 * Set-up: an error model alone that has a law for each class of traffic.
 * Stimulus: 20,000 trains of 8 with an end, and perhaps as many packets of other traffic.
 * Expected: each class is lost at its own rate, within 4 standard errors, and all of it if the rate
 * is 1; a class without a law is spared, or shares that of data where DropControl or DropOther say
 * so; other traffic does not change what is lost of data; the Drop trace counts what the tags say.
 */
class ClassesTestCase : public TestCase
{
  public:
    ClassesTestCase()
        : TestCase("a law for each class of traffic")
    {
    }

  private:
    /// Numbers of what was lost.
    struct Lost
    {
        uint64_t data{0};           //!< data segments
        uint64_t control{0};        //!< control segments
        uint64_t other{0};          //!< packets of other traffic
        std::vector<uint64_t> bits; //!< data segments that are left, by train
    };

    static constexpr uint32_t TRAINS = 20000; //!< number of trains

    /**
     * Lets traffic pass.
     * @param attributes of the model
     * @param withOther whether there is other traffic
     * @return what was lost
     */
    Lost PassClasses(const std::string& attributes, bool withOther = true)
    {
        const Ptr<SegmentErrorModel> model = MakeModel("ClassifiedErrorModel[" + attributes + "]");
        model->TraceConnectWithoutContext("Drop", MakeCallback(&ClassesTestCase::Dropped, this));
        m_traced = 0;
        Lost lost;
        for (uint32_t i = 0; i < TRAINS; ++i)
        {
            const Ptr<Packet> packet = Create<Packet>(100);
            packet->AddPacketTag(SegmentTag({}, 8 * i, 8, true));
            model->IsCorrupt(packet);
            SegmentTag tag;
            packet->PeekPacketTag(tag);
            lost.data += 8 - tag.GetAliveCount();
            lost.control += !tag.HasControl();
            lost.bits.push_back(tag.GetAlive());
            lost.other += withOther && model->IsCorrupt(Create<Packet>(100));
        }
        NS_TEST_EXPECT_MSG_EQ(m_traced, lost.data, "the Drop trace disagrees");
        return lost;
    }

    void DoRun() override
    {
        const std::string bernoulli = "=ns3::learning::BernoulliErrorModel[DropRate=";
        const std::string all = "Data=ns3::learning::GilbertElliottErrorModel[DropRate=0.3|"
                                "MeanBurst=1.5]|Control" +
                                bernoulli + "0.1]|Other" + bernoulli + "0.02]";
        const Lost lost = PassClasses(all);
        // bursts of 1.5 at 0.3: rho = 0.05 inflates the deviation of the share by 1.05, runs of 8
        // segments are taken one after the other
        NS_TEST_EXPECT_MSG_EQ_TOL(lost.data / (8.0 * TRAINS),
                                  0.3,
                                  4 * 1.05 * std::sqrt(0.21 / (8 * TRAINS)),
                                  "data");
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(lost.control, TRAINS, 0.1), true, lost.control);
        NS_TEST_EXPECT_MSG_EQ(IsBinomial(lost.other, TRAINS, 0.02), true, lost.other);
        NS_TEST_EXPECT_MSG_EQ((PassClasses(all, false).bits == lost.bits),
                              true,
                              "other traffic changes what is lost of data");

        const Lost data = PassClasses("Data" + bernoulli + "1]");
        NS_TEST_EXPECT_MSG_EQ(data.data, 8 * TRAINS, "all data");
        NS_TEST_EXPECT_MSG_EQ(data.control + data.other, 0, "without a law");
        const Lost shared = PassClasses("DropControl=true|DropOther=true|Data" + bernoulli + "1]");
        NS_TEST_EXPECT_MSG_EQ(shared.control, TRAINS, "control shares the law of data");
        NS_TEST_EXPECT_MSG_EQ(shared.other, TRAINS, "others share the law of data");
        const Lost own =
            PassClasses("DropControl=true|Control" + bernoulli + "0]|Data" + bernoulli + "1]");
        NS_TEST_EXPECT_MSG_EQ(own.control, 0, "control has a law of its own");
        const Lost control = PassClasses("DropOther=true|Control" + bernoulli + "1]");
        NS_TEST_EXPECT_MSG_EQ(control.control, TRAINS, "all control");
        NS_TEST_EXPECT_MSG_EQ(control.data + control.other, 0, "there is no law of data");
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

    uint64_t m_traced{0}; //!< drops by the trace
};

/**
 * Set-up: an error model alone whose drop rate follows the schedule 1 s: 0, 2 s: 0.1, 2 s: 0.5,
 * 4 s: 0.
 * Stimulus: a train of 20 segments every 0.1 ms from 0 s to 5 s.
 * Expected: in each tenth of a second the number of drops is within 4 standard errors of the sum of
 * the rates at these times, computed by hand: steps 0, 0.5 (2 s to 4 s), 0; linear 0, from 0 to
 * 0.1, a jump to 0.5, from there to 0, and 0; never a drop where the rate is 0. The chain of a
 * Gilbert-Elliott model keeps its law of bursts: its rate is checked by the inflated error, away
 * from the switches.
 */
class ScheduleTestCase : public TestCase
{
  public:
    /**
     * @param interpolation Steps or Linear
     * @param burst mean burst of the law, 0 for independent loss
     */
    ScheduleTestCase(const std::string& interpolation, double burst)
        : TestCase("drop rates follow simulated time: " + interpolation + ", mean burst " +
                   std::to_string(burst)),
          m_linear(interpolation == "Linear"),
          m_burst(burst)
    {
        m_type = "ScheduledErrorModel[Interpolation=" + interpolation +
                 "|Schedule=1s:0,2000ms:0.1,2s:0.5,4s:0";
        if (burst != 0)
        {
            m_type += "|Model=ns3::learning::GilbertElliottErrorModel[MeanBurst=" +
                      std::to_string(burst) + "]";
        }
        m_type += "]";
    }

  private:
    static constexpr uint32_t BINS = 50;      //!< tenths of a second
    static constexpr uint32_t PACKETS = 1000; //!< in a bin
    static constexpr uint32_t TRAIN = 20;     //!< segments in a packet

    /**
     * The rate by hand.
     * @param time in s
     * @return the rate
     */
    double GetRate(double time) const
    {
        if (time < 1 || time >= 4)
        {
            return 0;
        }
        return time < 2 ? (m_linear ? 0.1 * (time - 1) : 0)
                        : (m_linear ? 0.5 * (4 - time) / 2 : 0.5);
    }

    void DoRun() override
    {
        const Ptr<SegmentErrorModel> model = MakeModel(m_type);
        std::array<uint64_t, BINS> drops{};
        std::array<double, BINS> expected{};
        std::array<double, BINS> variance{};
        for (uint32_t i = 0; i < BINS * PACKETS; ++i)
        {
            Simulator::Schedule(MicroSeconds(100 * i), [&, i] {
                const std::vector<bool> lost = Pass(model, TRAIN, TRAIN);
                const double rate = GetRate(1e-4 * i);
                const double rho = m_burst == 0 ? 0 : 1 - 1 / m_burst / (1 - rate);
                drops[i / PACKETS] += std::count(lost.begin(), lost.end(), true);
                expected[i / PACKETS] += TRAIN * rate;
                variance[i / PACKETS] += TRAIN * rate * (1 - rate) * (1 + rho) / (1 - rho);
            });
        }
        Simulator::Run();
        for (uint32_t bin = 0; bin < BINS; ++bin)
        {
            // a burst may go on for some segments after a switch
            const double slack = m_burst == 0 ? 1e-9 : 20 * m_burst;
            NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(drops[bin]),
                                      expected[bin],
                                      4 * std::sqrt(variance[bin]) + slack,
                                      "from " << 0.1 * bin << " s");
        }
        Simulator::Destroy();
    }

    std::string m_type;   //!< of the model
    const bool m_linear;  //!< whether rates are ramped
    const double m_burst; //!< mean burst, 0 for independent loss
};

/**
 * Set-up: schedules that are wrong.
 * Expected: each mistake is one sentence; what is right is none.
 */
class ScheduleMistakesTestCase : public TestCase
{
  public:
    ScheduleMistakesTestCase()
        : TestCase("wrong schedules are refused")
    {
    }

  private:
    void DoRun() override
    {
        const auto tell = [](const std::string& attributes) {
            return GetMistake([&] { MakeModel("ScheduledErrorModel[" + attributes + "]"); });
        };
        const std::string name = "ns3::learning::ScheduledErrorModel::Schedule=";
        for (const std::string wrong :
             {"1", "1s", "1s:", ":0.1", "1:0.1", "1x:0.1", "-1s:0.1", "1s:a", "1s:0.1,0.5s:0", ","})
        {
            const std::string mistake = tell("Schedule=" + wrong);
            NS_TEST_EXPECT_MSG_EQ(mistake.rfind(name + wrong + ": '", 0), 0, mistake);
        }
        NS_TEST_EXPECT_MSG_EQ(tell("Schedule=1s:0,"),
                              name + "1s:0,: a TIME:VALUE must follow the last comma",
                              "comma");
        NS_TEST_EXPECT_MSG_EQ(tell("Schedule=1s:1.5"),
                              name + "1s:1.5: DropRate of ns3::learning::BernoulliErrorModel may "
                                     "not be 1.5, but double 0:1",
                              "range");
        NS_TEST_EXPECT_MSG_EQ(tell("Attribute=DropControl|Schedule=1s:1"),
                              name + "1s:1: ns3::learning::BernoulliErrorModel has no attribute "
                                     "DropControl that is a number",
                              "no number");
        NS_TEST_EXPECT_MSG_NE(tell("Schedule=0s:0,1s:0.9|Model=ns3::learning::"
                                   "GilbertElliottErrorModel[MeanBurst=4]"),
                              "",
                              "attributes of the law that do not go together");
        NS_TEST_EXPECT_MSG_EQ(tell("Schedule=0s:0,1ms:0.1,1.5min:1,2h:1e-3"), "", "legal");
        NS_TEST_EXPECT_MSG_EQ(tell("Attribute=MeanBurst|Schedule=0s:1,1s:64|Model=ns3::learning::"
                                   "GilbertElliottErrorModel[DropRate=0.1]"),
                              "",
                              "another attribute");
        Simulator::Destroy();
    }
};

/**
 * Set-up: three hosts on a star, all sending to all, 4 blocks of 40 segments each; a loss law with
 * parts.
 * Expected: sent = received + late + dropped, where received is known from the receivers' masks;
 * something is dropped and something arrives; numbers arrive as they were sent; a second run drops
 * the same; each host has parts of its own; another seed drops something else.
 */
class LawOnNetworkTestCase : public TestCase
{
  public:
    /**
     * @param name what the law is
     * @param type of the law, ns3::learning:: left out
     * @param train segments in a packet
     */
    LawOnNetworkTestCase(const std::string& name, const std::string& type, uint32_t train)
        : TestCase("segments are conserved, runs repeat: " + name + ", trains of " +
                   std::to_string(train)),
          m_type("ns3::learning::" + type),
          m_train(train)
    {
    }

  private:
    void DoRun() override
    {
        const auto first = Train(1);
        NS_TEST_EXPECT_MSG_EQ((first == Train(1)), true, "a second run differs");
        NS_TEST_EXPECT_MSG_EQ((first == Train(2)), false, "another seed drops the same");
        RngSeedManager::SetRun(1);
    }

    /**
     * Runs once.
     * @param run number of the run
     * @return which segments arrived, by receiver
     */
    std::vector<std::vector<bool>> Train(uint64_t run)
    {
        constexpr uint32_t SEGMENTS = 40;
        RngSeedManager::SetRun(run);
        StarTopologyHelper star(3);
        star.SetErrorModel(m_type);
        star.Build();
        std::set<Ptr<ErrorModel>> models;
        std::set<Ptr<SegmentErrorModel>> parts;
        for (uint32_t i = 0; i < 3; ++i)
        {
            PointerValue model;
            PointerValue part;
            star.GetHostDevices().Get(i)->GetAttribute("ReceiveErrorModel", model);
            models.insert(model.Get<ErrorModel>());
            const bool hasParts = model.Get<ErrorModel>()->GetAttributeFailSafe("Data", part) ||
                                  model.Get<ErrorModel>()->GetAttributeFailSafe("Model", part);
            parts.insert(hasParts ? part.Get<SegmentErrorModel>() : model.Get<SegmentErrorModel>());
        }
        NS_TEST_EXPECT_MSG_EQ(models.size(), 3, "hosts share a model");
        NS_TEST_EXPECT_MSG_EQ(parts.size(), 3, "hosts share a part");
        TransportBench bench(star.GetHosts(),
                             TransportBench::GetAddresses(star.GetHosts()),
                             TransportBench::MakeTransports(100, m_train));
        std::map<std::pair<uint32_t, BlockId>, std::vector<float>> sent;
        for (uint32_t block = 0; block < 4; ++block)
        {
            for (uint32_t from = 0; from < 3; ++from)
            {
                for (const uint32_t to : {(from + 1) % 3, (from + 2) % 3})
                {
                    const BlockDirection way = block % 2 == 0 ? PUSH : PULL;
                    const auto values = DrawBits(25 * SEGMENTS, block * 9 + from * 3 + to);
                    bench.Send(Time(0), from, {way, 0, block, to}, values);
                    sent[{to, BlockId{way, 0, block, from}}] = values;
                }
            }
        }
        Simulator::Run();
        bench.CloseAll();
        const TrafficLedger::Account total = bench.GetTotal();
        NS_TEST_EXPECT_MSG_EQ(total.sent, sent.size() * SEGMENTS, "sent");
        NS_TEST_EXPECT_MSG_EQ(total.sent,
                              bench.CountReceived() + total.late + total.dropped,
                              "conservation");
        NS_TEST_EXPECT_MSG_GT(total.dropped, 0, "nothing is dropped");
        NS_TEST_EXPECT_MSG_GT(total.received, 0, "nothing arrives");
        std::vector<std::vector<bool>> arrived;
        for (const auto& [where, values] : sent)
        {
            const auto& blocks = bench.receivers[where.first].blocks;
            const auto found = blocks.find(where.second);
            std::vector<bool> mask;
            if (found != blocks.end())
            {
                NS_TEST_EXPECT_MSG_EQ(bench.IsExact(where.first, where.second, values),
                                      true,
                                      "numbers differ");
                for (uint32_t i = 0; i < found->second.mask.GetSize(); ++i)
                {
                    mask.push_back(found->second.mask.Test(i));
                }
            }
            arrived.push_back(mask);
        }
        Simulator::Destroy();
        return arrived;
    }

    const std::string m_type; //!< of the law
    const uint32_t m_train;   //!< segments in a packet
};

/**
 * Set-up: two hosts on a star, each with a law of probability 1/2 for each class of traffic.
 * Stimulus: 200 segments of each class.
 * Expected: all six sequences of verdicts differ (two independent ones agree with probability
 * 2^-200), so no two parts, be it on one host or on two, share a random stream.
 */
class StreamsOfPartsTestCase : public TestCase
{
  public:
    StreamsOfPartsTestCase()
        : TestCase("each law of each class on each host has a random stream of its own")
    {
    }

  private:
    void DoRun() override
    {
        const std::string law = "=ns3::learning::BernoulliErrorModel[DropRate=0.5]";
        StarTopologyHelper star(2);
        star.SetErrorModel("ns3::learning::ClassifiedErrorModel[Data" + law + "|Control" + law +
                           "|Other" + law + "]");
        star.Build();
        std::set<std::vector<bool>> sequences;
        for (uint32_t host = 0; host < 2; ++host)
        {
            PointerValue model;
            star.GetHostDevices().Get(host)->GetAttribute("ReceiveErrorModel", model);
            for (const auto traffic :
                 {SegmentErrorModel::DATA, SegmentErrorModel::CONTROL, SegmentErrorModel::OTHER})
            {
                std::vector<bool> drops;
                for (uint32_t i = 0; i < 200; ++i)
                {
                    drops.push_back(model.Get<SegmentErrorModel>()->Drops(traffic, {}));
                }
                sequences.insert(drops);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(sequences.size(), 6, "different sequences");
        Simulator::Destroy();
    }
};

/// Loss laws.
class ImpairmentLawsTestSuite : public TestSuite
{
  public:
    ImpairmentLawsTestSuite()
        : TestSuite("distributed-learning-impairment-laws", Type::UNIT)
    {
        for (const double dropRate : {0.01, 0.1, 0.3})
        {
            for (const uint32_t burst : {1, 4, 16})
            {
                for (const uint32_t train : {1, 32})
                {
                    AddTestCase(new GilbertElliottLawTestCase(dropRate, burst, train),
                                TestDuration::QUICK);
                }
            }
            AddTestCase(new MessageLawTestCase(dropRate), TestDuration::QUICK);
        }
        AddTestCase(new GeneralFormTestCase, TestDuration::QUICK);
        AddTestCase(new GilbertElliottLimitsTestCase, TestDuration::QUICK);
        AddTestCase(new MessageLawTestCase(0), TestDuration::QUICK);
        AddTestCase(new MessageLawTestCase(1), TestDuration::QUICK);
        AddTestCase(new TraceLawTestCase, TestDuration::QUICK);
        AddTestCase(new ClassesTestCase, TestDuration::QUICK);
        for (const std::string interpolation : {"Steps", "Linear"})
        {
            AddTestCase(new ScheduleTestCase(interpolation, 0), TestDuration::QUICK);
            AddTestCase(new ScheduleTestCase(interpolation, 4), TestDuration::QUICK);
        }
        AddTestCase(new ScheduleMistakesTestCase, TestDuration::QUICK);
        AddTestCase(new StreamsOfPartsTestCase, TestDuration::QUICK);
        const std::string chain = "GilbertElliottErrorModel[DropRate=0.3|MeanBurst=4]";
        const std::string ramp = "ScheduledErrorModel[Interpolation=Linear|"
                                 "Schedule=0s:0.1,100us:0.5|Model=ns3::learning::" +
                                 chain + "]";
        for (const uint32_t train : {1, 32})
        {
            const auto add = [this, train](const std::string& name, const std::string& type) {
                AddTestCase(new LawOnNetworkTestCase(name, type, train), TestDuration::QUICK);
            };
            add("bursts", chain);
            add("messages", "MessageErrorModel[DropRate=0.3]");
            add("switched", "ScheduledErrorModel[Schedule=0s:0.1,100us:0.5]");
            add("ramped bursts", ramp);
            add("bursts of data and control",
                "ClassifiedErrorModel[DropControl=true|Data=ns3::learning::" + chain + "]");
            add("classes, ramped bursts of data",
                "ClassifiedErrorModel[Data=ns3::learning::" + ramp +
                    "|Control=ns3::learning::BernoulliErrorModel[DropRate=0.2]]");
        }
    }
};

ImpairmentLawsTestSuite g_impairmentLawsTestSuite; //!< registers the suite

} // namespace
