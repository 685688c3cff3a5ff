/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef NETWORK_STUDY_H
#define NETWORK_STUDY_H

#include "../report/run-selection.h"
#include "published-curves.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-paper
 *
 * What web messages gain at one degree of priority over learning traffic.
 */
struct SpeedUp
{
    double loss{0};     //!< share of learning segments that were dropped, mean over the seeds
    SeedStatistic mean; //!< speed-up of the mean completion time
    SeedStatistic tail; //!< speed-up of the 99th percentile
};

/**
 * @ingroup distributed-learning-paper
 *
 * What a fixed completion time costs at one degree of priority.
 */
struct ServiceCost
{
    double loss{0};     //!< share of learning segments that were dropped, mean over the seeds
    SeedStatistic cost; //!< messages a second at no priority over those here, both at the target
    double webRate{0};  //!< messages a second here, mean over the seeds
};

/**
 * @ingroup distributed-learning-paper
 *
 * Learning traffic that yields to a Web service: what the service gains by what the learning loses.
 *
 * Runs are told apart by the knobs webRate (messages a second) and queueDisc (the degree of
 * priority), and paired by their seeds: each seed gives a speed-up, a cost, or a value between two
 * points of its own curve, and the spread over the seeds is the error of every one of them.
 */
class NetworkStudy
{
  public:
    /**
     * Takes the runs.
     * @param runs with web_mean_s and web_p99_s in their summaries
     */
    explicit NetworkStudy(const RunSelection& runs);

    /**
     * Share of learning segments that a run dropped.
     * @param run the run
     * @return dropped / sent
     */
    static double GetLoss(const FinishedRun& run);

    /**
     * Speed-ups at a load, over the priority that loses least.
     * @param webRate messages a second, as the knob has it
     * @return by ascending loss
     */
    std::vector<SpeedUp> GetSpeedUps(const std::string& webRate) const;

    /**
     * Speed-up of the mean completion time at a loss, between the two points next to it.
     * @param webRate messages a second, as the knob has it
     * @param loss share of learning segments that are dropped
     * @return over the seeds whose points lie on both sides of the loss
     */
    SeedStatistic GetSpeedUpAt(const std::string& webRate, double loss) const;

    /**
     * Costs at a completion time, interpolated between the loads, over the priority that loses
     * least.
     * @param target mean completion time in s
     * @return by ascending loss; priorities that no load brings to the target are left out
     */
    std::vector<ServiceCost> GetCosts(double target) const;

    /**
     * Cost at a completion time and a loss, between the two points next to it.
     * @param target mean completion time in s
     * @param loss share of learning segments that are dropped
     * @return over the seeds whose points lie on both sides of the loss
     */
    SeedStatistic GetCostAt(double target, double loss) const;

    /**
     * Mean completion time at a load without priority.
     * @param webRate messages a second, as the knob has it
     * @return seconds; not a number if there is no such run
     */
    double GetReferenceTime(const std::string& webRate) const;

  private:
    /// What one seed says about the cost of a priority.
    struct SeedCost
    {
        std::string seed;  //!< its number
        double loss{0};    //!< share of learning segments that were dropped
        double cost{0};    //!< messages a second at no priority over those here
        double webRate{0}; //!< messages a second here
    };

    /**
     * Costs of each seed at a completion time.
     * @param target mean completion time in s
     * @return by priority; without seeds that no load brings to the target, with or without it
     */
    std::map<std::string, std::vector<SeedCost>> GetSeedCosts(double target) const;

    RunSelection m_runs; //!< the runs
};

/**
 * @ingroup distributed-learning-paper
 *
 * Points of a study as a curve.
 * @param points the points
 * @param member the ordinate
 * @return means over the seeds, by ascending loss
 */
template <typename Point>
PublishedCurve
MakeCurve(const std::vector<Point>& points, SeedStatistic Point::*member)
{
    PublishedCurve curve;
    for (const auto& point : points)
    {
        curve.push_back({point.loss, (point.*member).mean});
    }
    return curve;
}

} // namespace learning
} // namespace ns3

#endif /* NETWORK_STUDY_H */
