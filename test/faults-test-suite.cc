/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Hosts that crash and come back, links that go down and up, partitions that heal: every run ends,
// nothing is lost from the account, and who comes back catches up.

#include "training-watch.h"

#include "ns3/boolean.h"
#include "ns3/compute-model.h"
#include "ns3/dataset-loader.h"
#include "ns3/fault-schedule-helper.h"
#include "ns3/interruptible-channel.h"
#include "ns3/learning-compatibility.h"
#include "ns3/test.h"
#include "ns3/training-recorder.h"

#include <algorithm>
#include <fstream>

using namespace ns3;
using namespace ns3::learning;

namespace
{

const std::string RPS = "ns3::learning::RobustParameterServer";
const std::string GRADIENTS = "ns3::learning::GradientAveraging";
const std::string PARAMETERS = "ns3::learning::GradientAveraging[Downlink=Parameters]";
const std::string BSP = "ns3::learning::BulkSynchronousProtocol";

/**
 * Four workers that compute 1 ms; deadlines of 20 and 40 ms.
 * @param algorithm text of its type
 * @param dedicated whether servers have nodes of their own: two of them
 * @return the scenario
 */
Scenario
MakeScenario(const std::string& algorithm, bool dedicated)
{
    Scenario scenario;
    scenario.algorithm = algorithm;
    scenario.dedicated = dedicated;
    scenario.servers = dedicated ? 2 : 4;
    scenario.owners = BlockOwners::FIXED;
    scenario.data = MakeData(40, 203, 1);
    scenario.learningRate = 0.02;
    scenario.compute = MilliSeconds(1);
    scenario.rounds = 200;
    return scenario;
}

/// Keeps the replicas of all workers after every round.
class Replicas
{
  public:
    /**
     * Begins to watch.
     * @param run the training
     * @param workers number of workers
     */
    Replicas(TrainingRun& run, uint32_t workers)
        : m_run(run),
          m_workers(workers)
    {
        run.TraceRoundEnd(MakeCallback(&Replicas::RoundEnded, this));
        for (uint32_t i = 0; i < workers; ++i)
        {
            run.GetWorker(i)->TraceConnectWithoutContext("Jump",
                                                         MakeCallback(&Replicas::Jumped, this));
        }
    }

    /**
     * Whether all workers have ended a round with the same replica.
     * @param round the round
     * @return true if so
     */
    bool AreEqual(uint32_t round) const
    {
        const std::vector<AlignedVector>& replicas = m_rounds.at(round);
        return std::all_of(replicas.begin(), replicas.end(), [&replicas](const AlignedVector& r) {
            return !r.empty() && r == replicas.front();
        });
    }

    uint32_t joined{Worker::NO_ROUND}; //!< round with which a crashed worker went on
    uint32_t crashes{0};               //!< of workers

  private:
    /**
     * A worker ends a round.
     * @param worker its index
     * @param round the round
     */
    void RoundEnded(uint32_t worker, uint32_t round)
    {
        m_rounds[round].resize(m_workers);
        m_rounds[round][worker] = m_run.GetWorker(worker)->GetParameters();
    }

    /**
     * A worker crashes, or goes on.
     * @param round the round
     */
    void Jumped(uint32_t /* worker */, uint32_t round)
    {
        joined = round;
        crashes += round == Worker::NO_ROUND;
    }

