/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tolerance-study.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * A percentage in words.
 * @param ratio a ratio to what it is compared with
 * @return such as "+3.1 %", or "x25" if it is more than tenfold
 */
std::string
FormatPercent(double ratio)
{
    if (std::isnan(ratio))
    {
        return "-";
    }
    if (ratio > 10)
    {
        return "x" + FormatShort(ratio);
    }
    char text[32];
    std::snprintf(text, sizeof(text), "%+.1f %%", 100 * (ratio - 1));
    return text;
}

/**
 * A ratio over the seeds in words.
 * @param ratio to what it is compared with
 * @return such as "+3.1 ± 0.4 %", with the standard error
 */
std::string
FormatPercent(const SeedStatistic& ratio)
{
    const double error = GetStandardError(ratio);
    if (ratio.mean > 10 || !(error > 0))
    {
        return FormatPercent(ratio.mean);
    }
    char text[48];
    std::snprintf(text, sizeof(text), "%+.1f ± %.2g %%", 100 * (ratio.mean - 1), 100 * error);
    return text;
}

/**
 * Judges a ratio.
 * @param ratio over the seeds
 * @param low lower end of the range
 * @param high upper end of the range
 * @return the verdict
 */
Verdict
Judge(const SeedStatistic& ratio, double low, double high)
{
    return JudgeRange(ratio.mean, GetStandardError(ratio), low, high);
}

} // namespace

SeedStatistic
ToleranceStudy::GetSlowdown(const std::string& dropRate, const std::string& transport) const
{
    const auto runs = m_ranking.Where("dropRate", dropRate)
                          .Where("rule", "received-mean")
                          .Where("loss", BERNOULLI);
    return runs.Where("transport", transport)
        .GetRatio(runs.Where("transport", "datagram"), "time_s");
}

void
ToleranceStudy::JudgeRules() const
{
    const auto get = [this](const std::string& rule, const std::string& feedback) {
        return GetRuns("datagram", rule, feedback, BERNOULLI)
            .GetRatio(GetLossless("datagram"), LOSS);
    };
    const auto zero = get("zero-fill", "");
    const auto mean = get("received-mean", "");
    const auto rescaled = get("rescaled", "");
    const auto feedback = get("zero-fill", "acknowledged");
    m_report.Add(Claim{
        "rules",
        "zero fill is the one that clearly hurts (more than 10 %; the others less)",
        "zero fill " + FormatPercent(zero) + ", received mean " + FormatPercent(mean) +
            ", rescaled " + FormatPercent(rescaled),
        JoinVerdicts({Judge(zero, 1.1, INFINITY), Judge(mean, 0, 1.1), Judge(rescaled, 0, 1.1)}),
        "A mean over fewer workers is noisier, which replicas show whose steps are "
        "this long"});
    SeedStatistic left = feedback; // of the damage of zero fill
    left.mean = (feedback.mean - 1) / (zero.mean - 1);
    left.deviation = feedback.deviation / (zero.mean - 1);
    m_report.Add(Claim{"rules",
                       "error feedback on segments that were not acknowledged removes nearly all "
                       "damage (less than a fifth of that of zero fill is left)",
                       "zero fill " + FormatPercent(zero) + ", with error feedback " +
                           FormatPercent(feedback),
                       Judge(left, -INFINITY, 0.2),
                       "What was not acknowledged comes a round later"});
    const auto burst = GetRuns("datagram", "received-mean", "", "gilbert-elliott:8")
                           .GetRatio(GetRuns("datagram", "received-mean", "", BERNOULLI), LOSS);
    m_report.Add(Claim{"loss laws",
                       "bursts of 8 segments do no more harm than independent drops at the same "
                       "rate (within 3 %)",
                       FormatPercent(burst),
                       Judge(burst, 0.97, 1.03),
                       "The link into a server carries the blocks of all workers, four segments "
                       "each: a burst hits the same numbers of several workers, so that a mean is "
                       "more often one over few or none"});
}

