/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tolerance-study.h"

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

const char* const LOSS = "mean_worker_loss"; //!< what is judged
const char* const BERNOULLI = "bernoulli";   //!< law of the verdicts on rules

/**
 * A percentage in words.
 * @param ratio a ratio to what it is compared with
 * @return such as "+3.1 %"
 */
std::string
FormatPercent(double ratio)
{
    if (std::isnan(ratio))
    {
        return "-";
    }
    char text[32];
    std::snprintf(text, sizeof(text), "%+.1f %%", 100 * (ratio - 1));
    return text;
}

/**
 * Value of a knob.
 * @param run the run
 * @param knob its name
 * @return its value, empty if it was not set
 */
std::string
GetKnob(const FinishedRun& run, const std::string& knob)
{
    const auto found = run.run.knobs.find(knob);
    return found == run.run.knobs.end() ? "" : found->second;
}

/**
 * A transport as tables show it.
 * @param transport as the knob has it
 * @return without what all transports have in common
 */
std::string
Shorten(const std::string& transport)
{
    const std::string prefix = "ns3::learning::";
    return transport.rfind(prefix, 0) == 0 ? transport.substr(prefix.size()) : transport;
}

} // namespace

ToleranceStudy::ToleranceStudy(StudyReport& report)
    : m_report(report),
      m_ranking(report.Load("ranking")),
      m_stragglers(report.Load("stragglers")),
      m_downlink(report.Load("downlink"))
{
    for (const auto& transport : m_ranking.GetValues("transport"))
    {
        for (const auto& loss : m_ranking.GetValues("loss"))
        {
            for (const auto& rule : m_ranking.GetValues("rule"))
            {
                for (const auto& feedback : m_ranking.GetValues("errorFeedback"))
                {
                    const auto runs = GetRuns(transport, rule, feedback, loss);
                    if (!runs.GetRuns().empty())
                    {
                        m_rows.push_back(MakeRow(runs));
                    }
                }
            }
        }
    }
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const auto& a, const auto& b) {
        return a.reached != b.reached ? a.reached > b.reached
               : a.reached > 0        ? a.time.mean < b.time.mean
                                      : a.ratio.mean < b.ratio.mean;
    });
}

const std::vector<ToleranceRow>&
ToleranceStudy::GetRows() const
{
    return m_rows;
}

RunSelection
ToleranceStudy::GetRuns(const std::string& transport,
                        const std::string& rule,
                        const std::string& feedback,
                        const std::string& loss) const
{
    auto runs = m_ranking.Where("transport", transport)
                    .Where("rule", rule)
                    .Where("errorFeedback", feedback)
                    .Where("loss", loss);
    const auto rates = runs.GetValues("dropRate");
    return rates.empty() || rates.back() == "0" ? RunSelection()
                                                : runs.Where("dropRate", rates.back());
}

RunSelection
ToleranceStudy::GetLossless(const std::string& transport) const
{
    return m_ranking.Where("transport", transport).Where("dropRate", "0");
}

ToleranceRow
ToleranceStudy::MakeRow(const RunSelection& runs) const
{
    const auto& first = runs.GetRuns().front();
    const std::string feedback = GetKnob(first, "errorFeedback");
    ToleranceRow row;
    row.transport = GetKnob(first, "transport");
    row.rule = GetKnob(first, "rule") + (feedback.empty() ? "" : " + error feedback");
    row.loss = GetKnob(first, "loss");
    row.seeds = runs.GetRuns().size();
    row.ratio = runs.GetRatio(GetLossless("datagram"), LOSS);
    row.delivered = runs.GetStatistic("delivered_push");
    std::vector<double> times;
    std::vector<double> bytes;
    for (const auto& run : runs.GetRuns())
    {
        bytes.push_back(GetSummaryNumber(run, "bytes_up") + GetSummaryNumber(run, "bytes_down"));
        const double target =
            TARGET_FACTOR *
            GetLossless("datagram").Where("RngRun", GetKnob(run, "RngRun")).GetStatistic(LOSS).mean;
        const double time = GetTimeToLoss(m_report.GetCurve(RunSelection({run}), LOSS), target);
        if (!std::isnan(time))
        {
            times.push_back(time);
        }
    }
    row.bytes = SeedStatistic::Of(bytes);
    row.time = SeedStatistic::Of(times);
    row.reached = row.time.count;
    return row;
}

