/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "network-study.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>

namespace ns3
{
namespace learning
{

namespace
{

constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();

/// A load, and what learning loses there.
struct Load
{
    double webRate{0}; //!< messages a second
    double loss{0};    //!< share of learning segments that were dropped
};

/**
 * Mean loss.
 * @param runs the runs
 * @return mean over them; not a number if there is none
 */
double
GetMeanLoss(const RunSelection& runs)
{
    std::vector<double> losses;
    for (const auto& run : runs.GetRuns())
    {
        losses.push_back(NetworkStudy::GetLoss(run));
    }
    return SeedStatistic::Of(losses).mean;
}

/**
 * Priorities by the loss that they make.
 * @param runs the runs
 * @return values of the knob queueDisc, by ascending mean loss
 */
std::vector<std::string>
SortPriorities(const RunSelection& runs)
{
    auto priorities = runs.GetValues("queueDisc");
    std::stable_sort(priorities.begin(), priorities.end(), [&runs](const auto& a, const auto& b) {
        return GetMeanLoss(runs.Where("queueDisc", a)) < GetMeanLoss(runs.Where("queueDisc", b));
    });
    return priorities;
}

/**
 * Load at which a priority keeps to a completion time.
 * @param runs of one priority and one seed
 * @param target mean completion time in s
 * @return messages a second and the loss there; not numbers if no load brings it there
 */
Load
FindLoad(const RunSelection& runs, double target)
{
    PublishedCurve rateByTime; // completion time to messages a second
    PublishedCurve lossByRate;
    for (const auto& rate : runs.GetValues("webRate"))
    {
        const FinishedRun run = runs.Where("webRate", rate).GetRuns().front();
        const double time = GetSummaryNumber(run, "web_mean_s");
        const double number = std::atof(rate.c_str());
        // the largest load that meets the target counts, should chance make times fall
        if (rateByTime.empty() || time > rateByTime.back().x)
        {
            rateByTime.push_back({time, number});
        }
        lossByRate.push_back({number, NetworkStudy::GetLoss(run)});
    }
    const double rate = Interpolate(rateByTime, target);
    return {rate, Interpolate(lossByRate, rate)};
}

/**
 * A value between points.
 * @param curves of each seed
 * @param x the abscissa
 * @return over the seeds whose curves reach there
 */
SeedStatistic
InterpolateEach(std::map<std::string, PublishedCurve>& curves, double x)
{
    std::vector<double> values;
    for (auto& [seed, curve] : curves)
    {
        std::stable_sort(curve.begin(), curve.end(), [](const auto& a, const auto& b) {
            return a.x < b.x;
        });
        const double value = Interpolate(curve, x);
        if (!std::isnan(value))
        {
            values.push_back(value);
        }
    }
    return SeedStatistic::Of(values);
}

} // namespace

NetworkStudy::NetworkStudy(const RunSelection& runs)
    : m_runs(runs)
{
}

double
NetworkStudy::GetLoss(const FinishedRun& run)
{
    return GetSummaryNumber(run, "segments_dropped") / GetSummaryNumber(run, "segments_sent");
}

std::vector<SpeedUp>
NetworkStudy::GetSpeedUps(const std::string& webRate) const
{
    const auto runs = m_runs.Where("webRate", webRate);
    const auto priorities = SortPriorities(runs);
    std::vector<SpeedUp> points;
    for (const auto& priority : priorities)
    {
        const auto before = runs.Where("queueDisc", priorities.front());
        const auto after = runs.Where("queueDisc", priority);
        points.push_back({GetMeanLoss(after),
                          before.GetRatio(after, "web_mean_s"),
                          before.GetRatio(after, "web_p99_s")});
    }
    return points;
}

SeedStatistic
NetworkStudy::GetSpeedUpAt(const std::string& webRate, double loss) const
{
    const auto runs = m_runs.Where("webRate", webRate);
    const auto priorities = SortPriorities(runs);
    std::map<std::string, PublishedCurve> curves;
    for (const auto& seed : runs.GetValues("RngRun"))
    {
        const auto ofSeed = runs.Where("RngRun", seed);
        const auto before = ofSeed.Where("queueDisc", priorities.front());
        for (const auto& run : ofSeed.GetRuns())
        {
            curves[seed].push_back(
                {GetLoss(run), before.GetRatio(RunSelection({run}), "web_mean_s").mean});
        }
    }
    return InterpolateEach(curves, loss);
}

double
NetworkStudy::GetReferenceTime(const std::string& webRate) const
{
    const auto runs = m_runs.Where("webRate", webRate);
    const auto priorities = SortPriorities(runs);
    return priorities.empty()
               ? NOT_A_NUMBER
               : runs.Where("queueDisc", priorities.front()).GetStatistic("web_mean_s").mean;
}

std::map<std::string, std::vector<NetworkStudy::SeedCost>>
NetworkStudy::GetSeedCosts(double target) const
{
    std::map<std::string, std::vector<SeedCost>> costs;
    const auto priorities = SortPriorities(m_runs);
    for (const auto& seed : m_runs.GetValues("RngRun"))
    {
        const auto runs = m_runs.Where("RngRun", seed);
        const Load base = FindLoad(runs.Where("queueDisc", priorities.front()), target);
        for (const auto& priority : priorities)
        {
            const Load load = FindLoad(runs.Where("queueDisc", priority), target);
            if (!std::isnan(load.loss) && !std::isnan(base.loss))
            {
                costs[priority].push_back(
                    {seed, load.loss, base.webRate / load.webRate, load.webRate});
            }
        }
    }
    return costs;
}

std::vector<ServiceCost>
NetworkStudy::GetCosts(double target) const
{
    std::vector<ServiceCost> points;
    for (const auto& [priority, costs] : GetSeedCosts(target))
    {
        std::vector<double> loss;
        std::vector<double> cost;
        std::vector<double> webRate;
        for (const auto& ofSeed : costs)
        {
            loss.push_back(ofSeed.loss);
            cost.push_back(ofSeed.cost);
            webRate.push_back(ofSeed.webRate);
        }
        points.push_back({SeedStatistic::Of(loss).mean,
                          SeedStatistic::Of(cost),
                          SeedStatistic::Of(webRate).mean});
    }
    std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
        return a.loss < b.loss;
    });
    return points;
}

SeedStatistic
NetworkStudy::GetCostAt(double target, double loss) const
{
    std::map<std::string, PublishedCurve> curves;
    for (const auto& [priority, costs] : GetSeedCosts(target))
    {
        for (const auto& ofSeed : costs)
        {
            curves[ofSeed.seed].push_back({ofSeed.loss, ofSeed.cost});
        }
    }
    return InterpolateEach(curves, loss);
}

} // namespace learning
} // namespace ns3
