/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What is done to blocks on their way, on the real message path: compression, rotation and error
// feedback. The compressors alone are tested in test/unit.

#include "suite-support.h"
#include "training-watch.h"

#include "ns3/error-model.h"
#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint32_t FEATURES = 600; //!< numbers in the model

const std::string MODELS = "ns3::learning::RobustParameterServer"; //!< RPS
const std::string GRADIENTS =
    "ns3::learning::GradientAveraging[MissingGradient=ZeroUpdate]"; //!< averaged, both ways
const std::string PARAMETERS =
    "ns3::learning::GradientAveraging[Downlink=Parameters|"
    "Rule=ns3::learning::ZeroFillRule]"; //!< gradients up, parameters down

const std::string BOUNDED =
    "ns3::learning::GradientAveraging[Downlink=Parameters|AgeBound=2]"; //!< refreshed reliably

/**
 * Text of a coding.
 * @param compressor with attributes in brackets, or empty
 * @param rest further attributes
 * @return the text
 */
std::string
MakeCoding(const std::string& compressor, const std::string& rest)
{
    const std::string prefix = "ns3::learning::BlockCoding[";
    return compressor.empty()
               ? prefix + rest + "]"
               : prefix + "Compressor=ns3::learning::" + compressor + "|" + rest + "]";
}

/**
 * Makes a name of a case, which may have no bars.
 * @param text what must hold, with types
 * @param dedicated whether servers have nodes of their own
 * @return the name
 */
std::string
MakeName(std::string text, bool dedicated)
{
    const std::string prefix = "ns3::learning::";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
    {
        text.erase(at, prefix.size());
    }
    std::replace(text.begin(), text.end(), '|', ';');
    return text + (dedicated ? ", dedicated" : "");
}

/**
 * A scenario.
 * @param algorithm what is trained how
 * @param coding what is done to blocks
 * @param dropRate p
 * @param dedicated whether servers have nodes of their own
 * @return the scenario
 */
Scenario
MakeScenario(const std::string& algorithm,
             const std::string& coding,
             double dropRate,
             bool dedicated)
{
    Scenario scenario;
    scenario.algorithm = algorithm;
    scenario.coding = coding;
    scenario.dropRate = dropRate;
    scenario.dedicated = dedicated;
    scenario.servers = dedicated ? 3 : 0;
    const bool keeps = algorithm == PARAMETERS || algorithm == BOUNDED;
    scenario.owners = keeps ? BlockOwners::FIXED : BlockOwners::PERMUTED;
    scenario.batch = 2;
    scenario.rounds = 20;
    scenario.learningRate = 0.1;
    scenario.data = MakeData(16, FEATURES, 1);
    return scenario;
}

/**
 * Set-up: 4 workers, each with the same mini-batch in every round, and a learning rate of 0, so
 * that every gradient is known; p = 0.3. Stimulus: 20 rounds with acknowledged error feedback, by
 * itself and with each kind of compressor, rotated or not, servers co-located or dedicated.
 * Expected: sum of all gradients = sum of all contributions that servers had + what is left in the
 * workers' memories, in every parameter, once all acknowledgements are in; up to the rounding of 20
 * sums. Negative control: the contributions alone are not the sum.
 */
class ConservationTestCase : public TestCase
{
  public:
    /**
     * Names the case.
     * @param compressor with attributes in brackets, or empty
     * @param hadamard whether blocks are rotated
     * @param dedicated whether servers have nodes of their own
     */
    ConservationTestCase(const std::string& compressor, bool hadamard, bool dedicated)
        : TestCase(MakeName("what is sent or remembered is what was given: " +
                                (compressor.empty() ? "no compressor" : compressor) +
                                (hadamard ? ", rotated" : ""),
                            dedicated)),
          m_scenario(MakeScenario(PARAMETERS,
                                  MakeCoding(compressor,
                                             std::string("ErrorFeedback=Acknowledged|Hadamard=") +
                                                 (hadamard ? "true" : "false")),
                                  0.3,
                                  dedicated)),
          m_applied(FEATURES)
    {
        m_scenario.learningRate = 0;
        m_scenario.batch = 4; // all samples of a worker
    }

