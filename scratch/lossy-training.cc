/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// One run of distributed training over a network that drops packets: every knob is an option, the
// last line of the output sums the run up. The sweep driver (sweep.cc) runs it again and again.

#include "ns3/dataset-loader.h"
#include "ns3/double.h"
#include "ns3/global-value.h"
#include "ns3/leaf-spine-topology-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/scenario-options.h"
#include "ns3/segment-tag.h"
#include "ns3/simulator.h"
#include "ns3/star-topology-helper.h"
#include "ns3/string.h"
#include "ns3/trace-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"
#include "ns3/type-specification.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint32_t MAX_COUNT = 1000000;
constexpr uint32_t MAX_WORKERS = 100000;
constexpr double INF = std::numeric_limits<double>::max();

/**
 * Splits "name:argument".
 * @param text the text
 * @return name and argument, which is empty if there is none
 */
std::pair<std::string, std::string>
SplitAtColon(const std::string& text)
{
    const std::size_t colon = text.find(':');
    return colon == std::string::npos
               ? std::make_pair(text, std::string())
               : std::make_pair(text.substr(0, colon), text.substr(colon + 1));
}

/**
 * Adds all options.
 * @param options where to
 */
void
AddOptions(ScenarioOptions& options)
{
    options.Add("workers", "number of workers, 1 to 100000", "4");
    options.Add(
        "servers",
        "number of parameter servers: co-located 1 to the number of workers, dedicated 1 to "
        "1000000; 0: as many as workers",
        "0");
    options.Add("placement",
                "where servers are: colocated (on workers' nodes) or dedicated (on their own)",
                "colocated");
    options.Add("owners", "who owns a block: fixed, or permuted every round", "permuted");
    options.Add("algorithm",
                "rps (local step, models averaged), gradient-averaging, or a TypeId with "
                "attributes in brackets",
                "rps");
    options.Add(
        "missing",
        "gradient-averaging: what a worker does about a lost gradient: own (takes its own) or "
        "zero (no update)",
        "own",
        "ns3::learning::GradientAveraging::MissingGradient");
    options.Add("downlink",
                "what servers send back: model (rps), gradient or parameters (gradient-averaging; "
                "parameters needs --owners=fixed); auto: model or gradient",
                "auto",
                "ns3::learning::GradientAveraging::Downlink");
    options.Add("dataset", "data: " + GetDatasetNames(), "fashion-mnist");
    options.Add("dataDirectory", "where the files of the data are; empty: the usual place", "");
    options.Add("trainSamples", "training samples to use, the first ones; 0: all", "0");
    options.Add("partition",
                "how data are dealt: iid, dirichlet:CONCENTRATION (label skew), sorted:FRACTION "
                "(fraction sorted by label), or a TypeId with attributes in brackets",
                "iid");
    options.Add(
        "model",
        "softmax, logistic, svm, linear, quadratic:CURVATURE, mlp:SIZES (hidden layers, such "
        "as mlp:128 or mlp:256x128), cnn:LAYERS, or a TypeId with attributes in brackets",
        "mlp:128");
    options.Add("l2",
                "weight lambda of the penalty lambda/2 |x|^2, at least 0",
                "0",
                "ns3::learning::LearningModel::L2Penalty");
    options.Add("batch", "samples in a worker's mini-batch, 1 to those of a partition", "32");
    options.Add("optimizer",
                "sgd, momentum:MOMENTUM, nesterov:MOMENTUM, adam, or a TypeId with attributes in "
                "brackets",
                "sgd");
    options.Add("learningRate",
                "step size, at least 0",
                "0.1",
                "ns3::learning::Optimizer::LearningRate");
    options.Add("schedule",
                "factor of the learning rate: constant, warm-up:ROUNDS, inverse-sqrt:PERIOD, "
                "step:FACTOR@ROUND+ROUND "
                "(such as step:0.1@300+400), or a TypeId with attributes in brackets",
                "constant",
                "ns3::learning::Optimizer::Schedule");
    options.Add(
        "rounds",
        "rounds to train, 1 to 4000000000; 0: no limit; auto: 500, or no limit if another end "
        "is given",
        "auto");
    options.Add("epochs", "passes over the data to train; 0: no limit", "0");
    options.Add("stopTime",
                "simulated time at which the training ends, such as 10s; 0s: no limit",
                "0s");
    options.Add("targetLoss",
                "ends when the recorded training loss is no larger; 0: no target",
                "0");
    options.Add("targetAccuracy",
                "ends when the recorded test accuracy is no smaller, 0 to 1; 0: no target",
                "0");
    options.Add("evaluateEvery", "rounds between records, at least 1", "50");
    options.Add("evaluationSamples",
                "training samples on which the mean model is evaluated; 0: all",
                "5000");
    options.Add(
        "workerEvaluationSamples",
        "training and test samples on which each replica is evaluated; 0: those of the mean "
        "model, so that the two compare",
        "0");
    options.Add("dropRate",
                "probability that a data segment is dropped, end to end, 0 to 1",
                "0",
                "ns3::learning::BernoulliErrorModel::DropRate "
                "ns3::learning::GilbertElliottErrorModel::DropRate "
                "ns3::learning::MessageErrorModel::DropRate");
    options.Add("loss",
                "how segments are lost at --dropRate: bernoulli (each on its own), "
                "gilbert-elliott:BURST (in runs of BURST segments on average), message (all of a "
                "block or none); or trace:FILE (as 0 and 1 in a file say); or a TypeId of an "
                "ErrorModel with attributes in brackets",
                "bernoulli",
                "ns3::learning::GilbertElliottErrorModel::MeanBurst "
                "ns3::learning::TraceErrorModel::File");
    options.Add(
        "dropSchedule",
        "drop rates that follow simulated time, in place of --dropRate: steps or linear, "
        "and times with rates, such as steps:0s:0,1s:0.1 or linear:0s:0,2s:0.3; empty: none",
        "");
    options.Add("dropControl",
                "whether control segments (ends, acknowledgements) are dropped, too: 0 or 1",
                "0",
                "ns3::learning::SegmentErrorModel::DropControl");
    options.Add("transport", "datagram, or a TypeId with attributes in brackets", "datagram");
    options.Add("segmentBytes",
                "bytes of numbers in a segment, a multiple of 4 from 4 to 65000",
                "1400",
                "ns3::learning::BlockTransport::SegmentBytes");
    options.Add(
        "segmentsPerPacket",
        "segments that one simulated packet carries (a train), 1 to 64; each is dropped on its "
        "own; at most 65535 bytes with all headers",
        "32",
        "ns3::learning::DatagramTransport::SegmentsPerPacket");
    options.Add("pushDeadline",
                "longest wait of a server for pushes, such as 1s; 0s: chosen",
                "0s");
    options.Add("pullDeadline", "longest wait of a worker for pulls, such as 2s; 0s: chosen", "0s");
    options.Add("topology", "star, or leaf-spine:LEAVESxSPINES", "star");
    options.Add("linkRate",
                "rate of every link, such as 10Gbps",
                "10Gbps",
                "ns3::PointToPointNetDevice::DataRate");
    options.Add("linkDelay",
                "delay of every link, such as 1us",
                "1us",
                "ns3::PointToPointChannel::Delay");
    options.Add("queue",
                "size of the queue of every device, such as 100p or 1MB; a full queue drops whole "
                "packets",
                "1000000p");
    options.Add("computeRate",
                "floating-point operations a second of a worker, at least 1",
                "1e10",
                "ns3::learning::ComputeModel::OperationsPerSecond");
    options.Add("computeOverhead",
                "time of each gradient besides its operations, such as 1ms",
                "0s",
                "ns3::learning::ComputeModel::Overhead");
    options.Add("straggler",
                "random factor of each gradient's time: a TypeId of an ns-3 random variable with "
                "attributes in brackets",
                "ns3::ConstantRandomVariable[Constant=1]",
                "ns3::learning::ComputeModel::Straggler");
    options.Add("threads",
                "cores for real computations, 1 to 1024; results do not depend on it",
                "1");
    options.Add("database", "SQLite file to write records to; empty: none", "");
    options.Add("csv", "CSV file to write records to; empty: none", "");
    options.Add("pcap", "prefix of pcap files of every host's link; empty: none", "");
}

