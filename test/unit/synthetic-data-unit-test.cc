/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/synthetic-data.h"

#include <Eigen/Dense>
#include <cmath>
#include <limits>
#include <numeric>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Features of a whole set.
 * @param set the set
 * @return samples x features
 */
Eigen::MatrixXd
Features(const Dataset& set)
{
    std::vector<uint32_t> all(set.GetSampleCount());
    std::iota(all.begin(), all.end(), 0);
    BatchBuffer<double> buffer;
    const Batch<double> batch = set.Gather(all.data(), set.GetSampleCount(), buffer);
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    return Eigen::Map<const RowMajor>(batch.features, batch.size, batch.featureCount);
}

/**
 * Targets of a whole set.
 * @param set the set
 * @return one a sample
 */
Eigen::VectorXd
Targets(const Dataset& set)
{
    Eigen::VectorXd targets(set.GetSampleCount());
    for (uint32_t i = 0; i < set.GetSampleCount(); ++i)
    {
        targets[i] = set.GetTarget(i);
    }
    return targets;
}

/**
 * Weights as a vector of the algebra library.
 * @param law the law
 * @return its weights
 */
Eigen::VectorXd
Weights(const LinearLaw& law)
{
    const std::vector<double> weights = law.GetWeights();
    return Eigen::Map<const Eigen::VectorXd>(weights.data(), weights.size());
}

/**
 * Probability that a standard normal variate is below a bound.
 * @param x the bound
 * @return the probability
 */
double
Phi(double x)
{
    return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

} // namespace

// Set-up: 100,000 samples of 8 features with condition number 50.
// Expected: eigenvalues of the sample covariance c 50^(-j/7) with mean 1. An eigenvalue l has the
// standard error l sqrt(2/N) = 0.0045 l; tolerance 4 of these. Along no axis: the largest
// off-diagonal covariance is far from 0.
TEST(SyntheticData, LinearLawHasTheStatedCondition)
{
    constexpr uint32_t N = 100000;
    const LinearLaw law(8, 50, 0.3, 1);
    const Eigen::MatrixXd x = Features(*law.Generate(N, 0));
    const Eigen::MatrixXd covariance = x.transpose() * x / N;
    const Eigen::VectorXd found =
        Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(covariance).eigenvalues();
    Eigen::VectorXd expected(8);
    for (int j = 0; j < 8; ++j)
    {
        expected[j] = std::pow(50, j / 7.0 - 1);
    }
    expected *= 8 / expected.sum();
    const double error = std::sqrt(2.0 / N);
    for (int j = 0; j < 8; ++j)
    {
        EXPECT_NEAR(found[j] / expected[j], 1, 4 * error) << "eigenvalue " << j;
    }
    EXPECT_NEAR(found[7] / found[0] / 50, 1, 4 * error * std::sqrt(2.0));
    Eigen::MatrixXd rest = covariance;
    rest.diagonal().setZero();
    EXPECT_GT(rest.cwiseAbs().maxCoeff(), 0.1);
    EXPECT_LT(x.colwise().mean().norm(), 4 * std::sqrt(8.0 / N));
}

// Expected: the target is w.x of variance 1 plus noise of the stated deviation: without noise to
// the rounding of floats (condition 50 amplifies it: 1e-5), with noise within 4 standard errors.
// Least squares finds w again.
TEST(SyntheticData, LinearLawHasTheStatedNoise)
{
    constexpr uint32_t N = 50000;
    const LinearLaw clean(8, 50, 0, 1);
    const LinearLaw noisy(8, 50, 0.3, 1);
    const Eigen::MatrixXd x = Features(*clean.Generate(N, 0));
    const Eigen::VectorXd signal = Targets(*clean.Generate(N, 0));
    EXPECT_LT((x * Weights(clean) - signal).cwiseAbs().maxCoeff(), 1e-5);
    EXPECT_NEAR(signal.squaredNorm() / N, 1, 4 * std::sqrt(2.0 / N));

    const Eigen::VectorXd target = Targets(*noisy.Generate(N, 0));
    EXPECT_EQ(Features(*noisy.Generate(N, 0)), x);
    EXPECT_NEAR((target - signal).squaredNorm() / N / 0.09, 1, 4 * std::sqrt(2.0 / N));
    const Eigen::VectorXd fitted = (x.transpose() * x).ldlt().solve(x.transpose() * target);
    const double smallest = 8 / (50 * 2.39); // eigenvalue, from c of the test above
    EXPECT_LT((fitted - Weights(noisy)).norm(), 4 * 0.3 * std::sqrt(8 / (N * smallest)));
}

