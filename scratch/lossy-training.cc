/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// One run of distributed training over a network that drops packets: every knob is an option, the
// last line of the output sums the run up. The sweep driver (sweep.cc) runs it again and again.

#include "lossy-training/learning-options.h"
#include "lossy-training/network-options.h"
#include "lossy-training/output-files.h"
#include "lossy-training/synchronization-options.h"
#include "lossy-training/traffic-options.h"
#include "lossy-training/training-activity.h"
#include "lossy-training/training-options.h"

#include "ns3/global-value.h"
#include "ns3/learning-compatibility.h"
#include "ns3/program-run.h"
#include "ns3/received-mean-rule.h"
#include "ns3/rescaled-mean-rule.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/scenario-options.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

#include <algorithm>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr double INF = std::numeric_limits<double>::max();

/**
 * Adds the options that say when the run ends and what is recorded.
 * @param options where to
 */
void
AddRunOptions(ScenarioOptions& options)
{
    options.Add(
        "rounds",
        "rounds to train, 1 to 4000000000; 0: no limit; auto: 500, or no limit if another end "
        "is given",
        "auto");
    options.Add("epochs", "passes over the data to train; 0: no limit", "0");
    options.Add("stopTime",
                "simulated time at which the training ends, such as 10s; 0s: no limit",
                "0s");
    options.Add("targetLoss",
                "ends when the recorded training loss is no larger; 0: no target",
                "0");
    options.Add("targetAccuracy",
                "ends when the recorded test accuracy is no smaller, 0 to 1; 0: no target",
                "0");
    options.Add("evaluateEvery", "rounds between records, at least 1", "50");
    options.Add("evaluationSamples",
                "training samples on which the mean model is evaluated, at most; 0: all",
                "5000");
    options.Add("testSamples",
                "test samples on which the mean model is evaluated, at most; 0: all",
                "0");
    options.Add("workerEvaluationSamples",
                "training and test samples on which each replica is evaluated, at most; 0: those "
                "of the mean model, so that the two compare",
                "0");
    options.Add("database", "SQLite file to write records to; empty: none", "");
    options.Add("csv", "CSV file to write records to; empty: none", "");
    options.Add("pcap", "prefix of pcap files of every host's link; empty: none", "");
}

/**
 * Sets when the training ends.
 * @param options the options
 * @param training the helper, installed
 * @param recorder sees the targets reached
 */
void
SetEnd(ScenarioOptions& options, TrainingHelper& training, TrainingRecorder& recorder)
{
    const bool isAuto = options.GetText("rounds") == "auto";
    uint32_t rounds = isAuto ? 0 : options.GetUnsigned("rounds", 0, 4000000000);
    const double epochs = options.GetNumber("epochs", 0, INF);
    const Time stopTime = options.GetTime("stopTime");
    const double targetLoss = options.GetNumber("targetLoss", 0, INF);
    const double targetAccuracy = options.GetNumber("targetAccuracy", 0, 1);
    if (rounds == 0 && epochs == 0 && stopTime.IsZero() && targetLoss == 0 && targetAccuracy == 0)
    {
        if (!isAuto)
        {
            options.Reject("rounds",
                           "without --epochs, --stopTime or a target the run would never end");
        }
        rounds = 500;
    }
    if (targetAccuracy != 0 && !training.GetSetup()->model->Classifies())
    {
        options.Reject("targetAccuracy", "the model predicts no classes");
    }
    if (epochs > 0)
    {
        training.StopAfterEpochs(epochs);
    }
    if (rounds != 0)
    {
        training.StopAfterRounds(std::min(rounds, training.GetSetup()->rounds));
    }
    if (!stopTime.IsZero())
    {
        training.StopAt(stopTime);
    }
    recorder.SetRecordCallback(
        [&training, targetLoss, targetAccuracy](const TrainingRecord& record) {
            if ((targetLoss != 0 && record.trainLoss <= targetLoss) ||
                (targetAccuracy != 0 && record.testAccuracy >= targetAccuracy))
            {
                training.Stop();
            }
        });
}

/// Takes the simulation apart also when a run ends early: the end of the program does not do that
/// in an order that works.
struct SimulationEnd
{
    ~SimulationEnd()
    {
        Simulator::Destroy();
    }
};

/**
 * Refuses what does not fit the memory, before the time is spent to find out.
 * @param options the options
 * @param hosts number of hosts
 * @param setup what will be trained, or null before it is known
 */
void
CheckMemory(const ScenarioOptions& options, uint32_t hosts, Ptr<const TrainingSetup> setup)
{
    constexpr double HOST_BYTES = 40000; // a node with its stack and applications
    const double parameters = setup ? static_cast<double>(setup->start.size()) : 0;
    const double needed = hosts * HOST_BYTES + (setup ? setup->workers * parameters * 8 : 0);
    const double memory =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    if (needed > memory)
    {
        options.Reject("workers",
                       "that takes at least " + std::to_string(std::llround(needed / 1e9)) +
                           " GB of memory, but this machine has " +
                           std::to_string(std::llround(memory / 1e9)) + " GB");
    }
}

/**
 * Lets a simulation end in which events never do: one in real time, or one with a queue disc that
 * keeps a timer of its own.
 * @param workers the workers
 * @param lastReturn until when hosts may come back
 */
void
StopWhenDone(const ApplicationContainer& workers, Time lastReturn)
{
    StringValue type;
    GlobalValue::GetValueByName("SimulatorImplementationType", type);
    const bool isRealTime = type.Get().find("Realtime") != std::string::npos;
    // for what is on its way: TCP gives up after a quarter of an hour
    const Time rest = isRealTime ? Seconds(1) : Seconds(2000);
    const auto stop = std::make_shared<EventId>();
    WatchActivity(workers, [=](bool isActive) {
        stop->Cancel();
        if (!isActive)
        {
            const Time pause = std::max(lastReturn - Simulator::Now(), Time(0));
            *stop = Simulator::Schedule(pause + rest, [] { Simulator::Stop(); });
        }
    });
}

