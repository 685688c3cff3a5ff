/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace learning
{

void
AddPipelineSection(const Comparison& comparison)
{
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.Load("pipeline");
    report.AddHeading("A pipeline: 10 learning rates at a time");
    report.AddParagraph(
        "10 jobs of 10 workers each, LR on Higgs by ADMM, one job a learning rate "
        "from 0.01 to 0.1: the time is that of the slowest job, the cost that of "
        "all; in brackets the published number (unverified). The published pipeline "
        "normalizes the data first, which these do not. Published times and costs "
        "of the pipeline of MobileNet contradict each other and are not compared.");
    TextTable table;
    table.heading = {"platform", "jobs", "time, s", "cost, $", "best accuracy, %"};
    table.textColumns = 1;
    std::map<std::string, double> times;
    std::map<std::string, double> costs;
    for (const auto& [platform, id] :
         {std::pair<std::string, std::string>{"function", "faas"}, {"machine", "iaas"}})
    {
        double time = 0;
        double dollars = 0;
        double accuracy = 0;
        const RunSelection mine = runs.Where("platform", platform);
        for (const auto& run : mine.GetRuns())
        {
            time = std::max(time, GetSummaryNumber(run, "time_s"));
            dollars += GetSummaryNumber(run, "cost_nano_usd") / 1e9;
            accuracy = std::max(accuracy, 100 * GetSummaryNumber(run, "accuracy"));
        }
        if (mine.GetRuns().empty())
        {
            time = dollars = accuracy = NAN;
        }
        const std::string prefix = "pipeline-" + id;
        comparison.Compare(prefix + "-time", time, "without the job that normalizes");
        comparison.Compare(prefix + "-cost", dollars, "without the job that normalizes");
        comparison.Compare(prefix + "-accuracy", accuracy, "synthetic data");
        table.rows.push_back({platform + "s",
                              std::to_string(mine.GetRuns().size()),
                              comparison.Beside(time, prefix + "-time"),
                              comparison.Beside(dollars, prefix + "-cost"),
                              comparison.Beside(accuracy, prefix + "-accuracy")});
        times[id] = time;
        costs[id] = dollars;
    }
    report.AddTable(table);
    report.Add(Claim{"claim 11, pipeline",
                     "the pipeline is at least twice as fast on functions, and dearer",
                     "x" + FormatBrief(times["iaas"] / times["faas"]) + " as fast, x" +
                         FormatBrief(costs["faas"] / costs["iaas"]) + " the cost",
                     GradeVerdicts({JudgeRange(times["iaas"] / times["faas"], 0, 2, 1e9),
                                    JudgeRange(costs["faas"] / costs["iaas"], 0, 1, 1e9)}),
                     "",
                     "functions against machines",
                     "x2.4 as fast, x1.5 the cost"});
}

} // namespace learning
} // namespace ns3
