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

const std::string SPEED = "ns3::serverless::FunctionPlatform::ReferenceVcpus";
const std::string LINK = "ns3::serverless::ParameterMachine::ConnectionRate";
// the functions' own serialization is set with the server's
const std::string SERIALIZATION = "ns3::serverless::ParameterMachine::SerializationTime";
const std::string MACHINE = "ns3::serverless::MachineFleet::MachineType";

/// What a configuration takes for a round of MobileNet, and for a job of 100 epochs.
struct Round
{
    double seconds{0};    //!< a round
    double dollars{0};    //!< a round
    double exchange{0};   //!< of a round, mean over the workers, s
    double jobSeconds{0}; //!< 100 epochs of 39 rounds, with start and load
    double jobDollars{0}; //!< likewise
};

/**
 * Measures a configuration by its runs of two lengths.
 * @param runs the runs
 * @return what it takes
 */
Round
Measure(const RunSelection& runs)
{
    constexpr double ROUNDS = 100 * 39;
    Round round;
    round.seconds = GetSlope(runs, "time_s");
    round.dollars = GetSlope(runs, "cost_nano_usd") / 1e9;
    round.exchange = GetSlope(runs, "exchange_s");
    const auto lengths = runs.GetValues("rounds");
    const RunSelection one = lengths.empty() ? runs : runs.Where("rounds", lengths.front());
    const double more = ROUNDS - GetNumber(one, "rounds");
    round.jobSeconds = GetNumber(one, "time_s") + more * round.seconds;
    round.jobDollars = GetDollars(one) + more * round.dollars;
    return round;
}

/**
 * The table of a case study.
 * @param rounds configurations, and what they take
 * @return the table
 */
TextTable
MakeTable(const std::vector<std::pair<std::string, Round>>& rounds)
{
    TextTable table;
    table.heading = {"configuration",
                     "round, s",
                     "round, $/1000",
                     "100 epochs, h",
                     "100 epochs, $"};
    table.textColumns = 1;
    for (const auto& [name, round] : rounds)
    {
        table.rows.push_back({name,
                              FormatShort(round.seconds),
                              FormatShort(1000 * round.dollars),
                              FormatShort(round.jobSeconds / 3600),
                              FormatShort(round.jobDollars)});
    }
    return table;
}

const std::string WORKLOAD =
    "MobileNet (12 MB, 2.19 s a batch), gradient averaging, w = 10. A round by the difference of "
    "two runs; 100 epochs of 39 rounds with start-up and load. " +
    DEEP_MODELS + " ";

} // namespace

void
AddFastLinkSection(const Comparison& comparison)
{
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.Load("cases");
    const RunSelection functions = runs.Where("platform", "function").Where(SPEED, "");
    const RunSelection hybrid = functions.Where("channel", "vm");
    const Round pure = Measure(functions.Where("channel", "s3"));
    const Round slow = Measure(hybrid.Where(LINK, ""));
    const Round link = Measure(hybrid.Where(LINK, "10Gbps").Where(SERIALIZATION, ""));
    const Round free = Measure(hybrid.Where(LINK, "10Gbps").Where(SERIALIZATION, "0"));
    const Round machines = Measure(runs.Where("platform", "machine").Where(MACHINE, ""));
    report.AddHeading("Case study 1: a fast link");
    report.AddParagraph(
        WORKLOAD + "The hybrid has a parameter server on a c5.4xlarge; its link is 40 MB/s, "
                   "then 10 Gbit/s; then serialization takes no time either, at the server and at "
                   "the functions.");
    report.AddTable(MakeTable({{"functions over S3", pure},
                               {"hybrid", slow},
                               {"hybrid, 10 Gbit/s", link},
                               {"hybrid, 10 Gbit/s, no serialization", free},
                               {"machines (t2.medium)", machines}}));
    report.Add(Claim{"claim 14, case study 1",
                     "over a link of 10 Gbit/s the hybrid beats functions over S3 on MobileNet (a "
                     "round, with serialization and without), but is not cheaper than machines",
                     "rounds of " + FormatBrief(link.seconds) + " s and " +
                         FormatBrief(free.seconds) + " s against " + FormatBrief(pure.seconds) +
                         " s; 100 epochs $" + FormatBrief(free.jobDollars) + " against $" +
                         FormatBrief(machines.jobDollars),
                     GradeVerdicts({JudgeBelow(link.seconds, pure.seconds),
                                    JudgeBelow(free.seconds, pure.seconds),
                                    JudgeBelow(machines.jobDollars, link.jobDollars),
                                    JudgeBelow(machines.jobDollars, free.jobDollars)}),
                     "As long as serialization takes 40 ns a byte under one lock, the wire is not "
                     "what holds the hybrid up",
                     "a hybrid over a fast link beats S3, not machines",
                     "yes"});
}