void
ToleranceStudy::JudgeRepeats() const
{
    for (const auto& rate : m_rates)
    {
        std::string found;
        std::vector<Verdict> verdicts;
        const auto runs = m_ranking.Where("dropRate", rate);
        for (const auto& transport : runs.GetValues("transport"))
        {
            if (transport == "datagram" || transport.rfind("parity", 0) == 0)
            {
                continue; // repeat nothing
            }
            const auto slowdown = GetSlowdown(rate, transport);
            found +=
                (found.empty() ? "" : ", ") + Shorten(transport) + " " + FormatPercent(slowdown);
            if (transport.rfind("bounded", 0) != 0)
            {
                verdicts.push_back(Judge(slowdown, 1 + 1e-9, INFINITY));
            }
        }
        m_report.Add(Claim{"transports",
                           "repeating what was lost costs time: at a drop rate of " + rate +
                               " selective repeat and TCP take longer than datagrams for the same "
                               "rounds",
                           found,
                           JoinVerdicts(verdicts),
                           "Times differ more from seed to seed than by what is repeated"});
    }
}

void
ToleranceStudy::JudgeStragglers() const
{
    for (const auto& placement : m_stragglers.GetValues("placement"))
    {
        const bool isDedicated = placement == "dedicated";
        const auto setting = m_stragglers.Where("placement", placement);
        for (const auto& transport : setting.GetValues("transport"))
        {
            if (transport == "datagram")
            {
                continue; // waits for all, too, as nothing is dropped
            }
            const auto runs = setting.Where("transport", transport);
            const auto tail = runs.Where("straggler", "lognormal:3");
            const auto found = tail.GetRatio(runs.Where("straggler", "lognormal:1.5"), "time_s");
            const auto loss = tail.GetRatio(
                setting.Where("transport", "datagram").Where("straggler", "lognormal:3"),
                LOSS);
            // expected of all bounded loss, as OptiReduce claims it: a deadline cuts the tail off
            const bool isCut = transport.find("ounded") != std::string::npos;
            m_report.Add(Claim{
                "stragglers",
                "servers " + std::string(isDedicated ? "dedicated" : "co-located") +
                    ": when the tail of computation times (99th percentile over median) "
                    "doubles from 1.5 to 3, " +
                    Shorten(transport) +
                    (isCut ? " slows by a few percent (up to 10)"
                           : " slows by tens of percent (10 to 100)"),
                FormatPercent(found) + "; it then delivers " +
                    FormatShort(100 * tail.GetStatistic("delivered_push").mean) +
                    " % of the pushes in time, and ends with x" + FormatShort(loss.mean) +
                    " of the loss",
                Judge(found, isCut ? 0 : 1.1, isCut ? 1.1 : 2),
                isCut ? "A few percent takes servers of their own and a deadline at the median: by "
                        "default the deadline follows the tail that it has seen, and a server "
                        "that shares a node waits for its own worker"
                      : "A transport that delivers everything waits for the slowest worker"});
        }
    }
}

void
ToleranceStudy::JudgeDownlink() const
{
    SvgFigure figure("what servers send back: final loss of a replica",
                     "drop rate p, both ways",
                     "loss / loss without drops",
                     540,
                     360);
    figure.SetLegendBelow();
    std::vector<SeedStatistic> worst;
    const std::vector<std::string> contents{"parameters", "model", "gradient"};
    for (size_t i = 0; i < contents.size(); ++i)
    {
        const auto runs = m_downlink.Where("downlink", contents[i]);
        SvgFigure::Curve curve{contents[i], PickColor(GetRateColors(), i, 3), false, true, {}};
        worst.emplace_back();
        worst.back().mean = std::numeric_limits<double>::quiet_NaN();
        for (const auto& rate : runs.GetValues("dropRate"))
        {
            worst.back() = runs.Where("dropRate", rate).GetRatio(runs.Where("dropRate", "0"), LOSS);
            curve.points.push_back(
                {std::atof(rate.c_str()), worst.back().mean, worst.back().deviation});
        }
        figure.Add(curve);
    }
    m_report.Add(Claim{
        "what is sent back",
        "averaged gradients harm the replicas (more than 20 % at the highest drop "
        "rate), parameters and averaged models do not (less)",
        "gradients " + FormatPercent(worst[2]) + ", parameters " + FormatPercent(worst[0]) +
            ", models " + FormatPercent(worst[1]),
        GradeVerdicts(
            {Judge(worst[2], 1.2, INFINITY), Judge(worst[0], 0, 1.2), Judge(worst[1], 0, 1.2)}),
        "The loss is that of replicas, which drops keep apart: with averaged models "
        "each takes its own step from there, with parameters the server does"});
    m_report.AddHeading("What servers send back");
    m_report.AddFigures({{"downlink", figure}},
                        "Mean and sample standard deviation over the seeds of ratios to the run "
                        "without drops of the same seed. A lost gradient is no update.");
}

} // namespace learning
} // namespace ns3
