/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "learning-options.h"

#include "type-word.h"

#include "ns3/dataset-loader.h"
#include "ns3/double.h"

#include <algorithm>
#include <limits>
#include <string>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double INF = std::numeric_limits<double>::max();
constexpr uint32_t MAX_BATCH = 1000000;

/**
 * The schedule of the learning rate.
 * @param options the options
 * @return text of its type
 */
std::string
ReadSchedule(ScenarioOptions& options)
{
    // the one word with two arguments
    const auto [word, argument] = SplitAtColon(options.GetText("schedule"));
    const std::size_t at = argument.find('@');
    if (word == "step" && at != std::string::npos && at + 1 != argument.size())
    {
        std::string steps = argument.substr(at + 1);
        std::replace(steps.begin(), steps.end(), '+', ',');
        return CheckType(options,
                         "schedule",
                         "ns3::learning::StepDecaySchedule[Factor=" + argument.substr(0, at) +
                             "|Steps=" + steps + "]");
    }
    return ReadType(
        options,
        "schedule",
        {{"constant", "ConstantSchedule"},
         {"warm-up", "WarmUpSchedule", TypeWord::NUMBER, "Steps", "ROUNDS"},
         {"inverse-sqrt", "InverseSquareRootSchedule", TypeWord::NUMBER, "Period", "PERIOD"},
         {"step", "", TypeWord::OWN, "", "FACTOR@ROUND+ROUND"}});
}

/**
 * Sets data and how they are dealt.
 * @param options the options
 * @param training the helper
 */
void
SetData(ScenarioOptions& options, TrainingHelper& training)
{
    const std::string& dataset = options.GetText("dataset");
    const bool hasFiles = dataset.rfind("synthetic-", 0) != 0;
    const std::string directory = hasFiles ? options.GetText("dataDirectory") : "";
    for (const std::string& file : FindDatasetFiles(dataset, directory))
    {
        options.AddInput("dataset", file);
    }
    training.SetDataset(dataset, directory);
    training.SetTrainingSamples(
        options.GetUnsigned("trainSamples", 0, std::numeric_limits<uint32_t>::max()));
    training.SetPartition(ReadType(
        options,
        "partition",
        {{"iid", "IidPartition"},
         {"dirichlet", "DirichletPartition", TypeWord::NUMBER, "Concentration", "CONCENTRATION"},
         {"sorted", "LabelSortedPartition", TypeWord::NUMBER, "SortedFraction", "FRACTION"}}));
}

/**
 * The model.
 * @param options the options
 * @return text of its type
 */
std::string
ReadModel(ScenarioOptions& options)
{
    const auto [word, argument] = SplitAtColon(options.GetText("model"));
    const std::size_t cross = argument.find('x');
    // words with two arguments
    if (word == "lstm" && cross != std::string::npos)
    {
        return CheckType(options,
                         "model",
                         "ns3::learning::LstmTagger[Embedding=" + argument.substr(0, cross) +
                             "|Hidden=" + argument.substr(cross + 1) + "]");
    }
    double depth = 0;
    double width = 0;
    if (word == "resnet" && ScenarioOptions::ReadNumber(argument.substr(0, cross), depth) &&
        (cross == std::string::npos ||
         ScenarioOptions::ReadNumber(argument.substr(cross + 1), width)))
    {
        const std::string type =
            "ns3::learning::ResidualNetwork[Depth=" + argument.substr(0, cross) + "]";
        return CheckType(options,
                         "model",
                         cross == std::string::npos
                             ? type
                             : AddAttribute(type, "Width", argument.substr(cross + 1)));
    }
    return ReadType(
        options,
        "model",
        {{"softmax", "SoftmaxRegression"},
         {"logistic", "LogisticRegression"},
         {"svm", "LinearSupportVectorMachine"},
         {"linear", "LinearRegression"},
         {"quadratic", "QuadraticModel", TypeWord::OPTION, "Curvature", "CURVATURE"},
         {"mlp", "MultilayerPerceptron", TypeWord::LIST, "Hidden", "SIZES (each at least 1)"},
         {"cnn", "ConvolutionalNetwork", TypeWord::OPTION, "Layers", "LAYERS"},
         {"resnet", "", TypeWord::OWN, "", "DEPTH[xWIDTH]"},
         {"lstm", "", TypeWord::OWN, "", "EMBEDDINGxHIDDEN"}});
}

/**
 * Sets the model.
 * @param options the options
 * @param training the helper
 */
