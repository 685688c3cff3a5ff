/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"

#include "ns3/mixing-coefficients.h"
#include "ns3/quadratic-theory.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double FOUR = 4; //!< standard errors that a sample may be off, one time in 16,000

/**
 * Largest distance of a moment from its theory.
 * @param runs the runs
 * @param column the moment
 * @return in standard errors; 0 without runs
 */
double
GetWorst(const RunSelection& runs, const std::string& column)
{
    double worst = 0;
    for (const auto& run : runs.GetRuns())
    {
        const double error = GetSummaryNumber(run, column + "_standard_error");
        const double difference =
            GetSummaryNumber(run, column) - GetSummaryNumber(run, "theory_" + column);
        worst = error > 0 ? std::max(worst, std::abs(difference) / error) : worst;
    }
    return worst;
}

/**
 * Stationary moments by theory.
 * @param workers n
 * @param dropRate p
 * @return the moments
 */
QuadraticState
GetStationary(uint32_t workers, double dropRate)
{
    QuadraticProblem problem;
    problem.workers = workers;
    return GetModelAveragingRecursion(problem, GetColocatedCoefficients(workers, dropRate))
        .GetStationaryState();
}

/**
 * A figure against the drop rate: theory as lines, measurements as points.
 * @param runs the runs
 * @param title of the figure
 * @param label of the ordinate
 * @param column what was measured
 * @param theory what should be, of n and p
 * @param scale what a measurement is multiplied by, of n
 * @return the figure
 */
template <typename Theory, typename Scale>
SvgFigure
MakeFigure(const RunSelection& runs,
           const std::string& title,
           const std::string& label,
           const std::string& column,
           Theory theory,
           Scale scale)
{
    constexpr double LAST = 0.4;
    SvgFigure figure(title, "drop rate p", label, 540, 360);
    figure.SetLegendBelow();
    const auto counts = runs.GetValues("workers");
    for (size_t i = 0; i < counts.size(); ++i)
    {
        const auto n = static_cast<uint32_t>(std::atoi(counts[i].c_str()));
        const std::string color = PickColor(GetRateColors(), i, counts.size());
        SvgFigure::Curve line{"n = " + counts[i], color, false, false, {}};
        for (double p = 0; p <= LAST + 1e-9; p += LAST / 80)
        {
            line.points.push_back({p, theory(n, p), 0});
        }
        figure.Add(line);
        SvgFigure::Curve measured{"measured", color, true, true, {}};
        for (const auto& run : runs.Where("workers", counts[i]).GetRuns())
        {
            const double factor = scale(n);
            measured.points.push_back({std::atof(run.run.knobs.at("dropRate").c_str()),
                                       factor * GetSummaryNumber(run, column),
                                       factor * GetSummaryNumber(run, column + "_standard_error")});
        }
        std::sort(measured.points.begin(), measured.points.end(), [](const auto& a, const auto& b) {
            return a.x < b.x;
        });
        figure.Add(measured);
    }
    return figure;
}

/**
 * The dispersion of RPS and of both treatments of a lost gradient, against the rounds.
 * @param runs the runs
 * @param dropRate of them
 * @return the figure
 */
SvgFigure
MakeDispersionFigure(const RunSelection& runs, const std::string& dropRate)
{
    SvgFigure figure("dispersion D / n, p = " + dropRate, "round", "D / n", 540, 360);
    figure.SetLogarithmic();
    figure.SetLegendBelow();
    const std::vector<std::pair<std::string, std::string>> treatments{
        {"zero", "gradient averaging, zero update"},
        {"own", "gradient averaging, own gradient"},
        {"rps", "RPS"}};
    for (size_t i = 0; i < treatments.size(); ++i)
    {
        const std::string color = PickColor(GetRateColors(), 2 - i, 3);
        SvgFigure::Curve measured{treatments[i].second, color, false, true, {}};
        SvgFigure::Curve theory{"theory", color, true, false, {}};
        const auto some = runs.Where("dropRate", dropRate).Where("treatment", treatments[i].first);
        for (const auto& rounds : some.GetValues("rounds"))
        {
            const FinishedRun run = some.Where("rounds", rounds).GetRuns().front();
            const double n = std::atof(run.run.knobs.at("workers").c_str());
            const double x = std::atof(rounds.c_str());
            measured.points.push_back({x, GetSummaryNumber(run, "last_consensus_error") / n, 0});
            theory.points.push_back(
                {x, GetSummaryNumber(run, "theory_last_consensus_error") / n, 0});
        }
        figure.Add(measured);
        figure.Add(theory);
    }
    return figure;
}

