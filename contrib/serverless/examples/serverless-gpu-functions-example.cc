/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Case study 2: what if functions had GPUs, at the price of GPU machines by the second?
//
// MobileNet, 10 workers; a GPU computes 8 times as fast (unverified). Look at compute_s and
// exchange_s: a GPU shortens the computation alone, so that over S3 the exchange becomes most of
// the time, and GPU functions are dearer than plain ones. With a fast link to a parameter server as
// well (case study 1) exchanges are short, too. GPU machines have the shortest rounds, and the
// cheapest; but ten of them are paid for the minutes in which they start, which a long job alone
// makes up for (more --rounds).

#include "example-training.h"

#include <functional>

using namespace example;

namespace
{

constexpr double SPEED = 8; //!< of a GPU, against the machine that compute times are given for

/**
 * Functions with GPUs.
 * @return the platform
 */
Ptr<FunctionPlatform>
MakePlatform()
{
    const auto platform = CreateObject<FunctionPlatform>();
    DoubleValue reference;
    platform->GetAttribute("ReferenceVcpus", reference);
    platform->SetAttribute("ReferenceVcpus", DoubleValue(reference.Get() / SPEED));
    return platform;
}

/**
 * Machines with GPUs.
 * @return the fleet
 */
Ptr<MachineFleet>
MakeFleet()
{
    const auto fleet = CreateObject<MachineFleet>();
    fleet->SetAttribute("MachineType", StringValue("g4dn.xlarge"));
    fleet->SetAttribute("Slowdown", DoubleValue(1 / SPEED));
    fleet->SetAttribute("NetworkRate", StringValue("10Gbps"));
    return fleet;
}

/**
 * Trains once and prints a row.
 * @param name of the row
 * @param rounds to train
 * @param prices price table
 * @param change what differs
 */
void
Train(const char* name,
      uint32_t rounds,
      const std::string& prices,
      const std::function<void(ServerlessTrainingHelper&)>& change)
{
    ServerlessTrainingHelper training;
    SetMobileNet(training, 10, rounds);
    change(training);
    RunRow(name, training, prices);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("serverless-gpu-functions-example", [=] {
        ScenarioOptions options(__FILE__, "Case study 2: functions with GPUs.");
        AddRoundsOption(options, "rounds to train", "10");
        options.Parse(argc, argv);
        const uint32_t rounds = ReadRounds(options);
        const std::string gpu = "aws-2020-gpu-functions";
        PrintHead();
        Train("functions", rounds, "aws-2020", [](ServerlessTrainingHelper&) {});
        Train("machines", rounds, "aws-2020", [](ServerlessTrainingHelper& training) {
            training.SetFleet(CreateObject<MachineFleet>());
        });
        Train("GPU functions over S3", rounds, gpu, [](ServerlessTrainingHelper& training) {
            training.SetPlatform(MakePlatform());
        });
        Train("GPU hybrid, fast link", rounds, gpu, [](ServerlessTrainingHelper& training) {
            ObjectFactory server("ns3::serverless::ParameterMachine");
            ObjectFactory collective("ns3::serverless::ParameterExchange");
            server.Set("SerializationTime", DoubleValue(0));
            server.Set("ConnectionRate", StringValue("0bps"));
            collective.Set("SerializationTime", DoubleValue(0));
            training.SetPlatform(MakePlatform());
            training.SetWorkerRate(DataRate("10Gbps"));
            SetParameterServer(training, server, collective);
        });
        Train("GPU machines", rounds, "aws-2020", [](ServerlessTrainingHelper& training) {
            training.SetFleet(MakeFleet());
        });
    });
}