    TrainingRun& m_run;                                      //!< the training
    const uint32_t m_workers;                                //!< number of workers
    std::map<uint32_t, std::vector<AlignedVector>> m_rounds; //!< by round and worker
};

/**
 * Set-up: four workers that compute 1 ms, deadlines of 20 and 40 ms, nothing dropped.
 * Stimulus: the last worker's host is down from 10.5 ms to 150 ms.
 * Expected: the others go on meanwhile; the worker joins a round in which they are; from the round
 * after that one on, all replicas are the same to the bit. Where servers keep parameters or average
 * models any pull brings them together; where they average gradients only catching up does, and
 * without it (the negative control) replicas differ to the end.
 */
class RejoinTestCase : public TestCase
{
  public:
    /**
     * @param algorithm text of its type
     * @param protocol text of its type
     * @param dedicated whether servers have nodes of their own
     * @param catchesUp whether the worker gets its parameters back
     */
    RejoinTestCase(const std::string& algorithm,
                   const std::string& protocol,
                   bool dedicated,
                   bool catchesUp)
        : TestCase("a crashed worker joins again" +
                   std::string(catchesUp ? ": " : ", without catching up: ") + algorithm + ", " +
                   protocol + (dedicated ? ", dedicated" : ", co-located")),
          m_algorithm(algorithm),
          m_protocol(protocol),
          m_dedicated(dedicated),
          m_catchesUp(catchesUp)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario = MakeScenario(m_algorithm, m_dedicated);
        scenario.synchronization = m_protocol;
        TrainingRun run(scenario);
        run.GetWorker(3)->SetAttribute("CatchUp", BooleanValue(m_catchesUp));
        FaultScheduleHelper faults;
        faults.AddCrash(3, MicroSeconds(10500), MilliSeconds(150));
        faults.Install(run.GetTraining());
        const Replicas replicas(run, 4);
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(Seconds(20)), true, "goes on");
        NS_TEST_EXPECT_MSG_EQ(replicas.crashes, 1, "crashes");
        NS_TEST_ASSERT_MSG_LT(replicas.joined, 190, "round that the worker joins");
        if (m_catchesUp)
        {
            NS_TEST_EXPECT_MSG_GT(replicas.joined, 20, "the others have not gone on");
        }
        uint32_t different = 0;
        for (uint32_t round = replicas.joined + 1; m_catchesUp && round < 200; ++round)
        {
            different += !replicas.AreEqual(round);
        }
        NS_TEST_EXPECT_MSG_EQ(different, 0, "rounds after that of joining, " << replicas.joined);
        NS_TEST_EXPECT_MSG_EQ(replicas.AreEqual(199), m_catchesUp, "the last round");
        for (uint32_t i = 0; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(), 200, "worker " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        // servers that answer each worker send nothing to one that is silent
        const bool isSentTo = m_protocol == BSP || !m_dedicated;
        NS_TEST_EXPECT_MSG_EQ((run.GetTraffic().dropped > 0 || !isSentTo), true, "nothing dropped");
        Simulator::Destroy();
    }

    const std::string m_algorithm; //!< text of its type
    const std::string m_protocol;  //!< text of its type
    const bool m_dedicated;        //!< where servers are
    const bool m_catchesUp;        //!< whether the worker gets its parameters back
};

/**
 * Set-up: a single worker with a server of its own, one sample, momentum: 10 rounds of 1 ms each.
 * Stimulus: their host is down from 5.5 ms to 8 ms; nobody is left who could tell anything.
 * Expected: it begins anew and ends, 10 ms after it has come back, where a run without a crash
 * ends, to the bit: neither the worker's nor the server's optimizer goes on with a velocity, nor
 * the server with a round or parameters, of before the crash.
 */
class AnewTestCase : public TestCase
{
  public:
    /**
     * @param algorithm text of its type
     * @param protocol text of its type
     */
    AnewTestCase(const std::string& algorithm, const std::string& protocol)
        : TestCase("begins anew: " + algorithm + ", " + protocol),
          m_algorithm(algorithm),
          m_protocol(protocol)
    {
    }

  private:
    /**
     * Trains.
     * @param crashes whether the host crashes
     * @return the replica at the end
     */
    AlignedVector Train(bool crashes)
    {
        Scenario scenario = MakeScenario(m_algorithm, false);
        scenario.synchronization = m_protocol;
        scenario.workers = 1;
        scenario.servers = 1;
        scenario.data = MakeData(1, 37, 1);
        scenario.optimizer = "ns3::learning::MomentumOptimizer";
        scenario.rounds = 10;
        TrainingRun run(scenario);
        FaultScheduleHelper faults;
        if (crashes)
        {
            faults.AddCrash(0, MicroSeconds(5500), MilliSeconds(8));
        }
        faults.Install(run.GetTraining());
        const Watch watch(run, 1);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(watch.doneAt[0], MilliSeconds(crashes ? 18 : 10), "end");
        AlignedVector replica = run.GetWorker(0)->GetParameters();
        Simulator::Destroy();
        return replica;
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ((Train(true) == Train(false)), true, "replicas differ");
    }

    const std::string m_algorithm; //!< text of its type
    const std::string m_protocol;  //!< text of its type
};

