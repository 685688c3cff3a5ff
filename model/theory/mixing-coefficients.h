/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MIXING_COEFFICIENTS_H
#define MIXING_COEFFICIENTS_H

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-theory
 *
 * How well one round of push and pull mixes the workers' models when every message is dropped
 * independently: W is the random n x n matrix by which the workers' blocks are multiplied, column k
 * belonging to worker k, and A the matrix with all entries 1/n. Then
 *
 *     E[W W^T] = alpha1 I + (1 - alpha1) A,    E[W A W^T] = alpha2 I + (1 - alpha2) A.
 *
 * One round multiplies the consensus error by beta in expectation, and moves the mean model by a
 * random step whose expected square is alpha2 / n times the consensus error before it.
 *
 * All are dimensionless. Source: Yu et al., Distributed Learning over Unreliable Networks, ICML
 * 2019, equations 5 and 6, which define them and give no expressions. The closed forms used here
 * follow from the law of the number of contributors, and are arranged so that only positive terms
 * are added wherever a difference would lose digits: the relative error is below 1e-12 for up to
 * 10,000 workers and any drop rate.
 */
struct MixingCoefficients
{
    double alpha1{0}; //!< of E[W W^T], from 0 (no drops) to 1 (all dropped)
    double alpha2{0}; //!< of E[W A W^T], near 2 p (1 - p) / n
    double beta{0};   //!< alpha1 - alpha2, contraction of the consensus error
};

/**
 * @ingroup distributed-learning-theory
 *
 * Coefficients when the servers live on the workers' nodes and owners are permuted every round
 * (Algorithm 1): the owner of a block always has its own contribution and its own result.
 * @param workers number n of workers, at least 1; a single worker has nothing to mix: all are 0
 * @param dropRate probability p that a message is dropped, in [0, 1]
 * @return the coefficients
 * @throws std::invalid_argument if an argument is out of its range
 */
MixingCoefficients GetColocatedCoefficients(uint32_t workers, double dropRate);

/**
 * @ingroup distributed-learning-theory
 *
 * Coefficients when the servers have nodes of their own, so that every message crosses the network:
 * a server that received nothing sends nothing, and its block stays as it is. The number of servers
 * does not matter. Not in the paper; same definitions.
 * @param workers number n of workers, at least 1; a single worker has nothing to mix: all are 0
 * @param dropRate probability p that a message is dropped, in [0, 1]
 * @return the coefficients
 * @throws std::invalid_argument if an argument is out of its range
 */
MixingCoefficients GetDedicatedCoefficients(uint32_t workers, double dropRate);

/**
 * @ingroup distributed-learning-theory
 *
 * Mean of 1 / N, where N = 1 + Binomial(n - 1, 1 - p) is the number of contributions that a
 * co-located owner averages, its own included.
 * @param workers number n of workers, at least 1
 * @param dropRate probability p that a message is dropped, in [0, 1]
 * @return (1 - p^n) / (n (1 - p)), from 1 / n to 1
 * @throws std::invalid_argument if an argument is out of its range
 */
double GetMeanInverseContributors(uint32_t workers, double dropRate);

/**
 * @ingroup distributed-learning-theory
 *
 * Expected row sums of W when block owners are fixed, not permuted: the weight of a worker's block
 * in the sum over all workers after the round. All would be 1 if the mean model were kept.
 */
struct FixedOwnerRowSums
{
    double owner{1}; //!< row of the block's owner, at least 1
    double other{1}; //!< row of each other worker, at most 1
};

/**
 * @ingroup distributed-learning-theory
 *
 * How far fixed owners pull the mean model towards themselves.
 * @param workers number n of workers, at least 1
 * @param dropRate probability p that a message is dropped, in [0, 1]
 * @return the expected row sums; owner + (n - 1) other = n
 * @throws std::invalid_argument if an argument is out of its range
 */
FixedOwnerRowSums GetFixedOwnerRowSums(uint32_t workers, double dropRate);

} // namespace learning
} // namespace ns3

#endif /* MIXING_COEFFICIENTS_H */
