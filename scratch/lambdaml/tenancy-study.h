/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TENANCY_STUDY_H
#define TENANCY_STUDY_H

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-lambdaml
 *
 * How jobs come.
 */
struct TenancyLoad
{
    double jobsPerHour{1};     //!< mean, above 0
    double burst{1};           //!< rate at peaks over the mean rate, at least 1
    double burstSeconds{1800}; //!< mean length of a peak; between peaks nothing comes
    double hours{1};           //!< for how long
};

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Arrivals of jobs: a Poisson process that is switched on for a share 1 / burst of the time, peaks
 * and pauses of exponential length.
 * @param load how jobs come
 * @param seed of the draws
 * @return times in s, ascending
 */
std::vector<double> DrawArrivals(const TenancyLoad& load, uint64_t seed);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Waiting times of jobs in the order of arrival, in front of fleets that each do one at a time.
 * @param arrivals times in s, ascending
 * @param fleets how many, at least 1
 * @param serviceSeconds what a job takes
 * @return s, by job
 */
std::vector<double> GetWaits(const std::vector<double>& arrivals,
                             uint32_t fleets,
                             double serviceSeconds);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * How many jobs wait too long.
 * @param waits s, by job; at least one
 * @param longest wait in s that is not too long
 * @return their share
 */
double GetLateShare(const std::vector<double>& waits, double longest);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * The smallest number of reserved fleets with which few jobs wait long.
 * @param arrivals times in s, ascending; at least one
 * @param serviceSeconds what a job takes
 * @param share of the jobs that may wait longer, in [0, 1)
 * @param longest wait in s, at least 0
 * @return number of fleets
 */
uint32_t GetNeededFleets(const std::vector<double>& arrivals,
                         double serviceSeconds,
                         double share,
                         double longest);

} // namespace learning
} // namespace ns3

#endif /* TENANCY_STUDY_H */