/**
 * Set-up: four workers whose gradients are compressed, with error feedback.
 * Stimulus: the last worker is down from 10.5 ms to 150 ms.
 * Expected: what its compressor had left out so far is lost with it, as is all that it knows.
 */
class ResidualTestCase : public TestCase
{
  public:
    ResidualTestCase()
        : TestCase("a crashed worker loses its residual")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario = MakeScenario(GRADIENTS, true);
        scenario.coding = "ns3::learning::BlockCoding[ErrorFeedback=Local|Compressor="
                          "ns3::learning::TopKCompressor[Share=0.1]]";
        TrainingRun run(scenario);
        FaultScheduleHelper faults;
        faults.AddCrash(3, MicroSeconds(10500), MilliSeconds(150));
        faults.Install(run.GetTraining());
        const auto isZero = [&run] {
            const std::vector<float> residual = run.GetWorker(3)->GetResidual();
            return std::all_of(residual.begin(), residual.end(), [](float x) { return x == 0; });
        };
        bool before = true;
        bool after = false;
        Simulator::Schedule(MicroSeconds(10499), [&] { before = isZero(); });
        Simulator::Schedule(MicroSeconds(10501), [&] { after = isZero(); });
        Simulator::Stop(MilliSeconds(20));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(before, false, "there was nothing to lose");
        NS_TEST_EXPECT_MSG_EQ(after, true, "it is kept");
        Simulator::Destroy();
    }
};

/**
 * Set-up: four workers, two dedicated servers that keep parameters; nothing dropped.
 * Stimulus: the second server is down from 10.5 ms to 150 ms, or a co-located one and its worker.
 * Expected: afterwards it has the parameters back: at the end its block has moved as far as in a
 * run without the crash, but for the 90 of 400 rounds in which it was down, which cost a tenth of
 * the way; all replicas are equal. Negative control: a run from the start, of as many rounds as are
 * left after the crash, falls short by a fifth.
 */
class ServerCrashTestCase : public TestCase
{
  public:
    /**
     * @param dedicated whether servers have nodes of their own
     */
    explicit ServerCrashTestCase(bool dedicated)
        : TestCase(std::string("a server gets its parameters back, ") +
                   (dedicated ? "dedicated" : "co-located")),
          m_dedicated(dedicated)
    {
    }

  private:
    /**
     * Trains.
     * @param crashes whether the server crashes
     * @param rounds rounds to train
     * @return the last server's block of the first worker's replica, without those of the start
     */
    std::vector<double> Train(bool crashes, uint32_t rounds)
    {
        Scenario scenario = MakeScenario(PARAMETERS, m_dedicated);
        scenario.rounds = rounds;
        scenario.learningRate = 0.005;
        TrainingRun run(scenario);
        FaultScheduleHelper faults;
        if (crashes)
        {
            faults.AddCrash(m_dedicated ? 5 : 3, MicroSeconds(100500), MilliSeconds(250));
        }
        faults.Install(run.GetTraining());
        const Replicas replicas(run, 4);
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(Seconds(30)), true, "goes on");
        NS_TEST_EXPECT_MSG_EQ(replicas.AreEqual(rounds - 1), true, "replicas differ");
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        const BlockOwners& owners = *run.GetSetup()->owners;
        std::vector<double> moved;
        for (uint32_t k = owners.GetBegin(owners.GetBlockCount() - 1); k < 203; ++k)
        {
            moved.push_back(double{run.GetWorker(0)->GetParameters()[k]} -
                            run.GetSetup()->start[k]);
        }
        Simulator::Destroy();
        return moved;
    }

    /**
     * How far apart two vectors are.
     * @param a a vector
     * @param b another one
     * @return their distance over the length of the second
     */
    static double GetDistance(const std::vector<double>& a, const std::vector<double>& b)
    {
        double distance = 0;
        double length = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
        {
            distance += (a[i] - b[i]) * (a[i] - b[i]);
            length += b[i] * b[i];
        }
        return std::sqrt(distance / length);
    }

    void DoRun() override
    {
        // what is left of the way to the optimum shrinks by 0.995 a round
        const std::vector<double> reference = Train(false, 400);
        const double after = GetDistance(Train(true, 400), reference);
        const double anew = GetDistance(Train(false, 210), reference);
        NS_TEST_EXPECT_MSG_LT(after, 0.15, "parameters are lost");
        NS_TEST_EXPECT_MSG_GT(anew, 0.2, "a run from the start");
    }

    const bool m_dedicated; //!< where servers are
};

