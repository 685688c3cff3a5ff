/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The pattern: one leader that adds all models up (AllReduce), or each worker a part
// (ScatterReduce)?
//
// Look at exchange_s of a round: with tiny models the latency of many small requests makes
// ScatterReduce slower; beyond the crossover, a few MB, the leader is the bottleneck. Beside it is
// what the training's prediction says, closed forms with lists, deletions and round trips, without
// polls. Look at requests, which S3 bills: ScatterReduce has about w times as many, but with large
// models the followers of a leader poll it for longer.

#include "example-training.h"

#include "ns3/analytic-model.h"

using namespace example;

namespace
{

/**
 * Trains once and prints a row.
 * @param pattern class of the collective
 * @param workers how many
 * @param bytes of the model
 * @param rounds to train
 */
void
Train(const char* pattern, uint32_t workers, uint64_t bytes, uint32_t rounds)
{
    ServerlessTrainingHelper training;
    SetMobileNet(training, workers, rounds);
    training.GetJob()->modelBytes = bytes;
    training.GetJob()->epochSeconds = 0;
    training.SetCollective(ObjectFactory(std::string("ns3::serverless::") + pattern));
    const auto platform = CreateObject<FunctionPlatform>();
    platform->SetAttribute("StartUpTable", StringValue("0:0")); // in step from the first round on
    training.SetPlatform(platform);
    const TrainingOutcome outcome = RunTraining(training, CreateObject<CostLedger>());
    if (!outcome.error.empty())
    {
        throw std::runtime_error(outcome.error);
    }
    std::printf("%-14s %7u %9.3f %11.3f %12.3f %9.0f %14.6f\n",
                pattern,
                workers,
                outcome.predicted->job.vectorBytes / 1e6,
                outcome.exchange / outcome.rounds,
                outcome.predicted->time.communication / outcome.rounds,
                static_cast<double>(outcome.requests) / outcome.rounds,
                outcome.dollars / outcome.rounds);
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-patterns-example", [=] {
        ScenarioOptions options(
            __FILE__,
            "The pattern: one leader that adds all models up, or each worker a part?");
        AddRoundsOption(options, "rounds to train", "2");
        options.Parse(argc, argv);
        const uint32_t rounds = ReadRounds(options);
        std::printf("%-14s %7s %9s %11s %12s %9s %14s\n",
                    "a round over S3",
                    "workers",
                    "vector_mb",
                    "exchange_s",
                    "predicted_s",
                    "requests",
                    "cost_usd");
        for (const uint64_t bytes : {0, 12000000, 89000000})
        {
            for (const uint32_t workers : {5, 10})
            {
                Train("AllReduce", workers, bytes, rounds);
                Train("ScatterReduce", workers, bytes, rounds);
            }
        }
        std::printf("crossover by the closed forms: %.1f MB for 5 workers, %.1f MB for 10\n",
                    GetCrossoverBytes(5, 65e6, 0.08) / 1e6,
                    GetCrossoverBytes(10, 65e6, 0.08) / 1e6);
    });
}