/**
 * Adds an attribute to the text of a type.
 * @param type the text, perhaps with attributes in brackets
 * @param attribute the attribute
 * @param value its value
 * @return the text
 */
std::string
AddAttribute(const std::string& type, const std::string& attribute, const std::string& value)
{
    const std::string addition = attribute + "=" + value + "]";
    return type.back() == ']' ? type.substr(0, type.size() - 1) + "|" + addition
                              : type + "[" + addition;
}

/**
 * Whether the text of a type says the value of an attribute; then no option need do so.
 * @param type the text
 * @param attribute the attribute
 * @return true if so
 */
bool
Says(const std::string& type, const std::string& attribute)
{
    return type.find("[" + attribute + "=") != std::string::npos ||
           type.find("|" + attribute + "=") != std::string::npos;
}

/**
 * The schedule of the learning rate.
 * @param options the options
 * @return text of its type
 */
std::string
GetSchedule(ScenarioOptions& options)
{
    const std::string prefix = "ns3::learning::";
    double number = 0;
    const auto [schedule, scheduleArgument] = SplitAtColon(options.GetText("schedule"));
    std::string scheduleType = options.GetText("schedule");
    if (scheduleType == "constant")
    {
        scheduleType = prefix + "ConstantSchedule";
    }
    else if (schedule == "warm-up" && ScenarioOptions::ReadNumber(scheduleArgument, number))
    {
        scheduleType = prefix + "WarmUpSchedule[Steps=" + scheduleArgument + "]";
    }
    else if (schedule == "inverse-sqrt" && ScenarioOptions::ReadNumber(scheduleArgument, number))
    {
        scheduleType = prefix + "InverseSquareRootSchedule[Period=" + scheduleArgument + "]";
    }
    else if (schedule == "step" && scheduleArgument.find('@') != std::string::npos)
    {
        const std::size_t at = scheduleArgument.find('@');
        std::string steps = scheduleArgument.substr(at + 1);
        std::replace(steps.begin(), steps.end(), '+', ',');
        scheduleType = prefix + "StepDecaySchedule[Factor=" + scheduleArgument.substr(0, at) +
                       "|Steps=" + steps + "]";
    }
    else if (scheduleType.rfind("ns3::", 0) != 0)
    {
        options.Reject(
            "schedule",
            "constant, warm-up:ROUNDS, inverse-sqrt:PERIOD, step:FACTOR@ROUND+ROUND or a TypeId "
            "is needed");
    }
    return scheduleType;
}