void
SetModel(ScenarioOptions& options, TrainingHelper& training)
{
    const std::string type = ReadModel(options);
    if (Takes(type, "L2Penalty"))
    {
        training.SetModel(type, "L2Penalty", DoubleValue(options.GetNumber("l2", 0, INF)));
    }
    else
    {
        training.SetModel(type);
    }
}

/**
 * Sets the optimizer.
 * @param options the options
 * @param training the helper
 */
void
SetOptimizer(ScenarioOptions& options, TrainingHelper& training)
{
    std::string type =
        ReadType(options,
                 "optimizer",
                 {{"sgd", "StochasticGradientDescent"},
                  {"momentum", "MomentumOptimizer", TypeWord::NUMBER, "Momentum", "MOMENTUM"},
                  {"nesterov", "NesterovOptimizer", TypeWord::NUMBER, "Momentum", "MOMENTUM"},
                  {"adam", "AdamOptimizer"}});
    if (Takes(type, "LearningRate"))
    {
        options.GetNumber("learningRate", 0, INF);
        type = AddAttribute(type, "LearningRate", options.GetText("learningRate"));
    }
    if (Takes(type, "Schedule"))
    {
        type = AddAttribute(type, "Schedule", ReadSchedule(options));
    }
    training.SetOptimizer(type);
}

} // namespace

void
AddLearningOptions(ScenarioOptions& options)
{
    options.Add("dataset", "data: " + GetDatasetNames(), "fashion-mnist");
    options.Add("dataDirectory", "where the files of the data are; empty: the usual place", "");
    options.Add("trainSamples", "training samples to use, the first ones; 0: all", "0");
    options.Add("partition",
                "how data are dealt: iid, dirichlet:CONCENTRATION (label skew), sorted:FRACTION "
                "(fraction sorted by label), or a TypeId with attributes in brackets",
                "iid",
                "ns3::learning::DirichletPartition::Concentration "
                "ns3::learning::LabelSortedPartition::SortedFraction");
    options.Add(
        "model",
        "softmax, logistic, svm, linear, quadratic:CURVATURE, mlp:SIZES (hidden layers, such "
        "as mlp:128 or mlp:256x128), cnn:LAYERS, resnet:DEPTH[xWIDTH] (such as resnet:8, resnet:20 "
        "or resnet:110x16), lstm:EMBEDDINGxHIDDEN (of sentences, such as lstm:32x64), or a TypeId "
        "with attributes in brackets",
        "mlp:128",
        "ns3::learning::QuadraticModel::Curvature ns3::learning::MultilayerPerceptron::Hidden "
        "ns3::learning::ConvolutionalNetwork::Layers ns3::learning::ResidualNetwork::Depth "
        "ns3::learning::ResidualNetwork::Width ns3::learning::LstmTagger::Embedding "
        "ns3::learning::LstmTagger::Hidden");
    options.Add("l2",
                "weight lambda of the penalty lambda/2 |x|^2, at least 0",
                "0",
                "ns3::learning::LearningModel::L2Penalty");
    options.Add("batch", "samples in a worker's mini-batch, 1 to those of a partition", "32");
    options.Add("optimizer",
                "sgd, momentum:MOMENTUM, nesterov:MOMENTUM, adam, or a TypeId with attributes in "
                "brackets",
                "sgd",
                "ns3::learning::MomentumOptimizer::Momentum "
                "ns3::learning::NesterovOptimizer::Momentum");
    options.Add("learningRate",
                "step size, at least 0",
                "0.1",
                "ns3::learning::Optimizer::LearningRate");
    options.Add("schedule",
                "factor of the learning rate: constant, warm-up:ROUNDS, inverse-sqrt:PERIOD, "
                "step:FACTOR@ROUND+ROUND "
                "(such as step:0.1@300+400), or a TypeId with attributes in brackets",
                "constant",
                "ns3::learning::Optimizer::Schedule ns3::learning::WarmUpSchedule::Steps "
                "ns3::learning::InverseSquareRootSchedule::Period "
                "ns3::learning::StepDecaySchedule::Factor ns3::learning::StepDecaySchedule::Steps");
}

void
SetLearning(ScenarioOptions& options, TrainingHelper& training)
{
    SetData(options, training);
    SetModel(options, training);
    training.SetBatchSize(options.GetUnsigned("batch", 1, MAX_BATCH));
    SetOptimizer(options, training);
}

} // namespace learning
} // namespace ns3
