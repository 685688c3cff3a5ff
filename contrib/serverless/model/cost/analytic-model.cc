/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "analytic-model.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{
namespace serverless
{

namespace
{

constexpr double LEAST_LOOK = 80e-6; //!< s of a look over a channel without latency, as simulated
constexpr uint32_t FEW_WORKERS = 4;  //!< of AllReduce, whose rounds' overlap is predicted

/**
 * Time of a look that finds nothing: a latency, or what frames and threads take where there is
 * none.
 * @param job the job
 * @return s, above 0
 */
double
GetLookTime(const AnalyticJob& job)
{
    return std::max(job.latency, LEAST_LOOK);
}

/**
 * LISTs of the leader of AllReduce, but for the last, while others begin one after another, at
 * equal distances: it LISTs, GETs and deletes what has come, and LISTs again at once. As long as
 * all others have to wait for it, each of its turns takes whatever has come meanwhile.
 * @param job the job, of two workers at least
 * @return their number
 */
double
GetEarlyLists(const AnalyticJob& job)
{
    const double others = job.workers - 1;
    const double look = GetLookTime(job);
    const double deletion = job.deletes ? job.latency : 0;
    const double gets = others * (job.vectorBytes / job.rate + job.latency);
    const double left = std::max(0.0, job.leaderSkew - gets);
    const double turns = std::min(others, left / (look + deletion));
    return (left - turns * deletion) / look;
}

/**
 * Adds what functions lose whose life ends before the job.
 * @param job the job
 * @param time of the job without; restarts and their times are added
 */
void
AddRestarts(const AnalyticJob& job, AnalyticTime& time)
{
    double roundsOfLife = std::numeric_limits<double>::infinity();
    if (job.lifetime > 0)
    {
        const double round = (time.communication + time.computation + time.waiting) / job.rounds;
        // at its end it may wait for another one that loads
        const double loads = job.checkpoints ? 2 : 1;
        roundsOfLife = std::floor((job.lifetime - loads * time.load) / round);
    }
    if (job.roundsPerInvocation > 0)
    {
        roundsOfLife = std::min(roundsOfLife, job.roundsPerInvocation);
    }
    if (!(roundsOfLife >= 1))
    {
        time.restarts = std::numeric_limits<double>::infinity();
        return;
    }
    time.restarts = std::max(0.0, std::ceil(job.rounds / roundsOfLife) - 1);
    if (time.restarts > 0)
    {
        const double shared =
            job.loadAggregate > 0 ? job.workers * job.vectorBytes / job.loadAggregate : 0;
        const double transfer = std::max(job.vectorBytes / job.loadRate, shared) + job.loadLatency;
        time.startUp += time.restarts * job.restart;
        time.load += time.restarts * (time.load + transfer);
        time.checkpoint = time.restarts * transfer;
    }
}

} // namespace

double
GetExchangeTime(const AnalyticJob& job)
{
    const double w = job.workers;
    const double whole = job.vectorBytes / job.rate + job.latency;
    const double part = job.vectorBytes / (w * job.rate) + job.latency;
    const double shared = job.aggregateRate > 0 ? job.vectorBytes / job.aggregateRate : 0;
    switch (job.pattern)
    {
    case ExchangePattern::ALL_REDUCE:
        if (job.workers == 1)
        {
            return 3 * whole;
        }
        return (w + 1) * whole + 2 * std::max(whole, w * shared);
    case ExchangePattern::SCATTER_REDUCE:
        return (3 * w - 2) * std::max(part, shared);
    case ExchangePattern::RING:
        return (2 * w - 2) * part;
    case ExchangePattern::PUSH_AND_PULL:
        return std::max(whole, w * shared) + job.latency +
               2 * job.vectorBytes *
                   std::max(w * job.serialization, job.serialization + job.workerSerialization);
    case ExchangePattern::ASYNCHRONOUS:
        return 2 * std::max(whole, w * shared);
    case ExchangePattern::STALE:
        return (w + 1) * std::max(whole, w * shared);
    }
    return 0;
}

double
GetListTime(const AnalyticJob& job)
{
    switch (job.pattern)
    {
    case ExchangePattern::ALL_REDUCE:
    case ExchangePattern::STALE:
        return job.lists * job.latency;
    case ExchangePattern::SCATTER_REDUCE:
        return (job.lists + job.sumLists) * job.latency;
    case ExchangePattern::PUSH_AND_PULL:
        return 2 * job.latency;
    case ExchangePattern::RING:
    case ExchangePattern::ASYNCHRONOUS:
        return 0;
    }
    return 0;
}

double
GetDeletionTime(const AnalyticJob& job)
{
    if (!job.deletes)
    {
        return 0;
    }
    switch (job.pattern)
    {
    case ExchangePattern::ALL_REDUCE:
    case ExchangePattern::STALE:
        return job.latency;
    case ExchangePattern::SCATTER_REDUCE:
        return (job.workers - 1) * job.latency;
    default:
        return 0;
    }
}

double
GetFewWorkersTime(const AnalyticJob& job)
{
    if (job.pattern != ExchangePattern::ALL_REDUCE || job.workers > FEW_WORKERS)
    {
        return 0;
    }
    const double later = 1 - 1 / std::max(1.0, job.rounds); // rounds that follow another one
    const double deletion = job.deletes ? job.latency : 0;
    if (job.workers == 1)
    {
        return (1 + later) * deletion;
    }
    const double whole = job.vectorBytes / job.rate + job.latency;
    const double shared = job.aggregateRate > 0 ? job.vectorBytes / job.aggregateRate : 0;
    const double sum = std::max(whole, job.workers * shared); // which the others GET
    const double cleanUp = 2 * deletion;
    if (!job.polls)
    {
        return later * std::max(0.0, cleanUp - sum);
    }
    const double interval = job.pollInterval + GetLookTime(job);
    // how often the leader's first look of a round comes before the others' vectors
    const double alone =
        std::min(1.0, std::max(0.0, (sum + interval - cleanUp - job.latency) / interval));
    const double together = cleanUp - sum;
    const double apart = std::max(cleanUp + job.latency + whole + deletion, sum) - whole - sum;
    return later * (together + alone * (apart - together));
}

double
GetStepTime(const AnalyticJob& job)
{
    return GetExchangeTime(job) + GetListTime(job) + GetDeletionTime(job) + GetFewWorkersTime(job);
}

AnalyticPolls
GetPolls(const AnalyticJob& job)
{
    AnalyticPolls polls;
    if (!job.polls || job.workers < 2)
    {
        return polls;
    }
    const double w = job.workers;
    // for the slowest, and in the first round for the last one to begin
    const double straggling = job.roundSeconds / w * (job.largestSlowdown - job.meanSlowdown);
    const double waiting = straggling + job.skew / std::max(1.0, job.rounds);
    const double whole = job.vectorBytes / job.rate + job.latency;
    const double look = GetLookTime(job);
    const double interval = job.pollInterval + look;
    if (job.pattern == ExchangePattern::ALL_REDUCE)
    {
        const double sum = waiting + GetStepTime(job) - 2 * whole; // until it is there
        polls.gets = (w - 1) * std::ceil(std::max(0.0, sum - job.latency) / interval);
        // the leader has listed and deleted sums when the others have read this one, and finds its
        // own part alone
        const double early = interval / 2 + whole - (job.deletes ? 2 * job.latency : 0);
        polls.lists = std::min(1.0, std::max(0.0, early) / look) +
                      std::max(0.0, straggling - w * whole) / look +
                      GetEarlyLists(job) / std::max(1.0, job.rounds);
    }
    else if (job.pattern == ExchangePattern::SCATTER_REDUCE)
    {
        polls.lists = w * job.lists * waiting / (job.pollInterval + job.lists * look);
    }
    return polls;
}

AnalyticTime
PredictAsPrinted(const AnalyticJob& job)
{
    AnalyticJob printed = job;
    printed.aggregateRate = 0; // of which the reference says nothing
    if (printed.pattern == ExchangePattern::ALL_REDUCE)
    {
        printed.pattern = ExchangePattern::SCATTER_REDUCE;
    }
    AnalyticTime time;
    time.startUp = job.startUp;
    time.load = job.dataBytes / job.loadRate;
    time.communication = job.rounds * GetExchangeTime(printed);
    time.computation = job.rounds * job.roundSeconds / job.workers;
    return time;
}

AnalyticTime
Predict(const AnalyticJob& job)
{
    const double compute = job.rounds * job.roundSeconds / job.workers;
    AnalyticTime time;
    time.startUp = job.startUp;
    time.load = job.dataBytes / (job.workers * job.loadRate);
    if (job.loadAggregate > 0)
    {
        time.load = std::max(time.load, job.dataBytes / job.loadAggregate);
    }
    time.load += job.loadLatency;
    time.communication = job.rounds * GetStepTime(job);
    time.computation = compute * job.meanSlowdown;
    if (job.pattern != ExchangePattern::ASYNCHRONOUS && job.pattern != ExchangePattern::STALE)
    {
        time.waiting = compute * (job.largestSlowdown - job.meanSlowdown);
    }
    AddRestarts(job, time);
    return time;
}

double
GetBestWorkers(double roundSeconds, double latency)
{
    return std::sqrt(roundSeconds / (3 * latency));
}

double
GetCrossoverBytes(uint32_t workers, double rate, double latency)
{
    // (w + 3)(m/B + L) = (3w - 2)(m/(wB) + L)
    const double w = workers;
    return std::max(0.0, rate * latency * (2 * w - 5) / (w + 3 - (3 * w - 2) / w));
}

double
GetBreakEvenRatio(double machineHour, double gigabytes, double gigabyteSecond)
{
    return machineHour / (3600 * gigabytes * gigabyteSecond);
}

} // namespace serverless
} // namespace ns3
