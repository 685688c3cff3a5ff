/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Every run ends: for every drop rate, with or without control segments, wherever servers are,
// whatever a worker or a link does.

#include "training-watch.h"
#include "transport-bench.h"

#include "ns3/bernoulli-error-model.h"
#include "ns3/channel.h"
#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/test.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

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
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(training + Watch::GetLastWords()),
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
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(straggler + Watch::GetLastWords()),
                              true,
                              "goes on");
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
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(training + Watch::GetLastWords()), true, "goes on");
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
 * Set-up: four workers, two rounds, a PullDeadline of 10 s.
 * Stimulus: worker 0 gets nothing at all of the first round's pulls, not even their ends.
 * Expected: it gives the round up when pulls of the second round come, after the PushDeadline of
 * 20 ms that the servers wait for its push, and takes these in: all are done within 50 ms.
 */
class GiveUpTestCase : public TestCase
{
  public:
    /**
     * @param dedicated whether servers have nodes of their own
     */
    explicit GiveUpTestCase(bool dedicated)
        : TestCase(std::string("a worker that others have left behind follows, servers ") +
                   (dedicated ? "dedicated" : "co-located")),
          m_dedicated(dedicated)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.dedicated = m_dedicated;
        scenario.rounds = 2;
        scenario.pullDeadline = Seconds(10);
        scenario.data = MakeData(4, 500);
        TrainingRun run(scenario);
        FunctionErrorModel::Install(run.GetStar().GetHostDevices().Get(0), [](Ptr<Packet> packet) {
            SegmentTag tag;
            return packet->PeekPacketTag(tag) && tag.GetMessage().pull &&
                   tag.GetMessage().round == 0;
        });
        Watch watch(run, 4);
        Simulator::Run();
        for (uint32_t i = 0; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(), 2, "worker " << i);
            NS_TEST_EXPECT_MSG_GT(watch.doneAt[i], scenario.pushDeadline, "worker " << i);
            NS_TEST_EXPECT_MSG_LT(watch.doneAt[i], MilliSeconds(50), "worker " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        Simulator::Destroy();
    }

    const bool m_dedicated; //!< where servers are
};

/**
 * Set-up: one worker, three dedicated servers, of which the second one has a link a thousand times
 * slower than the others.
 * Stimulus: in the first round the worker gets only the first three segments of what that one sends
 * back, and no end, so that its deadline passes.
 * Expected: a server of which something came is not absent: in the next rounds the worker waits for
 * it, and nothing is late.
 */
class PartialPullTestCase : public TestCase
{
  public:
    PartialPullTestCase()
        : TestCase("who sends only a part in time is waited for in the next round")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.workers = 1;
        scenario.servers = 3;
        scenario.dedicated = true;
        scenario.owners = BlockOwners::FIXED;
        scenario.data = MakeData(1, 300);
        scenario.segmentsPerPacket = 1;
        TrainingRun run(scenario);
        const NetDeviceContainer devices = run.GetStar().GetHostDevices();
        devices.Get(2)->SetAttribute("DataRate", StringValue("10Mbps"));
        FunctionErrorModel::Install(devices.Get(0), [](Ptr<Packet> packet) {
            SegmentTag tag;
            packet->PeekPacketTag(tag);
            const bool isFirst = tag.GetMessage().sender == 2 && tag.GetMessage().round == 0;
            return isFirst && (tag.GetSegmentCount() == 0 || tag.GetFirstSegment() >= 3);
        });
        Watch watch(run, 1);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(run.GetWorker(0)->GetCompletedRounds(), 3, "rounds");
        NS_TEST_EXPECT_MSG_GT(watch.doneAt[0], scenario.pullDeadline, "no deadline has passed");
        NS_TEST_EXPECT_MSG_LT(watch.doneAt[0], scenario.pullDeadline * 2, "another one has");
        NS_TEST_EXPECT_MSG_EQ(run.GetTraffic().late, 0, "segments that are not waited for");
        Simulator::Destroy();
    }
};

/**
 * Set-up: four workers that only mix, co-located servers with fixed owners, single segments on
 * links of 1 Mbps: a block takes 16 ms, the three pulls of a worker 47 ms. PushDeadline is 100 ms;
 * the last worker computes for longer. Stimulus: its computation ends before, during and after the
 * arrival of its pulls. Expected: whenever that is, all replicas are the same to the bit: the mean
 * of the first three in the blocks that these own, where the last push is late, and of all four in
 * the last one's block.
 */
class EarlyPullTestCase : public TestCase
{
  public:
    /**
     * @param compute time that the last worker computes
     */
    explicit EarlyPullTestCase(Time compute)
        : TestCase("pulls count that come before a computation ends: " +
                   std::to_string(compute.GetMilliSeconds()) + " ms"),
          m_compute(compute)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t FEATURES = 400;
        Scenario scenario;
        scenario.owners = BlockOwners::FIXED;
        scenario.rounds = 1;
        scenario.segmentBytes = 16;
        scenario.segmentsPerPacket = 1;
        scenario.linkRate = "1Mbps";
        scenario.pushDeadline = MilliSeconds(100);
        scenario.pullDeadline = Seconds(1);
        scenario.data = MakeData(4, FEATURES);
        TrainingRun run(scenario);
        run.GetWorker(3)->GetComputeModel()->SetAttribute("Overhead", TimeValue(m_compute));
        std::vector<std::vector<float>> models;
        for (uint32_t i = 0; i < 4; ++i)
        {
            models.push_back(DrawNormal(FEATURES, i));
            run.GetWorker(i)->SetParameters(models[i]);
        }
        Simulator::Run();
        uint32_t wrong = 0;
        for (uint32_t k = 0; k < FEATURES; ++k)
        {
            const float three = models[0][k] + models[1][k] + models[2][k];
            const float mean = k < FEATURES / 4 * 3 ? three / 3 : (three + models[3][k]) / 4;
            for (uint32_t i = 0; i < 4; ++i)
            {
                wrong += run.GetWorker(i)->GetParameters()[k] != mean;
            }
        }
        NS_TEST_EXPECT_MSG_EQ(wrong, 0, "numbers that differ");
        NS_TEST_EXPECT_MSG_EQ(run.GetTraffic().late, 3 * 25, "the last worker's pushes");
        Simulator::Destroy();
    }

    const Time m_compute; //!< of the last worker
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
        AddTestCase(new GiveUpTestCase(false), TestDuration::QUICK);
        AddTestCase(new GiveUpTestCase(true), TestDuration::QUICK);
        AddTestCase(new PartialPullTestCase, TestDuration::QUICK);
        for (uint32_t compute = 101; compute <= 181; compute += 8)
        {
            AddTestCase(new EarlyPullTestCase(MilliSeconds(compute)), TestDuration::QUICK);
        }
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
