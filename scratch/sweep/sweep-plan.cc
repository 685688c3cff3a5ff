/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep-plan.h"

#include <set>

namespace ns3
{
namespace learning
{

namespace
{

constexpr size_t MAX_COMBINATIONS = 1000000; //!< of one group: more is a slip of the pen

/**
 * Follows ties until a value is found.
 * @param group name of the group
 * @param name the knob to start from
 * @param chosen the item chosen for each knob
 * @return the value
 */
std::string
Resolve(const std::string& group,
        const std::string& name,
        const std::map<std::string, const KnobValue*>& chosen)
{
    std::set<std::string> seen;
    std::string current = name;
    while (chosen.at(current)->isTie)
    {
        if (!seen.insert(current).second)
        {
            throw UsageError("[" + group + "] " + name + " = @" + chosen.at(name)->text +
                             ": the tie leads back to itself");
        }
        const std::string& target = chosen.at(current)->text;
        if (chosen.count(target) == 0)
        {
            throw UsageError("[" + group + "] " + current + " = @" + target +
                             ": no knob of this group is called '" + target + "'");
        }
        current = target;
    }
    return chosen.at(current)->text;
}

} // namespace

SweepPlan::SweepPlan(const std::string& program,
                     const KnobLists& common,
                     const std::map<std::string, KnobLists>& groups,
                     const KnobLists& overrides)
{
    std::map<std::string, KnobLists> all = groups;
    if (all.empty())
    {
        all["common"];
    }
    std::map<std::string, SweepRun> runs;
    for (auto& [group, knobs] : all)
    {
        KnobLists lists = overrides;
        lists.insert(knobs.begin(),
                     knobs.end()); // insert() keeps what is there: the stronger goes first
        lists.insert(common.begin(), common.end());
        AddProduct(program, group, lists, runs);
    }
    std::map<std::string, std::map<std::string, size_t>>
        counts; // how often each knob has each value
    for (auto& [key, run] : runs)
    {
        for (const auto& [name, value] : run.knobs)
        {
            ++counts[name][value];
        }
        m_runs.push_back(std::move(run));
    }
    for (const auto& [name, values] : counts)
    {
        if (values.begin()->second != m_runs.size())
        {
            m_varying.push_back(name);
        }
    }
}

void
SweepPlan::AddProduct(const std::string& program,
                      const std::string& group,
                      const KnobLists& knobs,
                      std::map<std::string, SweepRun>& runs)
{
    size_t combinations = 1;
    for (const auto& [name, values] : knobs)
    {
        combinations *= values.size();
        if (combinations == 0)
        {
            throw UsageError("[" + group + "] " + name + ": a knob needs at least one value");
        }
        if (combinations > MAX_COMBINATIONS)
        {
            throw UsageError("[" + group + "]: more than " + std::to_string(MAX_COMBINATIONS) +
                             " combinations; make the lists shorter");
        }
    }
    for (size_t index = 0; index < combinations; ++index)
    {
        // The digits of the index, in the mixed radix of the lists' lengths.
        std::map<std::string, const KnobValue*> chosen;
        size_t rest = index;
        for (const auto& [name, values] : knobs)
        {
            chosen[name] = &values[rest % values.size()];
            rest /= values.size();
        }
        SweepRun run;
        run.program = program;
        for (const auto& [name, values] : knobs)
        {
            run.knobs[name] = Resolve(group, name, chosen);
        }
        runs.emplace(run.GetKey(), run);
    }
}

const std::vector<SweepRun>&
SweepPlan::GetRuns() const
{
    return m_runs;
}

std::vector<SweepRun>
SweepPlan::GetShard(uint32_t index, uint32_t count) const
{
    std::vector<SweepRun> shard;
    for (size_t i = index - 1; i < m_runs.size(); i += count)
    {
        shard.push_back(m_runs[i]);
    }
    return shard;
}

std::string
SweepPlan::GetLabel(const SweepRun& run) const
{
    std::string label;
    for (const auto& name : m_varying)
    {
        const auto knob = run.knobs.find(name);
        if (knob != run.knobs.end())
        {
            label += (label.empty() ? "" : " ") + name + "=" + knob->second;
        }
    }
    return label.empty() ? "the only run" : label;
}

} // namespace learning
} // namespace ns3
