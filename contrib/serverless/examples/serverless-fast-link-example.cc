/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Case study 1: would a fast link between functions and machines save the hybrid, in which
// functions train over a parameter server?
//
// MobileNet. Look at round_s: at 10 Gbps and without the cost of serialization the hybrid beats
// pure functions over S3; the fast link alone does not help much, for serialization under one lock
// is most of a round. Look at round_usd: functions and the server's machine together stay dearer
// than machines in a ring. Logistic regression gains nothing: the server's start is most of its
// time.

#include "example-training.h"

#include <functional>

using namespace example;

namespace
{

/**
 * The hybrid.
 * @param training where
 * @param isFast whether its link is fast
 * @param serialization seconds a byte
 */
void
SetHybrid(ServerlessTrainingHelper& training, bool isFast, double serialization)
{
    ObjectFactory server("ns3::serverless::ParameterMachine");
    ObjectFactory collective("ns3::serverless::ParameterExchange");
    server.Set("SerializationTime", DoubleValue(serialization));
    collective.Set("SerializationTime", DoubleValue(serialization));
    if (isFast)
    {
        server.Set("ConnectionRate", StringValue("0bps")); // the interfaces alone limit it
        training.SetWorkerRate(DataRate("10Gbps"));
    }
    SetParameterServer(training, server, collective);
}

/**
 * Trains for some rounds and for twice as many, and prints what one round takes and costs.
 * @param name of the row
 * @param rounds to train
 * @param change what differs
 */
void
Compare(const char* name,
        uint32_t rounds,
        const std::function<void(ServerlessTrainingHelper&)>& change)
{
    TrainingOutcome outcomes[2];
    for (const uint32_t times : {1, 2})
    {
        ServerlessTrainingHelper training;
        SetMobileNet(training, 10, times * rounds);
        change(training);
        outcomes[times - 1] = RunTraining(training, CreateObject<CostLedger>());
        Simulator::Destroy();
        if (!outcomes[times - 1].error.empty())
        {
            throw std::runtime_error(std::string(name) + ": " + outcomes[times - 1].error);
        }
    }
    std::printf("%-36s %8.2f %8.2f %10.6f\n",
                name,
                outcomes[0].start,
                (outcomes[1].seconds - outcomes[0].seconds) / rounds,
                (outcomes[1].dollars - outcomes[0].dollars) / rounds);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-fast-link-example", [=] {
        ScenarioOptions options(__FILE__,
                                "Case study 1: a fast link between functions and machines.");
        AddRoundsOption(options, "rounds to train", "3");
        options.Parse(argc, argv);
        const uint32_t rounds = ReadRounds(options);
        constexpr double SLOW = 40e-9; // fitted, see ns3::serverless::ParameterMachine
        std::printf("%-36s %8s %8s %10s\n",
                    "MobileNet, 10 workers",
                    "start_s",
                    "round_s",
                    "round_usd");
        Compare("functions over S3", rounds, [](ServerlessTrainingHelper&) {});
        Compare("hybrid", rounds, [&](auto& training) { SetHybrid(training, false, SLOW); });
        Compare("hybrid, 10 Gbps", rounds, [&](auto& training) {
            SetHybrid(training, true, SLOW);
        });
        Compare("hybrid, 10 Gbps, no serialization", rounds, [](auto& training) {
            SetHybrid(training, true, 0);
        });
        Compare("machines in a ring", rounds, [](auto& training) {
            training.SetFleet(CreateObject<MachineFleet>());
        });
        PrintHead();
        ServerlessTrainingHelper store;
        SetHiggs(store, 10, 3);
        RunRow("Higgs over S3", store);
        ServerlessTrainingHelper hybrid;
        SetHiggs(hybrid, 10, 3);
        SetHybrid(hybrid, true, 0);
        RunRow("Higgs, hybrid, 10 Gbps", hybrid);
    });
}