/**
 * Stimulus: a link fails for two reasons, one of which ends.
 * Expected: it is down until both have ended, and is up then.
 */
class OverlapTestCase : public TestCase
{
  public:
    OverlapTestCase()
        : TestCase("faults of one link may overlap")
    {
    }

  private:
    void DoRun() override
    {
        const auto link = CreateObject<InterruptibleChannel>();
        link->Interrupt();
        link->Interrupt();
        link->Restore();
        NS_TEST_EXPECT_MSG_EQ(link->IsUp(), false, "one reason is left");
        link->Restore();
        NS_TEST_EXPECT_MSG_EQ(link->IsUp(), true, "none is left");
    }
};

/**
 * Set-up: five workers, RPS with co-located servers, nothing dropped.
 * Stimulus: workers 0 and 1 are cut off from the others, or the link of worker 0 goes down, from
 * 10.5 ms to 200 ms.
 * Expected: the majority goes on without waiting for deadlines, the minority does not run ahead;
 * what is sent across is dropped and counted; at the end all replicas are equal, to the bit.
 */
class HealTestCase : public TestCase
{
  public:
    /**
     * @param fault what fails
     */
    explicit HealTestCase(const std::string& fault)
        : TestCase("heals: " + fault),
          m_fault(fault)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario = MakeScenario(RPS, false);
        scenario.workers = 5;
        scenario.servers = 5;
        scenario.owners = BlockOwners::PERMUTED;
        scenario.rounds = 250;
        TrainingRun run(scenario);
        FaultScheduleHelper faults;
        faults.AddList(m_fault);
        faults.Install(run.GetTraining());
        const Replicas replicas(run, 5);
        uint32_t minority = 0;
        uint32_t majority = 0;
        Simulator::Schedule(MilliSeconds(199), [&] {
            minority = run.GetWorker(0)->GetCompletedRounds();
            majority = run.GetWorker(4)->GetCompletedRounds();
        });
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(Seconds(30)), true, "goes on");
        NS_TEST_EXPECT_MSG_LT(minority, 25, "the minority runs ahead");
        NS_TEST_EXPECT_MSG_GT(majority, 100, "the majority waits");
        NS_TEST_EXPECT_MSG_GT(run.GetTraffic().dropped, 0, "nothing is dropped");
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        NS_TEST_EXPECT_MSG_EQ(replicas.AreEqual(249), true, "replicas differ");
        Simulator::Destroy();
    }

    const std::string m_fault; //!< what fails
};

/**
 * Set-up: four workers, servers that keep parameters and bound the age of copies by 8 rounds; half
 * of all segments are dropped, deadlines leave time for a reliable refresh. Stimulus: the last
 * worker is down for 3 ms, less than the bound, and comes back; whether it is told to catch up or
 * not. Expected: no copy is ever older than the bound: servers that went by what the worker had
 * received before the crash would take its copies for young, and a worker that went on with the
 * parameters of the start would take part in a round with them.
 */
class AgeTestCase : public TestCase
{
  public:
    /**
     * @param dedicated whether servers have nodes of their own
     * @param catchesUp whether the worker is told to get parameters of another one
     */
    AgeTestCase(bool dedicated, bool catchesUp)
        : TestCase(std::string("ages are bounded after a crash, ") +
                   (dedicated ? "dedicated" : "co-located") +
                   (catchesUp ? "" : ", also if not told to catch up")),
          m_dedicated(dedicated),
          m_catchesUp(catchesUp)
    {
    }

