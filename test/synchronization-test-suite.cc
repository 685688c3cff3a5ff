/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// When to go on: bulk-synchronous, stale-synchronous, asynchronous, backup workers. Oracles:
// loss-tolerance.md 4.3 (order statistics of exponential times, the bound of stale-synchronous
// training), and the bits of bulk-synchronous training.

#include "training-watch.h"

#include "ns3/compute-model.h"
#include "ns3/error-model.h"
#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/test.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::learning;

namespace
{

const std::string KEEPS = "ns3::learning::GradientAveraging[Downlink=Parameters]";
const std::string BSP = "ns3::learning::BulkSynchronousProtocol";
const std::string ASP = "ns3::learning::AsynchronousProtocol";

/**
 * Type of a protocol with a number.
 * @param bound of stale-synchronous training
 * @return text of the type
 */
std::string
MakeStaleSynchronous(uint32_t bound)
{
    return "ns3::learning::StaleSynchronousProtocol[Bound=" + std::to_string(bound) + "]";
}

/**
 * Type of a protocol with a number.
 * @param backups workers that a round does not wait for
 * @return text of the type
 */
std::string
MakeBackup(uint32_t backups)
{
    return "ns3::learning::BackupWorkersProtocol[Backups=" + std::to_string(backups) + "]";
}

/**
 * Data of which every sample is the same, so that gradients are known whoever computes them.
 * @param samples number of samples
 * @param value of each of 37 numbers
 * @return the data
 */
Ptr<Dataset>
MakeEqualData(uint32_t samples, float value)
{
    constexpr uint32_t FEATURES = 37;
    return Create<Dataset>(SampleShape{1, 1, FEATURES},
                           std::vector<float>(std::size_t{samples} * FEATURES, value),
                           std::vector<float>(samples),
                           0U);
}

/**
 * A scenario whose gradients take exponential times.
 * @param workers number of workers
 * @param mean of the times
 * @return the scenario
 */
Scenario
MakeExponential(uint32_t workers, Time mean)
{
    constexpr uint32_t FEATURES = 100;
    Scenario scenario;
    scenario.workers = workers;
    scenario.algorithm = KEEPS;
    scenario.owners = BlockOwners::FIXED;
    scenario.data = MakeData(workers, FEATURES, 1);
    scenario.learningRate = 0.01;
    scenario.compute = Time(0);
    scenario.operationsPerSecond = 5 * FEATURES / mean.GetSeconds(); // of a QuadraticModel
    scenario.straggler = "ns3::ExponentialRandomVariable[Mean=1]";
    scenario.pushDeadline = Seconds(10);
    scenario.pullDeadline = Seconds(20);
    return scenario;
}

/**
 * Sum of 1 / i.
 * @param n the last i
 * @return the harmonic number
 */
double
GetHarmonic(uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 1; i <= n; ++i)
    {
        sum += 1.0 / i;
    }
    return sum;
}

/**
 * Set-up: n workers whose gradients take exponential times of mean m = 10 ms; the network takes
 * some 10 us, a thousandth of a round.
 * Stimulus: rounds that wait for all pushes but b, 0 in bulk-synchronous training.
 * Expected: the mean time of a round is m (H_n - H_b), the mean of the (n - b)th of n exponential
 * times, within 4 standard errors and a thousandth of m for the network (loss-tolerance.md 4.3: H_8
 * = 2.718, H_16 = 3.381). Negative control: it is not that of one backup worker more.
 */
