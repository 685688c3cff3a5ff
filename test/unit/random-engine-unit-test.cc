/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/random-engine.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <set>
#include <vector>

using namespace ns3::learning;

// Set-up: the engine with the seed of the published test vectors of SplitMix64 (first outputs of
// S. Vigna's splitmix64.c for seed 1234567, as the Rosetta Code task "Pseudo-random
// numbers/Splitmix64" lists them). Expected: the same bits.
TEST(RandomEngine, GivesThePublishedBits)
{
    RandomEngine engine(1234567);
    EXPECT_EQ(engine.Next(), 6457827717110365317U);
    EXPECT_EQ(engine.Next(), 3203168211198807973U);
    EXPECT_EQ(engine.Next(), 9817491932198370423U);
    EXPECT_EQ(engine.Next(), 4593380528125082431U);
    EXPECT_EQ(engine.Next(), 16408922859458223821U);
    EXPECT_EQ(SplitMix64(1234567), 6457827717110365317U);
}

// Expected: the draws that experiments rest on do not change unnoticed. Values of a separate
// program in Python, with the exact acceptance region in place of Leva's bounds around it.
TEST(RandomEngine, KeepsItsDraws)
{
    RandomEngine engine(1);
    EXPECT_EQ(engine.NextUniform(), 0x1.22145bd91204bp-1);
    EXPECT_EQ(engine.NextNormal(), -0x1.6070055178dd8p-3);
    EXPECT_EQ(engine.NextNormal(), -0x1.8b09a435311ddp-1);
    EXPECT_EQ(engine.NextNormal(), -0x1.98bb881830ca1p-1);
    EXPECT_EQ(engine.NextBelow(1000), 605U);
}

// Expected: keys in another order, fewer keys or other keys give other hashes, and nearby keys give
// hashes that differ in half of their 64 bits; the mean over 10,000 has a standard error of 0.04.
TEST(RandomEngine, HashesKeysWithoutStructure)
{
    EXPECT_NE(SplitMix64(1, 2), SplitMix64(2, 1));
    EXPECT_NE(SplitMix64(1, 2), SplitMix64(1, 2, 0));
    std::set<uint64_t> hashes;
    double differing = 0;
    for (uint64_t a = 0; a < 100; ++a)
    {
        for (uint64_t b = 0; b < 100; ++b)
        {
            hashes.insert(SplitMix64(a, b));
            differing += __builtin_popcountll(SplitMix64(a, b) ^ SplitMix64(a, b + 1));
        }
    }
    EXPECT_EQ(hashes.size(), 10000U);
    EXPECT_NEAR(differing / 10000, 32, 4 * 0.04);
}

// Stimulus: a million uniforms and normals. Expected: moments of the laws and tails of the normal,
// each within 4.5 standard errors.
TEST(RandomEngine, FollowsItsLaws)
{
    constexpr int N = 1000000;
    RandomEngine engine(7);
    double uniform = 0;
    double moments[5] = {};
    std::map<double, int> beyond{{1, 0}, {2, 0}, {3, 0}, {4, 0}};
    for (int i = 0; i < N; ++i)
    {
        const double u = engine.NextUniform();
        ASSERT_TRUE(u >= 0 && u < 1);
        uniform += u / N;
        const double x = engine.NextNormal();
        for (int k = 1; k <= 4; ++k)
        {
            moments[k] += std::pow(x, k) / N;
        }
        for (auto& [limit, count] : beyond)
        {
            count += std::abs(x) > limit;
        }
    }
    EXPECT_NEAR(uniform, 0.5, 4.5 * std::sqrt(1.0 / 12 / N));
    EXPECT_NEAR(moments[1], 0, 4.5 * std::sqrt(1.0 / N));
    EXPECT_NEAR(moments[2], 1, 4.5 * std::sqrt(2.0 / N));
    EXPECT_NEAR(moments[3], 0, 4.5 * std::sqrt(15.0 / N));
    EXPECT_NEAR(moments[4], 3, 4.5 * std::sqrt(96.0 / N));
    for (const auto& [limit, count] : beyond)
    {
        const double p = std::erfc(limit / std::sqrt(2.0));
        EXPECT_NEAR(count, N * p, 4.5 * std::sqrt(N * p * (1 - p))) << "beyond " << limit;
    }
}

// Expected: integers below 6 equally likely, chi squared with 5 degrees of freedom below its
// 0.9999 quantile, 25.7; also where multiply-and-shift without rejection would be biased by half.
TEST(RandomEngine, DrawsIntegersWithoutBias)
{
    constexpr int N = 600000;
    RandomEngine engine(3);
    std::vector<double> counts(6);
    for (int i = 0; i < N; ++i)
    {
        ++counts[engine.NextBelow(6)];
    }
    double chiSquared = 0;
    for (const double count : counts)
    {
        chiSquared += std::pow(count - N / 6.0, 2) / (N / 6.0);
    }
    EXPECT_LT(chiSquared, 25.7);

    const uint32_t bound = 0xc0000000; // biased: value v = 2 mod 3 is hit twice as seldom as others
    std::vector<double> residues(3);
    for (int i = 0; i < N; ++i)
    {
        ++residues[engine.NextBelow(bound) % 3];
    }
    for (const double count : residues)
    {
        EXPECT_NEAR(count / N, 1.0 / 3, 4 * std::sqrt(2.0 / 9 / N));
    }
    EXPECT_EQ(engine.NextBelow(1), 0U);
}

// Expected: mean of the gamma law = shape; of its logarithm at a tiny shape about -1 / shape, where
// the variate itself underflows. Standard deviations sqrt(shape) and 1 / shape.
TEST(RandomEngine, DrawsGammaVariates)
{
    constexpr int N = 200000;
    RandomEngine engine(5);
    for (const double shape : {0.3, 1.0, 4.5})
    {
        double mean = 0;
        for (int i = 0; i < N; ++i)
        {
            mean += std::exp(engine.NextLogGamma(shape)) / N;
        }
        EXPECT_NEAR(mean, shape, 4 * std::sqrt(shape / N));
    }
    double mean = 0;
    for (int i = 0; i < N; ++i)
    {
        mean += engine.NextLogGamma(1e-3) / N;
    }
    EXPECT_NEAR(mean, -1000, 4 * 1000 / std::sqrt(N) + 1); // digamma(0.001) = -1000.58
}

// Expected: all 24 orders of four entries equally often, chi squared with 23 degrees of freedom
// below its 0.9999 quantile, 55.
TEST(RandomEngine, ShufflesIntoAllOrdersAlike)
{
    constexpr int N = 240000;
    RandomEngine engine(11);
    std::map<std::vector<int>, double> counts;
    for (int i = 0; i < N; ++i)
    {
        std::vector<int> order{0, 1, 2, 3};
        engine.Shuffle(order);
        ++counts[order];
    }
    ASSERT_EQ(counts.size(), 24U);
    double chiSquared = 0;
    for (const auto& [order, count] : counts)
    {
        chiSquared += std::pow(count - N / 24.0, 2) / (N / 24.0);
    }
    EXPECT_LT(chiSquared, 55);
}
