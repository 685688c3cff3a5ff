/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The channel: what functions exchange their models over.
//
// Look at time_s of the tiny model: a cache or a parameter server has to be started first, which
// takes longer than the whole job over S3 or DynamoDB. Look at exchange_s of the model of 12 MB: a
// cache is faster than S3, a parameter server serializes under one lock, and DynamoDB refuses items
// of more than 400 KB. The loss is the same over all channels: what is computed does not depend on
// who carries it.

#include "example-training.h"

#include <functional>

using namespace example;

namespace
{

/**
 * Trains over all channels.
 * @param title of the table
 * @param set sets the job
 */
void
Compare(const char* title, const std::function<void(ServerlessTrainingHelper&)>& set)
{
    std::printf("%s\n", title);
    PrintHead();
    for (const char* channel : {"ObjectStore", "DynamoTable", "MemcachedCache", "RedisCache"})
    {
        ServerlessTrainingHelper training;
        set(training);
        training.SetChannel(ObjectFactory(std::string("ns3::serverless::") + channel));
        RunRow(channel, training);
    }
    ServerlessTrainingHelper training;
    set(training);
    SetParameterServer(training);
    RunRow("ParameterMachine", training);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-channels-example", [=] {
        ScenarioOptions options(__FILE__,
                                "The channel: what functions exchange their models over.");
        options.Add("workers", "number of functions, 1 to 100", "10");
        AddRoundsOption(options, "rounds to train", "5");
        options.Parse(argc, argv);
        const uint32_t workers = options.GetUnsigned("workers", 1, MOST_WORKERS);
        const uint32_t rounds = ReadRounds(options);
        Compare("logistic regression on Higgs, model averaging",
                [&](ServerlessTrainingHelper& training) { SetHiggs(training, workers, rounds); });
        Compare("MobileNet, 12 MB, gradient averaging", [&](ServerlessTrainingHelper& training) {
            SetMobileNet(training, workers, rounds);
        });
    });
}