  private:
    void DoRun() override
    {
        constexpr std::size_t BOUND = 8;
        Scenario scenario =
            MakeScenario("ns3::learning::GradientAveraging[Downlink=Parameters|AgeBound=" +
                             std::to_string(BOUND) + "]",
                         m_dedicated);
        scenario.dropRate = 0.5;
        scenario.rounds = 60;
        scenario.pushDeadline = Seconds(1);
        scenario.pullDeadline = Seconds(2);
        TrainingRun run(scenario);
        run.GetWorker(3)->SetAttribute("CatchUp", BooleanValue(m_catchesUp));
        FaultScheduleHelper faults;
        faults.AddCrash(3, MicroSeconds(30500), MicroSeconds(33500));
        faults.Install(run.GetTraining());
        const Replicas replicas(run, 4);
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(Minutes(10)), true, "goes on");
        NS_TEST_EXPECT_MSG_EQ(replicas.crashes, 1, "crashes");
        for (uint32_t i = 0; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(i)->GetCompletedRounds(), 60, "worker " << i);
            NS_TEST_EXPECT_MSG_LT(run.GetWorker(i)->GetSegmentAges().GetHistogram().size(),
                                  BOUND + 2,
                                  "worker " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, "segments lost from the account");
        Simulator::Destroy();
    }

    const bool m_dedicated; //!< where servers are
    const bool m_catchesUp; //!< whether the worker is told to
};

/**
 * Set-up: a perceptron on clusters, four workers, a tenth of all segments dropped.
 * Stimulus: one host is down for a third of the training.
 * Expected: the loss of the mean model is at most a tenth above that without the crash, and the
 * same bits come out again. The records go on while the host is down.
 */
class LossTestCase : public TestCase
{
  public:
    LossTestCase()
        : TestCase("the loss after a crash is close to that without, and the same again")
    {
    }

  private:
    /**
     * Trains.
     * @param crashes whether a host crashes
     * @return the last record
     */
    TrainingRecord Train(bool crashes)
    {
        Scenario scenario = MakeScenario(RPS, false);
        scenario.data = LoadDataset("synthetic-clusters:samples=800,testSamples=10").training;
        scenario.model = "ns3::learning::MultilayerPerceptron[Hidden=16]";
        scenario.batch = 16;
        scenario.learningRate = 0.1;
        scenario.dropRate = 0.1;
        scenario.owners = BlockOwners::PERMUTED;
        TrainingRun run(scenario);
        FaultScheduleHelper faults;
        if (crashes)
        {
            faults.AddCrash(2, MilliSeconds(60), MilliSeconds(250));
        }
        faults.Install(run.GetTraining());
        TrainingRecorder recorder;
        recorder.SetEvaluateEvery(10);
        std::vector<double> times;
        recorder.SetRecordCallback(
            [&times](const TrainingRecord& record) { times.push_back(record.time); });
        recorder.Observe(run.GetWorkers());
        Simulator::Run();
        const auto whileDown = std::count_if(times.begin(), times.end(), [](double time) {
            return time > 0.15 && time < 0.25;
        });
        NS_TEST_EXPECT_MSG_GT(whileDown, 1, "records while the host is down");
        const TrainingRecord last = recorder.GetLast();
        NS_TEST_EXPECT_MSG_EQ(last.round, scenario.rounds, "rounds recorded");
        Simulator::Destroy();
        return last;
    }

    void DoRun() override
    {
        const TrainingRecord with = Train(true);
        const TrainingRecord without = Train(false);
        NS_TEST_EXPECT_MSG_LT(with.trainLoss, 1.1 * without.trainLoss, "loss");
        NS_TEST_EXPECT_MSG_NE(with.trainLoss, without.trainLoss, "nothing has happened");
        const TrainingRecord again = Train(true);
        NS_TEST_EXPECT_MSG_EQ(with.trainLoss, again.trainLoss, "the same again");
        NS_TEST_EXPECT_MSG_EQ(with.time, again.time, "the same again");
    }
};

/**
 * Set-up: four workers on a star, 20 rounds of 1 ms, a fault.
 * Stimulus: drop rates 0, 0.1, 0.9, 1, with control dropped or not, all algorithms and protocols.
 * Expected: the simulation ends by itself; every worker that is not down for good is done with all
 * rounds; every segment is accounted for.
 */
class FaultEndsTestCase : public TestCase
{
  public:
    /**
     * @param fault what fails
     * @param lost the host that never comes back, or any number if all do
     */
    FaultEndsTestCase(const std::string& fault, uint32_t lost)
        : TestCase("ends: " + fault),
          m_fault(fault),
          m_lost(lost)
    {
    }