/**
 * Judges what the paper says of gradient averaging.
 * @param runs the runs of both treatments and of RPS
 * @param report where the claim goes
 */
void
JudgeTreatments(const RunSelection& runs, StudyReport& report)
{
    const auto rounds = runs.GetValues("rounds");
    const auto get = [&](const std::string& treatment, const std::string& rate, size_t back) {
        return runs.Where("dropRate", rate)
            .Where("treatment", treatment)
            .Where("rounds", rounds.size() > back ? rounds[rounds.size() - 1 - back] : "")
            .GetStatistic("last_consensus_error")
            .mean;
    };
    const double growth = get("zero", "0.1", 0) / get("zero", "0.1", 1);
    const double own = get("own", "0.1", 0) / get("rps", "0.1", 0);
    const double zero = get("zero", "0.1", 0) / get("rps", "0.1", 0);
    report.Add(
        Claim{"section 6",
              "errors of gradient averaging accumulate (zero update: dispersion doubles with "
              "the rounds, 1.8 to 2.2; either treatment: at least 50 times that of RPS)",
              "at p = 0.1 doubling the rounds multiplies it by " + FormatShort(growth) +
                  "; after " + (rounds.empty() ? "-" : rounds.back()) + " rounds it is " +
                  FormatShort(zero) + " (zero update) and " + FormatShort(own) +
                  " (own gradient, which does not grow) times that of RPS",
              JoinVerdicts({JudgeRange(growth, 0, 1.8, 2.2),
                            JudgeRange(zero, 0, 50, INFINITY),
                            JudgeRange(own, 0, 50, INFINITY)})});
}

} // namespace

void
AddQuadraticSection(StudyReport& report)
{
    const RunSelection runs = report.Load("quadratic");
    const double worstMean = GetWorst(runs, "mean_square");
    const double worstDispersion = GetWorst(runs, "consensus_error");
    report.Add(Claim{"theorem 1",
                     "with a constant rate RPS settles in a ball around the optimum (noise and "
                     "dispersion within 4 standard errors of the exact fixed point)",
                     std::to_string(runs.GetRuns().size()) + " settings; noise off by at most " +
                         FormatShort(worstMean) + ", dispersion by at most " +
                         FormatShort(worstDispersion) + " standard errors",
                     runs.GetRuns().empty()
                         ? Verdict::NOT_MEASURED
                         : JudgeRange(std::max(worstMean, worstDispersion), 0, 0, FOUR)});
    report.AddHeading("Stationary noise and dispersion on the quadratic");
    const auto relative = [](uint32_t n, double p) {
        return GetStationary(n, p).meanSquare / GetStationary(n, 0).meanSquare;
    };
    report.AddFigures(
        {{"quadratic-noise",
          MakeFigure(runs,
                     "noise of the mean model over that without drops",
                     "m(p) / m(0)",
                     "mean_square",
                     relative,
                     [](uint32_t n) { return 1 / GetStationary(n, 0).meanSquare; })},
         {"quadratic-dispersion",
          MakeFigure(
              runs,
              "dispersion of the replicas",
              "D / n",
              "consensus_error",
              [](uint32_t n, double p) { return GetStationary(n, p).consensusError / n; },
              [](uint32_t n) { return 1.0 / n; })}},
        "f(x) = ||x||^2 / 2 for all workers, independent gradient noise of total variance 1, "
        "learning rate 0.05; lines: exact, points: measured through packets, bars: one standard "
        "error. The noise grows like 1 + 2 p, nearly whatever the number of workers.");
    const RunSelection treatments = report.Load("quadratic-gradients");
    JudgeTreatments(treatments, report);
    std::vector<std::pair<std::string, SvgFigure>> figures;
    for (const auto& p : treatments.GetValues("dropRate"))
    {
        figures.emplace_back("treatments-" + p, MakeDispersionFigure(treatments, p));
    }
    report.AddFigures(figures,
                      "The mechanism behind figure 5, 16 workers: sum of squared distances of the "
                      "replicas from their mean, a worker. With zero updates it grows with every "
                      "round, with own gradients up to that of workers which never talk; RPS "
                      "keeps it. Points: measured, dashed: exact.");
}

} // namespace learning
} // namespace ns3
