/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"

#include "ns3/mixing-coefficients.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ns3
{
namespace learning
{

namespace
{

/// What figures 2 and 3 say of a number of workers.
struct PublishedCoefficients
{
    uint32_t workers;      //!< n
    double alpha2Peak;     //!< largest ordinate of figure 2
    double ordinateAtHalf; //!< ordinate of figure 3 at p = 0.5, between its vertices
};

/// Read off the figures; the error of reading is 1e-4.
const std::vector<PublishedCoefficients> PUBLISHED{{5, 0.1211, 0.5406},
                                                   {10, 0.0559, 0.5109},
                                                   {20, 0.0264, 0.5026},
                                                   {30, 0.0173, 0.5011},
                                                   {50, 0.0102, 0.5004}};
constexpr double READING_ERROR = 1e-4;
constexpr double STEP = 0.01; //!< of the drop rate, for closed forms
constexpr double FOUR = 4;    //!< standard errors that a sample may be off, one time in 16,000

/**
 * Largest alpha2 over all drop rates.
 * @param workers n
 * @return the closed form's peak, to the step
 */
double
GetPeak(uint32_t workers)
{
    double peak = 0;
    for (double p = 0; p < 1; p += STEP)
    {
        peak = std::max(peak, GetColocatedCoefficients(workers, p).alpha2);
    }
    return peak;
}

/**
 * A figure: closed forms as lines, samples as points.
 * @param runs the samples
 * @param column alpha1, alpha2 or beta
 * @param member the same of the closed forms
 * @param title of the figure
 * @return the figure
 */
SvgFigure
MakeFigure(const RunSelection& runs,
           const std::string& column,
           double MixingCoefficients::*member,
           const std::string& title)
{
    SvgFigure figure(title, "drop rate p", column, 540, 360);
    figure.SetLegendBelow();
    for (size_t i = 0; i < PUBLISHED.size(); ++i)
    {
        const uint32_t n = PUBLISHED[i].workers;
        const std::string color = PickColor(GetRateColors(), i, PUBLISHED.size());
        SvgFigure::Curve theory{"n = " + std::to_string(n), color, false, false, {}};
        for (double p = 0; p < 1; p += STEP)
        {
            theory.points.push_back({p, GetColocatedCoefficients(n, p).*member, 0});
        }
        figure.Add(theory);
        SvgFigure::Curve sampled{"sampled", color, true, true, {}};
        const RunSelection some = runs.Where("workers", std::to_string(n));
        for (const auto& p : some.GetValues("dropRate"))
        {
            const FinishedRun run = some.Where("dropRate", p).GetRuns().front();
            sampled.points.push_back({std::atof(p.c_str()),
                                      GetSummaryNumber(run, column),
                                      GetSummaryNumber(run, column + "_standard_error")});
        }
        std::sort(sampled.points.begin(), sampled.points.end(), [](const auto& a, const auto& b) {
            return a.x < b.x;
        });
        figure.Add(sampled);
    }
    return figure;
}

/**
 * Compares every sample with its closed form.
 * @param runs the samples
 * @param report where the claim goes
 */
void
JudgeSamples(const RunSelection& runs, StudyReport& report)
{
    double worst = 0;
    size_t outside = 0;
    size_t count = 0;
    for (const auto& run : runs.GetRuns())
    {
        for (const std::string column : {"alpha1", "alpha2", "beta"})
        {
            const double error = GetSummaryNumber(run, column + "_standard_error");
            const double difference =
                GetSummaryNumber(run, column) - GetSummaryNumber(run, "theory_" + column);
            if (error > 0)
            {
                worst = std::max(worst, std::abs(difference) / error);
                outside += std::abs(difference) > FOUR * error;
                ++count;
            }
        }
    }
    report.Add(Claim{"equations 5, 6",
                     "alpha1, alpha2 and beta of the message path are those of the closed forms "
                     "(each within 4 standard errors)",
                     std::to_string(count) + " coefficients sampled, " + std::to_string(outside) +
                         " outside; the furthest off by " + FormatShort(worst) + " standard errors",
                     count == 0     ? Verdict::NOT_MEASURED
                     : outside == 0 ? Verdict::HOLDS
                                    : Verdict::FAILS});
}

/// Adds what the closed forms say of the paper's claims.
void
JudgeForms(StudyReport& report)
{
    double low = INFINITY;
    double high = 0;
    double ratio = 0;
    for (const auto& published : PUBLISHED)
    {
        for (double p = STEP; p < 1; p += STEP)
        {
            const auto mixing = GetColocatedCoefficients(published.workers, p);
            const double constant = published.workers * mixing.alpha2 / (2 * p * (1 - p));
            low = std::min(low, constant);
            high = std::max(high, constant);
            ratio = std::max(ratio, mixing.beta / p);
        }
    }
    report.Add(Claim{"section 4.2, figure 2",
                     "alpha2 = O(p (1 - p) / n): n alpha2 / (2 p (1 - p)) is bounded (1 to 1.32)",
                     "between " + FormatShort(low) + " and " + FormatShort(high) +
                         " for n of 5 to 50 and p of 0.01 to 0.99",
                     JudgeRange(low, 0, 1 - 1e-9, 1.32) == Verdict::HOLDS
                         ? JudgeRange(high, 0, 1, 1.32)
                         : Verdict::FAILS});
    report.Add(Claim{"section 4.2",
                     "beta = O(p): beta / p is bounded (by 1.01)",
                     "at most " + FormatShort(ratio),
                     JudgeRange(ratio, 0, 0, 1.01)});
    double asLabelled = 0;
    double asAlpha1 = 0;
    for (const auto& published : PUBLISHED)
    {
        const auto mixing = GetColocatedCoefficients(published.workers, 0.5);
        asLabelled = std::max(asLabelled, std::abs(mixing.beta - published.ordinateAtHalf));
        asAlpha1 = std::max(asAlpha1, std::abs(mixing.alpha1 - published.ordinateAtHalf));
    }
    report.Add(Claim{"figure 3",
                     "shows alpha1 - alpha2, as it is labelled",
                     "at p = 0.5 it is off beta = alpha1 - alpha2 by up to " +
                         FormatShort(asLabelled) + ", and off alpha1 by " + FormatShort(asAlpha1) +
                         ": it shows alpha1",
                     JudgeRange(asLabelled, 0, 0, 2 * READING_ERROR)});
}

} // namespace

void
AddMixingSection(StudyReport& report)
{
    const RunSelection runs = report.Load("mixing");
    JudgeSamples(runs, report);
    JudgeForms(report);
    for (const auto& published : PUBLISHED)
    {
        const std::string n = "n = " + std::to_string(published.workers);
        report.Add(Deviation{"2",
                             "peak of alpha2, " + n + ", closed form",
                             published.alpha2Peak,
                             READING_ERROR,
                             GetPeak(published.workers),
                             0});
    }
    for (const auto& published : PUBLISHED)
    {
        const std::string n = "n = " + std::to_string(published.workers);
        const auto mixing = GetColocatedCoefficients(published.workers, 0.5);
        const RunSelection half =
            runs.Where("workers", std::to_string(published.workers)).Where("dropRate", "0.5");
        report.Add(Deviation{"3",
                             "at p = 0.5, " + n + ", alpha1 by closed form",
                             published.ordinateAtHalf,
                             READING_ERROR,
                             mixing.alpha1,
                             0});
        if (!half.GetRuns().empty())
        {
            const auto& run = half.GetRuns().front();
            report.Add(Deviation{"3",
                                 "at p = 0.5, " + n + ", alpha1 sampled",
                                 published.ordinateAtHalf,
                                 READING_ERROR,
                                 GetSummaryNumber(run, "alpha1"),
                                 GetSummaryNumber(run, "alpha1_standard_error")});
        }
        report.Add(Deviation{"3",
                             "at p = 0.5, " + n + ", beta, which the label names",
                             published.ordinateAtHalf,
                             READING_ERROR,
                             mixing.beta,
                             0});
    }
    report.AddHeading("Figures 2 and 3: how well a round mixes");
    report.AddFigures(
        {{"alpha2", MakeFigure(runs, "alpha2", &MixingCoefficients::alpha2, "Figure 2: alpha2")},
         {"alpha1",
          MakeFigure(runs, "alpha1", &MixingCoefficients::alpha1, "Figure 3 as it is: alpha1")},
         {"beta",
          MakeFigure(runs, "beta", &MixingCoefficients::beta, "Figure 3 as it is labelled: beta")}},
        "Lines: closed forms. Points: sampled from the messages of real rounds, with "
        "bars of one standard error, which are smaller than the points. The paper's "
        "own curves of figure 2 and alpha1 lie on the lines to the width of the "
        "line; what could be read of them is in the table of deviations.");
}

} // namespace learning
} // namespace ns3
