/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ns3
{
namespace learning
{

namespace
{

const std::string GPU_COLOR = "#444444";

/// A workload on both platforms by the number of workers.
struct Workload
{
    std::string name;    //!< in figures
    std::string id;      //!< of files
    RunSelection runs;   //!< of both platforms
    RunSelection gpus{}; //!< of machines with GPUs, if there are such
};

/// What a number of workers gives.
struct Fleet
{
    std::string workers; //!< how many
    double time{0};      //!< of the job, s
    double dollars{0};   //!< its cost
};

/**
 * Runs of MobileNet.
 * @param runs of the sweep
 * @param machineType of machines; empty: the default, and functions
 * @return these
 */
RunSelection
GetMobileNet(const RunSelection& runs, const std::string& machineType)
{
    return runs.Where("batchSeconds", "2.19")
        .Where("ns3::serverless::MachineFleet::MachineType", machineType);
}

/**
 * All workloads.
 * @param runs of the sweep
 * @return logistic regression on Higgs comes first
 */
std::vector<Workload>
GetWorkloads(const RunSelection& runs)
{
    const RunSelection admm = runs.Where("optimization", "admm");
    const auto linear = [&admm](const std::string& model, const std::string& seconds) {
        return admm.Where("model", model).Where("epochSeconds", seconds);
    };
    const auto clusters = [&runs](const std::string& count, const std::string& seconds) {
        return runs.Where("optimization", "kmeans[Clusters=" + count + "]")
            .Where("epochSeconds", seconds);
    };
    const std::string rcv1 = "12"; // seconds of an epoch tell data sets from one another
    const std::string yfcc = "650";
    return {{"LR, Higgs, to 0.66", "lr-higgs", linear("lr", "")},
            {"SVM, Higgs, 20 epochs", "svm-higgs", linear("svm", "")},
            {"k-means, Higgs, 10 passes", "k-means", clusters("10", "")},
            {"LR, RCV1, 10 epochs", "lr-rcv1", linear("lr", rcv1)},
            {"SVM, RCV1, 10 epochs", "svm-rcv1", linear("svm", rcv1)},
            {"k-means, RCV1, 10 passes", "k-means-rcv1", clusters("3", rcv1)},
            {"LR, YFCC, 10 epochs", "lr-yfcc", linear("lr", yfcc)},
            {"SVM, YFCC, 10 epochs", "svm-yfcc", linear("svm", yfcc)},
            {"k-means, YFCC, 10 passes", "k-means-yfcc", clusters("10", yfcc)},
            {"LR, Criteo, 10 epochs", "lr-criteo", linear("lr", "300")},
            {"MobileNet, an epoch",
             "mobilenet",
             GetMobileNet(runs, ""),
             GetMobileNet(runs, "g4dn.xlarge")},
            {"ResNet50, a tenth of an epoch", "resnet", runs.Where("batchSeconds", "6.76")}};
}

/**
 * Times and costs of a platform.
 * @param runs of one workload
 * @param platform value of the knob
 * @return by ascending number of workers
 */
std::vector<Fleet>
GetFleets(const RunSelection& runs, const std::string& platform)
{
    std::vector<Fleet> fleets;
    const RunSelection mine = runs.Where("platform", platform);
    for (const auto& workers : mine.GetValues("workers"))
    {
        const RunSelection run = mine.Where("workers", workers);
        if (workers != "1" && run.GetRuns().size() == 1)
        {
            fleets.push_back({workers, GetNumber(run, "time_s"), GetDollars(run)});
        }
    }
    return fleets;
}

/**
 * Adds a curve to a figure.
 * @param fleets the points
 * @param member the ordinate
 * @param label of the curve
 * @param color of the curve
 * @param figure where to
 */
void
Draw(const std::vector<Fleet>& fleets,
     double Fleet::*member,
     const std::string& label,
     const std::string& color,
     SvgFigure& figure)
{
    SvgFigure::Curve curve{label, color, false, true, {}};
    for (const auto& fleet : fleets)
    {
        curve.points.push_back({std::atof(fleet.workers.c_str()), fleet.*member, 0});
    }
    figure.Add(curve);
}

/**
 * The best of some fleets.
 * @param fleets at least one
 * @param member what is to be small
 * @return the fleet
 */
const Fleet&
GetBest(const std::vector<Fleet>& fleets, double Fleet::*member)
{
    return *std::min_element(fleets.begin(), fleets.end(), [member](const auto& a, const auto& b) {
        return a.*member < b.*member;
    });
}

/**
 * Speed-up over one machine, start-up left out.
 * @param runs of one workload
 * @param platform value of the knob
 * @return ratio of times at 1 and 10 workers
 */
double
GetSpeedUp(const RunSelection& runs, const std::string& platform)
{
    const auto work = [](const RunSelection& run) {
        return GetNumber(run, "load_s") + GetNumber(run, "compute_s") +
               GetNumber(run, "exchange_s");
    };
    return work(runs.Where("platform", "machine").Where("workers", "1")) /
           work(runs.Where("platform", platform).Where("workers", "10"));
}

/**
 * Speed-ups, and times of deep models.
 * @param comparison report and published numbers
 * @param linear runs of LR on Higgs
 * @param deep runs of MobileNet
 * @param large runs of ResNet50
 */
void
AddSpeedUps(const Comparison& comparison,
            const RunSelection& linear,
            const RunSelection& deep,
            const RunSelection& large)
{
    const std::string reason =
        "over one machine of the same kind, load and exchange included; what "
        "the published numbers include is not known";
    comparison.Compare("speedup-faas-lr", GetSpeedUp(linear, "function"), reason);
    comparison.Compare("speedup-iaas-lr", GetSpeedUp(linear, "machine"), reason);
    comparison.Compare("speedup-faas-mobilenet", GetSpeedUp(deep, "function"), reason);
    comparison.Compare("speedup-iaas-mobilenet", GetSpeedUp(deep, "machine"), reason);
    comparison.Compare("mobilenet-epoch-one",
                       GetNumber(deep.Where("workers", "1"), "compute_s"),
                       "390 batches of the measured 2.19 s are 854 s");
    const RunSelection ten = deep.Where("platform", "function").Where("workers", "10");
    comparison.Compare("mobilenet-epoch-s3",
                       GetNumber(ten, "compute_s") + GetNumber(ten, "exchange_s"));
    const auto iterate = [](const RunSelection& run) {
        return (GetNumber(run, "compute_s") + GetNumber(run, "exchange_s")) /
               GetNumber(run, "rounds");
    };
    comparison.Compare("mobilenet-round", iterate(ten));
    comparison.Compare("resnet-round",
                       iterate(large.Where("platform", "function").Where("workers", "10")),
                       "the pattern of the measured run is not known");
}

} // namespace

void
AddWorkersSection(const Comparison& comparison)
{
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.Load("workers");
    const std::vector<Workload> workloads = GetWorkloads(runs);
    report.AddHeading("Speed and cost by the number of workers");
    report.AddParagraph(
        "Whole jobs, start-up and load included; functions over S3 by AllReduce (ResNet50 by "
        "ScatterReduce), t2.medium machines in a ring, and for MobileNet g4dn.xlarge ones with a "
        "GPU. Linear models by ADMM with 10 local epochs. "
        "An epoch of RCV1, YFCC and Criteo is declared to take as long as their bytes do at the "
        "speed of Higgs: 12, 650 and 300 s on one machine. Bytes of data and models are declared; "
        "numbers of linear models and k-means are learned from small data of the kind. " +
        DEEP_MODELS +
        " A larger fleet makes larger global batches of a deep model; the time is that of an "
        "epoch, whatever it learns.");
    TextTable table;
    table.heading = {"workload", "platform", "fastest w", "time, s", "cheapest w", "cost, $"};
    table.textColumns = 2;
    std::vector<std::pair<std::string, SvgFigure>> times;
    std::vector<std::pair<std::string, SvgFigure>> costs;
    std::vector<Verdict> curves;
    std::vector<Verdict> neverCheaper;
    double fastest = NAN;    // fmax() passes it over
    std::string cheapness;   // where functions are
    double least = INFINITY; // of the others
    double most = 0;
    std::string shapes;
    std::string unlike; // workloads that do not follow claim 12
    for (const auto& [name, id, mine, fast] : workloads)
    {
        const auto functions = GetFleets(mine, "function");
        const auto machines = GetFleets(mine, "machine");
        const auto gpus = GetFleets(fast, "machine");
        if (functions.size() < 2 || machines.empty())
        {
            report.AddProblem("too few fleets for " + name);
            continue;
        }
        SvgFigure time(name, "workers", "time, s", 360, 280);
        SvgFigure cost(name, "workers", "cost, $", 360, 280);
        Draw(functions, &Fleet::time, "functions", GetRateColors().back(), time);
        Draw(machines, &Fleet::time, "machines", GetRateColors().front(), time);
        Draw(functions, &Fleet::dollars, "functions", GetRateColors().back(), cost);
        Draw(machines, &Fleet::dollars, "machines", GetRateColors().front(), cost);
        if (!gpus.empty())
        {
            Draw(gpus, &Fleet::time, "machines with GPUs", GPU_COLOR, time);
            Draw(gpus, &Fleet::dollars, "machines with GPUs", GPU_COLOR, cost);
        }
        times.emplace_back("time-" + id, time);
        costs.emplace_back("cost-" + id, cost);
        for (const auto& [platform, fleets] : {std::pair{"functions", functions},
                                               std::pair{"machines", machines},
                                               std::pair{"machines (g4dn.xlarge)", gpus}})
        {
            if (fleets.empty())
            {
                continue;
            }
            const Fleet& quick = GetBest(fleets, &Fleet::time);
            const Fleet& cheap = GetBest(fleets, &Fleet::dollars);
            table.rows.push_back({name,
                                  platform,
                                  quick.workers,
                                  FormatShort(quick.time),
                                  cheap.workers,
                                  FormatShort(cheap.dollars)});
        }
        table.rows.emplace_back();
        const double cheaper = GetBest(functions, &Fleet::dollars).dollars /
                               GetBest(machines, &Fleet::dollars).dollars;
        neverCheaper.push_back(JudgeRange(cheaper, 0, 0.8, 1e9));
        if (neverCheaper.back() == Verdict::HOLDS)
        {
            least = std::min(least, cheaper);
            most = std::max(most, cheaper);
        }
        else
        {
            cheapness += "x" + FormatBrief(cheaper) + " (" + name + "), ";
        }
        fastest =
            std::fmax(fastest,
                      GetBest(machines, &Fleet::time).time / GetBest(functions, &Fleet::time).time);
        // the gain of the last doubling, relative to that of the first
        const double first = functions[0].time - functions[1].time;
        const double last = functions[functions.size() - 2].time - functions.back().time;
        const std::vector<Verdict> shape{
            JudgeRange(first, 0, 0, 1e9),
            JudgeRange(last / first, 0, -1e9, 0.5),
            JudgeBelow(functions[0].dollars, functions.back().dollars)};
        curves.insert(curves.end(), shape.begin(), shape.end());
        if (JoinVerdicts(shape) != Verdict::HOLDS)
        {
            unlike += (unlike.empty() ? "" : "; ") + name;
        }
        shapes += (shapes.empty() ? "" : "; ") + name + ": " + FormatBrief(functions[0].time) +
                  " s at w = " + functions[0].workers + ", least " +
                  FormatBrief(GetBest(functions, &Fleet::time).time) + " s at " +
                  GetBest(functions, &Fleet::time).workers + ", $" +
                  FormatBrief(functions[0].dollars) + " to $" +
                  FormatBrief(functions.back().dollars);
    }
    report.AddTable(table);
    report.AddFigures(times, "Time of the job.");
    report.AddFigures(costs, "Cost of the job.");
    report.AddParagraph("On functions: " + shapes + ".");
    AddSpeedUps(comparison, workloads.front().runs, GetMobileNet(runs, ""), workloads.back().runs);
    neverCheaper.push_back(JudgeRange(fastest, 0, 1.5, 1e9));
    report.Add(
        Claim{"claim 11 (abstract)",
              "functions can be much faster (here: at least 1.5 times on some workload, each "
              "at its fastest fleet), but never significantly cheaper (cheapest fleets: at "
              "least 0.8 times the cost)",
              "up to x" + FormatBrief(fastest) + " as fast; cost " + cheapness + "others x" +
                  FormatBrief(least) + " to x" + FormatBrief(most) +
                  " (an epoch of RCV1, YFCC and Criteo is assumed)",
              GradeVerdicts(neverCheaper),
              "A job so short that machines cost mostly their boot is cheaper on functions",
              "functions may be much faster than machines, never much cheaper",
              "yes (verified)"});
    report.Add(Claim{"claim 12",
                     "with more workers the time on functions falls, then flattens (the last "
                     "doubling gains less than half of what the first does), and cost rises",
                     (workloads.empty() ? "" : shapes.substr(0, shapes.find(';'))) +
                         (unlike.empty() ? "" : "; not so: " + unlike),
                     GradeVerdicts(curves),
                     "Where computation outweighs all else, doublings gain in proportion; jobs of "
                     "seconds are fastest on small fleets, since larger ones start later",
                     "more workers",
                     "faster, then flat, and dearer"});
}

} // namespace learning
} // namespace ns3