  private:
    void DoRun() override;

    /**
     * Sums up what a server has.
     * @param round the round
     * @param block the block
     * @param contributions of the workers
     * @param layout how the block is cut
     */
    void Aggregate(uint32_t round,
                   uint32_t block,
                   const std::vector<AggregationRule::Contribution>& contributions,
                   const SegmentLayout& layout)
    {
        std::vector<float> values(layout.blockLength);
        for (const AggregationRule::Contribution& contribution : contributions)
        {
            std::fill(values.begin(), values.end(), 0.0F);
            BlockTransport::CopySegments(contribution.values,
                                         layout,
                                         *contribution.mask,
                                         values.data());
            m_setup->coding->Unrotate(round, block, values.data(), layout.blockLength);
            for (uint32_t i = 0; i < layout.blockLength; ++i)
            {
                m_applied[m_setup->owners->GetBegin(block) + i] += values[i];
            }
        }
    }

    Scenario m_scenario;           //!< what is trained
    std::vector<double> m_applied; //!< sum of contributions, by parameter
    Ptr<TrainingSetup> m_setup;    //!< of the run
};

void
ConservationTestCase::DoRun()
{
    TrainingRun run(m_scenario);
    m_setup = run.GetSetup();
    for (uint32_t i = 0; i < run.GetServers().GetN(); ++i)
    {
        run.GetServer(i)->TraceConnectWithoutContext(
            "Aggregate",
            MakeCallback(&ConservationTestCase::Aggregate, this));
    }
    std::vector<double> given(FEATURES);
    for (uint32_t k = 0; k < m_scenario.workers; ++k)
    {
        BatchSampler sampler = run.GetWorker(k)->GetSampler();
        const std::vector<uint32_t>& samples = sampler.Next();
        BatchBuffer<float> buffer;
        const Batch<float> batch = m_setup->training->Gather(samples.data(),
                                                             static_cast<uint32_t>(samples.size()),
                                                             buffer);
        std::vector<float> gradient(FEATURES);
        m_setup->model->Gradient(m_setup->start.data(), batch, gradient.data());
        for (uint32_t i = 0; i < FEATURES; ++i)
        {
            given[i] += double{gradient[i]} * m_scenario.rounds;
        }
    }
    Simulator::Run();
    double worst = 0;
    double largest = 0;
    std::vector<double> kept = m_applied;
    for (uint32_t k = 0; k < m_scenario.workers; ++k)
    {
        const std::vector<float> residual = run.GetWorker(k)->GetResidual();
        for (uint32_t i = 0; i < residual.size(); ++i)
        {
            kept[i] += residual[i];
        }
    }
    for (uint32_t i = 0; i < FEATURES; ++i)
    {
        worst = std::max(worst, std::abs(given[i] - kept[i]));
        largest = std::max(largest, std::abs(given[i] - m_applied[i]));
    }
    NS_TEST_ASSERT_MSG_LT(worst, 1e-3, "something is lost, or was sent twice");
    NS_TEST_ASSERT_MSG_GT(largest, 0.5, "nothing was missing, so nothing was tested");
    NS_TEST_ASSERT_MSG_EQ(run.IsConserved(), true, "segments unaccounted for");
    m_setup = nullptr;
    Simulator::Destroy();
}

/**
 * Set-up: 4 workers, p = 0.
 * Stimulus: the same 20 rounds plain and with a coding.
 * Expected: the same parameters, to the last bit where nothing is rounded, otherwise within the
 * tolerance given (rounding of the rotation: 1e-5; of binary16: 2^-11 of numbers of order 1, some
 * of 20 rounds adding up; 1e-2 for 65,535 levels of QSGD); and, whatever the coding, replicas that
 * are equal to the last bit.
 */