TextTable
ToleranceStudy::MakeTable() const
{
    TextTable table;
    table.heading = {"transport",
                     "rule",
                     "loss law",
                     "loss / lossless",
                     "s to target",
                     "seeds there",
                     "MB",
                     "delivered %"};
    table.textColumns = 3;
    for (const auto& row : m_rows)
    {
        table.rows.push_back({row.transport,
                              row.rule,
                              row.loss,
                              FormatWithError(row.ratio.mean, row.ratio.deviation),
                              FormatWithError(row.time.mean, row.time.deviation),
                              std::to_string(row.reached) + "/" + std::to_string(row.seeds),
                              FormatShort(row.bytes.mean / 1e6),
                              FormatShort(100 * row.delivered.mean)});
    }
    return table;
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
    m_report.Add(
        Claim{"rules",
              "zero fill is the one that clearly hurts (more than 10 %; the others less)",
              "zero fill " + FormatPercent(zero.mean) + ", received mean " +
                  FormatPercent(mean.mean) + ", rescaled " + FormatPercent(rescaled.mean),
              JoinVerdicts({JudgeRange(zero.mean, GetStandardError(zero), 1.1, INFINITY),
                            JudgeRange(mean.mean, GetStandardError(mean), 0, 1.1),
                            JudgeRange(rescaled.mean, GetStandardError(rescaled), 0, 1.1)})});
    const double left = (feedback.mean - 1) / (zero.mean - 1);
    m_report.Add(
        Claim{"rules",
              "error feedback on segments that were not acknowledged removes nearly all "
              "damage (less than a fifth of that of zero fill is left)",
              "zero fill " + FormatPercent(zero.mean) + ", with error feedback " +
                  FormatPercent(feedback.mean),
              JudgeRange(left, GetStandardError(feedback) / (zero.mean - 1), -INFINITY, 0.2)});
    const auto burst = GetRuns("datagram", "received-mean", "", "gilbert-elliott:8")
                           .GetRatio(GetRuns("datagram", "received-mean", "", BERNOULLI), LOSS);
    m_report.Add(Claim{"loss laws",
                       "bursts of 8 segments do no more harm than independent drops at the same "
                       "rate (within 3 %)",
                       FormatPercent(burst.mean),
                       JudgeRange(burst.mean, GetStandardError(burst), 0.97, 1.03)});
    const auto time = [this](const std::string& transport) {
        return GetRuns(transport, "received-mean", "", BERNOULLI)
            .GetRatio(GetRuns("datagram", "received-mean", "", BERNOULLI), "time_s")
            .mean;
    };
    m_report.Add(Claim{"transports",
                       "repeating what was lost costs time (selective repeat and TCP take longer "
                       "than datagrams for the same rounds)",
                       "selective repeat " + FormatPercent(time("selective-repeat")) + ", TCP " +
                           FormatPercent(time("tcp")) + " and bounded loss " +
                           FormatPercent(time("bounded-loss:0.9")),
                       JoinVerdicts({JudgeRange(time("selective-repeat"), 0, 1 + 1e-9, INFINITY),
                                     JudgeRange(time("tcp"), 0, 1 + 1e-9, INFINITY)})});
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
                FormatPercent(found.mean) + "; it then delivers " +
                    FormatShort(100 * tail.GetStatistic("delivered_push").mean) +
                    " % of the pushes in time, and ends with x" + FormatShort(loss.mean) +
                    " of the loss",
                JudgeRange(found.mean, GetStandardError(found), isCut ? 0 : 1.1, isCut ? 1.1 : 2)});
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
    m_report.Add(
        Claim{"what is sent back",
              "averaged gradients harm the replicas (more than 20 % at the highest drop rate), "
              "parameters "
              "and averaged models do not (less)",
              "gradients " + FormatPercent(worst[2].mean) + ", parameters " +
                  FormatPercent(worst[0].mean) + ", models " + FormatPercent(worst[1].mean),
              JoinVerdicts({JudgeRange(worst[2].mean, GetStandardError(worst[2]), 1.2, INFINITY),
                            JudgeRange(worst[0].mean, GetStandardError(worst[0]), 0, 1.2),
                            JudgeRange(worst[1].mean, GetStandardError(worst[1]), 0, 1.2)})});
    m_report.AddHeading("What servers send back");
    m_report.AddFigures({{"downlink", figure}},
                        "Mean and sample standard deviation over the seeds of ratios to the run "
                        "without drops of the same seed. A lost gradient is no update.");
}

