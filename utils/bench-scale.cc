/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 *
 * How far one process goes: a thousand workers with a model of 100,000 parameters, ten thousand
 * workers with softmax regression, and ResNet-110. Each run is a process of its own, whose
 * largest memory is taken from the system when it has ended.
 *
 * 1. Rounds complete: every worker ends every one.
 * 2. Memory: at most 4 copies of the parameters a worker (replica, push in flight, push held by
 * the server, one spare) and 500 MB. That of ResNet-110, whose gradient takes several hundred MB
 * for activations, is printed without a bar.
 * 3. The time of a round is linear in the segments sent: a line through the medians of processor
 * times for a quarter, half, three quarters and all of the workers, with its largest residual. Each
 * size is trained twice, in turns, and the lesser time counts: what else the machine does only adds
 * to it. The exponent of a power law through the same points is printed; the one of the simulator's
 * events, which no cache and no other program changes, has a bar.
 *
 * Prints each figure with its bar; exit status 1 if one does not hold. Arguments name what is
 * measured, of many, most and deep; without any, all is. The argument growth prints how the time of
 * a round grows with workers, parameters, drop rate, servers and threads instead.
 */

#include "bench-support.h"

#include "ns3/learning-model.h"
#include "ns3/random-engine.h"
#include "ns3/simulator.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/training-recorder.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;
using namespace bench;

namespace
{

/// Data as large as Fashion-MNIST's, or CIFAR-10's; every sample is used by some worker.
constexpr uint32_t SAMPLES = 60000;
constexpr uint32_t MEASURED = 5; //!< rounds timed, after a first one that takes memory

/// A kind of training.
struct Setting
{
    const char* name;     ///< for the report
    const char* model;    ///< TypeId of the model, with attributes
    SampleShape shape;    ///< of the samples
    uint32_t servers;     ///< dedicated ones
    uint32_t batch;       ///< samples of a gradient
    uint32_t rounds;      ///< in all
    double dropRate{0.1}; ///< of segments
    uint32_t threads{1};  ///< for gradients
};

/// What a run was like.
struct Outcome
{
    bool complete{false}; ///< every worker has ended every round
    double parameters{0}; ///< of the model
    double segments{0};   ///< sent in a round
    double events{0};     ///< of the simulator in a round
    double seconds{0};    ///< processor time of a round, median of all but the first
    double wall{0};       ///< the same by the clock
    double bytes{0};      ///< largest memory of the process
};

/**
 * Draws images of ten classes.
 * @param shape their extent
 * @return the data
 */
Ptr<Dataset>
MakeData(const SampleShape& shape)
{
    RandomEngine engine(1);
    std::vector<uint8_t> bytes(std::size_t{SAMPLES} * shape.GetSize());
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<uint8_t>(engine.Next()); });
    std::vector<float> targets(SAMPLES);
    std::generate(targets.begin(), targets.end(), [&] {
        return static_cast<float>(engine.NextBelow(10));
    });
    return Create<Dataset>(shape, std::move(bytes), std::move(targets), 10);
}

/**
 * Trains, in this process.
 * @param setting what
 * @param workers number of workers
 * @return all but the memory
 */
Outcome
Train(const Setting& setting, uint32_t workers)
{
    StarTopologyHelper star(workers + setting.servers);
    star.SetDropRate(setting.dropRate);
    star.Build();
    TrainingHelper training;
    const Ptr<Dataset> data = MakeData(setting.shape);
    training.SetDataset(data, data->Head(1000));
    training.SetModel(setting.model);
    training.SetTransport("ns3::learning::DatagramTransport",
                          "SegmentsPerPacket",
                          UintegerValue(32));
    training.SetBatchSize(setting.batch);
    training.SetThreads(setting.threads);
    const ApplicationContainer applications =
        training.Install(star.GetHosts(0, workers), star.GetHosts(workers, setting.servers));
    training.StopAfterRounds(setting.rounds);

    std::vector<uint32_t> ends(setting.rounds);
    std::vector<double> times(setting.rounds);
    std::vector<double> clock(setting.rounds);
    const auto ended = [&](uint32_t /* worker */, uint32_t round) {
        if (++ends[round] == workers)
        {
            times[round] = GetSeconds();
            const std::chrono::duration<double> now =
                std::chrono::steady_clock::now().time_since_epoch();
            clock[round] = now.count();
        }
    };
    for (auto each = applications.Begin(); each != applications.End(); ++each)
    {
        (*each)->TraceConnectWithoutContext("RoundEnd", Callback<void, uint32_t, uint32_t>(ended));
    }
    TrainingRecorder recorder;
    recorder.SetEvaluateEvery(setting.rounds);
    recorder.SetEvaluationSamples(256, 256, 1);
    recorder.Observe(applications);
    Simulator::Run();

    Outcome outcome;
    const TrainingRecord& last = recorder.GetLast();
    outcome.complete =
        last.round == setting.rounds && std::isfinite(last.trainLoss) &&
        std::all_of(ends.begin(), ends.end(), [=](uint32_t n) { return n == workers; });
    outcome.parameters = static_cast<double>(training.GetSetup()->start.size());
    outcome.segments = static_cast<double>(last.segmentsSent) / setting.rounds;
    outcome.events = static_cast<double>(Simulator::GetEventCount()) / setting.rounds;
    std::vector<double> seconds;
    std::vector<double> wall;
    for (uint32_t round = 1; round + 1 < setting.rounds; ++round) // the last one is evaluated
    {
        seconds.push_back(times[round] - times[round - 1]);
        wall.push_back(clock[round] - clock[round - 1]);
    }
    outcome.seconds = seconds.empty() ? 0 : GetMedian(seconds);
    outcome.wall = wall.empty() ? 0 : GetMedian(wall);
    Simulator::Destroy();
    return outcome;
}

