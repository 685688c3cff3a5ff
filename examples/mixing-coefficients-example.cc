/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The theory without a simulation: how well a round mixes the workers' models, against the number
// of workers n and the drop rate p.
//
// Look at beta: each round multiplies the consensus error by it, and even at p = 0.4 it stays far
// below 1. And at n alpha2, the random step of the mean model: it stays near 2 p (1 - p), so that
// alpha2 falls as 1 / n: more workers bear drops better.

#include "ns3/core-module.h"
#include "ns3/mixing-coefficients.h"
#include "ns3/program-run.h"
#include "ns3/scenario-options.h"

#include <cstdio>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * The whole run.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
RunExample(int argc, char* argv[])
{
    ScenarioOptions options(__FILE__, "How well a round mixes the workers' models, by the theory.");
    options.Add("dedicated",
                "whether servers are on nodes of their own, instead of the workers': 0 or 1",
                "0");
    options.Add("dropRate", "one drop rate, 0 to 1, or several", "several");
    options.Parse(argc, argv);
    const bool dedicated = options.GetUnsigned("dedicated", 0, 1) != 0;

    std::vector<double> dropRates{0, 0.01, 0.05, 0.1, 0.2, 0.4};
    if (options.GetText("dropRate") != "several")
    {
        dropRates = {options.GetNumber("dropRate", 0, 1)};
    }
    std::printf("servers: %s\n", dedicated ? "dedicated" : "colocated, owners permuted");
    std::printf("    n      p      alpha1      alpha2        beta    n alpha2  2 p (1 - p)\n");
    for (const uint32_t n : {2, 4, 8, 16, 64})
    {
        for (const double p : dropRates)
        {
            const MixingCoefficients mixing =
                dedicated ? GetDedicatedCoefficients(n, p) : GetColocatedCoefficients(n, p);
            std::printf("%5u %6g %11.6f %11.6f %11.6f %11.6f %12.6f\n",
                        n,
                        p,
                        mixing.alpha1,
                        mixing.alpha2,
                        mixing.beta,
                        n * mixing.alpha2,
                        2 * p * (1 - p));
        }
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("mixing-coefficients-example", [=] { RunExample(argc, argv); });
}