void
ToleranceStudy::AddCurves() const
{
    const auto laws = m_ranking.GetValues("loss");
    const auto transports = m_ranking.GetValues("transport");
    std::vector<std::pair<std::string, SvgFigure>> figures;
    for (const auto& law : laws)
    {
        SvgFigure figure("received mean, " + law, "simulated time (s)", "training loss", 540, 340);
        figure.SetLogarithmic();
        for (size_t i = 0; i < transports.size(); ++i)
        {
            SvgFigure::Curve curve{transports[i],
                                   PickColor(GetRateColors(), i, transports.size()),
                                   false,
                                   false,
                                   {}};
            const auto runs = GetRuns(transports[i], "received-mean", "", law);
            for (const auto& point : m_report.GetCurve(runs, LOSS))
            {
                curve.points.push_back({point.time, point.loss, 0});
            }
            figure.Add(curve);
        }
        figures.emplace_back("transports-" + std::to_string(figures.size()), figure);
    }
    m_report.AddHeading("Loss against simulated time");
    m_report.AddFigures(figures,
                        "Mean training loss of a replica, mean over the seeds; same workload, same "
                        "rounds, same drop rate.");
}

void
ToleranceStudy::AddSections() const
{
    JudgeRules();
    JudgeStragglers();
    m_report.AddHeading("Ranking");
    m_report.AddParagraph("By simulated time to " + FormatShort(TARGET_FACTOR) +
                          " times the final loss without drops; what does not get there comes "
                          "after, by its final loss. MB: all bytes on the links in the whole run. "
                          "Delivered: pushed segments that arrived in time.");
    m_report.AddTable(MakeTable());
    AddCurves();
    JudgeDownlink();
    m_report.AddHeading("Stragglers");
    TextTable table;
    table.heading = {"servers", "transport", "tail", "simulated s", "loss", "delivered %"};
    table.textColumns = 3;
    for (const auto& placement : m_stragglers.GetValues("placement"))
    {
        for (const auto& transport : m_stragglers.GetValues("transport"))
        {
            for (const auto& tail : m_stragglers.GetValues("straggler"))
            {
                const auto runs = m_stragglers.Where("placement", placement)
                                      .Where("transport", transport)
                                      .Where("straggler", tail);
                const auto time = runs.GetStatistic("time_s");
                const auto loss = runs.GetStatistic(LOSS);
                table.rows.push_back({placement,
                                      Shorten(transport),
                                      tail,
                                      FormatWithError(time.mean, time.deviation),
                                      FormatWithError(loss.mean, loss.deviation),
                                      FormatShort(100 * runs.GetStatistic("delivered_push").mean)});
            }
        }
    }
    m_report.AddTable(table);
    m_report.AddParagraph(
        "Gradient averaging; computation takes 5 ms in the median, nothing is dropped. A "
        "co-located "
        "server waits for its own worker, so a tail costs time whatever the transport. Percentile "
        "and "
        "DeadlineFactor say how long bounded loss waits, by the times of past rounds: the shorter, "
        "the less a tail costs in time and the more in gradients that are not waited for. By "
        "default "
        "they follow the tail of past rounds, and so do not cut it off.");
}

} // namespace learning
} // namespace ns3