class IterationTimeTestCase : public TestCase
{
  public:
    /**
     * @param workers n
     * @param backups b
     * @param dedicated whether servers have nodes of their own
     */
    IterationTimeTestCase(uint32_t workers, uint32_t backups, bool dedicated)
        : TestCase("time of a round: " + std::to_string(workers) + " workers, " +
                   std::to_string(backups) + " backups, servers " +
                   (dedicated ? "dedicated" : "co-located")),
          m_workers(workers),
          m_backups(backups),
          m_dedicated(dedicated)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario = MakeExponential(m_workers, MilliSeconds(10));
        scenario.synchronization = m_backups == 0 ? BSP : MakeBackup(m_backups);
        scenario.dedicated = m_dedicated;
        scenario.servers = 2;
        scenario.rounds = 1000;
        TrainingRun run(scenario);
        run.TraceRoundEnd(MakeCallback(&IterationTimeTestCase::RoundEnded, this));
        Simulator::Run();
        const double expected = GetHarmonic(m_workers) - GetHarmonic(m_backups);
        const double other = GetHarmonic(m_workers) - GetHarmonic(m_backups + 1);
        const double deviation = std::abs(m_times.GetMean() - expected);
        NS_TEST_EXPECT_MSG_EQ((deviation < 4 * m_times.GetError() + 2e-3),
                              true,
                              "in units of m: " << m_times.Describe(expected));
        NS_TEST_EXPECT_MSG_EQ(m_times.IsNear(other), false, "one backup worker more");
        for (uint32_t i = 0; i < m_workers; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(),
                                  scenario.rounds,
                                  "worker " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        Simulator::Destroy();
    }

    /**
     * A worker ends a round.
     * @param worker its index
     */
    void RoundEnded(uint32_t worker, uint32_t /* round */)
    {
        if (worker == 0)
        {
            m_times.Add((Simulator::Now() - m_last).GetSeconds() / 10e-3);
            m_last = Simulator::Now();
        }
    }

    const uint32_t m_workers; //!< n
    const uint32_t m_backups; //!< b
    const bool m_dedicated;   //!< where servers are
    Sample m_times;           //!< of rounds, in units of m
    Time m_last;              //!< end of the last one
};

/**
 * Set-up: four workers, three dedicated servers, gradients of exponential times, so that every push
 * is a packet that can be watched.
 * Stimulus: stale-synchronous training with bound s, or asynchronous training.
 * Expected: at every event (a push, the end of a round) the clock of each worker that computes
 * exceeds the smallest clock by at most s, clocks being rounds pushed; and s is reached. Negative
 * control: asynchronous training exceeds it.
 */
class BoundTestCase : public TestCase
{
  public:
    /**
     * @param protocol text of its type
     * @param bound s
     * @param isKept whether it must be kept
     */
    BoundTestCase(const std::string& protocol, uint32_t bound, bool isKept)
        : TestCase("bound of staleness " + std::to_string(bound) +
                   (isKept ? " is kept by " : " is exceeded by ") + protocol),
          m_protocol(protocol),
          m_bound(bound),
          m_isKept(isKept)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario = MakeExponential(4, MilliSeconds(1));
        scenario.synchronization = m_protocol;
        scenario.dedicated = true;
        scenario.servers = 3;
        scenario.dropRate = 0.2;
        scenario.rounds = 300;
        TrainingRun run(scenario);
        m_clocks.assign(4, 0);
        m_computes.assign(4, true);
        run.TraceRoundEnd(MakeCallback(&BoundTestCase::RoundEnded, this));
        for (uint32_t i = 0; i < 4; ++i)
        {
            run.GetWorker(i)->GetTransport()->TraceConnectWithoutContext(
                "Segments",
                MakeCallback(&BoundTestCase::Segments, this).Bind(i));
        }
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((m_worst > m_bound), !m_isKept, "largest lead " << m_worst);
        NS_TEST_EXPECT_MSG_GT(m_worst + 1, m_bound, "the bound is never reached");
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        for (uint32_t i = 0; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(), 300, "worker " << i);
        }
        Simulator::Destroy();
    }

    /**
     * A worker ends a round, and begins the next.
     * @param worker its index
     * @param round the round that has ended
     */
    void RoundEnded(uint32_t worker, uint32_t round)
    {
        m_computes[worker] = round + 1 < 300;
        Check();
    }

    /**
     * A worker's transport reports.
     * @param worker index of the worker
     * @param id the block
     * @param fate what became of segments
     */
    void Segments(uint32_t worker,
                  const BlockId& id,
                  BlockTransport::Fate fate,
                  uint32_t /* segments */,
                  uint32_t /* bytes */)
    {
        if (fate == BlockTransport::SENT && id.direction == PUSH)
        {
            m_clocks[worker] = std::max(m_clocks[worker], id.round + 1);
            m_computes[worker] = false;
            Check();
        }
    }

    /// Looks at all clocks.
    void Check()
    {
        const uint32_t slowest = *std::min_element(m_clocks.begin(), m_clocks.end());
        for (uint32_t i = 0; i < 4; ++i)
        {
            m_worst = m_computes[i] ? std::max(m_worst, m_clocks[i] - slowest) : m_worst;
        }
    }

    const std::string m_protocol;   //!< text of its type
    const uint32_t m_bound;         //!< s
    const bool m_isKept;            //!< whether it must hold
    std::vector<uint32_t> m_clocks; //!< rounds pushed, by worker
    std::vector<bool> m_computes;   //!< whether it computes, by worker
    uint32_t m_worst{0};            //!< largest lead of a worker that computes
};