class LosslessTestCase : public TestCase
{
  public:
    /**
     * Names the case.
     * @param algorithm what is trained how
     * @param coding what is done to blocks
     * @param dedicated whether servers have nodes of their own
     * @param tolerance of the parameters; negative if they may be anything
     */
    LosslessTestCase(const std::string& algorithm,
                     const std::string& coding,
                     bool dedicated,
                     double tolerance)
        : TestCase(MakeName("without loss: " + algorithm + ", " + coding, dedicated)),
          m_algorithm(algorithm),
          m_coding(coding),
          m_dedicated(dedicated),
          m_tolerance(tolerance)
    {
    }

  private:
    void DoRun() override
    {
        const AlignedVector plain = Train("ns3::learning::BlockCoding");
        const AlignedVector coded = Train(m_coding);
        double worst = 0;
        for (uint32_t i = 0; i < FEATURES; ++i)
        {
            worst = std::max(worst, std::abs(double{plain[i]} - coded[i]));
        }
        if (m_tolerance >= 0)
        {
            NS_TEST_ASSERT_MSG_LT_OR_EQ(worst, m_tolerance, "not the same training");
        }
        else
        {
            NS_TEST_ASSERT_MSG_GT(worst, 1e-4, "the coding does nothing");
        }
    }

    /**
     * Trains, and compares the replicas.
     * @param coding what is done to blocks
     * @return the parameters
     */
    AlignedVector Train(const std::string& coding)
    {
        const Scenario scenario = MakeScenario(m_algorithm, coding, 0, m_dedicated);
        TrainingRun run(scenario);
        Simulator::Run();
        const AlignedVector parameters = run.GetWorker(0)->GetParameters();
        for (uint32_t k = 1; k < scenario.workers; ++k)
        {
            NS_TEST_EXPECT_MSG_EQ((run.GetWorker(k)->GetParameters() == parameters),
                                  true,
                                  "replicas differ without loss");
        }
        Simulator::Destroy();
        return parameters;
    }

    const std::string m_algorithm; //!< what is trained how
    const std::string m_coding;    //!< what is done to blocks
    const bool m_dedicated;        //!< whether servers have nodes of their own
    const double m_tolerance;      //!< of the parameters
};

/**
 * Set-up: RPS of four workers that all have the same models, of multiples of 1/8; six of ten
 * segments are lost, so that servers have no number at all for some.
 * Stimulus: five rounds that only mix; blocks are rotated, or numbers are rounded to 16 bits one
 * way only, so that segments of pushes are not those of pulls. Expected: all models stay as they
 * are, within 1e-4, rounding of rotations there and back: what a worker puts in the place of a
 * segment of the rotated block that is lost is its own, rotated, too, and no server sends numbers
 * that it does not have.
 */
class FixedPointTestCase : public TestCase
{
  public:
    /**
     * @param coding text of its type
     * @param dedicated whether servers have nodes of their own
     */
    FixedPointTestCase(const std::string& coding, bool dedicated)
        : TestCase(MakeName("equal models stay as they are with losses, " + coding, dedicated)),
          m_coding(coding),
          m_dedicated(dedicated)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.dedicated = m_dedicated;
        scenario.servers = m_dedicated ? 2 : 0;
        scenario.algorithm = MODELS;
        scenario.coding = m_coding;
        scenario.data = MakeData(4, FEATURES);
        scenario.dropRate = 0.6;
        scenario.rounds = 5;
        TrainingRun run(scenario);
        std::vector<float> model = DrawNormal(FEATURES, 3);
        for (float& number : model)
        {
            number = std::round(8 * number) / 8;
        }
        for (uint32_t k = 0; k < 4; ++k)
        {
            run.GetWorker(k)->SetParameters(model);
        }
        Simulator::Run();
        NS_TEST_EXPECT_MSG_GT(run.GetTraffic().dropped, 0, "nothing was lost");
        for (uint32_t k = 0; k < 4; ++k)
        {
            const AlignedVector& replica = run.GetWorker(k)->GetParameters();
            double worst = 0;
            for (uint32_t i = 0; i < FEATURES; ++i)
            {
                worst = std::max(worst, std::abs(double{replica[i]} - model[i]));
            }
            NS_TEST_EXPECT_MSG_LT(worst, 1e-4, "worker " << k);
        }
        Simulator::Destroy();
    }

    const std::string m_coding; //!< text of its type
    const bool m_dedicated;     //!< where servers are
};

