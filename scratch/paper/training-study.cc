/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-study.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint32_t WIDTH = 540;
constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();

/// The arrival rates of the paper.
const std::vector<std::string> RATES{"0", "0.01", "0.05", "0.1", "0.2", "0.4"};

/**
 * Name of a published curve.
 * @param dropRate as the knob has it
 * @return such as "arrival_99"
 */
std::string
GetSeries(const std::string& dropRate)
{
    return "arrival_" + std::to_string(std::lround(100 * (1 - std::atof(dropRate.c_str()))));
}

/**
 * An arrival rate in words.
 * @param dropRate as the knob has it
 * @return such as "99 % arrive"
 */
std::string
GetLabel(const std::string& dropRate)
{
    return std::to_string(std::lround(100 * (1 - std::atof(dropRate.c_str())))) + " % arrive";
}

/**
 * Color of a drop rate.
 * @param dropRate as the knob has it
 * @return the color
 */
std::string
GetColor(const std::string& dropRate)
{
    const auto found = std::find(RATES.begin(), RATES.end(), dropRate);
    return PickColor(GetRateColors(), found - RATES.begin(), RATES.size());
}

/**
 * Name of an algorithm.
 * @param algorithm the algorithm
 * @return in words
 */
std::string
GetName(TrainingStudy::Algorithm algorithm)
{
    return algorithm == TrainingStudy::RPS   ? "RPS"
           : algorithm == TrainingStudy::OWN ? "gradient averaging, own gradient"
                                             : "gradient averaging, zero update";
}

const TrainingStudy::Algorithm ALGORITHMS[] = {TrainingStudy::RPS,
                                               TrainingStudy::OWN,
                                               TrainingStudy::ZERO};

} // namespace

std::vector<RunSelection>
TrainingStudy::Split(const RunSelection& runs)
{
    return runs.GetGroups({"algorithm", "missing", "dropRate", "RngRun", "RngSeed"});
}

TrainingStudy::TrainingStudy(StudyReport& report,
                             const RunSelection& runs,
                             const PublishedCurves& published,
                             const std::vector<PublishedTask>& tasks,
                             const std::string& name)
    : m_report(report),
      m_runs(runs),
      m_published(published),
      m_tasks(tasks),
      m_name(name)
{
}

RunSelection
TrainingStudy::GetRuns(Algorithm algorithm, const std::string& dropRate) const
{
    const RunSelection runs = m_runs.Where("dropRate", dropRate);
    if (algorithm == RPS || std::atof(dropRate.c_str()) == 0)
    {
        return runs.Where("algorithm", "rps");
    }
    return runs.Where("algorithm", "gradient-averaging")
        .Where("missing", algorithm == OWN ? "own" : "zero");
}

SeedStatistic
TrainingStudy::GetRatio(Algorithm algorithm,
                        const std::string& dropRate,
                        const std::string& column) const
{
    return GetRuns(algorithm, dropRate).GetRatio(GetRuns(algorithm, "0"), column);
}

double
TrainingStudy::GetPublishedRatio(const PublishedTask& task,
                                 bool gradients,
                                 const std::string& dropRate) const
{
    try
    {
        const auto& figure = gradients ? task.gradients : task.averaging;
        const double from = task.epochs - task.tail;
        return GetTailMean(m_published.Get(figure, GetSeries(dropRate)), from) /
               GetTailMean(m_published.Get(figure, GetSeries("0")), from);
    }
    catch (const std::invalid_argument&)
    {
        return NOT_A_NUMBER; // the paper does not show it
    }
}

SvgFigure
TrainingStudy::MakePublishedCurves(const PublishedTask& task, bool gradients) const
{
    const std::string& name = gradients ? task.gradients : task.averaging;
    SvgFigure figure("paper, figure " + name + ": " + task.name,
                     "share of the training",
                     "training loss",
                     WIDTH,
                     340);
    figure.SetLogarithmic();
    for (const auto& rate : RATES)
    {
        if (std::isnan(GetPublishedRatio(task, gradients, rate)))
        {
            continue;
        }
        SvgFigure::Curve curve{GetLabel(rate), GetColor(rate), true, false, {}};
        for (const auto& point : m_published.Get(name, GetSeries(rate)))
        {
            curve.points.push_back({point.x / task.epochs, point.y, 0});
        }
        figure.Add(curve);
    }
    return figure;
}

SvgFigure
TrainingStudy::MakeFoundCurves(Algorithm algorithm, const std::string& title) const
{
    SvgFigure figure(title, "share of the training", "mean training loss of replicas", WIDTH, 340);
    figure.SetLogarithmic();
    for (const auto& rate : RATES)
    {
        const auto points = m_report.GetCurve(GetRuns(algorithm, rate), "mean_worker_loss");
        SvgFigure::Curve curve{GetLabel(rate), GetColor(rate), false, false, {}};
        for (const auto& point : points)
        {
            curve.points.push_back({point.round / points.back().round, point.loss, 0});
        }
        figure.Add(curve);
    }
    return figure;
}

void
TrainingStudy::AddCurves() const
{
    std::vector<std::pair<std::string, SvgFigure>> averaging;
    std::vector<std::pair<std::string, SvgFigure>> gradients;
    for (const auto& task : m_tasks)
    {
        averaging.emplace_back(m_name + "-" + task.averaging, MakePublishedCurves(task, false));
        gradients.emplace_back(m_name + "-" + task.gradients, MakePublishedCurves(task, true));
    }
    averaging.emplace_back(m_name + "-rps", MakeFoundCurves(RPS, "here: RPS"));
    gradients.emplace_back(m_name + "-own", MakeFoundCurves(OWN, "here: " + GetName(OWN)));
    gradients.emplace_back(m_name + "-zero", MakeFoundCurves(ZERO, "here: " + GetName(ZERO)));
    m_report.AddFigures(averaging,
                        "RPS: training loss over the training, the paper's (dashed) beside what "
                        "was found, mean over the seeds.");
    m_report.AddFigures(gradients,
                        "Gradient averaging under the same drops, with both treatments of a "
                        "gradient that did not arrive; the paper does not say which is its own.");
}

