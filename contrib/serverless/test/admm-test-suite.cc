/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Rounds of ADMM, by its formulas.

#include "learning-tasks.h"

#include "ns3/learning-compatibility.h"
#include "ns3/local-fleet.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

constexpr double RHO = 0.5;      //!< penalty on disagreement
constexpr double LAMBDA = 0.1;   //!< L1 penalty
constexpr double STEP = 0.1;     //!< learning rate
constexpr uint32_t WORKERS = 2;  //!< how many
constexpr uint32_t WEIGHTS = 28; //!< of a sample; one more number is the bias

/// What a worker knows.
struct State
{
    std::vector<double> u; //!< scaled dual variables
    std::vector<double> z; //!< consensus
    std::vector<double> w; //!< weights and bias
};

/**
 * Set-up: 2 workers with 20 samples each, which are one mini-batch; one local epoch, so that a
 * round has one step; rho = 0.5, lambda = 0.1, learning rate 0.1. Stimulus: two rounds, as released
 * and as in the textbook. Expected: u, z, weights and bias of both workers as computed here by the
 * formulas (reference, section 3.1; Boyd et al. 2011, section 7.1.1), to 1e-6, which is what
 * binary32 leaves of numbers around 1. Released: the penalty (rho/2) |w + u - z| is not squared and
 * leaves the bias out; z = S(mean w + mean u), u = mean u + mean w - z, and w starts again from the
 * mean. Textbook: the squared norm with the bias; u of each worker adds its own w - z, and w stays.
 */
class AdmmTestCase : public TestCase
{
  public:
    /**
     * @param variant of the steps
     */
    explicit AdmmTestCase(const std::string& variant)
        : TestCase("two rounds of ADMM by hand: " + variant),
          m_isReleased(variant == "Released"),
          m_variant(variant)
    {
    }

  private:
    /**
     * What a worker knows, from its checkpoint.
     * @param fleet the fleet
     * @param worker its index
     * @return the state
     */
    State Read(const LocalFleet& fleet, uint32_t worker) const
    {
        const std::vector<double> saved = fleet.GetWorker(worker)->Save();
        const std::size_t duals = m_isReleased ? WEIGHTS : WEIGHTS + 1;
        const auto begin = saved.begin();
        // u, z, two counters, weights and bias
        return State{{begin, begin + duals},
                     {begin + duals, begin + 2 * duals},
                     {begin + 2 * duals + 2, begin + 2 * duals + 2 + WEIGHTS + 1}};
    }

    /**
     * The local step.
     * @param task what is learned
     * @param worker its index
     * @param state changed
     */
    void Compute(const LearningTask& task, uint32_t worker, State& state) const
    {
        using Numbers = std::vector<float, learning::AlignedAllocator<float>>;
        const Numbers parameters(state.w.begin(), state.w.end());
        Numbers gradient(parameters.size());
        learning::BatchBuffer<float> buffer;
        const auto& part = task.parts[worker];
        const auto batch =
            task.training->Gather(part.data(), static_cast<uint32_t>(part.size()), buffer);
        task.model->Gradient(parameters.data(), batch, gradient.data());
        double square = 0;
        for (std::size_t i = 0; i < state.u.size(); ++i)
        {
            square += std::pow(state.w[i] + state.u[i] - state.z[i], 2);
        }
        std::vector<double> penalty(state.w.size());
        for (std::size_t i = 0; i < state.u.size(); ++i)
        {
            const double r = state.w[i] + state.u[i] - state.z[i];
            penalty[i] = m_isReleased ? RHO / 2 * r / std::sqrt(square) : RHO * r;
        }
        for (std::size_t i = 0; i < state.w.size(); ++i)
        {
            state.w[i] -= STEP * (gradient[i] + penalty[i]);
        }
    }

    /**
     * The exchange.
     * @param states of all workers, changed
     */
    void Merge(std::vector<State>& states) const
    {
        const double threshold = LAMBDA / (WORKERS * RHO);
        std::vector<double> w(WEIGHTS + 1);
        std::vector<double> u(WEIGHTS + 1);
        for (const State& state : states)
        {
            for (std::size_t i = 0; i < w.size(); ++i)
            {
                w[i] += state.w[i] / WORKERS;
                u[i] += i < state.u.size() ? state.u[i] / WORKERS : 0;
            }
        }
        for (State& state : states)
        {
            for (std::size_t i = 0; i < state.u.size(); ++i)
            {
                const double sum = w[i] + u[i];
                const double shrunk = sum > threshold    ? sum - threshold
                                      : sum < -threshold ? sum + threshold
                                                         : 0;
                state.z[i] = i < WEIGHTS ? shrunk : sum;
                state.u[i] =
                    m_isReleased ? u[i] + w[i] - state.z[i] : state.u[i] + state.w[i] - state.z[i];
            }
            if (m_isReleased)
            {
                state.w = w;
            }
        }
    }

    void DoRun() override
    {
        const auto task = MakeHiggs(40, WORKERS, 20);
        ObjectFactory factory("ns3::serverless::ConsensusAdmm");
        factory.Set("Variant", StringValue(m_variant));
        factory.Set("LocalEpochs", UintegerValue(1));
        factory.Set("Rho", DoubleValue(RHO));
        factory.Set("Lambda", DoubleValue(LAMBDA));
        LocalFleet fleet(task, factory);
        std::vector<State> states{Read(fleet, 0), Read(fleet, 1)};
        for (uint32_t round = 0; round < 2; ++round)
        {
            fleet.Round();
            for (uint32_t worker = 0; worker < WORKERS; ++worker)
            {
                Compute(*task, worker, states[worker]);
            }
            Merge(states);
        }
        for (uint32_t worker = 0; worker < WORKERS; ++worker)
        {
            const State found = Read(fleet, worker);
            for (std::size_t i = 0; i < states[worker].u.size(); ++i)
            {
                NS_TEST_EXPECT_MSG_EQ_TOL(found.u[i], states[worker].u[i], 1e-6, "u " << i);
                NS_TEST_EXPECT_MSG_EQ_TOL(found.z[i], states[worker].z[i], 1e-6, "z " << i);
            }
            for (std::size_t i = 0; i <= WEIGHTS; ++i)
            {
                NS_TEST_EXPECT_MSG_EQ_TOL(found.w[i], states[worker].w[i], 1e-6, "w " << i);
            }
        }
    }

    bool m_isReleased;     //!< or of the textbook
    std::string m_variant; //!< of the steps
};

/// The suite.
class AdmmTestSuite : public TestSuite
{
  public:
    AdmmTestSuite()
        : TestSuite("serverless-learning-admm", Type::UNIT)
    {
        AddTestCase(new AdmmTestCase("Released"), learning::TestDuration::QUICK);
        AddTestCase(new AdmmTestCase("Textbook"), learning::TestDuration::QUICK);
    }
};

AdmmTestSuite g_admmTestSuite; //!< registers the suite

} // namespace