/**
 * Sets model and optimizer.
 * @param options the options
 * @param training the helper
 */
void
SetLearning(ScenarioOptions& options, TrainingHelper& training)
{
    const std::string prefix = "ns3::learning::";
    const std::string& model = options.GetText("model");
    const auto [name, argument] = SplitAtColon(model);
    static const std::map<std::string, std::string> LINEAR{{"softmax", "SoftmaxRegression"},
                                                           {"logistic", "LogisticRegression"},
                                                           {"svm", "LinearSupportVectorMachine"},
                                                           {"linear", "LinearRegression"}};
    std::string modelType = model;
    if (LINEAR.count(model) != 0)
    {
        modelType = prefix + LINEAR.at(model);
    }
    else if (name == "mlp" || name == "cnn" || name == "quadratic")
    {
        std::string value = argument;
        if (name == "mlp")
        {
            std::replace(value.begin(), value.end(), 'x', ',');
        }
        modelType = prefix + (name == "mlp"   ? "MultilayerPerceptron"
                              : name == "cnn" ? "ConvolutionalNetwork"
                                              : "QuadraticModel");
        if (!value.empty())
        {
            const std::string attribute = name == "mlp"   ? "Hidden"
                                          : name == "cnn" ? "Layers"
                                                          : "Curvature";
            modelType = AddAttribute(modelType, attribute, value);
        }
    }
    else if (model.rfind("ns3::", 0) != 0)
    {
        options.Reject("model",
                       "softmax, logistic, svm, linear, quadratic:CURVATURE, mlp:SIZES, cnn:LAYERS "
                       "or a TypeId is needed");
    }
    if (Says(modelType, "L2Penalty"))
    {
        training.SetModel(modelType);
    }
    else
    {
        training.SetModel(modelType, "L2Penalty", DoubleValue(options.GetNumber("l2", 0, INF)));
    }
    training.SetBatchSize(options.GetUnsigned("batch", 1, MAX_COUNT));

    const std::string& optimizer = options.GetText("optimizer");
    const auto [method, momentum] = SplitAtColon(optimizer);
    double number = 0;
    std::string type = optimizer;
    if (optimizer == "sgd")
    {
        type = prefix + "StochasticGradientDescent";
    }
    else if (optimizer == "adam")
    {
        type = prefix + "AdamOptimizer";
    }
    else if ((method == "momentum" || method == "nesterov") &&
             ScenarioOptions::ReadNumber(momentum, number))
    {
        type = prefix + (method == "momentum" ? "Momentum" : "Nesterov") +
               "Optimizer[Momentum=" + momentum + "]";
    }
    else if (optimizer.rfind("ns3::", 0) != 0)
    {
        options.Reject("optimizer",
                       "sgd, momentum:MOMENTUM, nesterov:MOMENTUM, adam or a TypeId is needed");
    }
    if (!Says(type, "LearningRate"))
    {
        options.GetNumber("learningRate", 0, INF);
        type = AddAttribute(type, "LearningRate", options.GetText("learningRate"));
    }
    if (!Says(type, "Schedule"))
    {
        type = AddAttribute(type, "Schedule", GetSchedule(options));
    }
    training.SetOptimizer(type);
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
    training.SetDataset(dataset, hasFiles ? options.GetText("dataDirectory") : "");
    training.SetTrainingSamples(
        options.GetUnsigned("trainSamples", 0, std::numeric_limits<uint32_t>::max()));
    const std::string& partition = options.GetText("partition");
    const auto [name, argument] = SplitAtColon(partition);
    double number = 0;
    if (partition == "iid")
    {
        training.SetPartition("ns3::learning::IidPartition");
    }
    else if (name == "dirichlet" && ScenarioOptions::ReadNumber(argument, number))
    {
        training.SetPartition("ns3::learning::DirichletPartition[Concentration=" + argument + "]");
    }
    else if (name == "sorted" && ScenarioOptions::ReadNumber(argument, number))
    {
        training.SetPartition("ns3::learning::LabelSortedPartition[SortedFraction=" + argument +
                              "]");
    }
    else if (partition.rfind("ns3::", 0) == 0)
    {
        training.SetPartition(partition);
    }
    else
    {
        options.Reject("partition",
                       "iid, dirichlet:CONCENTRATION, sorted:FRACTION or a TypeId is needed");
    }
}

