/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "drop-rate-study.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>
#include <tuple>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN(); //!< short for it
const char* const DEFAULT = "default"; //!< value of a knob that only other runs have set

/**
 * Tells whether a knob only names the seed.
 * @param name the knob
 * @return whether it does
 */
bool
IsSeed(const std::string& name)
{
    return name == "RngRun" || name == "RngSeed";
}

/**
 * What the runs of one series have in common.
 * @param run one of them
 * @return its knobs but for the drop rate and seeds
 */
std::map<std::string, std::string>
GetSeriesKnobs(const FinishedRun& run)
{
    auto knobs = run.run.knobs;
    knobs.erase("dropRate");
    for (auto knob = knobs.begin(); knob != knobs.end();)
    {
        knob = IsSeed(knob->first) ? knobs.erase(knob) : std::next(knob);
    }
    return knobs;
}

/**
 * Orders texts as numbers where both are, otherwise as texts.
 * @param a one
 * @param b the other
 * @return whether a comes first
 */
bool
ComesBefore(const std::string& a, const std::string& b)
{
    double x;
    double y;
    if (ParseNumber(a, x) && ParseNumber(b, y) && x != y)
    {
        return x < y;
    }
    return a < b;
}

/**
 * A value of the summary.
 * @param run the run
 * @param name its name
 * @return the number; not a number if it is absent or none
 */
double
GetSummary(const FinishedRun& run, const std::string& name)
{
    double value = NOT_A_NUMBER;
    const auto found = run.summary.find(name);
    if (found != run.summary.end())
    {
        ParseNumber(found->second, value);
    }
    return value;
}

/**
 * Fills in the statistics of a series.
 * @param series its runs are sorted into conditions already
 */
void
Summarize(DropRateSeries& series)
{
    std::sort(series.conditions.begin(), series.conditions.end(), [](const auto& a, const auto& b) {
        return a.dropRate < b.dropRate;
    });
    for (auto& condition : series.conditions)
    {
        std::vector<double> losses;
        std::vector<double> accuracies;
        std::vector<double> times;
        for (const auto& run : condition.runs)
        {
            losses.push_back(GetSummary(run, "train_loss"));
            accuracies.push_back(GetSummary(run, "test_accuracy"));
            times.push_back(GetSummary(run, "time_s"));
        }
        condition.loss = SeedStatistic::Of(losses);
        condition.accuracy = SeedStatistic::Of(accuracies);
        condition.time = SeedStatistic::Of(times);
    }
    const auto& first = series.conditions.front();
    for (auto& condition : series.conditions)
    {
        condition.relativeLoss =
            first.dropRate == 0 ? condition.loss.mean / first.loss.mean : NOT_A_NUMBER;
    }
}

} // namespace

bool
ParseNumber(const std::string& text, double& value)
{
    char* end = nullptr;
    value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0')
    {
        value = NOT_A_NUMBER;
        return false;
    }
    return true;
}

SeedStatistic
SeedStatistic::Of(const std::vector<double>& values)
{
    SeedStatistic statistic;
    statistic.count = static_cast<uint32_t>(values.size());
    double sum = 0;
    for (double value : values)
    {
        sum += value;
    }
    statistic.mean = values.empty() ? NOT_A_NUMBER : sum / static_cast<double>(values.size());
    if (values.size() > 1)
    {
        double squares = 0;
        for (double value : values)
        {
            squares += (value - statistic.mean) * (value - statistic.mean);
        }
        statistic.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
    }
    return statistic;
}

std::string
DropRateSeries::GetKnob(const std::string& name, const std::string& fallback) const
{
    const auto found = knobs.find(name);
    return found == knobs.end() ? fallback : found->second;
}

