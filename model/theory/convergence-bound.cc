/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "convergence-bound.h"

#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Refuses a value out of its range.
 * @param legal whether it is in range
 * @param name what it is
 * @param value the value
 * @param range the legal range
 */
void
Require(bool legal, const std::string& name, double value, const std::string& range)
{
    if (!legal)
    {
        std::ostringstream message;
        message << "convergence bound: " << name << " is " << value << ", but must be " << range;
        throw std::invalid_argument(message.str());
    }
}

/**
 * Refuses problems and coefficients that cannot be.
 * @param problem the problem
 * @param mixing the coefficients
 */
void
CheckArguments(const ConvergenceProblem& problem, const MixingCoefficients& mixing)
{
    Require(problem.workers >= 1, "number of workers", problem.workers, "at least 1");
    Require(problem.smoothness > 0, "smoothness", problem.smoothness, "above 0");
    Require(problem.gradientVariance >= 0,
            "gradient variance",
            problem.gradientVariance,
            "at least 0");
    Require(problem.workerVariance >= 0, "worker variance", problem.workerVariance, "at least 0");
    Require(problem.initialGap >= 0, "initial gap", problem.initialGap, "at least 0");
    Require(mixing.alpha2 >= 0 && mixing.alpha2 <= 1, "alpha2", mixing.alpha2, "in [0, 1]");
    Require(mixing.beta >= 0 && mixing.beta <= 1, "beta", mixing.beta, "in [0, 1]");
}

} // namespace

double
ConvergenceBound::GetTotal() const
{
    return optimization + noise + mixing + consensusNoise + consensusSpread;
}

ConvergenceBound
GetConvergenceBound(const ConvergenceProblem& problem,
                    const MixingCoefficients& mixing,
                    double learningRate,
                    uint64_t rounds)
{
    CheckArguments(problem, mixing);
    Require(learningRate > 0, "learning rate", learningRate, "above 0");
    Require(rounds >= 1, "number of rounds", static_cast<double>(rounds), "at least 1");
    const double limit = GetLearningRateLimit(problem, mixing);
    if (!(learningRate < limit))
    {
        std::ostringstream message;
        message << "convergence bound: learning rate " << learningRate
                << " breaks the condition of Theorem 1, which needs a rate below " << limit
                << " at smoothness " << problem.smoothness << " and beta " << mixing.beta;
        throw std::invalid_argument(message.str());
    }
    const double step = problem.smoothness * learningRate;
    const double gap = (1 - std::sqrt(mixing.beta)) * (1 - std::sqrt(mixing.beta));
    const double c1 = 1 / (1 - 6 * step * step / gap);
    const double k =
        2 * mixing.alpha2 * step + step * step + 12 * mixing.alpha2 * std::pow(step, 3);
    ConvergenceBound bound;
    bound.optimization = 2 * problem.initialGap / (learningRate * static_cast<double>(rounds));
    bound.noise = step * problem.gradientVariance / problem.workers;
    bound.mixing =
        4 * mixing.alpha2 * step * (problem.gradientVariance + 3 * problem.workerVariance);
    bound.consensusNoise = k * problem.gradientVariance * c1 / gap;
    bound.consensusSpread = 3 * k * problem.workerVariance * c1 / gap;
    return bound;
}

double
GetLearningRateLimit(const ConvergenceProblem& problem, const MixingCoefficients& mixing)
{
    CheckArguments(problem, mixing);
    return (1 - std::sqrt(mixing.beta)) / (std::sqrt(6.0) * problem.smoothness);
}

double
GetCorollaryLearningRate(const ConvergenceProblem& problem,
                         const MixingCoefficients& mixing,
                         uint64_t rounds)
{
    CheckArguments(problem, mixing);
    Require(rounds >= 1, "number of rounds", static_cast<double>(rounds), "at least 1");
    const double sigma = std::sqrt(problem.gradientVariance);
    const double zeta = std::sqrt(problem.workerVariance);
    const auto t = static_cast<double>(rounds);
    return (1 - std::sqrt(mixing.beta)) /
           (6 * problem.smoothness + 3 * (sigma + zeta) * std::sqrt(mixing.alpha2 * t) +
            sigma * std::sqrt(t / problem.workers));
}

double
GetDropPenalty(uint32_t workers, const MixingCoefficients& mixing)
{
    ConvergenceProblem problem;
    problem.workers = workers;
    CheckArguments(problem, mixing);
    return (1 + std::sqrt(workers * mixing.alpha2)) / (1 - std::sqrt(mixing.beta));
}

} // namespace learning
} // namespace ns3