/**
 * Sets algorithm, owners and deadlines.
 * @param options the options
 * @param training the helper
 */
void
SetAlgorithm(ScenarioOptions& options, TrainingHelper& training)
{
    const std::string& algorithm = options.GetText("algorithm");
    const std::size_t downlink =
        options.GetWord("downlink", {"auto", "model", "gradient", "parameters"});
    if (algorithm == "rps")
    {
        if (downlink > 1)
        {
            options.Reject("downlink", "rps sends back models, so auto or model is needed");
        }
        training.SetAlgorithm("ns3::learning::RobustParameterServer");
    }
    else if (algorithm == "gradient-averaging")
    {
        if (downlink == 1)
        {
            options.Reject("downlink", "gradient-averaging needs auto, gradient or parameters");
        }
        if (downlink == 3 && options.GetText("owners") != "fixed")
        {
            options.Reject("downlink", "servers that keep parameters need --owners=fixed");
        }
        const std::size_t missing = options.GetWord("missing", {"own", "zero"});
        training.SetAlgorithm("ns3::learning::GradientAveraging",
                              "MissingGradient",
                              StringValue(missing == 0 ? "OwnGradient" : "ZeroUpdate"),
                              "Downlink",
                              StringValue(downlink == 3 ? "Parameters" : "Gradient"));
    }
    else if (algorithm.rfind("ns3::", 0) == 0)
    {
        training.SetAlgorithm(algorithm);
    }
    else
    {
        options.Reject("algorithm", "rps, gradient-averaging or a TypeId is needed");
    }
    training.SetOwners(options.GetWord("owners", {"fixed", "permuted"}) == 0
                           ? BlockOwners::FIXED
                           : BlockOwners::PERMUTED);
    training.SetDeadlines(options.GetTime("pushDeadline"), options.GetTime("pullDeadline"));
}

