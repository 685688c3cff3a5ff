/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "findings.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double ERRORS = 2; //!< standard errors that chance may explain

} // namespace

double
Deviation::GetDifference() const
{
    return found - published;
}

double
Deviation::GetRelative() const
{
    return published == 0 ? std::numeric_limits<double>::quiet_NaN() : found / published - 1;
}

bool
Deviation::IsExplained() const
{
    const double error = std::isnan(standardError) ? 0 : standardError;
    return std::abs(GetDifference()) <= readingError + ERRORS * error;
}

bool
Deviation::IsDecided() const
{
    return !std::isnan(found) && (IsExplained() || !std::isnan(standardError));
}

Verdict
JudgeRange(double number, double standardError, double low, double high)
{
    if (std::isnan(number))
    {
        return Verdict::NOT_MEASURED;
    }
    const double margin = std::isnan(standardError) ? 0 : ERRORS * standardError;
    // a ratio cannot be below 0, so that chance cannot take it there
    const bool isNear =
        (low != 0 && std::abs(number - low) <= margin) || std::abs(number - high) <= margin;
    if (margin > 0 && isNear)
    {
        return Verdict::UNRESOLVED;
    }
    return number >= low && number <= high ? Verdict::HOLDS : Verdict::FAILS;
}

Verdict
JoinVerdicts(const std::vector<Verdict>& verdicts)
{
    const auto has = [&verdicts](Verdict verdict) {
        return std::find(verdicts.begin(), verdicts.end(), verdict) != verdicts.end();
    };
    for (const Verdict verdict : {Verdict::FAILS,
                                  Verdict::NOT_MEASURED,
                                  Verdict::UNRESOLVED,
                                  Verdict::PARTLY,
                                  Verdict::HOLDS})
    {
        if (has(verdict))
        {
            return verdict;
        }
    }
    return Verdict::NOT_MEASURED;
}

Verdict
GradeVerdicts(const std::vector<Verdict>& verdicts)
{
    const auto has = [&verdicts](Verdict verdict) {
        return std::find(verdicts.begin(), verdicts.end(), verdict) != verdicts.end();
    };
    const bool some = has(Verdict::HOLDS) || has(Verdict::PARTLY);
    return some && has(Verdict::FAILS) ? Verdict::PARTLY : JoinVerdicts(verdicts);
}

std::string
DescribeVerdict(Verdict verdict)
{
    switch (verdict)
    {
    case Verdict::HOLDS:
        return "holds";
    case Verdict::PARTLY:
        return "holds partly";
    case Verdict::FAILS:
        return "does not hold";
    case Verdict::UNRESOLVED:
        return "not resolved";
    default:
        return "not measured";
    }
}

std::string
FormatShort(double value)
{
    if (std::isnan(value))
    {
        return "-";
    }
    char text[32];
    std::snprintf(text, sizeof(text), "%.4g", value);
    return text;
}

std::string
FormatWithError(double value, double error)
{
    if (error == 0 || std::isnan(error) || std::isnan(value))
    {
        return FormatShort(value);
    }
    char text[32];
    std::snprintf(text, sizeof(text), "%.2g", error);
    return FormatShort(value) + " ± " + text;
}

TextTable
MakeDeviationTable(const std::vector<Deviation>& deviations)
{
    TextTable table;
    table.heading = {"figure", "quantity", "paper", "here", "difference", "in %", "within errors"};
    table.textColumns = 2;
    const bool annotated =
        std::any_of(deviations.begin(), deviations.end(), [](const Deviation& deviation) {
            return !deviation.trust.empty() || !deviation.reason.empty();
        });
    if (annotated)
    {
        table.heading.insert(table.heading.begin() + 2, {"trust", "if not, why"});
        table.textColumns = 4;
    }
    std::string figure;
    for (const auto& deviation : deviations)
    {
        if (deviation.figure != figure)
        {
            table.rows.emplace_back();
            figure = deviation.figure;
        }
        const double relative = 100 * deviation.GetRelative();
        char percent[32];
        std::snprintf(percent, sizeof(percent), "%+.1f", relative);
        const bool found = !std::isnan(deviation.found);
        std::vector<std::string> row{deviation.figure, deviation.quantity};
        if (annotated)
        {
            row.push_back(deviation.trust);
            row.push_back(found && deviation.IsExplained() ? "" : deviation.reason);
        }
        row.insert(row.end(),
                   {FormatShort(deviation.published),
                    FormatWithError(deviation.found, deviation.standardError),
                    FormatShort(deviation.GetDifference()),
                    std::isnan(relative) ? "-" : percent,
                    !deviation.IsDecided()    ? "-"
                    : deviation.IsExplained() ? "yes"
                                              : "no"});
        table.rows.push_back(row);
    }
    return table;
}

TextTable
MakeClaimTable(const std::vector<Claim>& claims)
{
    TextTable table;
    table.heading = {"source", "claim", "found", "verdict"};
    table.textColumns = 4;
    for (const auto& claim : claims)
    {
        const bool explained = claim.verdict != Verdict::HOLDS && !claim.reason.empty();
        table.rows.push_back({claim.source,
                              claim.text,
                              claim.found + (explained ? ". " + claim.reason : ""),
                              DescribeVerdict(claim.verdict)});
    }
    return table;
}

} // namespace learning
} // namespace ns3
