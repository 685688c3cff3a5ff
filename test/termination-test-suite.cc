/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Every run ends: for every drop rate, with or without control segments, wherever servers are,
// whatever a worker or a link does.

#include "suite-support.h"

#include "ns3/bernoulli-error-model.h"
#include "ns3/channel.h"
#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/test.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// The transport's last words: ends are repeated for 50 ms (2 + 4 + ... + 64), then given up.
const Time LAST_WORDS = MilliSeconds(50 * 127 + 20);

/// Watches a training from outside.
class Watch
{
  public:
    /**
     * Begins to watch.
     * @param run the training
     * @param workers number of workers
     */
    Watch(TrainingRun& run, uint32_t workers)
        : doneAt(workers),
          m_ends(workers)
    {
        for (uint32_t i = 0; i < workers; ++i)
        {
            run.GetWorker(i)->TraceConnectWithoutContext("Done", MakeCallback(&Watch::Done, this));
        }
        run.TraceRoundEnd(MakeCallback(&Watch::RoundEnded, this));
    }

    /**
     * Runs the simulation and looks whether anything happens after a time, within an hour.
     * @param bound the time
     * @return whether all was over by then
     */
    static bool RunsAtMost(Time bound)
    {
        uint64_t before = 0;
        uint64_t after = 0;
        Simulator::Schedule(bound, [&before] { before = Simulator::GetEventCount(); });
        Simulator::Schedule(bound + Hours(1), [&after] {
            after = Simulator::GetEventCount();
            Simulator::Stop(); // so that a failure ends, too
        });
        Simulator::Run();
        return after == before + 1;
    }

    std::vector<Time> doneAt; //!< when each worker was done, 0 if it never was
    bool inOrder{true};       //!< whether every worker ended its rounds one after the other

  private:
    /**
     * A worker is done.
     * @param worker its index
     */
    void Done(uint32_t worker)
    {
        inOrder = inOrder && doneAt[worker].IsZero();
        doneAt[worker] = Simulator::Now();
    }

    /**
     * A worker ends a round.
     * @param worker its index
     * @param round the round
     */
    void RoundEnded(uint32_t worker, uint32_t round)
    {
        inOrder = inOrder && m_ends[worker]++ == round;
    }

    std::vector<uint32_t> m_ends; //!< rounds ended, by worker
};

/**
 * Set-up: three workers on a star, four rounds, deadlines of 20 ms for pushes and 40 ms for pulls.
 * Expected: every worker ends every round, in order, at the latest when rounds x (compute + pull
 * deadline) are over; Simulator::Run() returns by itself once the ends have been given up; every
 * segment is accounted for.
 */
class EndsTestCase : public TestCase
{
  public:
    /**
     * @param scenario what runs
     * @param name what is special about it
     */
    EndsTestCase(const Scenario& scenario, const std::string& name)
        : TestCase("ends: drop rate " + std::to_string(scenario.dropRate) +
                   (scenario.dropControl ? ", control dropped, " : ", control spared, ") + name),
          m_scenario(scenario)
    {
    }

  private:
    void DoRun() override
    {
        m_scenario.data = MakeData(m_scenario.workers * 4, 500, 1);
        m_scenario.learningRate = 0.1;
        m_scenario.rounds = 4;
        TrainingRun run(m_scenario);
        Watch watch(run, m_scenario.workers);
        const Time training = (m_scenario.compute + m_scenario.pullDeadline) *
                              static_cast<int64_t>(m_scenario.rounds);
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(training + LAST_WORDS),
                              true,
                              "goes on for too long");
        for (uint32_t i = 0; i < m_scenario.workers; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->IsDone(), true, "worker " << i);
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(), 4, "worker " << i);
            NS_TEST_EXPECT_MSG_LT(watch.doneAt[i], training + NanoSeconds(1), "worker " << i);
            NS_TEST_EXPECT_MSG_GT(watch.doneAt[i], Time(0), "worker " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(watch.inOrder, true, "rounds out of order");
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        Simulator::Destroy();
    }

    Scenario m_scenario; //!< what runs
};

