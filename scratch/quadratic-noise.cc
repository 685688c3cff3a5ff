/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The stationary noise of training on the homogeneous quadratic f(x) = ||x||^2 / 2 whose gradients
// carry independent noise of total variance 1, over drops, as packets: m = squared distance of the
// mean model from the optimum, D = squared distances of the replicas from the mean model, summed.
// Every feature is a copy of the one-dimensional problem, and each sample is drawn once. The last
// line has time averages after settling, with standard errors over the segments, which are
// independent, and the fixed point of model/theory.

#include "paper/mixing-laboratory.h"

#include "ns3/mixing-coefficients.h"
#include "ns3/program-run.h"
#include "ns3/quadratic-theory.h"
#include "ns3/random-engine.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/scenario-options.h"
#include "ns3/training-record.h"

#include <cmath>
#include <iostream>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// What is run.
struct Setting
{
    uint32_t workers;      //!< n
    double dropRate;       //!< p
    std::size_t treatment; //!< 0: RPS; 1, 2: gradient averaging, own gradient or zero update
    uint32_t features;     //!< d
    uint32_t settle;       //!< rounds before the average begins
    uint32_t rounds;       //!< all rounds
    double learningRate;   //!< gamma
};

constexpr uint32_t SEGMENT_FLOATS = 4; //!< numbers that are dropped together

/**
 * Normal targets of total variance 1, one sample for each gradient.
 * @param setting how many
 * @return the data
 */
Ptr<Dataset>
MakeTargets(const Setting& setting)
{
    constexpr uint64_t PURPOSE = 0x71756164; // tells these draws from others of the same run
    RandomEngine engine(
        SplitMix64(SplitMix64(PURPOSE, RngSeedManager::GetSeed()), RngSeedManager::GetRun()));
    const uint32_t samples = setting.workers * setting.rounds;
    std::vector<float> numbers(std::size_t{samples} * setting.features);
    const double deviation = 1 / std::sqrt(setting.features);
    for (float& number : numbers)
    {
        number = static_cast<float>(deviation * engine.NextNormal());
    }
    return Create<Dataset>(SampleShape{1, 1, setting.features},
                           numbers,
                           std::vector<float>(samples),
                           0U);
}

/// Sums of m and D over the rounds after settling, for each segment.
class Moments
{
  public:
    /**
     * Nothing yet.
     * @param setting what is run
     */
    explicit Moments(const Setting& setting)
        : m_setting(setting),
          m_meanSquares(setting.features / SEGMENT_FLOATS),
          m_consensusErrors(m_meanSquares.size())
    {
    }

    /**
     * Takes in a round.
     * @param round its number
     * @param replicas after it
     */
    void Add(uint32_t round, const std::vector<AlignedVector>& replicas)
    {
        const auto n = static_cast<double>(replicas.size());
        m_last = 0;
        for (uint32_t i = 0; i < m_setting.features; ++i)
        {
            double sum = 0;
            double squares = 0;
            for (const AlignedVector& replica : replicas)
            {
                sum += replica[i];
                squares += double{replica[i]} * replica[i];
            }
            const double meanSquare = sum * sum / n / n;
            const double consensusError = squares - n * meanSquare;
            m_last += consensusError;
            if (round >= m_setting.settle)
            {
                m_meanSquares[i / SEGMENT_FLOATS] += meanSquare;
                m_consensusErrors[i / SEGMENT_FLOATS] += consensusError;
            }
        }
    }

    /// Writes the moments.
    void Print() const
    {
        Print("mean_square", m_meanSquares);
        Print("consensus_error", m_consensusErrors);
        std::cout << " last_consensus_error=" << FormatNumber(m_last);
    }

  private:
    /**
     * Writes the average of a moment and its standard error, over the segments.
     * @param name its name
     * @param sums over rounds, by segment
     */
    void Print(const std::string& name, const std::vector<double>& sums) const
    {
        const double rounds = m_setting.rounds - m_setting.settle;
        SampleMean sample; // of the whole moment, as each segment has it
        for (const double sum : sums)
        {
            sample.Add(sum / rounds * static_cast<double>(sums.size()));
        }
        std::cout << " " << name << "=" << FormatNumber(sample.GetMean()) << " " << name
                  << "_standard_error=" << FormatNumber(sample.GetError());
    }

