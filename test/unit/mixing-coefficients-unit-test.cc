/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Set-up: the closed forms of the mixing coefficients alone; no network, no random number.
// Expected: the values of exact rational arithmetic, of an enumeration of every outcome of a round,
// of the limits for few and for many drops, and of the paper's figure 2. Negative controls: a fixed
// owner, and an owner that may lose its own block.

#include "mixing-enumeration.h"

#include "ns3/mixing-coefficients.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace
{

using namespace ns3::learning;
using namespace ns3::learning::test;

/// Known coefficients.
struct Known
{
    uint32_t n;
    double p;
    double alpha1;
    double alpha2;
    double beta;
};

// The closed forms in rational arithmetic, rounded to 12 significant digits.
const Known KNOWN[] = {
    {2, 0, 0, 0, 0},
    {2, 0.01, 0.01495, 0.012375, 0.002575},
    {2, 0.05, 0.07375, 0.059375, 0.014375},
    {2, 0.1, 0.145, 0.1125, 0.0325},
    {2, 0.2, 0.28, 0.2, 0.08},
    {2, 0.4, 0.52, 0.3, 0.22},
    {2, 0.6, 0.72, 0.3, 0.42},
    {2, 0.8, 0.88, 0.2, 0.68},
    {4, 0, 0, 0, 0},
    {4, 0.01, 0.0108417475, 0.0051728923125, 0.0056688551875},
    {4, 0.05, 0.0543838541667, 0.0251514973958, 0.0292323567708},
    {4, 0.1, 0.109225, 0.0484875, 0.0607375},
    {4, 0.2, 0.220266666667, 0.0893333333333, 0.130933333333},
    {4, 0.4, 0.4456, 0.1434, 0.3022},
    {4, 0.6, 0.6656, 0.1508, 0.5148},
    {4, 0.8, 0.860266666667, 0.102533333333, 0.757733333333},
    {5, 0, 0, 0, 0},
    {5, 0.01, 0.01050505048, 0.00406898987418, 0.00643606060582},
    {5, 0.05, 0.0526315, 0.0197236090625, 0.0329078909375},
    {5, 0.1, 0.105553, 0.03788658, 0.06766642},
    {5, 0.2, 0.212416, 0.06943232, 0.14298368},
    {5, 0.4, 0.430432, 0.11157888, 0.31885312},
    {5, 0.6, 0.649728, 0.11912448, 0.53060352},
    {5, 0.8, 0.852544, 0.08237312, 0.77017088},
    {8, 0, 0, 0, 0},
    {8, 0.01, 0.0101803751804, 0.00250066738817, 0.00767970779221},
    {8, 0.05, 0.0509398496184, 0.0120700187917, 0.0388698308268},
    {8, 0.1, 0.101984125536, 0.02305555425, 0.0789285712857},
    {8, 0.2, 0.204463908571, 0.0417630902857, 0.162700818286},
    {8, 0.4, 0.411803337143, 0.0659508548571, 0.345852482286},
    {8, 0.6, 0.623936365714, 0.071059008, 0.552877357714},
    {8, 0.8, 0.835477394286, 0.051208544, 0.784268850286},
    {10, 0, 0, 0, 0},
    {10, 0.01, 0.0101122334456, 0.00199322109989, 0.00811901234568},
    {10, 0.05, 0.0505847953216, 0.00960818713449, 0.0409766081871},
    {10, 0.1, 0.10123456789, 0.0183209876442, 0.0829135802458},
    {10, 0.2, 0.202777766116, 0.0330555462087, 0.169722219907},
    {10, 0.4, 0.40739497984, 0.0516962316288, 0.355698748211},
    {10, 0.6, 0.615894043307, 0.0553596328619, 0.560534410445},
    {10, 0.8, 0.827741793849, 0.0405013565895, 0.787240437259},
    {16, 0, 0, 0, 0},
    {16, 0.01, 0.0100420875421, 0.00124091119529, 0.00880117634680},
    {16, 0.05, 0.0502192982456, 0.00597066885965, 0.0442486293860},
    {16, 0.1, 0.100462962963, 0.0113564814815, 0.0891064814815},
    {16, 0.2, 0.201041666666, 0.0203723958330, 0.180669270833},
    {16, 0.4, 0.402777747952, 0.0313680376449, 0.371409710307},
    {16, 0.6, 0.606229429407, 0.0329136688027, 0.573315760604},
    {16, 0.8, 0.814321041861, 0.0242568005582, 0.790064241303},
    {20, 0, 0, 0, 0},
    {20, 0.01, 0.0100265816055, 0.000991828814460, 0.00903475279107},
    {20, 0.05, 0.0501385041551, 0.00476939058172, 0.0453691135734},
    {20, 0.1, 0.100292397661, 0.00906432748538, 0.0912280701754},
    {20, 0.2, 0.200657894737, 0.0162302631579, 0.184427631579},
    {20, 0.4, 0.401754385367, 0.0248596487638, 0.376894736603},
    {20, 0.6, 0.603945299805, 0.0258544371547, 0.578090862650},
    {20, 0.8, 0.809798154839, 0.0189106401936, 0.790887514646},
    {30, 0, 0, 0, 0},
    {30, 0.01, 0.0100116103564, 0.000660609156701, 0.00935100119974},
    {30, 0.05, 0.0500604960678, 0.00317422867514, 0.0468862673926},
    {30, 0.1, 0.100127713921, 0.00602639421030, 0.0941013197105},
    {30, 0.2, 0.200287356322, 0.0107643678161, 0.189522988506},
    {30, 0.4, 0.400766283525, 0.0163729246488, 0.384393358876},
    {30, 0.6, 0.601724129927, 0.0168160887548, 0.584908041172},
    {30, 0.8, 0.804549321884, 0.0120364149919, 0.792512906892},
    {32, 0, 0, 0, 0},
    {32, 0.01, 0.0100101824699, 0.000619263451043, 0.00939091901882},
    {32, 0.05, 0.0500530560272, 0.00297528252334, 0.0470777735038},
    {32, 0.1, 0.100112007168, 0.00564796146953, 0.0944640456989},
    {32, 0.2, 0.200252016129, 0.0100853704637, 0.190166645665},
    {32, 0.4, 0.400672043011, 0.0153267809140, 0.385345262097},
    {32, 0.6, 0.601512094087, 0.0157163547725, 0.585795739314},
    {32, 0.8, 0.804003505909, 0.0112090272111, 0.792794478698},
    {50, 0, 0, 0, 0},
    {50, 0.01, 0.0100041228613, 0.000396162440734, 0.00960796042053},
    {50, 0.05, 0.0500214822771, 0.00190242749731, 0.0481190547798},
    {50, 0.1, 0.100045351474, 0.00360888888889, 0.0964364625850},
    {50, 0.2, 0.200102040816, 0.00643387755102, 0.193668163265},
    {50, 0.4, 0.400272108844, 0.00973170068027, 0.390540408163},
    {50, 0.6, 0.600612244898, 0.00989142857136, 0.590720816326},
    {50, 0.8, 0.801632338484, 0.00690279450707, 0.794729543977},
    {64, 0, 0, 0, 0},
    {64, 0.01, 0.0100025052108, 0.000309462964216, 0.00969304224662},
    {64, 0.05, 0.0500130534670, 0.00148579864374, 0.0485272548233},
    {64, 0.1, 0.100027557319, 0.00281780478395, 0.0972097525353},
    {64, 0.2, 0.200062003968, 0.00502042255704, 0.195041581411},
    {64, 0.4, 0.400165343915, 0.00757988177910, 0.392585462136},
    {64, 0.6, 0.600372023810, 0.00767740885417, 0.592694614955},
    {64, 0.8, 0.800992052906, 0.00530815761078, 0.795683895295},
};

/// Relative error of 12 significant digits, and of sums of up to 10,000 rounded terms.
constexpr double TOLERANCE = 1e-11;

void
ExpectNearRelative(double value, double expected, double tolerance, const std::string& what)
{
    EXPECT_NEAR(value, expected, tolerance * std::abs(expected)) << what;
}

/// Coefficients of an enumeration, and how far its matrices are from the form alpha I + (1 - alpha)
/// A.
struct Enumerated
{
    double alpha1;
    double alpha2;
    double deviation;
};

/**
 * Reads alpha off a matrix that should be alpha I + (1 - alpha) A.
 */
double
ReadAlpha(const SquareMatrix& matrix, double& deviation)
{
    const double alpha = matrix(0, 0) - matrix(0, 1);
    for (uint32_t i = 0; i < matrix.n; ++i)
    {
        for (uint32_t j = 0; j < matrix.n; ++j)
        {
            const double expected = (i == j ? alpha : 0) + (1 - alpha) / matrix.n;
            deviation = std::max(deviation, std::abs(matrix(i, j) - expected));
        }
    }
    return alpha;
}

Enumerated
Enumerate(uint32_t n, double p, OwnerLaw law, bool ownPushDroppable = false)
{
    SquareMatrix first(n);
    SquareMatrix second(n);
    for (const auto& outcome : EnumerateMixing(n, p, law, ownPushDroppable))
    {
        const SquareMatrix w = outcome.GetMatrix();
        std::vector<double> rowSum(n, 0);
        for (uint32_t i = 0; i < n; ++i)
        {
            for (uint32_t k = 0; k < n; ++k)
            {
                rowSum[i] += w(i, k);
            }
        }
        for (uint32_t i = 0; i < n; ++i)
        {
            for (uint32_t j = 0; j < n; ++j)
            {
                for (uint32_t k = 0; k < n; ++k)
                {
                    first(i, j) += outcome.probability * w(i, k) * w(j, k);
                }
                second(i, j) += outcome.probability * rowSum[i] * rowSum[j] / n;
            }
        }
    }
    Enumerated result{0, 0, 0};
    result.alpha1 = ReadAlpha(first, result.deviation);
    result.alpha2 = ReadAlpha(second, result.deviation);
    return result;
}

TEST(MixingCoefficients, AgreeWithRationalArithmetic)
{
    for (const auto& known : KNOWN)
    {
        const auto result = GetColocatedCoefficients(known.n, known.p);
        const auto what = "n = " + std::to_string(known.n) + ", p = " + std::to_string(known.p);
        ExpectNearRelative(result.alpha1, known.alpha1, TOLERANCE, "alpha1, " + what);
        ExpectNearRelative(result.alpha2, known.alpha2, TOLERANCE, "alpha2, " + what);
        ExpectNearRelative(result.beta, known.beta, TOLERANCE, "beta, " + what);
    }
    // To the last digits: fractions that are known in full.
    EXPECT_NEAR(GetColocatedCoefficients(4, 0.1).alpha1, 4369.0 / 40000, 1e-16);
    EXPECT_NEAR(GetColocatedCoefficients(4, 0.1).alpha2, 3879.0 / 80000, 1e-16);
    EXPECT_NEAR(GetColocatedCoefficients(2, 0.1).alpha1, 29.0 / 200, 1e-16);
    EXPECT_NEAR(GetColocatedCoefficients(2, 0.1).alpha2, 9.0 / 80, 1e-16);
}

TEST(MixingCoefficients, AgreeWithEveryOutcomeOfARound)
{
    constexpr double tolerance = 1e-13; // the enumeration adds up to 5,120 rounded terms
    for (uint32_t n = 2; n <= 5; ++n)
    {
        for (double p : {0.0, 0.01, 0.1, 0.4, 0.7, 0.99, 1.0})
        {
            const auto what = "n = " + std::to_string(n) + ", p = " + std::to_string(p);
            const auto permuted = Enumerate(n, p, OwnerLaw::PERMUTED);
            const auto colocated = GetColocatedCoefficients(n, p);
            EXPECT_LT(permuted.deviation, tolerance) << what;
            EXPECT_NEAR(colocated.alpha1, permuted.alpha1, tolerance) << what;
            EXPECT_NEAR(colocated.alpha2, permuted.alpha2, tolerance) << what;
            const auto silent = Enumerate(n, p, OwnerLaw::NONE);
            const auto dedicated = GetDedicatedCoefficients(n, p);
            EXPECT_LT(silent.deviation, tolerance) << what;
            EXPECT_NEAR(dedicated.alpha1, silent.alpha1, tolerance) << what;
            EXPECT_NEAR(dedicated.alpha2, silent.alpha2, tolerance) << what;
            EXPECT_NEAR(dedicated.beta, silent.alpha1 - silent.alpha2, tolerance) << what;
        }
    }
}

TEST(MixingCoefficients, TellWrongVariantsApart)
{
    const auto right = GetColocatedCoefficients(4, 0.1);
    EXPECT_GT(Enumerate(4, 0.1, OwnerLaw::FIXED).deviation, 1e-4)
        << "a fixed owner has no such form";
    const auto droppable = Enumerate(4, 0.1, OwnerLaw::PERMUTED, true);
    EXPECT_GT(std::abs(droppable.alpha1 - right.alpha1), 1e-3) << "the owner's own block dropped";
    EXPECT_GT(GetDedicatedCoefficients(4, 0.1).alpha1 - right.alpha1, 1e-3) << "dedicated servers";
}

TEST(MixingCoefficients, KeepTheirDigitsNearTheEnds)
{
    for (uint32_t n : {2U, 3U, 16U, 1000U, 10000U})
    {
        // p to 0: alpha1 = p (1 + 1 / (n (n - 1))), alpha2 = p (2 / n + 1 / (n^2 (n - 1))), both
        // with a relative error of order n p; as text-book expressions they keep 4 digits at p =
        // 1e-12.
        const double p = 1e-13;
        const double pairs = static_cast<double>(n) * (n - 1);
        const auto few = GetColocatedCoefficients(n, p);
        ExpectNearRelative(few.alpha1, p * (1 + 1 / pairs), 1e-12, "alpha1, few drops");
        ExpectNearRelative(few.alpha2, p * (2.0 / n + 1 / (n * pairs)), 1e-12, "alpha2, few drops");
        // p to 1: alpha2 = 2.5 q / n co-located, where the second order is of relative size n q,
        // and 2 q^2 dedicated, where a worker hears another only if two messages arrive.
        const double q = std::ldexp(1.0, -50);
        const auto many = GetColocatedCoefficients(n, 1 - q);
        ExpectNearRelative(many.alpha2, 2.5 * q / n, 2 * n * q + 1e-12, "alpha2, many drops");
        ExpectNearRelative(GetDedicatedCoefficients(n, 1 - q).alpha2,
                           2 * q * q,
                           4 * n * q + 1e-11,
                           "alpha2, many drops, dedicated");
        EXPECT_NEAR(many.beta, 1, 1e-14);
    }
    // Negative control: the expression of E||W 1||^2 as it is written down.
    const double n = 16;
    const double p = 1e-13;
    const double q = 1 - p;
    const double mu = n * q + p;
    const double e = (1 - std::pow(p, n)) / (n * q);
    const double naive =
        ((mu * mu + (n - 1) * p * q) * e - mu + 2 * p * (mu - q) * (1 - e)) / (n * (n - 1));
    EXPECT_GT(std::abs(naive / GetColocatedCoefficients(16, p).alpha2 - 1), 1e-6);
}

TEST(MixingCoefficients, AgreeWithExtendedPrecisionForManyWorkers)
{
    // At these drop rates the expressions as written lose about 4 digits, so 18 leave 14.
    for (uint32_t workers : {100U, 1000U, 10000U})
    {
        for (double p : {0.001, 0.1, 0.5, 0.9, 0.999})
        {
            const long double n = workers;
            const long double q = 1 - static_cast<long double>(p);
            const long double last = std::pow(static_cast<long double>(p), n);
            const long double mu = n * q + p;
            const long double e = (1 - last) / (n * q);
            const long double alpha1 = p + (p * e - last) / (n - 1);
            const long double alpha2 =
                ((mu * mu + (n - 1) * p * q) * e - mu + 2 * p * (mu - q) * (1 - e)) / (n * (n - 1));
            const auto result = GetColocatedCoefficients(workers, p);
            ExpectNearRelative(result.alpha1, alpha1, 1e-12, "alpha1");
            ExpectNearRelative(result.alpha2, alpha2, 1e-12, "alpha2");
            long double inverse = 0; // E[1/K; K > 0] by its recursion from k - 1 to k trials
            for (uint32_t k = 1; k <= workers; ++k)
            {
                inverse = p * inverse + (1 - std::pow(static_cast<long double>(p), k)) / k;
            }
            const long double some = 1 - last;
            const long double dedicated1 =
                (n * q * inverse + n * p * some + n * last - 1) / (n - 1);
            const long double dedicated2 = ((((n * q) * (n * q) + n * p * q) * inverse +
                                             2 * p * (n - 1) * q * some + n * p * some + n * last) /
                                                n -
                                            1) /
                                           (n - 1);
            const auto dedicated = GetDedicatedCoefficients(workers, p);
            ExpectNearRelative(dedicated.alpha1, dedicated1, 1e-12, "alpha1, dedicated");
            ExpectNearRelative(dedicated.alpha2, dedicated2, 1e-11, "alpha2, dedicated");
        }
    }
}

TEST(MixingCoefficients, ReproduceFigure2)
{
    // Peaks of alpha2 read off the paper's figure 2, with a reading error of about 1e-4.
    const struct
    {
        uint32_t n;
        double peak;
        double at;
    } curves[] = {{5, 0.1211, 0.54},
                  {10, 0.0559, 0.55},
                  {20, 0.0264, 0.53},
                  {30, 0.0173, 0.52},
                  {50, 0.0102, 0.51}};

    for (const auto& curve : curves)
    {
        double peak = 0;
        double at = 0;
        for (double p = 0; p <= 1; p += 0.001)
        {
            const double alpha2 = GetColocatedCoefficients(curve.n, p).alpha2;
            at = alpha2 > peak ? p : at;
            peak = std::max(peak, alpha2);
        }
        EXPECT_NEAR(peak, curve.peak, 1e-4) << "n = " << curve.n;
        EXPECT_NEAR(at, curve.at, 0.01) << "n = " << curve.n;
    }
    // Figure 3 at p = 0.5: labelled alpha1 - alpha2, but what it shows is alpha1.
    EXPECT_NEAR(GetColocatedCoefficients(5, 0.5).alpha1, 0.5406, 1e-4);
    EXPECT_NEAR(GetColocatedCoefficients(50, 0.5).alpha1, 0.5004, 1e-4);
}

TEST(MixingCoefficients, ScaleAsThePaperSays)
{
    const double slope = std::log(GetColocatedCoefficients(64, 0.1).alpha2 /
                                  GetColocatedCoefficients(8, 0.1).alpha2) /
                         std::log(8.0);
    EXPECT_NEAR(slope, -1.011, 5e-4) << "alpha2 falls like 1 / n";
    for (double p : {0.01, 0.1, 0.5, 0.9})
    {
        const double limit = 2 * p * (1 - p);
        EXPECT_NEAR(10000 * GetColocatedCoefficients(10000, p).alpha2 / limit, 1, 1e-3);
        EXPECT_NEAR(10000 * GetDedicatedCoefficients(10000, p).alpha2 / limit, 1, 2e-3);
        double before = 1;
        for (uint32_t n = 2; n <= 128; ++n)
        {
            const auto result = GetColocatedCoefficients(n, p);
            EXPECT_GE(n * result.alpha2 / limit, 1) << "n = " << n;
            EXPECT_LE(n * result.alpha2 / limit, 1.315) << "n = " << n;
            EXPECT_LT(result.alpha2, before) << "n = " << n;
            before = result.alpha2;
        }
    }
}

TEST(MixingCoefficients, CoverDedicatedServers)
{
    EXPECT_NEAR(GetDedicatedCoefficients(16, 0.1).alpha1, 0.107169, 5e-7);
    EXPECT_NEAR(GetDedicatedCoefficients(16, 0.1).alpha2, 0.012121, 5e-7);
    EXPECT_NEAR(GetDedicatedCoefficients(16, 0.1).beta, 0.095047, 1e-6);
    EXPECT_NEAR(GetDedicatedCoefficients(16, 0.4).alpha1, 0.429969, 5e-7);
    EXPECT_NEAR(GetDedicatedCoefficients(16, 0.4).alpha2, 0.033731, 1e-6);
    EXPECT_NEAR(GetDedicatedCoefficients(16, 0.4).beta, 0.396239, 1e-6);
}

TEST(MixingCoefficients, KnowTheBiasOfAFixedOwner)
{
    const struct
    {
        uint32_t n;
        double p;
        double owner;
    } rows[] = {{4, 0.1, 1.0277}, {16, 0.1, 1.0069}, {16, 0.4, 1.0417}, {64, 0.1, 1.0017}};

    for (const auto& row : rows)
    {
        EXPECT_NEAR(GetFixedOwnerRowSums(row.n, row.p).owner, row.owner, 5e-5);
    }
    double owner = 0;
    double other = 0;
    for (const auto& outcome : EnumerateMixing(4, 0.3, OwnerLaw::FIXED))
    {
        const SquareMatrix w = outcome.GetMatrix();
        for (uint32_t k = 0; k < 4; ++k)
        {
            owner += outcome.probability * w(0, k);
            other += outcome.probability * w(3, k);
        }
    }
    const auto sums = GetFixedOwnerRowSums(4, 0.3);
    EXPECT_NEAR(sums.owner, owner, 1e-14);
    EXPECT_NEAR(sums.other, other, 1e-14);
    EXPECT_NEAR(sums.owner + 3 * sums.other, 4, 1e-14) << "no weight is lost";
}

TEST(MixingCoefficients, AreExactAtTheEnds)
{
    for (uint32_t n : {2U, 7U, 10000U})
    {
        for (auto get : {GetColocatedCoefficients, GetDedicatedCoefficients})
        {
            EXPECT_EQ(get(n, 0).alpha1, 0);
            EXPECT_EQ(get(n, 0).alpha2, 0);
            EXPECT_EQ(get(n, 0).beta, 0);
            EXPECT_EQ(get(n, 1).alpha1, 1);
            EXPECT_EQ(get(n, 1).alpha2, 0);
            EXPECT_EQ(get(n, 1).beta, 1);
            EXPECT_EQ(get(1, 0.3).alpha1, 0) << "one worker has nothing to mix";
        }
        EXPECT_NEAR(GetMeanInverseContributors(n, 0), 1.0 / n, 1e-16);
        EXPECT_EQ(GetMeanInverseContributors(n, 1), 1);
        EXPECT_EQ(GetFixedOwnerRowSums(n, 1).owner, 1);
    }
    EXPECT_EQ(GetFixedOwnerRowSums(1, 0.3).owner, 1);
}

TEST(MixingCoefficients, RefuseWhatCannotBe)
{
    EXPECT_THROW(GetColocatedCoefficients(0, 0.1), std::invalid_argument);
    EXPECT_THROW(GetColocatedCoefficients(4, -0.1), std::invalid_argument);
    EXPECT_THROW(GetDedicatedCoefficients(4, 1.1), std::invalid_argument);
    EXPECT_THROW(GetFixedOwnerRowSums(4, std::nan("")), std::invalid_argument);
    EXPECT_THROW(GetMeanInverseContributors(0, 0.5), std::invalid_argument);
}

} // namespace
