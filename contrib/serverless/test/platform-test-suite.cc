/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Trainings as a whole: starts, loads, lifetimes, memory, protocols, failures.

#include "ns3/all-reduce.h"
#include "ns3/boolean.h"
#include "ns3/cost-ledger.h"
#include "ns3/data-partition.h"
#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/serverless-training-helper.h"
#include "ns3/simulator.h"
#include "ns3/start-up-table.h"
#include "ns3/string.h"
#include "ns3/synthetic-data.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/// A training of logistic regression, small unless said otherwise.
struct Setting
{
    uint32_t workers{4};      //!< how many
    uint32_t samples{400};    //!< real ones
    uint32_t batch{20};       //!< samples of a mini-batch
    double learningRate{0.1}; //!< of plain descent
    double sorted{0};         //!< share of the samples that is dealt by label
    bool onMachines{false};   //!< instead of functions
    MachineFleet::Source source{MachineFleet::STORE}; //!< of machines' partitions
    std::string optimization{"AveragedModels"};       //!< class
    std::string collective;                           //!< class, or empty for the default
    uint32_t rounds{3};                               //!< to train
    uint64_t dataBytes{4000};                         //!< declared
    uint64_t modelBytes{0};                           //!< declared
    double epochSeconds{4};                           //!< of one reference machine
    Time lifetime{Seconds(900)};                      //!< of a function
    bool checkpoints{true};                           //!< whether functions go on after it
    uint32_t roundsPerInvocation{0};                  //!< see FunctionPlatform
    uint32_t concurrency{1000};                       //!< of functions
    std::string straggler{"ns3::ConstantRandomVariable[Constant=1]"}; //!< factor of computations
    uint32_t slowWorkers{0};                                          //!< how many
    double slowdown{1};                                               //!< of them
    Time failure;                                                     //!< of worker 1, 0 for never
    double dropRate{0};                                               //!< of packets
    uint32_t segmentBytes{64000};                                     //!< of a TCP segment
    uint32_t evaluated{400};                                          //!< samples
    uint32_t threads{1};                                              //!< of the host
    std::function<void(ObjectFactory&)> adjust;                       //!< of the collective
};

/// What came of it.
struct Outcome
{
    std::vector<std::vector<float>> models;   //!< by worker
    std::vector<TrainingJob::Record> records; //!< of the job
    std::vector<std::string> errors;          //!< of workers that failed
    std::vector<uint32_t> invocations;        //!< of functions, by worker
    std::vector<Time> firstLoads;             //!< when each worker first loaded
    Time end;                                 //!< of the last worker
    std::vector<double> seconds;              //!< mean of each state
    std::string log;                          //!< all states and requests
    Time longestInstance;                     //!< of functions
    int64_t cost{0};                          //!< nano-dollars
};

/**
 * Trains.
 * @param setting what
 * @return what came of it
 */
