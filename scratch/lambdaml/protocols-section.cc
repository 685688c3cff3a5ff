/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "loss-curves.h"
#include "sections.h"

#include <cmath>
#include <cstdlib>

namespace ns3
{
namespace learning
{

namespace
{

/// What came of a protocol at one degree of skew, over the seeds.
struct Outcome
{
    SeedStatistic rising;          //!< share of steps with a rising loss
    SeedStatistic worst;           //!< largest rise
    SeedStatistic time;            //!< of an epoch, s
    SeedStatistic loss;            //!< at the end
    std::vector<RoundPoint> curve; //!< of the first seed
};

/**
 * Sums up runs that differ in their seeds.
 * @param runs the runs
 * @param report for what cannot be read
 * @return what came of them
 */
Outcome
Measure(const RunSelection& runs, StudyReport& report)
{
    std::vector<double> rising;
    std::vector<double> worst;
    std::vector<double> times;
    Outcome outcome;
    for (const auto& seed : runs.GetValues("RngRun"))
    {
        const RunSelection run = runs.Where("RngRun", seed);
        const auto curve = report.GetCurve(run, "train_loss");
        const Steadiness steadiness = MeasureSteadiness(curve);
        rising.push_back(steadiness.rising);
        worst.push_back(steadiness.worst);
        times.push_back(
            (GetNumber(run, "time_s") - GetNumber(run, "last_start_s") - GetNumber(run, "load_s")) /
            GetNumber(run, "epochs"));
        if (outcome.curve.empty())
        {
            outcome.curve = curve;
        }
    }
    outcome.rising = SeedStatistic::Of(rising);
    outcome.worst = SeedStatistic::Of(worst);
    outcome.time = SeedStatistic::Of(times);
    outcome.loss = runs.GetStatistic("loss");
    return outcome;
}

} // namespace

void
AddProtocolsSection(const Comparison& comparison)
{
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.Load("protocols");
    report.AddHeading("Asynchronous against bulk-synchronous");
    report.AddParagraph(
        "Model averaging of logistic regression over Memcached, 16 workers whose computations take "
        "0.5 to 1.5 times the mean at random. A share of the samples is dealt by label. Mean ± "
        "sample standard deviation over the seeds.");
    TextTable table;
    table.heading = {"protocol",
                     "dealt by label",
                     "steps that rise, %",
                     "largest rise",
                     "final loss",
                     "s an epoch"};
    table.textColumns = 1;
    std::map<std::pair<std::string, std::string>, Outcome> outcomes;
    std::vector<std::pair<std::string, SvgFigure>> figures;
    const auto shares = runs.GetValues("sortedFraction");
    for (const auto& share : shares)
    {
        SvgFigure figure("dealt by label: " + share, "time, s", "training loss", 420, 320);
        figure.SetLegendBelow();
        for (const std::string pattern : {"allreduce", "async"})
        {
            const bool isAsynchronous = pattern == "async";
            const std::string name = isAsynchronous ? "asynchronous" : "bulk-synchronous";
            const Outcome outcome =
                Measure(runs.Where("sortedFraction", share).Where("pattern", pattern), report);
            table.rows.push_back(
                {name,
                 share,
                 FormatWithError(100 * outcome.rising.mean, 100 * outcome.rising.deviation),
                 FormatWithError(outcome.worst.mean, outcome.worst.deviation),
                 FormatWithError(outcome.loss.mean, outcome.loss.deviation),
                 FormatWithError(outcome.time.mean, outcome.time.deviation)});
            SvgFigure::Curve curve{name,
                                   isAsynchronous ? GetRateColors().back()
                                                  : GetRateColors().front(),
                                   false,
                                   false,
                                   {}};
            for (const auto& point : outcome.curve)
            {
                curve.points.push_back({point.time, point.loss, 0});
            }
            figure.Add(curve);
            outcomes[{share, pattern}] = outcome;
        }
        figures.emplace_back("protocols-" + share, figure);
    }
    report.AddTable(table);
    report.AddFigures(figures, "One seed each.");
    if (shares.empty())
    {
        return;
    }
    const std::string skew = shares.back();
    const Outcome& loose = outcomes[{skew, "async"}];
    const Outcome& tight = outcomes[{skew, "allreduce"}];
    comparison.Compare("asynchronous-rises", loose.rising.mean);
    comparison.Compare("asynchronous-jump",
                       loose.worst.mean,
                       "depends on the skew, which is not known for the measured run");
    comparison.Compare("asynchronous-epoch",
                       loose.time.mean / tight.time.mean,
                       "nobody waits here; why the measured run was slower is not known");
    std::vector<Verdict> verdicts{
        JudgeRange(loose.rising.mean, GetStandardError(loose.rising), 0.2, 1),
        JudgeRange(loose.worst.mean, GetStandardError(loose.worst), 0.01, 1e9),
        JudgeRange(loose.time.mean / tight.time.mean, 0, 0, 0.999)};
    for (const auto& share : shares)
    {
        verdicts.push_back(JudgeRange(outcomes[{share, "allreduce"}].worst.mean, 0, 0, 0.002));
    }
    report.Add(Claim{
        "claim 3",
        "asynchronous training is faster by the epoch but unstable (at least 20 % of the steps "
        "rise, one by 0.01 or more), bulk-synchronous training is steady (no rise above 0.002)",
        "with " + FormatBrief(100 * std::atof(skew.c_str())) + " % dealt by label " +
            FormatBrief(100 * loose.rising.mean) + " % of the steps rise, by up to " +
            FormatBrief(loose.worst.mean) + " (bulk-synchronous: " + FormatBrief(tight.worst.mean) +
            "); " + FormatBrief(loose.time.mean) +
            " s an epoch (bulk-synchronous: " + FormatBrief(tight.time.mean) + ")",
        GradeVerdicts(verdicts),
        "With samples that are dealt at random, instability is small",
        "asynchronous training",
        "faster by the epoch, unstable"});
}

} // namespace learning
} // namespace ns3
