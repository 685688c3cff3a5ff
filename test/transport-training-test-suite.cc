/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Trainings over each transport: the same result where nothing is lost, and what a tail of
// computation times costs. That they end whatever happens: product-test-suite.cc.

#include "training-watch.h"

#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/test.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * A training that learns something.
 * @param transport type of the transports
 * @param rounds to train
 * @return the scenario
 */
Scenario
MakeScenario(const std::string& transport, uint32_t rounds)
{
    Scenario scenario;
    scenario.transport = transport;
    scenario.rounds = rounds;
    scenario.learningRate = 0.1;
    scenario.data = MakeData(scenario.workers * 4, 500, 1);
    return scenario;
}

/// What came of a training.
struct Result
{
    std::vector<float> parameters; //!< of all workers, one after another
    uint64_t bytes;                //!< sent
    uint64_t retransmitted;        //!< segments, or TCP packets
};

/**
 * Runs a training.
 * @param scenario the scenario
 * @return what came of it
 */
Result
Train(const Scenario& scenario)
{
    TrainingRun run(scenario);
    Simulator::Run();
    std::vector<float> parameters;
    for (uint32_t i = 0; i < scenario.workers; ++i)
    {
        const AlignedVector& own = run.GetWorker(i)->GetParameters();
        parameters.insert(parameters.end(), own.begin(), own.end());
    }
    const TrafficLedger::Account total = run.GetTraffic();
    Simulator::Destroy();
    return {parameters, total.bytes, total.retransmitted};
}

/**
 * Set-up: four workers and servers on a star that loses nothing, 20 rounds, co-located or
 * dedicated. Expected: the parameters of all workers are those of DatagramTransport, to the bit.
 * (Negative control: at a drop rate of 0.1 those of ParityTransport are not.)
 */
class SameTestCase : public TestCase
{
  public:
    /**
     * @param transport type of the transports
     * @param dedicated where servers are
     */
    SameTestCase(const std::string& transport, bool dedicated)
        : TestCase("no loss, the same parameters: " + StripAttributes(transport) +
                   (dedicated ? ", dedicated" : ", co-located")),
          m_transport(transport),
          m_dedicated(dedicated)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario = MakeScenario(TRANSPORTS[0], 20);
        scenario.dedicated = m_dedicated;
        const auto expected = Train(scenario);
        scenario.transport = m_transport;
        const auto actual = Train(scenario);
        NS_TEST_EXPECT_MSG_EQ((actual.parameters == expected.parameters),
                              true,
                              "parameters differ");
        NS_TEST_EXPECT_MSG_EQ(actual.retransmitted, 0, "sent again though nothing was lost");
        if (m_transport.find("Parity") != std::string::npos)
        {
            scenario.dropRate = 0.1;
            NS_TEST_EXPECT_MSG_EQ((Train(scenario).parameters == expected.parameters),
                                  false,
                                  "loss makes no difference");
        }
    }

    const std::string m_transport; //!< type of the transports
    const bool m_dedicated;        //!< where servers are
};

/**
 * Set-up: five workers on a star, 60 rounds, deadlines of 1 s and 2 s; each gradient takes 100 us
 * times a lognormal factor with median 1 and a tail p99 / p50 of 10: sigma = ln 10 / 2.326.
 * Expected: over BoundedLossTransport with a deadline of 1.2 times the median, they take less
 * than 0.9 of the time that they take over SelectiveRepeatTransport, which waits for everybody;
 * without a deadline (DeadlineFactor 0) they take at least 0.95 of it.
 */
class TailTestCase : public TestCase
{
  public:
    TailTestCase()
        : TestCase("bounded loss does not wait for the tail")
    {
    }

  private:
    /**
     * Time that a training takes.
     * @param transport type of the transports
     * @return when the last worker is done
     */
    static Time GetDuration(const std::string& transport)
    {
        Scenario scenario = MakeScenario(transport, 60);
        scenario.compute = Time(0);
        scenario.pushDeadline = Seconds(1);
        scenario.pullDeadline = Seconds(2);
        scenario.workers = 5;
        scenario.data = MakeData(20, 500, 1);
        TrainingRun run(scenario);
        for (uint32_t i = 0; i < 5; ++i)
        {
            const Ptr<ComputeModel> compute = run.GetWorker(i)->GetComputeModel();
            const auto factor = CreateObject<LogNormalRandomVariable>();
            factor->SetAttribute("Mu", DoubleValue(0));
            factor->SetAttribute("Sigma", DoubleValue(std::log(10) / 2.326));
            compute->SetAttribute("Straggler", PointerValue(factor));
            // 3 x 500 + 2 x 500 operations
            compute->SetAttribute("OperationsPerSecond", DoubleValue(2500 / 100e-6));
            compute->AssignStreams(1000 + i);
        }
        Watch watch(run, 5);
        Simulator::Run();
        Time last;
        for (const Time& done : watch.doneAt)
        {
            last = std::max(last, done);
        }
        Simulator::Destroy();
        return last;
    }

    void DoRun() override
    {
        const double all = GetDuration("ns3::learning::SelectiveRepeatTransport").GetSeconds();
        const std::string type = "ns3::learning::BoundedLossTransport";
        const double bounded =
            GetDuration(type + "[Percentile=0.5|DeadlineFactor=1.2]").GetSeconds();
        const double unbounded = GetDuration(type + "[DeadlineFactor=0]").GetSeconds();
        NS_TEST_EXPECT_MSG_LT(bounded, 0.9 * all, "of " << all << " s");
        NS_TEST_EXPECT_MSG_GT(unbounded, 0.95 * all, "of " << all << " s");
    }
};

/// Trainings over each transport.
class TransportTrainingTestSuite : public TestSuite
{
  public:
    TransportTrainingTestSuite()
        : TestSuite("distributed-learning-transport-training", Type::UNIT)
    {
        for (const char* transport : TRANSPORTS)
        {
            for (const bool dedicated : {false, true})
            {
                Add(new SameTestCase(transport, dedicated));
            }
        }
        Add(new TailTestCase);
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

TransportTrainingTestSuite g_transportTrainingTestSuite; //!< registers the suite

} // namespace
