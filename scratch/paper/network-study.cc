/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "network-study.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Runs by ascending loss.
 * @param selection the runs
 * @return them, in order
 */
std::vector<FinishedRun>
SortByLoss(const RunSelection& selection)
{
    auto runs = selection.GetRuns();
    std::stable_sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
        return NetworkStudy::GetLoss(a) < NetworkStudy::GetLoss(b);
    });
    return runs;
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
    const auto runs = SortByLoss(m_runs.Where("webRate", webRate));
    std::vector<SpeedUp> points;
    for (const auto& run : runs)
    {
        const double before = GetSummaryNumber(runs.front(), "web_mean_s");
        const double after = GetSummaryNumber(run, "web_mean_s");
        SpeedUp point;
        point.loss = GetLoss(run);
        point.mean = before / after;
        point.meanError =
            point.mean * std::hypot(GetSummaryNumber(runs.front(), "web_mean_se_s") / before,
                                    GetSummaryNumber(run, "web_mean_se_s") / after);
        point.tail =
            GetSummaryNumber(runs.front(), "web_p99_s") / GetSummaryNumber(run, "web_p99_s");
        points.push_back(point);
    }
    return points;
}

double
NetworkStudy::GetReferenceTime(const std::string& webRate) const
{
    const auto runs = SortByLoss(m_runs.Where("webRate", webRate));
    return runs.empty() ? std::numeric_limits<double>::quiet_NaN()
                        : GetSummaryNumber(runs.front(), "web_mean_s");
}

std::vector<ServiceCost>
NetworkStudy::GetCosts(double target) const
{
    std::vector<ServiceCost> points;
    for (const auto& priority : m_runs.GetValues("queueDisc"))
    {
        PublishedCurve rateByTime; // completion time to messages a second
        PublishedCurve lossByRate;
        const auto runs = m_runs.Where("queueDisc", priority);
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
            lossByRate.push_back({number, GetLoss(run)});
        }
        ServiceCost point;
        point.webRate = Interpolate(rateByTime, target);
        point.loss = Interpolate(lossByRate, point.webRate);
        if (!std::isnan(point.loss))
        {
            points.push_back(point);
        }
    }
    std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
        return a.loss < b.loss;
    });
    for (auto& point : points)
    {
        point.cost = points.front().webRate / point.webRate;
    }
    return points;
}

} // namespace learning
} // namespace ns3
