/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-options.h"

#include "coding-options.h"
#include "type-word.h"

#include "ns3/double.h"
#include "ns3/segment-tag.h"

#include <limits>
#include <string>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint32_t MAX_COUNT = 1000000;
constexpr uint32_t MAX_WORKERS = 100000;
constexpr double INF = std::numeric_limits<double>::max();

/**
 * Reads how servers aggregate pushes.
 * @param options the options
 * @return text of the type of the rule
 */
std::string
ReadRule(ScenarioOptions& options)
{
    const std::string rule =
        ReadType(options,
                 "rule",
                 {{"received-mean", "ReceivedMeanRule"},
                  {"zero-fill", "ZeroFillRule"},
                  {"rescaled", "RescaledMeanRule", TypeWord::OPTION, "DropRate", "P"}});
    return Takes(rule, "Estimated") && !Takes(rule, "DropRate")
               ? AddAttribute(rule, "Estimated", "false")
               : rule;
}

/**
 * Sets algorithm, owners and deadlines.
 * @param options the options
 * @param training the helper
 */
void
SetAlgorithm(ScenarioOptions& options, TrainingHelper& training)
{
    std::string algorithm =
        ReadType(options,
                 "algorithm",
                 {{"rps", "RobustParameterServer"}, {"gradient-averaging", "GradientAveraging"}});
    const std::size_t downlink =
        options.GetWord("downlink", {"auto", "model", "gradient", "parameters"});
    const std::string& name = options.GetText("algorithm");
    if (name == "rps" && downlink > 1)
    {
        options.Reject("downlink", "rps sends back models, so auto or model is needed");
    }
    if (name == "gradient-averaging")
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
        if (missing == 1 && downlink == 3)
        {
            options.Reject("missing",
                           "workers keep what they have where parameters are missing, so own is "
                           "needed with --downlink=parameters");
        }
        algorithm =
            AddAttribute(algorithm, "MissingGradient", missing == 0 ? "OwnGradient" : "ZeroUpdate");
        algorithm = AddAttribute(algorithm, "Downlink", downlink == 3 ? "Parameters" : "Gradient");
    }
    if (Takes(algorithm, "AgeBound") && options.GetText("ageBound") != "none")
    {
        const uint32_t bound = options.GetUnsigned("ageBound", 0, 1000000);
        if (downlink != 3 && name == "gradient-averaging")
        {
            options.Reject("ageBound", "only parameters age, so --downlink=parameters is needed");
        }
        algorithm = AddAttribute(algorithm, "AgeBound", std::to_string(bound));
    }
    if (Takes(algorithm, "Rule"))
    {
        algorithm = AddAttribute(algorithm, "Rule", ReadRule(options));
    }
    training.SetAlgorithm(algorithm);
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
    std::string transport =
        ReadType(options,
                 "transport",
                 {{"datagram", "DatagramTransport"},
                  {"bounded-loss", "BoundedLossTransport", TypeWord::NUMBER, "Threshold", "THETA"},
                  {"selective-repeat", "SelectiveRepeatTransport"},
                  {"parity", "ParityTransport", TypeWord::NUMBER, "DataSegments", "K"},
                  {"tcp", "TcpTransport", TypeWord::OPTION, "CongestionControl", "CONTROL"}});
    if (Takes(transport, "SegmentBytes"))
    {
        const uint32_t segmentBytes = options.GetUnsigned("segmentBytes", 4, 65000);
        if (segmentBytes % 4 != 0)
        {
            options.Reject("segmentBytes", "a multiple of 4 is needed");
        }
        transport = AddAttribute(transport, "SegmentBytes", std::to_string(segmentBytes));
    }
    if (Takes(transport, "SegmentsPerPacket"))
    {
        const uint32_t segments =
            options.GetUnsigned("segmentsPerPacket", 1, SegmentTag::MAX_SEGMENTS);
        transport = AddAttribute(transport, "SegmentsPerPacket", std::to_string(segments));
    }
    if (Takes(transport, "Tos"))
    {
        transport =
            AddAttribute(transport, "Tos", std::to_string(options.GetUnsigned("tos", 0, 255)));
    }
    if (Takes(transport, "ControlTos"))
    {
        const bool isAuto = options.GetText("controlTos") == "auto";
        // with priority an end would overtake its block, and close it before it has arrived
        const bool like = SplitAtColon(options.GetText("queueDisc")).first == "priority";
        const uint32_t tos = !isAuto ? options.GetUnsigned("controlTos", 0, 255)
                             : like  ? options.GetUnsigned("tos", 0, 255)
                                     : 0;
        transport = AddAttribute(transport, "ControlTos", std::to_string(tos));
    }
    training.SetTransport(transport);
    training.SetCompute("OperationsPerSecond",
                        DoubleValue(options.GetNumber("computeRate", 1, INF)),
                        "Overhead",
                        TimeValue(options.GetTime("computeOverhead")));
    training.SetThreads(options.GetUnsigned("threads", 1, 1024));
}

} // namespace

