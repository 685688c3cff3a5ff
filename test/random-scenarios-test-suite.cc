/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What must hold of every scenario, whatever its parameters.

#include "training-watch.h"

#include "ns3/learning-compatibility.h"
#include "ns3/test.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::learning;

namespace
{

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
        scenario.pullDeadline =
            std::max(scenario.pushDeadline, MicroSeconds(2 + draw.NextBelow(40000)));
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

/// What must hold of every scenario.
class RandomScenariosTestSuite : public TestSuite
{
  public:
    RandomScenariosTestSuite()
        : TestSuite("distributed-learning-random-scenarios", Type::UNIT)
    {
        AddTestCase(new RandomScenariosTestCase, TestDuration::QUICK);
    }
};

RandomScenariosTestSuite g_randomScenariosTestSuite; //!< registers the suite

} // namespace