/**
 * Set-up: four workers, the last one slower by far than the deadlines: 200 ms a gradient.
 * Expected: the others end as if they were alone with their deadlines; the straggler ends its
 * rounds, too, at its own pace; every segment is accounted for.
 */
class StragglerTestCase : public TestCase
{
  public:
    /**
     * @param dedicated whether servers have nodes of their own
     */
    explicit StragglerTestCase(bool dedicated)
        : TestCase(std::string("others go on without a straggler, servers ") +
                   (dedicated ? "dedicated" : "co-located")),
          m_dedicated(dedicated)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.dedicated = m_dedicated;
        scenario.rounds = 6;
        scenario.data = MakeData(4, 500);
        TrainingRun run(scenario);
        // 3 x 500 + 2 x 500 operations take 200 us, and 200 ms with a slowdown of 1000
        for (uint32_t i = 0; i < 4; ++i)
        {
            const Ptr<ComputeModel> compute = run.GetWorker(i)->GetComputeModel();
            compute->SetAttribute("OperationsPerSecond", DoubleValue(2500 / 200e-6));
            compute->SetAttribute("Slowdown", DoubleValue(i == 3 ? 1000 : 1));
        }
        Watch watch(run, 4);
        const Time others = (MicroSeconds(210) + scenario.pullDeadline) * 6;
        const Time straggler = (MicroSeconds(200010) + scenario.pullDeadline) * 6;
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(straggler + LAST_WORDS), true, "goes on");
        for (uint32_t i = 0; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(), 6, "worker " << i);
            NS_TEST_EXPECT_MSG_LT(watch.doneAt[i],
                                  (i == 3 ? straggler : others) + NanoSeconds(1),
                                  "worker " << i);
        }
        NS_TEST_EXPECT_MSG_GT(watch.doneAt[3], MicroSeconds(200010) * 6, "no straggler");
        NS_TEST_EXPECT_MSG_GT(run.GetTraffic().late, 0, "a straggler's pushes are late");
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        Simulator::Destroy();
    }

    const bool m_dedicated; //!< where servers are
};

/**
 * Set-up: four workers that only mix, co-located servers with fixed owners; nothing at all passes
 * the link of the last one, in either direction.
 * Expected: all end their rounds in time. The one cut off keeps its model. The others agree on the
 * mean of their three models, summed in their order, in the blocks that they own, and keep their
 * own in the block that they cannot reach.
 */
class CutTestCase : public TestCase
{
  public:
    CutTestCase()
        : TestCase("others go on without a worker that is cut off")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t FEATURES = 400;
        Scenario scenario;
        scenario.owners = BlockOwners::FIXED;
        scenario.data = MakeData(4, FEATURES);
        TrainingRun run(scenario);
        const Ptr<NetDevice> device = run.GetStar().GetHostDevices().Get(3);
        const Ptr<Channel> link = device->GetChannel();
        for (std::size_t end = 0; end < 2; ++end)
        {
            const Ptr<BernoulliErrorModel> model = CreateObject<BernoulliErrorModel>();
            model->SetAttribute("DropRate", DoubleValue(1));
            model->SetAttribute("DropControl", BooleanValue(true));
            model->AssignStreams(5 + static_cast<int64_t>(end));
            link->GetDevice(end)->SetAttribute("ReceiveErrorModel", PointerValue(model));
        }
        std::vector<std::vector<float>> models;
        for (uint32_t i = 0; i < 4; ++i)
        {
            models.push_back(DrawNormal(FEATURES, i));
            run.GetWorker(i)->SetParameters(models[i]);
        }
        Watch watch(run, 4);
        const Time training = (scenario.compute + scenario.pullDeadline) * 3;
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(training + LAST_WORDS), true, "goes on");
        // the first round gives the mean; means of equal numbers do not change it but by rounding
        for (uint32_t i = 0; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(), 3, "worker " << i);
            NS_TEST_EXPECT_MSG_LT(watch.doneAt[i], training + NanoSeconds(1), "worker " << i);
            const AlignedVector& parameters = run.GetWorker(i)->GetParameters();
            for (uint32_t k = 0; k < FEATURES; ++k)
            {
                const bool reached = i < 3 && k < FEATURES / 4 * 3;
                const float mean = (models[0][k] + models[1][k] + models[2][k]) / 3;
                NS_TEST_ASSERT_MSG_EQ_TOL(parameters[k],
                                          (reached ? mean : models[i][k]),
                                          (reached ? 1e-6F * std::abs(mean) + 1e-12F : 0.0F),
                                          "worker " << i << ", number " << k);
            }
        }
        Simulator::Destroy();
    }
};

