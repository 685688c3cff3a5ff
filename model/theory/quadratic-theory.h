/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef QUADRATIC_THEORY_H
#define QUADRATIC_THEORY_H

#include "mixing-coefficients.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-theory
 *
 * The homogeneous quadratic, on which training over drops is solved exactly: every worker has the
 * loss (h/2) ||x||^2 and samples gradients h x + noise, the noise independent between workers and
 * rounds, with mean 0 and total variance s2 over all coordinates. Plain SGD with a constant rate.
 */
struct QuadraticProblem
{
    uint32_t workers{1};        //!< n, at least 1
    double curvature{1};        //!< h, above 0
    double gradientVariance{1}; //!< s2, at least 0
    double learningRate{0.05};  //!< rate, above 0
};

/**
 * @ingroup distributed-learning-theory
 *
 * Second moments of the workers' models after a round; both in squared units of the model.
 */
struct QuadraticState
{
    double meanSquare{0};     //!< m = E||mean model||^2, where the optimum is 0
    double consensusError{0}; //!< D = E of the sum over workers of ||model - mean model||^2
};

/**
 * @ingroup distributed-learning-theory
 *
 * What a round makes of the moments: m' = mm m + md D + m0 and D' = dm m + dd D + d0.
 */
struct QuadraticRecursion
{
    double mm{1}; //!< of m in m'
    double md{0}; //!< of D in m'
    double m0{0}; //!< what noise adds to m
    double dm{0}; //!< of m in D'
    double dd{1}; //!< of D in D'
    double d0{0}; //!< what noise adds to D

    /**
     * One round.
     * @param state moments before it
     * @return moments after it
     */
    QuadraticState Advance(const QuadraticState& state) const;

    /**
     * Where the moments settle when all replicas start equal.
     * @return the fixed point
     * @throws std::runtime_error if the moments grow without bound
     */
    QuadraticState GetStationaryState() const;
};

/**
 * @ingroup distributed-learning-theory
 *
 * What a worker does with a block of the mean gradient that did not arrive.
 */
enum class MissingGradient
{
    OWN_GRADIENT, //!< it steps along its own gradient
    ZERO_UPDATE   //!< it does not step
};

/**
 * @ingroup distributed-learning-theory
 *
 * Recursion of RPS (Algorithm 1: a local step, then model averaging). From the round identities,
 * with r = 1 - rate h:
 *
 *     U = r^2 D + rate^2 (n - 1) s2,   D' = beta U,   m' = r^2 m + rate^2 s2 / n + (alpha2 / n) U.
 *
 * It settles at m = rate^2 s2 / (n (1 - r^2)) (1 + (n - 1) alpha2 / (1 - beta r^2)) and
 * D = beta rate^2 (n - 1) s2 / (1 - beta r^2).
 * @param problem the problem
 * @param mixing coefficients of the network
 * @return the recursion
 * @throws std::invalid_argument if an argument is out of its range
 */
QuadraticRecursion GetModelAveragingRecursion(const QuadraticProblem& problem,
                                              const MixingCoefficients& mixing);

/**
 * @ingroup distributed-learning-theory
 *
 * Recursion of gradient averaging with co-located servers, permuted owners and the same drops: the
 * gradients of block owners are averaged over those that arrived, and every worker steps from its
 * own model.
 *
 * With OWN_GRADIENT the consensus error settles near n rate s2 / (2 h), that of workers which never
 * talked, whatever the drop rate above 0. With ZERO_UPDATE it grows by
 * rate^2 s2 p (n - 1) / n (mu - q) E[1/N] a round at first, and turns only after about
 * n (n - 1) / (2 rate h p (n E[1/N] - 1)) rounds.
 * @param problem the problem
 * @param dropRate probability p that a message is dropped, in [0, 1]
 * @param missing what a worker does with a block that did not arrive
 * @return the recursion
 * @throws std::invalid_argument if an argument is out of its range
 */
QuadraticRecursion GetGradientAveragingRecursion(const QuadraticProblem& problem,
                                                 double dropRate,
                                                 MissingGradient missing);

} // namespace learning
} // namespace ns3

#endif /* QUADRATIC_THEORY_H */
