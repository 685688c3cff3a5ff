/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "loss-curves.h"

#include "../report/drop-rate-study.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{
constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();
} // namespace

Steadiness
MeasureSteadiness(const std::vector<RoundPoint>& curve, size_t last)
{
    if (curve.size() < 3)
    {
        return {NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER};
    }
    std::vector<double> changes;
    for (size_t i = 1; i < curve.size(); ++i)
    {
        changes.push_back(curve[i].loss - curve[i - 1].loss);
    }
    if (last != 0 && last < changes.size())
    {
        changes.erase(changes.begin(), changes.end() - static_cast<std::ptrdiff_t>(last));
    }
    const auto rising =
        std::count_if(changes.begin(), changes.end(), [](double change) { return change > 0; });
    return {static_cast<double>(rising) / static_cast<double>(changes.size()),
            std::max(0.0, *std::max_element(changes.begin(), changes.end())),
            SeedStatistic::Of(changes).deviation};
}

double
GetRoundToLoss(const std::vector<RoundPoint>& curve, double target)
{
    for (const RoundPoint& point : curve)
    {
        if (point.loss <= target)
        {
            return point.round;
        }
    }
    return NOT_A_NUMBER;
}

double
GetLowestLoss(const std::vector<RoundPoint>& curve)
{
    double lowest = NOT_A_NUMBER;
    for (const RoundPoint& point : curve)
    {
        lowest = point.loss < lowest || lowest != lowest ? point.loss : lowest;
    }
    return lowest;
}

} // namespace learning
} // namespace ns3
