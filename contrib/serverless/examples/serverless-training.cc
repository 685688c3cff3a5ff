/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// One training by functions or by virtual machines that exchange their models through a storage
// service: every knob is an option, the last line of the output sums the run up, with what the
// analytic model predicts and what the training costs. The sweep driver can run it.

#include "example-training.h"
#include "serverless-options.h"
#include "serverless-report.h"

#include "ns3/string.h"

#include <iostream>
#include <stdexcept>
#include <string>

using namespace ns3;
using namespace ns3::serverless;
using namespace example;

namespace
{

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
Run(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__,
                            "Trains by functions or by virtual machines over storage services; "
                            "real gradients, real packets, simulated time and cost.");
    AddOptions(options);
    options.Parse(argc, argv);
    ServerlessTrainingHelper training;
    const uint32_t workers = options.GetUnsigned("workers", 1, 10000);
    ReadPlatform(options, training);
    ReadExchange(options, training);
    CheckAttributes(training, argc, argv);
    const ObjectFactory optimization =
        ReadType(options, "optimization", OPTIMIZATIONS, LocalOptimization::GetTypeId());
    const bool clusters = optimization.GetTypeId().GetName() == "ns3::serverless::KMeansClustering";
    const LearningTask task = ReadParts(options, workers, clusters);
    const Ptr<TrainingJob> job = training.GetJob();
    job->workers = workers;
    ReadJob(options, *job, task.training->GetSampleCount());
    training.SetTask(task);
    training.SetOptimization(optimization);
    ReadFaults(options, training, workers);
    const auto ledger = CreateObject<CostLedger>();
    ledger->SetAttribute("Prices", StringValue(options.GetText("prices")));
    ledger->GetPrices(); // a mistake is told here
    const bool printsLedger = options.GetUnsigned("ledger", 0, 1) != 0;
    const bool printsRecords = options.GetUnsigned("records", 0, 1) != 0;
    const std::string csv = options.GetText("csv");
    for (const std::string& file :
         learning::FindDatasetFiles(options.GetText("dataset"), options.GetText("dataDirectory")))
    {
        options.AddInput("dataset", file);
    }
    options.AddOutput("csv", csv);
    if (!IsWritable(csv))
    {
        options.Reject("csv", "cannot be written: a path of a file in a directory is needed");
    }
    options.CheckAllRead();

    RecordFile file(csv);
    job->recordCallback = [&file](const TrainingJob::Record& record) { file.Write(record); };
    const TrainingOutcome outcome = RunTraining(training, ledger);
    if (printsRecords)
    {
        PrintRecords(job->GetRecords());
    }
    if (printsLedger)
    {
        std::cout << ledger->Describe();
    }
    std::cout << Summarize(training, outcome, ledger->GetTotal()) << std::endl;
    const std::string unwritten = file.GetError();
    const bool areBoth = !outcome.error.empty() && !unwritten.empty();
    const std::string failure = outcome.error + (areBoth ? "; " : "") + unwritten;
    if (!failure.empty())
    {
        throw std::runtime_error(failure);
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-training", [=] { Run(argc, argv); });
}
