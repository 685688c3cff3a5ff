/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Options of serverless-training: what they are, and what they mean.

#ifndef SERVERLESS_OPTIONS_H
#define SERVERLESS_OPTIONS_H

#include "training-options.h"

#include "ns3/data-partition.h"
#include "ns3/double.h"
#include "ns3/parameter-machine.h"
#include "ns3/serverless-training-helper.h"
#include "ns3/store-collective.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

namespace example
{

/**
 * Adds all options.
 * @param options where to
 */
inline void
AddOptions(ScenarioOptions& options)
{
    options.Add("platform", "what workers run on: function or machine", "function");
    options.Add("workers", "number of workers, 1 to 10000", "10");
    AddTaskOptions(options);
    options.Add("optimization", "algorithm: " + List(OPTIMIZATIONS), "admm");
    AddStepOptions(options);
    options.Add("sortedFraction", "share of the samples that is dealt by label, 0 to 1", "0");
    options.Add("pattern",
                "how models are exchanged: " + List(PATTERNS) +
                    "; auto: ring on machines, parameter-server with channel vm, else allreduce",
                "auto");
    options.Add("channel", "service for models: " + List(CHANNELS), "s3");
    options.Add("rounds", "most rounds; 0: no limit", "0");
    options.Add("epochs", "most epochs; 0: no limit", "10");
    options.Add("targetLoss", "ends the training when it is reached; 0: none", "0");
    options.Add("evaluateEvery", "rounds between evaluations, at least 1", "1");
    options.Add("evaluationSamples", "training samples that are evaluated; 0: all", "5000");
    options.Add("workerRate", "rate of workers' network interfaces; auto: the platform's", "auto");
    options.Add("dropRate", "probability that a packet is dropped on its way into a machine", "0");
    options.Add("segmentBytes",
                "bytes in a TCP segment, 500 to 65000; auto: each class's attribute SegmentBytes",
                "auto");
    options.Add("straggler",
                "random factor of each computation",
                "ns3::ConstantRandomVariable[Constant=1]");
    options.Add("slowWorkers", "number of slow workers", "0");
    options.Add("slowdown", "factor of their computations, above 0", "2");
    options.Add("failingWorker", "index of a worker that breaks down", "0");
    options.Add("failureTime", "when it does, since its start; 0s: never", "0s");
    AddPricesOption(options);
    options.Add("ledger", "whether to print all items of the cost: 0 or 1", "0");
    options.Add("records", "whether to print the loss of every evaluated round: 0 or 1", "0");
    options.Add("csv", "CSV file to write evaluated rounds to, as they end; empty: none", "");
    options.Add("threads", "cores of this computer to use, 1 to 1024", "1");
}

/**
 * Reads what is learned, and deals it to the workers.
 * @param options the options
 * @param workers how many
 * @param clusters whether it is clustering, which needs no model
 * @return the task
 */
inline LearningTask
ReadParts(ScenarioOptions& options, uint32_t workers, bool clusters)
{
    LearningTask task = ReadTask(options, clusters);
    const auto partition = CreateObject<learning::LabelSortedPartition>();
    partition->SetAttribute("SortedFraction",
                            DoubleValue(options.GetNumber("sortedFraction", 0, 1)));
    task.parts = partition->Split(*task.training, workers, 1);
    for (const auto& part : task.parts)
    {
        if (!clusters && task.batchSize > part.size())
        {
            options.Reject("batch",
                           "a worker has " + std::to_string(part.size()) + " of " +
                               std::to_string(task.training->GetSampleCount()) +
                               " samples: no more than that");
        }
    }
    return task;
}

/**
 * Reads how long to train and what to record.
 * @param options the options
 * @param job filled in
 * @param samples of the training set
 */
inline void
ReadJob(ScenarioOptions& options, TrainingJob& job, uint32_t samples)
{
    job.dataBytes = static_cast<uint64_t>(options.GetNumber("dataBytes", 0, 1e15));
    job.modelBytes = static_cast<uint64_t>(options.GetNumber("modelBytes", 0, 1e12));
    job.epochSeconds = ReadEpochSeconds(options);
    job.rounds = options.GetUnsigned("rounds", 0, 1000000000);
    job.epochs = options.GetNumber("epochs", 0, 1e9);
    job.targetLoss = options.GetNumber("targetLoss", 0, std::numeric_limits<double>::max());
    if (job.rounds == 0 && job.epochs == 0)
    {
        options.Reject("epochs", "without --rounds the run might never end");
    }
    job.evaluateEvery = options.GetUnsigned("evaluateEvery", 1, MOST);
    const uint32_t evaluated = options.GetUnsigned("evaluationSamples", 0, MOST);
    job.evaluated.resize(evaluated == 0 ? samples : std::min(evaluated, samples));
    std::iota(job.evaluated.begin(), job.evaluated.end(), 0);
    job.pool = Create<learning::ComputePool>(options.GetUnsigned("threads", 1, 1024));
}

/**
 * Reads where workers run.
 * @param options the options
 * @param helper filled in
 */
inline void
ReadPlatform(ScenarioOptions& options, ServerlessTrainingHelper& helper)
{
    if (options.GetWord("platform", {"function", "machine"}) == 1)
    {
        helper.SetFleet(CreateObject<MachineFleet>());
    }
    else
    {
        helper.SetPlatform(CreateObject<FunctionPlatform>());
    }
    if (options.GetText("workerRate") != "auto")
    {
        helper.SetWorkerRate(options.GetRate("workerRate"));
    }
}

/**
 * Reads how vectors are exchanged, and over what.
 * @param options the options
 * @param helper filled in; where workers run is known
 */
inline void
ReadExchange(ScenarioOptions& options, ServerlessTrainingHelper& helper)
{
    const bool onMachines = helper.GetFleet() != nullptr;
    const ObjectFactory channel =
        ReadType(options, "channel", CHANNELS, StorageService::GetTypeId());
    const bool isServer = channel.GetTypeId() == ParameterMachine::GetTypeId();
    ObjectFactory pattern(onMachines ? "ns3::serverless::RingAllReduce"
                          : isServer ? "ns3::serverless::ParameterExchange"
                                     : "ns3::serverless::AllReduce");
    if (options.GetText("pattern") != "auto")
    {
        pattern = ReadType(options, "pattern", PATTERNS, Collective::GetTypeId());
    }
    const std::string type = pattern.GetTypeId().GetName();
    const bool isRing = type == "ns3::serverless::RingAllReduce";
    const bool isExchange = type == "ns3::serverless::ParameterExchange";
    if (isServer != isExchange && !isRing)
    {
        options.Reject("pattern", "parameter-server goes with --channel=vm, and with no other");
    }
    if (isExchange)
    {
        if (options.GetText("pattern").find("NumberBytes=") != std::string::npos &&
            pattern.Create<Collective>()->GetNumberBytes() != 8)
        {
            options.Reject("pattern", "a parameter server takes numbers of 8 bytes: leave it out");
        }
        pattern.Set("NumberBytes", UintegerValue(8));
    }
    helper.SetCollective(pattern);
    if (isRing && !onMachines)
    {
        options.Reject("pattern", "a ring needs --platform=machine: functions take no connections");
    }
    if (isRing && options.GetText("channel") != "s3")
    {
        options.Reject("channel", "a ring exchanges through no service: leave it out");
    }
    if (channel.GetTypeId().GetName() != "ns3::serverless::ObjectStore" && !isRing)
    {
        helper.SetChannel(channel);
    }
    else if (!isRing)
    {
        helper.SetStore(channel);
    }
}

/**
 * Refuses an attribute of classes that this program sets itself.
 * @param helper what was read
 * @param argc number of arguments
 * @param argv the arguments
 * @throws std::invalid_argument with one sentence if there is one
 */
inline void
CheckAttributes(const ServerlessTrainingHelper& helper, int argc, char* argv[])
{
    const std::string name = "--ns3::serverless::Collective::NumberBytes=";
    if (helper.GetCollective().GetTypeId().GetName() != "ns3::serverless::ParameterExchange")
    {
        return;
    }
    for (int i = 1; i < argc; ++i)
    {
        const std::string argument = argv[i];
        if (argument.rfind(name, 0) == 0 && argument != name + "8")
        {
            throw std::invalid_argument(argument +
                                        ": a parameter server takes numbers of 8 bytes: leave it "
                                        "out");
        }
    }
}

/**
 * Reads what goes wrong.
 * @param options the options
 * @param helper filled in
 * @param workers how many
 */
inline void
ReadFaults(ScenarioOptions& options, ServerlessTrainingHelper& helper, uint32_t workers)
{
    helper.SetDropRate(options.GetNumber("dropRate", 0, 1));
    if (options.GetText("segmentBytes") != "auto")
    {
        helper.SetSegmentBytes(options.GetUnsigned("segmentBytes", 500, 65000));
    }
    ReadType(options, "straggler", {}, RandomVariableStream::GetTypeId()); // a mistake is told here
    helper.SetStraggler(options.GetText("straggler"));
    const uint32_t slow = options.GetUnsigned("slowWorkers", 0, workers);
    if (slow != 0)
    {
        helper.SetSlowWorkers(slow, options.GetNumber("slowdown", 1e-6, 1e6));
    }
    const Time failure = options.GetTime("failureTime");
    if (!failure.IsZero())
    {
        helper.SetFailure(options.GetUnsigned("failingWorker", 0, workers - 1), failure);
    }
}

} // namespace example

#endif /* SERVERLESS_OPTIONS_H */