  private:
    void DoRun() override
    {
        const std::string prefix = "ns3::learning::";
        for (const double dropRate : {0.0, 0.1, 0.9, 1.0})
        {
            for (const bool dropControl : {false, true})
            {
                for (const bool dedicated : {false, true})
                {
                    RunOne(dropRate, dropControl, dedicated, RPS, BSP);
                    RunOne(dropRate, dropControl, dedicated, GRADIENTS, BSP);
                    RunOne(dropRate, dropControl, dedicated, PARAMETERS, BSP);
                    RunOne(dropRate,
                           dropControl,
                           dedicated,
                           RPS,
                           prefix + "BackupWorkersProtocol[Backups=1]");
                    RunOne(dropRate,
                           dropControl,
                           dedicated,
                           PARAMETERS,
                           prefix + "StaleSynchronousProtocol[Bound=1]");
                    RunOne(dropRate,
                           dropControl,
                           dedicated,
                           PARAMETERS,
                           prefix + "AsynchronousProtocol");
                }
            }
        }
    }

    /**
     * Runs one.
     * @param dropRate p
     * @param dropControl whether control is dropped, too
     * @param dedicated whether servers have nodes of their own
     * @param algorithm text of its type
     * @param protocol text of its type
     */
    void RunOne(double dropRate,
                bool dropControl,
                bool dedicated,
                const std::string& algorithm,
                const std::string& protocol)
    {
        Scenario scenario = MakeScenario(algorithm, dedicated);
        scenario.synchronization = protocol;
        scenario.dropRate = dropRate;
        scenario.dropControl = dropControl;
        scenario.rounds = 20;
        TrainingRun run(scenario);
        FaultScheduleHelper faults;
        faults.AddList(m_fault);
        faults.Install(run.GetTraining());
        std::ostringstream what;
        what << algorithm << ", " << protocol << ", drop rate " << dropRate
             << (dropControl ? ", control dropped" : "") << (dedicated ? ", dedicated" : "");
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(Seconds(60)), true, what.str() << " goes on");
        for (uint32_t i = 0; i < 4; ++i)
        {
            const Ptr<Worker> worker = run.GetWorker(i);
            NS_TEST_EXPECT_MSG_EQ(worker->IsDone(), (i != m_lost), what.str() << " worker " << i);
            NS_TEST_EXPECT_MSG_EQ((worker->GetCompletedRounds() == 20 || i == m_lost),
                                  true,
                                  what.str() << " worker " << i);
            NS_TEST_EXPECT_MSG_EQ(worker->GetTransport()->GetMalformedCount(), 0, what.str());
        }
        NS_TEST_EXPECT_MSG_EQ(run.IsConserved(), true, what.str() << ": segments lost");
        Simulator::Destroy();
    }

    const std::string m_fault; //!< what fails
    const uint32_t m_lost;     //!< the host that never comes back
};

/**
 * Set-up: four workers and one dedicated server, or two; 20 rounds of 1 ms.
 * Stimulus: a server crashes and comes back, or a worker crashes; transports, drop rates of 0
 * and 0.1, every protocol of servers that keep parameters. Expected: the simulation ends by
 * itself, every worker that is not down for good is done with all rounds, every segment is
 * accounted for.
 */
class ServerEndsTestCase : public TestCase
{
  public:
    /**
     * @param transport text of its type
     * @param fault what fails
     * @param lost the host that never comes back, or any number if all do
     */
    ServerEndsTestCase(const std::string& transport, const std::string& fault, uint32_t lost)
        : TestCase("dedicated servers end: " + fault + ", " + StripAttributes(transport)),
          m_transport(transport),
          m_fault(fault),
          m_lost(lost)
    {
    }

  private:
    void DoRun() override
    {
        for (const std::string protocol : {"BulkSynchronousProtocol",
                                           "StaleSynchronousProtocol[Bound=0]",
                                           "StaleSynchronousProtocol[Bound=2]",
                                           "AsynchronousProtocol"})
        {
            for (const uint32_t servers : {1, 2})
            {
                for (const double dropRate : {0.0, 0.1})
                {
                    RunOne("ns3::learning::" + protocol, servers, dropRate);
                }
            }
        }
    }

