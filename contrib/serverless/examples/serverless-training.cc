/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// One training by functions or by virtual machines that exchange their models through a storage
// service: every knob is an option, the last line of the output sums the run up, with what the
// analytic model predicts and what the training costs. The sweep driver can run it.

#include "ns3/analytic-model.h"
#include "ns3/boolean.h"
#include "ns3/cost-ledger.h"
#include "ns3/data-file.h"
#include "ns3/data-partition.h"
#include "ns3/dataset-loader.h"
#include "ns3/double.h"
#include "ns3/parameter-machine.h"
#include "ns3/pointer.h"
#include "ns3/scenario-options.h"
#include "ns3/serverless-training-helper.h"
#include "ns3/simulator.h"
#include "ns3/store-collective.h"
#include "ns3/string.h"
#include "ns3/type-specification.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <numeric>
#include <sstream>
#include <stdexcept>

using namespace ns3;
using namespace ns3::serverless;
using learning::ScenarioOptions;

namespace
{

constexpr double INF = std::numeric_limits<double>::max();
constexpr uint32_t MOST = std::numeric_limits<uint32_t>::max();

/// Short names of types.
using Words = std::map<std::string, std::string>;

const Words MODELS{{"lr", "ns3::learning::LogisticRegression"},
                   {"svm", "ns3::learning::LinearSupportVectorMachine"},
                   {"softmax", "ns3::learning::SoftmaxRegression"},
                   {"mlp", "ns3::learning::MultilayerPerceptron"}}; //!< of --model

const Words OPTIMIZATIONS{{"ga", "ns3::serverless::AveragedGradients"},
                          {"ma", "ns3::serverless::AveragedModels"},
                          {"admm", "ns3::serverless::ConsensusAdmm"},
                          {"kmeans", "ns3::serverless::KMeansClustering"}}; //!< of --optimization

const Words PATTERNS{{"allreduce", "ns3::serverless::AllReduce"},
                     {"scatterreduce", "ns3::serverless::ScatterReduce"},
                     {"ring", "ns3::serverless::RingAllReduce"},
                     {"async", "ns3::serverless::AsynchronousExchange"},
                     {"stale", "ns3::serverless::StaleExchange"},
                     {"parameter-server", "ns3::serverless::ParameterExchange"}}; //!< of --pattern

const Words CHANNELS{{"s3", "ns3::serverless::ObjectStore"},
                     {"memcached", "ns3::serverless::MemcachedCache"},
                     {"redis", "ns3::serverless::RedisCache"},
                     {"dynamodb", "ns3::serverless::DynamoTable"},
                     {"vm", "ns3::serverless::ParameterMachine"}}; //!< of --channel

/**
 * Lists words.
 * @param words the words
 * @return separated by commas
 */
std::string
List(const Words& words)
{
    std::string list;
    for (const auto& [word, type] : words)
    {
        list += (list.empty() ? "" : ", ") + word;
    }
    return list;
}

/**
 * Reads an option that names a type.
 * @param options the options
 * @param name of the option
 * @param words short names; attributes may follow in brackets
 * @param parent what the type must derive from
 * @return a factory
 */
ObjectFactory
ReadType(ScenarioOptions& options, const std::string& name, const Words& words, TypeId parent)
{
    const std::string& text = options.GetText(name);
    const std::string word = text.substr(0, text.find('['));
    const auto found = words.find(word);
    try
    {
        if (found != words.end())
        {
            return learning::MakeFactory(found->second + text.substr(word.size()), parent);
        }
        if (word.find("::") != std::string::npos)
        {
            return learning::MakeFactory(text, parent);
        }
    }
    catch (const std::invalid_argument& error)
    {
        options.Reject(name, error.what());
    }
    options.Reject(name, "one of " + List(words) + ", or the full name of a type, is needed");
}

/**
 * Adds all options.
 * @param options where to
 */
void
AddOptions(ScenarioOptions& options)
{
    options.Add("platform", "what workers run on: function or machine", "function");
    options.Add("workers", "number of workers, 1 to 10000", "10");
    options.Add("dataset",
                "data set, such as libsvm:FILE or synthetic-logistic:OPTIONS (core module)",
                "synthetic-logistic:samples=110000,testSamples=2,features=28,condition=100,"
                "signal=0.75,noise=0");
    options.Add("dataDirectory", "where its files are", "");
    options.Add("dataBytes", "declared bytes of the training set", "8000000000");
    options.Add("model", "model: " + List(MODELS), "lr");
    options.Add("modelBytes", "declared bytes of the model; 0: those of its numbers", "0");
    options.Add("epochSeconds", "computation of one epoch on one reference machine, in s", "80");
    options.Add("optimization", "algorithm: " + List(OPTIMIZATIONS), "admm");
    options.Add("optimizer",
                "optimizer of each worker: type[attribute=value|...]",
                "ns3::learning::StochasticGradientDescent[LearningRate=0.1]");
    options.Add("batch", "samples of a worker's mini-batch, at least 1", "1000");
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
    options.Add("segmentBytes", "bytes in a TCP segment, 500 to 65000", "64000");
    options.Add("straggler",
                "random factor of each computation",
                "ns3::ConstantRandomVariable[Constant=1]");
    options.Add("slowWorkers", "number of slow workers", "0");
    options.Add("slowdown", "factor of their computations, above 0", "2");
    options.Add("failingWorker", "index of a worker that breaks down", "0");
    options.Add("failureTime", "when it does, since its start; 0s: never", "0s");
    options.Add("prices",
                "price table, perhaps with changes: aws-2020,vm:t2.medium=0.05",
                "aws-2020");
    options.Add("ledger", "whether to print all items of the cost: 0 or 1", "0");
    options.Add("records", "whether to print the loss of every evaluated round: 0 or 1", "0");
    options.Add("csv", "CSV file to write evaluated rounds to; empty: none", "");
    options.Add("threads", "cores of this computer to use, 1 to 1024", "1");
}

/**
 * Reads what is learned.
 * @param options the options
 * @param workers how many
 * @param clusters whether it is clustering, which needs no model
 * @return the task
 */
LearningTask
ReadTask(ScenarioOptions& options, uint32_t workers, bool clusters)
{
    LearningTask task;
    task.training =
        learning::LoadDataset(options.GetText("dataset"), options.GetText("dataDirectory"))
            .training;
    if (!clusters)
    {
        task.model = ReadType(options, "model", MODELS, learning::LearningModel::GetTypeId())
                         .Create<learning::LearningModel>();
        task.model->SetInput(task.training->GetShape(), task.training->GetClassCount());
        task.optimizer = ReadType(options, "optimizer", {}, learning::Optimizer::GetTypeId());
        task.batchSize = options.GetUnsigned("batch", 1, MOST);
    }
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
void
ReadJob(ScenarioOptions& options, TrainingJob& job, uint32_t samples)
{
    job.dataBytes = static_cast<uint64_t>(options.GetNumber("dataBytes", 0, 1e15));
    job.modelBytes = static_cast<uint64_t>(options.GetNumber("modelBytes", 0, 1e12));
    job.epochSeconds = options.GetNumber("epochSeconds", 0, 1e8);
    job.rounds = options.GetUnsigned("rounds", 0, 1000000000);
    job.epochs = options.GetNumber("epochs", 0, 1e9);
    job.targetLoss = options.GetNumber("targetLoss", 0, INF);
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
 * Mean of a service's latency.
 * @param service the service; its random stream is used up
 * @return s, with the round trip
 */
double
GetMeanLatency(Ptr<StorageService> service)
{
    constexpr int DRAWS = 1000;
    PointerValue latency;
    service->GetAttribute("Latency", latency);
    double sum = 0;
    for (int i = 0; i < DRAWS; ++i)
    {
        sum += std::max(0.0, latency.Get<RandomVariableStream>()->GetValue());
    }
    return sum / DRAWS + 0.001;
}

/**
 * Rate of a channel for all workers.
 * @param service the service
 * @return bytes a second, 0 for no limit
 */
double
GetAggregateRate(Ptr<StorageService> service)
{
    DataRateValue aggregate;
    service->GetAttribute("AggregateRate", aggregate);
    return static_cast<double>(aggregate.Get().GetBitRate()) / 8;
}

/**
 * Rate of a channel for one worker.
 * @param service the service
 * @param worker rate of the worker's interface
 * @return bytes a second
 */
double
GetRate(Ptr<StorageService> service, DataRate worker)
{
    auto rate = static_cast<double>(worker.GetBitRate());
    DataRateValue connection;
    service->GetAttribute("ConnectionRate", connection);
    if (connection.Get().GetBitRate() != 0)
    {
        rate = std::min(rate, static_cast<double>(connection.Get().GetBitRate()));
    }
    const double aggregate = GetAggregateRate(service) * 8;
    if (aggregate != 0)
    {
        rate = std::min(rate, aggregate);
    }
    return rate / 8;
}

/// What the whole run is made of.
struct Run
{
    ServerlessTrainingHelper helper; //!< the training
    Ptr<FunctionPlatform> platform;  //!< or null
    Ptr<MachineFleet> fleet;         //!< or null
    Ptr<CostLedger> ledger;          //!< what it costs
    DataRate workerRate;             //!< of interfaces
    std::string pattern;             //!< type of the collective
    uint32_t numberBytes{4};         //!< on the wire
};

/**
 * What the corrected analytic model says, from the run's own constants.
 * @param run the run
 * @return the job
 */
AnalyticJob
MakeAnalyticJob(const Run& run)
{
    const Ptr<TrainingJob> job = run.helper.GetJob();
    const Ptr<TrainingWorker> worker = run.helper.GetWorkers()[0];
    const Ptr<LocalOptimization> part = worker->GetOptimization();
    const Ptr<StorageService> channel = run.helper.GetService(run.helper.GetServiceCount() - 1);
    AnalyticJob analytic;
    analytic.workers = job->workers;
    analytic.startUp = run.platform ? channel->GetReadyTime().GetSeconds() +
                                          run.platform->DrawStart(job->workers - 1).GetSeconds()
                                    : run.fleet->GetBootTime(job->workers).GetSeconds();
    analytic.dataBytes = static_cast<double>(job->dataBytes);
    analytic.loadRate = GetRate(run.helper.GetService(0), run.workerRate);
    if (run.fleet && run.fleet->GetSource() != MachineFleet::STORE)
    {
        analytic.dataBytes =
            run.fleet->GetSource() == MachineFleet::MEMORY ? 0 : analytic.dataBytes;
        analytic.loadRate = 1e9 / run.fleet->GetDiskTime(1000000000).GetSeconds();
    }
    analytic.vectorBytes = std::max(static_cast<double>(part->GetVector().size() * run.numberBytes),
                                    static_cast<double>(job->modelBytes) * part->GetVectorFactor());
    analytic.rounds = worker->GetRounds();
    analytic.roundSeconds = part->GetEpochsPerRound() * job->epochSeconds *
                            (run.platform ? run.platform->GetSlowdown() : run.fleet->GetSlowdown());
    analytic.rate = GetRate(channel, run.workerRate);
    analytic.aggregateRate = GetAggregateRate(channel);
    analytic.latency = GetMeanLatency(channel);
    analytic.pattern = ExchangePattern::ALL_REDUCE;
    if (run.pattern == "ns3::serverless::ScatterReduce")
    {
        analytic.pattern = ExchangePattern::SCATTER_REDUCE;
    }
    else if (run.pattern == "ns3::serverless::RingAllReduce")
    {
        analytic.pattern = ExchangePattern::RING;
        analytic.rate = static_cast<double>(run.workerRate.GetBitRate()) / 8;
        analytic.latency = 0.0005;
    }
    return analytic;
}

/**
 * Sums the run up.
 * @param run the run
 * @return the line
 */
std::string
Summarize(Run& run)
{
    const Ptr<TrainingJob> job = run.helper.GetJob();
    const Time end = run.helper.GetEndTime();
    Time ready; // of all services
    for (uint32_t service = 0; service < run.helper.GetServiceCount(); ++service)
    {
        run.ledger->AddNode(run.helper.GetService(service), end);
        ready = std::max(ready, run.helper.GetService(service)->GetReadyTime());
    }
    if (run.fleet)
    {
        run.ledger->AddMachines(run.fleet->GetMachineType(), job->workers, end);
    }
    uint32_t invocations = 0;
    uint32_t failed = 0;
    Time longestStart;
    for (const Ptr<TrainingWorker>& worker : run.helper.GetWorkers())
    {
        failed += worker->GetState() != TrainingWorker::DONE;
        longestStart = std::max(longestStart, worker->GetTime(TrainingWorker::STARTING));
        if (const auto function = DynamicCast<FunctionWorker>(worker))
        {
            invocations += function->GetInvocations();
        }
    }
    const auto seconds = [&run](TrainingWorker::State state) {
        return run.helper.GetMeanSeconds(state);
    };
    // functions are invoked when services are there, machines boot meanwhile
    const Time lastStart = run.platform ? ready + longestStart : std::max(ready, longestStart);
    std::ostringstream text;
    text << std::setprecision(10) << "summary: workers=" << job->workers
         << " rounds=" << run.helper.GetWorkers()[0]->GetRounds() << " failed_workers=" << failed
         << " time_s=" << end.GetSeconds() << " start_s=" << seconds(TrainingWorker::STARTING)
         << " last_start_s=" << lastStart.GetSeconds()
         << " load_s=" << seconds(TrainingWorker::LOADING)
         << " compute_s=" << seconds(TrainingWorker::COMPUTING)
         << " exchange_s=" << seconds(TrainingWorker::SYNCHRONIZING)
         << " checkpoint_s=" << seconds(TrainingWorker::CHECKPOINTING)
         << " invocations=" << invocations << " cost_nano_usd=" << run.ledger->GetTotal();
    if (!job->GetRecords().empty())
    {
        const TrainingJob::Record& last = job->GetRecords().back();
        text << " epochs=" << last.epochs << " loss=" << last.loss << " accuracy=" << last.accuracy
             << " reached=" << job->IsTargetReached();
    }
    const bool hasModel = run.pattern == "ns3::serverless::AllReduce" ||
                          run.pattern == "ns3::serverless::ScatterReduce" ||
                          run.pattern == "ns3::serverless::RingAllReduce";
    if (hasModel)
    {
        const AnalyticJob analytic = MakeAnalyticJob(run);
        const AnalyticTime predicted = Predict(analytic);
        text << " predicted_time_s=" << predicted.GetTotal()
             << " predicted_start_s=" << predicted.startUp << " predicted_load_s=" << predicted.load
             << " predicted_compute_s=" << predicted.computation
             << " predicted_exchange_s=" << predicted.communication
             << " printed_time_s=" << PredictAsPrinted(analytic).GetTotal();
    }
    return text.str();
}

/**
 * Writes what was recorded of each evaluated round.
 * @param records in order of time
 * @param file path of a CSV file, or empty for none
 * @throws std::runtime_error if it cannot be written
 */
void
WriteRecords(const std::vector<TrainingJob::Record>& records, const std::string& file)
{
    if (file.empty())
    {
        return;
    }
    std::ofstream stream(file);
    stream << std::setprecision(10) << "round,epochs,time_s,train_loss,train_accuracy\n";
    for (const TrainingJob::Record& record : records)
    {
        stream << record.round << "," << record.epochs << "," << record.time.GetSeconds() << ","
               << record.loss << "," << record.accuracy << "\n";
    }
    if (!stream.flush())
    {
        throw std::runtime_error("--csv=" + file + ": cannot be written");
    }
}

/**
 * Reads where workers run, and what they exchange models over.
 * @param options the options
 * @param run filled in
 */
void
ReadPlatform(ScenarioOptions& options, Run& run)
{
    const bool onMachines = options.GetWord("platform", {"function", "machine"}) == 1;
    if (onMachines)
    {
        run.fleet = CreateObject<MachineFleet>();
        run.helper.SetFleet(run.fleet);
        run.workerRate = run.fleet->GetNetworkRate();
    }
    else
    {
        run.platform = CreateObject<FunctionPlatform>();
        run.helper.SetPlatform(run.platform);
        run.workerRate = run.platform->GetNetworkRate();
    }
    if (options.GetText("workerRate") != "auto")
    {
        run.workerRate = options.GetRate("workerRate");
        run.helper.SetWorkerRate(run.workerRate);
    }
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
    run.pattern = pattern.GetTypeId().GetName();
    const bool isExchange = run.pattern == "ns3::serverless::ParameterExchange";
    if (isServer != isExchange && run.pattern != "ns3::serverless::RingAllReduce")
    {
        options.Reject("pattern", "parameter-server goes with --channel=vm, and with no other");
    }
    if (isExchange)
    {
        pattern.Set("NumberBytes", UintegerValue(8));
        run.numberBytes = 8;
    }
    run.helper.SetCollective(pattern);
    const bool isRing = run.pattern == "ns3::serverless::RingAllReduce";
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
        run.helper.SetChannel(channel);
    }
    else if (!isRing)
    {
        run.helper.SetStore(channel);
    }
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 * @return exit status
 */
int
RunScenario(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__,
                            "Trains by functions or by virtual machines over storage services; "
                            "real gradients, real packets, simulated time and cost.");
    AddOptions(options);
    options.Parse(argc, argv);
    Run run;
    const uint32_t workers = options.GetUnsigned("workers", 1, 10000);
    ReadPlatform(options, run);
    const ObjectFactory optimization =
        ReadType(options, "optimization", OPTIMIZATIONS, LocalOptimization::GetTypeId());
    const bool clusters = optimization.GetTypeId().GetName() == "ns3::serverless::KMeansClustering";
    const LearningTask task = ReadTask(options, workers, clusters);
    const Ptr<TrainingJob> job = run.helper.GetJob();
    job->workers = workers;
    ReadJob(options, *job, task.training->GetSampleCount());
    run.helper.SetTask(task);
    run.helper.SetOptimization(optimization);
    run.helper.SetDropRate(options.GetNumber("dropRate", 0, 1));
    run.helper.SetSegmentBytes(options.GetUnsigned("segmentBytes", 500, 65000));
    const std::string& straggler = options.GetText("straggler");
    learning::MakeFactory(straggler, RandomVariableStream::GetTypeId()); // a mistake is told here
    run.helper.SetStraggler(straggler);
    const uint32_t slow = options.GetUnsigned("slowWorkers", 0, workers);
    if (slow != 0)
    {
        run.helper.SetSlowWorkers(slow, options.GetNumber("slowdown", 1e-6, 1e6));
    }
    const Time failure = options.GetTime("failureTime");
    if (!failure.IsZero())
    {
        run.helper.SetFailure(options.GetUnsigned("failingWorker", 0, workers - 1), failure);
    }
    run.ledger = CreateObject<CostLedger>();
    run.ledger->SetAttribute("Prices", StringValue(options.GetText("prices")));
    run.ledger->GetPrices(); // a mistake is told here
    const bool printsLedger = options.GetUnsigned("ledger", 0, 1) != 0;
    const bool printsRecords = options.GetUnsigned("records", 0, 1) != 0;
    const std::string csv = options.GetText("csv");
    options.CheckAllRead();
    if (run.fleet)
    {
        run.ledger->GetPrices().GetPrice("vm:" + run.fleet->GetMachineType());
    }
    run.helper.Install();
    for (const Ptr<TrainingWorker>& worker : run.helper.GetWorkers())
    {
        run.ledger->ObserveWorker(worker, run.platform);
    }
    for (uint32_t service = 0; service < run.helper.GetServiceCount(); ++service)
    {
        run.ledger->ObserveService(run.helper.GetService(service));
    }

    Simulator::Run();
    const std::string summary = Summarize(run);
    if (printsRecords)
    {
        std::cout << "round epochs time_s loss accuracy\n";
        for (const TrainingJob::Record& record : job->GetRecords())
        {
            std::cout << record.round << " " << record.epochs << " " << record.time.GetSeconds()
                      << " " << record.loss << " " << record.accuracy << "\n";
        }
    }
    if (printsLedger)
    {
        std::cout << run.ledger->Describe();
    }
    WriteRecords(job->GetRecords(), csv);
    const std::string error = run.helper.GetError();
    if (!error.empty())
    {
        throw std::runtime_error(error);
    }
    std::cout << summary << std::endl;
    return EXIT_SUCCESS;
}

} // namespace

int
main(int argc, char* argv[])
{
    int status = 1;
    std::string message;
    try
    {
        status = RunScenario(argc, argv);
    }
    catch (const std::invalid_argument& error)
    {
        status = 2;
        message = error.what();
    }
    catch (const std::exception& error)
    {
        message = error.what();
    }
    if (!message.empty())
    {
        std::cerr << "serverless-training: " << message << std::endl;
    }
    Simulator::Destroy();
    return status;
}
