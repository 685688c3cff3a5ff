/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MIXING_ENUMERATION_H
#define MIXING_ENUMERATION_H

#include <cmath>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{
namespace test
{

/// A row-major square matrix.
struct SquareMatrix
{
    uint32_t n;                 //!< rows and columns
    std::vector<double> values; //!< n x n

    explicit SquareMatrix(uint32_t size)
        : n(size),
          values(size * size, 0)
    {
    }

    double& operator()(uint32_t row, uint32_t column)
    {
        return values[row * n + column];
    }

    double operator()(uint32_t row, uint32_t column) const
    {
        return values[row * n + column];
    }
};

/// One outcome of a round for one block: who was averaged and who got the average.
struct MixingOutcome
{
    double probability;         //!< of this outcome
    std::vector<bool> pushed;   //!< whether a worker's block is averaged
    std::vector<bool> pulled;   //!< whether a worker gets the average
    std::vector<double> weight; //!< of each worker's block in the average, all 0 if none arrived

    /**
     * The mixing matrix: column k holds the weights if worker k got the average, else unit k.
     * @return W
     */
    SquareMatrix GetMatrix() const
    {
        const auto n = static_cast<uint32_t>(weight.size());
        SquareMatrix matrix(n);
        for (uint32_t k = 0; k < n; ++k)
        {
            for (uint32_t m = 0; m < n; ++m)
            {
                matrix(m, k) = pulled[k] ? weight[m] : (m == k ? 1 : 0);
            }
        }
        return matrix;
    }
};

/// Who never loses the owner's own contribution and result.
enum class OwnerLaw
{
    PERMUTED, //!< co-located, the owner drawn among all workers
    FIXED,    //!< co-located, worker 0 owns the block
    NONE      //!< dedicated: no worker owns it, and an empty server stays silent
};

/**
 * Every outcome of a round, message by message, straight from the algorithm: an oracle that knows
 * no closed form.
 * @param n number of workers
 * @param p drop rate
 * @param law who owns the block
 * @param ownPushDroppable wrong variant: the owner's own contribution is dropped like any other
 * @return the outcomes; their probabilities sum to 1
 */
inline std::vector<MixingOutcome>
EnumerateMixing(uint32_t n, double p, OwnerLaw law, bool ownPushDroppable = false)
{
    std::vector<MixingOutcome> outcomes;
    const uint32_t owners = law == OwnerLaw::PERMUTED ? n : 1;
    for (uint32_t owner = 0; owner < owners; ++owner)
    {
        for (uint32_t bits = 0; bits < (1U << (2 * n)); ++bits)
        {
            MixingOutcome outcome;
            outcome.probability = 1.0 / owners;
            uint32_t count = 0;
            for (uint32_t i = 0; i < 2 * n; ++i)
            {
                const bool arrived = (bits >> i) & 1;
                const bool push = i < n;
                const bool own = law != OwnerLaw::NONE && i % n == owner;
                const bool certain = own && !(push && ownPushDroppable);
                outcome.probability *= certain ? (arrived ? 1 : 0) : (arrived ? 1 - p : p);
                (push ? outcome.pushed : outcome.pulled).push_back(arrived);
                count += push && arrived ? 1 : 0;
            }
            if (outcome.probability == 0)
            {
                continue;
            }
            for (uint32_t m = 0; m < n; ++m)
            {
                outcome.weight.push_back(outcome.pushed[m] ? 1.0 / count : 0);
                outcome.pulled[m] = outcome.pulled[m] && count > 0;
            }
            outcomes.push_back(outcome);
        }
    }
    return outcomes;
}

} // namespace test
} // namespace learning
} // namespace ns3

#endif /* MIXING_ENUMERATION_H */
