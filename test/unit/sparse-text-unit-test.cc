/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/dataset-loader.h"
#include "ns3/evaluation.h"
#include "ns3/linear-support-vector-machine.h"
#include "ns3/logistic-regression.h"
#include "ns3/sparse-text.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// All samples of a set as one batch.
struct WholeSet
{
    /**
     * Gathers them.
     * @param set the set
     */
    explicit WholeSet(const Dataset& set)
    {
        std::vector<uint32_t> all(set.GetSampleCount());
        std::iota(all.begin(), all.end(), 0);
        batch = set.Gather(all.data(), set.GetSampleCount(), buffer);
    }

    BatchBuffer<float> buffer; //!< its memory
    Batch<float> batch;        //!< the samples
};

/**
 * Chi-square distance of how many documents terms are in from what a law says, in standard
 * deviations of a chi-square variate.
 * @param batch the documents
 * @param law the law
 * @return the distance
 */
double
GetDistance(const Batch<float>& batch, const SparseTextLaw& law)
{
    std::vector<double> counts(batch.featureCount);
    for (uint32_t i = 0; i < batch.rowStart[batch.size]; ++i)
    {
        ++counts[batch.columns[i]];
    }
    double chiSquare = 0;
    for (uint32_t j = 0; j < batch.featureCount; ++j)
    {
        const double expected = batch.size * law.GetFrequency(j);
        chiSquare += std::pow(counts[j] - expected, 2) / (expected * (1 - law.GetFrequency(j)));
    }
    return (chiSquare - batch.featureCount) / std::sqrt(2.0 * batch.featureCount);
}

/**
 * Trains by plain gradient descent steps of mini-batches in order.
 * @param model the model
 * @param set the samples
 * @param rate step size
 * @param steps how many
 * @return the parameters
 */
std::vector<float>
Train(const LearningModel& model, const Dataset& set, float rate, uint32_t steps)
{
    constexpr uint32_t SIZE = 500;
    std::vector<float> parameters(model.GetParameterCount());
    std::vector<float> gradient(model.GetParameterCount());
    std::vector<uint32_t> samples(SIZE);
    BatchBuffer<float> buffer;
    for (uint32_t step = 0; step < steps; ++step)
    {
        std::iota(samples.begin(), samples.end(), step * SIZE % set.GetSampleCount());
        const auto batch = set.Gather(samples.data(), SIZE, buffer);
        model.Gradient(parameters.data(), batch, gradient.data());
        for (std::size_t i = 0; i < parameters.size(); ++i)
        {
            parameters[i] -= rate * gradient[i];
        }
    }
    return parameters;
}

} // namespace

// Set-up: 20,000 documents of 1,000 terms, 40 a document.
// Expected: the law's shares of documents, largest first, at most 0.4, add up to 40; counted ones
// have a chi-square distance within 4 deviations. Documents of a class differ from others in all
// terms alike, so counts of two terms hardly depend on each other. Negative control: those of a
// law with 42 terms a document do not.
TEST(SparseText, TermsHaveTheStatedFrequencies)
{
    const SparseTextLaw law(1000, 40, 0.3, 0, 1);
    double sum = 0;
    for (uint32_t j = 0; j < 1000; ++j)
    {
        sum += law.GetFrequency(j);
        EXPECT_LE(law.GetFrequency(j), j == 0 ? 0.4 : law.GetFrequency(j - 1));
    }
    EXPECT_NEAR(sum, 40, 1e-9);
    EXPECT_NEAR(law.GetFrequency(999) / law.GetFrequency(499), 0.5, 1e-12); // Zipf
    const auto set = law.Generate(20000, 0);
    const WholeSet whole(*set);
    EXPECT_LT(std::abs(GetDistance(whole.batch, law)), 4);
    EXPECT_GT(GetDistance(whole.batch, SparseTextLaw(1000, 42, 0.3, 0, 1)), 20);
}

