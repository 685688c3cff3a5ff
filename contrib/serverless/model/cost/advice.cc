/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "advice.h"

#include "design-cost.h"

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
 * Whether an exchange takes longer than workers wait for it: the first one, in which the first
 * function waits for the last one to begin; machines begin together.
 * @param request what is asked
 * @param platform what workers run on
 * @param job the job
 * @return true if so
 */
bool
TimesOut(const AdviceRequest& request, const PlatformOffer& platform, const AnalyticJob& job)
{
    const double skew =
        platform.isFunction ? platform.startUp(job.workers) - platform.startUp(1) : 0;
    return request.timeout > 0 && skew + GetStepTime(job) > request.timeout;
}

/**
 * Whether a channel takes the objects of a design.
 * @param channel the channel
 * @param job the job
 * @return true if so
 */
bool
Takes(const ChannelOffer& channel, const AnalyticJob& job)
{
    const bool scatters = job.pattern == ExchangePattern::SCATTER_REDUCE;
    return (scatters ? std::ceil(job.vectorBytes / job.workers) : job.vectorBytes) <=
               channel.maxObjectBytes &&
           !(scatters && job.workers < 2);
}

/**
 * Objects among which a worker looks for parts.
 * @param request what is asked
 * @param design the design
 * @param round from 1 on; what is not deleted is found in later rounds, too
 * @return their number
 */
double
GetListedNames(const AdviceRequest& request, const AdviceDesign& design, double round)
{
    const double w = design.workers;
    switch (design.pattern)
    {
    case ExchangePattern::SCATTER_REDUCE:
        // of its own chunk in this round, or of all chunks in the bucket
        return request.listsBucket
                   ? w * (w - 1) / std::min(request.buckets, w) * (request.deletes ? 1 : round)
                   : w - 1;
    case ExchangePattern::STALE:
        return w * (request.deletes ? std::min(round, 2.0 * design.staleness + 2) : round);
    default:
        return w; // of this round
    }
}

/**
 * Pages of a LIST that finds all parts of a round.
 * @param request what is asked
 * @param design the design
 * @param page names of a page
 * @param rounds of the job
 * @return the mean over rounds
 */
double
GetMeanPages(const AdviceRequest& request, const AdviceDesign& design, double page, double rounds)
{
    const auto count = [&](double round) {
        return std::max(1.0, std::ceil(GetListedNames(request, design, round) / page));
    };
    const double all = std::max(1.0, rounds);
    const double last = count(all);
    double pages = 0;
    double round = 1;
    for (; round < all && count(round) != last; ++round)
    {
        pages += count(round);
    }
    return (pages + (all - round + 1) * last) / all; // they do not become fewer
}

/**
 * What the analytic model is asked about a design.
 * @param request what is asked
 * @param design the design
 * @return the job
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
    job.loadLatency = platform.loadLatency;
    job.loadAggregate = platform.loadRate > 0 ? platform.loadAggregate : 0;
    job.vectorBytes = request.modelBytes * optimizer.vectorFactor;
    job.rounds = point.rounds;
    job.roundSeconds = point.epochsPerRound * request.epochSeconds * platform.slowdown;
    job.deletes = request.deletes;
    job.polls = request.polls;
    if (platform.isFunction && job.polls)
    {
        job.leaderSkew = job.startUp - platform.startUp(1);
        for (uint32_t worker = 1; worker <= design.workers; ++worker)
        {
            job.skew += (job.startUp - platform.startUp(worker)) / design.workers;
        }
    }
    job.pollInterval = request.pollInterval;
    job.workerSerialization = request.workerSerialization;
    job.meanSlowdown = request.meanSlowdown;
    job.largestSlowdown = request.largestSlowdown;
    job.lifetime = platform.lifetime;
    job.checkpoints = platform.checkpoints;
    job.roundsPerInvocation = platform.roundsPerInvocation;
    job.restart = platform.restart;
    if (design.pattern == ExchangePattern::RING)
    {
        job.rate = platform.rate;
        job.latency = platform.latency;
        return job;
    }
    const ChannelOffer& channel = request.channels[design.channel];
    if (channel.isServer)
    {
        job.vectorBytes *= 2; // 8 bytes a number
        job.serialization = channel.serialization;
    }
    // functions are invoked when the channel is there, machines boot meanwhile
    job.startUp = platform.isFunction ? job.startUp + channel.startUp
                                      : std::max(job.startUp, channel.startUp);
    job.rate = Limit(Limit(platform.rate, channel.rate), channel.aggregateRate);
    job.aggregateRate = channel.aggregateRate;
    job.latency = channel.latency;
    job.lists = GetMeanPages(request, design, channel.listPage, job.rounds);
    job.sumLists = std::min(request.buckets, static_cast<double>(design.workers));
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

AdviceCandidate
PredictDesign(const AdviceRequest& request, const AdviceDesign& design, const PriceTable& prices)
{
    AdviceCandidate candidate;
    candidate.design = design;
    candidate.job = MakeJob(request, design);
    candidate.time = Predict(candidate.job);
    if (std::isinf(candidate.GetSeconds()) || std::isinf(candidate.time.restarts))
    {
        candidate.dollars = std::numeric_limits<double>::infinity();
        return candidate;
    }
    candidate.dollars = GetDesignCost(request, prices, candidate);
    return candidate;
}

bool
EvaluateDesign(const AdviceRequest& request,
               const AdviceDesign& design,
               const PriceTable& prices,
               AdviceCandidate& candidate)
{
    const uint32_t workers = design.workers;
    const PlatformOffer& offer = request.platforms[design.platform];
    const OptimizerOffer& optimizer = request.optimizers[design.optimizer];
    if (workers < offer.fewest || workers > offer.most ||
        std::isinf(optimizer.Find(workers).rounds) ||
        (offer.fits && !offer.fits(workers, request.modelBytes * optimizer.vectorFactor)))
    {
        return false;
    }
    candidate = PredictDesign(request, design, prices);
    return std::isfinite(candidate.dollars) && !TimesOut(request, offer, candidate.job) &&
           (offer.checkpoints || candidate.time.restarts == 0) &&
           (design.pattern == ExchangePattern::RING ||
            Takes(request.channels[design.channel], candidate.job));
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
    case ExchangePattern::ASYNCHRONOUS:
        return "async";
    case ExchangePattern::STALE:
        return "stale";
    }
    return "";
}

} // namespace serverless
} // namespace ns3