/**
 * Set-up: four workers whose gradients take 10 ms, the last one's 50 ms; the training is stopped
 * after 2 s.
 * Expected: asynchronous: each worker has ended as many rounds as its own period fits into 2 s,
 * within a hundredth for the network and one round. Negative control: bulk-synchronous, all have
 * ended as many as the last one.
 */
class ThroughputTestCase : public TestCase
{
  public:
    /**
     * @param asynchronous whether nobody waits
     * @param dedicated whether servers have nodes of their own
     */
    ThroughputTestCase(bool asynchronous, bool dedicated)
        : TestCase(std::string(asynchronous ? "a slow worker slows nobody: asynchronous"
                                            : "a slow worker slows all: bulk-synchronous") +
                   (dedicated ? ", dedicated" : ", co-located")),
          m_asynchronous(asynchronous),
          m_dedicated(dedicated)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.algorithm = KEEPS;
        scenario.owners = BlockOwners::FIXED;
        scenario.dedicated = m_dedicated;
        scenario.synchronization = m_asynchronous ? ASP : BSP;
        scenario.data = MakeData(4, 100, 1);
        scenario.rounds = 1000;
        scenario.compute = MilliSeconds(10);
        scenario.pushDeadline = Seconds(1);
        scenario.pullDeadline = Seconds(2);
        TrainingRun run(scenario);
        run.GetWorker(3)->GetComputeModel()->SetAttribute("Overhead", TimeValue(MilliSeconds(50)));
        run.StopAt(Seconds(2));
        Simulator::Run();
        for (uint32_t i = 0; i < 4; ++i)
        {
            const double expected = i == 3 || !m_asynchronous ? 40 : 200;
            NS_TEST_EXPECT_MSG_EQ_TOL(run.GetWorker(i)->GetCompletedRounds(),
                                      expected,
                                      1 + expected / 100,
                                      "worker " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        Simulator::Destroy();
    }

    const bool m_asynchronous; //!< whether nobody waits
    const bool m_dedicated;    //!< where servers are
};

/**
 * Set-up: four workers on a quadratic with exponential times, a share of segments dropped.
 * Expected: stale-synchronous training with bound 0 ends with the bits of bulk-synchronous
 * training. Negative control: with bound 2 it does not.
 */
class SameAsBulkTestCase : public TestCase
{
  public:
    /**
     * @param dropRate share of segments dropped
     * @param dedicated whether servers have nodes of their own
     */
    SameAsBulkTestCase(double dropRate, bool dedicated)
        : TestCase("bound 0 is bulk-synchronous, to the bit: drop rate " +
                   std::to_string(dropRate) + (dedicated ? ", dedicated" : ", co-located")),
          m_dropRate(dropRate),
          m_dedicated(dedicated)
    {
    }

