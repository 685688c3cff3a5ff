/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What serverless-training and advise share: words for types, and options that say what is learned.

#ifndef TRAINING_OPTIONS_H
#define TRAINING_OPTIONS_H

#include "ns3/dataset-loader.h"
#include "ns3/local-optimization.h"
#include "ns3/scenario-options.h"
#include "ns3/type-specification.h"

#include <cstdint>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>

namespace example
{

using namespace ns3;
using namespace ns3::serverless;
using learning::ScenarioOptions;

constexpr uint32_t MOST = std::numeric_limits<uint32_t>::max(); //!< of a count

/// Short names of types.
using Words = std::map<std::string, std::string>;

inline const Words MODELS{{"lr", "ns3::learning::LogisticRegression"},
                          {"svm", "ns3::learning::LinearSupportVectorMachine"},
                          {"softmax", "ns3::learning::SoftmaxRegression"},
                          {"mlp", "ns3::learning::MultilayerPerceptron"}}; //!< of --model

inline const Words OPTIMIZATIONS{
    {"ga", "ns3::serverless::AveragedGradients"},
    {"ma", "ns3::serverless::AveragedModels"},
    {"admm", "ns3::serverless::ConsensusAdmm"},
    {"kmeans", "ns3::serverless::KMeansClustering"}}; //!< of --optimization

inline const Words PATTERNS{
    {"allreduce", "ns3::serverless::AllReduce"},
    {"scatterreduce", "ns3::serverless::ScatterReduce"},
    {"ring", "ns3::serverless::RingAllReduce"},
    {"async", "ns3::serverless::AsynchronousExchange"},
    {"stale", "ns3::serverless::StaleExchange"},
    {"parameter-server", "ns3::serverless::ParameterExchange"}}; //!< of --pattern

inline const Words CHANNELS{{"s3", "ns3::serverless::ObjectStore"},
                            {"memcached", "ns3::serverless::MemcachedCache"},
                            {"redis", "ns3::serverless::RedisCache"},
                            {"dynamodb", "ns3::serverless::DynamoTable"},
                            {"vm", "ns3::serverless::ParameterMachine"}}; //!< of --channel

/**
 * Lists words.
 * @param words the words
 * @return separated by commas
 */
inline std::string
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
 * Makes what a word or a type's name says.
 * @param options the options
 * @param name of the option that it is from
 * @param text word or full name; attributes may follow in brackets
 * @param words short names, or none
 * @param parent what the type must derive from
 * @return a factory
 */
inline ObjectFactory
MakeType(ScenarioOptions& options,
         const std::string& name,
         const std::string& text,
         const Words& words,
         TypeId parent)
{
    const std::string word = text.substr(0, text.find('['));
    const auto found = words.find(word);
    try
    {
        if (found != words.end())
        {
            return learning::MakeFactory(found->second + text.substr(word.size()), parent);
        }
        if (words.empty() || word.find("::") != std::string::npos)
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
 * Reads an option that names a type.
 * @param options the options
 * @param name of the option
 * @param words short names
 * @param parent what the type must derive from
 * @return a factory
 */
inline ObjectFactory
ReadType(ScenarioOptions& options, const std::string& name, const Words& words, TypeId parent)
{
    return MakeType(options, name, options.GetText(name), words, parent);
}

/**
 * Adds options: what is learned.
 * @param options where to
 */
inline void
AddTaskOptions(ScenarioOptions& options)
{
    options.Add("dataset",
                "data set, such as libsvm:FILE or synthetic-logistic:OPTIONS (core module)",
                "synthetic-logistic:samples=110000,testSamples=2,features=28,condition=100,"
                "signal=0.75,noise=0");
    options.Add("dataDirectory", "where its files are", "");
    options.Add("dataBytes",
                "declared bytes of the training set; 8 GB: Higgs (LambdaML, unverified)",
                "8000000000");
    options.Add("model", "model: " + List(MODELS), "lr");
    options.Add("modelBytes", "declared bytes of the model; 0: those of its numbers", "0");
    options.Add("epochSeconds",
                "computation of one epoch on one reference machine, in s; 80: Higgs, by 8 s on "
                "each of 10 (LambdaML, unverified)",
                "80");
    options.Add(
        "epochOperations",
        "instead: floating-point operations of one epoch, at --operationsPerSecond; 0: none",
        "0");
    options.Add(
        "operationsPerSecond",
        "operations that the reference machine does in a second, at least 1; 1e10 is assumed",
        "1e10");
    options.Add("batchSeconds",
                "instead: a mini-batch as timed on one reference machine, in s, of which an epoch "
                "has --epochBatches; 0: none",
                "0");
    options.Add("epochBatches", "mini-batches of one epoch, at least 1", "1");
}

/**
 * Adds options: steps of each worker.
 * @param options where to
 */
inline void
AddStepOptions(ScenarioOptions& options)
{
    options.Add("optimizer",
                "optimizer of each worker: type[attribute=value|...]",
                "ns3::learning::StochasticGradientDescent[LearningRate=0.1]");
    options.Add("batch", "samples of a worker's mini-batch, at least 1", "1000");
}

/**
 * Adds the option of prices.
 * @param options where to
 */
inline void
AddPricesOption(ScenarioOptions& options)
{
    options.Add("prices",
                "price table, perhaps with changes: aws-2020,vm:t2.medium=0.05",
                "aws-2020");
}

/**
 * Reads how long an epoch computes: as declared, by its operations, or by the time of a mini-batch.
 * @param options the options
 * @return s on one reference machine
 */
inline double
ReadEpochSeconds(ScenarioOptions& options)
{
    constexpr double LONGEST = 1e8;
    double seconds = 0;
    std::string name = "epochSeconds";
    if (const double operations = options.GetNumber("epochOperations", 0, 1e26); operations > 0)
    {
        name = "epochOperations";
        seconds = operations / options.GetNumber("operationsPerSecond", 1, 1e18);
    }
    else if (const double batch = options.GetNumber("batchSeconds", 0, LONGEST); batch > 0)
    {
        name = "batchSeconds";
        seconds = batch * options.GetNumber("epochBatches", 1, 1e12);
    }
    else
    {
        seconds = options.GetNumber("epochSeconds", 0, LONGEST);
    }
    if (seconds > LONGEST)
    {
        options.Reject(name, "an epoch would compute for more than 1e8 s");
    }
    return seconds;
}

/**
 * Reads what is learned, and how.
 * @param options the options
 * @param clusters whether it is clustering, which needs no model
 * @return the task, without parts
 */
inline LearningTask
ReadTask(ScenarioOptions& options, bool clusters)
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
    return task;
}

} // namespace example

#endif /* TRAINING_OPTIONS_H */