/**
 * Set-up: two workers, two dedicated servers that average gradients; numbers are rounded to 16 bits
 * both ways, and what that leaves out is repaid.
 * Stimulus: from 505 us on servers receive ends only.
 * Expected: from 600 us on parameters move by no more than what was left to be repaid, 2^-11 of a
 * gradient of at most 2, at rate 0.01: 1e-5. A server sends zeros, and its residual, where nobody's
 * gradient has arrived, not those of the round before.
 */
class SilentWorkersTestCase : public TestCase
{
  public:
    SilentWorkersTestCase()
        : TestCase("what nobody has pushed is not repaid")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.workers = 2;
        scenario.servers = 2;
        scenario.dedicated = true;
        scenario.algorithm = GRADIENTS;
        scenario.coding = MakeCoding("Binary16Compressor", "Ways=Both|ErrorFeedback=Local");
        scenario.data = Create<Dataset>(SampleShape{1, 1, FEATURES},
                                        std::vector<float>(2 * std::size_t{FEATURES}, 2.0F),
                                        std::vector<float>(2),
                                        0U);
        scenario.learningRate = 0.01;
        scenario.rounds = 100;
        TrainingRun run(scenario);
        const NetDeviceContainer devices = run.GetStar().GetHostDevices();
        Simulator::Schedule(MicroSeconds(505), [&devices] {
            for (const uint32_t server : {2, 3})
            {
                PointerValue loss;
                devices.Get(server)->GetAttribute("ReceiveErrorModel", loss);
                loss.Get<ErrorModel>()->SetAttribute("DropRate", DoubleValue(1));
            }
        });
        double before = 0;
        Simulator::Schedule(MicroSeconds(600),
                            [&] { before = run.GetWorker(0)->GetParameters().front(); });
        Simulator::Run();
        NS_TEST_EXPECT_MSG_GT(before, 0.01, "nothing was learned before");
        NS_TEST_EXPECT_MSG_LT(before, 1.5, "hardly anything is left to be learned");
        NS_TEST_EXPECT_MSG_EQ(run.GetWorker(0)->GetCompletedRounds(), 100, "rounds");
        NS_TEST_EXPECT_MSG_EQ_TOL(double{run.GetWorker(0)->GetParameters().front()},
                                  before,
                                  1e-5,
                                  "they move");
        Simulator::Destroy();
    }
};

/**
 * Set-up: 4 workers, 3 dedicated servers, p = 0, segments of 64 bytes, one in a packet.
 * Stimulus: 20 rounds with a compressor of pushes.
 * Expected: as many data segments pushed as the cut of the blocks says (every chunk fills one), as
 * many pulled as without; pushed bytes of numbers shrink by the factor of the compressor.
 */
