/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ROUND_CURVE_H
#define ROUND_CURVE_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Training loss at the end of one recorded round.
 */
struct RoundPoint
{
    double round{0}; //!< number of the round
    double time{0};  //!< simulated seconds since the start
    double loss{0};  //!< training loss of the mean model, or what else was read
};

/**
 * @ingroup distributed-learning-sweep
 *
 * Reads the columns round, time_s and a loss of a scenario's per-round CSV file. Rows without a
 * finite loss are left out: rounds that were not evaluated, or a run that has diverged.
 *
 * @param file path of the file, its first line the names of the columns
 * @param column name of the loss, or of another number
 * @return its points, in the order of the file
 * @throws std::runtime_error naming the file, and the line, if a column is absent or a number is
 * not one
 */
std::vector<RoundPoint> ReadRoundCurve(const std::string& file,
                                       const std::string& column = "train_loss");

/**
 * @ingroup distributed-learning-sweep
 *
 * Mean over curves, round by round. A round counts if all curves have it.
 * @param curves the curves of several seeds
 * @return mean time and loss, by ascending round
 */
std::vector<RoundPoint> AverageCurves(const std::vector<std::vector<RoundPoint>>& curves);

/**
 * @ingroup distributed-learning-sweep
 *
 * When a curve first comes down to a loss, linearly between its points.
 * @param curve points by ascending round
 * @param target the loss
 * @return simulated seconds since the start; not a number if it never does
 */
double GetTimeToLoss(const std::vector<RoundPoint>& curve, double target);

} // namespace learning
} // namespace ns3

#endif /* ROUND_CURVE_H */