// Expected: a stated share of labels is flipped, the rest untouched; without noise, class 1 has the
// probability sigmoid(w.x): its share among samples in bins of w.x within 4.5 standard errors.
// Negative control: the sign of w.x alone does not follow that law.
TEST(SyntheticData, LogisticLawHasTheStatedNoise)
{
    constexpr uint32_t N = 100000;
    const LogisticLaw clean(5, 10, 2, 0, 3);
    const LogisticLaw noisy(5, 10, 2, 0.15, 3);
    const Ptr<Dataset> set = clean.Generate(N, 0);
    EXPECT_EQ(set->GetClassCount(), 2U);
    const Eigen::VectorXd labels = Targets(*set);
    const Eigen::VectorXd flipped = Targets(*noisy.Generate(N, 0));
    const double share = (labels - flipped).cwiseAbs().sum() / N;
    EXPECT_NEAR(share, 0.15, 4 * std::sqrt(0.15 * 0.85 / N));

    const Eigen::VectorXd odds = Features(*set) * Weights(clean);
    EXPECT_NEAR(odds.squaredNorm() / N, 4, 4 * 4 * std::sqrt(2.0 / N));
    int signsOutside = 0;
    for (double from = -3; from < 3; from += 1)
    {
        double expected = 0;
        double variance = 0;
        double found = 0;
        double signs = 0;
        for (uint32_t i = 0; i < N; ++i)
        {
            if (odds[i] >= from && odds[i] < from + 1)
            {
                const double p = 1 / (1 + std::exp(-odds[i]));
                expected += p;
                variance += p * (1 - p);
                found += labels[i];
                signs += odds[i] > 0;
            }
        }
        EXPECT_NEAR(found, expected, 4.5 * std::sqrt(variance)) << "bin at " << from;
        signsOutside += std::abs(signs - expected) > 4.5 * std::sqrt(variance);
    }
    EXPECT_EQ(signsOutside, 6);
}

// Expected: centers exactly the separation apart (to rounding); the nearest center errs with
// probability Phi(-separation / 2) for two classes, within 4 standard errors; classes are equally
// likely; samples lie around their centers with variance 1.
TEST(SyntheticData, ClustersAreSeparatedAsStated)
{
    const ClusterLaw many(12, 10, 3, 5);
    for (uint32_t a = 0; a < 10; ++a)
    {
        for (uint32_t b = 0; b < a; ++b)
        {
            double squared = 0;
            for (int j = 0; j < 12; ++j)
            {
                squared += std::pow(many.GetCenter(a)[j] - many.GetCenter(b)[j], 2);
            }
            EXPECT_NEAR(std::sqrt(squared), 3, 1e-12);
        }
    }

    constexpr uint32_t N = 100000;
    const ClusterLaw law(4, 2, 2.5, 5);
    const Ptr<Dataset> set = law.Generate(N, 0);
    const Eigen::MatrixXd x = Features(*set);
    const Eigen::VectorXd labels = Targets(*set);
    std::vector<Eigen::VectorXd> centers;
    for (uint32_t k = 0; k < 2; ++k)
    {
        const std::vector<double> center = law.GetCenter(k);
        centers.push_back(Eigen::Map<const Eigen::VectorXd>(center.data(), 4));
    }
    double errors = 0;
    double squares = 0;
    for (uint32_t i = 0; i < N; ++i)
    {
        const double own = (x.row(i).transpose() - centers[labels[i]]).squaredNorm();
        const double other = (x.row(i).transpose() - centers[1 - labels[i]]).squaredNorm();
        errors += other < own;
        squares += own;
    }
    const double p = Phi(-1.25);
    EXPECT_NEAR(errors / N, p, 4 * std::sqrt(p * (1 - p) / N));
    EXPECT_NEAR(squares / N, 4, 4 * std::sqrt(8.0 / N));
    EXPECT_NEAR(labels.mean(), 0.5, 4 * std::sqrt(0.25 / N));
}

