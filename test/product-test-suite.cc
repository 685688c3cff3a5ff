/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Every transport x rule x loss law x fault, at drop rates of 0, 0.1, 0.9 and 1: each training
// ends, accounts for every segment, and gives the same bits again.

#include "training-outcome.h"
#include "training-watch.h"

#include "ns3/fault-schedule-helper.h"
#include "ns3/learning-compatibility.h"
#include "ns3/tcp-transport.h"
#include "ns3/test.h"

#include <algorithm>
#include <fstream>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr double DROP_RATES[] = {0, 0.1, 0.9, 1};
constexpr uint32_t WORKERS = 4;
constexpr uint32_t ROUNDS = 3;
constexpr uint64_t SEED = 0x70726f64756374; //!< of all choices
constexpr uint64_t SHARE = 10;              //!< one run of so many is quick

/// How segments are lost.
enum Loss
{
    BERNOULLI,
    MESSAGE,
    GILBERT_ELLIOTT,
    TRACE,
    QUEUE,
    LOSS_COUNT
};

const char* const LOSS_NAMES[] = {"independent",
                                  "per message",
                                  "in bursts",
                                  "trace",
                                  "full queues"};

/// How servers aggregate.
enum Rule
{
    RECEIVED_MEAN,
    ZERO_FILL,
    RESCALED,
    RESCALED_ESTIMATE,
    RULE_COUNT
};

const char* const RULE_NAMES[] = {"received mean", "zero fill", "rescaled", "rescaled by estimate"};

/// What goes wrong beside.
struct Fault
{
    const char* name;     //!< in the names of cases
    const char* schedule; //!< as FaultScheduleHelper takes it; computations take 1 ms
    int servers;          //!< dedicated servers, 0 for none, -1 for either
    double tail;          //!< spread (sigma) of the logarithm of the times of computation
};

const Fault FAULTS[] = {
    {"no fault", "", -1, 0},
    {"a worker crashes and returns", "crash:3@1500us-5ms", 2, 0},
    {"a server crashes", "crash:5@1500us", 2, 0},
    {"a host of both crashes and returns", "crash:3@1500us-5ms", 0, 0},
    {"a link is down", "link:1@1500us-5ms", -1, 0},
    {"a partition heals", "partition:0+1@1500us-5ms", -1, 0},
    {"stragglers", "", -1, 1.5},
};

/**
 * The type of a law.
 * @param loss the law
 * @param dropRate p
 * @param file where a trace may be written
 * @return the type with its attributes
 */
std::string
GetLaw(Loss loss, double dropRate, const std::string& file)
{
    const std::string prefix = "ns3::learning::";
    const std::string rate = "DropRate=" + std::to_string(dropRate) + "]";
    switch (loss)
    {
    case MESSAGE:
        return prefix + "MessageErrorModel[" + rate;
    case GILBERT_ELLIOTT:
        return prefix + "GilbertElliottErrorModel[MeanBurst=10|" + rate;
    case TRACE: {
        RandomEngine draw(SEED);
        std::ofstream trace(file);
        for (uint32_t i = 0; i < 1000; ++i)
        {
            trace << (draw.NextUniform() < dropRate ? '1' : '0');
        }
        return prefix + "TraceErrorModel[File=" + file + "]";
    }
    default:
        return prefix + "BernoulliErrorModel[" + (loss == QUEUE ? "DropRate=0]" : rate);
    }
}

/**
 * Set-up: four workers on a star, three rounds of 1 ms, deadlines of 20 ms for pushes and 40 ms for
 * pulls. A seeded draw says what is not one of the factors: whether control is dropped, whether
 * servers are dedicated (unless the fault says so), whether servers send models, gradients or
 * parameters, and whether gradients have error feedback. In full queues, drop rates stand for room
 * for 1000, 4, 1 and no packets of data. Expected: every worker ends every round, in order; without
 * faults at the latest when rounds x (computation + pull deadline) are over. The simulation ends by
 * itself, within a minute, or over TCP once ns-3 has given up the last connection (a SYN: 3 s,
 * doubled 6 times, and that for each that is tried again: within an hour). sent = received +
 * duplicate + late + dropped + refused + lost with a TCP connection, and these are at most those
 * that TCP had taken and that were not acknowledged when their connection broke: none unless one
 * broke. The run, repeated, gives the same replicas, counters, times and events.
 */