  private:
    /**
     * Trains.
     * @param protocol text of its type
     * @return the replicas
     */
    std::vector<AlignedVector> Train(const std::string& protocol) const
    {
        Scenario scenario = MakeExponential(4, MilliSeconds(1));
        scenario.data = MakeData(40, 103, 1);
        scenario.synchronization = protocol;
        scenario.dropRate = m_dropRate;
        scenario.dedicated = m_dedicated;
        scenario.rounds = 20;
        TrainingRun run(scenario);
        Simulator::Run();
        std::vector<AlignedVector> replicas;
        for (uint32_t i = 0; i < 4; ++i)
        {
            replicas.push_back(run.GetWorker(i)->GetParameters());
        }
        Simulator::Destroy();
        return replicas;
    }

    void DoRun() override
    {
        const std::vector<AlignedVector> bulk = Train(BSP);
        NS_TEST_EXPECT_MSG_EQ((Train(MakeStaleSynchronous(0)) == bulk), true, "bound 0");
        NS_TEST_EXPECT_MSG_EQ((Train(MakeStaleSynchronous(2)) == bulk), false, "bound 2");
        NS_TEST_EXPECT_MSG_EQ((Train(MakeStaleSynchronous(2)) == Train(MakeStaleSynchronous(2))),
                              true,
                              "the same again");
        NS_TEST_EXPECT_MSG_EQ((Train(ASP) == Train(ASP)), true, "asynchronous, the same again");
    }

    const double m_dropRate; //!< p
    const bool m_dedicated;  //!< where servers are
};

/**
 * Set-up: four workers that only mix models, by RPS or with servers of their own, the last one a
 * hundred times slower; one backup worker.
 * Expected: all replicas, the slow one's included, are the mean of the first three models, to the
 * bit, as soon as these have pushed: the slow worker has given up its gradient.
 */
class BackupTestCase : public TestCase
{
  public:
    /**
     * @param dedicated whether servers have nodes of their own
     */
    explicit BackupTestCase(bool dedicated)
        : TestCase(std::string("the slowest takes what the others make, servers ") +
                   (dedicated ? "dedicated" : "co-located")),
          m_dedicated(dedicated)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t FEATURES = 100;
        Scenario scenario;
        scenario.synchronization = MakeBackup(1);
        scenario.dedicated = m_dedicated;
        scenario.rounds = 1;
        scenario.data = MakeData(4, FEATURES);
        TrainingRun run(scenario);
        run.GetWorker(3)->GetComputeModel()->SetAttribute("Overhead", TimeValue(MilliSeconds(1)));
        std::vector<std::vector<float>> models;
        for (uint32_t i = 0; i < 4; ++i)
        {
            models.push_back(DrawNormal(FEATURES, i));
            run.GetWorker(i)->SetParameters(models[i]);
        }
        Watch watch(run, 4);
        Simulator::Run();
        uint32_t wrong = 0;
        for (uint32_t k = 0; k < FEATURES; ++k)
        {
            for (uint32_t i = 0; i < 4; ++i)
            {
                wrong += run.GetWorker(i)->GetParameters()[k] !=
                         (models[0][k] + models[1][k] + models[2][k]) / 3;
            }
        }
        NS_TEST_EXPECT_MSG_EQ(wrong, 0, "numbers that differ");
        NS_TEST_EXPECT_MSG_LT(watch.doneAt[3], MilliSeconds(1), "the slow worker");
        Simulator::Destroy();
    }

    const bool m_dedicated; //!< where servers are
};

/**
 * Set-up: three workers with exponential times, short deadlines. Expected: every worker ends every
 * round in order, the simulation ends by itself, every segment is accounted for, at any drop rate.
 */
class ProtocolEndsTestCase : public TestCase
{
  public:
    /**
     * @param protocol text of its type
     */
    explicit ProtocolEndsTestCase(const std::string& protocol)
        : TestCase("ends: " + protocol),
          m_protocol(protocol)
    {
    }

