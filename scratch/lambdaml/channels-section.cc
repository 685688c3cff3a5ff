/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sections.h"

#include <cmath>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{

/// A row of the published table.
struct Workload
{
    std::string name;  //!< in the table
    std::string id;    //!< of its published numbers, a suffix
    RunSelection runs; //!< on all services
    bool isLong;       //!< whether only its rounds count
};

/// A service compared with S3.
struct Service
{
    std::string name; //!< in the table
    std::string id;   //!< value of the knob, and prefix of its published numbers
};

const std::vector<Service> SERVICES{{"Memcached", "memcached"},
                                    {"Redis", "redis"},
                                    {"DynamoDB", "dynamodb"},
                                    {"parameter server", "vm"}};

/**
 * A number of a workload on a service.
 * @param workload the workload
 * @param service value of the knob
 * @param column its name in the summary
 * @return of the whole job, or of a round of a long one
 */
double
Measure(const Workload& workload, const std::string& service, const std::string& column)
{
    const RunSelection runs = workload.runs.Where("channel", service);
    return workload.isLong ? GetSlope(runs, column) : GetNumber(runs, column);
}

/**
 * Tells whether a run was refused because of the size of an object.
 * @param run the run
 * @return whether it failed for that reason
 */
bool
IsRefused(const FinishedRun& run)
{
    return !run.ok && run.message.find("larger than the service takes") != std::string::npos;
}

/**
 * Why a ratio of costs to S3 may differ from the published one.
 * @param workload the workload
 * @param id of the published ratio of times
 * @return a sentence
 */
std::string
GetCostReason(const Workload& workload, const std::string& id)
{
    if (id.rfind("dynamodb", 0) == 0)
    {
        return "depends on how often workers list: a list is billed as a scan of its table, a "
               "deletion as a write";
    }
    return workload.isLong ? "follows from the time of a round"
                           : "here functions are invoked, and paid for, once the service is there, "
                             "and hours of nodes are pro-rated; published costs are 1.1 to 1.2 "
                             "times the slowdown";
}

/**
 * Why a ratio of times to S3 may differ from the published one.
 * @param workload the workload
 * @param id of the published ratio
 * @return a sentence
 */
std::string
GetReason(const Workload& workload, const std::string& id)
{
    if (workload.isLong)
    {
        return "depends on the time of serialization, which is fitted to MobileNet, w = 10, and on "
               "the rate of a function's interface";
    }
    return id.rfind("dynamodb", 0) == 0
               ? "depends on its latency, which is fitted to LR, w = 10, in a job of another "
                 "length: that of the published job is not known"
               : "depends on the length of the job over S3, which is not published: the ratio is "
                 "(start + job) / job, nearly";
}

} // namespace

