/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "drop-rate-table.h"

#include "../sweep/whole-file.h"
#include "drop-rate-figures.h"

#include "ns3/mixing-coefficients.h"

#include <cmath>
#include <cstdio>
#include <sstream>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Writes a number for a reader.
 * @param value the number
 * @param digits after the point
 * @param absent what stands for no number
 * @return its text
 */
std::string
Format(double value, int digits, const std::string& absent = "-")
{
    if (!std::isfinite(value))
    {
        return absent;
    }
    char text[64];
    std::snprintf(text, sizeof(text), "%.*f", digits, value);
    return text;
}

/**
 * Writes a number in few digits, as it was given.
 * @param value the number
 * @return such as 0.05
 */
std::string
FormatShort(double value)
{
    char text[64];
    std::snprintf(text, sizeof(text), "%g", value);
    return text;
}

/**
 * Writes mean and spread.
 * @param statistic them
 * @param scale factor, such as 100 for percent
 * @param digits after the point
 * @return such as 0.412 ± 0.003
 */
std::string
Format(const SeedStatistic& statistic, double scale, int digits)
{
    if (statistic.count == 0)
    {
        return "-";
    }
    if (!std::isfinite(statistic.mean))
    {
        return "diverged";
    }
    return Format(scale * statistic.mean, digits) +
           (statistic.count > 1 ? " ± " + Format(scale * statistic.deviation, digits) : "");
}

/**
 * The mixing coefficients of a condition, where the theory covers it: RPS with owners permuted, or
 * with dedicated servers.
 * @param series the series
 * @param dropRate the drop rate
 * @param coefficients where they go
 * @return whether the theory covers it
 */
bool
GetTheory(const DropRateSeries& series, double dropRate, MixingCoefficients& coefficients)
{
    double workers;
    const bool dedicated = series.GetKnob("placement", "colocated") == "dedicated";
    if (!DropRateFigures::IsRps(series) || !ParseNumber(series.GetKnob("workers", ""), workers) ||
        (!dedicated && series.GetKnob("owners", "permuted") != "permuted"))
    {
        return false;
    }
    const auto n = static_cast<uint32_t>(workers);
    coefficients =
        dedicated ? GetDedicatedCoefficients(n, dropRate) : GetColocatedCoefficients(n, dropRate);
    return true;
}

} // namespace

TextTable
MakeDropRateTable(const DropRateStudy& study)
{
    TextTable table;
    table.heading = {"series",
                     "p",
                     "seeds",
                     "train loss",
                     "loss / loss at p=0",
                     "test accuracy %",
                     "simulated s",
                     "alpha2",
                     "beta"};
    for (const auto& series : study.GetSeries())
    {
        table.rows.emplace_back();
        for (const auto& condition : series.conditions)
        {
            MixingCoefficients theory;
            const bool covered = GetTheory(series, condition.dropRate, theory);
            table.rows.push_back(
                {series.label,
                 FormatShort(condition.dropRate),
                 std::to_string(condition.runs.size()) +
                     (condition.failed ? " (" + std::to_string(condition.failed) + " failed)" : ""),
                 Format(condition.loss, 1, 4),
                 Format(condition.relativeLoss, 3),
                 Format(condition.accuracy, 100, 2),
                 Format(condition.time.mean, 3),
                 covered ? Format(theory.alpha2, 5) : "-",
                 covered ? Format(theory.beta, 5) : "-"});
        }
    }
    return table;
}

void
WriteDropRateCsv(const DropRateStudy& study, const std::string& file)
{
    std::ostringstream stream;
    stream.precision(12);
    stream << "algorithm,workers,servers,drop_rate,seeds,failed,train_loss,train_loss_deviation,"
              "train_loss_relative,"
              "test_accuracy,test_accuracy_deviation,time_s,alpha2,beta,series\n";
    for (const auto& series : study.GetSeries())
    {
        for (const auto& condition : series.conditions)
        {
            MixingCoefficients theory;
            const bool covered = GetTheory(series, condition.dropRate, theory);
            stream << series.GetKnob("algorithm", "") << "," << series.GetKnob("workers", "") << ","
                   << series.GetKnob("servers", "") << "," << condition.dropRate << ","
                   << condition.runs.size() << "," << condition.failed << "," << condition.loss.mean
                   << "," << condition.loss.deviation << "," << condition.relativeLoss << ","
                   << condition.accuracy.mean << "," << condition.accuracy.deviation << ","
                   << condition.time.mean << ",";
            if (covered)
            {
                stream << theory.alpha2 << "," << theory.beta;
            }
            else
            {
                stream << ",";
            }
            stream << ",\"" << series.label << "\"\n";
        }
    }
    WriteWholeFile(file, stream.str());
}

std::vector<std::string>
DescribeOutcome(const DropRateStudy& study)
{
    std::vector<std::string> sentences;
    for (const auto& series : study.GetSeries())
    {
        const auto& last = series.conditions.back();
        if (series.conditions.size() < 2 || series.conditions.front().dropRate != 0 ||
            last.loss.count == 0)
        {
            continue;
        }
        const std::string first = Format(series.conditions.front().loss, 1, 3);
        sentences.push_back(series.label + ": final training loss " + first + " without drops, " +
                            Format(last.loss, 1, 3) + " at p = " + FormatShort(last.dropRate) +
                            (std::isfinite(last.relativeLoss)
                                 ? " (" + Format(last.relativeLoss, 2) + " times)"
                                 : ""));
    }
    return sentences;
}

} // namespace learning
} // namespace ns3