/**
 * Trains in a process of its own.
 * @param setting what
 * @param workers number of workers
 * @return what it was like
 */
Outcome
TrainApart(const Setting& setting, uint32_t workers)
{
    Outcome outcome;
    const rusage usage = RunApart([&] { return Train(setting, workers); }, outcome);
    outcome.bytes = 1024.0 * static_cast<double>(usage.ru_maxrss);
    return outcome;
}

/**
 * Reports whether a run's rounds were complete, and its memory.
 * @param setting what was trained
 * @param workers number of workers
 * @param outcome what it was like
 * @param bounded whether there is a bar for the memory
 */
void
ReportRun(const Setting& setting, uint32_t workers, const Outcome& outcome, bool bounded)
{
    const std::string name = std::to_string(workers) + " workers, " +
                             std::to_string(setting.servers) + " servers, " + setting.name;
    Report((name + ": rounds not completed").c_str(), outcome.complete ? 0 : 1, 0);
    const double copies = 16 * outcome.parameters * workers;
    std::printf(
        "  4 copies of %.0f parameters a worker are %.0f MB, the data %.0f MB, memory %.0f MB\n",
        outcome.parameters,
        copies / 1e6,
        SAMPLES * setting.shape.GetSize() / 1e6,
        outcome.bytes / 1e6);
    if (bounded)
    {
        Report("  memory, MB", outcome.bytes / 1e6, copies / 1e6 + 500);
    }
}

/**
 * Exponent of a power law, by least squares of the logarithms.
 * @param x positive numbers
 * @param y as many, positive
 * @return k of y = c x^k
 */
double
FitExponent(const std::vector<double>& x, const std::vector<double>& y)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
    {
        const double lx = std::log(x[i]);
        const double ly = std::log(y[i]);
        sx += lx;
        sy += ly;
        sxx += lx * lx;
        sxy += lx * ly;
    }
    const auto n = static_cast<double>(x.size());
    return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

/**
 * Fits the time of a round to the segments sent.
 * @param segments sent in a round
 * @param events of the simulator in a round
 * @param seconds processor time of a round
 */
void
ReportFit(const std::vector<double>& segments,
          const std::vector<double>& events,
          const std::vector<double>& seconds)
{
    // least squares of relative residuals of t = a + b s
    double w = 0, ws = 0, wss = 0, wt = 0, wst = 0;
    for (std::size_t i = 0; i < segments.size(); ++i)
    {
        const double weight = 1 / (seconds[i] * seconds[i]);
        w += weight;
        ws += weight * segments[i];
        wss += weight * segments[i] * segments[i];
        wt += weight * seconds[i];
        wst += weight * segments[i] * seconds[i];
    }
    const double b = (w * wst - ws * wt) / (w * wss - ws * ws);
    const double a = (wt - b * ws) / w;
    double residual = 0;
    for (std::size_t i = 0; i < segments.size(); ++i)
    {
        residual = std::max(residual, std::abs(a + b * segments[i] - seconds[i]) / seconds[i]);
    }
    std::printf("  a round takes %.4g s + %.4g us a segment; the time grows with exponent %.3f\n",
                a,
                1e6 * b,
                FitExponent(segments, seconds));
    Report("  largest residual of that line, of the time", residual, 0.1);
    Report("  exponent of the events in the segments", FitExponent(segments, events), 1.15);
}

/**
 * Trains with a quarter, half, three quarters and all of the workers.
 * @param setting what
 * @param workers all
 */