/**
 * Sets transport, compute model and threads.
 * @param options the options
 * @param training the helper
 */
void
SetNodes(ScenarioOptions& options, TrainingHelper& training)
{
    std::string transport = options.GetText("transport");
    if (transport == "datagram")
    {
        transport = "ns3::learning::DatagramTransport";
    }
    else if (transport.rfind("ns3::", 0) != 0)
    {
        options.Reject("transport", "datagram or a TypeId is needed");
    }
    if (!Says(transport, "SegmentBytes"))
    {
        const uint32_t segmentBytes = options.GetUnsigned("segmentBytes", 4, 65000);
        if (segmentBytes % 4 != 0)
        {
            options.Reject("segmentBytes", "a multiple of 4 is needed");
        }
        transport = AddAttribute(transport, "SegmentBytes", std::to_string(segmentBytes));
    }
    TypeId::AttributeInformation information;
    if (!Says(transport, "SegmentsPerPacket") &&
        FindType(transport.substr(0, transport.find('[')))
            .LookupAttributeByName("SegmentsPerPacket", &information))
    {
        const uint32_t segments =
            options.GetUnsigned("segmentsPerPacket", 1, SegmentTag::MAX_SEGMENTS);
        transport = AddAttribute(transport, "SegmentsPerPacket", std::to_string(segments));
    }
    training.SetTransport(transport);
    training.SetStraggler(options.GetText("straggler"));
    training.SetCompute("OperationsPerSecond",
                        DoubleValue(options.GetNumber("computeRate", 1, INF)),
                        "Overhead",
                        TimeValue(options.GetTime("computeOverhead")));
    training.SetThreads(options.GetUnsigned("threads", 1, 1024));
}

/**
 * Sets how segments are lost.
 * @param options the options
 * @param topology the network, not built yet
 */
