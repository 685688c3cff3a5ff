/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"
#include "model-checks.h"

#include "ns3/double.h"
#include "ns3/evaluation.h"
#include "ns3/flight-queries.h"
#include "ns3/kernels.h"
#include "ns3/lstm-tagger.h"
#include "ns3/object-factory.h"
#include "ns3/softmax-regression.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint32_t VOCABULARY = 13; //!< of the drawn sequences
constexpr uint32_t CLASSES = 5;     //!< of their tokens

Ptr<LstmTagger>
MakeTagger(uint32_t embedding,
           uint32_t hidden,
           double penalty = 0,
           uint32_t vocabulary = VOCABULARY,
           uint32_t classes = CLASSES)
{
    const auto model = CreateObjectWithAttributes<LstmTagger>("Embedding",
                                                              UintegerValue(embedding),
                                                              "Hidden",
                                                              UintegerValue(hidden),
                                                              "L2Penalty",
                                                              DoubleValue(penalty));
    model->SetInput({1, 1, vocabulary, true}, classes);
    return model;
}

/// Gradient and, as the last entry, the loss.
template <typename Scalar>
std::vector<Scalar>
Compute(const LstmTagger& model,
        const std::vector<Scalar>& parameters,
        const HandMadeSequences<Scalar>& batch)
{
    std::vector<Scalar> gradient(parameters.size() + 1, 99);
    gradient.back() =
        static_cast<Scalar>(model.Gradient(parameters.data(), batch.Get(), gradient.data()));
    return gradient;
}

const std::vector<uint32_t> LENGTHS = {3, 7, 1, 7, 2, 1, 5};

/**
 * Oracle: central differences in double precision, step 1e-5, whose error is of the order of its
 * square. Lengths differ, some are equal and some 1; sizes are no multiples of a vector.
 */
TEST(LstmTagger, GradientEqualsFiniteDifferences)
{
    const auto model = MakeTagger(3, 5, 0.25);
    const auto batch = DrawSequences<double>(LENGTHS, VOCABULARY, CLASSES, 5);
    auto parameters = DrawParameters<double>(model->GetParameterCount(), 0.7, 6);
    const auto gradient = Compute(*model, parameters, batch);
    std::vector<double> expected;
    for (double& parameter : parameters)
    {
        const double step = 1e-5;
        const double center = parameter;
        parameter = center + step;
        const double above = Compute(*model, parameters, batch).back();
        parameter = center - step;
        const double below = Compute(*model, parameters, batch).back();
        parameter = center;
        expected.push_back((above - below) / (2 * step));
    }
    EXPECT_LT(RelativeDifference(expected, gradient), 1e-8);

    // Negative control: one entry of the weights of the state wrong by a thousandth of the largest.
    expected[13 * 3 + 4 * 5 * 3 + 7] += 1e-3;
    EXPECT_GT(RelativeDifference(expected, gradient), 1e-5);
}

/**
 * Sequences of a batch know nothing of one another: its gradient is the mean of those of its
 * sequences alone, weighted by tokens. Tolerance: rounding.
 */
TEST(LstmTagger, BatchIsMeanOfItsTokens)
{
    const auto model = MakeTagger(4, 6);
    const auto batch = DrawSequences<double>(LENGTHS, VOCABULARY, CLASSES, 7);
    const auto parameters = DrawParameters<double>(model->GetParameterCount(), 0.7, 8);
    std::vector<double> expected(parameters.size() + 1);
    for (std::size_t i = 0; i < LENGTHS.size(); i++)
    {
        HandMadeSequences<double> one;
        one.vocabulary = VOCABULARY;
        one.start.push_back(LENGTHS[i]);
        one.tokens.assign(batch.tokens.begin() + batch.start[i],
                          batch.tokens.begin() + batch.start[i + 1]);
        one.targets.assign(batch.targets.begin() + batch.start[i],
                           batch.targets.begin() + batch.start[i + 1]);
        const auto part = Compute(*model, parameters, one);
        for (std::size_t k = 0; k < part.size(); k++)
        {
            expected[k] += part[k] * LENGTHS[i] / double(batch.tokens.size());
        }
    }
    EXPECT_LT(RelativeDifference(expected, Compute(*model, parameters, batch)), 1e-13);
}

/**
 * Single precision against double at every width, at the weights of a start and at large ones,
 * where gates saturate: sigmoids and tanh of our own in place of the library's. Tolerance: 1e-5 of
 * the largest entry, twenty times that of 10 steps of rounding for large weights. Each width gives
 * the same bits again.
 */
