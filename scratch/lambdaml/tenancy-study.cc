/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tenancy-study.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <random>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Draws from the exponential law, the same on all machines.
 * @param engine source of randomness
 * @param mean the mean
 * @return a draw
 */
double
DrawExponential(std::mt19937_64& engine, double mean)
{
    const double uniform = static_cast<double>(engine() >> 11) * 0x1p-53; // in [0, 1)
    return -mean * std::log1p(-uniform);
}

} // namespace

std::vector<double>
DrawArrivals(const TenancyLoad& load, uint64_t seed)
{
    std::mt19937_64 engine(seed);
    const double end = load.hours * 3600;
    const double gap = 3600 / (load.jobsPerHour * load.burst);
    const double pause = load.burstSeconds * (load.burst - 1);
    std::vector<double> arrivals;
    double begin = 0;
    while (begin < end)
    {
        const double stop =
            load.burst > 1 ? begin + DrawExponential(engine, load.burstSeconds) : end;
        for (double time = begin + DrawExponential(engine, gap); time < std::min(stop, end);
             time += DrawExponential(engine, gap))
        {
            arrivals.push_back(time);
        }
        begin = load.burst > 1 ? stop + DrawExponential(engine, pause) : end;
    }
    return arrivals;
}

std::vector<double>
GetWaits(const std::vector<double>& arrivals, uint32_t fleets, double serviceSeconds)
{
    std::priority_queue<double, std::vector<double>, std::greater<>> free; // when each is
    for (uint32_t i = 0; i < fleets; ++i)
    {
        free.push(0);
    }
    std::vector<double> waits;
    for (const double arrival : arrivals)
    {
        const double begin = std::max(arrival, free.top());
        free.pop();
        free.push(begin + serviceSeconds);
        waits.push_back(begin - arrival);
    }
    return waits;
}

double
GetLateShare(const std::vector<double>& waits, double longest)
{
    const auto late = std::count_if(waits.begin(), waits.end(), [longest](double wait) {
        return wait > longest;
    });
    return static_cast<double>(late) / static_cast<double>(waits.size());
}

uint32_t
GetNeededFleets(const std::vector<double>& arrivals,
                double serviceSeconds,
                double share,
                double longest)
{
    uint32_t fleets = 1;
    while (GetLateShare(GetWaits(arrivals, fleets, serviceSeconds), longest) > share)
    {
        ++fleets;
    }
    return fleets;
}

} // namespace learning
} // namespace ns3
