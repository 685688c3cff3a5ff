/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Set-up: the recursions of the exactly solvable quadratic alone.
// Expected: one round agrees with an enumeration of every outcome; the fixed points agree with
// simulations of the algorithms (16 workers, rate 0.05, h = s2 = 1 unless said otherwise).
// Negative controls: a fixed owner, and the rules for a missing gradient exchanged.

#include "mixing-enumeration.h"

#include "ns3/quadratic-theory.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>
#include <vector>

namespace
{

using namespace ns3::learning;
using namespace ns3::learning::test;

/// What a round does with the workers' models and gradients.
enum class Rule
{
    MODEL_AVERAGING,
    OWN_GRADIENT,
    ZERO_UPDATE
};

/**
 * Moments of a row vector of models, one number a worker.
 */
QuadraticState
GetMoments(const std::vector<double>& models)
{
    double mean = 0;
    for (double model : models)
    {
        mean += model / models.size();
    }
    QuadraticState state;
    state.meanSquare = mean * mean;
    for (double model : models)
    {
        state.consensusError += (model - mean) * (model - mean);
    }
    return state;
}

/**
 * Matrix by which a round multiplies the gradients under a rule.
 */
SquareMatrix
GetGradientMatrix(const MixingOutcome& outcome, Rule rule)
{
    SquareMatrix matrix = outcome.GetMatrix();
    for (uint32_t k = 0; rule == Rule::ZERO_UPDATE && k < matrix.n; ++k)
    {
        for (uint32_t m = 0; m < matrix.n && !outcome.pulled[k]; ++m)
        {
            matrix(m, k) = 0;
        }
    }
    return matrix;
}

/**
 * Expected moments after one round, over every outcome of the drops. The noise has independent
 * entries, so that its part is s2 times the moments of the matrix' rows, one by one.
 */
QuadraticState
EnumerateRound(const QuadraticProblem& problem,
               const std::vector<double>& models,
               const std::vector<MixingOutcome>& outcomes,
               Rule rule)
{
    const uint32_t n = problem.workers;
    QuadraticState expected;
    auto add = [&expected](const std::vector<double>& row, double factor) {
        const QuadraticState moments = GetMoments(row);
        expected.meanSquare += factor * moments.meanSquare;
        expected.consensusError += factor * moments.consensusError;
    };
    for (const auto& outcome : outcomes)
    {
        const SquareMatrix mixing = GetGradientMatrix(outcome, rule);
        std::vector<double> next(n, 0);
        for (uint32_t k = 0; k < n; ++k)
        {
            const double step = problem.learningRate * problem.curvature;
            next[k] = rule == Rule::MODEL_AVERAGING ? 0 : models[k];
            for (uint32_t m = 0; m < n; ++m)
            {
                const double local = rule == Rule::MODEL_AVERAGING ? 1 - step : -step;
                next[k] += local * models[m] * mixing(m, k);
            }
        }
        add(next, outcome.probability);
        for (uint32_t m = 0; m < n; ++m)
        {
            const auto row = mixing.values.begin() + m * n;
            add(std::vector<double>(row, row + n),
                outcome.probability * problem.learningRate * problem.learningRate *
                    problem.gradientVariance);
        }
    }
    return expected;
}

QuadraticRecursion
GetRecursion(const QuadraticProblem& problem, double p, Rule rule)
{
    switch (rule)
    {
    case Rule::MODEL_AVERAGING:
        return GetModelAveragingRecursion(problem, GetColocatedCoefficients(problem.workers, p));
    case Rule::OWN_GRADIENT:
        return GetGradientAveragingRecursion(problem, p, MissingGradient::OWN_GRADIENT);
    default:
        return GetGradientAveragingRecursion(problem, p, MissingGradient::ZERO_UPDATE);
    }
}

/// The problem of the simulations.
QuadraticProblem
GetProblem(uint32_t workers)
{
    QuadraticProblem problem;
    problem.workers = workers;
    return problem;
}

/// Relative difference of the moments.
double
GetDifference(const QuadraticState& a, const QuadraticState& b)
{
    return std::max(std::abs(a.meanSquare / b.meanSquare - 1),
                    std::abs(a.consensusError / b.consensusError - 1));
}

TEST(QuadraticTheory, OneRoundAgreesWithEveryOutcome)
{
    const std::vector<double> start = {1.5, -0.25, 0.75, 2, -1};
    for (uint32_t n = 2; n <= 5; ++n)
    {
        const std::vector<double> models(start.begin(), start.begin() + n);
        const QuadraticProblem problem{n, 1.5, 0.7, 0.3};
        for (double p : {0.1, 0.5, 0.9, 1.0})
        {
            const auto outcomes = EnumerateMixing(n, p, OwnerLaw::PERMUTED);
            for (Rule rule : {Rule::MODEL_AVERAGING, Rule::OWN_GRADIENT, Rule::ZERO_UPDATE})
            {
                const auto next = GetRecursion(problem, p, rule).Advance(GetMoments(models));
                const auto expected = EnumerateRound(problem, models, outcomes, rule);
                // The enumeration adds up to 5,120 rounded terms.
                EXPECT_LT(GetDifference(next, expected), 1e-12)
                    << "n = " << n << ", p = " << p << ", rule " << static_cast<int>(rule);
            }
        }
        const auto dedicated =
            GetModelAveragingRecursion(problem, GetDedicatedCoefficients(n, 0.3));
        EXPECT_LT(GetDifference(dedicated.Advance(GetMoments(models)),
                                EnumerateRound(problem,
                                               models,
                                               EnumerateMixing(n, 0.3, OwnerLaw::NONE),
                                               Rule::MODEL_AVERAGING)),
                  1e-12);
    }
}

TEST(QuadraticTheory, OneRoundTellsWrongVariantsApart)
{
    const std::vector<double> models = {1.5, -0.25, 0.75, 2};
    const QuadraticProblem problem{4, 1.5, 0.7, 0.3};
    const auto moments = GetMoments(models);
    const auto fixed = EnumerateMixing(4, 0.3, OwnerLaw::FIXED);
    const auto permuted = EnumerateMixing(4, 0.3, OwnerLaw::PERMUTED);
    EXPECT_GT(GetDifference(GetRecursion(problem, 0.3, Rule::MODEL_AVERAGING).Advance(moments),
                            EnumerateRound(problem, models, fixed, Rule::MODEL_AVERAGING)),
              1e-3)
        << "a fixed owner";
    EXPECT_GT(GetDifference(GetRecursion(problem, 0.3, Rule::OWN_GRADIENT).Advance(moments),
                            EnumerateRound(problem, models, permuted, Rule::ZERO_UPDATE)),
              1e-3)
        << "another rule for missing gradients";
}

TEST(QuadraticTheory, ModelAveragingSettlesWhereSimulationsDo)
{
    // Mean square against that without drops, to the digits given (n, then p = .01 to .4).
    const double rates[] = {0.01, 0.05, 0.1, 0.2, 0.4};

    const struct
    {
        uint32_t n;
        double theory[5];
        double simulated[5]; // 400 coordinates x 3,600 rounds, standard error about 1 %
    } rows[] = {{4, {1.016, 1.077, 1.154, 1.304, 1.592}, {1.025, 1.069, 1.152, 1.313, 1.590}},
                {16, {1.019, 1.093, 1.185, 1.365, 1.708}, {1.020, 1.099, 1.196, 1.364, 1.693}},
                {32, {1.019, 1.096, 1.191, 1.377, 1.728}, {1.017, 1.097, 1.184, 1.391, 1.725}}};

    for (const auto& row : rows)
    {
        const QuadraticProblem problem = GetProblem(row.n);
        const auto still = GetRecursion(problem, 0, Rule::MODEL_AVERAGING).GetStationaryState();
        EXPECT_EQ(still.consensusError, 0);
        EXPECT_NEAR(still.meanSquare, 0.05 * 0.05 / (row.n * (1 - 0.95 * 0.95)), 1e-16);
        for (int i = 0; i < 5; ++i)
        {
            const auto state =
                GetRecursion(problem, rates[i], Rule::MODEL_AVERAGING).GetStationaryState();
            const double ratio = state.meanSquare / still.meanSquare;
            EXPECT_NEAR(ratio, row.theory[i], 5.1e-4) << "n = " << row.n << ", p = " << rates[i];
            EXPECT_NEAR(ratio, row.simulated[i], 0.04) << "n = " << row.n << ", p = " << rates[i];
        }
    }
    const double errors[] = {0.2079, 1.080, 2.271, 5.059, 13.09}; // consensus error / n, in 1e-4
    for (int i = 0; i < 5; ++i)
    {
        const auto state =
            GetRecursion(GetProblem(16), rates[i], Rule::MODEL_AVERAGING).GetStationaryState();
        EXPECT_NEAR(state.consensusError / 16 * 1e4 / errors[i], 1, 5e-4) << "p = " << rates[i];
    }
}

TEST(QuadraticTheory, FixedPointsAreFixed)
{
    for (Rule rule : {Rule::MODEL_AVERAGING, Rule::OWN_GRADIENT, Rule::ZERO_UPDATE})
    {
        const auto recursion = GetRecursion(GetProblem(8), 0.2, rule);
        const auto state = recursion.GetStationaryState();
        EXPECT_LT(GetDifference(recursion.Advance(state), state), 1e-12);
        // Approached from below by all rounds from equal replicas, of which few are enough here.
        QuadraticState reached;
        for (int round = 0; round < 2000; ++round)
        {
            reached = recursion.Advance(reached);
        }
        EXPECT_LE(reached.consensusError, state.consensusError * (1 + 1e-12));
    }
}

TEST(QuadraticTheory, ModelAveragingPenaltyTendsToOnePlusTwoP)
{
    QuadraticProblem problem = GetProblem(10000);
    problem.learningRate = 1e-6;
    for (double p : {0.01, 0.1, 0.4})
    {
        const double still =
            GetRecursion(problem, 0, Rule::MODEL_AVERAGING).GetStationaryState().meanSquare;
        const double dropped =
            GetRecursion(problem, p, Rule::MODEL_AVERAGING).GetStationaryState().meanSquare;
        EXPECT_NEAR(dropped / still, 1 + 2 * p, 1e-3);
    }
}

TEST(QuadraticTheory, GradientAveragingLosesConsensus)
{
    // Consensus error / n after 2, 4, 8 and 16 thousand rounds with zero updates: one simulation
    // each, whose spread shows in how far the readings are from doubling, about 10 %.
    const struct
    {
        double p;
        double simulated[4];
    } rows[] = {{0.1, {0.0295, 0.0564, 0.114, 0.227}}, {0.01, {0.0028, 0.0058, 0.0118, 0.0246}}};

    for (const auto& row : rows)
    {
        const auto recursion = GetRecursion(GetProblem(16), row.p, Rule::ZERO_UPDATE);
        QuadraticState state;
        int round = 0;
        for (int i = 0; i < 4; ++i)
        {
            for (; round < 2000 << i; ++round)
            {
                state = recursion.Advance(state);
            }
            EXPECT_NEAR(state.consensusError / 16 / row.simulated[i], 1, 0.1)
                << "p = " << row.p << " after " << round << " rounds";
        }
    }
    // With the own gradient: a plateau near that of workers who never talk, rate s2 / (2 h) =
    // 0.025, for any drop rate above 0; simulated 0.019 to 0.023.
    for (double p : {0.01, 0.1, 0.4})
    {
        const auto state = GetRecursion(GetProblem(16), p, Rule::OWN_GRADIENT).GetStationaryState();
        EXPECT_GT(state.consensusError / 16, 0.019) << "p = " << p;
        EXPECT_LT(state.consensusError / 16, 0.025) << "p = " << p;
    }
    // Acceptance check 8: at least 50 times the consensus error of model averaging.
    const double rps = GetRecursion(GetProblem(16), 0.1, Rule::MODEL_AVERAGING)
                           .GetStationaryState()
                           .consensusError;
    const double own =
        GetRecursion(GetProblem(16), 0.1, Rule::OWN_GRADIENT).GetStationaryState().consensusError;
    EXPECT_GT(own / rps, 50);
    EXPECT_EQ(
        GetRecursion(GetProblem(16), 0, Rule::OWN_GRADIENT).GetStationaryState().consensusError,
        0);
}

TEST(QuadraticTheory, SaysWhatCannotBe)
{
    QuadraticProblem problem = GetProblem(4);
    EXPECT_THROW(GetRecursion(problem, 1.5, Rule::ZERO_UPDATE), std::invalid_argument);
    problem.learningRate = 2.5; // beyond 2 / h, every step overshoots
    EXPECT_THROW(GetRecursion(problem, 0.1, Rule::MODEL_AVERAGING).GetStationaryState(),
                 std::runtime_error);
    problem.learningRate = 0;
    EXPECT_THROW(GetRecursion(problem, 0.1, Rule::MODEL_AVERAGING), std::invalid_argument);
    problem = GetProblem(0);
    EXPECT_THROW(GetRecursion(problem, 0.1, Rule::OWN_GRADIENT), std::invalid_argument);
}

TEST(QuadraticTheory, OneWorkerIsPlainDescent)
{
    for (Rule rule : {Rule::MODEL_AVERAGING, Rule::OWN_GRADIENT, Rule::ZERO_UPDATE})
    {
        const auto state = GetRecursion(GetProblem(1), 0.3, rule).GetStationaryState();
        EXPECT_NEAR(state.meanSquare, 0.05 * 0.05 / (1 - 0.95 * 0.95), 1e-15);
        EXPECT_EQ(state.consensusError, 0);
    }
}

} // namespace