  private:
    void DoRun() override
    {
        for (const double dropRate : {0.0, 0.1, 0.9, 1.0})
        {
            for (const bool dropControl : {false, true})
            {
                RunOne(dropRate, dropControl, false);
                RunOne(dropRate, dropControl, true);
            }
        }
    }

    /**
     * Runs one.
     * @param dropRate p
     * @param dropControl whether control is dropped, too
     * @param dedicated whether servers have nodes of their own
     */
    void RunOne(double dropRate, bool dropControl, bool dedicated)
    {
        Scenario scenario = MakeExponential(3, MilliSeconds(3));
        scenario.synchronization = m_protocol;
        scenario.dropRate = dropRate;
        scenario.dropControl = dropControl;
        scenario.dedicated = dedicated;
        scenario.rounds = 6;
        scenario.pushDeadline = MilliSeconds(20);
        scenario.pullDeadline = MilliSeconds(40);
        TrainingRun run(scenario);
        Watch watch(run, 3);
        const std::string what = "drop rate " + std::to_string(dropRate) +
                                 (dropControl ? ", control dropped" : "") +
                                 (dedicated ? ", dedicated" : "");
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(Seconds(20)), true, what << " goes on");
        for (uint32_t i = 0; i < 3; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(), 6, what);
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->IsDone(), true, what);
        }
        NS_TEST_EXPECT_MSG_EQ(watch.inOrder, true, what << ": rounds out of order");
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, what << ": segments lost");
        Simulator::Destroy();
    }

    const std::string m_protocol; //!< text of its type
};

/**
 * Set-up: four workers of equal speed, nothing dropped.
 * Stimulus: a rate that falls to 0 at step 3, that is, after three steps.
 * Expected: eight rounds end where three do at a constant rate, to the bit: who steps, worker or
 * server, tells the schedule the number of the round. Negative control: two rounds do not.
 */
class ScheduleTestCase : public TestCase
{
  public:
    /**
     * @param algorithm text of its type
     * @param protocol text of its type
     */
    ScheduleTestCase(const std::string& algorithm, const std::string& protocol)
        : TestCase("the rate follows its schedule: " + algorithm + ", " + protocol),
          m_algorithm(algorithm),
          m_protocol(protocol)
    {
    }

  private:
    /**
     * Trains.
     * @param schedule of the rate
     * @param rounds to train
     * @return the first worker's replica
     */
    AlignedVector Train(const std::string& schedule, uint32_t rounds)
    {
        Scenario scenario;
        scenario.algorithm = m_algorithm;
        scenario.synchronization = m_protocol;
        scenario.owners = BlockOwners::FIXED;
        scenario.data = MakeEqualData(4, 2);
        scenario.optimizer =
            "ns3::learning::StochasticGradientDescent[Schedule=ns3::learning::" + schedule + "]";
        scenario.learningRate = 0.1;
        scenario.rounds = rounds;
        TrainingRun run(scenario);
        Simulator::Run();
        AlignedVector replica = run.GetWorker(0)->GetParameters();
        Simulator::Destroy();
        return replica;
    }

    void DoRun() override
    {
        const AlignedVector replica = Train("StepDecaySchedule[Steps=3|Factor=0]", 8);
        NS_TEST_EXPECT_MSG_EQ((replica == Train("ConstantSchedule", 3)), true, "three steps");
        NS_TEST_EXPECT_MSG_EQ((replica == Train("ConstantSchedule", 2)), false, "two steps");
    }

    const std::string m_algorithm; //!< text of its type
    const std::string m_protocol;  //!< text of its type
};

/**
 * Set-up: asynchronous training of n workers with gradient x - 2, from x = 0, at rate 0.1; all but
 * the first one take longer than it takes to train two rounds.
 * Expected: each push of the first one moves the parameters by 1/n of a step, so that n of them are
 * as much as one step of bulk-synchronous training: x = 2 (1 - (1 - 0.1 / n)^2) after two rounds.
 * Tolerance 1e-6, rounding of a few operations on numbers of order 1.
 */