void
SetLoss(ScenarioOptions& options, SwitchedTopologyHelper& topology)
{
    const std::string prefix = "ns3::learning::";
    const std::string& loss = options.GetText("loss");
    const auto [name, argument] = SplitAtColon(loss);
    double number = 0;
    std::string type = loss;
    if (loss == "bernoulli" || loss == "message")
    {
        type = prefix + (loss == "message" ? "Message" : "Bernoulli") + "ErrorModel";
    }
    else if (name == "gilbert-elliott" && ScenarioOptions::ReadNumber(argument, number) &&
             number >= 1)
    {
        type = prefix + "GilbertElliottErrorModel[MeanBurst=" + argument + "]";
    }
    else if (name == "trace" && !argument.empty())
    {
        type = prefix + "TraceErrorModel[File=" + argument + "]";
    }
    else if (loss.rfind("ns3::", 0) != 0)
    {
        options.Reject("loss",
                       "bernoulli, gilbert-elliott:BURST with a BURST of at least 1, message, "
                       "trace:FILE or a TypeId is needed");
    }
    const auto takes = [&type](const std::string& attribute) {
        TypeId::AttributeInformation information;
        return FindType(type.substr(0, type.find('[')))
                   .LookupAttributeByName(attribute, &information) &&
               !Says(type, attribute);
    };
    const std::string& schedule = options.GetText("dropSchedule");
    if (!schedule.empty())
    {
        const auto [interpolation, list] = SplitAtColon(schedule);
        if (!takes("DropRate"))
        {
            options.Reject("dropSchedule", "with --loss=" + loss + " there is no rate to change");
        }
        if ((interpolation != "steps" && interpolation != "linear") || list.empty())
        {
            options.Reject("dropSchedule",
                           "steps: or linear: with times and rates, such as steps:0s:0,1s:0.1, "
                           "is needed");
        }
        type = prefix + "ScheduledErrorModel[Model=" + type +
               "|Interpolation=" + (interpolation == "steps" ? "Steps" : "Linear") +
               "|Schedule=" + list + "]";
    }
    if (takes("DropRate"))
    {
        options.GetNumber("dropRate", 0, 1);
        type = AddAttribute(type, "DropRate", options.GetText("dropRate"));
    }
    if (takes("DropControl"))
    {
        type = AddAttribute(type,
                            "DropControl",
                            options.GetUnsigned("dropControl", 0, 1) == 1 ? "true" : "false");
    }
    topology.SetErrorModel(type);
}

/**
 * Makes the network.
 * @param options the options
 * @param hosts number of hosts
 * @return the network
 */
std::unique_ptr<SwitchedTopologyHelper>
MakeTopology(ScenarioOptions& options, uint32_t hosts)
{
    std::unique_ptr<SwitchedTopologyHelper> topology;
    const auto [name, argument] = SplitAtColon(options.GetText("topology"));
    const std::size_t cross = argument.find('x');
    double leaves = 0;
    double spines = 0;
    if (name == "star" && argument.empty())
    {
        topology = std::make_unique<StarTopologyHelper>(hosts);
    }
    else if (name == "leaf-spine" && cross != std::string::npos &&
             ScenarioOptions::ReadNumber(argument.substr(0, cross), leaves) &&
             ScenarioOptions::ReadNumber(argument.substr(cross + 1), spines) && leaves >= 1 &&
             leaves <= hosts && spines >= 1 && spines <= MAX_COUNT &&
             leaves == std::floor(leaves) && spines == std::floor(spines))
    {
        topology = std::make_unique<LeafSpineTopologyHelper>(hosts,
                                                             static_cast<uint32_t>(leaves),
                                                             static_cast<uint32_t>(spines));
    }
    else
    {
        options.Reject("topology",
                       "star, or leaf-spine:LEAVESxSPINES with 1 to " + std::to_string(hosts) +
                           " leaves and at least 1 spine, is needed");
    }
    topology->SetDeviceAttribute("DataRate", DataRateValue(options.GetRate("linkRate")));
    topology->SetChannelAttribute("Delay", TimeValue(options.GetTime("linkDelay")));
    const std::string& queue = options.GetText("queue");
    const auto size =
        DynamicCast<QueueSizeValue>(MakeQueueSizeChecker()->CreateValidValue(StringValue(queue)));
    if (!size || size->Get().GetValue() == 0)
    {
        options.Reject("queue", "a size such as 100p or 1MB is needed");
    }
    topology->SetQueueSize(queue);
    SetLoss(options, *topology);
    topology->Build();
    return topology;
}

/**
 * Sets when the training ends.
 * @param options the options
 * @param training the helper, installed
 * @param recorder sees the targets reached
 */