TEST(LstmTagger, WidthsAgreeWithDoublePrecision)
{
    const std::string chosen = GetKernels<float>().width;
    const std::vector<uint32_t> lengths = {11, 4, 11, 9, 1, 1, 6};
    for (const double deviation : {0.2, 3.0})
    {
        const auto model = MakeTagger(7, 19);
        const auto batch = DrawSequences<float>(lengths, VOCABULARY, CLASSES, 9);
        const auto parameters = DrawParameters<float>(model->GetParameterCount(), deviation, 10);
        const auto expected =
            Compute(*model,
                    DrawParameters<double>(model->GetParameterCount(), deviation, 10),
                    DrawSequences<double>(lengths, VOCABULARY, CLASSES, 9));
        for (const auto& width : GetKernelWidths())
        {
            SCOPED_TRACE(width);
            SelectKernelWidth(width);
            const auto gradient = Compute(*model, parameters, batch);
            EXPECT_LT(RelativeDifference(expected, gradient), deviation < 1 ? 1e-5 : 2e-4);
            EXPECT_EQ(gradient, Compute(*model, parameters, batch));
        }
    }
    SelectKernelWidth(chosen);
}

/**
 * What is not a number is not hidden by the gates; infinite weights neither hang nor crash.
 */
TEST(LstmTagger, ShowsWhatIsNotANumber)
{
    const auto model = MakeTagger(4, 8);
    const auto batch = DrawSequences<float>(LENGTHS, VOCABULARY, CLASSES, 7);
    auto parameters = DrawParameters<float>(model->GetParameterCount(), 0.7, 8);
    parameters[VOCABULARY * 4 + 1] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(Compute(*model, parameters, batch).back()));
    parameters[VOCABULARY * 4 + 1] = std::numeric_limits<float>::infinity();
    Compute(*model, parameters, batch);
}

/**
 * Counts of parameters and operations by the formulas of the header; a start has the stated bounds
 * and biases, and its first predictions are nearly even: a loss near the logarithm of the classes.
 */
TEST(LstmTagger, StartsAsStated)
{
    const auto model = MakeTagger(6, 10);
    EXPECT_EQ(model->GetParameterCount(), 13U * 6 + 40 * 6 + 40 * 10 + 40 + 5 * 10 + 5);
    EXPECT_DOUBLE_EQ(model->GetGradientOperations(3, 2.5),
                     6.0 * (40 * (6 + 10) + 10 * 5) * 3 * 2.5);
    std::vector<float> parameters(model->GetParameterCount(), 99);
    model->Initialize(parameters.data(), 11);
    const auto largest = [&](std::size_t begin, std::size_t count) {
        const auto at = parameters.begin() + static_cast<std::ptrdiff_t>(begin);
        return std::abs(*std::max_element(at, at + count, [](float a, float b) {
            return std::abs(a) < std::abs(b);
        }));
    };
    // the largest of m uniform numbers is below 0.9 of the bound with probability 0.9^m
    EXPECT_NEAR(largest(0, 78), 0.95 * std::sqrt(3.0), 0.05 * std::sqrt(3.0));
    EXPECT_NEAR(largest(78, 640), 0.95 / std::sqrt(10.0), 0.05 / std::sqrt(10.0));
    for (uint32_t j = 0; j < 40; j++)
    {
        EXPECT_EQ(parameters[718 + j], j / 10 == 1 ? 1 : 0) << j;
    }
    EXPECT_NEAR(largest(758, 50), 0.95 * std::sqrt(6.0 / 15), 0.05 * std::sqrt(6.0 / 15));
    EXPECT_EQ(largest(808, 5), 0);
    const auto batch = DrawSequences<float>(LENGTHS, VOCABULARY, CLASSES, 7);
    EXPECT_NEAR(Compute(*model, parameters, batch).back(), std::log(5.0), 0.25);
    std::vector<float> again(parameters.size());
    model->Initialize(again.data(), 11);
    EXPECT_EQ(again, parameters);
    model->Initialize(again.data(), 12);
    EXPECT_NE(again, parameters);
}