SvgFigure
TrainingStudy::MakeRatios(bool gradients) const
{
    SvgFigure figure(gradients ? "gradient averaging: loss at the end" : "RPS: loss at the end",
                     "drop rate p",
                     "loss / loss without drops",
                     WIDTH,
                     380);
    figure.SetLegendBelow();
    if (gradients)
    {
        figure.SetLogarithmic();
    }
    for (size_t i = 0; i < m_tasks.size(); ++i)
    {
        SvgFigure::Curve curve{"paper, " + m_tasks[i].name,
                               PickColor(GetRateColors(), i, 2 * m_tasks.size()),
                               true,
                               true,
                               {}};
        for (const auto& rate : RATES)
        {
            curve.points.push_back(
                {std::atof(rate.c_str()), GetPublishedRatio(m_tasks[i], gradients, rate), 0});
        }
        figure.Add(curve);
    }
    const auto add = [&](Algorithm algorithm,
                         const std::string& column,
                         const std::string& label,
                         size_t color) {
        SvgFigure::Curve curve{label, PickColor(GetRateColors(), color, 6), false, true, {}};
        for (const auto& rate : RATES)
        {
            const auto ratio = GetRatio(algorithm, rate, column);
            curve.points.push_back({std::atof(rate.c_str()), ratio.mean, ratio.deviation});
        }
        figure.Add(curve);
    };
    if (gradients)
    {
        add(OWN, "mean_worker_loss", "own gradient: mean replica", 3);
        add(ZERO, "mean_worker_loss", "zero update: mean replica", 5);
        add(ZERO, "train_loss", "zero update: mean model", 4);
    }
    else
    {
        add(RPS, "mean_worker_loss", "mean replica", 5);
        add(RPS, "worst_worker_loss", "worst replica", 4);
        add(RPS, "train_loss", "mean model", 3);
    }
    return figure;
}

void
TrainingStudy::AddRatios() const
{
    m_report.AddFigures({{m_name + "-ratio-rps", MakeRatios(false)},
                         {m_name + "-ratio-gradients", MakeRatios(true)}},
                        "Ratio of the final loss to that of the run without drops of the same "
                        "seed: mean and sample standard deviation over the seeds. Dashed: the "
                        "paper's single runs, mean of the last epochs.");
}

void
TrainingStudy::AddDeviations() const
{
    const auto models = m_runs.GetValues("model");
    const std::string here = models.size() == 1 && !models[0].empty() ? ", here " + models[0] : "";
    for (const auto& task : m_tasks)
    {
        for (const Algorithm algorithm : ALGORITHMS)
        {
            for (size_t i = 1; i < RATES.size(); ++i)
            {
                const double published = GetPublishedRatio(task, algorithm != RPS, RATES[i]);
                if (std::isnan(published))
                {
                    continue;
                }
                const auto& figure = algorithm == RPS ? task.averaging : task.gradients;
                const double base =
                    GetTailMean(m_published.Get(figure, GetSeries("0")), task.epochs - task.tail);
                const auto found = GetRatio(algorithm, RATES[i]);
                m_report.Add(Deviation{figure,
                                       "paper's " + task.name + here +
                                           ": loss / loss without drops, " + GetLabel(RATES[i]) +
                                           (algorithm == RPS ? "" : ", " + GetName(algorithm)),
                                       published,
                                       (1 + published) * task.readingError / base,
                                       found.mean,
                                       GetStandardError(found)});
            }
        }
    }
}

void
TrainingStudy::AddConditions() const
{
    TextTable table;
    table.heading = {"algorithm",
                     "p",
                     "seeds",
                     "mean model",
                     "mean replica",
                     "worst replica",
                     "mean replica / p = 0",
                     "consensus error",
                     "test accuracy of replicas %"};
    for (const Algorithm algorithm : ALGORITHMS)
    {
        table.rows.emplace_back();
        for (const auto& rate : RATES)
        {
            const auto runs = GetRuns(algorithm, rate);
            if (runs.GetRuns().empty() || (algorithm != RPS && rate == "0"))
            {
                continue;
            }
            const auto text = [&](const std::string& column, double scale) {
                const auto statistic = runs.GetStatistic(column);
                return FormatWithError(scale * statistic.mean, scale * statistic.deviation);
            };
            table.rows.push_back({GetName(algorithm),
                                  rate,
                                  std::to_string(runs.GetRuns().size()),
                                  text("train_loss", 1),
                                  text("mean_worker_loss", 1),
                                  text("worst_worker_loss", 1),
                                  Describe(algorithm, rate),
                                  text("consensus_error", 1),
                                  text("mean_worker_accuracy", 100)});
        }
    }
    m_report.AddTable(table);
    m_report.AddParagraph("Training losses at the end, mean ± sample standard deviation over the "
                          "seeds; ratios are of runs with the same seed.");
}

Verdict
TrainingStudy::Judge(Algorithm algorithm,
                     const std::string& dropRate,
                     double low,
                     double high) const
{
    const auto ratio = GetRatio(algorithm, dropRate);
    return JudgeRange(ratio.mean, GetStandardError(ratio), low, high);
}

std::string
TrainingStudy::Describe(Algorithm algorithm, const std::string& dropRate) const
{
    const auto ratio = GetRatio(algorithm, dropRate);
    return FormatWithError(ratio.mean, ratio.deviation);
}

} // namespace learning
} // namespace ns3