class ProductTestCase : public TestCase
{
  public:
    /**
     * @param transport its type
     * @param rule how servers aggregate
     * @param loss how segments are lost
     * @param fault what goes wrong beside
     * @param level index of the drop rate
     */
    ProductTestCase(const std::string& transport,
                    Rule rule,
                    Loss loss,
                    uint32_t fault,
                    uint32_t level)
        : TestCase(GetName(transport, rule, loss, fault, level)),
          m_transport(transport),
          m_rule(rule),
          m_loss(loss),
          m_fault(FAULTS[fault]),
          m_level(level),
          m_draw(SplitMix64(SEED, rule, loss, fault * 100 + level, transport.size()))
    {
    }

    /**
     * Whether the case is one of the tenth that always runs.
     * @return true if so
     */
    bool IsQuick() const
    {
        return SplitMix64(SEED, m_draw) % SHARE == 0;
    }

  private:
    /// A run, for comparison.
    struct Result
    {
        Outcome outcome;          //!< what it leaves behind
        std::vector<Time> doneAt; //!< when workers were done
        uint64_t events;          //!< of the simulator
    };

    /**
     * Names a case.
     * @param transport its type
     * @param rule how servers aggregate
     * @param loss how segments are lost
     * @param fault index of what goes wrong beside
     * @param level index of the drop rate
     * @return the name
     */
    static std::string GetName(const std::string& transport,
                               Rule rule,
                               Loss loss,
                               uint32_t fault,
                               uint32_t level)
    {
        std::ostringstream text;
        text << StripAttributes(transport).substr(15) << ", " << RULE_NAMES[rule] << ", "
             << LOSS_NAMES[loss] << ", " << FAULTS[fault].name << ", " << DROP_RATES[level];
        return text.str();
    }

    /**
     * What workers and servers exchange, and how it is aggregated.
     * @return the type of the algorithm
     */
    std::string GetAlgorithm() const
    {
        const std::string rescaled = "RescaledMeanRule[Estimated=false|DropRate=" +
                                     std::to_string(std::min(DROP_RATES[m_level], 0.99)) + "]";
        const std::string rules[] = {"ReceivedMeanRule",
                                     "ZeroFillRule",
                                     rescaled,
                                     "RescaledMeanRule[Estimated=true]"};
        const std::string rule = "Rule=ns3::learning::" + rules[m_rule] + "]";
        switch (m_draw / 4 % 3)
        {
        case 0:
            return "ns3::learning::RobustParameterServer[" + rule;
        case 1:
            return "ns3::learning::GradientAveraging[MissingGradient=ZeroUpdate|" + rule;
        default:
            return "ns3::learning::GradientAveraging[Downlink=Parameters|" + rule;
        }
    }

    /**
     * What runs.
     * @return the scenario
     */
    Scenario GetScenario()
    {
        constexpr uint32_t FEATURES = 500;
        const char* const rooms[] = {"1000p", "4p", "1p", "0p"};
        Scenario scenario;
        scenario.workers = WORKERS;
        scenario.rounds = ROUNDS;
        scenario.transport = m_transport;
        scenario.dropControl = m_draw % 2 == 0;
        scenario.dedicated = m_fault.servers == -1 ? m_draw / 2 % 2 == 0 : m_fault.servers > 0;
        scenario.servers = scenario.dedicated ? 2 : 0;
        scenario.algorithm = GetAlgorithm();
        if (m_draw / 4 % 3 != 0 && m_draw / 12 % 2 == 0)
        {
            scenario.coding = "ns3::learning::BlockCoding[ErrorFeedback=Acknowledged]";
        }
        scenario.owners = scenario.algorithm.find("Parameters|") != std::string::npos
                              ? BlockOwners::FIXED
                              : BlockOwners::PERMUTED;
        scenario.loss = GetLaw(m_loss, DROP_RATES[m_level], CreateTempDirFilename("trace.txt"));
        if (m_loss == QUEUE)
        {
            scenario.queueDisc = std::string("ns3::learning::DropThresholdQueueDisc[MaxSize=1000p|"
                                             "Threshold=") +
                                 rooms[m_level] + "]";
            scenario.segmentsPerPacket = 1;
            scenario.tos = 4;
        }
        scenario.learningRate = 0.1;
        scenario.data = MakeData(WORKERS * 4, FEATURES, 1);
        scenario.compute = Time(0);
        scenario.operationsPerSecond = 5 * FEATURES / 1e-3; // 1 ms
        if (m_fault.tail > 0)
        {
            scenario.straggler =
                "ns3::LogNormalRandomVariable[Mu=0|Sigma=" + std::to_string(m_fault.tail) + "]";
        }
        return scenario;
    }