Outcome
Train(const Setting& setting)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    LearningTask task;
    task.training = learning::LogisticLaw(28, 100, 0.75, 0, 1).Generate(setting.samples, 0);
    task.model =
        ObjectFactory("ns3::learning::LogisticRegression").Create<learning::LearningModel>();
    task.model->SetInput(task.training->GetShape(), 2);
    task.optimizer.SetTypeId("ns3::learning::StochasticGradientDescent");
    task.optimizer.Set("LearningRate", DoubleValue(setting.learningRate));
    task.batchSize = setting.batch;
    const auto partition = CreateObject<learning::LabelSortedPartition>();
    partition->SetAttribute("SortedFraction", DoubleValue(setting.sorted));
    task.parts = partition->Split(*task.training, setting.workers, 1);

    ServerlessTrainingHelper helper;
    helper.SetTask(task);
    helper.SetOptimization(ObjectFactory("ns3::serverless::" + setting.optimization));
    if (!setting.collective.empty())
    {
        ObjectFactory collective("ns3::serverless::" + setting.collective);
        if (setting.adjust)
        {
            setting.adjust(collective);
        }
        helper.SetCollective(collective);
    }
    const auto fleet = CreateObject<MachineFleet>();
    const auto platform = CreateObject<FunctionPlatform>();
    if (setting.onMachines)
    {
        fleet->SetAttribute("Source", learning::EnumValueFor<MachineFleet::Source>(setting.source));
        helper.SetFleet(fleet);
    }
    else
    {
        platform->SetAttribute("Lifetime", TimeValue(setting.lifetime));
        platform->SetAttribute("Checkpoints", BooleanValue(setting.checkpoints));
        platform->SetAttribute("RoundsPerInvocation", UintegerValue(setting.roundsPerInvocation));
        platform->SetAttribute("Concurrency", UintegerValue(setting.concurrency));
        helper.SetPlatform(platform);
    }
    helper.SetStraggler(setting.straggler);
    helper.SetSlowWorkers(setting.slowWorkers, setting.slowdown);
    helper.SetFailure(1, setting.failure);
    helper.SetDropRate(setting.dropRate);
    helper.SetSegmentBytes(setting.segmentBytes);
    const Ptr<TrainingJob> job = helper.GetJob();
    job->pool = Create<learning::ComputePool>(setting.threads);
    job->workers = setting.workers;
    job->rounds = setting.rounds;
    job->dataBytes = setting.dataBytes;
    job->modelBytes = setting.modelBytes;
    job->epochSeconds = setting.epochSeconds;
    job->evaluated.resize(setting.evaluated);
    std::iota(job->evaluated.begin(), job->evaluated.end(), 0);
    helper.Install();

    Outcome outcome;
    outcome.firstLoads.resize(setting.workers);
    for (const Ptr<TrainingWorker>& worker : helper.GetWorkers())
    {
        worker->TraceConnectWithoutContext(
            "State",
            Callback<void, uint32_t, TrainingWorker::State>(
                [&outcome](uint32_t index, TrainingWorker::State state) {
                    outcome.log += std::to_string(Simulator::Now().GetNanoSeconds()) + " " +
                                   std::to_string(index) + " " +
                                   TrainingWorker::GetStateName(state) + "\n";
                    if (state == TrainingWorker::LOADING && outcome.firstLoads[index].IsZero())
                    {
                        outcome.firstLoads[index] = Simulator::Now();
                    }
                }));
        worker->TraceConnectWithoutContext(
            "Instance",
            Callback<void, uint32_t, Time, uint32_t>([&outcome](uint32_t, Time duration, uint32_t) {
                outcome.longestInstance = std::max(outcome.longestInstance, duration);
            }));
    }
    helper.GetService(0)->TraceConnectWithoutContext(
        "Request",
        Callback<void, const StorageRequestRecord&>([&outcome](const StorageRequestRecord& record) {
            outcome.log += std::to_string(Simulator::Now().GetNanoSeconds()) + " " +
                           GetOperationName(record.operation) + " " + record.name + "\n";
        }));
    const auto ledger = CreateObject<CostLedger>();
    ledger->ObserveService(helper.GetService(0));
    for (const Ptr<TrainingWorker>& worker : helper.GetWorkers())
    {
        ledger->ObserveWorker(worker, platform);
    }
    Simulator::Run();
    if (setting.onMachines)
    {
        ledger->AddMachines("t2.medium", setting.workers, helper.GetEndTime());
    }
    outcome.cost = ledger->GetTotal();
    for (const Ptr<TrainingWorker>& worker : helper.GetWorkers())
    {
        outcome.models.push_back(worker->GetOptimization()->GetParameters());
        if (worker->GetState() != TrainingWorker::DONE)
        {
            outcome.errors.push_back(worker->GetError());
        }
        if (const auto function = DynamicCast<FunctionWorker>(worker))
        {
            outcome.invocations.push_back(function->GetInvocations());
        }
    }
    for (int state = 0; state < TrainingWorker::STATES; ++state)
    {
        outcome.seconds.push_back(helper.GetMeanSeconds(static_cast<TrainingWorker::State>(state)));
    }
    outcome.records = job->GetRecords();
    outcome.end = helper.GetEndTime();
    Simulator::Destroy();
    return outcome;
}

/**
 * Set-up: start-up tables of functions and machines.
 * Stimulus: fleets of 10, 50, 100 and 200.
 * Expected (A12; unverified values of the reference): the last function begins at 1.2, 11, 18 and
 * 35 s, within 20 %; machines are ready at 132, 160, 292 and 606 s, within 5 %; in between, linear;
 * a text that is no table is refused. In a training of 12 functions the last one loads when the
 * table says, the first one a tenth of 1.2 s after the start.
 */
class StartUpTestCase : public TestCase
{
  public:
    StartUpTestCase()
        : TestCase("A12 (unverified) start-up times of functions and machines")
    {
    }