class BytesTestCase : public TestCase
{
  public:
    /**
     * Names the case.
     * @param compressor with attributes in brackets
     * @param numbers in a chunk, for segments of 16 words
     */
    BytesTestCase(const std::string& compressor, uint32_t numbers)
        : TestCase("segments on the wire: " + compressor),
          m_compressor(compressor),
          m_numbers(numbers)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario =
            MakeScenario(PARAMETERS, MakeCoding(m_compressor, "Ways=Pushes"), 0, true);
        scenario.segmentsPerPacket = 1;
        TrainingRun run(scenario);
        Simulator::Run();
        const uint32_t blocks = 3;
        const uint32_t length = FEATURES / blocks;
        const uint64_t messages = uint64_t{scenario.workers} * blocks * scenario.rounds;
        uint64_t pushed = 0;
        uint64_t pulled = 0;
        uint64_t bytes = 0;
        for (uint32_t k = 0; k < scenario.workers; ++k)
        {
            pushed += run.GetWorker(k)->GetTransport()->GetTraffic(PUSH).sent;
            bytes += run.GetWorker(k)->GetTransport()->GetTraffic(PUSH).bytes;
        }
        for (uint32_t i = 0; i < blocks; ++i)
        {
            pulled += run.GetServer(i)->GetTransport()->GetTraffic(PULL).sent;
        }
        const uint32_t segments = (length + m_numbers - 1) / m_numbers;
        NS_TEST_ASSERT_MSG_EQ(pushed, messages * segments, "pushes are cut another way");
        NS_TEST_ASSERT_MSG_EQ(pulled, messages * ((length + 15) / 16), "pulls are compressed");
        // 62 bytes of headers for each segment and each end, 8 for an acknowledgement
        NS_TEST_ASSERT_MSG_LT(bytes,
                              messages * (segments * (64 + 62) + 62 + 2 * 8),
                              "more bytes than segments");
        Simulator::Destroy();
    }

    const std::string m_compressor; //!< with attributes in brackets
    const uint32_t m_numbers;       //!< in a chunk
};

/**
 * Set-up: 4 workers, p in {0, 0.1, 0.9, 1}, control segments dropped as well.
 * Stimulus: the same run twice.
 * Expected: every worker ends its rounds in order, by their deadlines; segments are conserved; both
 * runs end with the same bits.
 */
class CodedRunsEndTestCase : public TestCase
{
  public:
    /**
     * Names the case.
     * @param algorithm what is trained how
     * @param coding what is done to blocks
     * @param dropRate p
     * @param dedicated whether servers have nodes of their own
     */
    CodedRunsEndTestCase(const std::string& algorithm,
                         const std::string& coding,
                         double dropRate,
                         bool dedicated)
        : TestCase(MakeName("ends, the same twice: p = " + std::to_string(dropRate) + ", " +
                                algorithm + ", " + coding,
                            dedicated)),
          m_scenario(MakeScenario(algorithm, coding, dropRate, dedicated))
    {
        m_scenario.dropControl = true;
        m_scenario.rounds = 5;
    }

  private:
    void DoRun() override
    {
        const std::vector<AlignedVector> first = Train();
        NS_TEST_ASSERT_MSG_EQ((Train() == first), true, "the same seed gives other bits");
    }

    /**
     * Trains and checks the run.
     * @return the replicas
     */
    std::vector<AlignedVector> Train()
    {
        TrainingRun run(m_scenario);
        const Watch watch(run, m_scenario.workers);
        Simulator::Run();
        std::vector<AlignedVector> replicas;
        for (uint32_t k = 0; k < m_scenario.workers; ++k)
        {
            replicas.push_back(run.GetWorker(k)->GetParameters());
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(k)->GetCompletedRounds(),
                                  m_scenario.rounds,
                                  "a worker has not ended its rounds");
            NS_TEST_EXPECT_MSG_LT_OR_EQ(watch.doneAt[k],
                                        m_scenario.pullDeadline * (m_scenario.rounds + 1),
                                        "a worker waited beyond its deadlines");
        }
        NS_TEST_EXPECT_MSG_EQ(watch.inOrder, true, "rounds out of order");
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments unaccounted for");
        Simulator::Destroy();
        return replicas;
    }

    Scenario m_scenario; //!< what is trained
};

/**
 * The suite.
 */
class CodingTestSuite : public TestSuite
{
  public:
    CodingTestSuite();
};

