/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-bench.h"

#include "ns3/boolean.h"
#include "ns3/cost-ledger.h"
#include "ns3/data-partition.h"
#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/serverless-training-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/synthetic-data.h"
#include "ns3/training-run.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <memory>
#include <numeric>

namespace ns3
{
namespace serverless
{

namespace
{

/**
 * A factory of one of the module's classes.
 * @param type its name without namespaces
 * @param adjust sets attributes, or empty
 * @return the factory
 */
ObjectFactory
MakeFactory(const std::string& type, const TrainingSetting::Adjust& adjust)
{
    ObjectFactory factory("ns3::serverless::" + type);
    if (adjust)
    {
        adjust(factory);
    }
    return factory;
}

/**
 * What is learned.
 * @param setting the training
 * @return the task
 */
LearningTask
MakeTask(const TrainingSetting& setting)
{
    LearningTask task;
    task.training =
        learning::LogisticLaw(setting.features, 100, 0.75, 0, 1).Generate(setting.samples, 0);
    task.model = ObjectFactory("ns3::learning::" + setting.model).Create<learning::LearningModel>();
    task.model->SetInput(task.training->GetShape(), 2);
    task.optimizer.SetTypeId("ns3::learning::StochasticGradientDescent");
    task.optimizer.Set("LearningRate", DoubleValue(setting.learningRate));
    task.batchSize = setting.batch;
    const auto partition = CreateObject<learning::LabelSortedPartition>();
    partition->SetAttribute("SortedFraction", DoubleValue(setting.sorted));
    task.parts = partition->Split(*task.training, setting.workers, 1);
    return task;
}

/**
 * Puts the parts of a training together, but for where it runs.
 * @param setting the training
 * @param helper the helper
 */
void
Configure(const TrainingSetting& setting, ServerlessTrainingHelper& helper)
{
    helper.SetTask(MakeTask(setting));
    helper.SetOptimization(MakeFactory(setting.optimization, setting.adjustOptimization));
    if (setting.channel == "ParameterMachine")
    {
        ObjectFactory exchange = MakeFactory("ParameterExchange", setting.adjustCollective);
        exchange.Set("NumberBytes", UintegerValue(8));
        helper.SetCollective(exchange);
    }
    else if (!setting.collective.empty())
    {
        helper.SetCollective(MakeFactory(setting.collective, setting.adjustCollective));
    }
    const ObjectFactory channel = MakeFactory(setting.channel, setting.adjustChannel);
    if (setting.channel == "ObjectStore")
    {
        helper.SetStore(channel);
    }
    else
    {
        helper.SetChannel(channel);
    }
    if (!setting.workerRate.empty())
    {
        helper.SetWorkerRate(DataRate(setting.workerRate));
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
    job->epochs = setting.epochs;
    job->targetLoss = setting.targetLoss;
    job->dataBytes = setting.dataBytes;
    job->modelBytes = setting.modelBytes;
    job->epochSeconds = setting.epochSeconds;
    job->evaluated.resize(setting.evaluated);
    std::iota(job->evaluated.begin(), job->evaluated.end(), 0);
}

/**
 * Notes what workers and services do.
 * @param helper the training, installed
 * @param outcome filled in as the training goes on; must outlive it
 */
void
Observe(const ServerlessTrainingHelper& helper, BenchOutcome& outcome)
{
    outcome.firstLoads.resize(helper.GetWorkers().size());
    outcome.firstRounds.resize(helper.GetWorkers().size());
    outcome.firstLosses.resize(helper.GetWorkers().size());
    const auto hasExchanged = std::make_shared<std::vector<bool>>(helper.GetWorkers().size());
    for (const Ptr<TrainingWorker>& worker : helper.GetWorkers())
    {
        worker->TraceConnectWithoutContext(
            "State",
            Callback<void, uint32_t, TrainingWorker::State>(
                [&helper, &outcome, hasExchanged](uint32_t index, TrainingWorker::State state) {
                    outcome.log += std::to_string(Simulator::Now().GetNanoSeconds()) + " " +
                                   std::to_string(index) + " " +
                                   TrainingWorker::GetStateName(state) + "\n";
                    if (state == TrainingWorker::LOADING && outcome.firstLoads[index].IsZero())
                    {
                        outcome.firstLoads[index] = Simulator::Now();
                    }
                    if ((*hasExchanged)[index] && outcome.firstRounds[index].IsZero())
                    {
                        outcome.firstRounds[index] = Simulator::Now();
                        outcome.firstLosses[index] =
                            helper.GetWorkers()[index]->GetOptimization()->GetLoss(
                                helper.GetJob()->evaluated);
                    }
                    (*hasExchanged)[index] = state == TrainingWorker::SYNCHRONIZING;
                }));
        worker->TraceConnectWithoutContext(
            "Instance",
            Callback<void, uint32_t, Time, uint32_t>([&outcome](uint32_t, Time duration, uint32_t) {
                outcome.longestInstance = std::max(outcome.longestInstance, duration);
            }));
    }
    for (uint32_t service = 0; service < helper.GetServiceCount(); ++service)
    {
        helper.GetService(service)->TraceConnectWithoutContext(
            "Request",
            Callback<void, const StorageRequestRecord&>(
                [&outcome](const StorageRequestRecord& record) {
                    outcome.log += std::to_string(Simulator::Now().GetNanoSeconds()) + " " +
                                   GetOperationName(record.operation) + " " + record.name + "\n";
                }));
    }
}

/**
 * Looks at what is there after a training.
 * @param helper the training
 * @param outcome filled in
 */
void
Collect(const ServerlessTrainingHelper& helper, BenchOutcome& outcome)
{
    for (const Ptr<TrainingWorker>& worker : helper.GetWorkers())
    {
        outcome.models.push_back(worker->GetOptimization()->GetParameters());
        outcome.rounds.push_back(worker->GetRounds());
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
    outcome.error = helper.GetError();
    outcome.records = helper.GetJob()->GetRecords();
    outcome.end = helper.GetEndTime();
}

} // namespace

double
BenchOutcome::GetRoundSeconds() const
{
    return (records.back().time - records.front().time).GetSeconds() /
           static_cast<double>(records.size() - 1);
}

BenchOutcome
Train(const TrainingSetting& setting)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(setting.run);
    ServerlessTrainingHelper helper;
    Configure(setting, helper);
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
        if (!setting.startUp.empty())
        {
            platform->SetAttribute("StartUpTable", StringValue(setting.startUp));
        }
        if (setting.adjustPlatform)
        {
            setting.adjustPlatform(*platform);
        }
        helper.SetPlatform(platform);
    }
    BenchOutcome outcome;
    const auto ledger = CreateObject<CostLedger>();
    const TrainingOutcome trained = RunTraining(helper, ledger, [&] { Observe(helper, outcome); });
    outcome.requests = trained.requests;
    outcome.throttled = trained.throttled;
    outcome.events = Simulator::GetEventCount();
    Collect(helper, outcome);
    outcome.cost = ledger->GetTotal();
    outcome.ledger = ledger->Describe();
    for (const CostLedger::Entry& entry : ledger->GetEntries())
    {
        outcome.items[entry.item] = entry.quantity;
    }
    Simulator::Destroy();
    return outcome;
}

TrainingSetting
MakeTimedSetting(uint32_t workers, uint64_t modelBytes, double roundSeconds)
{
    TrainingSetting setting;
    setting.workers = workers;
    setting.samples = 10 * workers;
    setting.batch = 10;
    setting.features = 27; // 28 numbers with the bias, of 8 bytes at most: 224
    setting.evaluated = 1;
    setting.dataBytes = 1000;
    setting.modelBytes = modelBytes;
    setting.epochSeconds = roundSeconds * workers;
    setting.optimization = "AveragedGradients";
    setting.collective = "AllReduce";
    setting.adjustCollective = [](ObjectFactory& factory) {
        factory.Set("Timeout", TimeValue(Seconds(10000)));
    };
    setting.lifetime = Seconds(1e6);
    setting.startUp = "0:0";
    setting.workerRate = "520Mbps";
    return setting;
}

void
LeaveOutPolls(TrainingSetting& setting)
{
    const TrainingSetting::Adjust before = setting.adjustCollective;
    setting.adjustCollective = [before](ObjectFactory& factory) {
        if (before)
        {
            before(factory);
        }
        factory.Set("Waits", BooleanValue(true));
        factory.Set("Deletes", BooleanValue(false));
    };
}

} // namespace serverless
} // namespace ns3