  private:
    void DoRun() override
    {
        const auto platform = CreateObject<FunctionPlatform>();
        const auto fleet = CreateObject<MachineFleet>();
        const std::vector<std::pair<uint32_t, std::pair<double, double>>> expected{
            {10, {1.2, 132}},
            {50, {11, 160}},
            {100, {18, 292}},
            {200, {35, 606}}};
        for (const auto& [count, seconds] : expected)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(platform->DrawStart(count - 1).GetSeconds(),
                                      seconds.first,
                                      0.2 * seconds.first,
                                      "functions");
            NS_TEST_EXPECT_MSG_EQ_TOL(fleet->GetBootTime(count).GetSeconds(),
                                      seconds.second,
                                      0.05 * seconds.second,
                                      "machines");
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(StartUpTable("10:1,20:3").GetSeconds(15), 2, 1e-12, "between");
        NS_TEST_EXPECT_MSG_EQ_TOL(StartUpTable("10:1,20:3").GetSeconds(40), 7, 1e-12, "beyond");
        for (const char* text : {"", "10", "10:1,5:2", "10:x", "10:-1"})
        {
            bool isRefused = false;
            try
            {
                StartUpTable table(text);
            }
            catch (const std::invalid_argument&)
            {
                isRefused = true;
            }
            NS_TEST_EXPECT_MSG_EQ(isRefused, true, "table '" << text << "'");
        }
        Setting setting;
        setting.workers = 12;
        const Outcome outcome = Train(setting);
        NS_TEST_EXPECT_MSG_EQ(outcome.errors.size(), 0, "the training failed");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.firstLoads[0].GetSeconds(), 0.12, 1e-6, "first");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.firstLoads[11].GetSeconds(), 1.69, 1e-6, "last");
    }
};

/**
 * Set-up: the Higgs workload at its declared sizes: 8 GB, 80 s of computation an epoch on one
 * machine... 800 s for the 10 epochs; w = 10, ADMM with 10 local epochs, that is one round.
 * Stimulus: functions over S3; machines that load from S3, or from disk, and ring all-reduce.
 * Expected (A13, unverified): functions 92 to 96 s, machines 222 to 233 s, each within 10 %;
 * without start-up the difference is below 10 s. Terms by the analytic model within 10 % or 0.2 s:
 * load s/(wB) = 12.3 s, computation 80 s. A25: from disk the load is (s/w)(1/65 - 1/1950) MB/s
 * = 11.9 s shorter, and machines without start-up beat functions.
 */
class BreakdownTestCase : public TestCase
{
  public:
    BreakdownTestCase()
        : TestCase("A13, A14, A25 (unverified) time and cost of Higgs-size training, functions and "
                   "machines")
    {
    }

  private:
    void DoRun() override
    {
        Setting setting;
        setting.workers = 10;
        setting.optimization = "ConsensusAdmm";
        setting.rounds = 1;
        setting.dataBytes = 8000000000;
        setting.epochSeconds = 80;
        const Outcome functions = Train(setting);
        setting.onMachines = true;
        const Outcome machines = Train(setting);
        setting.source = MachineFleet::DISK;
        const Outcome hot = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(functions.errors.size() + machines.errors.size(), 0, "failed");
        const double f = functions.end.GetSeconds();
        const double i = machines.end.GetSeconds();
        NS_TEST_EXPECT_MSG_EQ((f > 0.9 * 92 && f < 1.1 * 96), true, "functions: " << f);
        NS_TEST_EXPECT_MSG_EQ((i > 0.9 * 222 && i < 1.1 * 233), true, "machines: " << i);
        NS_TEST_EXPECT_MSG_LT(std::abs((f - 1.2) - (i - 132)), 10, "without start-up");
        NS_TEST_EXPECT_MSG_EQ_TOL(functions.cost, 47e6, 1.5e6, "A14: functions");
        NS_TEST_EXPECT_MSG_EQ_TOL(machines.cost, 29e6, 1.1e6, "A14: machines");
        const double dearer =
            static_cast<double>(functions.cost) / static_cast<double>(machines.cost);
        NS_TEST_EXPECT_MSG_EQ((f < i && dearer >= 1.5 && dearer <= 1.7), true, "A14: " << dearer);
        const auto load = TrainingWorker::LOADING;
        NS_TEST_EXPECT_MSG_EQ_TOL(functions.seconds[load], 12.3, 1.23, "load of functions");
        NS_TEST_EXPECT_MSG_EQ_TOL(machines.seconds[load], 12.3, 1.23, "load of machines");
        NS_TEST_EXPECT_MSG_EQ_TOL(functions.seconds[TrainingWorker::COMPUTING], 80, 0.1, "compute");
        NS_TEST_EXPECT_MSG_EQ_TOL(machines.seconds[load] - hot.seconds[load],
                                  11.9,
                                  0.3,
                                  "hot data");
        NS_TEST_EXPECT_MSG_LT(hot.end.GetSeconds() - 132, f - 1.2, "hot data");
    }
};

