/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Case study 3: hot data. Machines that run already have it on their disks or in their memory;
// functions have to load it again for every job.
//
// Look at running_s: the time of the job without the start-up, as of machines that are kept. From
// S3 functions and machines take about as long; from disk or memory machines save the loading, and
// functions cannot.

#include "example-training.h"

using namespace example;

namespace
{

/**
 * Trains once and prints a row.
 * @param name of the row
 * @param source where machines have their data, or null for functions
 * @param workers how many
 * @param gigabytes of data
 */
void
Train(const char* name, const char* source, uint32_t workers, double gigabytes)
{
    ServerlessTrainingHelper training;
    SetHiggs(training, workers, 5);
    training.GetJob()->dataBytes = static_cast<uint64_t>(gigabytes * 1e9);
    if (source)
    {
        const auto fleet = CreateObject<MachineFleet>();
        fleet->SetAttribute("Source", StringValue(source));
        training.SetFleet(fleet);
    }
    const TrainingOutcome outcome = RunTraining(training, CreateObject<CostLedger>());
    if (!outcome.error.empty())
    {
        throw std::runtime_error(outcome.error);
    }
    std::printf("%-24s %8.2f %8.3f %9.2f %10.2f %9.2f\n",
                name,
                outcome.start,
                outcome.load,
                outcome.compute,
                outcome.exchange,
                outcome.seconds - outcome.start);
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-hot-data-example", [=] {
        ScenarioOptions options(__FILE__, "Case study 3: data that machines have already.");
        options.Add("workers", "number of workers, 1 to 100; 8 GB need at least 7", "10");
        options.Add("gigabytes", "data set in GB, 0 to 1e6", "8");
        options.Parse(argc, argv);
        const uint32_t workers = options.GetUnsigned("workers", 1, MOST_WORKERS);
        const double gigabytes = options.GetNumber("gigabytes", 0, 1e6);
        std::printf("%-24s %8s %8s %9s %10s %9s\n",
                    "training",
                    "start_s",
                    "load_s",
                    "compute_s",
                    "exchange_s",
                    "running_s");
        Train("functions, S3", nullptr, workers, gigabytes);
        Train("machines, S3", "Store", workers, gigabytes);
        Train("machines, disk", "Disk", workers, gigabytes);
        Train("machines, memory", "Memory", workers, gigabytes);
        const double share = gigabytes * 1e9 / workers;
        std::printf("S3 - disk by the closed form: %.2f s\n", share / 65e6 - share / 1950e6);
    });
}