// Expected: what is wrong and what is legal, in one sentence.
TEST(LstmTagger, RefusesWhatItCannotLearnFrom)
{
    using Error = std::invalid_argument;
    const auto setInput = [](const Ptr<LearningModel>& model, SampleShape shape, uint32_t classes) {
        return [=] { model->SetInput(shape, classes); };
    };
    ExpectError<Error>(setInput(CreateObject<LstmTagger>(), {1, 1, 5}, 3),
                       {"LstmTagger", "single vectors", "synthetic-atis"});
    ExpectError<Error>(setInput(CreateObject<SoftmaxRegression>(), {1, 1, 5, true}, 3),
                       {"SoftmaxRegression", "sequences", "LstmTagger"});
    ExpectError<Error>(setInput(CreateObject<LstmTagger>(), {1, 1, 5, true}, 1), {"at least 2"});
    ExpectError<Error>(setInput(CreateObject<LstmTagger>(), {1, 1, 200000000, true}, 3),
                       {"parameters", "4294967295"});

    const auto model = MakeTagger(3, 4);
    const std::vector<float> parameters(model->GetParameterCount());
    std::vector<float> gradient(parameters.size());
    const auto compute = [&](const Batch<float>& batch) {
        return [&, batch] { model->Gradient(parameters.data(), batch, gradient.data()); };
    };
    auto batch = DrawSequences<float>({2, 3}, VOCABULARY, CLASSES, 1);
    ExpectError<Error>(compute(DrawBatch<float>(2, VOCABULARY, CLASSES, 0, 1).Dense()),
                       {"sequences of tokens are needed"});
    batch.targets[4] = 5;
    ExpectError<Error>(compute(batch.Get()), {"target 5 of token 4", "0 to 4"});
    batch.targets[4] = std::numeric_limits<float>::quiet_NaN();
    ExpectError<Error>(compute(batch.Get()), {"target nan"});
    batch.targets[4] = 0;
    batch.tokens[1] = VOCABULARY;
    ExpectError<Error>(compute(batch.Get()), {"token 13", "0 to 12"});
    batch.tokens[1] = 0;
    batch.start[1] = 5;
    ExpectError<Error>(compute(batch.Get()), {"sequence 1", "empty"});
    batch.start = {0};
    ExpectError<Error>(compute(batch.Get()), {"empty", "at least 1 sequence"});
    batch.start = {0, 5};
    batch.vocabulary = 14;
    ExpectError<Error>(compute(batch.Get()), {"14 tokens", "13"});

    const auto softmax = CreateObject<SoftmaxRegression>();
    softmax->SetInput({1, 1, VOCABULARY}, CLASSES);
    const std::vector<float> weights(softmax->GetParameterCount());
    batch.vocabulary = VOCABULARY;
    ExpectError<Error>([&] { softmax->Evaluate(weights.data(), batch.Get()); },
                       {"sequences of tokens"});
}

/**
 * What it is for: flight queries, in which no classifier of single words can be right more often
 * than the most frequent tag of each word is. Oracle: that share, counted on the test set itself
 * (about 0.87), which no classifier of single words exceeds there. Plain gradient descent for 400
 * rounds of 64 sentences ends well above it.
 */
TEST(LstmTagger, BeatsEveryClassifierOfSingleWords)
{
    const FlightQueryLaw law(500, 0, 1);
    const Ptr<Dataset> training = law.Generate(2000, 0);
    const Ptr<Dataset> test = law.Generate(300, 1);
    const auto model = MakeTagger(16, 32, 0, 500, training->GetClassCount());
    std::vector<float> parameters(model->GetParameterCount());
    std::vector<float> gradient(parameters.size());
    model->Initialize(parameters.data(), 1);
    BatchBuffer<float> buffer;
    for (uint32_t round = 0; round < 400; round++)
    {
        std::vector<uint32_t> samples(64);
        for (uint32_t i = 0; i < 64; i++)
        {
            samples[i] = (round * 64 + i) % 2000;
        }
        model->Gradient(parameters.data(),
                        training->Gather(samples.data(), 64, buffer),
                        gradient.data());
        for (std::size_t k = 0; k < parameters.size(); k++)
        {
            parameters[k] -= 5 * gradient[k];
        }
    }
    const auto sums = EvaluateDataset(*model, parameters.data(), *test, 0, 300);
    EXPECT_EQ(sums.samples, test->GetTargetCount());
    const double accuracy = static_cast<double>(sums.correct) / static_cast<double>(sums.samples);

    std::map<uint32_t, std::map<float, uint32_t>> counts;
    for (uint32_t i = 0; i < 300; i++)
    {
        const auto batch = test->Gather(&i, 1, buffer);
        for (uint32_t t = 0; t < batch.GetTargetCount(); t++)
        {
            ++counts[batch.tokens[t]][batch.targets[t]];
        }
    }
    uint64_t right = 0;
    for (const auto& [token, tags] : counts)
    {
        uint32_t most = 0;
        for (const auto& [tag, count] : tags)
        {
            most = std::max(most, count);
        }
        right += most;
    }
    const double single = static_cast<double>(right) / static_cast<double>(sums.samples);
    std::cout << "tokens right: " << accuracy << ", single words at best " << single << std::endl;
    EXPECT_LT(single, 0.9);
    EXPECT_GT(accuracy, single + 0.05);
}

} // namespace
