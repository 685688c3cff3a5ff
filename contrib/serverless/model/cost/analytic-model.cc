/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "analytic-model.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace serverless
{

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
        return (w + 1) * whole + 2 * std::max(whole, w * shared);
    case ExchangePattern::SCATTER_REDUCE:
        return (3 * w - 2) * std::max(part, shared);
    case ExchangePattern::RING:
        return (2 * w - 2) * part;
    case ExchangePattern::PUSH_AND_PULL:
        return std::max(whole, w * shared) + job.latency +
               2 * w * job.vectorBytes * job.serialization;
    }
    return 0;
}

double
GetListTime(const AnalyticJob& job)
{
    switch (job.pattern)
    {
    case ExchangePattern::ALL_REDUCE:
        return job.latency;
    case ExchangePattern::SCATTER_REDUCE:
        return 2 * job.latency;
    case ExchangePattern::RING:
    case ExchangePattern::PUSH_AND_PULL:
        return 0;
    }
    return 0;
}

AnalyticTime
PredictAsPrinted(const AnalyticJob& job)
{
    AnalyticJob printed = job;
    if (printed.pattern == ExchangePattern::ALL_REDUCE)
    {
        printed.pattern = ExchangePattern::SCATTER_REDUCE;
    }
    return AnalyticTime{job.startUp,
                        job.dataBytes / job.loadRate,
                        job.rounds * GetExchangeTime(printed),
                        job.rounds * job.roundSeconds / job.workers};
}

AnalyticTime
Predict(const AnalyticJob& job)
{
    return AnalyticTime{job.startUp,
                        job.dataBytes / (job.workers * job.loadRate),
                        job.rounds * (GetExchangeTime(job) + GetListTime(job)),
                        job.rounds * job.roundSeconds / job.workers};
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
    return rate * latency * (2 * w - 5) / (w + 3 - (3 * w - 2) / w);
}

double
GetBreakEvenRatio(double machineHour, double gigabytes, double gigabyteSecond)
{
    return machineHour / (3600 * gigabytes * gigabyteSecond);
}

} // namespace serverless
} // namespace ns3