void
SetEnd(ScenarioOptions& options, TrainingHelper& training, TrainingRecorder& recorder)
{
    const bool isAuto = options.GetText("rounds") == "auto";
    uint32_t rounds = isAuto ? 0 : options.GetUnsigned("rounds", 0, 4000000000);
    const double epochs = options.GetNumber("epochs", 0, INF);
    const Time stopTime = options.GetTime("stopTime");
    const double targetLoss = options.GetNumber("targetLoss", 0, INF);
    const double targetAccuracy = options.GetNumber("targetAccuracy", 0, 1);
    if (rounds == 0 && epochs == 0 && stopTime.IsZero() && targetLoss == 0 && targetAccuracy == 0)
    {
        if (!isAuto)
        {
            options.Reject("rounds",
                           "without --epochs, --stopTime or a target the run would never end");
        }
        rounds = 500;
    }
    if (targetAccuracy != 0 && !training.GetSetup()->model->Classifies())
    {
        options.Reject("targetAccuracy", "the model predicts no classes");
    }
    if (epochs > 0)
    {
        training.StopAfterEpochs(epochs);
    }
    if (rounds != 0)
    {
        training.StopAfterRounds(std::min(rounds, training.GetSetup()->rounds));
    }
    if (!stopTime.IsZero())
    {
        training.StopAt(stopTime);
    }
    recorder.SetRecordCallback(
        [&training, targetLoss, targetAccuracy](const TrainingRecord& record) {
            if ((targetLoss != 0 && record.trainLoss <= targetLoss) ||
                (targetAccuracy != 0 && record.testAccuracy >= targetAccuracy))
            {
                training.Stop();
            }
        });
}

/**
 * Writes pcap files of the hosts' links.
 * @param prefix of their names
 * @param devices of the hosts
 */
void
EnablePcap(const std::string& prefix, const NetDeviceContainer& devices)
{
    for (auto device = devices.Begin(); device != devices.End(); ++device)
    {
        // ns-3 would end the program
        const std::string name = PcapHelper().GetFilenameFromDevice(prefix, *device);
        std::FILE* file = std::fopen(name.c_str(), "ab");
        if (!file)
        {
            throw std::runtime_error(name + ": cannot be written: " + std::strerror(errno));
        }
        std::fclose(file);
    }
    PointToPointHelper().EnablePcap(prefix, devices);
}

/// Takes the simulation apart also when a run ends early: the end of the program does not do that
/// in an order that works.
struct SimulationEnd
{
    ~SimulationEnd()
    {
        Simulator::Destroy();
    }
};

/**
 * Refuses what does not fit the memory, before the time is spent to find out.
 * @param options the options
 * @param hosts number of hosts
 * @param setup what will be trained, or null before it is known
 */
void
CheckMemory(const ScenarioOptions& options, uint32_t hosts, Ptr<const TrainingSetup> setup)
{
    constexpr double HOST_BYTES = 40000; // a node with its stack and applications
    const double parameters = setup ? static_cast<double>(setup->start.size()) : 0;
    const double needed = hosts * HOST_BYTES + (setup ? setup->workers * parameters * 8 : 0);
    const double memory =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    if (needed > memory)
    {
        options.Reject("workers",
                       "that takes at least " + std::to_string(std::llround(needed / 1e9)) +
                           " GB of memory, but this machine has " +
                           std::to_string(std::llround(memory / 1e9)) + " GB");
    }
}

/**
 * Lets a simulation in real time end: it waits for events for ever, where others end without them.
 * @param workers the workers
 */
