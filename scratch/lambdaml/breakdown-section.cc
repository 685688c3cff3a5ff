/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"

#include <cmath>

namespace ns3
{
namespace learning
{

namespace
{

/// A system of the time breakdown.
struct System
{
    std::string name; //!< in the table
    std::string id;   //!< of its published numbers, a prefix
    RunSelection run; //!< its run
};

} // namespace

void
AddBreakdownSection(const Comparison& comparison)
{
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.Load("breakdown");
    const RunSelection functions = runs.Where("platform", "function");
    const std::vector<System> systems{
        {"functions over S3", "faas", functions.Where("channel", "s3")},
        {"machines in a ring", "iaas", runs.Where("platform", "machine")},
        {"functions and a parameter server", "hybrid", functions.Where("channel", "vm")}};
    const std::vector<std::pair<std::string, std::string>> parts{{"start_s", "start"},
                                                                 {"load_s", "load"},
                                                                 {"compute_s", "compute"},
                                                                 {"exchange_s", "exchange"},
                                                                 {"time_s", "time"}};
    report.AddHeading("Where the time goes");
    report.AddParagraph(
        "Logistic regression on data of the size of Higgs (8 GB), 10 workers, 10 epochs by ADMM, "
        "one exchange. In brackets the published number (unverified). Start-up is that of the last "
        "worker, a service's provisioning included; the other parts are means over the workers, so "
        "that they need not add up.");
    TextTable table;
    table.heading = {"system",
                     "start-up, s",
                     "load, s",
                     "compute, s",
                     "exchange, s",
                     "total, s",
                     "without start-up, s",
                     "cost, $"};
    std::map<std::string, double> without;
    std::map<std::string, double> starts;
    for (const auto& [name, id, run] : systems)
    {
        std::vector<std::string> row{name};
        double total = 0;
        double later = 0;
        for (const auto& [column, part] : parts)
        {
            double found = GetNumber(run, column);
            later += part == "load" || part == "compute" || part == "exchange" ? found : 0;
            total = part == "time" ? found : total;
            if (part == "start")
            {
                found = GetNumber(run, "last_start_s");
                starts[id] = found;
            }
            const bool isPublished =
                id != "hybrid" || part == "start" || part == "exchange" || part == "time";
            row.push_back(isPublished ? comparison.Beside(found, id + "-" + part)
                                      : FormatShort(found));
            if (isPublished)
            {
                comparison.Compare(
                    id + "-" + part,
                    found,
                    part == "load"
                        ? "the published 9 s need 89 MB/s a worker, the published rate of S3 is 65 "
                          "MB/s"
                    : part == "exchange"
                        ? "published without the number of exchanges; here there is one"
                        : "");
            }
        }
        without[id] = later;
        row.push_back(FormatShort(later));
        row.push_back(id == "hybrid" ? FormatShort(GetDollars(run))
                                     : comparison.Beside(GetDollars(run), id + "-cost"));
        table.rows.push_back(row);
    }
    comparison.Compare("faas-cost", GetDollars(systems[0].run));
    comparison.Compare("iaas-cost", GetDollars(systems[1].run));
    report.AddTable(table);

    const double share = (starts["iaas"] - starts["faas"]) / (GetNumber(systems[1].run, "time_s") -
                                                              GetNumber(systems[0].run, "time_s"));
    report.Add(Claim{"claim 8",
                     "functions start in about 1 s where machines take 2 min, and that is what "
                     "makes them faster: at least 80 % of the difference in time is start-up",
                     FormatBrief(starts["faas"]) + " s and " + FormatBrief(starts["iaas"]) +
                         " s, " + FormatBrief(100 * share) + " % of the difference",
                     GradeVerdicts({JudgeRange(starts["faas"], 0, 0, 2),
                                    JudgeRange(starts["iaas"], 0, 100, 150),
                                    JudgeRange(share, 0, 0.8, INFINITY)}),
                     "",
                     "start-up is what makes functions faster than machines",
                     "1 s against 2 min"});
    const double difference = std::abs(without["faas"] - without["iaas"]);
    report.Add(Claim{"claim 9",
                     "without start-up, functions and machines take the same time for a linear "
                     "model: they differ by less than 10 s",
                     FormatBrief(without["faas"]) + " s and " + FormatBrief(without["iaas"]) + " s",
                     JudgeRange(difference, 0, 0, 10),
                     "",
                     "without start-up, linear models take as long",
                     "90 and 91 s"});
}

} // namespace learning
} // namespace ns3
