/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "synchronization-options.h"

#include "type-word.h"

#include "ns3/fault-schedule-helper.h"

#include <cmath>
#include <set>
#include <sstream>
#include <string>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Reads the random factor of computations' times.
 * @param options the options
 * @return text of its type
 */
std::string
ReadStraggler(ScenarioOptions& options)
{
    const std::string& text = options.GetText("straggler");
    if (text == "none")
    {
        return "ns3::ConstantRandomVariable[Constant=1]";
    }
    if (text == "exponential")
    {
        return "ns3::ExponentialRandomVariable[Mean=1]";
    }
    return ReadType(
        options,
        "straggler",
        {{"none", "", TypeWord::OWN},
         {"exponential", "", TypeWord::OWN},
         {"lognormal", "StragglerVariable[Law=LogNormal]", TypeWord::NUMBER, "TailRatio", "RATIO"},
         {"pareto", "StragglerVariable[Law=Pareto]", TypeWord::NUMBER, "TailRatio", "RATIO"},
         {"trace", "TraceVariable", TypeWord::TEXT, "File", "FILE"}});
}

/**
 * Makes workers slow.
 * @param options the options
 * @param training the helper
 * @param workers number of workers
 */
void
SetSlowNodes(ScenarioOptions& options, TrainingHelper& training, uint32_t workers)
{
    std::set<uint32_t> slow;
    std::istringstream list(options.GetText("slowNodes"));
    std::string item;
    while (std::getline(list, item, ','))
    {
        const auto [name, argument] = SplitAtColon(item);
        double worker = 0;
        double factor = 0;
        if (!ScenarioOptions::ReadNumber(name, worker) ||
            !ScenarioOptions::ReadNumber(argument, factor) || worker < 0 ||
            worker != std::floor(worker) || worker >= workers || !(factor > 0) ||
            !slow.insert(static_cast<uint32_t>(worker)).second)
        {
            options.Reject("slowNodes",
                           "workers from 0 to " + std::to_string(workers - 1) +
                               ", each once, and factors above 0 are needed, such as 3:10,5:2");
        }
        training.SetSlowdown(static_cast<uint32_t>(worker), factor);
    }
}

} // namespace

void
AddSynchronizationOptions(ScenarioOptions& options)
{
    options.Add("synchronization",
                "when to go on: bsp (with all pushes of a round), backup:B (with all but B), ssp:S "
                "(a worker may be S rounds ahead of the slowest) or asp (at once); ssp and asp "
                "need --downlink=parameters; or a TypeId with attributes in brackets",
                "bsp",
                "ns3::learning::BackupWorkersProtocol::Backups "
                "ns3::learning::StaleSynchronousProtocol::Bound");
    options.Add("straggler",
                "random factor of each gradient's time: none, exponential (mean 1), "
                "lognormal:RATIO or pareto:RATIO (median 1, 99th percentile RATIO), trace:FILE "
                "(factors of a file), or a TypeId of an ns-3 random variable with attributes in "
                "brackets",
                "none",
                "ns3::learning::ComputeModel::Straggler ns3::learning::StragglerVariable::Law "
                "ns3::learning::StragglerVariable::TailRatio ns3::learning::TraceVariable::File");
    options.Add("slowNodes",
                "workers whose gradients take longer, and by what factor, such as 3:10,5:2; "
                "empty: none",
                "");
    options.Add("faults",
                "what fails, from when until when: crash:HOST@FROM-UNTIL, link:HOST@FROM-UNTIL, "
                "partition:HOST+HOST@FROM-UNTIL, with commas between them, such as "
                "crash:3@1s-2s,link:0@500ms-700ms, or a file of these; without -UNTIL for good; "
                "hosts are workers, then dedicated servers, from 0; empty: nothing",
                "");
}

void
SetSynchronization(ScenarioOptions& options, TrainingHelper& training, uint32_t workers)
{
    training.SetSynchronization(
        ReadType(options,
                 "synchronization",
                 {{"bsp", "BulkSynchronousProtocol"},
                  {"backup", "BackupWorkersProtocol", TypeWord::NUMBER, "Backups", "B"},
                  {"ssp", "StaleSynchronousProtocol", TypeWord::NUMBER, "Bound", "S"},
                  {"asp", "AsynchronousProtocol"}}));
    training.SetStraggler(ReadStraggler(options));
    SetSlowNodes(options, training, workers);
}

Time
InstallFaults(ScenarioOptions& options, const TrainingHelper& training)
{
    const std::string& text = options.GetText("faults");
    if (text.empty())
    {
        return Time(0);
    }
    FaultScheduleHelper faults;
    const bool isFile = text.find('@') == std::string::npos;
    if (isFile)
    {
        options.AddInput("faults", text);
    }
    options.Try("faults", [&] {
        isFile ? faults.AddFile(text) : faults.AddList(text);
        faults.Install(training);
    });
    return faults.GetEnd();
}

} // namespace learning
} // namespace ns3
