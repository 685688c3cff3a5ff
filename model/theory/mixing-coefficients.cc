/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mixing-coefficients.h"

#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Refuses arguments out of their range.
 * @param workers number of workers
 * @param dropRate drop rate
 */
void
CheckArguments(uint32_t workers, double dropRate)
{
    if (workers == 0)
    {
        throw std::invalid_argument("mixing coefficients: there must be at least 1 worker, not 0");
    }
    if (!(dropRate >= 0 && dropRate <= 1))
    {
        std::ostringstream message;
        message << "mixing coefficients: drop rate " << dropRate << " is outside [0, 1]";
        throw std::invalid_argument(message.str());
    }
}

/// Sums over powers of the drop rate p, k running from 1 to n, of positive terms only.
struct PowerSums
{
    double geometric{0};  //!< sum of p^(k-1), k to n: (1 - p^n) / (1 - p)
    double rising{0};     //!< sum of k p^(k-1), k to n - 1
    double falling{0};    //!< sum of (n - k) p^(k-1), k to n - 1
    double ratio{0};      //!< sum of k / (n - k) p^(k-1), k to n - 1
    double harmonic{0};   //!< sum of 1 / k, k to n
    double reciprocal{0}; //!< E[1/K; K > 0] / (1 - p) for K ~ Binomial(n, 1 - p)
    double last{1};       //!< p^(n-1)

    /**
     * Adds them up.
     * @param workers n
     * @param dropRate p
     */
    PowerSums(uint32_t workers, double dropRate)
    {
        double power = 1;
        for (uint32_t k = 1; k <= workers; ++k)
        {
            last = power;
            geometric += power;
            harmonic += 1.0 / k;
            // E[1/K; K > 0] of k trials is p times that of k - 1 trials plus (1 - p^k) / k.
            reciprocal = dropRate * reciprocal + geometric / k;
            if (k < workers)
            {
                rising += k * power;
                falling += (workers - k) * power;
                ratio += k * power / (workers - k);
            }
            power *= dropRate;
        }
    }
};

} // namespace

// With e = E[1/N] and mu = E[N] = n q + p, E||W||_F^2 and E||W 1||^2 give
//     alpha1 = p + (p e - p^n) / (n - 1)
//     alpha2 = [(mu^2 + (n - 1) p q) e - mu + 2 p (mu - q)(1 - e)] / (n (n - 1)).
// mu e - 1 = p (e - p^(n-1)), n (e - p^(n-1)) = q rising and n (1 - e) = q falling take the
// factor p q out of all differences.
MixingCoefficients
GetColocatedCoefficients(uint32_t workers, double dropRate)
{
    CheckArguments(workers, dropRate);
    if (workers == 1)
    {
        return {};
    }
    const PowerSums sums(workers, dropRate);
    const double n = workers;
    const double p = dropRate;
    const double q = 1 - p;
    const double mu = n * q + p;
    MixingCoefficients result;
    result.alpha1 = p * (1 + q * sums.rising / (n * (n - 1)));
    result.alpha2 = p * q *
                    (mu * sums.rising + (n - 1) * sums.geometric + 2 * (mu - q) * sums.falling) /
                    (n * n * (n - 1));
    result.beta = result.alpha1 - result.alpha2;
    return result;
}

// With e' = E[1/K; K > 0], K ~ Binomial(n, q), and P0 = p^n
//     alpha1 = [n q e' + n p (1 - P0) + n P0 - 1] / (n - 1)
//     alpha2 = [(((n q)^2 + n p q) e' + 2 p (n - 1) q (1 - P0)) / n + p (1 - P0) + P0 - 1] / (n -
//     1).
// 1 - P0 = q geometric, e' = q reciprocal and
// n q reciprocal = geometric + p ratio - n p^n harmonic take the factors p and q^2 out.
MixingCoefficients
GetDedicatedCoefficients(uint32_t workers, double dropRate)
{
    CheckArguments(workers, dropRate);
    if (workers == 1)
    {
        return {};
    }
    const PowerSums sums(workers, dropRate);
    const double n = workers;
    const double p = dropRate;
    const double q = 1 - p;
    MixingCoefficients result;
    result.alpha1 = p *
                    (q * sums.ratio + (n - 1) * sums.last +
                     n * q * (sums.geometric - sums.last * sums.harmonic)) /
                    (n - 1);
    result.alpha2 = p * q * q *
                    (n * (sums.ratio + sums.reciprocal) + 2 * (n - 1) * sums.geometric -
                     n * n * sums.last * sums.harmonic) /
                    (n * (n - 1));
    result.beta = result.alpha1 - result.alpha2;
    return result;
}

double
GetMeanInverseContributors(uint32_t workers, double dropRate)
{
    CheckArguments(workers, dropRate);
    return PowerSums(workers, dropRate).geometric / workers;
}

// The owner's row sum is M / N in expectation, with M, N independent and alike: mu e.
FixedOwnerRowSums
GetFixedOwnerRowSums(uint32_t workers, double dropRate)
{
    CheckArguments(workers, dropRate);
    FixedOwnerRowSums result;
    if (workers > 1)
    {
        const double excess =
            dropRate * (1 - dropRate) * PowerSums(workers, dropRate).rising / workers;
        result.owner = 1 + excess;
        result.other = 1 - excess / (workers - 1.0);
    }
    return result;
}

} // namespace learning
} // namespace ns3