    const Setting m_setting;               //!< what is run
    std::vector<double> m_meanSquares;     //!< sums of m, by segment
    std::vector<double> m_consensusErrors; //!< sums of D, by segment
    double m_last{0};                      //!< D after the last round
};

/// What theory says of the same moments.
struct Expected
{
    QuadraticState mean; //!< averages over the same rounds, from equal replicas at the optimum
    QuadraticState last; //!< after the last round
};

/**
 * Works out what theory says.
 * @param setting what is run
 * @return the exact moments
 */
Expected
GetExpected(const Setting& setting)
{
    QuadraticProblem problem;
    problem.workers = setting.workers;
    problem.learningRate = setting.learningRate;
    const QuadraticRecursion recursion =
        setting.treatment == 0
            ? GetModelAveragingRecursion(
                  problem,
                  GetColocatedCoefficients(setting.workers, setting.dropRate))
            : GetGradientAveragingRecursion(problem,
                                            setting.dropRate,
                                            setting.treatment == 1 ? MissingGradient::OWN_GRADIENT
                                                                   : MissingGradient::ZERO_UPDATE);
    Expected expected;
    const double rounds = setting.rounds - setting.settle;
    for (uint32_t round = 0; round < setting.rounds; ++round)
    {
        expected.last = recursion.Advance(expected.last);
        if (round >= setting.settle)
        {
            expected.mean.meanSquare += expected.last.meanSquare / rounds;
            expected.mean.consensusError += expected.last.consensusError / rounds;
        }
    }
    return expected;
}

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunScenario(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__,
                            "Measures the stationary noise and dispersion of training on a "
                            "quadratic over drops, as packets, beside theory.");
    options.Add("workers", "number n of workers, with a server on each, 2 to 200", "16");
    options.Add("dropRate",
                "probability p that a segment is dropped, end to end, 0 to 1",
                "0.1",
                "ns3::learning::BernoulliErrorModel::DropRate");
    options.Add("treatment",
                "rps, own or zero: the last two are gradient averaging, by what a worker does "
                "about a lost gradient",
                "rps");
    options.Add("features",
                "independent copies of the problem, a multiple of 4, 8 to 100000",
                "1536");
    options.Add("settle", "rounds before the average begins, 0 to 100000", "60");
    options.Add("rounds", "rounds that are averaged over, 1 to 100000", "150");
    options.Add("learningRate", "gamma, above 0 and below 2", "0.05");
    options.Parse(argc, argv);
    Setting setting{};
    setting.workers = options.GetUnsigned("workers", 2, 200);
    setting.dropRate = options.GetNumber("dropRate", 0, 1);
    setting.treatment = options.GetWord("treatment", {"rps", "own", "zero"});
    setting.features = options.GetUnsigned("features", 8, 100000);
    if (setting.features % SEGMENT_FLOATS != 0)
    {
        options.Reject("features", "a multiple of 4 is needed");
    }
    setting.settle = options.GetUnsigned("settle", 0, 100000);
    setting.rounds = setting.settle + options.GetUnsigned("rounds", 1, 100000);
    setting.learningRate = options.GetNumber("learningRate", 1e-9, 1.999);
    options.CheckAllRead();

    MixingScenario scenario;
    scenario.workers = setting.workers;
    scenario.dropRate = setting.dropRate;
    if (setting.treatment != 0)
    {
        scenario.algorithm = std::string("ns3::learning::GradientAveraging[MissingGradient=") +
                             (setting.treatment == 1 ? "OwnGradient]" : "ZeroUpdate]");
    }
    scenario.learningRate = setting.learningRate;
    scenario.rounds = setting.rounds;
    scenario.segmentFloats = SEGMENT_FLOATS;
    scenario.segmentsPerPacket = 24;
    scenario.data = MakeTargets(setting);
    Moments moments(setting);
    MixingLaboratory laboratory(
        scenario,
        [&moments](uint32_t round, const std::vector<AlignedVector>& replicas) {
            moments.Add(round, replicas);
        });
    laboratory.Run();
    const Expected expected = GetExpected(setting);
    std::cout << "summary: rounds=" << setting.rounds;
    moments.Print();
    std::cout << " theory_mean_square=" << FormatNumber(expected.mean.meanSquare)
              << " theory_consensus_error=" << FormatNumber(expected.mean.consensusError)
              << " theory_last_consensus_error=" << FormatNumber(expected.last.consensusError)
              << std::endl;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("quadratic-noise", [=] { RunScenario(argc, argv); });
}