void
BenchSetting(const Setting& setting, uint32_t workers)
{
    std::vector<Outcome> outcomes(4);
    for (int pass = 0; pass < 2; ++pass)
    {
        for (uint32_t part = 1; part <= 4; ++part)
        {
            Outcome& outcome = outcomes[part - 1];
            const Outcome former = outcome;
            outcome = TrainApart(setting, workers * part / 4);
            if (pass != 0)
            {
                outcome.complete = outcome.complete && former.complete;
                outcome.seconds = std::min(outcome.seconds, former.seconds);
                outcome.bytes = std::max(outcome.bytes, former.bytes);
            }
        }
    }
    std::vector<double> segments;
    std::vector<double> events;
    std::vector<double> seconds;
    for (uint32_t part = 1; part <= 4; ++part)
    {
        const Outcome& outcome = outcomes[part - 1];
        std::printf("%5u workers: %.0f segments and %.0f events a round, %.3g s, %.2f us a "
                    "segment, %.0f MB\n",
                    workers * part / 4,
                    outcome.segments,
                    outcome.events,
                    outcome.seconds,
                    1e6 * outcome.seconds / outcome.segments,
                    outcome.bytes / 1e6);
        segments.push_back(outcome.segments);
        events.push_back(outcome.events);
        seconds.push_back(outcome.seconds);
    }
    ReportRun(setting, workers, outcomes.back(), true);
    ReportFit(segments, events, seconds);
}

/**
 * Prints the time of a round.
 * @param what was varied
 * @param value of it
 * @param setting what is trained
 * @param workers number of workers
 */
void
ShowRound(const char* what, double value, const Setting& setting, uint32_t workers)
{
    const Outcome outcome = TrainApart(setting, workers);
    std::printf("%-10s %8g   %8.0f segments a round   %8.2f ms, by the clock %8.2f ms\n",
                what,
                value,
                outcome.segments,
                1e3 * outcome.seconds,
                1e3 * outcome.wall);
}

/// Prints how the time of a round grows with each thing that is varied alone.
void
ShowGrowth()
{
    const auto make = [](uint32_t hidden) {
        return "ns3::learning::MultilayerPerceptron[Hidden=" + std::to_string(hidden) + "]";
    };
    const std::string perceptron = make(128);
    const Setting base{"", perceptron.c_str(), {1, 28, 28}, 16, 32, 42};
    for (const uint32_t workers : {8, 16, 32, 64, 128})
    {
        ShowRound("workers", workers, base, workers);
    }
    for (const uint32_t hidden : {32, 64, 128, 256, 512})
    {
        const std::string model = make(hidden);
        Setting varied = base;
        varied.model = model.c_str();
        ShowRound("parameters", 795 * hidden + 10, varied, 16);
    }
    for (const double rate : {0.0, 0.01, 0.1, 0.3, 0.6})
    {
        Setting varied = base;
        varied.dropRate = rate;
        ShowRound("p", rate, varied, 16);
    }
    for (const uint32_t servers : {1, 4, 16, 64, 256})
    {
        Setting varied = base;
        varied.servers = servers;
        ShowRound("servers", servers, varied, 16);
    }
    for (const uint32_t threads : {1, 2})
    {
        Setting varied = base;
        varied.threads = threads;
        ShowRound("threads", threads, varied, 16);
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    const std::string perceptron = "ns3::learning::MultilayerPerceptron[Hidden=128]";
    const uint32_t rounds = MEASURED + 2;
    const Setting many{"101,770 parameters", perceptron.c_str(), {1, 28, 28}, 64, 32, rounds};
    const Setting most{"softmax", "ns3::learning::SoftmaxRegression", {1, 28, 28}, 16, 4, rounds};
    const Setting deep{"ResNet-110",
                       "ns3::learning::ResidualNetwork[Depth=110]",
                       {3, 32, 32},
                       4,
                       32,
                       2};
    const std::vector<std::string> chosen(argv + 1, argv + argc);
    const auto isChosen = [&chosen](const char* name) {
        return chosen.empty() || std::find(chosen.begin(), chosen.end(), name) != chosen.end();
    };
    for (const std::string& name : chosen)
    {
        if (name != "many" && name != "most" && name != "deep" && name != "growth")
        {
            std::fprintf(stderr,
                         "bench-scale: %s: many, most, deep and growth are possible\n",
                         name.c_str());
            return 2;
        }
    }
    if (isChosen("many"))
    {
        BenchSetting(many, 1000);
    }
    if (isChosen("most"))
    {
        BenchSetting(most, 10000);
    }
    if (isChosen("deep"))
    {
        ReportRun(deep, 16, TrainApart(deep, 16), false); // most of it are activations
    }
    if (!chosen.empty() && isChosen("growth"))
    {
        ShowGrowth();
    }
    return g_allHold ? 0 : 1;
}
