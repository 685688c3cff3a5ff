/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LAMBDAML_LOSS_CURVES_H
#define LAMBDAML_LOSS_CURVES_H

#include "../report/round-curve.h"

#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-lambdaml
 *
 * How steadily a loss falls.
 */
struct Steadiness
{
    double rising{0};    //!< share of the steps in which the loss rises
    double worst{0};     //!< largest rise
    double deviation{0}; //!< standard deviation of its changes
};

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Looks at the changes from one recorded point to the next.
 * @param curve points in order of time
 * @param last number of changes at the end that count; 0 for all
 * @return what was seen; not numbers for fewer than three points
 */
Steadiness MeasureSteadiness(const std::vector<RoundPoint>& curve, size_t last = 0);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * The first recorded round with a loss.
 * @param curve points in order of time
 * @param target the loss
 * @return its number; not a number if there is none
 */
double GetRoundToLoss(const std::vector<RoundPoint>& curve, double target);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Lowest loss.
 * @param curve points
 * @return the loss; not a number of no point
 */
double GetLowestLoss(const std::vector<RoundPoint>& curve);

} // namespace learning
} // namespace ns3

#endif /* LAMBDAML_LOSS_CURVES_H */