void
StopWhenDone(const ApplicationContainer& workers)
{
    StringValue type;
    GlobalValue::GetValueByName("SimulatorImplementationType", type);
    if (type.Get().find("Realtime") == std::string::npos)
    {
        return;
    }
    const auto left = std::make_shared<uint32_t>(workers.GetN());
    for (auto worker = workers.Begin(); worker != workers.End(); ++worker)
    {
        (*worker)->TraceConnectWithoutContext("Done", Callback<void, uint32_t>([left](uint32_t) {
                                                  if (--*left == 0)
                                                  {
                                                      Simulator::Stop(
                                                          Seconds(1)); // what is on its way
                                                  }
                                              }));
    }
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunScenario(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__,
                            "Trains a model with parameter servers and workers over a network that "
                            "drops packets; real gradients, real packets, simulated time.");
    AddOptions(options);
    options.Parse(argc, argv);

    const uint32_t workers = options.GetUnsigned("workers", 1, MAX_WORKERS);
    const bool dedicated = options.GetWord("placement", {"colocated", "dedicated"}) == 1;
    uint32_t servers = options.GetUnsigned("servers", 0, MAX_COUNT);
    if (!dedicated && servers > workers)
    {
        options.Reject("servers",
                       "at most one server a worker when co-located, so 1 to " +
                           std::to_string(workers) + " here (or --placement=dedicated)");
    }
    servers = servers == 0 ? workers : servers;

    TrainingHelper training;
    SetData(options, training);
    SetLearning(options, training);
    SetAlgorithm(options, training);
    SetNodes(options, training);
    const SimulationEnd end;
    CheckMemory(options, workers + (dedicated ? servers : 0), nullptr);
    const auto topology = MakeTopology(options, workers + (dedicated ? servers : 0));
    ApplicationContainer applications;
    if (dedicated)
    {
        applications =
            training.Install(topology->GetHosts(0, workers), topology->GetHosts(workers, servers));
    }
    else
    {
        training.SetServers(servers);
        applications = training.Install(topology->GetHosts());
    }

    CheckMemory(options, 0, training.GetSetup());

    TrainingRecorder recorder;
    recorder.SetEvaluateEvery(
        options.GetUnsigned("evaluateEvery", 1, std::numeric_limits<uint32_t>::max()));
    recorder.SetEvaluationSamples(
        options.GetUnsigned("evaluationSamples", 0, std::numeric_limits<uint32_t>::max()),
        0,
        options.GetUnsigned("workerEvaluationSamples", 0, std::numeric_limits<uint32_t>::max()));
    SetEnd(options, training, recorder);
    const std::string& database = options.GetText("database");
    const std::string& csv = options.GetText("csv");
    const std::string& pcap = options.GetText("pcap");
    options.CheckAllRead();
    recorder.WriteDatabase(database);
    recorder.WriteCsv(csv);
    RunDescription description = options.GetAll();
    description.emplace_back("RngSeed", std::to_string(RngSeedManager::GetSeed()));
    description.emplace_back("RngRun", std::to_string(RngSeedManager::GetRun()));
    recorder.SetDescription(description);
    if (!pcap.empty())
    {
        EnablePcap(pcap, topology->GetHostDevices());
    }
    recorder.Observe(applications);
    StopWhenDone(applications);

    Simulator::Run();
    std::cout << recorder.Summary() << std::endl;
    if (const uint64_t trains = recorder.GetLedger()->GetDroppedTrainCount())
    {
        std::cerr << "lossy-training: warning: devices dropped " << trains
                  << " packets of several segments as a whole, by queues that overflowed or error "
                     "models of packets: --segmentsPerPacket=1 lets them drop segments one by one"
                  << std::endl;
    }
    if (!std::cout)
    {
        throw std::runtime_error("the summary cannot be written to the standard output");
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    try
    {
        RunScenario(argc, argv);
        return EXIT_SUCCESS;
    }
    catch (const std::invalid_argument& error)
    {
        std::cerr << "lossy-training: " << error.what() << std::endl;
        return 2;
    }
    catch (const std::bad_alloc&)
    {
        std::cerr << "lossy-training: not enough memory: fewer workers, smaller batches or a "
                     "smaller model need less"
                  << std::endl;
        return 1;
    }
    catch (const std::exception& error)
    {
        std::cerr << "lossy-training: " << error.what() << std::endl;
        return 1;
    }
}
