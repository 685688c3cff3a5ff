/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Case study 4: many tenants. Jobs come in bursts nobody knew of; are functions, paid by use,
// better than machines that are reserved for them?
//
// One job is simulated on functions and on machines; then a day of jobs: bursts of several at a
// time, drawn at random. Functions take 100 jobs at once, since 1,000 of them run at a time
// (attribute Concurrency). Reserved fleets run all day and take one job each, others wait; machines
// on demand start for each job. Look at the cost of fleets that are enough for the peak (busy_% of
// their time is used), and at the time jobs take with fewer; with --size=200 functions make jobs
// wait, too.

#include "example-training.h"

#include <algorithm>
#include <queue>
#include <string>
#include <vector>

using namespace example;

namespace
{

constexpr double DAY = 86400; //!< s
constexpr uint32_t WORKERS = 10;

/**
 * Trains one job.
 * @param onMachines or on functions
 * @return what came of it
 */
TrainingOutcome
Train(bool onMachines)
{
    ServerlessTrainingHelper training;
    SetHiggs(training, WORKERS, 5);
    if (onMachines)
    {
        training.SetFleet(CreateObject<MachineFleet>());
    }
    const TrainingOutcome outcome = RunTraining(training, CreateObject<CostLedger>());
    Simulator::Destroy();
    if (!outcome.error.empty())
    {
        throw std::runtime_error(outcome.error);
    }
    return outcome;
}

/**
 * Draws when jobs come: bursts after exponential gaps, of geometric size.
 * @param bursts a day, on average
 * @param size of a burst, on average
 * @return times in s, ascending
 */
std::vector<double>
DrawJobs(double bursts, double size)
{
    const auto gap = CreateObject<ExponentialRandomVariable>();
    gap->SetStream(1);
    gap->SetAttribute("Mean", DoubleValue(DAY / bursts));
    const auto more = CreateObject<UniformRandomVariable>();
    more->SetStream(2);
    std::vector<double> jobs;
    for (double time = gap->GetValue(); time < DAY; time += gap->GetValue())
    {
        do
        {
            jobs.push_back(time);
        } while (more->GetValue() >= 1 / size);
    }
    return jobs;
}

/**
 * Lets jobs be worked off, first come, first served, and prints a row.
 * @param name of the row
 * @param jobs when they come
 * @param places for so many at a time
 * @param seconds of a job
 * @param dollars of the day
 * @param busy share of the paid time that is used, in %, or "-" where all is
 */
void
Serve(const std::string& name,
      const std::vector<double>& jobs,
      uint32_t places,
      double seconds,
      double dollars,
      const std::string& busy)
{
    std::priority_queue<double, std::vector<double>, std::greater<>> free;
    for (uint32_t place = 0; place < places; ++place)
    {
        free.push(0);
    }
    double sum = 0;
    double longest = 0;
    for (const double came : jobs)
    {
        const double end = std::max(came, free.top()) + seconds;
        free.pop();
        free.push(end);
        sum += end - came;
        longest = std::max(longest, end - came);
    }
    std::printf("%-22s %10.1f %10.1f %9.2f %7s\n",
                name.c_str(),
                sum / static_cast<double>(jobs.size()),
                longest,
                dollars,
                busy.c_str());
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-multi-tenancy-example", [=] {
        ScenarioOptions options(__FILE__,
                                "Case study 4: jobs in bursts, on functions and on machines.");
        options.Add("bursts", "bursts of jobs a day, on average, 0.01 to 1000", "12");
        options.Add("size", "jobs of a burst, on average, 1 to 1000", "6");
        options.Parse(argc, argv);
        const double bursts = options.GetNumber("bursts", 0.01, 1000);
        const double size = options.GetNumber("size", 1, 1000);
        const TrainingOutcome functions = Train(false);
        const TrainingOutcome machines = Train(true);
        const std::vector<double> jobs = DrawJobs(bursts, size);
        if (jobs.empty())
        {
            throw std::runtime_error("no job came: more --bursts are needed");
        }
        const double count = static_cast<double>(jobs.size());
        std::printf("%zu jobs of %u workers in a day\n", jobs.size(), WORKERS);
        std::printf("%-20s %10s %10s %9s %7s\n",
                    "platform",
                    "mean_s",
                    "longest_s",
                    "day_usd",
                    "busy_%");
        Serve("functions",
              jobs,
              std::max(1U, CreateObject<FunctionPlatform>()->GetConcurrency() / WORKERS),
              functions.seconds,
              count * functions.dollars,
              "-");
        Serve("machines on demand",
              jobs,
              static_cast<uint32_t>(jobs.size()),
              machines.seconds,
              count * machines.dollars,
              "-");
        const double hourly =
            WORKERS * static_cast<double>(PriceTable("aws-2020").GetPrice("vm:t2.medium")) * 1e-9;
        const double seconds = machines.seconds - machines.start;
        for (const uint32_t fleets : {1, 2, 4, 8, 16})
        {
            char name[32];
            char busy[32];
            std::snprintf(name, sizeof(name), "%2u reserved fleets", fleets);
            std::snprintf(busy, sizeof(busy), "%.1f", 100 * count * seconds / (fleets * DAY));
            Serve(name, jobs, fleets, seconds, fleets * hourly * 24, busy);
        }
    });
}
