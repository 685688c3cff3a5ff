/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "drop-rate-figures.h"

#include "svg-figure.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint32_t WIDTH = 540;       //!< of all figures, pixels
constexpr double CUT_OFF_FACTOR = 10; //!< losses beyond this times the first one are not shown

/// RPS, from few to many servers.
const std::vector<std::string> RPS_COLORS{"#86bfe3", "#3f8fcb", "#1d5f9e", "#0b2c57"};
/// Other algorithms.
const std::vector<std::string> OTHER_COLORS{"#c22f27", "#e58a1a", "#8a4fae"};

/**
 * Writes a drop rate as it was given.
 * @param rate the rate
 * @return such as "p = 0.05"
 */
std::string
MakeRateLabel(double rate)
{
    char text[64];
    std::snprintf(text, sizeof(text), "p = %g", rate);
    return text;
}

/**
 * A point of a figure against the drop rate.
 * @param series the series
 * @param condition its condition
 * @param quantity which quantity
 * @return mean and half error bar
 */
SvgFigure::Point
MakePoint(const DropRateSeries& series,
          const DropRateCondition& condition,
          DropRateFigures::Quantity quantity)
{
    switch (quantity)
    {
    case DropRateFigures::RELATIVE_LOSS:
        return {condition.dropRate,
                condition.relativeLoss,
                condition.loss.deviation / series.conditions.front().loss.mean};
    case DropRateFigures::ACCURACY:
        return {condition.dropRate,
                100 * condition.accuracy.mean,
                100 * condition.accuracy.deviation};
    default:
        return {condition.dropRate, condition.loss.mean, condition.loss.deviation};
    }
}

} // namespace

DropRateFigures::DropRateFigures(const DropRateStudy& study,
                                 const std::string& runs,
                                 const std::string& csv,
                                 const std::string& directory)
    : m_study(study),
      m_directory(directory)
{
    std::error_code unusable; // drawing fails then, and says so
    std::filesystem::create_directories(directory, unusable);
    for (const auto& series : study.GetSeries())
    {
        m_curves.emplace_back();
        for (const auto& condition : series.conditions)
        {
            std::vector<std::vector<RoundPoint>> seeds;
            for (const auto& run : condition.runs)
            {
                try
                {
                    seeds.push_back(ReadRoundCurve(
                        (std::filesystem::path(runs) / run.run.GetId() / csv).string()));
                    m_hasCurves = true;
                }
                catch (const std::runtime_error& error)
                {
                    m_problems.emplace_back(error.what());
                }
            }
            m_curves.back().push_back(AverageCurves(seeds));
        }
    }
    if (!m_hasCurves)
    {
        m_problems = {"no curves over the rounds, because the file " + csv + " of no run in " +
                      runs + " can be used; the first of " + std::to_string(m_problems.size()) +
                      " is " + m_problems.front()};
    }
}

bool
DropRateFigures::HasCurves() const
{
    return m_hasCurves;
}

const std::vector<std::string>&
DropRateFigures::GetProblems() const
{
    return m_problems;
}

bool
DropRateFigures::IsRps(const DropRateSeries& series)
{
    return series.GetKnob("algorithm", "rps") == "rps";
}

std::vector<std::string>
DropRateFigures::DrawCurves(bool byTime) const
{
    std::set<double> rates;
    double low = INFINITY;
    double high = 0;
    double start = 0;
    for (size_t i = 0; i < m_curves.size(); ++i)
    {
        for (size_t j = 0; j < m_curves[i].size(); ++j)
        {
            rates.insert(m_study.GetSeries()[i].conditions[j].dropRate);
            for (const auto& point : m_curves[i][j])
            {
                low = point.loss > 0 ? std::min(low, point.loss) : low;
                high = std::max(high, point.loss);
            }
            start = m_curves[i][j].empty() ? start : std::max(start, m_curves[i][j].front().loss);
        }
    }
    std::vector<std::string> svgs;
    for (size_t i = 0; i < m_curves.size(); ++i)
    {
        const auto& series = m_study.GetSeries()[i];
        SvgFigure figure(series.label,
                         byTime ? "simulated time (s)" : "round",
                         "training loss",
                         WIDTH,
                         330);
        figure.SetLogarithmic();
        figure.SetRange(low * 0.93, std::min(high, CUT_OFF_FACTOR * start) * 1.05);
        for (size_t j = 0; j < m_curves[i].size(); ++j)
        {
            const double rate = series.conditions[j].dropRate;
            const size_t rank = std::distance(rates.begin(), rates.find(rate));
            SvgFigure::Curve curve{MakeRateLabel(rate),
                                   PickColor(GetRateColors(), rank, rates.size()),
                                   false,
                                   false,
                                   {}};
            for (const auto& point : m_curves[i][j])
            {
                curve.points.push_back({byTime ? point.time : point.round, point.loss, 0});
            }
            figure.Add(curve);
        }
        svgs.push_back(
            figure.Draw(m_directory,
                        (byTime ? "loss-time-" : "loss-round-") + std::to_string(i + 1)));
    }
    return svgs;
}

std::string
DropRateFigures::DrawFinal(const std::string& title,
                           const std::string& yLabel,
                           Quantity quantity,
                           Selection selection,
                           bool logarithmic,
                           const std::string& name) const
{
    const auto& all = m_study.GetSeries();
    const size_t rps = std::count_if(all.begin(), all.end(), IsRps);
    SvgFigure figure(title, "drop rate p", yLabel, WIDTH, 360);
    figure.SetLegendBelow();
    if (logarithmic)
    {
        figure.SetLogarithmic();
    }
    double low = INFINITY;
    double high = 0;
    for (size_t i = 0; i < all.size(); ++i) // those of RPS come first
    {
        const bool isRps = IsRps(all[i]);
        if (selection == RPS_ONLY && !isRps)
        {
            continue;
        }
        const std::string color =
            isRps ? PickColor(RPS_COLORS, i, rps)
                  : PickColor(OTHER_COLORS, i - rps, std::max<size_t>(3, all.size() - rps));
        SvgFigure::Curve curve{all[i].label, color, !isRps, true, {}};
        for (const auto& condition : all[i].conditions)
        {
            const auto point = MakePoint(all[i], condition, quantity);
            curve.points.push_back(point);
            if (std::isfinite(point.y))
            {
                low = point.y > 0 ? std::min(low, point.y) : low;
                high = std::max(high, point.y);
            }
        }
        figure.Add(curve);
    }
    if (logarithmic)
    {
        figure.SetRange(low * 0.8, high * 1.25);
    }
    return figure.Draw(m_directory, name);
}

} // namespace learning
} // namespace ns3