// Expected: gradient noise h a of total variance s2, within 4 standard errors, equal in all
// coordinates and uncorrelated; mean 0 to the rounding of floats, unlike that of a plain draw,
// whose norm would be about sqrt(s2 / N) / h = 0.004.
TEST(SyntheticData, QuadraticLawHasTheStatedVariance)
{
    constexpr uint32_t N = 40000;
    constexpr int D = 10;
    const double h = 2.5;
    const double s2 = 4;
    const Ptr<Dataset> set = QuadraticLaw(D, h, s2, 9).Generate(N, 0);
    EXPECT_EQ(set->GetClassCount(), 0U);
    EXPECT_EQ(set->GetTarget(17), 0);
    const Eigen::MatrixXd a = Features(*set);
    EXPECT_NEAR(h * h * a.squaredNorm() / N / s2, 1, 4 * std::sqrt(2.0 / N / D));
    EXPECT_LT(a.colwise().mean().norm(), 1e-7);
    const Eigen::MatrixXd covariance = h * h * D / s2 / N * a.transpose() * a;
    EXPECT_LT((covariance - Eigen::MatrixXd::Identity(D, D)).cwiseAbs().maxCoeff(),
              5 * std::sqrt(2.0 / N));
    ExpectError<std::invalid_argument>([] { QuadraticLaw(1, 1, 1, 1).Generate(1, 0); }, {"2 to"});
}

// Expected: a longer set starts with the shorter one, the same seed gives the same bits, another
// seed or stream gives other samples of the same law.
TEST(SyntheticData, DependsOnSeedAndStreamAlone)
{
    const LinearLaw law(3, 10, 0.1, 1);
    const Eigen::MatrixXd longer = Features(*law.Generate(20, 0));
    EXPECT_EQ(longer.topRows(5), Features(*law.Generate(5, 0)));
    EXPECT_EQ(longer, Features(*LinearLaw(3, 10, 0.1, 1).Generate(20, 0)));
    EXPECT_NE(longer, Features(*law.Generate(20, 1)));
    EXPECT_NE(longer, Features(*LinearLaw(3, 10, 0.1, 2).Generate(20, 0)));
    const Eigen::MatrixXd one = Features(*LinearLaw(1, 10, 0, 1).Generate(1000, 0));
    EXPECT_NEAR(one.squaredNorm() / 1000, 1, 4 * std::sqrt(2.0 / 1000)); // one feature: variance 1
}

// Expected: parameters out of range are named with what is legal.
TEST(SyntheticData, RefusesParametersOutOfRange)
{
    using Error = std::invalid_argument;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    ExpectError<Error>([] { LinearLaw(0, 10, 0, 1); }, {"features 0", "1 to"});
    ExpectError<Error>([] { LinearLaw(2, 0.5, 0, 1); }, {"condition number 0.5", "1 to"});
    ExpectError<Error>([=] { LinearLaw(2, nan, 0, 1); }, {"condition number nan"});
    ExpectError<Error>([] { LinearLaw(2, 10, -1, 1); }, {"noise -1", "0 to"});
    ExpectError<Error>([] { LogisticLaw(2, 10, 1, 0.6, 1); }, {"noise 0.6", "0 to 0.5"});
    ExpectError<Error>([] { LogisticLaw(2, 10, 0, 0, 1); }, {"signal 0"});
    ExpectError<Error>([] { ClusterLaw(5, 6, 1, 1); }, {"classes 6", "2 to 5"});
    ExpectError<Error>([] { ClusterLaw(5, 1, 1, 1); }, {"classes 1", "2 to 5"});
    ExpectError<Error>([] { QuadraticLaw(5, 0, 1, 1); }, {"curvature 0"});
    ExpectError<Error>([] { LinearLaw(2, 10, 0, 1).Generate(0, 0); }, {"0 samples"});
    ExpectError<Error>([] { LinearLaw(1000, 10, 0, 1).Generate(4000000000U, 0); },
                       {"4000000000 samples", "1 to 2147483 samples"});
}
