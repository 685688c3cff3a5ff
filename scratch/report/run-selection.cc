/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "run-selection.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Value of a knob.
 * @param run the run
 * @param knob its name
 * @return the value, empty if the run does not have it
 */
std::string
GetKnob(const FinishedRun& run, const std::string& knob)
{
    const auto found = run.run.knobs.find(knob);
    return found == run.run.knobs.end() ? "" : found->second;
}

/**
 * What runs are paired by.
 * @param run the run
 * @return its seed and run number
 */
std::pair<std::string, std::string>
GetSeed(const FinishedRun& run)
{
    return {GetKnob(run, "RngSeed"), GetKnob(run, "RngRun")};
}

/**
 * Compares values of a knob.
 * @param a one
 * @param b the other
 * @return whether they are the same number, or the same text
 */
bool
AreEqual(const std::string& a, const std::string& b)
{
    double x;
    double y;
    return a == b || (ParseNumber(a, x) && ParseNumber(b, y) && x == y);
}

} // namespace

double
GetSummaryNumber(const FinishedRun& run, const std::string& column)
{
    double value = std::numeric_limits<double>::quiet_NaN();
    const auto found = run.summary.find(column);
    if (found != run.summary.end())
    {
        ParseNumber(found->second, value);
    }
    return value;
}

double
GetStandardError(const SeedStatistic& statistic)
{
    return statistic.count < 2 ? std::numeric_limits<double>::quiet_NaN()
                               : statistic.deviation / std::sqrt(statistic.count);
}

RunSelection::RunSelection(const std::vector<FinishedRun>& runs)
{
    std::copy_if(runs.begin(), runs.end(), std::back_inserter(m_runs), [](const auto& run) {
        return run.ok;
    });
}

RunSelection
RunSelection::Where(const std::string& knob, const std::string& value) const
{
    RunSelection some;
    std::copy_if(m_runs.begin(),
                 m_runs.end(),
                 std::back_inserter(some.m_runs),
                 [&](const FinishedRun& run) { return AreEqual(GetKnob(run, knob), value); });
    return some;
}

std::vector<std::string>
RunSelection::GetValues(const std::string& knob) const
{
    std::set<std::string> found;
    for (const auto& run : m_runs)
    {
        found.insert(GetKnob(run, knob));
    }
    std::vector<std::string> values(found.begin(), found.end());
    std::stable_sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
        double x;
        double y;
        return ParseNumber(a, x) && ParseNumber(b, y) && x < y;
    });
    return values;
}

std::vector<RunSelection>
RunSelection::GetGroups(const std::vector<std::string>& differing) const
{
    std::map<std::map<std::string, std::string>, RunSelection> groups;
    for (const auto& run : m_runs)
    {
        auto knobs = run.run.knobs;
        for (const auto& knob : differing)
        {
            knobs.erase(knob);
        }
        groups[knobs].m_runs.push_back(run);
    }
    std::vector<RunSelection> result;
    for (auto& [knobs, group] : groups)
    {
        result.push_back(std::move(group));
    }
    return result;
}

const std::vector<FinishedRun>&
RunSelection::GetRuns() const&
{
    return m_runs;
}

std::vector<FinishedRun>
RunSelection::GetRuns() &&
{
    return std::move(m_runs);
}

SeedStatistic
RunSelection::GetStatistic(const std::string& column) const
{
    std::vector<double> values;
    for (const auto& run : m_runs)
    {
        values.push_back(GetSummaryNumber(run, column));
    }
    return SeedStatistic::Of(values);
}

SeedStatistic
RunSelection::GetRatio(const RunSelection& base, const std::string& column) const
{
    std::vector<double> values;
    for (const auto& [here, there] : GetPairs(base, column))
    {
        values.push_back(here / there);
    }
    return SeedStatistic::Of(values);
}

SeedStatistic
RunSelection::GetDifference(const RunSelection& base, const std::string& column) const
{
    std::vector<double> values;
    for (const auto& [here, there] : GetPairs(base, column))
    {
        values.push_back(here - there);
    }
    return SeedStatistic::Of(values);
}

std::vector<std::pair<double, double>>
RunSelection::GetPairs(const RunSelection& base, const std::string& column) const
{
    std::vector<std::pair<double, double>> pairs;
    for (const auto& run : m_runs)
    {
        for (const auto& other : base.m_runs)
        {
            if (GetSeed(run) == GetSeed(other))
            {
                pairs.emplace_back(GetSummaryNumber(run, column), GetSummaryNumber(other, column));
            }
        }
    }
    return pairs;
}

} // namespace learning
} // namespace ns3
