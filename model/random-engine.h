/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RANDOM_ENGINE_H
#define RANDOM_ENGINE_H

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning
 *
 * Hash of one number: the first output of the SplitMix64 generator started at it, a bijection of
 * 64-bit words.
 *
 * Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014, figure 17; constants as in S. Vigna's reference code splitmix64.c.
 * @param key any number
 * @return the hash
 */
inline uint64_t
SplitMix64(uint64_t key)
{
    uint64_t z = key + 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/**
 * @ingroup distributed-learning
 *
 * Hash of several numbers in order: a stateless draw that all who know the key compute alike.
 * Let one of the numbers be a constant that names the purpose, so that equal seeds do not give
 * equal draws elsewhere.
 * @tparam Keys integer types
 * @param first first number
 * @param second second number
 * @param rest further numbers
 * @return the hash
 */
template <typename... Keys>
uint64_t
SplitMix64(uint64_t first, uint64_t second, Keys... rest)
{
    return SplitMix64(SplitMix64(first) ^ second, static_cast<uint64_t>(rest)...);
}

/**
 * @ingroup distributed-learning
 *
 * Random numbers whose bits depend on the seed alone, not on the standard library as those of
 * <random> do.
 *
 * The engine is SplitMix64, period 2^64: output k of the engine with seed s is SplitMix64(s + k *
 * 0x9e3779b97f4a7c15). Give every purpose an engine of its own, seeded by a hash:
 * RandomEngine(SplitMix64(purpose, seed, epoch)).
 */
class RandomEngine
{
  public:
    /**
     * Starts a sequence.
     * @param seed any number; equal seeds give equal sequences
     */
    explicit RandomEngine(uint64_t seed)
        : m_state(seed)
    {
    }

    /**
     * Draws 64 bits.
     * @return a number uniform in [0, 2^64)
     */
    uint64_t Next()
    {
        const uint64_t output = SplitMix64(m_state);
        m_state += 0x9e3779b97f4a7c15;
        return output;
    }

    /**
     * Draws a real number with 53 random bits.
     * @return a number uniform in [0, 1)
     */
    double NextUniform()
    {
        return static_cast<double>(Next() >> 11) * 0x1p-53;
    }

    /**
     * Draws an integer without bias: multiply, take the high word, reject the few low words that
     * some integers have too many of (D. Lemire, ACM Transactions on Modeling and Computer
     * Simulation 29 (2019), algorithm 5).
     * @param bound at least 1
     * @return a number uniform in [0, bound)
     */
    uint32_t NextBelow(uint32_t bound)
    {
        const uint32_t surplus = (0U - bound) % bound; // 2^32 mod bound
        uint64_t product;
        do
        {
            product = (Next() >> 32) * bound;
        } while (static_cast<uint32_t>(product) < surplus);
        return static_cast<uint32_t>(product >> 32);
    }

    /**
     * Draws from the standard normal law, by the ratio of two uniforms with quadratic bounds
     * (J. L. Leva, ACM Transactions on Mathematical Software 18 (1992), 449-455).
     *
     * The value is one exact product and one exact quotient: the logarithm of the mathematical
     * library, which may differ in its last bit between machines, only decides on acceptance.
     * @return a number of mean 0 and variance 1
     */
    double NextNormal()
    {
        while (true)
        {
            const double u = 1 - NextUniform(); // in (0, 1]
            const double v = 1.7156 * (NextUniform() - 0.5);
            const double x = u - 0.449871;
            const double y = std::abs(v) + 0.386595;
            const double q = x * x + y * (0.19600 * y - 0.25472 * x);
            if (q < 0.27597 || (q <= 0.27846 && v * v <= -4 * u * u * std::log(u)))
            {
                return v / u;
            }
        }
    }

    /**
     * Draws the logarithm of a gamma variate of scale 1; the logarithm, because for a small shape
     * the variate itself is often below the smallest double (G. Marsaglia, W. W. Tsang, ACM
     * Transactions on Mathematical Software 26 (2000), 363-372).
     * @param shape above 0
     * @return logarithm of the variate
     */
    double NextLogGamma(double shape)
    {
        if (shape < 1)
        {
            const double boost = std::log(1 - NextUniform()) / shape;
            return boost + NextLogGamma(shape + 1);
        }
        const double d = shape - 1.0 / 3;
        const double c = 1 / std::sqrt(9 * d);
        while (true)
        {
            const double x = NextNormal();
            const double root = 1 + c * x;
            if (root <= 0)
            {
                continue;
            }
            const double v = root * root * root;
            if (std::log(1 - NextUniform()) < 0.5 * x * x + d - d * v + d * std::log(v))
            {
                return std::log(d * v);
            }
        }
    }

    /**
     * Brings a vector into random order, all orders being equally likely (Fisher and Yates).
     * @tparam T type of the entries
     * @param entries the vector, of fewer than 2^32 entries
     */
    template <typename T>
    void Shuffle(std::vector<T>& entries)
    {
        for (std::size_t i = entries.size(); i > 1; --i)
        {
            std::swap(entries[i - 1], entries[NextBelow(static_cast<uint32_t>(i))]);
        }
    }

  private:
    uint64_t m_state; //!< what the next output is the hash of
};

} // namespace learning
} // namespace ns3

#endif /* RANDOM_ENGINE_H */