/**
 * Set-up: 3 workers, rounds of 101 s, 142 of them: a job of 14,342 s, as long as MobileNet to a
 * loss of 0.2; a model of declared 1.2 MB. Functions live 900 s. Stimulus: with and without
 * checkpoints; with lifetimes that never end; checkpoints every 5 rounds. Expected (A10): without
 * checkpoints killed at 900 s; with them at least 16 invocations a worker, none longer than 900 s,
 * and the same bits as without an end of lifetimes.
 */
class LifetimeTestCase : public TestCase
{
  public:
    LifetimeTestCase()
        : TestCase("A10 lifetimes: killed at 900 s, or at least 16 invocations with the same bits")
    {
    }

  private:
    void DoRun() override
    {
        Setting setting;
        setting.workers = 3;
        setting.rounds = 142;
        setting.epochSeconds = 300;
        setting.modelBytes = 1200000;
        const Outcome broken = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(broken.errors.size(), 0, broken.errors[0]);
        setting.lifetime = Seconds(1e6);
        const Outcome whole = Train(setting);
        setting.lifetime = Seconds(900);
        NS_TEST_EXPECT_MSG_GT(whole.end, Seconds(14338), "the job is shorter than it should be");
        for (uint32_t worker = 0; worker < 3; ++worker)
        {
            NS_TEST_EXPECT_MSG_EQ(whole.invocations[worker], 1, "without an end");
            NS_TEST_EXPECT_MSG_EQ((broken.invocations[worker] >= 16),
                                  true,
                                  broken.invocations[worker] << " invocations");
            NS_TEST_EXPECT_MSG_EQ((broken.models[worker] == whole.models[worker]), true, "bits");
        }
        NS_TEST_EXPECT_MSG_LT(broken.longestInstance, Seconds(900), "an instance lived longer");
        setting.roundsPerInvocation = 5;
        const Outcome fixed = Train(setting);
        NS_TEST_EXPECT_MSG_EQ(fixed.invocations[2], 29, "142 rounds by fives");
        NS_TEST_EXPECT_MSG_EQ((fixed.models[1] == whole.models[1]), true, "bits by fives");
        setting.checkpoints = false;
        const Outcome killed = Train(setting);
        NS_TEST_EXPECT_MSG_EQ(killed.longestInstance, Seconds(900), "killed at another time");
        NS_TEST_ASSERT_MSG_EQ(killed.errors.size(), 3, "not all were killed");
        NS_TEST_EXPECT_MSG_NE(killed.errors[0].find("lifetime of 900 s"),
                              std::string::npos,
                              killed.errors[0]);
    }
};

/**
 * Set-up: functions whose lifetime is shorter than a round; whose memory is too small; more of them
 * than the platform runs; a worker that breaks down; exchanges that make no sense.
 * Expected: each ends, in one sentence that says what would do; A11: 8 GB of Higgs and an expansion
 * of 2.5 need at least 7 workers of 3,008 MB; a partition that does not fit is an out-of-memory
 * event of a worker.
 */
class BadInputTestCase : public TestCase
{
  public:
    BadInputTestCase()
        : TestCase("A11 what cannot work says so, and ends")
    {
    }

  private:
    /**
     * Expects that a training fails.
     * @param setting what
     * @param sentence part of what is said
     */
    void ExpectError(const Setting& setting, const std::string& sentence)
    {
        std::string said;
        try
        {
            const Outcome outcome = Train(setting);
            for (const std::string& error : outcome.errors)
            {
                said += error + "; ";
            }
        }
        catch (const std::invalid_argument& error)
        {
            said = error.what();
            Simulator::Destroy();
        }
        NS_TEST_EXPECT_MSG_NE(said.find(sentence), std::string::npos, "instead: " << said);
    }

