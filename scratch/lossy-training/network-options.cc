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
#include "ns3/wide-area-topology-helper.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint32_t MAX_SPINES = 1000;
constexpr uint32_t MAX_SITES = 1000;

/**
 * Reads a rate and a delay.
 * @param options the options
 * @param text such as 100Mbps:20ms
 * @return both
 */
std::pair<DataRate, Time>
ReadLongLink(ScenarioOptions& options, const std::string& text)
{
    const auto [rateText, delayText] = SplitAtColon(text);
    const bool legal = IsLegalValue(MakeDataRateChecker(), rateText) &&
                       rateText.find_first_not_of("0123456789.") != std::string::npos &&
                       IsLegalValue(MakeTimeChecker(Time(0), Seconds(1000)), delayText);
    if (!legal || DataRate(rateText).GetBitRate() == 0)
    {
        options.Reject("topology",
                       "a rate and a delay of at most 1000s, such as 100Mbps:20ms, are needed at "
                       "its end");
    }
    return {DataRate(rateText), Time(delayText)};
}

/**
 * Makes a network of sites.
 * @param options the options
 * @param hosts number of hosts
 * @param argument such as 4:100Mbps:20ms
 * @return the network, not built yet
 */
std::unique_ptr<SwitchedTopologyHelper>
MakeWideArea(ScenarioOptions& options, uint32_t hosts, const std::string& argument)
{
    const auto [sitesText, link] = SplitAtColon(argument);
    double sites = 0;
    if (!ScenarioOptions::ReadNumber(sitesText, sites) || sites < 1 || sites > hosts ||
        sites > MAX_SITES || sites != std::floor(sites))
    {
        options.Reject("topology",
                       "wide-area:SITES:RATE:DELAY with 1 to " +
                           std::to_string(std::min(hosts, MAX_SITES)) + " sites is needed");
    }
    auto area = std::make_unique<WideAreaTopologyHelper>(hosts, static_cast<uint32_t>(sites));
    const auto [rate, delay] = ReadLongLink(options, link);
    area->JoinAllSites(rate, delay);
    return area;
}

/// The words of laws of loss.
const std::vector<TypeWord> LAWS{
    {"bernoulli", "BernoulliErrorModel"},
    {"gilbert-elliott", "GilbertElliottErrorModel", TypeWord::NUMBER, "MeanBurst", "BURST"},
    {"message", "MessageErrorModel"},
    {"trace", "TraceErrorModel", TypeWord::TEXT, "File", "FILE"}};

/**
 * Adds to a law which packets it is about.
 * @param options the options
 * @param type text of its type
 * @return the text
 */
std::string
AddClasses(ScenarioOptions& options, std::string type)
{
    if (Takes(type, "DropControl"))
    {
        type = AddAttribute(type,
                            "DropControl",
                            options.GetUnsigned("dropControl", 0, 1) == 1 ? "true" : "false");
    }
    if (Takes(type, "DropOther"))
    {
        const std::string& transport = options.GetText("transport");
        const bool isTcp = transport.rfind("tcp", 0) == 0 ||
                           transport.rfind("ns3::learning::TcpTransport", 0) == 0;
        const std::size_t word = options.GetWord("dropOther", {"0", "1", "auto"});
        type =
            AddAttribute(type, "DropOther", word == 1 || (word == 2 && isTcp) ? "true" : "false");
    }
    return type;
}

/**
 * Splits a list at the commas that are not in brackets.
 * @param text the list
 * @return its entries
 */
std::vector<std::string>
SplitEntries(const std::string& text)
{
    std::vector<std::string> entries;
    int depth = 0;
    bool isFirst = true;
    for (const char c : text)
    {
        depth += (c == '[') - (c == ']');
        if (isFirst || (c == ',' && depth == 0))
        {
            entries.emplace_back();
            isFirst = false;
            if (c == ',')
            {
                continue;
            }
        }
        entries.back() += c;
    }
    return entries;
}

/**
 * Reads a law with its rate.
 * @param options the options
 * @param text such as 0.1, 0.1:gilbert-elliott:8, trace:FILE
 * @return text of its type, empty if it is no law
 */
std::string
ReadLinkLaw(ScenarioOptions& options, const std::string& text)
{
    const auto [rateText, law] = SplitAtColon(text);
    double rate = 0;
    if (!ScenarioOptions::ReadNumber(rateText, rate))
    {
        const std::string type = ReadType(options, "linkLoss", text, LAWS);
        return Takes(type, "DropRate") ? "" : AddClasses(options, type);
    }
    const std::string type = ReadType(options, "linkLoss", law.empty() ? "bernoulli" : law, LAWS);
    return rate >= 0 && rate <= 1 && Takes(type, "DropRate")
               ? AddClasses(options, AddAttribute(type, "DropRate", rateText))
               : "";
}