    /**
     * Runs one.
     * @param protocol text of its type
     * @param servers number of servers
     * @param dropRate p
     */
    void RunOne(const std::string& protocol, uint32_t servers, double dropRate)
    {
        Scenario scenario = MakeScenario(PARAMETERS, true);
        scenario.servers = servers;
        scenario.synchronization = protocol;
        scenario.transport = m_transport;
        scenario.dropRate = dropRate;
        scenario.rounds = 20;
        TrainingRun run(scenario);
        FaultScheduleHelper faults;
        faults.AddList(m_fault);
        faults.Install(run.GetTraining());
        std::ostringstream what;
        what << protocol << ", " << servers << " servers, drop rate " << dropRate;
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(Seconds(300)), true, what.str() << " goes on");
        for (uint32_t i = 0; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ((run.GetWorker(i)->GetCompletedRounds() == 20),
                                  (i != m_lost),
                                  what.str() << " worker " << i);
        }
        NS_TEST_EXPECT_MSG_EQ((IsTcp(m_transport) || run.IsConserved()),
                              true,
                              what.str() << ": segments lost");
        Simulator::Destroy();
    }

    const std::string m_transport; //!< text of its type
    const std::string m_fault;     //!< what fails
    const uint32_t m_lost;         //!< the host that never comes back
};

/**
 * Set-up: three workers, one server on the host of the first, which is ten times as fast as the
 * others and answers each on its own.
 * Stimulus: this host crashes when its worker is done with its rounds, and comes back.
 * Expected: its server has parameters of the others, and answers their pushes again: each of
 * them receives at least 0.9 of the pulls that it has still to come. Negative control: without
 * the return they receive none.
 */
class DoneTestCase : public TestCase
{
  public:
    /**
     * @param returns whether the host comes back
     */
    explicit DoneTestCase(bool returns)
        : TestCase(std::string("a server whose worker is done ") +
                   (returns ? "answers again after a crash" : "is gone after a crash for good")),
          m_returns(returns)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario = MakeScenario(PARAMETERS, false);
        scenario.workers = 3;
        scenario.servers = 1;
        scenario.synchronization = "ns3::learning::AsynchronousProtocol";
        scenario.rounds = 60;
        TrainingRun run(scenario);
        for (const uint32_t slow : {1, 2})
        {
            run.GetWorker(slow)->GetComputeModel()->SetAttribute("Overhead",
                                                                 TimeValue(MilliSeconds(10)));
        }
        FaultScheduleHelper faults;
        faults.AddCrash(0, MilliSeconds(105), m_returns ? MilliSeconds(107) : Time::Max());
        faults.Install(run.GetTraining());
        uint64_t before[3] = {};
        uint32_t rounds[3] = {};
        const auto received = [&run](uint32_t worker) {
            return run.GetWorker(worker)->GetTransport()->GetTraffic(PULL).received;
        };
        // after the answers of the others, at the ends of their rounds
        Simulator::Schedule(MilliSeconds(200), [&] {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(0)->IsDone(), true, "worker 0");
            for (const uint32_t slow : {1, 2})
            {
                before[slow] = received(slow);
                rounds[slow] = 60 - run.GetWorker(slow)->GetCompletedRounds();
            }
        });
        NS_TEST_EXPECT_MSG_EQ(Watch::RunsAtMost(Seconds(30)), true, "goes on");
        for (const uint32_t slow : {1, 2})
        {
            NS_TEST_EXPECT_MSG_EQ(run.GetWorker(slow)->IsDone(), true, "worker " << slow);
            NS_TEST_EXPECT_MSG_GT(rounds[slow], 20, "rounds to come");
            const double pulls = static_cast<double>(received(slow) - before[slow]) / 13;
            const double expected = m_returns ? rounds[slow] : 0;
            NS_TEST_EXPECT_MSG_EQ_TOL(pulls, expected, 0.1 * expected, "pulls of worker " << slow);
        }
        Simulator::Destroy();
    }

    const bool m_returns; //!< whether the host comes back
};

/// Expected: a schedule that makes no sense is refused with a sentence that says why.
class ScheduleTestCase : public TestCase
{
  public:
    ScheduleTestCase()
        : TestCase("schedules that make no sense are refused")
    {
    }

