/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design-cost.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ns3
{
namespace serverless
{

namespace
{

constexpr double NANO = 1e-9; //!< dollars of a price

/**
 * Looks a price up.
 * @param prices what things cost
 * @param item what is paid
 * @return dollars a unit
 */
double
GetPrice(const PriceTable& prices, const std::string& item)
{
    return NANO * static_cast<double>(prices.GetPrice(item));
}

/**
 * A time that is paid by the hour.
 * @param microseconds the time
 * @return hours
 */
double
GetHours(int64_t microseconds)
{
    return static_cast<double>(microseconds) / 3.6e9;
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
    return count * units * GetPrice(prices, item);
}

/// Requests to a service, or bytes that they touch.
struct Requests
{
    double count; //!< how many
    double bytes; //!< of each
};

/**
 * What requests of one exchange cost.
 * @param prices what things cost
 * @param channel over which
 * @param puts PUTs
 * @param gets GETs
 * @param lists LISTs, with the bytes that each of them scans
 * @param removals objects that are deleted
 * @param batches requests that delete them
 * @return dollars
 */
double
GetRequestsCost(const PriceTable& prices,
                const ChannelOffer& channel,
                Requests puts,
                Requests gets,
                Requests lists,
                Requests removals,
                double batches)
{
    const double deletes = channel.putUnit > 0 ? removals.count : batches;
    return GetRequestCost(prices, channel.put, channel.putUnit, puts.count, puts.bytes) +
           GetRequestCost(prices, channel.get, channel.getUnit, gets.count, gets.bytes) +
           GetRequestCost(prices, channel.list, channel.getUnit, lists.count, lists.bytes) +
           GetRequestCost(prices, channel.remove, channel.putUnit, deletes, removals.bytes);
}

/**
 * Models of a worker that a scan of a stale exchange finds: all so far, 2 s + 2 at most.
 * @param rounds of the job
 * @param staleness s
 * @return the mean over rounds
 */
double
GetMeanKept(double rounds, uint32_t staleness)
{
    const double most = 2.0 * staleness + 2;
    return rounds < most ? (rounds + 1) / 2 : most - most * (most - 1) / (2 * rounds);
}

/**
 * What looks in vain cost in one exchange, GetPolls().
 * @param prices what things cost
 * @param channel over which
 * @param job workers, pattern and vector
 * @return dollars
 */
double
GetLooksCost(const PriceTable& prices, const ChannelOffer& channel, const AnalyticJob& job)
{
    const double w = job.workers;
    const double m = job.vectorBytes;
    const AnalyticPolls polls = GetPolls(job);
    const double older = job.deletes ? 0 : (job.rounds - 1) / 2; // rounds whose parts are scanned
    double lists = polls.lists;
    double bytes = older * w * m + m; // the leader's own part
    if (job.pattern == ExchangePattern::SCATTER_REDUCE)
    {
        bytes = (older + 1) * (w - 1) * m / job.sumLists; // as those that find all
        // a scan is paid once, whatever its pages
        lists /= channel.getUnit > 0 ? job.lists : 1;
    }
    return GetRequestCost(prices, channel.get, channel.getUnit, polls.gets, 0) +
           GetRequestCost(prices, channel.list, channel.getUnit, lists, bytes);
}

/**
 * What the requests of one exchange cost, with lists, deletions and polls.
 * @param prices what things cost
 * @param channel over which
 * @param job workers, pattern and vector
 * @param staleness of a stale exchange
 * @return dollars
 */
double
GetExchangeCost(const PriceTable& prices,
                const ChannelOffer& channel,
                const AnalyticJob& job,
                uint32_t staleness)
{
    const double w = job.workers;
    const double m = job.vectorBytes;
    const double deletes = job.deletes ? 1 : 0;
    // a scan is paid once, whatever its pages
    const double lists = channel.getUnit > 0 ? 1 : job.lists;
    // of what stays, that of half of the rounds is scanned in the mean
    const double half = (job.rounds + 1) / 2;
    const double scans = job.deletes ? 1 : half;
    // of stale exchanges the first models go when there are more than are kept
    const double gone = deletes * w * std::max(0.0, 1 - (2.0 * staleness + 2) / job.rounds);
    const double looks = GetLooksCost(prices, channel, job);
    switch (job.pattern)
    {
    case ExchangePattern::ALL_REDUCE:
        // one list finds all parts, the other one, for deletions, this sum and the last
        return GetRequestsCost(prices,
                               channel,
                               {w + 1, m},
                               {2 * w - 1, m},
                               {lists, scans * w * m},
                               {deletes * (w + 1), m},
                               deletes * 2) +
               GetRequestCost(prices, channel.list, channel.getUnit, deletes, 2 * m) + looks;
    case ExchangePattern::SCATTER_REDUCE:
        // sums stay
        return GetRequestsCost(prices,
                               channel,
                               {w * w, m / w},
                               {2 * w * (w - 1), m / w},
                               {w * lists, scans * (w - 1) * m / job.sumLists},
                               {deletes * w * (w - 1), m / w},
                               deletes * w * (w - 1)) +
               GetRequestCost(prices,
                              channel.list,
                              channel.getUnit,
                              w * job.sumLists,
                              half * m / job.sumLists) +
               looks;
    case ExchangePattern::ASYNCHRONOUS:
        return GetRequestsCost(prices, channel, {w, m}, {w, m}, {0, 0}, {0, 0}, 0);
    case ExchangePattern::STALE:
        return GetRequestsCost(
            prices,
            channel,
            {w, m},
            {w * w, m},
            {w * lists, (job.deletes ? GetMeanKept(job.rounds, staleness) : half) * w * m},
            {gone, m},
            gone);
    default:
        return 0; // machines among themselves, or a server whose node is paid for
    }
}

/// What functions of a stale exchange do otherwise that begin before the last one.
struct EarlySteps
{
    std::vector<double>
        seconds;     //!< by worker: longer than predicted by waiting, or shorter by GETs
    double gets{0};  //!< of models that are not there yet, which nobody makes
    double looks{0}; //!< LISTs that find too little to go on
};

/**
 * Predicts the first steps of functions that do not begin together. In each a worker GETs the
 * models of those that have stored one; in step s + 1, s being the staleness, it waits until all
 * have, looking again and again; after that it finds all.
 * @param platform of functions
 * @param candidate times are known
 * @return what is otherwise; nothing for other patterns
 */
EarlySteps
GetEarlySteps(const PlatformOffer& platform, const AdviceCandidate& candidate)
{
    const AnalyticJob& job = candidate.job;
    EarlySteps early;
    early.seconds.resize(job.workers);
    if (job.pattern != ExchangePattern::STALE)
    {
        return early;
    }
    const double transfer = GetExchangeTime(job) / (job.workers + 1.0);
    const double stores = candidate.time.computation / job.rounds + transfer; // computes, PUTs
    const double list = GetListTime(job);
    std::vector<double> first; // models' times; all load for as long
    for (uint32_t worker = 1; worker <= job.workers; ++worker)
    {
        first.push_back(platform.startUp(worker) + stores);
    }
    for (uint32_t worker = 0; worker < job.workers; ++worker)
    {
        double now = platform.startUp(worker + 1);
        for (double step = 1; step <= job.rounds; ++step)
        {
            now += stores + list;
            const auto found = std::upper_bound(first.begin(), first.end(), now) - first.begin();
            const double missing = job.workers - static_cast<double>(found);
            if (missing > 0 && step > candidate.design.staleness)
            {
                early.seconds[worker] += first.back() - now;
                early.looks += (first.back() - now) / std::max(1e-3, job.pollInterval + list);
                break;
            }
            if (missing == 0)
            {
                break;
            }
            early.seconds[worker] -= missing * transfer;
            early.gets += missing;
            now += static_cast<double>(found) * transfer;
        }
    }
    return early;
}

/**
 * What the exchanges cost: requests, and the node that serves them.
 * @param request what is asked
 * @param prices what things cost
 * @param candidate times are known
 * @param early first steps of functions
 * @return dollars
 */
double
GetChannelCost(const AdviceRequest& request,
               const PriceTable& prices,
               const AdviceCandidate& candidate,
               const EarlySteps& early)
{
    if (candidate.design.pattern == ExchangePattern::RING)
    {
        return 0;
    }
    const ChannelOffer& channel = request.channels[candidate.design.channel];
    double dollars = candidate.job.rounds *
                     GetExchangeCost(prices, channel, candidate.job, candidate.design.staleness);
    const double m = candidate.job.vectorBytes;
    // while workers wait, half of them have stored their first s + 1 models in the mean
    const double scanned = candidate.job.workers * (candidate.design.staleness + 1.0) * m / 2;
    dollars += GetRequestCost(prices, channel.list, channel.getUnit, early.looks, scanned) -
               GetRequestCost(prices, channel.get, channel.getUnit, early.gets, m);
    if (!channel.node.empty())
    {
        const Time used = Seconds(candidate.GetSeconds());
        const int64_t billed = channel.isServer ? request.billing.GetMachineMicroseconds(used)
                                                : request.billing.GetNodeMicroseconds(used);
        dollars += GetHours(billed) * GetPrice(prices, channel.node);
    }
    return dollars;
}

/**
 * What functions cost: each from its own begin on, to the end of the job where workers wait for one
 * another, and to its own end where they do not.
 * @param platform of functions
 * @param prices what things cost
 * @param candidate times are known
 * @param early first steps of functions
 * @param ready when they are invoked, s
 * @return dollars
 */
double
GetFunctionCost(const PlatformOffer& platform,
                const PriceTable& prices,
                const AdviceCandidate& candidate,
                const EarlySteps& early,
                double ready)
{
    const uint32_t workers = candidate.job.workers;
    const double lives = 1 + candidate.time.restarts;
    const bool isApart = candidate.job.pattern == ExchangePattern::ASYNCHRONOUS ||
                         candidate.job.pattern == ExchangePattern::STALE;
    double billed = 0;
    for (uint32_t worker = 1; worker <= workers; ++worker)
    {
        const double all =
            isApart ? candidate.GetSeconds() - candidate.time.startUp + early.seconds[worker - 1]
                    : candidate.GetSeconds() - ready - platform.startUp(worker) -
                          candidate.time.restarts * platform.restart;
        const int64_t life =
            BillingRules::GetInstanceMicroseconds(Seconds(all / lives), Seconds(platform.quantum));
        billed += lives * static_cast<double>(life) * 1e-6;
    }
    const double checkpoints = workers * candidate.time.restarts;
    return billed * platform.gigabytes * GetPrice(prices, "function:gb-second") +
           workers * lives * GetPrice(prices, "function:invocation") +
           GetRequestCost(prices, "s3:get", 0, workers * lives + checkpoints, 0) +
           GetRequestCost(prices, "s3:put", 0, checkpoints, 0);
}

/**
 * What machines cost: from their launch on, which is later the longer a channel takes to be there.
 * @param request what is asked
 * @param prices what things cost
 * @param candidate times are known
 * @param ready when the channel is there, s
 * @return dollars
 */
double
GetMachineCost(const AdviceRequest& request,
               const PriceTable& prices,
               const AdviceCandidate& candidate,
               double ready)
{
    const PlatformOffer& platform = request.platforms[candidate.design.platform];
    const double launch = std::max(0.0, ready - platform.startUp(candidate.job.workers));
    const int64_t billed =
        request.billing.GetMachineMicroseconds(Seconds(candidate.GetSeconds() - launch));
    const double loads = platform.loadsFromStore ? candidate.job.workers : 0;
    return candidate.job.workers * GetHours(billed) * GetPrice(prices, "vm:" + platform.machine) +
           GetRequestCost(prices, "s3:get", 0, loads, 0);
}

} // namespace

double
GetDesignCost(const AdviceRequest& request,
              const PriceTable& prices,
              const AdviceCandidate& candidate)
{
    const PlatformOffer& platform = request.platforms[candidate.design.platform];
    const EarlySteps early =
        platform.isFunction ? GetEarlySteps(platform, candidate) : EarlySteps{};
    const double channel = GetChannelCost(request, prices, candidate, early);
    const bool isRing = candidate.design.pattern == ExchangePattern::RING;
    const double ready = isRing ? 0 : request.channels[candidate.design.channel].startUp;
    return channel + (platform.isFunction
                          ? GetFunctionCost(platform, prices, candidate, early, ready)
                          : GetMachineCost(request, prices, candidate, ready));
}

} // namespace serverless
} // namespace ns3
