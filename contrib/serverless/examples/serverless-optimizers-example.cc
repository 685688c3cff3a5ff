/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The optimizer: what is exchanged, and how often?
//
// Logistic regression to a loss, on functions over S3. Look at rounds: gradient averaging exchanges
// after every mini-batch, model averaging after every epoch, ADMM after ten. Fewer rounds mean
// fewer requests, and less waiting for the store; ADMM pays with computation. On machines, whose
// exchanges cost next to nothing, gradient averaging is no slower.

#include "example-training.h"

using namespace example;

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-optimizers-example", [=] {
        ScenarioOptions options(__FILE__, "The optimizer: what is exchanged, and how often?");
        options.Add("workers", "number of workers, 1 to 100", "10");
        options.Add("loss", "loss to be reached, 1e-9 to 1e9; none below 0.64 will be", "0.65");
        options.Parse(argc, argv);
        const uint32_t workers = options.GetUnsigned("workers", 1, MOST_WORKERS);
        const double loss = options.GetNumber("loss", 1e-9, 1e9);
        for (const bool onMachines : {false, true})
        {
            std::printf("%s\n", onMachines ? "machines in a ring" : "functions over S3");
            PrintHead();
            for (const char* optimization :
                 {"AveragedGradients", "AveragedModels", "ConsensusAdmm"})
            {
                ServerlessTrainingHelper training;
                SetHiggs(training, workers, 500);
                training.SetOptimization(
                    ObjectFactory(std::string("ns3::serverless::") + optimization));
                training.GetJob()->targetLoss = loss;
                if (onMachines)
                {
                    training.SetFleet(CreateObject<MachineFleet>());
                }
                const TrainingOutcome outcome = RunRow(optimization, training);
                std::printf("  %u rounds, the loss is %sreached\n",
                            outcome.rounds,
                            outcome.isReached ? "" : "not ");
            }
        }
    });
}
