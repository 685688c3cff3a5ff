/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The platform: functions or virtual machines?
//
// Logistic regression by ADMM, more and more workers. Look at start_s: functions run after seconds,
// machines after minutes, which decides short jobs. Look at cost_usd: a second of a function costs
// 3.9 times one of a t2.medium, so that machines are cheaper all the same. With more workers
// functions get faster up to a point, and dearer all the time.

#include "example-training.h"

using namespace example;

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-platforms-example", [=] {
        ScenarioOptions options(__FILE__, "The platform: functions or virtual machines?");
        AddRoundsOption(options, "rounds of ten epochs to train", "1");
        options.Parse(argc, argv);
        const uint32_t rounds = ReadRounds(options);
        PrintHead();
        for (const uint32_t workers : {5, 10, 20, 50, 100})
        {
            for (const bool onMachines : {false, true})
            {
                ServerlessTrainingHelper training;
                SetHiggs(training, workers, rounds);
                training.SetOptimization(ObjectFactory("ns3::serverless::ConsensusAdmm"));
                if (onMachines)
                {
                    training.SetFleet(CreateObject<MachineFleet>());
                }
                RunRow(std::to_string(workers) + (onMachines ? " machines" : " functions"),
                       training);
            }
        }
    });
}