DropRateStudy::DropRateStudy(const std::vector<FinishedRun>& runs)
{
    std::map<std::string, std::set<std::string>> values;
    std::map<std::map<std::string, std::string>, std::map<double, DropRateCondition>> sorted;
    for (const auto& run : runs)
    {
        const auto dropRate = run.run.knobs.find("dropRate");
        if (!run.ok)
        {
            m_failed.push_back(run);
        }
        else if (dropRate == run.run.knobs.end())
        {
            ++m_omitted;
        }
        else
        {
            double p;
            if (!ParseNumber(dropRate->second, p))
            {
                throw std::runtime_error(run.run.GetKey() + ": dropRate is not a number");
            }
            for (const auto& [name, value] : run.run.knobs)
            {
                values[name].insert(value);
            }
            sorted[GetSeriesKnobs(run)][p].runs.push_back(run);
        }
    }
    if (sorted.empty())
    {
        const std::string failures = m_failed.empty()
                                         ? ""
                                         : "; failed ones: " + std::to_string(m_failed.size()) +
                                               ", the first is " + m_failed[0].run.GetKey() + ": " +
                                               m_failed[0].message;
        throw std::runtime_error("no run with the knob dropRate has ended well" + failures);
    }
    // A mistyped knob makes no series: only what is legal beside runs that ended well is counted.
    for (const auto& run : m_failed)
    {
        const auto series = sorted.find(GetSeriesKnobs(run));
        const auto dropRate = run.run.knobs.find("dropRate");
        double p;
        if (series != sorted.end() && dropRate != run.run.knobs.end() &&
            ParseNumber(dropRate->second, p) && p >= 0 && p <= 1)
        {
            ++series->second[p].failed;
            for (const auto& [name, value] : run.run.knobs)
            {
                values[name].insert(value);
            }
        }
    }
    for (const auto& entry : sorted)
    {
        for (auto& [name, texts] : values)
        {
            if (name != "dropRate" && !IsSeed(name) && entry.first.count(name) == 0)
            {
                texts.insert(DEFAULT);
            }
        }
    }
    for (const auto& [name, texts] : values)
    {
        m_knobs[name].assign(texts.begin(), texts.end());
        std::sort(m_knobs[name].begin(), m_knobs[name].end(), ComesBefore);
    }
    for (auto& [knobs, conditions] : sorted)
    {
        DropRateSeries series;
        series.knobs = knobs;
        series.label = MakeLabel(knobs);
        for (auto& [p, condition] : conditions)
        {
            condition.dropRate = p;
            series.conditions.push_back(std::move(condition));
        }
        Summarize(series);
        m_series.push_back(std::move(series));
    }
    std::stable_sort(m_series.begin(), m_series.end(), [](const auto& a, const auto& b) {
        const auto rank = [](const DropRateSeries& series) {
            const std::string algorithm = series.GetKnob("algorithm", "rps");
            return std::make_tuple(algorithm != "rps",
                                   algorithm,
                                   std::atof(series.GetKnob("workers", "0").c_str()),
                                   std::atof(series.GetKnob("servers", "0").c_str()));
        };
        return rank(a) < rank(b);
    });
}

std::string
DropRateStudy::MakeLabel(const std::map<std::string, std::string>& knobs) const
{
    const auto get = [&](const std::string& name) -> std::string {
        const auto found = knobs.find(name);
        return found != knobs.end() ? found->second : m_knobs.count(name) > 0 ? DEFAULT : "";
    };
    const std::string algorithm = get("algorithm");
    std::string label = algorithm == "rps"                  ? "RPS"
                        : algorithm == "gradient-averaging" ? "gradient averaging"
                        : algorithm == DEFAULT              ? "default algorithm"
                                                            : algorithm;
    const auto add = [&label](const std::string& text) {
        label += (label.empty() ? "" : ", ") + text;
    };
    if (!get("servers").empty())
    {
        add(get("servers") + " servers");
    }
    if (!get("workers").empty() && get("workers") != get("servers"))
    {
        add(get("workers") + " workers");
    }
    for (const auto& [name, values] : m_knobs)
    {
        if (name != "algorithm" && name != "servers" && name != "workers" && name != "dropRate" &&
            !IsSeed(name) && values.size() > 1)
        {
            add(name + "=" + get(name));
        }
    }
    return label.empty() ? "all runs" : label;
}

const std::vector<DropRateSeries>&
DropRateStudy::GetSeries() const
{
    return m_series;
}

const std::map<std::string, std::vector<std::string>>&
DropRateStudy::GetKnobs() const
{
    return m_knobs;
}

const std::vector<FinishedRun>&
DropRateStudy::GetFailed() const
{
    return m_failed;
}

uint32_t
DropRateStudy::GetOmitted() const
{
    return m_omitted;
}

} // namespace learning
} // namespace ns3