void
AddChannelsSection(const Comparison& comparison)
{
    StudyReport& report = comparison.GetReport();
    const RunSelection runs = report.Load("channels");
    const RunSelection linear = runs.Where("optimization", "ma");
    const RunSelection deep = runs.Where("optimization", "ga");
    const std::vector<Workload> workloads{
        {"LR, Higgs, w = 10", "lr-10", linear.Where("workers", "10"), false},
        {"LR, Higgs, w = 50", "lr-50", linear.Where("workers", "50"), false},
        {"k-means k = 10, w = 50",
         "kmeans-10",
         runs.Where("optimization", "kmeans[Clusters=10]"),
         false},
        {"k-means k = 1000, w = 50",
         "kmeans-1000",
         runs.Where("optimization", "kmeans[Clusters=1000]"),
         false},
        {"MobileNet, w = 10, a round", "mobilenet-10", deep.Where("workers", "10"), true},
        {"MobileNet, w = 50, a round", "mobilenet-50", deep.Where("workers", "50"), true}};
    report.AddHeading("Services compared");
    report.AddParagraph(
        "Slowdown and cost relative to S3, in brackets the published ratio (unverified). LR: model "
        "averaging to a loss of 0.66; k-means: 25 rounds, since the published number is not known; "
        "MobileNet: one more round of gradient averaging, since published jobs are long. Services "
        "that must be provisioned count with that time, except for MobileNet. Fitted to ratios of "
        "w = "
        "10 are DynamoDB's latency (LR) and the server's time of serialization (MobileNet). " +
        DEEP_MODELS);
    TextTable table;
    table.heading = {"workload", "S3, s", "service", "slowdown", "cost ratio"};
    table.textColumns = 1;
    std::map<std::string, double> times; // by published id
    std::map<std::string, double> costs;
    const auto& published = comparison.GetAllPublished();
    for (const auto& workload : workloads)
    {
        const double time = Measure(workload, "s3", "time_s");
        const double cost = Measure(workload, "s3", "cost_nano_usd");
        for (const auto& service : SERVICES)
        {
            const double slowdown = Measure(workload, service.id, "time_s") / time;
            const double dearer = Measure(workload, service.id, "cost_nano_usd") / cost;
            if (std::isnan(slowdown))
            {
                continue; // not run
            }
            const std::string id = service.id + "-" + workload.id;
            times[id] = slowdown;
            costs[id] = dearer;
            const bool isPublished = published.count(id) != 0;
            if (isPublished)
            {
                comparison.Compare(id, slowdown, GetReason(workload, id));
                comparison.Compare("cost-" + id, dearer, GetCostReason(workload, id));
            }
            table.rows.push_back(
                {workload.name,
                 FormatShort(time),
                 service.name,
                 isPublished ? comparison.Beside(slowdown, id) : FormatShort(slowdown),
                 isPublished ? comparison.Beside(dearer, "cost-" + id) : FormatShort(dearer)});
        }
        table.rows.emplace_back();
    }
    report.AddTable(table);

    const auto get = [](const std::map<std::string, double>& values, const std::string& id) {
        const auto found = values.find(id);
        return found == values.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
    };
    const auto list = [&get, &times](const std::vector<std::string>& ids) {
        std::string text;
        for (const auto& id : ids)
        {
            text += (text.empty() ? "x" : ", x") + FormatBrief(get(times, id));
        }
        return text;
    };
    report.Add(Claim{
        "claim 4",
        "Memcached is 4 to 5 times slower (here: at least 3 times) and dearer than S3 for short "
        "jobs, and about 25 % faster for long ones with big models (10 to 40 %)",
        list({"memcached-lr-10", "memcached-lr-50"}) + " for LR, cost x" +
            FormatBrief(get(costs, "memcached-lr-10")) + "; " +
            list({"memcached-mobilenet-10", "memcached-mobilenet-50"}) + " for MobileNet",
        GradeVerdicts({JudgeRange(get(times, "memcached-lr-10"), 0, 3, 1e9),
                       JudgeRange(get(times, "memcached-lr-50"), 0, 3, 1e9),
                       JudgeRange(get(costs, "memcached-lr-10"), 0, 1, 1e9),
                       JudgeRange(get(costs, "memcached-lr-50"), 0, 1, 1e9),
                       JudgeRange(get(times, "memcached-mobilenet-10"), 0, 0.6, 0.9),
                       JudgeRange(get(times, "memcached-mobilenet-50"), 0, 0.6, 0.9)}),
        "The shorter the job, the larger the ratio: what is provisioned takes 140 s",
        "Memcached against S3",
        "4 to 5 times slower and dearer for short jobs, 25 % faster for long ones"});
    const std::vector<FinishedRun> refused = report.LoadFailures("refused");
    Verdict refusal = refused.empty() ? Verdict::NOT_MEASURED : Verdict::HOLDS;
    for (const auto& run : refused)
    {
        refusal = IsRefused(run) ? refusal : Verdict::FAILS;
    }
    if (!refused.empty())
    {
        report.AddParagraph("MobileNet over DynamoDB: " + refused.front().message + ".");
    }
    std::vector<Verdict> faster{refusal};
    for (const auto& id :
         {"dynamodb-lr-10", "dynamodb-lr-50", "dynamodb-kmeans-10", "dynamodb-kmeans-1000"})
    {
        faster.push_back(JudgeRange(get(times, id), 0, 0.8, 0.95));
    }
    report.Add(Claim{
        "claim 5",
        "DynamoDB is 5 to 20 % faster than S3 where items are at most 400 KB, and cannot "
        "hold deep models",
        list({"dynamodb-lr-10", "dynamodb-lr-50", "dynamodb-kmeans-10", "dynamodb-kmeans-1000"}) +
            " for LR (w = 10, 50) and k-means (k = 10, 1000); MobileNet " +
            (refused.empty()             ? "-"
             : refusal == Verdict::HOLDS ? "refused"
                                         : "not refused"),
        GradeVerdicts(faster),
        "What its lower latency gains is a larger or smaller share of the job",
        "DynamoDB against S3",
        "5 to 20 % faster; deep models do not fit"});
    std::vector<Verdict> servers;
    for (const auto& [id, most] : {std::pair{"vm-lr-10", 1e9},
                                   std::pair{"vm-lr-50", 1e9},
                                   std::pair{"vm-mobilenet-10", 5.0},
                                   std::pair{"vm-mobilenet-50", 5.0}})
    {
        servers.push_back(JudgeRange(get(times, id), 0, 3, most));
    }
    report.Add(Claim{"claim 6",
                     "a parameter server on a machine is about 4 times slower than S3 (3 to 5): by "
                     "its start for LR, by serialization for MobileNet",
                     list({"vm-lr-10", "vm-lr-50"}) + " for LR, " +
                         list({"vm-mobilenet-10", "vm-mobilenet-50"}) +
                         " for MobileNet (w = 10, 50)",
                     GradeVerdicts(servers),
                     "With 50 workers the one "
                     "lock handles five times the bytes, while AllReduce over S3 grows as (w + 3)",
                     "a parameter server against S3",
                     "about 4 times slower"});
}

} // namespace learning
} // namespace ns3
