/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"

#include "ns3/mixing-coefficients.h"
#include "ns3/quadratic-theory.h"

#include <cmath>
#include <cstdlib>

namespace ns3
{
namespace learning
{

namespace
{

/// What drops add, at each number of workers.
struct Influence
{
    double workers;         //!< n
    SeedStatistic absolute; //!< increase over p = 0
    SeedStatistic relative; //!< the same, over the value at p = 0
};

/**
 * What drops add to a number of the summary, by seeds.
 * @param runs the runs
 * @param dropRate p
 * @param column the number
 * @return by ascending number of workers
 */
std::vector<Influence>
GetInfluence(const RunSelection& runs, const std::string& dropRate, const std::string& column)
{
    std::vector<Influence> influence;
    for (const auto& workers : runs.GetValues("workers"))
    {
        const auto some = runs.Where("workers", workers);
        const auto base = some.Where("dropRate", "0");
        const auto dropped = some.Where("dropRate", dropRate);
        SeedStatistic relative = dropped.GetRatio(base, column);
        relative.mean -= 1;
        influence.push_back(
            {std::atof(workers.c_str()), dropped.GetDifference(base, column), relative});
    }
    return influence;
}

/**
 * Adds a curve of an influence to two figures.
 * @param influence the points
 * @param label of the curve
 * @param color of the curve
 * @param absolute the figure of increases
 * @param relative the figure of relative increases
 */
void
AddCurves(const std::vector<Influence>& influence,
          const std::string& label,
          const std::string& color,
          SvgFigure& absolute,
          SvgFigure& relative)
{
    SvgFigure::Curve increase{label, color, false, true, {}};
    SvgFigure::Curve share{label, color, false, true, {}};
    for (const auto& point : influence)
    {
        const auto bar = [](const SeedStatistic& statistic) {
            return statistic.count < 2 ? 0 : GetStandardError(statistic);
        };
        increase.points.push_back({point.workers, point.absolute.mean, bar(point.absolute)});
        share.points.push_back({point.workers, point.relative.mean, bar(point.relative)});
    }
    absolute.Add(increase);
    relative.Add(share);
}

/// The lines of theory for the quadratic.
void
AddTheory(double dropRate, const std::string& color, SvgFigure& absolute, SvgFigure& relative)
{
    SvgFigure::Curve increase{"exact", color, true, false, {}};
    SvgFigure::Curve share{"exact", color, true, false, {}};
    for (uint32_t n = 2; n <= 32; ++n)
    {
        QuadraticProblem problem;
        problem.workers = n;
        const auto get = [&](double p) {
            return GetModelAveragingRecursion(problem, GetColocatedCoefficients(n, p))
                .GetStationaryState()
                .meanSquare;
        };
        increase.points.push_back({double(n), get(dropRate) - get(0), 0});
        share.points.push_back({double(n), get(dropRate) / get(0) - 1, 0});
    }
    absolute.Add(increase);
    relative.Add(share);
}

/**
 * Two figures against the number of servers.
 * @param runs the runs
 * @param column what drops add to
 * @param what it is called
 * @param theory whether the quadratic's theory is drawn
 * @param name of the files
 * @return the figures
 */
std::vector<std::pair<std::string, SvgFigure>>
MakeFigures(const RunSelection& runs,
            const std::string& column,
            const std::string& what,
            bool theory,
            const std::string& name)
{
    SvgFigure absolute("what drops add to the " + what,
                       "servers (= workers) n",
                       "increase over p = 0",
                       540,
                       340);
    SvgFigure relative("the same, relative",
                       "servers (= workers) n",
                       "increase / value at p = 0",
                       540,
                       340);
    absolute.SetLegendBelow();
    relative.SetLegendBelow();
    const std::vector<std::string> rates{"0.1", "0.4"};
    for (size_t i = 0; i < rates.size(); ++i)
    {
        const std::string color = PickColor(GetRateColors(), i + 1, rates.size() + 1);
        AddCurves(GetInfluence(runs, rates[i], column),
                  "p = " + rates[i],
                  color,
                  absolute,
                  relative);
        if (theory)
        {
            AddTheory(std::atof(rates[i].c_str()), color, absolute, relative);
        }
    }
    return {{name + "-absolute", absolute}, {name + "-relative", relative}};
}

/**
 * Describes how an influence goes from the fewest servers to the most.
 * @param influence the points
 * @param member absolute or relative
 * @return with numbers
 */
std::string
DescribeTrend(const std::vector<Influence>& influence, SeedStatistic Influence::*member)
{
    if (influence.size() < 2)
    {
        return "-";
    }
    const auto& first = influence.front().*member;
    const auto& last = influence.back().*member;
    return FormatWithError(first.mean, GetStandardError(first)) +
           " at n = " + FormatShort(influence.front().workers) + ", " +
           FormatWithError(last.mean, GetStandardError(last)) +
           " at n = " + FormatShort(influence.back().workers);
}

/**
 * Judges whether an influence falls to at most half from the fewest servers to the most.
 * @param influence the points
 * @param member absolute or relative
 * @return the verdict
 */
Verdict
JudgeFall(const std::vector<Influence>& influence, SeedStatistic Influence::*member)
{
    if (influence.size() < 2)
    {
        return Verdict::NOT_MEASURED;
    }
    const auto& first = influence.front().*member;
    const auto& last = influence.back().*member;
    const auto square = [](double x) { return std::isnan(x) ? 0 : x * x; };
    const double error =
        std::sqrt(square(GetStandardError(last)) + square(GetStandardError(first) / 2));
    const double excess = last.mean - first.mean / 2; // at most 0 if it falls to half
    if (first.mean <= 2 * std::sqrt(square(GetStandardError(first))))
    {
        return std::isnan(first.mean) ? Verdict::NOT_MEASURED : Verdict::UNRESOLVED;
    }
    return std::abs(excess) <= 2 * error ? Verdict::UNRESOLVED
           : excess < 0                  ? Verdict::HOLDS
                                         : Verdict::FAILS;
}

} // namespace

void
AddServersSection(StudyReport& report)
{
    const RunSelection quadratic = report.Load("quadratic");
    const RunSelection network = report.Load("servers");
    const auto exact = GetInfluence(quadratic, "0.4", "mean_square");
    const auto trained = GetInfluence(network, "0.4", "mean_worker_loss");
    const std::string text = "the influence of the drop rate shrinks as servers are added (from "
                             "the fewest to the most it falls to half or less)";
    const auto add = [&](const std::string& kind,
                         const std::vector<Influence>& influence,
                         SeedStatistic Influence::*member) {
        report.Add(Claim{"section 4.2, corollary 2",
                         text + ", " + kind,
                         "at p = 0.4 " + DescribeTrend(influence, member),
                         JudgeFall(influence, member)});
    };
    add("absolute, quadratic", exact, &Influence::absolute);
    add("relative, quadratic", exact, &Influence::relative);
    add("absolute, small network", trained, &Influence::absolute);
    add("relative, small network", trained, &Influence::relative);
    report.AddHeading("The influence of drops against the number of servers");
    report.AddFigures(
        MakeFigures(quadratic,
                    "mean_square",
                    "noise of the mean model, quadratic",
                    true,
                    "servers-quadratic"),
        "Absolute and relative are different questions. On the quadratic the extra noise falls "
        "like 1 / n, as alpha2 does; so does the noise without drops, and their ratio, 2 p at "
        "many workers, does not fall.");
    report.AddFigures(
        MakeFigures(network,
                    "mean_worker_loss",
                    "loss of a replica, small network",
                    false,
                    "servers-network"),
        "A multilayer perceptron on a fixed set of Fashion-MNIST samples, local batch 32, the same "
        "rounds and rate for all n; mean training loss over the replicas at the end. Mean and "
        "standard error over seeds of the difference from, and ratio to, the run without drops of "
        "the same seed.");
}

} // namespace learning
} // namespace ns3
