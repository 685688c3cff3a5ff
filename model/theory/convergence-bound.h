/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CONVERGENCE_BOUND_H
#define CONVERGENCE_BOUND_H

#include "mixing-coefficients.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-theory
 *
 * What Assumption 1 of Yu et al. (ICML 2019) knows of a problem: f is the mean of the workers'
 * expected losses f_i, and all replicas start from the same point.
 */
struct ConvergenceProblem
{
    uint32_t workers{1};        //!< n, at least 1
    double smoothness{1};       //!< L, Lipschitz constant of every f_i's gradient, above 0
    double gradientVariance{0}; //!< sigma^2, bound of E||sampled - true gradient of f_i||^2
    double workerVariance{0};   //!< zeta^2, bound of the mean over i of ||grad f_i - grad f||^2
    double initialGap{0};       //!< f(start) - min f, at least 0
};

/**
 * @ingroup distributed-learning-theory
 *
 * The right-hand side of Theorem 1, term by term. It bounds
 *
 *     (1/T) sum over t of E||grad f(mean model)||^2 + (1 - L rate) E||mean of local gradients||^2.
 */
struct ConvergenceBound
{
    double optimization{0};    //!< 2 gap / (rate T)
    double noise{0};           //!< rate L sigma^2 / n
    double mixing{0};          //!< 4 alpha2 L rate (sigma^2 + 3 zeta^2)
    double consensusNoise{0};  //!< K sigma^2 C1 / (1 - sqrt(beta))^2
    double consensusSpread{0}; //!< 3 K zeta^2 C1 / (1 - sqrt(beta))^2

    /**
     * The bound.
     * @return sum of the terms
     */
    double GetTotal() const;
};

/**
 * @ingroup distributed-learning-theory
 *
 * Bound of Theorem 1 on the mean squared gradient, with
 * C1 = 1 / (1 - 6 L^2 rate^2 / (1 - sqrt(beta))^2) and
 * K = 2 alpha2 L rate + L^2 rate^2 + 12 alpha2 L^3 rate^3.
 * @param problem the problem
 * @param mixing coefficients of the network
 * @param learningRate constant learning rate, above 0 and below GetLearningRateLimit()
 * @param rounds number T of rounds, at least 1
 * @return the bound's terms
 * @throws std::invalid_argument if an argument is out of its range or the theorem's condition
 * 1 - 6 L^2 rate^2 / (1 - sqrt(beta))^2 > 0 does not hold
 */
ConvergenceBound GetConvergenceBound(const ConvergenceProblem& problem,
                                     const MixingCoefficients& mixing,
                                     double learningRate,
                                     uint64_t rounds);

/**
 * @ingroup distributed-learning-theory
 *
 * Learning rate from which on Theorem 1 says nothing.
 * @param problem the problem
 * @param mixing coefficients of the network
 * @return (1 - sqrt(beta)) / (sqrt(6) L)
 * @throws std::invalid_argument if an argument is out of its range
 */
double GetLearningRateLimit(const ConvergenceProblem& problem, const MixingCoefficients& mixing);

/**
 * @ingroup distributed-learning-theory
 *
 * Learning rate of Corollary 2, which gives the rate O(1 / sqrt(n T)).
 * @param problem the problem
 * @param mixing coefficients of the network
 * @param rounds number T of rounds, at least 1
 * @return (1 - sqrt(beta)) / (6 L + 3 (sigma + zeta) sqrt(alpha2 T) + sigma sqrt(T / n))
 * @throws std::invalid_argument if an argument is out of its range
 */
double GetCorollaryLearningRate(const ConvergenceProblem& problem,
                                const MixingCoefficients& mixing,
                                uint64_t rounds);

/**
 * @ingroup distributed-learning-theory
 *
 * Factor by which drops enlarge the leading term of Corollary 2 against a network without drops.
 * A property of the bound: what is lost on a real problem is less, about 1 + 2 p on a quadratic.
 * @param workers number n of workers, at least 1
 * @param mixing coefficients of the network
 * @return (1 + sqrt(n alpha2)) / (1 - sqrt(beta)), infinite if all is dropped
 * @throws std::invalid_argument if an argument is out of its range
 */
double GetDropPenalty(uint32_t workers, const MixingCoefficients& mixing);

} // namespace learning
} // namespace ns3

#endif /* CONVERGENCE_BOUND_H */
