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

#include <cstdio>

using namespace ns3;
using namespace ns3::learning;

int
main(int argc, char* argv[])
try
{
    bool dedicated = false;
    double dropRate = -1;
    CommandLine cmd(__FILE__);
    cmd.AddValue("dedicated", "servers on nodes of their own, instead of the workers'", dedicated);
    cmd.AddValue("dropRate", "one drop rate, 0 to 1; -1: several", dropRate);
    cmd.Parse(argc, argv);

    std::vector<double> dropRates{0, 0.01, 0.05, 0.1, 0.2, 0.4};
    if (dropRate != -1)
    {
        dropRates = {dropRate};
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
    return 0;
}

catch (const std::exception& error)
{
    std::cerr << "mixing-coefficients-example: " << error.what() << std::endl;
    return 1;
}
