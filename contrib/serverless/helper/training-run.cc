/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-run.h"

#include "training-prediction.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace ns3
{
namespace serverless
{

TrainingOutcome
RunTraining(ServerlessTrainingHelper& training,
            Ptr<CostLedger> ledger,
            const std::function<void()>& observe)
{
    const auto counts = std::make_shared<std::pair<uint64_t, uint64_t>>();
    if (training.GetFleet())
    {
        ledger->GetPrices().GetPrice("vm:" + training.GetFleet()->GetMachineType());
    }
    training.Install();
    for (const Ptr<TrainingWorker>& worker : training.GetWorkers())
    {
        ledger->ObserveWorker(worker, training.GetPlatform());
    }
    for (uint32_t service = 0; service < training.GetServiceCount(); ++service)
    {
        ledger->ObserveService(training.GetService(service));
        training.GetService(service)->TraceConnectWithoutContext(
            "Request",
            Callback<void, const StorageRequestRecord&>(
                [counts](const StorageRequestRecord& record) {
                    ++counts->first;
                    counts->second += record.status == StorageFrame::THROTTLED;
                }));
    }
    if (observe)
    {
        observe();
    }
    Simulator::Run();

    const Time end = training.GetEndTime();
    Time ready; // of all services
    for (uint32_t service = 0; service < training.GetServiceCount(); ++service)
    {
        ledger->AddNode(training.GetService(service), end);
        ready = std::max(ready, training.GetService(service)->GetReadyTime());
    }
    if (training.GetFleet())
    {
        ledger->AddMachines(training.GetFleet()->GetMachineType(),
                            training.GetJob()->workers,
                            end - training.GetLaunchTime());
    }
    TrainingOutcome outcome;
    Time longestStart;
    for (const Ptr<TrainingWorker>& worker : training.GetWorkers())
    {
        outcome.failed += worker->GetState() != TrainingWorker::DONE;
        longestStart = std::max(longestStart, worker->GetTime(TrainingWorker::STARTING));
        if (const auto function = DynamicCast<FunctionWorker>(worker))
        {
            outcome.invocations += function->GetInvocations();
        }
    }
    // functions are invoked when services are there, machines boot meanwhile
    outcome.lastStart =
        (training.GetPlatform() ? ready + longestStart : std::max(ready, longestStart))
            .GetSeconds();
    outcome.requests = counts->first;
    outcome.throttled = counts->second;
    outcome.seconds = end.GetSeconds();
    outcome.start = training.GetMeanSeconds(TrainingWorker::STARTING);
    outcome.load = training.GetMeanSeconds(TrainingWorker::LOADING);
    outcome.compute = training.GetMeanSeconds(TrainingWorker::COMPUTING);
    outcome.exchange = training.GetMeanSeconds(TrainingWorker::SYNCHRONIZING);
    outcome.checkpoint = training.GetMeanSeconds(TrainingWorker::CHECKPOINTING);
    outcome.dollars = static_cast<double>(ledger->GetTotal()) * 1e-9;
    outcome.rounds = training.GetWorkers().front()->GetRounds();
    if (!training.GetJob()->GetRecords().empty())
    {
        const TrainingJob::Record& last = training.GetJob()->GetRecords().back();
        outcome.loss = last.loss;
        outcome.accuracy = last.accuracy;
    }
    outcome.isReached = training.GetJob()->IsTargetReached();
    outcome.error = training.GetError();
    if (outcome.rounds > 0)
    {
        outcome.predicted = PredictTraining(training, ledger);
    }
    return outcome;
}

} // namespace serverless
} // namespace ns3