/**
 * Sets what single links lose.
 * @param options the options
 * @param topology the network, not built yet
 */
void
SetLinkLoss(ScenarioOptions& options, SwitchedTopologyHelper& topology)
{
    const uint32_t hosts = topology.GetHosts().GetN();
    std::set<std::string> links;
    for (const std::string& entry : SplitEntries(options.GetText("linkLoss")))
    {
        const auto [hostText, rest] = SplitAtColon(entry);
        const auto [direction, law] = SplitAtColon(rest);
        double host = 0;
        const bool isLink = ScenarioOptions::ReadNumber(hostText, host) && host >= 0 &&
                            host < hosts && host == std::floor(host) &&
                            (direction == "in" || direction == "out");
        const std::string type = isLink ? ReadLinkLaw(options, law) : "";
        if (type.empty())
        {
            options.Reject("linkLoss",
                           "HOST:in:RATE or HOST:out:RATE, with hosts from 0 to " +
                               std::to_string(hosts - 1) +
                               " and rates from 0 to 1, each with :LAW after it or not, or a law "
                               "without a rate in place of RATE, separated by commas, are needed");
        }
        if (!links.insert(std::to_string(host) + direction).second)
        {
            options.Reject("linkLoss", "link " + hostText + ":" + direction + " is there twice");
        }
        topology.SetLinkErrorModel(static_cast<uint32_t>(host),
                                   direction == "in" ? SwitchedTopologyHelper::INTO_HOST
                                                     : SwitchedTopologyHelper::OUT_OF_HOST,
                                   type);
    }
}

/**
 * Sets how segments are lost.
 * @param options the options
 * @param topology the network, not built yet
 */
void
SetLoss(ScenarioOptions& options, SwitchedTopologyHelper& topology)
{
    std::string type = ReadType(options, "loss", LAWS);
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
    // a rate of 0 that is given may be one of several in a sweep
    const bool isLossless = Takes(type, "DropRate") && !options.IsGiven("dropRate");
    if (Takes(type, "DropRate"))
    {
        options.GetNumber("dropRate", 0, 1);
        type = AddAttribute(type, "DropRate", options.GetText("dropRate"));
    }
    topology.SetErrorModel(isLossless ? type : AddClasses(options, type));
    SetLinkLoss(options, topology);
}

} // namespace

void
AddNetworkOptions(ScenarioOptions& options)
{
    options.Add("topology",
                "star; leaf-spine:LEAVESxSPINES; dumbbell:RATE:DELAY (two halves of the hosts, and "
                "a link of this rate and delay between them); or wide-area:SITES:RATE:DELAY (each "
                "site joined with each other one by such a link)",
                "star");
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
    options.Add("linkLoss",
                "drop rates of single directed links, such as 3:in:0.2,5:out:0.1 for the link into "
                "host 3, in place of --loss, and the one out of host 5, besides; a law of --loss "
                "may follow a rate, as in 3:in:0.2:gilbert-elliott:8, or stand for it, as in "
                "3:in:trace:FILE; empty: none",
                "");
    options.Add(
        "dropSchedule",
        "drop rates that follow simulated time, in place of --dropRate: steps or linear, "
        "and times with rates, such as steps:0s:0,1s:0.1 or linear:0s:0,2s:0.3; empty: none",
        "");
    options.Add("dropControl",
                "whether control segments (ends, acknowledgements) are dropped, too: 0 or 1",
                "0",
                "ns3::learning::SegmentErrorModel::DropControl");
    options.Add(
        "dropOther",
        "whether packets that carry no segments are dropped at the drop rate, too: 0, 1, or "
        "auto: with --transport=tcp, whose packets are such",
        "auto",
        "ns3::learning::SegmentErrorModel::DropOther");
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
    else if (name == "dumbbell" && hosts >= 2)
    {
        const auto [rate, delay] = ReadLongLink(options, argument);
        topology = std::make_unique<DumbbellTopologyHelper>(hosts, rate, delay);
    }
    else if (name == "wide-area")
    {
        topology = MakeWideArea(options, hosts, argument);
    }
    else
    {
        options.Reject("topology",
                       "star; leaf-spine:LEAVESxSPINES with 1 to " + std::to_string(hosts) +
                           " leaves and 1 to 1000 spines; dumbbell:RATE:DELAY with at least 2 "
                           "hosts; or wide-area:SITES:RATE:DELAY is needed");
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