  private:
    void DoRun() override
    {
        Expect("crash", "crash:HOST@FROM-UNTIL");
        Expect("fire:1@1s", "crash:HOST@FROM-UNTIL");
        Expect("crash:x@1s", "'x' is no host");
        Expect("crash:1+2@1s", "one host is needed");
        Expect("crash:1@1s-1s", "a later end");
        Expect("crash:1@0s-1s", "a begin above 0");
        Expect("link:1@soon", "'soon' is no time");
        Expect("crash:4@1s", "there are 4 hosts");
        Expect("partition:0+1+2+3@1s", "leaves some of them out");
        Expect("link:1@1s, # and nothing else\n crash:2@2s-3s", "");
        const std::string name = CreateTempDirFilename("faults.txt");
        std::ofstream(name) << "# two faults\nlink:1@1s-2s\ncrash:7@2s-3s\n";
        Expect(name, "host 7", true);
        Expect("/nowhere/faults", "cannot be read", true);
    }

    /**
     * Tries a schedule.
     * @param text a list, or the name of a file
     * @param expected part of the sentence, empty for none
     * @param isFile whether it is a file
     */
    void Expect(const std::string& text, const std::string& expected, bool isFile = false)
    {
        Scenario scenario = MakeScenario(RPS, false);
        TrainingRun run(scenario);
        std::string sentence;
        try
        {
            FaultScheduleHelper faults;
            isFile ? faults.AddFile(text) : faults.AddList(text);
            faults.Install(run.GetTraining());
        }
        catch (const std::invalid_argument& error)
        {
            sentence = error.what();
        }
        NS_TEST_EXPECT_MSG_EQ(sentence.empty(), expected.empty(), text << ": " << sentence);
        NS_TEST_EXPECT_MSG_NE(sentence.find(expected), std::string::npos, text << ": " << sentence);
        Simulator::Destroy();
    }
};

/// Crashes, links that go down, partitions.
class FaultsTestSuite : public TestSuite
{
  public:
    FaultsTestSuite()
        : TestSuite("distributed-learning-faults", Type::UNIT)
    {
        const std::string backup = "ns3::learning::BackupWorkersProtocol[Backups=1]";
        const std::string stale = "ns3::learning::StaleSynchronousProtocol[Bound=0]";
        for (const bool dedicated : {false, true})
        {
            Add(new RejoinTestCase(RPS, BSP, dedicated, true));
            Add(new RejoinTestCase(RPS, backup, dedicated, true));
            Add(new RejoinTestCase(PARAMETERS, BSP, dedicated, true));
            Add(new RejoinTestCase(PARAMETERS, stale, dedicated, true));
            Add(new ServerCrashTestCase(dedicated));
            Add(new AgeTestCase(dedicated, true));
        }
        Add(new AgeTestCase(true, false));
        Add(new AgeTestCase(false, false));
        // co-located, the others' replicas drift apart while one owner is away
        Add(new RejoinTestCase(GRADIENTS, BSP, true, true));
        Add(new RejoinTestCase(GRADIENTS, BSP, true, false));
        Add(new AnewTestCase(RPS, BSP));
        Add(new AnewTestCase(GRADIENTS, BSP));
        Add(new AnewTestCase(PARAMETERS, BSP));
        Add(new AnewTestCase(PARAMETERS, stale));
        Add(new ResidualTestCase);
        Add(new OverlapTestCase);
        Add(new HealTestCase("partition:0+1@10500us-200ms"));
        Add(new HealTestCase("link:0@10500us-200ms"));
        Add(new LossTestCase);
        Add(new FaultEndsTestCase("crash:3@8ms-100ms", 99));
        Add(new FaultEndsTestCase("crash:3@8ms", 3));
        Add(new FaultEndsTestCase("crash:2@8ms-9ms,crash:2@9500us-60ms", 99));
        Add(new FaultEndsTestCase("link:1@8ms-70ms", 99));
        Add(new FaultEndsTestCase("link:1@8ms", 99));
        Add(new FaultEndsTestCase("partition:0+1@8ms-70ms", 99));
        for (const std::string transport : {"DatagramTransport",
                                            "BoundedLossTransport[Threshold=0.9]",
                                            "SelectiveRepeatTransport",
                                            "ParityTransport[DataSegments=4]",
                                            "TcpTransport"})
        {
            Add(new ServerEndsTestCase("ns3::learning::" + transport, "crash:4@8ms-100ms", 99));
            Add(new ServerEndsTestCase("ns3::learning::" + transport, "crash:1@8ms", 1));
        }
        Add(new DoneTestCase(true));
        Add(new DoneTestCase(false));
        Add(new ScheduleTestCase);
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

FaultsTestSuite g_faultsTestSuite; //!< registers the suite

} // namespace
