/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "advice.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace ns3
{
namespace serverless
{

namespace
{

constexpr double UNREACHED = std::numeric_limits<double>::infinity(); //!< rounds
constexpr double LEAST_SECONDS = 60;                                  //!< of a machine's bill
constexpr double NANO = 1e-9;                                         //!< dollars of a price

/**
 * Smaller of two rates, of which 0 is none.
 * @param worker of the worker, above 0
 * @param limit or 0
 * @return bytes a second
 */
double
Limit(double worker, double limit)
{
    return limit > 0 ? std::min(worker, limit) : worker;
}

/**
 * What requests cost that carry an item.
 * @param prices what things cost
 * @param item what is paid, or empty
 * @param unit bytes that it is paid by, or 0
 * @param count how many requests
 * @param bytes of each
 * @return dollars
 */
double
GetRequestCost(const PriceTable& prices,
               const std::string& item,
               double unit,
               double count,
               double bytes)
{
    if (item.empty())
    {
        return 0;
    }
    const double units = unit > 0 ? std::max(1.0, std::ceil(bytes / unit)) : 1;
    return count * units * static_cast<double>(prices.GetPrice(item)) * NANO;
}

/**
 * What the requests of one exchange cost, with lists and without polls.
 * @param prices what things cost
 * @param channel over which
 * @param job workers, pattern and vector
 * @return dollars
 */
double
GetExchangeCost(const PriceTable& prices, const ChannelOffer& channel, const AnalyticJob& job)
{
    const double w = job.workers;
    const auto cost = [&](double puts, double gets, double bytes) {
        return GetRequestCost(prices, channel.put, channel.putUnit, puts, bytes) +
               GetRequestCost(prices, channel.get, channel.getUnit, gets, bytes);
    };
    switch (job.pattern)
    {
    case ExchangePattern::ALL_REDUCE:
        return cost(w + 1, 2 * w - 1, job.vectorBytes) + cost(2, 0, 0);
    case ExchangePattern::SCATTER_REDUCE:
        return cost(w * w, 2 * w * (w - 1), job.vectorBytes / w) + cost(2 * w, 0, 0);
    default:
        return 0;
    }
}

/**
 * What functions cost: each from its own begin on.
 * @param request what is asked
 * @param prices what things cost
 * @param candidate times are known
 * @return dollars
 */
double
GetFunctionCost(const AdviceRequest& request,
                const PriceTable& prices,
                const AdviceCandidate& candidate)
{
    const PlatformOffer& platform = request.platforms[candidate.design.platform];
    const ChannelOffer& channel = request.channels[candidate.design.channel];
    const double seconds = candidate.GetSeconds();
    double billed = 0;
    for (uint32_t worker = 1; worker <= candidate.job.workers; ++worker)
    {
        const double life = seconds - channel.startUp - platform.startUp(worker);
        billed += std::ceil(life / platform.quantum) * platform.quantum;
    }
    const double starts = candidate.job.workers * (1 + candidate.restarts);
    double dollars = NANO * (billed * platform.gigabytes *
                                 static_cast<double>(prices.GetPrice("function:gb-second")) +
                             starts * static_cast<double>(prices.GetPrice("function:invocation")));
    dollars += GetRequestCost(prices, "s3:get", 0, starts, 0);
    dollars += candidate.job.rounds * GetExchangeCost(prices, channel, candidate.job);
    if (!channel.node.empty())
    {
        dollars += NANO * seconds / 3600 * static_cast<double>(prices.GetPrice(channel.node));
    }
    return dollars;
}

/**
 * What machines cost.
 * @param request what is asked
 * @param prices what things cost
 * @param candidate times are known
 * @return dollars
 */
double
GetMachineCost(const AdviceRequest& request,
               const PriceTable& prices,
               const AdviceCandidate& candidate)
{
    const PlatformOffer& platform = request.platforms[candidate.design.platform];
    const double seconds = std::max(LEAST_SECONDS, std::ceil(candidate.GetSeconds()));
    const double hour = NANO * static_cast<double>(prices.GetPrice("vm:" + platform.machine));
    const double loads = platform.loadsFromStore ? candidate.job.workers : 0;
    return candidate.job.workers * seconds / 3600 * hour +
           GetRequestCost(prices, "s3:get", 0, loads, 0);
}

/**
 * Adds what functions lose whose life ends before the job.
 * @param platform of functions
 * @param candidate restarts are filled in
 * @return whether a life is long enough for one round
 */
bool
AddRestarts(const PlatformOffer& platform, AdviceCandidate& candidate)
{
    const AnalyticTime& time = candidate.time;
    const double round = (time.communication + time.computation) / candidate.job.rounds;
    const double roundsOfLife = std::floor((platform.lifetime - time.load) / round);
    if (!(roundsOfLife >= 1))
    {
        return false;
    }
    candidate.restarts = std::ceil(candidate.job.rounds / roundsOfLife) - 1;
    // the checkpoint goes to the store and comes back; then the data is loaded again
    const double checkpoint =
        2 * (candidate.job.vectorBytes / candidate.job.loadRate + candidate.job.latency);
    candidate.restartSeconds = candidate.restarts * (checkpoint + platform.restart + time.load);
    return true;
}

/**
 * Whether an exchange takes longer than workers wait for it.
 * @param request what is asked
 * @param job the job
 * @return true if so
 */
bool
TimesOut(const AdviceRequest& request, const AnalyticJob& job)
{
    return request.timeout > 0 && GetExchangeTime(job) + GetListTime(job) > request.timeout;
}

/**
 * The part of a design that its platform decides.
 * @param request what is asked
 * @param design the design
 * @return the job, but for its exchanges
 */
AnalyticJob
MakeJob(const AdviceRequest& request, const AdviceDesign& design)
{
    const PlatformOffer& platform = request.platforms[design.platform];
    const OptimizerOffer& optimizer = request.optimizers[design.optimizer];
    const OptimizerOffer::Point point = optimizer.Find(design.workers);
    AnalyticJob job;
    job.workers = design.workers;
    job.pattern = design.pattern;
    job.startUp = platform.startUp(design.workers);
    job.dataBytes = platform.loadRate > 0 ? request.dataBytes : 0;
    job.loadRate = platform.loadRate > 0 ? platform.loadRate : 1;
    job.vectorBytes = request.modelBytes * optimizer.vectorFactor;
    job.rounds = point.rounds;
    job.roundSeconds = point.epochsPerRound * request.epochSeconds * platform.slowdown;
    return job;
}

} // namespace

OptimizerOffer::Point
OptimizerOffer::Find(uint32_t workers) const
{
    const auto next =
        std::lower_bound(points.begin(), points.end(), workers, [](const Point& a, uint32_t b) {
            return a.workers < b;
        });
    if (next == points.end() || (next == points.begin() && next->workers != workers))
    {
        return {workers, UNREACHED, 0};
    }
    if (next->workers == workers)
    {
        return *next;
    }
    const Point& last = *std::prev(next);
    const double share =
        static_cast<double>(workers - last.workers) / (next->workers - last.workers);
    if (std::isinf(last.rounds) || std::isinf(next->rounds))
    {
        return {workers, UNREACHED, 0};
    }
    return {workers,
            std::ceil(last.rounds + share * (next->rounds - last.rounds) - 1e-9),
            last.epochsPerRound + share * (next->epochsPerRound - last.epochsPerRound)};
}

bool
EvaluateDesign(const AdviceRequest& request,
               const AdviceDesign& design,
               const PriceTable& prices,
               AdviceCandidate& candidate)
{
    const uint32_t workers = design.workers;
    const PlatformOffer& offer = request.platforms[design.platform];
    candidate = AdviceCandidate();
    candidate.design = design;
    candidate.job = MakeJob(request, design);
    AnalyticJob& job = candidate.job;
    if (workers < offer.fewest || workers > offer.most || std::isinf(job.rounds))
    {
        return false;
    }
    if (!offer.isFunction)
    {
        job.rate = offer.rate;
        job.latency = offer.latency;
        candidate.time = Predict(job);
        candidate.dollars = GetMachineCost(request, prices, candidate);
        return !TimesOut(request, job);
    }
    const ChannelOffer& over = request.channels[design.channel];
    const bool scatters = design.pattern == ExchangePattern::SCATTER_REDUCE;
    if (over.isServer)
    {
        job.vectorBytes *= 2; // 8 bytes a number
        job.serialization = over.serialization;
    }
    if ((scatters ? std::ceil(job.vectorBytes / workers) : job.vectorBytes) > over.maxObjectBytes ||
        (scatters && workers < 2))
    {
        return false;
    }
    job.startUp += over.startUp;
    job.rate = Limit(Limit(offer.rate, over.rate), over.aggregateRate);
    job.aggregateRate = over.aggregateRate;
    job.latency = over.latency;
    candidate.time = Predict(job);
    if (TimesOut(request, job) || !AddRestarts(offer, candidate))
    {
        return false;
    }
    candidate.dollars = GetFunctionCost(request, prices, candidate);
    return true;
}

bool
IsBetter(const AdviceRequest& request,
         double seconds,
         double dollars,
         double otherSeconds,
         double otherDollars)
{
    bool byTime = request.objective == AdviceRequest::TIME;
    if (request.objective == AdviceRequest::COST_IN_TIME)
    {
        const bool meets = seconds <= request.deadline;
        if (meets != (otherSeconds <= request.deadline))
        {
            return meets;
        }
        byTime = !meets;
    }
    return byTime ? seconds < otherSeconds : dollars < otherDollars;
}

std::vector<AdviceCandidate>
FindDesigns(const AdviceRequest& request, const PriceTable& prices)
{
    const auto isBetter = [&request](const AdviceCandidate& a, const AdviceCandidate& b) {
        return IsBetter(request, a.GetSeconds(), a.dollars, b.GetSeconds(), b.dollars);
    };
    std::vector<AdviceCandidate> designs;
    const auto search = [&](AdviceDesign design) {
        const PlatformOffer& offer = request.platforms[design.platform];
        for (design.optimizer = 0; design.optimizer < request.optimizers.size(); ++design.optimizer)
        {
            AdviceCandidate best;
            bool found = false;
            for (design.workers = offer.fewest; design.workers <= offer.most; ++design.workers)
            {
                AdviceCandidate next;
                if (EvaluateDesign(request, design, prices, next) &&
                    (!found || isBetter(next, best)))
                {
                    best = next;
                    found = true;
                }
            }
            if (found)
            {
                designs.push_back(best);
            }
        }
    };
    for (std::size_t platform = 0; platform < request.platforms.size(); ++platform)
    {
        if (!request.platforms[platform].isFunction)
        {
            search({platform, 0, 0, ExchangePattern::RING, 1});
            continue;
        }
        for (std::size_t channel = 0; channel < request.channels.size(); ++channel)
        {
            if (request.channels[channel].isServer)
            {
                search({platform, channel, 0, ExchangePattern::PUSH_AND_PULL, 1});
                continue;
            }
            search({platform, channel, 0, ExchangePattern::ALL_REDUCE, 1});
            search({platform, channel, 0, ExchangePattern::SCATTER_REDUCE, 1});
        }
    }
    std::stable_sort(designs.begin(), designs.end(), isBetter);
    return designs;
}

std::string
GetPatternName(ExchangePattern pattern)
{
    switch (pattern)
    {
    case ExchangePattern::ALL_REDUCE:
        return "allreduce";
    case ExchangePattern::SCATTER_REDUCE:
        return "scatterreduce";
    case ExchangePattern::RING:
        return "ring";
    case ExchangePattern::PUSH_AND_PULL:
        return "parameter-server";
    }
    return "";
}

} // namespace serverless
} // namespace ns3
