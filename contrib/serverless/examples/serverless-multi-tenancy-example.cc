/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Case study 4: many tenants. Jobs come in bursts nobody knew of; are functions, paid by use,
// better than machines that are reserved for them?
//
// One job is simulated on functions and on machines; then a day of jobs: bursts of several at a
// time, drawn at random. Functions take all of a burst at once. Reserved fleets run all day and
// take one job each, others wait; machines on demand start for each job. Look at the cost of fleets
// that are enough for the peak (busy_% of their time is used), and at the time jobs take with
// fewer.

#include "example-training.h"

#include "ns3/core-module.h"

#include <algorithm>
#include <queue>
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
 * Lets fleets work jobs off, first come, first served, and prints a row.
 * @param jobs when they come
 * @param fleets how many
 * @param seconds of a job on machines that run already
 * @param hourly price of a fleet, dollars
 */
void
Reserve(const std::vector<double>& jobs, uint32_t fleets, double seconds, double hourly)
{
    std::priority_queue<double, std::vector<double>, std::greater<>> free;
    for (uint32_t fleet = 0; fleet < fleets; ++fleet)
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
    const double count = static_cast<double>(jobs.size());
    std::printf("%2u reserved fleets     %10.1f %10.1f %9.2f %7.1f\n",
                fleets,
                sum / count,
                longest,
                fleets * hourly * 24,
                100 * count * seconds / (fleets * DAY));
}

} // namespace

int
main(int argc, char* argv[])
{
    double bursts = 12;
    double size = 6;
    CommandLine cmd(__FILE__);
    cmd.AddValue("bursts", "bursts of jobs a day, on average, above 0", bursts);
    cmd.AddValue("size", "jobs of a burst, on average, at least 1", size);
    cmd.Parse(argc, argv);
    return RunExample("serverless-multi-tenancy-example", [&] {
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
        std::printf("%-22s %10.1f %10.1f %9.2f %7s\n",
                    "functions",
                    functions.seconds,
                    functions.seconds,
                    count * functions.dollars,
                    "-");
        std::printf("%-22s %10.1f %10.1f %9.2f %7s\n",
                    "machines on demand",
                    machines.seconds,
                    machines.seconds,
                    count * machines.dollars,
                    "-");
        const double hourly =
            WORKERS * static_cast<double>(PriceTable("aws-2020").GetPrice("vm:t2.medium")) * 1e-9;
        for (const uint32_t fleets : {1, 2, 4, 8, 16})
        {
            Reserve(jobs, fleets, machines.seconds - machines.start, hourly);
        }
    });
}