void
AddTrainingOptions(ScenarioOptions& options)
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
    options.Add(
        "ageBound",
        "largest age in rounds of a worker's copy of a segment of parameters, 0 to 1000000, "
        "beyond which a block is sent reliably (needs --downlink=parameters); none: any",
        "none",
        "ns3::learning::GradientAveraging::AgeBound");
    options.Add("rule",
                "how servers aggregate what arrived: received-mean, zero-fill (sum over all "
                "workers), rescaled:P (zero fill over 1 - P; without P by the estimated drop "
                "rate), or a TypeId with attributes in brackets",
                "received-mean",
                "ns3::learning::TrainingAlgorithm::Rule ns3::learning::RescaledMeanRule::DropRate "
                "ns3::learning::RescaledMeanRule::Estimated");
    options.Add("transport",
                "how blocks travel: datagram (each segment once, over UDP), bounded-loss:THETA "
                "(repeated until the share THETA has arrived, with an adaptive deadline), "
                "selective-repeat (until all has), parity:K (a parity segment for each K), tcp or "
                "tcp:CONTROL (a congestion control of ns-3, such as TcpLinuxReno), or a TypeId "
                "with attributes in brackets",
                "datagram",
                "ns3::learning::BoundedLossTransport::Threshold "
                "ns3::learning::ParityTransport::DataSegments "
                "ns3::learning::TcpTransport::CongestionControl");
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
    options.Add("tos",
                "type of service in the IP header of data segments, 0 to 255; 4 is lower effort, "
                "which queue discs tell from other traffic",
                "0",
                "ns3::learning::DatagramTransport::Tos ns3::learning::TcpTransport::Tos");
    options.Add("controlTos",
                "type of service of control segments that travel on their own, 0 to 255; auto: "
                "that of data with --queueDisc=priority, where an end must not overtake its "
                "block, otherwise 0",
                "auto",
                "ns3::learning::DatagramTransport::ControlTos");
    AddCodingOptions(options);
    options.Add("pushDeadline",
                "longest wait of a server for pushes, such as 1s; 0s: chosen",
                "0s");
    options.Add("pullDeadline", "longest wait of a worker for pulls, such as 2s; 0s: chosen", "0s");
    options.Add("computeRate",
                "floating-point operations a second of a worker, at least 1",
                "1e10",
                "ns3::learning::ComputeModel::OperationsPerSecond");
    options.Add("computeOverhead",
                "time of each gradient besides its operations, such as 1ms",
                "0s",
                "ns3::learning::ComputeModel::Overhead");
    options.Add("threads",
                "cores for real computations, 1 to 1024; results do not depend on it",
                "1");
}

HostCounts
ReadHostCounts(ScenarioOptions& options)
{
    HostCounts counts{};
    counts.workers = options.GetUnsigned("workers", 1, MAX_WORKERS);
    counts.dedicated = options.GetWord("placement", {"colocated", "dedicated"}) == 1;
    counts.servers = options.GetUnsigned("servers", 0, MAX_COUNT);
    if (!counts.dedicated && counts.servers > counts.workers)
    {
        options.Reject("servers",
                       "at most one server a worker when co-located, so 1 to " +
                           std::to_string(counts.workers) + " here (or --placement=dedicated)");
    }
    if (counts.servers == 0)
    {
        counts.servers = counts.workers;
    }
    return counts;
}

void
SetTraining(ScenarioOptions& options, TrainingHelper& training)
{
    SetAlgorithm(options, training);
    SetCoding(options, training);
    SetNodes(options, training);
}

} // namespace learning
} // namespace ns3