/**
 * Set-up: 300 scenarios drawn at random: 1 to 6 workers, any servers, owners, algorithm, drop rate,
 * segments and trains, links from 1 Mbps to 10 Gbps, queues from 3 packets, deadlines from far too
 * short to ample, gradients whose times vary.
 * Expected: of every one: all rounds of all workers end in order, nothing happens for ever, every
 * segment is accounted for, no packet is malformed.
 */
class RandomScenariosTestCase : public TestCase
{
  public:
    RandomScenariosTestCase()
        : TestCase("random scenarios end")
    {
    }

  private:
    void DoRun() override
    {
        for (uint32_t k = 0; k < 300; ++k)
        {
            RunOne(k);
        }
    }

    /**
     * Draws a scenario.
     * @param draw the draws
     * @return the scenario
     */
    static Scenario Draw(RandomEngine& draw)
    {
        static const char* const ALGORITHMS[] = {"RobustParameterServer",
                                                 "GradientAveraging",
                                                 "GradientAveraging[MissingGradient=ZeroUpdate]",
                                                 "GradientAveraging[Downlink=Parameters]"};
        static const char* const RATES[] = {"1Mbps", "20Mbps", "1Gbps", "10Gbps"};
        const uint32_t features = 6 + draw.NextBelow(400);
        const uint32_t algorithm = draw.NextBelow(4);
        Scenario scenario;
        scenario.workers = 1 + draw.NextBelow(6);
        scenario.dedicated = draw.NextBelow(2) == 1;
        scenario.servers = 1 + draw.NextBelow(scenario.dedicated ? 6 : scenario.workers);
        scenario.owners =
            algorithm == 3 || draw.NextBelow(2) == 0 ? BlockOwners::FIXED : BlockOwners::PERMUTED;
        scenario.algorithm = std::string("ns3::learning::") + ALGORITHMS[algorithm];
        scenario.dropRate = draw.NextBelow(4) == 0 ? 0 : draw.NextUniform();
        scenario.dropControl = draw.NextBelow(2) == 1;
        scenario.segmentBytes = 4 * (1 + draw.NextBelow(50));
        scenario.segmentsPerPacket = 1 + draw.NextBelow(64);
        scenario.learningRate = 0.1;
        scenario.rounds = 1 + draw.NextBelow(6);
        scenario.threads = 1 + draw.NextBelow(2);
        scenario.compute = MicroSeconds(draw.NextBelow(1000));
        scenario.pushDeadline = MicroSeconds(2 + draw.NextBelow(20000));
        scenario.pullDeadline = MicroSeconds(2 + draw.NextBelow(40000));
        scenario.linkRate = RATES[draw.NextBelow(4)];
        scenario.queue = draw.NextBelow(2) == 0 ? "3p" : "100000p";
        scenario.data = MakeData(scenario.workers * 2, features, 1);
        return scenario;
    }

