/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Mixing coefficients of RPS (Yu et al., ICML 2019, equations 5 and 6) as the message path yields
// them: every worker's model is a unit vector in each segment, so that after a round a segment of
// worker k's model is column k of that segment's random matrix W. Segments are dropped one by one,
// so each is a sample of W. The last line has alpha1, alpha2 and beta with their standard errors,
// beside the closed forms.

#include "paper/mixing-laboratory.h"

#include "ns3/mixing-coefficients.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"
#include "ns3/training-record.h"

#include <algorithm>
#include <cmath>
#include <iostream>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// Samples of what the coefficients are made of.
struct MixingSamples
{
    SampleMean alpha1; //!< (||W||_F^2 - 1) / (n - 1)
    SampleMean alpha2; //!< (||W 1||^2 / n - 1) / (n - 1)
    SampleMean beta;   //!< their difference in the same sample
};

/**
 * Takes in the matrices of a round.
 * @param replicas after the round; n segments' numbers after n, each of them a column of W
 * @param samples what is taken in
 */
void
AddRound(const std::vector<AlignedVector>& replicas, MixingSamples& samples)
{
    const std::size_t n = replicas.size();
    const auto count = static_cast<double>(n);
    for (std::size_t first = 0; first + n <= replicas[0].size(); first += n)
    {
        double squares = 0;
        double rowSquares = 0;
        for (std::size_t row = 0; row < n; ++row)
        {
            double sum = 0;
            for (const AlignedVector& replica : replicas)
            {
                const double entry = replica[first + row];
                squares += entry * entry;
                sum += entry;
            }
            rowSquares += sum * sum;
        }
        const double alpha1 = (squares - 1) / (count - 1);
        const double alpha2 = (rowSquares / count - 1) / (count - 1);
        samples.alpha1.Add(alpha1);
        samples.alpha2.Add(alpha2);
        samples.beta.Add(alpha1 - alpha2);
    }
}

/**
 * Samples W.
 * @param workers n
 * @param dropRate p
 * @param wanted number of samples, at least
 * @return the samples
 */
MixingSamples
Sample(uint32_t workers, double dropRate, uint32_t wanted)
{
    constexpr uint32_t MAX_SEGMENTS = 16; // of a block: one train each
    MixingScenario scenario;
    scenario.workers = workers;
    scenario.dropRate = dropRate;
    scenario.segmentFloats = workers;
    const uint32_t segments = std::min(MAX_SEGMENTS, (wanted + workers - 1) / workers);
    scenario.segmentsPerPacket = segments;
    const uint32_t perRound = segments * workers;
    scenario.rounds = (wanted + perRound - 1) / perRound;
    const std::size_t numbers = std::size_t{perRound} * workers;
    scenario.data = Create<Dataset>(SampleShape{1, 1, static_cast<uint32_t>(numbers)},
                                    std::vector<uint8_t>(numbers * workers),
                                    std::vector<float>(workers),
                                    0U);
    std::vector<std::vector<float>> units(workers, std::vector<float>(numbers));
    for (uint32_t i = 0; i < workers; ++i)
    {
        for (std::size_t j = i; j < numbers; j += workers)
        {
            units[i][j] = 1;
        }
    }
    MixingSamples samples;
    MixingLaboratory laboratory(scenario,
                                [&samples](uint32_t, const std::vector<AlignedVector>& replicas) {
                                    AddRound(replicas, samples);
                                });
    laboratory.KeepModels(units);
    laboratory.Run();
    return samples;
}

/**
 * Writes what was sampled of a coefficient, and what it should be.
 * @param name of the coefficient
 * @param sample its samples
 * @param theory its closed form
 */
void
Print(const std::string& name, const SampleMean& sample, double theory)
{
    std::cout << " " << name << "=" << FormatNumber(sample.GetMean()) << " " << name
              << "_standard_error=" << FormatNumber(sample.GetError()) << " theory_" << name << "="
              << FormatNumber(theory);
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
                            "Samples the mixing coefficients of RPS from real packets, beside "
                            "their closed forms.");
    options.Add("workers", "number n of workers, with a server on each, 2 to 200", "16");
    options.Add("dropRate",
                "probability p that a segment is dropped, end to end, 0 to 1",
                "0.1",
                "ns3::learning::BernoulliErrorModel::DropRate");
    options.Add("samples", "samples of the mixing matrix, at least, 2 to 10000000", "4000");
    options.Parse(argc, argv);
    const uint32_t workers = options.GetUnsigned("workers", 2, 200);
    const double dropRate = options.GetNumber("dropRate", 0, 1);
    const uint32_t wanted = options.GetUnsigned("samples", 2, 10000000);
    options.CheckAllRead();
    const MixingSamples samples = Sample(workers, dropRate, wanted);
    const MixingCoefficients theory = GetColocatedCoefficients(workers, dropRate);
    std::cout << "summary: samples=" << samples.beta.GetCount();
    Print("alpha1", samples.alpha1, theory.alpha1);
    Print("alpha2", samples.alpha2, theory.alpha2);
    Print("beta", samples.beta, theory.beta);
    std::cout << std::endl;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("mixing-samples", [=] { RunScenario(argc, argv); });
}