// Expected: size and density of the default set as of RCV1: 47,236 features, 74 non-zeros a sample.
// Their number is a sum of independent draws given the class, so its variance is at most that of
// the draws, 74, and that between the classes; tolerance 4 standard errors of deviation 10. Rows
// ascend and have length 1, as cosine-normalized ones do, values are positive; classes are even.
TEST(SparseText, HasTheFormOfTheCorpus)
{
    const LoadedData data = LoadDataset("synthetic-rcv1:samples=5000,testSamples=10");
    EXPECT_TRUE(data.training->IsSparse());
    EXPECT_EQ(data.training->GetShape().GetSize(), 47236U);
    EXPECT_EQ(data.training->GetClassCount(), 2U);
    EXPECT_EQ(data.test->GetSampleCount(), 10U);
    EXPECT_NEAR(data.training->GetMeanNonZeros(), 74, 4 * 10 / std::sqrt(5000.0));
    const WholeSet whole(*data.training);
    double ones = 0;
    for (uint32_t i = 0; i < whole.batch.size; ++i)
    {
        double squares = 0;
        for (uint32_t k = whole.batch.rowStart[i]; k < whole.batch.rowStart[i + 1]; ++k)
        {
            ASSERT_GT(whole.batch.values[k], 0);
            ASSERT_TRUE(k == whole.batch.rowStart[i] ||
                        whole.batch.columns[k] > whole.batch.columns[k - 1]);
            squares += whole.batch.values[k] * whole.batch.values[k];
        }
        ASSERT_NEAR(squares, 1, 1e-5) << "row " << i;
        ones += whole.batch.targets[i];
    }
    EXPECT_NEAR(ones / 5000, 0.5, 4 * 0.5 / std::sqrt(5000.0));
}

// Expected: documents with log-odds z are of class 1 with probability 1 / (1 + e^-z): in 5 ranges
// of z, the mean of the labels is that of the probabilities within 4 standard errors. Negative
// control: those of another seed, whose classes have other terms, are off by more.
TEST(SparseText, LabelsHaveTheStatedLogOdds)
{
    constexpr uint32_t N = 20000;
    const SparseTextLaw law(500, 20, 0.2, 0, 1);
    const SparseTextLaw other(500, 20, 0.2, 0, 2);
    const auto set = law.Generate(N, 0);
    const WholeSet whole(*set);
    const auto worst = [&whole](const SparseTextLaw& oracle) {
        double excess[5] = {};
        double variance[5] = {};
        for (uint32_t i = 0; i < N; ++i)
        {
            const uint32_t begin = whole.batch.rowStart[i];
            const double odds =
                oracle.GetLogOdds(whole.batch.columns + begin, whole.batch.rowStart[i + 1] - begin);
            const double p = 1 / (1 + std::exp(-odds));
            const auto range = std::min<std::size_t>(4, static_cast<std::size_t>(p * 5));
            excess[range] += whole.batch.targets[i] - p;
            variance[range] += p * (1 - p);
        }
        double most = 0;
        for (int range = 0; range < 5; ++range)
        {
            most = std::max(most, std::abs(excess[range]) / std::sqrt(variance[range]));
        }
        return most;
    };
    EXPECT_LT(worst(law), 4);
    EXPECT_GT(worst(other), 10);
}

// Expected: noise flips the stated share of the labels and nothing else; a longer set starts with
// the shorter one; streams and seeds differ.
TEST(SparseText, DependsOnSeedStreamAndIndexAlone)
{
    constexpr uint32_t N = 4000;
    const auto set = SparseTextLaw(300, 10, 0.3, 0, 1).Generate(N, 0);
    const auto noisy = SparseTextLaw(300, 10, 0.3, 0.1, 1).Generate(N, 0);
    const WholeSet a(*set);
    const WholeSet b(*noisy);
    EXPECT_EQ(a.buffer.columns, b.buffer.columns);
    EXPECT_EQ(a.buffer.values, b.buffer.values);
    double flipped = 0;
    for (uint32_t i = 0; i < N; ++i)
    {
        flipped += a.batch.targets[i] != b.batch.targets[i];
    }
    EXPECT_NEAR(flipped / N, 0.1, 4 * 0.3 / std::sqrt(N));
    const WholeSet head(*SparseTextLaw(300, 10, 0.3, 0, 1).Generate(100, 0));
    EXPECT_TRUE(
        std::equal(head.buffer.values.begin(), head.buffer.values.end(), a.buffer.values.begin()));
    EXPECT_NE(WholeSet(*SparseTextLaw(300, 10, 0.3, 0, 1).Generate(100, 1)).buffer.columns,
              head.buffer.columns);
    EXPECT_NE(WholeSet(*SparseTextLaw(300, 10, 0.3, 0, 2).Generate(100, 0)).buffer.columns,
              head.buffer.columns);
}

