/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "comparison.h"

#include <cmath>
#include <cstdio>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{
constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();
} // namespace

Comparison::Comparison(const PublishedValues& published, StudyReport& report)
    : m_published(published),
      m_report(report)
{
}

StudyReport&
Comparison::GetReport() const
{
    return m_report;
}

const PublishedValue&
Comparison::GetPublished(const std::string& id) const
{
    return m_published.Get(id);
}

const std::map<std::string, PublishedValue>&
Comparison::GetAllPublished() const
{
    return m_published.GetAll();
}

Verdict
Comparison::Compare(const std::string& id, double found, const std::string& reason) const
{
    const PublishedValue& published = m_published.Get(id);
    Deviation deviation;
    deviation.figure = published.table;
    deviation.quantity = published.quantity;
    deviation.published = published.value;
    deviation.readingError = std::abs(published.value) * published.tolerance;
    deviation.found = found;
    deviation.trust = published.GetTrust();
    deviation.reason = reason;
    m_report.Add(deviation);
    return std::isnan(found)         ? Verdict::NOT_MEASURED
           : deviation.IsExplained() ? Verdict::HOLDS
                                     : Verdict::FAILS;
}

std::string
Comparison::Beside(double found, const std::string& id) const
{
    return FormatShort(found) + " (" + FormatShort(m_published.Get(id).value) + ")";
}

double
GetNumber(const RunSelection& runs, const std::string& column)
{
    return runs.GetRuns().size() == 1 ? GetSummaryNumber(runs.GetRuns().front(), column)
                                      : NOT_A_NUMBER;
}

double
GetDollars(const RunSelection& runs)
{
    return GetNumber(runs, "cost_nano_usd") / 1e9;
}

std::string
FormatBrief(double value)
{
    if (std::isnan(value))
    {
        return "-";
    }
    char text[32];
    std::snprintf(text, sizeof(text), std::abs(value) < 1000 ? "%.3g" : "%.0f", value);
    return text;
}

std::string
MakeShortTable(const std::vector<Claim>& claims)
{
    std::string text = "source | claim | published | here | verdict\n";
    for (const Claim& claim : claims)
    {
        text += claim.source + " | " + claim.title + " | " + claim.published + " | " + claim.found +
                " | " + DescribeVerdict(claim.verdict) + "\n";
    }
    return text;
}

double
GetSlope(const RunSelection& runs, const std::string& column)
{
    const auto lengths = runs.GetValues("rounds");
    if (lengths.size() < 2)
    {
        return NOT_A_NUMBER;
    }
    const RunSelection few = runs.Where("rounds", lengths.front());
    const RunSelection many = runs.Where("rounds", lengths.back());
    return (GetNumber(many, column) - GetNumber(few, column)) /
           (GetNumber(many, "rounds") - GetNumber(few, "rounds"));
}

Verdict
JudgeBelow(double small, double large)
{
    return std::isnan(small) || std::isnan(large) ? Verdict::NOT_MEASURED
           : small < large                        ? Verdict::HOLDS
                                                  : Verdict::FAILS;
}

} // namespace learning
} // namespace ns3