    void DoRun() override
    {
        const auto platform = CreateObject<FunctionPlatform>();
        NS_TEST_EXPECT_MSG_EQ(platform->GetSmallestFleet(8000000000, 0), 7, "Higgs");
        NS_TEST_EXPECT_MSG_EQ(platform->GetSmallestFleet(1, 1100000000), 0, "a model of 1.1 GB");
        Setting setting;
        setting.dataBytes = 8000000000;
        setting.workers = 6;
        ExpectError(setting, "at least 7 workers are needed");
        setting = Setting();
        setting.epochSeconds = 4 * 800;
        setting.lifetime = Seconds(500);
        ExpectError(setting, "killed at its lifetime of 500 s");
        setting.lifetime = Seconds(810);
        ExpectError(setting, "is too short to load and to compute one round");
        setting = Setting();
        setting.concurrency = 3;
        ExpectError(setting, "no more functions at a time");
        setting = Setting();
        setting.failure = Seconds(3);
        ExpectError(setting, "worker 1 failed while computing in round 2: it broke down");
        ExpectError(setting, "not all workers' parts came within 60 s");
        setting = Setting();
        setting.collective = "AsynchronousExchange";
        setting.optimization = "AveragedGradients";
        ExpectError(setting, "which ns3::serverless::AveragedGradients does not send");
        CheckOutOfMemory();
    }

    /// A worker of a fleet that was not planned.
    void CheckOutOfMemory()
    {
        RegionHelper region(1, 1);
        const auto store = region.InstallService(0, ObjectFactory("ns3::serverless::ObjectStore"));
        const auto job = Create<TrainingJob>();
        job->dataBytes = 1300000;
        const auto platform = CreateObject<FunctionPlatform>();
        platform->SetAttribute("Expansion", DoubleValue(2500));
        const auto worker = CreateObject<FunctionWorker>();
        worker->SetPlatform(platform);
        store->Preload(TrainingWorker::GetPartitionName(0), Payload::OfSize(1300000));
        worker->Configure(job, 0, nullptr, nullptr, region.MakeClient(0), nullptr);
        region.GetWorker(0)->AddApplication(worker);
        worker->SetStartTime(Time(0));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(worker->GetState(), TrainingWorker::FAILED, "no out of memory");
        NS_TEST_EXPECT_MSG_NE(worker->GetError().find("out of memory: 3250 MB are needed"),
                              std::string::npos,
                              worker->GetError());
        Simulator::Destroy();
    }
};

/**
 * Set-up: 4 workers, 3 rounds of model averaging.
 * Stimulus: AllReduce, ScatterReduce and staleness 0, on functions and on machines, with workers
 * slow by chance and packets lost; another number of host threads.
 * Expected: the same bits, whatever the channel, the pattern and the timing; more loss takes
 * longer. With one sample replaced (another batch size) the bits differ (negative control).
 */
class IndependenceTestCase : public TestCase
{
  public:
    IndependenceTestCase()
        : TestCase("bulk-synchronous results do not depend on pattern, platform and timing")
    {
    }

  private:
    void DoRun() override
    {
        Setting setting;
        const Outcome first = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(first.errors.size(), 0, "the training failed");
        const auto expectSame = [&](const std::string& what) {
            const Outcome other = Train(setting);
            NS_TEST_EXPECT_MSG_EQ(other.errors.size(), 0, what << " failed");
            NS_TEST_EXPECT_MSG_EQ((other.models == first.models),
                                  true,
                                  what << " gives other bits");
            return other.end;
        };
        setting.collective = "ScatterReduce";
        expectSame("ScatterReduce");
        setting.collective = "StaleExchange";
        setting.adjust = [](ObjectFactory& factory) { factory.Set("Staleness", UintegerValue(0)); };
        expectSame("staleness 0");
        setting.adjust = nullptr;
        setting.collective = "AllReduce";
        setting.threads = 3;
        expectSame("another number of threads");
        setting.straggler = "ns3::LogNormalRandomVariable[Mu=0|Sigma=0.7]";
        const Time before = expectSame("straggling");
        setting.segmentBytes = 1460;
        setting.dropRate = 0.02;
        NS_TEST_EXPECT_MSG_GT(expectSame("loss of packets"), before, "loss takes no time");
        setting.onMachines = true;
        setting.dropRate = 0;
        expectSame("machines");
        setting.batch = 21;
        NS_TEST_EXPECT_MSG_EQ((Train(setting).models == first.models), false, "nothing matters");
    }
};

