/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "network-options.h"

#include "traffic-options.h"
#include "type-word.h"

#include "ns3/double.h"
#include "ns3/leaf-spine-topology-helper.h"
#include "ns3/queue-size.h"
#include "ns3/star-topology-helper.h"
#include "ns3/string.h"

#include <cmath>
#include <string>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint32_t MAX_SPINES = 1000000;

/**
 * Sets how segments are lost.
 * @param options the options
 * @param topology the network, not built yet
 */
void
SetLoss(ScenarioOptions& options, SwitchedTopologyHelper& topology)
{
    std::string type = ReadType(
        options,
        "loss",
        {{"bernoulli", "BernoulliErrorModel"},
         {"gilbert-elliott", "GilbertElliottErrorModel", TypeWord::NUMBER, "MeanBurst", "BURST"},
         {"message", "MessageErrorModel"},
         {"trace", "TraceErrorModel", TypeWord::TEXT, "File", "FILE"}});
    const std::string& schedule = options.GetText("dropSchedule");
    if (!schedule.empty())
    {
        const auto [interpolation, list] = SplitAtColon(schedule);
        if (!Takes(type, "DropRate"))
        {
            options.Reject("dropSchedule",
                           "with --loss=" + options.GetText("loss") +
                               " there is no rate to change");
        }
        if ((interpolation != "steps" && interpolation != "linear") || list.empty())
        {
            options.Reject("dropSchedule",
                           "steps: or linear: with times and rates, such as steps:0s:0,1s:0.1, "
                           "is needed");
        }
        type = "ns3::learning::ScheduledErrorModel[Model=" + type +
               "|Interpolation=" + (interpolation == "steps" ? "Steps" : "Linear") +
               "|Schedule=" + list + "]";
    }
    if (Takes(type, "DropRate"))
    {
        options.GetNumber("dropRate", 0, 1);
        type = AddAttribute(type, "DropRate", options.GetText("dropRate"));
    }
    if (Takes(type, "DropControl"))
    {
        type = AddAttribute(type,
                            "DropControl",
                            options.GetUnsigned("dropControl", 0, 1) == 1 ? "true" : "false");
    }
    topology.SetErrorModel(type);
}

} // namespace

void
AddNetworkOptions(ScenarioOptions& options)
{
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
}

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
             leaves <= hosts && spines >= 1 && spines <= MAX_SPINES &&
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
    SetQueueDiscs(options, *topology);
    topology->Build();
    return topology;
}

} // namespace learning
} // namespace ns3
