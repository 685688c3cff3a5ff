/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Faults of the network and its services: packets that are lost, a function that straggles, a store
// that throttles.
//
// Look at exchange_s: all workers wait for the slowest transfer. TCP repeats what is lost, so
// packet loss costs time and no accuracy: the loss of the model does not change. One slow function
// makes all others wait, and be paid meanwhile. A store that takes few requests a second refuses
// some; clients ask again, later. A function that breaks down ends the job: others give up after 60
// s.

#include "example-training.h"

#include <functional>

using namespace example;

namespace
{

/**
 * Trains once and prints a row.
 * @param name of the row
 * @param change what differs
 * @return what came of it
 */
TrainingOutcome
Train(const std::string& name, const std::function<void(ServerlessTrainingHelper&)>& change)
{
    ServerlessTrainingHelper training;
    SetMobileNet(training, 10, 2);
    training.GetJob()->modelBytes = 1000000;
    training.GetJob()->dataBytes = 2200000;
    training.SetSegmentBytes(1460); // a lost segment is lost as a whole, so not in large ones
    change(training);
    return RunRow(name, training);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-faults-example", [=] {
        ScenarioOptions options(__FILE__, "Faults of the network and its services.");
        options.Add("slowdown", "factor of the straggler's computations, 1e-6 to 1e6", "3");
        options.Parse(argc, argv);
        const double slowdown = options.GetNumber("slowdown", 1e-6, 1e6);
        PrintHead();
        Train("no faults", [](ServerlessTrainingHelper&) {});
        for (const double p : {0.0001, 0.001, 0.01})
        {
            char name[32];
            std::snprintf(name, sizeof(name), "packet loss %g", p);
            Train(name, [p](ServerlessTrainingHelper& training) { training.SetDropRate(p); });
        }
        Train("one straggler", [slowdown](ServerlessTrainingHelper& training) {
            training.SetSlowWorkers(1, slowdown);
        });
        for (const int rate : {20, 10})
        {
            const auto outcome = Train("store of " + std::to_string(rate) + " requests/s",
                                       [rate](ServerlessTrainingHelper& training) {
                                           ObjectFactory store("ns3::serverless::ObjectStore");
                                           store.Set("MaxPutRate", DoubleValue(rate));
                                           store.Set("MaxGetRate", DoubleValue(rate));
                                           training.SetStore(store);
                                       });
            std::printf("  %lu requests were refused at first\n",
                        static_cast<unsigned long>(outcome.throttled));
        }
        Train("a function breaks down",
              [](ServerlessTrainingHelper& training) { training.SetFailure(3, Seconds(4)); });
    });
}