class PushWeightTestCase : public TestCase
{
  public:
    /**
     * @param workers number of workers n
     */
    explicit PushWeightTestCase(uint32_t workers)
        : TestCase("a push weighs 1 of " + std::to_string(workers)),
          m_workers(workers)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.workers = m_workers;
        scenario.servers = 2;
        scenario.dedicated = true;
        scenario.algorithm = KEEPS;
        scenario.synchronization = ASP;
        scenario.owners = BlockOwners::FIXED;
        scenario.data = MakeEqualData(m_workers, 2);
        scenario.learningRate = 0.1;
        scenario.rounds = 2;
        TrainingRun run(scenario);
        for (uint32_t i = 1; i < m_workers; ++i)
        {
            run.GetWorker(i)->GetComputeModel()->SetAttribute("Overhead", TimeValue(Seconds(1)));
        }
        Simulator::Stop(MilliSeconds(500));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(run.GetWorker(0)->IsDone(), true, "the first worker");
        const double expected = 2 * (1 - std::pow(1 - 0.1 / m_workers, 2));
        for (const float number : run.GetWorker(0)->GetParameters())
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(number, expected, 1e-6, "parameters");
        }
        Simulator::Destroy();
    }

    const uint32_t m_workers; //!< n
};

/**
 * Set-up: two workers, two dedicated servers that keep parameters, plain gradient descent.
 * Stimulus: from 505 us on, in the middle of a round of 10 us or so, servers receive ends only.
 * Expected: where nobody's gradient has arrived the parameters stay as they are, to the bit, from
 * 600 us on, although rounds go on: the gradient of the round before is not used again.
 */
class SilenceTestCase : public TestCase
{
  public:
    SilenceTestCase()
        : TestCase("without gradients the parameters stay")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.workers = 2;
        scenario.servers = 2;
        scenario.dedicated = true;
        scenario.algorithm = KEEPS;
        scenario.owners = BlockOwners::FIXED;
        scenario.data = MakeEqualData(2, 2);
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
        AlignedVector before;
        uint32_t rounds = 0;
        Simulator::Schedule(MicroSeconds(600), [&] {
            before = run.GetWorker(0)->GetParameters();
            rounds = run.GetWorker(0)->GetCompletedRounds();
        });
        Simulator::Run();
        NS_TEST_EXPECT_MSG_LT(rounds, 80, "rounds go on");
        NS_TEST_EXPECT_MSG_GT(before.at(0), 0.01, "nothing was learned before");
        NS_TEST_EXPECT_MSG_LT(before.at(0), 1.5, "hardly anything is left to be learned");
        NS_TEST_EXPECT_MSG_EQ(run.GetWorker(0)->GetCompletedRounds(), 100, "rounds");
        NS_TEST_EXPECT_MSG_EQ((run.GetWorker(0)->GetParameters() == before), true, "they move");
        Simulator::Destroy();
    }
};

/**
 * Set-up: two workers, the second one a backup that never ends a gradient, averaged gradients of
 * two dedicated servers.
 * Stimulus: whatever servers send to the second one is lost, but for the ends.
 * Expected: its parameters stay those of the start, to the bit: a gradient that was abandoned does
 * not take the place of the averaged one that is lost. The first worker's move.
 */
