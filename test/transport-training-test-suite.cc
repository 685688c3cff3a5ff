/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Trainings over each transport: the same result where nothing is lost, what replicas hold while
// pulls come in, and what a tail of computation times costs. That they end whatever happens:
// product-test-suite.cc.

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

/**
 * Set-up: four workers and servers on a star of links so slow that a pull takes milliseconds; 4,000
 * parameters, three rounds, nothing lost. A server's result lies in the replica of the worker on
 * its node. Stimulus: every 200 us the replicas are read. A second run reads nothing. In a third
 * one a worker stops in the middle of its pulls, and nothing is read before the end. Expected:
 * whenever all workers are in the same round, as many segments of a replica are those of their
 * owner as the transport has received in the round, neither more nor fewer; reading changes no
 * result; the worker that stopped has what it had pulled by then.
 */
class PartialPullTestCase : public TestCase
{
  public:
    /**
     * @param transport type of the transports
     */
    explicit PartialPullTestCase(const std::string& transport)
        : TestCase("replicas hold what has been pulled: " + StripAttributes(transport)),
          m_transport(transport)
    {
    }

  private:
    static constexpr uint32_t WORKERS = 4;       //!< and blocks
    static constexpr uint32_t BLOCK = 1000;      //!< numbers in a block
    static constexpr uint32_t SEGMENT = 16;      //!< numbers in a segment
    static constexpr uint32_t SEGMENTS = 63;     //!< of a block
    static constexpr uint32_t ROUNDS = 3;        //!< trained
    const Time m_step{MicroSeconds(200)};        //!< between looks
    using Replicas = std::vector<AlignedVector>; //!< by worker

    /**
     * What is trained.
     * @return the scenario
     */
    Scenario Describe() const
    {
        Scenario scenario = MakeScenario(m_transport, ROUNDS);
        scenario.data = MakeData(WORKERS * 4, WORKERS * BLOCK, 1);
        scenario.owners = BlockOwners::FIXED;
        scenario.linkRate = "10Mbps";
        scenario.pushDeadline = Seconds(1);
        scenario.pullDeadline = Seconds(2);
        return scenario;
    }

    /**
     * Copies all replicas.
     * @param run the training
     * @return the copies
     */
    static Replicas Read(const TrainingRun& run)
    {
        Replicas replicas;
        for (uint32_t i = 0; i < WORKERS; ++i)
        {
            replicas.push_back(run.GetWorker(i)->GetParameters());
        }
        return replicas;
    }

    /**
     * Segments of a block in which a replica agrees with another one.
     * @param one a replica
     * @param other another one
     * @param block the block
     * @return their number
     */
    static uint32_t CountEqual(const AlignedVector& one, const AlignedVector& other, uint32_t block)
    {
        uint32_t equal = 0;
        for (uint32_t segment = 0; segment < SEGMENTS; ++segment)
        {
            const uint32_t begin = block * BLOCK + segment * SEGMENT;
            const uint32_t end = std::min(begin + SEGMENT, (block + 1) * BLOCK);
            equal += std::equal(one.begin() + begin, one.begin() + end, other.begin() + begin);
        }
        return equal;
    }

    /**
     * Looks at a training that is going on, and again later.
     * @param run the training
     */
    void Look(const TrainingRun& run)
    {
        const uint32_t round = run.GetWorker(0)->GetCompletedRounds();
        uint64_t received[WORKERS]{};
        bool isSame = true;
        bool isAny = false;
        for (uint32_t i = 0; i < WORKERS; ++i)
        {
            const Ptr<Worker> worker = run.GetWorker(i);
            isSame = isSame && worker->GetCompletedRounds() == round && !worker->IsDone();
            received[i] = worker->GetTransport()->GetTraffic(PULL).received -
                          uint64_t{round} * (WORKERS - 1) * SEGMENTS;
            isAny = isAny || received[i] != 0;
        }
        if (round == ROUNDS)
        {
            return;
        }
        Simulator::Schedule(m_step, [this, &run] { Look(run); });
        if (!isSame || !isAny)
        {
            return;
        }
        const Replicas replicas = Read(run);
        for (uint32_t i = 0; i < WORKERS; ++i)
        {
            uint64_t equal = 0;
            for (uint32_t block = 0; block < WORKERS; ++block)
            {
                equal += block == i ? 0 : CountEqual(replicas[i], replicas[block], block);
            }
            NS_TEST_EXPECT_MSG_EQ(equal, received[i], "worker " << i << " in round " << round);
            m_partial += received[i] != 0 && received[i] < (WORKERS - 1) * SEGMENTS;
        }
        if (round == 1 && m_stop.IsZero() && received[0] > SEGMENTS)
        {
            m_stop = Simulator::Now();
            m_stopped = replicas;
        }
    }

    void DoRun() override
    {
        Replicas ends[2];
        for (const bool looks : {true, false})
        {
            const TrainingRun run(Describe());
            if (looks)
            {
                Simulator::Schedule(m_step, [this, &run] { Look(run); });
            }
            Simulator::Run();
            ends[looks] = Read(run);
            Simulator::Destroy();
        }
        NS_TEST_EXPECT_MSG_EQ((ends[0] == ends[1]), true, "who reads changes what is learned");
        NS_TEST_EXPECT_MSG_GT(m_partial, 50, "replicas that were read in the middle");
        NS_TEST_ASSERT_MSG_EQ(m_stop.IsZero(), false, "no time to stop at");

        const TrainingRun run(Describe());
        run.GetWorker(0)->SetStopTime(m_stop);
        Simulator::Run();
        const AlignedVector stopped = run.GetWorker(0)->GetParameters();
        Simulator::Destroy();
        uint32_t pulled = 0;
        for (uint32_t block = 1; block < WORKERS; ++block)
        {
            // blocks that were open then are written to their end
            const uint32_t before = CountEqual(m_stopped[0], m_stopped[block], block);
            const uint32_t after = CountEqual(stopped, m_stopped[block], block);
            NS_TEST_EXPECT_MSG_EQ(after, (before == 0 ? 0 : SEGMENTS), "block " << block);
            pulled += before;
        }
        NS_TEST_EXPECT_MSG_GT(pulled, SEGMENTS, "segments pulled when the worker stopped");
    }

    const std::string m_transport; //!< type of the transports
    uint32_t m_partial{0};         //!< replicas that were read in the middle of a pull
    Time m_stop;                   //!< when the worker stops
    Replicas m_stopped;            //!< what the replicas were then
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
        Add(new PartialPullTestCase("ns3::learning::DatagramTransport")); // held
        Add(new PartialPullTestCase("ns3::learning::ParityTransport"));   // written at once
        Add(new PartialPullTestCase("ns3::learning::TcpTransport"));
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
