/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The protocol: do workers wait for one another?
//
// Samples are dealt partly by label and computations vary. Look at rises: the share of evaluated
// steps in which the loss went up. A bulk-synchronous training is steady; an asynchronous one does
// as many steps in less time, but every worker overwrites the others' model with one that knows its
// own samples best. Stale-synchronous workers may be a few steps ahead. Look at first_s: when the
// first worker has finished its first step.

#include "example-training.h"

using namespace example;

namespace
{

/**
 * Trains once and prints a row.
 * @param name of the protocol
 * @param collective makes the workers' parts
 * @param workers how many
 * @param rounds to train
 * @param skew share of samples that is dealt by label
 */
void
Train(const char* name,
      const ObjectFactory& collective,
      uint32_t workers,
      uint32_t rounds,
      double skew)
{
    ServerlessTrainingHelper training;
    SetJob(training,
           learning::LogisticLaw(28, 100, 0.75, 0, 1),
           "LogisticRegression",
           8000,
           50,
           "0.1",
           workers,
           rounds,
           skew);
    training.SetCollective(collective);
    training.SetStraggler("ns3::LogNormalRandomVariable[Mu=0|Sigma=0.3]");
    const Ptr<TrainingJob> job = training.GetJob();
    job->dataBytes = 80000000;
    job->epochSeconds = 20;
    const TrainingOutcome outcome = RunTraining(training, CreateObject<CostLedger>());
    if (!outcome.error.empty())
    {
        throw std::runtime_error(outcome.error);
    }
    double rises = 0;
    double worst = 0;
    const auto& records = job->GetRecords();
    for (std::size_t i = 1; i < records.size(); ++i)
    {
        rises += records[i].loss > records[i - 1].loss;
        worst = std::max(worst, records[i].loss - records[i - 1].loss);
    }
    std::printf("%-22s %8.2f %8.2f %8.2f %7.4f %11.4f\n",
                name,
                outcome.seconds,
                records.front().time.GetSeconds(),
                100 * rises / static_cast<double>(records.size() - 1),
                outcome.loss,
                worst);
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-protocols-example", [=] {
        ScenarioOptions options(__FILE__, "The protocol: do workers wait for one another?");
        options.Add("workers", "number of functions, 2 to 100", "8");
        options.Add("rounds", "steps of each worker, 2 to 1000000", "20");
        options.Add("skew", "share of samples that is dealt by label, 0 to 1", "0.6");
        options.Parse(argc, argv);
        const uint32_t workers = options.GetUnsigned("workers", 2, MOST_WORKERS);
        const uint32_t rounds = options.GetUnsigned("rounds", 2, MOST_ROUNDS);
        const double skew = options.GetNumber("skew", 0, 1);
        std::printf("%-22s %8s %8s %8s %7s %11s\n",
                    "protocol",
                    "time_s",
                    "first_s",
                    "rises_%",
                    "loss",
                    "worst_rise");
        Train("bulk-synchronous",
              ObjectFactory("ns3::serverless::AllReduce"),
              workers,
              rounds,
              skew);
        for (const uint32_t staleness : {1, 4})
        {
            ObjectFactory stale("ns3::serverless::StaleExchange");
            stale.Set("Staleness", UintegerValue(staleness));
            Train(staleness == 1 ? "stale by 1 at most" : "stale by 4 at most",
                  stale,
                  workers,
                  rounds,
                  skew);
        }
        Train("asynchronous",
              ObjectFactory("ns3::serverless::AsynchronousExchange"),
              workers,
              rounds,
              skew);
    });
}
