/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef NETWORK_STUDY_H
#define NETWORK_STUDY_H

#include "../report/run-selection.h"
#include "published-curves.h"

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
    double loss{0};      //!< share of learning segments that were dropped
    double mean{0};      //!< speed-up of the mean completion time
    double meanError{0}; //!< its standard error
    double tail{0};      //!< speed-up of the 99th percentile
};

/**
 * @ingroup distributed-learning-paper
 *
 * What a fixed completion time costs at one degree of priority.
 */
struct ServiceCost
{
    double loss{0};    //!< share of learning segments that were dropped
    double cost{0};    //!< messages a second at no priority over those here, both at the target
    double webRate{0}; //!< messages a second here
};

/**
 * @ingroup distributed-learning-paper
 *
 * Learning traffic that yields to a Web service: what the service gains by what the learning loses.
 *
 * Runs are told apart by the knobs webRate (messages a second) and queueDisc (the degree of
 * priority); a priority is named by the least loss it makes.
 */
class NetworkStudy
{
  public:
    /**
     * Takes the runs.
     * @param runs with web_mean_s, web_mean_se_s and web_p99_s in their summaries
     */
    explicit NetworkStudy(const RunSelection& runs);

    /**
     * Share of learning segments that a run dropped.
     * @param run the run
     * @return dropped / sent
     */
    static double GetLoss(const FinishedRun& run);

    /**
     * Speed-ups at a load, over the run that loses least.
     * @param webRate messages a second, as the knob has it
     * @return by ascending loss
     */
    std::vector<SpeedUp> GetSpeedUps(const std::string& webRate) const;

    /**
     * Costs at a completion time, interpolated between the loads, over the priority that loses
     * least.
     * @param target mean completion time in s
     * @return by ascending loss; priorities that no load brings to the target are left out
     */
    std::vector<ServiceCost> GetCosts(double target) const;

    /**
     * Mean completion time at a load without priority.
     * @param webRate messages a second, as the knob has it
     * @return seconds; not a number if there is no such run
     */
    double GetReferenceTime(const std::string& webRate) const;

  private:
    RunSelection m_runs; //!< the runs
};

/**
 * @ingroup distributed-learning-paper
 *
 * Points of a study as a curve.
 * @param points the points
 * @param member the ordinate
 * @return the curve, by ascending loss
 */
template <typename Point>
PublishedCurve
MakeCurve(const std::vector<Point>& points, double Point::*member)
{
    PublishedCurve curve;
    for (const auto& point : points)
    {
        curve.push_back({point.loss, point.*member});
    }
    return curve;
}

} // namespace learning
} // namespace ns3

#endif /* NETWORK_STUDY_H */