void
AddGpuSection(const Comparison& comparison)
{
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.LoadIfPresent("cases");
    const RunSelection functions = runs.Where("platform", "function");
    const RunSelection fast = functions.Where(SPEED, "0.225");
    const RunSelection machines = runs.Where("platform", "machine");
    const Round pure = Measure(functions.Where(SPEED, "").Where("channel", "s3"));
    const Round gpuPure = Measure(fast.Where("channel", "s3"));
    const Round gpuLink = Measure(fast.Where("channel", "vm").Where(SERIALIZATION, ""));
    const Round gpuFree = Measure(fast.Where("channel", "vm").Where(SERIALIZATION, "0"));
    const Round gpuMachines = Measure(machines.Where(MACHINE, "g4dn.xlarge"));
    const Round ordinary = Measure(machines.Where(MACHINE, ""));
    report.AddHeading("Case study 2: functions with GPUs");
    report.AddParagraph(
        WORKLOAD +
        "GPUs compute 8 times as fast: the published factor between jobs, taken for computation "
        "alone, whose own is not known. Functions with GPUs have the price of a g4dn.xlarge by the "
        "second; machines with GPUs a network of 10 Gbit/s. Whether a hybrid has a fast link (case "
        "study 1) is the question.");
    report.AddTable(MakeTable({{"functions over S3, no GPU", pure},
                               {"functions over S3, GPU", gpuPure},
                               {"hybrid, GPU, 10 Gbit/s", gpuLink},
                               {"hybrid, GPU, 10 Gbit/s, no serialization", gpuFree},
                               {"machines (t2.medium)", ordinary},
                               {"machines (g4dn.xlarge)", gpuMachines}}));
    const double speed = pure.seconds / gpuMachines.seconds;
    const double cost = pure.dollars / gpuMachines.dollars;
    const std::string exchanges = "of a round, exchange takes " + FormatShort(pure.exchange) +
                                  " s over S3 and " + FormatShort(gpuMachines.exchange) +
                                  " s among GPU machines, whose published network is not known";
    const std::string prices = "by the second GPU machines cost x" + FormatShort(speed / cost) +
                               " as much as functions at equal w";
    comparison.Compare("gpu-speed", speed, exchanges);
    comparison.Compare("gpu-cost",
                       cost,
                       prices + "; published, they are cheaper by more than they are faster, which "
                                "needs fewer machines");
    report.Add(Claim{
        "claim 10",
        "deep models are faster on machines than on functions, and GPUs make them about "
        "8 times as fast and 9.5 times cheaper than functions (5 to 14 each)",
        "rounds of " + FormatBrief(ordinary.seconds) + " s on machines, " +
            FormatBrief(pure.seconds) + " s on functions; GPU x" + FormatBrief(speed) +
            " as fast, x" + FormatBrief(cost) + " cheaper",
        GradeVerdicts({JudgeBelow(ordinary.seconds, pure.seconds),
                       JudgeRange(speed, 0, 5, 14),
                       JudgeRange(cost, 0, 5, 14)}),
        "The published factor of 8 is taken for computation alone; " + exchanges + "; " + prices,
        "GPU machines against functions",
        "x8 as fast, x9.5 cheaper"});
    const auto compare = [&gpuMachines](const Round& round) {
        return round.jobDollars / gpuMachines.jobDollars;
    };
    report.Add(Claim{"case study 2",
                     "functions with GPUs are competitive with GPU machines (at most 1.5 times the "
                     "cost of 100 epochs) only together with a fast link",
                     "cost over that of GPU machines: over S3 x" + FormatBrief(compare(gpuPure)) +
                         ", hybrid with a fast link x" + FormatBrief(compare(gpuLink)) +
                         ", without serialization x" + FormatBrief(compare(gpuFree)),
                     GradeVerdicts({JudgeRange(compare(gpuPure), 0, 1.5, 1e9),
                                    JudgeRange(compare(gpuFree), 0, 0, 1.5)}),
                     "Ten workers' models pass the interface of one server: an exchange takes " +
                         FormatShort(gpuLink.exchange) + " s there, " +
                         FormatShort(gpuFree.exchange) + " s without serialization, " +
                         FormatShort(gpuMachines.exchange) + " s in the ring of GPU machines",
                     "GPU functions need a fast link",
                     "yes"});
}

void
AddHotDataSection(const Comparison& comparison)
{
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.Load("hot-data");
    const std::string source = "ns3::serverless::MachineFleet::Source";
    report.AddHeading("Case study 3: hot data");
    report.AddParagraph("LR by ADMM, 10 epochs. Machines are kept, so that their start-up does not "
                        "count; functions start and load from S3 each time.");
    TextTable table;
    table.heading = {"data", "w", "source", "load, s", "time, s"};
    table.textColumns = 1;
    std::vector<Verdict> verdicts;
    std::string found;
    for (const auto& [name, workers] :
         {std::pair<std::string, std::string>{"8 GB", "10"}, {"65 GB", "100"}})
    {
        const RunSelection mine = runs.Where("workers", workers);
        const RunSelection machines = mine.Where("platform", "machine");
        const RunSelection functions = mine.Where("platform", "function");
        const auto warm = [](const RunSelection& run) {
            return GetNumber(run, "time_s") - GetNumber(run, "last_start_s");
        };
        std::map<std::string, double> times;
        for (const std::string where : {"Store", "Disk", "Memory"})
        {
            const RunSelection run = machines.Where(source, where);
            times[where] = warm(run);
            table.rows.push_back({name,
                                  workers,
                                  "machines: " + where,
                                  FormatShort(GetNumber(run, "load_s")),
                                  FormatShort(times[where])});
        }
        const double time = GetNumber(functions, "time_s");
        table.rows.push_back({name,
                              workers,
                              "functions: S3",
                              FormatShort(GetNumber(functions, "load_s")),
                              FormatShort(time)});
        table.rows.emplace_back();
        if (workers == "10")
        {
            comparison.Compare("hot-data", times["Store"] - times["Disk"]);
        }
        verdicts.push_back(JudgeBelow(times["Disk"], time));
        verdicts.push_back(JudgeBelow(times["Memory"], time));
        found += (found.empty() ? "" : "; ") + name + ": " + FormatBrief(times["Disk"]) +
                 " s and " + FormatBrief(times["Memory"]) + " s against " + FormatBrief(time) +
                 " s";
    }
    report.AddTable(table);
    report.Add(Claim{"claim 13, case study 3",
                     "where data are hot, on disk or in memory, machines that run beat functions",
                     found,
                     GradeVerdicts(verdicts),
                     "",
                     "hot data: machines that run beat functions",
                     "yes"});
}

} // namespace learning
} // namespace ns3