/**
 * Warns of a congestion control that this release of ns-3 has with an error.
 * @param option the option that it belongs to
 * @param control its TypeId; ns3:: may be missing
 */
void
WarnOfControl(const std::string& option, const std::string& control)
{
    if (BBR_MAY_STALL && (control == "ns3::TcpBbr" || control == "TcpBbr"))
    {
        std::cerr << "lossy-training: warning: --" << option
                  << ": ns3::TcpBbr of this release of ns-3 may stall for minutes after a loss: "
                     "take another control, or ns-3.48"
                  << std::endl;
    }
}

/**
 * Says what the network did to the training that its options may not mean.
 * @param recorder saw the run
 * @param setup what was trained
 */
void
Warn(TrainingRecorder& recorder, const TrainingSetup& setup)
{
    if (const uint64_t trains = recorder.GetLedger()->GetDroppedTrainCount())
    {
        std::cerr << "lossy-training: warning: devices dropped " << trains
                  << " packets of several segments as a whole, by queues that overflowed or error "
                     "models of packets: --segmentsPerPacket=1 lets them drop segments one by one"
                  << std::endl;
    }
    const bool repays = setup.coding && setup.coding->GetFeedback(PUSH) != BlockCoding::NONE;
    const Ptr<AggregationRule> rule = setup.algorithm->GetRule();
    const bool enlarges =
        DynamicCast<ReceivedMeanRule>(rule) || DynamicCast<RescaledMeanRule>(rule);
    const auto pushes = recorder.GetLedger()->GetTotal(recorder.GetLast().round, PUSH);
    if (repays && enlarges && pushes.received < pushes.offered)
    {
        std::cerr
            << "lossy-training: warning: " << pushes.offered - pushes.received
            << " pushed segments did not arrive, and in their place " << rule->GetInstanceTypeId()
            << " gives others, with what --errorFeedback repays, a larger weight: it goes with "
               "--rule=zero-fill"
            << std::endl;
    }
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunScenario(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__,
                            "Trains a model with parameter servers and workers over a network that "
                            "drops packets; real gradients, real packets, simulated time.");
    AddTrainingOptions(options);
    AddSynchronizationOptions(options);
    AddLearningOptions(options);
    AddNetworkOptions(options);
    AddTrafficOptions(options);
    AddRunOptions(options);
    options.Parse(argc, argv);

    const HostCounts counts = ReadHostCounts(options);
    TrainingHelper training;
    SetLearning(options, training);
    SetTraining(options, training);
    SetSynchronization(options, training, counts.workers);
    const SimulationEnd end;
    CheckMemory(options, counts.GetHosts(), nullptr);
    const auto topology = MakeTopology(options, counts.GetHosts());
    ApplicationContainer applications;
    if (counts.dedicated)
    {
        applications = training.Install(topology->GetHosts(0, counts.workers),
                                        topology->GetHosts(counts.workers, counts.servers));
    }
    else
    {
        training.SetServers(counts.servers);
        applications = training.Install(topology->GetHosts());
    }

    CheckMemory(options, 0, training.GetSetup());
    const Time lastReturn = InstallFaults(options, training);

    TrainingRecorder recorder;
    recorder.SetEvaluateEvery(
        options.GetUnsigned("evaluateEvery", 1, std::numeric_limits<uint32_t>::max()));
    recorder.SetEvaluationSamples(
        options.GetUnsigned("evaluationSamples", 0, std::numeric_limits<uint32_t>::max()),
        options.GetUnsigned("testSamples", 0, std::numeric_limits<uint32_t>::max()),
        options.GetUnsigned("workerEvaluationSamples", 0, std::numeric_limits<uint32_t>::max()));
    SetEnd(options, training, recorder);
    const OtherTraffic traffic(options, topology->GetHosts(), training);
    const std::string& database = options.GetText("database");
    const std::string& csv = options.GetText("csv");
    const std::string& lossTrace = options.GetText("lossTrace");
    options.AddOutput("database", database);
    options.AddOutput("csv", csv);
    options.AddOutput("lossTrace", lossTrace);
    PcapFiles pcap(options, topology->GetHostDevices());
    options.CheckAllRead();
    CheckWritable(lossTrace); // it is written at the end
    recorder.WriteDatabase(database);
    recorder.WriteCsv(csv);
    RunDescription description = options.GetAll();
    description.emplace_back("RngSeed", std::to_string(RngSeedManager::GetSeed()));
    description.emplace_back("RngRun", std::to_string(RngSeedManager::GetRun()));
    recorder.SetDescription(description);
    pcap.Open();
    recorder.Observe(applications);
    StopWhenDone(applications, lastReturn);

    Simulator::Run();
    std::cout << recorder.Summary() << traffic.Summary() << std::endl;
    Warn(recorder, *training.GetSetup());
    StringValue control;
    const Ptr<BlockTransport> transport = DynamicCast<Worker>(applications.Get(0))->GetTransport();
    if (transport->GetAttributeFailSafe("CongestionControl", control))
    {
        WarnOfControl("transport", control.Get());
    }
    if (options.GetText("webRate") != "0")
    {
        WarnOfControl("webTcp", options.GetText("webTcp"));
    }
    traffic.WriteTrace();
    pcap.Close();
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("lossy-training", [=] { RunScenario(argc, argv); });
}