/**
 * Set-up: 16 workers, 17,600 Higgs-like samples of which 60 % are dealt by label, 10 mini-batches
 * an epoch; epochs of about 1 s, whose length varies (log-normal, sigma 0.3); 60 epochs. Stimulus:
 * model averaging every epoch, bulk-synchronous and asynchronous over one object. Expected (A22):
 * the bulk-synchronous loss falls all the time; of the asynchronous steps at least 20 % rise, the
 * worst by at least 0.01; worker 0 has finished its first asynchronous step before the first
 * bulk-synchronous one. With staleness 2 the end is at most as late as bulk-synchronous, and the
 * loss closer to its than the asynchronous one.
 */
class ProtocolsTestCase : public TestCase
{
  public:
    ProtocolsTestCase()
        : TestCase("A22 asynchronous training is fast early but unstable, bulk-synchronous steady")
    {
    }

  private:
    void DoRun() override
    {
        Setting setting;
        setting.workers = 16;
        setting.samples = 17600;
        setting.evaluated = 4000;
        setting.batch = 110;
        setting.sorted = 0.6;
        setting.rounds = 60;
        setting.epochSeconds = 16;
        setting.straggler = "ns3::LogNormalRandomVariable[Mu=0|Sigma=0.3]";
        const Outcome steady = Train(setting);
        setting.collective = "AsynchronousExchange";
        const Outcome fast = Train(setting);
        setting.collective = "StaleExchange";
        setting.adjust = [](ObjectFactory& factory) { factory.Set("Staleness", UintegerValue(2)); };
        const Outcome stale = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(steady.errors.size() + fast.errors.size() + stale.errors.size(),
                              0,
                              "a training failed");
        NS_TEST_EXPECT_MSG_EQ(CountRises(steady).first, 0, "bulk-synchronous steps rise");
        const auto [rises, worst] = CountRises(fast);
        NS_TEST_EXPECT_MSG_GT(rises, 0.2 * 59, "asynchronous steps that rise");
        NS_TEST_EXPECT_MSG_GT(worst, 0.01, "worst asynchronous step");
        NS_TEST_EXPECT_MSG_LT(fast.records[0].time, steady.records[0].time, "first step");
        NS_TEST_EXPECT_MSG_LT(fast.end, steady.end, "end");
        NS_TEST_EXPECT_MSG_LT(CountRises(stale).second, worst, "worst stale step");
    }

    /**
     * Steps in which the loss rises.
     * @param outcome of a training
     * @return how many, and the largest rise
     */
    static std::pair<uint32_t, double> CountRises(const Outcome& outcome)
    {
        std::pair<uint32_t, double> rises{0, 0};
        for (std::size_t i = 1; i < outcome.records.size(); ++i)
        {
            const double rise = outcome.records[i].loss - outcome.records[i - 1].loss;
            rises.first += rise > 0 ? 1 : 0;
            rises.second = std::max(rises.second, rise);
        }
        return rises;
    }
};

/**
 * Set-up: 4 functions, computations of random length, lost packets.
 * Stimulus: the same training twice.
 * Expected (A28): the same states and requests at the same nanoseconds.
 */
class RepeatTestCase : public TestCase
{
  public:
    RepeatTestCase()
        : TestCase("A28 the same seed gives the same trace")
    {
    }

  private:
    void DoRun() override
    {
        Setting setting;
        setting.straggler = "ns3::LogNormalRandomVariable[Mu=0|Sigma=0.3]";
        setting.dropRate = 0.05;
        setting.segmentBytes = 1460;
        const std::string first = Train(setting).log;
        setting.threads = 2;
        NS_TEST_EXPECT_MSG_EQ((Train(setting).log == first), true, "traces differ");
        setting.dropRate = 0.06;
        NS_TEST_EXPECT_MSG_EQ((Train(setting).log == first), false, "nothing matters");
    }
};

/// The suite.
class PlatformTestSuite : public TestSuite
{
  public:
    PlatformTestSuite()
        : TestSuite("serverless-learning-platform", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new StartUpTestCase);
        add(new BreakdownTestCase);
        add(new LifetimeTestCase);
        add(new BadInputTestCase);
        add(new IndependenceTestCase);
        add(new ProtocolsTestCase);
        add(new RepeatTestCase);
    }
};

PlatformTestSuite g_platformTestSuite; //!< registers the suite

} // namespace