CodingTestSuite::CodingTestSuite()
    : TestSuite("distributed-learning-coding", Type::UNIT)
{
    const std::vector<std::string> contractions{"",
                                                "TopKCompressor[Share=0.2]",
                                                "RandomKCompressor[Share=0.5|Contractive=true]",
                                                "QsgdCompressor[Levels=7|Contractive=true]",
                                                "SignCompressor",
                                                "Binary16Compressor"};
    for (const std::string& compressor : contractions)
    {
        for (const bool dedicated : {false, true})
        {
            AddTestCase(new ConservationTestCase(compressor, false, dedicated),
                        TestDuration::QUICK);
            AddTestCase(new ConservationTestCase(compressor, true, dedicated), TestDuration::QUICK);
        }
    }
    const std::string acknowledged = MakeCoding("", "ErrorFeedback=Acknowledged");
    const std::string rotated = MakeCoding("", "Hadamard=true");
    const std::string half = MakeCoding("Binary16Compressor", "Ways=Both");
    const std::string levels = MakeCoding("QsgdCompressor[Levels=65535]", "Ways=Both");
    const std::string few = MakeCoding("TopKCompressor[Share=0.2]", "Ways=Both");
    const std::string all =
        MakeCoding("SignCompressor", "Ways=Both|Hadamard=true|ErrorFeedback=Acknowledged");
    for (const bool dedicated : {false, true})
    {
        for (const std::string& algorithm : {MODELS, GRADIENTS, PARAMETERS})
        {
            const auto add = [&](const std::string& coding, double tolerance) {
                AddTestCase(new LosslessTestCase(algorithm, coding, dedicated, tolerance),
                            TestDuration::QUICK);
            };
            add(rotated, 1e-5);
            add(half, 5e-3);
            add(levels, 1e-2);
            if (algorithm != MODELS)
            {
                add(acknowledged, 0);
            }
            if (algorithm == GRADIENTS)
            {
                add(few, -1);
                add(all, -1);
            }
        }
        for (const double dropRate : {0.0, 0.1, 0.9, 1.0})
        {
            for (const std::string& algorithm : {MODELS, GRADIENTS, PARAMETERS})
            {
                const std::string coding =
                    algorithm == GRADIENTS ? all
                    : algorithm == MODELS
                        ? MakeCoding("Binary16Compressor", "Ways=Both|Hadamard=true")
                        : MakeCoding("TopKCompressor[Share=0.2]", "ErrorFeedback=Acknowledged");
                AddTestCase(new CodedRunsEndTestCase(algorithm, coding, dropRate, dedicated),
                            TestDuration::QUICK);
            }
            AddTestCase(new CodedRunsEndTestCase(BOUNDED, rotated, dropRate, dedicated),
                        TestDuration::QUICK);
        }
    }
    // 16 words: 2 numbers a word; 1 word and 32 signs a word; 1 word and 4 bits; 8 numbers with
    // places of 7 bits (13 of them in 16 words, of 130); 16 of 160
    for (const bool dedicated : {false, true})
    {
        const auto add = [this, dedicated](const std::string& coding) {
            AddTestCase(new FixedPointTestCase(coding, dedicated), TestDuration::QUICK);
        };
        add(MakeCoding("", "Hadamard=true"));
        add(MakeCoding("Binary16Compressor", "Ways=Pushes"));
        add(MakeCoding("Binary16Compressor", "Ways=Pulls"));
    }
    AddTestCase(new SilentWorkersTestCase, TestDuration::QUICK);
    AddTestCase(new BytesTestCase("Binary16Compressor", 32), TestDuration::QUICK);
    AddTestCase(new BytesTestCase("SignCompressor", 480), TestDuration::QUICK);
    AddTestCase(new BytesTestCase("QsgdCompressor[Levels=7]", 120), TestDuration::QUICK);
    AddTestCase(new BytesTestCase("TopKCompressor[Share=0.1]", 120), TestDuration::QUICK);
    AddTestCase(new BytesTestCase("RandomKCompressor[Share=0.1]", 160), TestDuration::QUICK);
}

CodingTestSuite g_codingTestSuite; //!< registers the suite

} // namespace
