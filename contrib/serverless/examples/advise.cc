/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How to train this: on functions or on machines, over which channel, in which pattern, by which
// optimizer, with how many workers? The analytic model searches all designs; the best ones are then
// simulated, and the answer is by what was simulated. Look at predicted beside simulated.

#include "example-training.h"
#include "training-options.h"

#include "ns3/object-store.h"
#include "ns3/training-advisor.h"

#include <cmath>
#include <cstdio>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::serverless;
using namespace example;

namespace
{

/**
 * Adds all options.
 * @param options where to
 */
void
AddOptions(ScenarioOptions& options)
{
    AddTaskOptions(options);
    AddStepOptions(options);
    options.Add("targetLoss", "loss to be reached, above 0", "0.65");
    options.Add("share", "share of the samples that rounds are estimated on, 0.001 to 1", "0.1");
    options.Add("mostRounds", "rounds after which an algorithm is given up", "1000");
    options.Add("evaluationSamples", "training samples that a simulation evaluates", "5000");
    options.Add("fewest", "smallest number of workers, at least 1", "1");
    options.Add("most", "largest number of workers, at most 1000", "50");
    options.Add("platforms", "both, function or machine", "both");
    options.Add("channels",
                "of functions: some of s3, memcached, redis, dynamodb, vm",
                "s3,memcached,dynamodb,vm");
    options.Add("optimizations", "some of ga, ma, admm", "ga,ma,admm");
    options.Add("objective", "time; cost; or deadline: cost, within --deadline", "time");
    options.Add("deadline", "longest time of the job", "120s");
    options.Add("simulate", "designs to simulate, at least 1", "3");
    options.Add("simulatedRounds",
                "rounds of a simulation, at least 2; longer jobs are projected from these",
                "40");
    AddPricesOption(options);
}

/**
 * Cuts a list.
 * @param text words separated by commas
 * @return the words
 */
std::vector<std::string>
Cut(const std::string& text)
{
    std::vector<std::string> words;
    std::istringstream stream(text);
    std::string word;
    while (std::getline(stream, word, ','))
    {
        words.push_back(word);
    }
    return words;
}

/**
 * Reads what is to be trained.
 * @param options the options
 * @return the workload
 */
AdviceWorkload
ReadWorkload(ScenarioOptions& options)
{
    AdviceWorkload workload;
    workload.task = ReadTask(options, false);
    const uint32_t samples = workload.task.training->GetSampleCount();
    if (workload.task.batchSize > samples)
    {
        options.Reject("batch", "no more than the " + std::to_string(samples) + " samples");
    }
    workload.dataBytes = std::floor(options.GetNumber("dataBytes", 0, 1e15));
    workload.modelBytes = std::floor(options.GetNumber("modelBytes", 0, 1e12));
    workload.epochSeconds = ReadEpochSeconds(options);
    workload.targetLoss = options.GetNumber("targetLoss", 1e-9, 1e9);
    workload.share = options.GetNumber("share", 0.001, 1);
    workload.mostRounds = options.GetUnsigned("mostRounds", 1, 1000000);
    workload.evaluated = options.GetUnsigned("evaluationSamples", 1, MOST);
    return workload;
}

/**
 * Offers what the options allow, and prints the estimated rounds.
 * @param options the options
 * @param advisor filled in
 */
void
AddOffers(ScenarioOptions& options, TrainingAdvisor& advisor)
{
    const std::size_t platforms = options.GetWord("platforms", {"both", "function", "machine"});
    std::vector<std::pair<std::string, ObjectFactory>> channels;
    if (platforms != 2)
    {
        for (const std::string& name : Cut(options.GetText("channels")))
        {
            channels.emplace_back(
                name,
                MakeType(options, "channels", name, CHANNELS, StorageService::GetTypeId()));
            if (channels.back().second.GetTypeId() == ObjectStore::GetTypeId())
            {
                advisor.SetStore(channels.back().second); // one store for models and data
            }
        }
        advisor.AddFunctions();
        const PlatformOffer& offer = advisor.GetRequest().platforms.back();
        if (offer.fewest > offer.most)
        {
            std::printf(offer.most == 0
                            ? "functions are left out: the model alone does not fit\n"
                            : "functions are left out: partitions fit into %u or more\n",
                        offer.fewest);
        }
    }
    if (platforms != 1)
    {
        advisor.AddMachines();
    }
    for (const auto& [name, factory] : channels)
    {
        advisor.AddChannel(name, factory);
    }
    Words words = OPTIMIZATIONS;
    words.erase("kmeans"); // whose loss is none to compare with
    std::map<std::string, ObjectFactory> optimizations;
    for (const std::string& name : Cut(options.GetText("optimizations")))
    {
        optimizations[name] =
            MakeType(options, "optimizations", name, words, LocalOptimization::GetTypeId());
    }
    AdviceRequest& request = advisor.GetRequest();
    const std::size_t objective = options.GetWord("objective", {"time", "cost", "deadline"});
    request.objective = static_cast<AdviceRequest::Objective>(objective);
    if (request.objective == AdviceRequest::COST_IN_TIME)
    {
        request.deadline = options.GetTime("deadline").GetSeconds();
    }
    options.CheckAllRead();
    std::printf("rounds to the loss, estimated on a share of the samples\n");
    for (const auto& [name, factory] : optimizations)
    {
        const std::string reason = advisor.AddOptimization(name, factory);
        std::printf("%-5s", name.c_str());
        if (!reason.empty())
        {
            std::printf(" left out: %s\n", reason.c_str());
            continue;
        }
        for (const OptimizerOffer::Point& point : request.optimizers.back().points)
        {
            std::printf(std::isinf(point.rounds) ? "  w=%u: -" : "  w=%u: %g",
                        point.workers,
                        point.rounds);
        }
        std::printf("\n");
    }
}

/**
 * Chooses what to simulate: the best designs, and the best one of each platform.
 * @param designs all, the best one first
 * @param count how many of the best
 * @return the chosen ones
 */
std::vector<AdviceCandidate>
Choose(const std::vector<AdviceCandidate>& designs, uint32_t count)
{
    std::vector<AdviceCandidate> chosen;
    std::map<std::size_t, uint32_t> ofPlatform;
    for (std::size_t i = 0; i < designs.size(); ++i)
    {
        if (i < count || ofPlatform[designs[i].design.platform] == 0)
        {
            chosen.push_back(designs[i]);
            ++ofPlatform[designs[i].design.platform];
        }
    }
    return chosen;
}

/**
 * Prints one term of the time.
 * @param name of the term
 * @param predicted s
 * @param simulated s
 */
void
PrintTerm(const char* name, double predicted, double simulated)
{
    std::printf("  %-12s %12.3f %12.3f\n", name, predicted, simulated);
}

/**
 * Prints what was predicted and what was simulated. The start is that of the last worker, with what
 * it waits for services; others wait for it in their first exchange.
 * @param title the design
 * @param candidate predicted
 * @param simulation simulated
 */
void
PrintBoth(const std::string& title,
          const AdviceCandidate& candidate,
          const AdviceSimulation& simulation)
{
    const TrainingOutcome& outcome = simulation.outcome;
    std::printf("%s\n  term            predicted    simulated\n", title.c_str());
    PrintTerm("start_s", candidate.time.startUp, outcome.lastStart);
    PrintTerm("load_s", candidate.time.load, outcome.load);
    PrintTerm("compute_s", candidate.time.computation, outcome.compute);
    PrintTerm("exchange_s",
              candidate.time.communication + candidate.time.waiting,
              outcome.exchange);
    PrintTerm("checkpoint_s", candidate.time.checkpoint, outcome.checkpoint);
    PrintTerm("time_s", candidate.GetSeconds(), outcome.seconds);
    PrintTerm("rounds", candidate.job.rounds, outcome.rounds);
    std::printf("  %-12s %12.5f %12.5f\n", "cost_usd", candidate.dollars, outcome.dollars);
    if (!outcome.error.empty())
    {
        std::printf("  fails: %s\n", outcome.error.c_str());
    }
    else if (simulation.isProjected)
    {
        std::printf("  projected from the first rounds\n");
    }
    else if (!outcome.isReached)
    {
        std::printf("  does not reach the loss: %g\n", outcome.loss);
    }
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
Run(int argc, char* argv[])
{
    ScenarioOptions options(
        __FILE__,
        "Says how to train something: on functions or machines, over which "
        "channel, in which pattern, by which optimizer, with how many workers.");
    AddOptions(options);
    options.Parse(argc, argv);
    const std::string prices = options.GetText("prices");
    const PriceTable table(prices);
    const uint32_t most = options.GetUnsigned("most", 1, 1000);
    const uint32_t fewest = options.GetUnsigned("fewest", 1, most);
    const uint32_t simulations = options.GetUnsigned("simulate", 1, 1000);
    const uint32_t rounds = options.GetUnsigned("simulatedRounds", 2, 1000000);
    TrainingAdvisor advisor(ReadWorkload(options), fewest, most);
    AddOffers(options, advisor);

    const std::vector<AdviceCandidate> designs = FindDesigns(advisor.GetRequest(), table);
    if (designs.empty())
    {
        throw std::runtime_error("no design works with " + std::to_string(fewest) + " to " +
                                 std::to_string(most) +
                                 " workers: memory, items, lifetimes and time-outs are too small "
                                 "for it, or no algorithm reaches the loss");
    }
    std::printf("\ndesigns that work, each with its best number of workers, by the analytic model\n"
                "%-46s %10s %10s\n",
                "platform channel pattern optimizer workers",
                "time_s",
                "cost_usd");
    for (const AdviceCandidate& design : designs)
    {
        std::printf("%-46s %10.1f %10.5f\n",
                    advisor.Describe(design).c_str(),
                    design.GetSeconds(),
                    design.dollars);
    }

    std::printf("\nsimulated\n");
    std::string answer;
    std::string failure; // of the last one, if all fail
    bool hasEnded = false;
    double seconds = 0;
    double dollars = 0;
    for (const AdviceCandidate& design : Choose(designs, simulations))
    {
        const AdviceSimulation simulation = advisor.Simulate(design, prices, rounds);
        const TrainingOutcome& outcome = simulation.outcome;
        PrintBoth(advisor.Describe(design), design, simulation);
        failure = advisor.Describe(design) + ": " + outcome.error;
        hasEnded = hasEnded || outcome.error.empty();
        if (outcome.error.empty() && (simulation.isProjected || outcome.isReached) &&
            (answer.empty() ||
             IsBetter(advisor.GetRequest(), outcome.seconds, outcome.dollars, seconds, dollars)))
        {
            answer = advisor.Describe(design);
            seconds = outcome.seconds;
            dollars = outcome.dollars;
        }
    }
    if (!hasEnded)
    {
        throw std::runtime_error("none of the simulated designs ends; " + failure);
    }
    if (answer.empty())
    {
        throw std::runtime_error("none of the simulated designs reaches the loss: more of them "
                                 "(--simulate), or a larger --share to estimate rounds on");
    }
    const AdviceRequest& request = advisor.GetRequest();
    if (request.objective == AdviceRequest::COST_IN_TIME && seconds > request.deadline)
    {
        std::printf("\nno simulated design meets the deadline of %g s; the fastest is given\n",
                    request.deadline);
    }
    std::printf("\nanswer: %s, %.1f s, %.5f dollars\n", answer.c_str(), seconds, dollars);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("advise", [=] { Run(argc, argv); });
}
