/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"
#include "tenancy-study.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ns3
{
namespace learning
{

void
AddTenancySection(const Comparison& comparison)
{
    constexpr double SHARE = 0.05; // of the jobs may wait longer than a job takes on functions
    constexpr uint32_t CONCURRENCY = 1000; // as FunctionPlatform has it (vendor documentation)
    constexpr uint32_t WORKERS = 10;       // of a job
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.LoadIfPresent("breakdown");
    const RunSelection functions = runs.Where("channel", "s3");
    const RunSelection machines = runs.Where("platform", "machine");
    const double functionTime = GetNumber(functions, "time_s");
    const double functionCost = GetDollars(functions);
    const double onDemandCost = GetDollars(machines);
    const double service = GetNumber(machines, "time_s") - GetNumber(machines, "last_start_s");
    const double fleetSecond = onDemandCost / std::ceil(GetNumber(machines, "time_s"));
    report.AddHeading("Case study 4: many tenants");
    if (std::isnan(functionTime) || std::isnan(service))
    {
        report.AddProblem("no case study of many tenants without the runs of breakdown");
        return;
    }
    report.AddParagraph(
        "Tenants send jobs like that of the time breakdown, as a Poisson process that is on for "
        "a share of the time, in peaks of half an hour, over 30 days. Functions, and machines that "
        "boot for each job, are paid by the job; 1,000 functions run at a time, those of 100 jobs, "
        "and other jobs wait. Reserved fleets of 10 machines are paid always; there are as many as "
        "it takes for no more than 5 % of the jobs to wait longer than a job takes on functions, "
        "or "
        "no more than wait so long for functions. Times and costs of a job are those of the "
        "simulated runs.");
    TextTable table;
    table.heading = {"jobs/h",
                     "peak / mean",
                     "functions: mean wait, s",
                     "that wait longer than a job, %",
                     "fleets",
                     "in use, %",
                     "functions, $/job",
                     "machines by the job, $/job",
                     "reserved, $/job"};
    table.textColumns = 0;
    SvgFigure figure("many tenants", "peak rate / mean rate", "cost of a job, $", 540, 360);
    figure.SetLogarithmic();
    std::vector<Verdict> verdicts;
    std::string loads;  // jobs/h
    std::string steady; // ratio of costs without peaks
    std::string used;   // share of the time, likewise
    std::string bursty; // ratio with the highest peaks
    std::string delays; // of jobs on functions, likewise
    const std::vector<double> rates{10, 60, 300};
    for (size_t i = 0; i < rates.size(); ++i)
    {
        SvgFigure::Curve curve{"reserved, " + FormatShort(rates[i]) + " jobs/h",
                               PickColor(GetRateColors(), i, rates.size()),
                               false,
                               true,
                               {}};
        std::vector<double> ratios;
        double lastWait = 0;
        for (const double burst : {1.0, 3.0, 10.0, 30.0, 100.0})
        {
            TenancyLoad load;
            load.jobsPerHour = rates[i];
            load.burst = burst;
            load.hours = 30 * 24;
            const auto arrivals = DrawArrivals(load, 1);
            if (arrivals.empty())
            {
                continue;
            }
            const auto waits = GetWaits(arrivals, CONCURRENCY / WORKERS, functionTime);
            const double late = GetLateShare(waits, functionTime);
            const uint32_t fleets =
                GetNeededFleets(arrivals, service, std::max(SHARE, late), functionTime);
            const double jobs = static_cast<double>(arrivals.size());
            const double wait = std::accumulate(waits.begin(), waits.end(), 0.0) / jobs;
            const double paid = fleets * load.hours * 3600;
            const double reserved = paid * fleetSecond / jobs;
            if (burst == 1)
            {
                used += (used.empty() ? "" : ", ") + FormatShort(100 * jobs * service / paid);
            }
            curve.points.push_back({burst, reserved, 0});
            ratios.push_back(reserved / functionCost);
            lastWait = wait;
            table.rows.push_back({FormatShort(rates[i]),
                                  FormatShort(burst),
                                  FormatShort(wait),
                                  FormatShort(100 * late),
                                  std::to_string(fleets),
                                  FormatShort(100 * jobs * service / paid),
                                  FormatShort(functionCost),
                                  FormatShort(onDemandCost),
                                  FormatShort(reserved)});
        }
        figure.Add(curve);
        table.rows.emplace_back();
        if (!ratios.empty())
        {
            verdicts.push_back(JudgeRange(ratios.front(), 0, 0, 1));
            verdicts.push_back(JudgeRange(ratios.back(), 0, 1, 1e9));
            const std::string comma = steady.empty() ? "" : ", ";
            steady += comma + "x" + FormatBrief(ratios.front());
            bursty += comma + "x" + FormatBrief(ratios.back());
            delays += comma + FormatBrief(lastWait);
            loads += comma + FormatBrief(rates[i]);
        }
    }
    figure.Add(
        {"functions", "#444444", true, false, {{1, functionCost, 0}, {100, functionCost, 0}}});
    report.AddTable(table);
    report.AddFigures({{"tenancy", figure}},
                      "Where reserved fleets cross the dashed line, pay by "
                      "use is cheaper.");
    const double breakEven = fleetSecond / (functionCost / functionTime);
    comparison.Compare(
        "break-even-t2",
        breakEven,
        "3,008 MB are 2.9375 GB here, 3 GB in the published ratio; starts of functions are free");
    report.Add(Claim{"case study 4",
                     "pay by use wins where load is bursty (peaks of 100 times the mean), reserved "
                     "machines where it is steady, at equal shares of jobs that wait long",
                     "cost over that of functions: " + steady + " without peaks (" + loads +
                         " jobs/h); " + bursty + " with, where jobs wait " + delays +
                         " s for functions",
                     GradeVerdicts(verdicts),
                     "Without peaks, fleets are in use " + used + " % of the time",
                     "pay by use where load is bursty, reserved machines where it is steady",
                     "yes"});
}

} // namespace learning
} // namespace ns3