class AbandonedGradientTestCase : public TestCase
{
  public:
    AbandonedGradientTestCase()
        : TestCase("an abandoned gradient is not applied")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.workers = 2;
        scenario.servers = 2;
        scenario.dedicated = true;
        scenario.algorithm = "ns3::learning::GradientAveraging";
        scenario.synchronization = MakeBackup(1);
        scenario.owners = BlockOwners::FIXED;
        scenario.data = MakeEqualData(2, 2);
        scenario.learningRate = 0.01;
        scenario.rounds = 20;
        TrainingRun run(scenario);
        run.GetWorker(1)->GetComputeModel()->SetAttribute("Overhead", TimeValue(Seconds(1)));
        PointerValue loss;
        run.GetStar().GetHostDevices().Get(1)->GetAttribute("ReceiveErrorModel", loss);
        loss.Get<ErrorModel>()->SetAttribute("DropRate", DoubleValue(1));
        Simulator::Stop(MilliSeconds(500));
        Simulator::Run();
        const std::vector<float>& start = run.GetSetup()->start;
        for (uint32_t i = 0; i < 2; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(), 20, "worker " << i);
            const AlignedVector& replica = run.GetWorker(i)->GetParameters();
            NS_TEST_EXPECT_MSG_EQ(std::equal(replica.begin(), replica.end(), start.begin()),
                                  (i == 1),
                                  "worker " << i);
        }
        Simulator::Destroy();
    }
};

/// Expected: what cannot be combined is refused with a sentence that says why.
class RefusalTestCase : public TestCase
{
  public:
    RefusalTestCase()
        : TestCase("protocols that do not fit are refused")
    {
    }

  private:
    void DoRun() override
    {
        Expect(ASP, "ns3::learning::RobustParameterServer", "keep parameters");
        Expect(MakeStaleSynchronous(1), "ns3::learning::GradientAveraging", "keep parameters");
        Expect(MakeBackup(4), KEEPS, "of 4 workers, 0 to 3");
    }

    /**
     * Tries.
     * @param protocol text of its type
     * @param algorithm text of its type
     * @param expected part of the sentence
     */
    void Expect(const std::string& protocol,
                const std::string& algorithm,
                const std::string& expected)
    {
        Scenario scenario;
        scenario.algorithm = algorithm;
        scenario.owners = BlockOwners::FIXED;
        scenario.synchronization = protocol;
        scenario.data = MakeData(4, 100);
        std::string sentence;
        try
        {
            TrainingRun run(scenario);
        }
        catch (const std::invalid_argument& error)
        {
            sentence = error.what();
        }
        NS_TEST_EXPECT_MSG_NE(sentence.find(expected), std::string::npos, protocol << sentence);
        Simulator::Destroy();
    }
};

/// When to go on.
class SynchronizationTestSuite : public TestSuite
{
  public:
    SynchronizationTestSuite()
        : TestSuite("distributed-learning-synchronization", Type::UNIT)
    {
        for (const bool dedicated : {false, true})
        {
            Add(new IterationTimeTestCase(8, 0, dedicated));
            Add(new IterationTimeTestCase(16, 0, dedicated));
            Add(new IterationTimeTestCase(8, 2, dedicated));
            Add(new ThroughputTestCase(true, dedicated));
            Add(new ThroughputTestCase(false, dedicated));
            Add(new SameAsBulkTestCase(0, dedicated));
            Add(new SameAsBulkTestCase(0.2, dedicated));
            Add(new BackupTestCase(dedicated));
        }
        for (const uint32_t bound : {0, 1, 3})
        {
            Add(new BoundTestCase(MakeStaleSynchronous(bound), bound, true));
            Add(new BoundTestCase(ASP, bound, false));
        }
        for (const std::string& protocol :
             {BSP, MakeStaleSynchronous(1), ASP, MakeBackup(1), MakeBackup(2)})
        {
            Add(new ProtocolEndsTestCase(protocol));
        }
        Add(new ScheduleTestCase("ns3::learning::RobustParameterServer", BSP));
        Add(new ScheduleTestCase("ns3::learning::GradientAveraging", BSP));
        Add(new ScheduleTestCase(KEEPS, BSP));
        Add(new ScheduleTestCase(KEEPS, MakeStaleSynchronous(0)));
        Add(new PushWeightTestCase(2));
        Add(new PushWeightTestCase(5));
        Add(new SilenceTestCase);
        Add(new AbandonedGradientTestCase);
        Add(new RefusalTestCase);
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

SynchronizationTestSuite g_synchronizationTestSuite; //!< registers the suite

} // namespace
