/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tolerance-study.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace learning
{

namespace
{

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

} // namespace

ToleranceStudy::ToleranceStudy(StudyReport& report)
    : m_report(report),
      m_ranking(report.Load("ranking")),
      m_stragglers(report.Load("stragglers")),
      m_downlink(report.Load("downlink"))
{
    m_rates = m_ranking.GetValues("dropRate");
    m_rates.erase(std::remove(m_rates.begin(), m_rates.end(), "0"), m_rates.end());
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
        const uint32_t shareOfA = a.reached * b.seeds; // over the same number
        const uint32_t shareOfB = b.reached * a.seeds;
        return shareOfA != shareOfB ? shareOfA > shareOfB
               : a.reached > 0      ? a.time.mean < b.time.mean
                                    : a.ratio.mean < b.ratio.mean;
    });
}

const std::vector<ToleranceRow>&
ToleranceStudy::GetRows() const
{
    return m_rows;
}

std::string
ToleranceStudy::Shorten(const std::string& transport)
{
    const std::string prefix = "ns3::learning::";
    return transport.rfind(prefix, 0) == 0 ? transport.substr(prefix.size()) : transport;
}

RunSelection
ToleranceStudy::GetRuns(const std::string& transport,
                        const std::string& rule,
                        const std::string& feedback,
                        const std::string& loss) const
{
    return m_rates.empty() ? RunSelection()
                           : m_ranking.Where("dropRate", m_rates.back())
                                 .Where("transport", transport)
                                 .Where("rule", rule)
                                 .Where("errorFeedback", feedback)
                                 .Where("loss", loss);
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
            if (runs.GetRuns().empty())
            {
                continue;
            }
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
    JudgeRepeats();
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