// Set-up: both linear models on 20,000 documents of 2,000 terms, tested on 5,000 others.
// Expected: as good as the law's own log-odds, which no classifier beats, within 0.04: the models
// see normalized values and not which terms there are, and learn 2,001 numbers from a finite set.
// Never better by more than chance, 4 standard errors of the difference. Guessing is right in half
// of the cases.
TEST(SparseText, LinearModelsLearnWhatThereIsToLearn)
{
    const SparseTextLaw law(2000, 40, 0.25, 0, 1);
    const auto training = law.Generate(20000, 0);
    const auto test = law.Generate(5000, 1);
    const WholeSet whole(*test);
    double best = 0;
    for (uint32_t i = 0; i < 5000; ++i)
    {
        const uint32_t begin = whole.batch.rowStart[i];
        const double odds =
            law.GetLogOdds(whole.batch.columns + begin, whole.batch.rowStart[i + 1] - begin);
        best += ((odds > 0) == (whole.batch.targets[i] == 1)) / 5000.0;
    }
    const Ptr<LearningModel> models[] = {CreateObject<LogisticRegression>(),
                                         CreateObject<LinearSupportVectorMachine>()};
    const float rates[] = {20, 2};
    for (int i = 0; i < 2; ++i)
    {
        models[i]->SetInput(training->GetShape(), 2);
        const auto parameters = Train(*models[i], *training, rates[i], 800);
        const auto sums = EvaluateDataset(*models[i], parameters.data(), *test, 0, 5000);
        const double accuracy = static_cast<double>(sums.correct) / 5000;
        EXPECT_GT(accuracy, best - 0.04) << i;
        EXPECT_LT(accuracy, best + 4 * std::sqrt(2 * best * (1 - best) / 5000)) << i;
    }
    EXPECT_GT(best, 0.9);
}

// Expected: declared operations of a gradient are 4 a non-zero, whatever the number of features;
// so is its time: at least 10 times shorter than on the same documents stored densely, where
// 47,236 / 74 = 638 times as many numbers are multiplied. The shortest of 5 times each, so that
// other work on the machine does not count.
TEST(SparseText, GradientsCostNonZeros)
{
    constexpr uint32_t SIZE = 200;
    const auto sparse = SparseTextLaw(47236, 74, 0.25, 0, 1).Generate(SIZE, 0);
    const WholeSet rows(*sparse);
    std::vector<float> numbers(std::size_t{SIZE} * 47236);
    std::vector<float> targets(rows.batch.targets, rows.batch.targets + SIZE);
    for (uint32_t i = 0; i < SIZE; ++i)
    {
        for (uint32_t k = rows.batch.rowStart[i]; k < rows.batch.rowStart[i + 1]; ++k)
        {
            numbers[std::size_t{i} * 47236 + rows.batch.columns[k]] = rows.batch.values[k];
        }
    }
    const Dataset dense(SampleShape{1, 1, 47236}, std::move(numbers), std::move(targets), 2);
    const WholeSet full(dense);
    const auto model = CreateObject<LogisticRegression>();
    model->SetInput(sparse->GetShape(), 2);
    EXPECT_DOUBLE_EQ(model->GetGradientOperations(SIZE, sparse->GetMeanNonZeros()),
                     4.0 * rows.batch.rowStart[SIZE]);
    std::vector<float> parameters(model->GetParameterCount());
    std::vector<float> gradients[2];
    double times[2];
    for (int i = 0; i < 2; ++i)
    {
        gradients[i].resize(parameters.size());
        times[i] = std::numeric_limits<double>::max();
        for (int repeat = 0; repeat < 5; ++repeat)
        {
            const auto start = std::chrono::steady_clock::now();
            model->Gradient(parameters.data(), (i == 0 ? rows : full).batch, gradients[i].data());
            const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
            times[i] = std::min(times[i], elapsed.count());
        }
    }
    EXPECT_LT(10 * times[0], times[1]);
    for (std::size_t j = 0; j < gradients[0].size(); ++j)
    {
        ASSERT_NEAR(gradients[0][j], gradients[1][j], 1e-6); // sums of 200 floats below 1
    }
}

// Expected: one sentence with the number and what is legal.
TEST(SparseText, RefusesWhatIsNoLaw)
{
    using Error = std::invalid_argument;
    ExpectError<Error>([] { SparseTextLaw(0, 1, 0, 0, 1); }, {"0 features", "10000000"});
    ExpectError<Error>([] { SparseTextLaw(100, 41, 0, 0, 1); }, {"41 non-zeros", "at most 40"});
    ExpectError<Error>([] { SparseTextLaw(100, 10, 1, 0, 1); }, {"signal 1", "below 1"});
    ExpectError<Error>([] { SparseTextLaw(100, 10, 0, 0.6, 1); }, {"noise 0.6", "0.5"});
    ExpectError<Error>([] { SparseTextLaw(100, 10, 0, 0, 1).Generate(0, 0); }, {"0 samples"});
    ExpectError<Error>([] { LoadDataset("synthetic-rcv1:words=3"); },
                       {"synthetic-rcv1", "words", "nonZeros"});
    ExpectError<Error>([] { LoadDataset("synthetic-rcv1:signal=2"); }, {"signal=2"});
}
