/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "quadratic-theory.h"

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
 * Refuses problems that cannot be.
 * @param problem the problem
 */
void
CheckProblem(const QuadraticProblem& problem)
{
    auto require = [](bool legal, const std::string& name, double value, const char* range) {
        if (!legal)
        {
            std::ostringstream message;
            message << "quadratic: " << name << " is " << value << ", but must be " << range;
            throw std::invalid_argument(message.str());
        }
    };
    require(problem.workers >= 1, "number of workers", problem.workers, "at least 1");
    require(problem.curvature > 0, "curvature", problem.curvature, "above 0");
    require(problem.gradientVariance >= 0,
            "gradient variance",
            problem.gradientVariance,
            "at least 0");
    require(problem.learningRate > 0, "learning rate", problem.learningRate, "above 0");
}

} // namespace

QuadraticState
QuadraticRecursion::Advance(const QuadraticState& state) const
{
    QuadraticState next;
    next.meanSquare = mm * state.meanSquare + md * state.consensusError + m0;
    next.consensusError = dm * state.meanSquare + dd * state.consensusError + d0;
    return next;
}

QuadraticState
QuadraticRecursion::GetStationaryState() const
{
    // Nothing drives the replicas apart: they stay equal, however slowly D would shrink.
    const bool equal = dm == 0 && d0 == 0;
    const double determinant = (1 - mm) * (1 - dd) - md * dm;
    // Second moments have coefficients of at least 0, for which this is stability.
    if (!(mm < 1 && (equal || (dd < 1 && determinant > 0))))
    {
        throw std::runtime_error(
            "quadratic: there is no stationary state: the moments grow without bound");
    }
    QuadraticState state;
    state.consensusError = equal ? 0 : ((1 - mm) * d0 + dm * m0) / determinant;
    state.meanSquare = (m0 + md * state.consensusError) / (1 - mm);
    return state;
}

QuadraticRecursion
GetModelAveragingRecursion(const QuadraticProblem& problem, const MixingCoefficients& mixing)
{
    CheckProblem(problem);
    const double n = problem.workers;
    const double shrink = 1 - problem.learningRate * problem.curvature;
    const double noise = problem.learningRate * problem.learningRate * problem.gradientVariance;
    QuadraticRecursion recursion;
    recursion.mm = shrink * shrink;
    recursion.md = mixing.alpha2 / n * shrink * shrink;
    recursion.m0 = noise / n + mixing.alpha2 / n * (n - 1) * noise;
    recursion.dd = mixing.beta * shrink * shrink;
    recursion.d0 = mixing.beta * (n - 1) * noise;
    return recursion;
}

QuadraticRecursion
GetGradientAveragingRecursion(const QuadraticProblem& problem,
                              double dropRate,
                              MissingGradient missing)
{
    CheckProblem(problem);
    const double n = problem.workers;
    const double p = dropRate;
    const double q = 1 - p;
    const double step = problem.learningRate * problem.curvature;
    const double noise = problem.learningRate * problem.learningRate * problem.gradientVariance;
    const double inverse = GetMeanInverseContributors(problem.workers, dropRate);
    QuadraticRecursion recursion;
    if (problem.workers == 1)
    {
        recursion.mm = (1 - step) * (1 - step);
        recursion.m0 = noise;
        return recursion;
    }
    if (missing == MissingGradient::OWN_GRADIENT)
    {
        // X' = X - rate G W with E[W] = keep I + (1 - keep) A, as tr E[W] = q + p E[1/N] + (n - 1)
        // p.
        const MixingCoefficients mixing = GetColocatedCoefficients(problem.workers, dropRate);
        const double keep = p - p * (1 - inverse) / (n - 1);
        recursion.mm = (1 - step) * (1 - step);
        recursion.md = mixing.alpha2 / n * step * step;
        recursion.m0 = noise / n + mixing.alpha2 / n * (n - 1) * noise;
        recursion.dd = 1 - 2 * step * keep + step * step * mixing.beta;
        recursion.d0 = mixing.beta * (n - 1) * noise;
        return recursion;
    }
    // X' = X - rate G (r / N) g^T, where r tells who reached the owner and g whom the owner
    // reached: E[r r^T / N^2] = spread I + ..., E[g^T (I - A) g] = scatter, E[(1^T g)^2] / n^2 =
    // reach.
    const double mu = n * q + p;
    const double spread = (n * inverse - 1) / (n * (n - 1));
    const double scatter = p * (n - 1) / n * (mu - q);
    const double reach = (mu * mu + (n - 1) * p * q) / (n * n);
    recursion.mm = 1 - 2 * step * mu / n + step * step * reach;
    recursion.md = step * step * reach * spread;
    recursion.m0 = noise * reach * inverse;
    recursion.dm = step * step * scatter;
    recursion.dd = 1 - 2 * step * p * spread + step * step * spread * scatter;
    recursion.d0 = noise * scatter * inverse;
    return recursion;
}

} // namespace learning
} // namespace ns3