    /**
     * Runs a scenario.
     * @param seed what it is drawn from
     */
    void RunOne(uint32_t seed)
    {
        RandomEngine draw(SplitMix64(0x66757a7a, seed));
        const Scenario scenario = Draw(draw);
        TrainingRun run(scenario);
        for (uint32_t i = 0; i < scenario.workers; ++i)
        {
            const Ptr<ComputeModel> compute = run.GetWorker(i)->GetComputeModel();
            compute->SetAttribute("OperationsPerSecond", DoubleValue(1e5 * (1 << seed % 10)));
            compute->SetAttribute("Straggler",
                                  StringValue("ns3::ExponentialRandomVariable[Mean=1]"));
            compute->AssignStreams(100 + i);
        }
        Watch watch(run, scenario.workers);
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(Seconds(60)), true, "scenario " << seed);
        for (uint32_t i = 0; i < scenario.workers; ++i)
        {
            const Ptr<Worker> worker = run.GetWorker(i);
            NS_TEST_EXPECT_MSG_EQ(worker->IsDone(), true, "scenario " << seed);
            NS_TEST_EXPECT_MSG_EQ(worker->GetCompletedRounds(),
                                  scenario.rounds,
                                  "scenario " << seed);
            NS_TEST_EXPECT_MSG_EQ(worker->GetTransport()->GetMalformedCount(),
                                  0,
                                  "scenario " << seed);
        }
        NS_TEST_EXPECT_MSG_EQ(watch.inOrder, true, "scenario " << seed);
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "scenario " << seed);
        Simulator::Destroy();
    }
};

/// Every run ends.
class TerminationTestSuite : public TestSuite
{
  public:
    TerminationTestSuite()
        : TestSuite("distributed-learning-termination", Type::UNIT)
    {
        for (const double dropRate : {0.0, 0.01, 0.1, 0.5, 0.9, 1.0})
        {
            for (const bool dropControl : {false, true})
            {
                AddPlacements(dropRate, dropControl);
            }
        }
        // dedicated servers: one, fewer than, as many as, more than workers; then co-located
        for (const uint32_t servers : {1, 2, 3, 5})
        {
            Add(0.3, true, servers, true, BlockOwners::FIXED, 8);
            Add(0.3, true, servers, true, BlockOwners::PERMUTED, 8);
            if (servers <= 3)
            {
                Add(0.3, true, servers, false, BlockOwners::FIXED, 8);
                Add(0.3, true, servers, false, BlockOwners::PERMUTED, 8);
            }
        }
        AddTestCase(new StragglerTestCase(false), TestDuration::QUICK);
        AddTestCase(new StragglerTestCase(true), TestDuration::QUICK);
        AddTestCase(new CutTestCase, TestDuration::QUICK);
        AddTestCase(new RandomScenariosTestCase, TestDuration::QUICK);
    }

  private:
    /**
     * Adds cases of all placements and lengths of trains.
     * @param dropRate p
     * @param dropControl whether control is dropped
     */
    void AddPlacements(double dropRate, bool dropControl)
    {
        for (const bool dedicated : {false, true})
        {
            for (const uint32_t train : {1, 8})
            {
                Add(dropRate, dropControl, 3, dedicated, BlockOwners::PERMUTED, train);
            }
        }
    }

    /**
     * Adds a case.
     * @param dropRate p
     * @param dropControl whether control is dropped
     * @param servers number of servers
     * @param dedicated whether they have nodes of their own
     * @param owners how owners are chosen
     * @param train segments in a packet
     */
    void Add(double dropRate,
             bool dropControl,
             uint32_t servers,
             bool dedicated,
             BlockOwners::Mode owners,
             uint32_t train)
    {
        Scenario scenario;
        scenario.workers = 3;
        scenario.servers = servers;
        scenario.dedicated = dedicated;
        scenario.owners = owners;
        scenario.dropRate = dropRate;
        scenario.dropControl = dropControl;
        scenario.segmentsPerPacket = train;
        AddTestCase(new EndsTestCase(scenario,
                                     std::to_string(servers) +
                                         (dedicated ? " dedicated" : " co-located") + " servers, " +
                                         (owners == BlockOwners::FIXED ? "fixed" : "permuted") +
                                         " owners, trains of " + std::to_string(train)),
                    TestDuration::QUICK);
    }
};

TerminationTestSuite g_terminationTestSuite; //!< registers the suite

} // namespace