    /**
     * Runs it.
     * @return what it leaves behind
     */
    Result Run()
    {
        const Scenario scenario = GetScenario();
        TrainingRun run(scenario);
        FaultScheduleHelper faults;
        faults.AddList(m_fault.schedule);
        faults.Install(run.GetTraining());
        Watch watch(run, WORKERS);
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(IsTcp(m_transport) ? Hours(1) : Minutes(1)),
                              true,
                              "goes on");
        const bool isQuiet = std::string(m_fault.schedule).empty();
        const Time longest = (MicroSeconds(1001) + scenario.pullDeadline) * ROUNDS;
        uint64_t uncertain = 0;
        const auto look = [this, &uncertain](const Ptr<BlockTransport>& transport) {
            NS_TEST_EXPECT_MSG_EQ(transport->GetMalformedCount(), 0, "malformed packets");
            const auto tcp = DynamicCast<TcpTransport>(transport);
            uncertain += tcp ? tcp->GetUncertainCount() : 0;
        };
        for (uint32_t i = 0; i < WORKERS; ++i)
        {
            const Ptr<Worker> worker = run.GetWorker(i);
            NS_TEST_EXPECT_MSG_EQ(worker->IsDone(), true, "worker " << i);
            NS_TEST_EXPECT_MSG_EQ(worker->GetCompletedRounds(), ROUNDS, "worker " << i);
            if (isQuiet && m_fault.tail == 0)
            {
                NS_TEST_EXPECT_MSG_LT(watch.doneAt[i], longest, "worker " << i);
            }
            look(worker->GetTransport());
        }
        for (uint32_t i = 0; scenario.dedicated && i < scenario.servers; ++i)
        {
            look(run.GetServer(i)->GetTransport());
        }
        NS_TEST_EXPECT_MSG_EQ((watch.inOrder || !isQuiet), true, "rounds out of order");
        const TrafficLedger::Account total = run.GetTraffic();
        const uint64_t known =
            total.received + total.duplicate + total.late + total.dropped + total.refused;
        NS_TEST_EXPECT_MSG_LT(known, total.sent + 1, "more segments than were sent");
        NS_TEST_EXPECT_MSG_LT(total.sent,
                              known + uncertain + 1,
                              "segments lost from the account, " << uncertain << " uncertain");
        const Result result{Outcome(run), watch.doneAt, Simulator::GetEventCount()};
        Simulator::Destroy();
        return result;
    }

    void DoRun() override
    {
        const Result first = Run();
        const Result again = Run();
        NS_TEST_EXPECT_MSG_EQ((again.outcome == first.outcome), true, "other bits");
        NS_TEST_EXPECT_MSG_EQ((again.doneAt == first.doneAt), true, "other times");
        NS_TEST_EXPECT_MSG_EQ(again.events, first.events, "other events");
    }

    const std::string m_transport; //!< its type
    const Rule m_rule;             //!< how servers aggregate
    const Loss m_loss;             //!< how segments are lost
    const Fault& m_fault;          //!< what goes wrong beside
    const uint32_t m_level;        //!< index of the drop rate
    const uint64_t m_draw;         //!< of what is not one of the factors
};

/// Everything with everything: a seeded tenth by default, all of it with --fullness=EXTENSIVE.
class ProductTestSuite : public TestSuite
{
  public:
    ProductTestSuite()
        : TestSuite("distributed-learning-product", Type::UNIT)
    {
        for (const char* transport : TRANSPORTS)
        {
            for (uint32_t loss = 0; loss < LOSS_COUNT; ++loss)
            {
                for (uint32_t fault = 0; fault < std::size(FAULTS); ++fault)
                {
                    AddRules(transport, static_cast<Loss>(loss), fault);
                }
            }
        }
    }

  private:
    /**
     * Adds the cases of all rules and drop rates.
     * @param transport its type
     * @param loss how segments are lost
     * @param fault index of what goes wrong beside
     */
    void AddRules(const std::string& transport, Loss loss, uint32_t fault)
    {
        for (uint32_t rule = 0; rule < RULE_COUNT; ++rule)
        {
            for (uint32_t level = 0; level < std::size(DROP_RATES); ++level)
            {
                auto* test =
                    new ProductTestCase(transport, static_cast<Rule>(rule), loss, fault, level);
                AddTestCase(test, test->IsQuick() ? TestDuration::QUICK : TestDuration::EXTENSIVE);
            }
        }
    }
};

ProductTestSuite g_productTestSuite; //!< registers the suite

} // namespace
