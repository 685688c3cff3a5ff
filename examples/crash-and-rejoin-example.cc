/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// A host crashes in the middle of a training and comes back: its worker loses its replica, its
// server its open rounds. The others wait for one deadline, then go on without it; once back, it
// asks another worker for its replica, through packets that are repeated until all has arrived, and
// joins the round that the others are in.
//
// Look at the rounds that the crashed worker skipped, and at the loss beside that of a training in
// which nothing fails, and of one in which it begins anew with the parameters of the start.

#include "ns3/core-module.h"
#include "ns3/fault-schedule-helper.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"

#include <cstdio>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint32_t CRASHED = 5; //!< the host

/// Prints what happens to a worker.
void
PrintJump(uint32_t worker, uint32_t round)
{
    if (round == Worker::NO_ROUND)
    {
        std::printf("  %.3f s: worker %u crashes\n", Simulator::Now().GetSeconds(), worker);
    }
    else
    {
        std::printf("  %.3f s: worker %u joins round %u\n",
                    Simulator::Now().GetSeconds(),
                    worker,
                    round);
    }
}

/**
 * Trains once.
 * @param name what is special about it
 * @param faults what fails
 * @param catchesUp whether a worker that comes back gets its parameters from another
 * @param rounds rounds to train
 */
void
Train(const char* name, const FaultScheduleHelper& faults, bool catchesUp, uint32_t rounds)
{
    std::printf("%s\n", name);
    StarTopologyHelper star(8);
    star.SetDropRate(0.05);
    star.Build();

    TrainingHelper training;
    training.SetDataset("synthetic-clusters:features=50,samples=4000,separation=3");
    training.SetModel("ns3::learning::MultilayerPerceptron", "Hidden", StringValue("32"));
    training.SetOptimizer("ns3::learning::StochasticGradientDescent",
                          "LearningRate",
                          DoubleValue(0.1));
    training.SetAlgorithm("ns3::learning::GradientAveraging");
    training.SetCompute("Overhead", TimeValue(MilliSeconds(10)));
    training.SetDeadlines(MilliSeconds(200), MilliSeconds(400));
    const ApplicationContainer workers = training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);
    faults.Install(training);
    workers.Get(CRASHED)->SetAttribute("CatchUp", BooleanValue(catchesUp));
    workers.Get(CRASHED)->TraceConnectWithoutContext("Jump", MakeCallback(&PrintJump));

    TrainingRecorder recorder;
    recorder.SetEvaluateEvery(rounds);
    recorder.SetEvaluationSamples(0, 0, 0); // all there are
    recorder.Observe(workers);
    Simulator::Run();
    const TrainingRecord& end = recorder.GetLast();
    std::printf("  %.3f s: loss of the mean model %.4f, of the worst replica %.4f; %lu segments "
                "dropped\n",
                end.time,
                end.trainLoss,
                end.worstWorkerLoss,
                static_cast<unsigned long>(end.segmentsDropped));
    Simulator::Destroy();
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunExample(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__, "A host crashes in the middle of a training and comes back.");
    options.Add("faults",
                "what fails, such as crash:5@500ms-1500ms,link:0@1s-2s",
                "crash:" + std::to_string(CRASHED) + "@500ms-1500ms");
    options.Add("rounds", "rounds to train, 1 to 1000000", "200");
    options.Parse(argc, argv);
    const uint32_t rounds = options.GetUnsigned("rounds", 1, 1000000);

    FaultScheduleHelper schedule;
    schedule.AddList(options.GetText("faults"));
    Train("nothing fails", FaultScheduleHelper(), true, rounds);
    Train("a crash, and the parameters of another worker", schedule, true, rounds);
    Train("a crash, and the parameters of the start", schedule, false, rounds);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("crash-and-rejoin-example", [=] { RunExample(argc, argv); });
}
