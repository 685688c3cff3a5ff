/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Time of an exchange.
 * @param runs with all patterns, of one size and number of workers
 * @param pattern value of the knob
 * @return s; not a number if there is no such run
 */
double
GetExchange(const RunSelection& runs, const std::string& pattern)
{
    const RunSelection run = runs.Where("pattern", pattern);
    return GetNumber(run, "exchange_s") / GetNumber(run, "rounds");
}

/**
 * Size at which both patterns take as long, linearly between sizes.
 * @param runs of one number of workers
 * @return MB; not a number if they do not cross
 */
double
FindCrossover(const RunSelection& runs)
{
    double lastSize = 0;
    double last = std::numeric_limits<double>::quiet_NaN();
    for (const auto& size : runs.GetValues("modelBytes"))
    {
        const RunSelection both = runs.Where("modelBytes", size);
        const double difference =
            GetExchange(both, "allreduce") - GetExchange(both, "scatterreduce");
        const double megabytes = std::atof(size.c_str()) / 1e6;
        if (last <= 0 && difference > 0)
        {
            return lastSize + (megabytes - lastSize) * last / (last - difference);
        }
        last = difference;
        lastSize = megabytes;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

const std::string OVERHEAD = "each worker lists, polls every 0.1 s and deletes piece by piece, as "
                             "the released code does, which closed forms leave out";

/**
 * The crossover by the number of workers.
 * @param comparison report and published numbers
 * @param runs all
 * @param found filled in: the sizes, in words
 * @return verdict: 4 to 12 MB at each
 */
Verdict
AddCrossovers(const Comparison& comparison, const RunSelection& runs, std::string& found)
{
    StudyReport& report = comparison.GetReport();
    SvgFigure figure("exchange over S3", "size of the model, MB", "time, s", 620, 380);
    std::vector<Verdict> verdicts;
    const auto fleets = runs.Where("modelBytes", "4000000").GetValues("workers");
    for (size_t i = 0; i < fleets.size(); ++i)
    {
        const RunSelection fleet = runs.Where("workers", fleets[i]);
        const std::string color = PickColor(GetRateColors(), i, fleets.size());
        for (const std::string pattern : {"allreduce", "scatterreduce"})
        {
            SvgFigure::Curve curve{
                (pattern == "allreduce" ? "AllReduce, w = " : "ScatterReduce, w = ") + fleets[i],
                color,
                pattern != "allreduce",
                false,
                {}};
            for (const auto& size : fleet.GetValues("modelBytes"))
            {
                const double megabytes = std::atof(size.c_str()) / 1e6;
                if (megabytes <= 24)
                {
                    curve.points.push_back(
                        {megabytes, GetExchange(fleet.Where("modelBytes", size), pattern), 0});
                }
            }
            figure.Add(curve);
        }
        const double crossover = FindCrossover(fleet);
        const std::string id = "crossover-" + fleets[i];
        if (comparison.GetAllPublished().count(id) != 0)
        {
            comparison.Compare(id, crossover, OVERHEAD);
        }
        found +=
            (found.empty() ? "" : ", ") + FormatBrief(crossover) + " MB (w = " + fleets[i] + ")";
        verdicts.push_back(JudgeRange(crossover, 0, 4, 12));
    }
    report.AddFigures({{"patterns", figure}},
                      "Full: AllReduce; dashed: ScatterReduce. They cross at " + found + ".");
    return GradeVerdicts(verdicts);
}

} // namespace

void
AddPatternsSection(const Comparison& comparison)
{
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.Load("patterns");
    report.AddHeading("Patterns over S3");
    report.AddParagraph("Time of one exchange, mean over the workers; in brackets the published "
                        "time (unverified). 'Closed form' is (w + 3)(m/B + L) or (3w - 2)(m/(wB) + "
                        "L), with a list or two.");
    TextTable table;
    table.heading = {"model",
                     "workers",
                     "pattern",
                     "time, s",
                     "closed form with lists and deletions, s"};
    table.textColumns = 1;
    std::map<std::string, double> times;
    for (const auto& [name, workers, bytes, id] : std::vector<std::array<std::string, 4>>{
             {"LR, 224 B", "10", "224", "lr-10"},
             {"LR, 224 B", "50", "224", "lr"},
             {"MobileNet, 12 MB", "10", "12000000", "mobilenet"},
             {"ResNet50, 89 MB", "10", "89000000", "resnet"}})
    {
        const RunSelection both = runs.Where("workers", workers).Where("modelBytes", bytes);
        for (const std::string pattern : {"allreduce", "scatterreduce"})
        {
            const double time = GetExchange(both, pattern);
            const std::string published = pattern + "-" + id;
            times[published] = time;
            const bool isPublished = comparison.GetAllPublished().count(published) != 0;
            if (isPublished)
            {
                comparison.Compare(published, time, OVERHEAD);
            }
            const RunSelection run = both.Where("pattern", pattern);
            table.rows.push_back(
                {name,
                 workers,
                 pattern,
                 isPublished ? comparison.Beside(time, published) : FormatShort(time),
                 FormatShort(GetNumber(run, "predicted_exchange_s") / GetNumber(run, "rounds"))});
        }
    }
    comparison.Compare("measured-lr-50", times["scatterreduce-lr"], OVERHEAD);
    comparison.Compare("measured-lr-10",
                       times["allreduce-lr-10"],
                       "the pattern of the measured run is not known; ScatterReduce takes " +
                           FormatShort(times["scatterreduce-lr-10"]) + " s here");
    comparison.Compare("measured-mobilenet", times["allreduce-mobilenet"], OVERHEAD);
    comparison.Compare("measured-resnet",
                       times["scatterreduce-resnet"],
                       "the pattern of the measured run is not known");
    report.AddTable(table);
    std::string crossovers;
    const Verdict crossing = AddCrossovers(comparison, runs, crossovers);
    const double tiny = times["scatterreduce-lr"] / times["allreduce-lr"];
    const double large = times["allreduce-resnet"] / times["scatterreduce-resnet"];
    report.Add(Claim{
        "claim 7",
        "AllReduce and ScatterReduce take the same time for tiny models (within 30 % "
        "at w = 50), ScatterReduce half of it at 89 MB (1.6 to 3 times as fast), and "
        "they cross in between (4 to 12 MB)",
        "ScatterReduce takes x" + FormatBrief(tiny) + " for LR, AllReduce x" + FormatBrief(large) +
            " at 89 MB; crossing at " + crossovers,
        GradeVerdicts({JudgeRange(tiny, 0, 0.7, 1.3), JudgeRange(large, 0, 1.6, 3), crossing}),
        "For tiny models requests count: ScatterReduce has 3w - 2 in a row at 80 ms "
        "by its closed form, and w - 1 deletions, AllReduce w + 3",
        "AllReduce against ScatterReduce over S3",
        "alike for tiny models, x2 at 89 MB"});
}

} // namespace learning
} // namespace ns3
