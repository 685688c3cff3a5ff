/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "model-checks.h"

#include "ns3/double.h"
#include "ns3/evaluation.h"
#include "ns3/layered-model.h"
#include "ns3/object-factory.h"
#include "ns3/string.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

Ptr<LearningModel>
MakeModel(const std::string& description)
{
    ObjectFactory factory;
    std::istringstream("ns3::learning::" + description) >> factory;
    return factory.Create<LearningModel>();
}

Ptr<LearningModel>
MakeModel(const std::string& description, const SampleShape& shape, uint32_t classCount)
{
    const auto model = MakeModel(description);
    model->SetInput(shape, classCount);
    return model;
}

/**
 * Expects one sentence.
 * @param function what must throw
 * @param word what the sentence must hold
 */
template <typename Function>
void
ExpectRefusal(Function function, const std::string& word)
{
    try
    {
        function();
        ADD_FAILURE() << "not refused: " << word;
    }
    catch (const std::invalid_argument& error)
    {
        const std::string sentence = error.what();
        EXPECT_NE(sentence.find(word), std::string::npos) << sentence;
        EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
    }
}

TEST(LearningModel, ParameterCounts)
{
    EXPECT_EQ(MakeModel("QuadraticModel", {1, 1, 9}, 0)->GetParameterCount(), 9);
    EXPECT_EQ(MakeModel("LinearRegression", {1, 1, 9}, 0)->GetParameterCount(), 10);
    EXPECT_EQ(MakeModel("LogisticRegression", {1, 1, 9}, 2)->GetParameterCount(), 10);
    EXPECT_EQ(MakeModel("SoftmaxRegression", {1, 28, 28}, 10)->GetParameterCount(), 7850);
    EXPECT_EQ(MakeModel("MultilayerPerceptron", {1, 28, 28}, 10)->GetParameterCount(), 101770);
    // 8 x 26, 16 x 201, 10 x (16 x 4 x 4 + 1)
    EXPECT_EQ(MakeModel("ConvolutionalNetwork", {1, 28, 28}, 10)->GetParameterCount(), 5994);
}

/**
 * Declared operations, from the formulas in the headers, by hand.
 */
TEST(LearningModel, DeclaredOperations)
{
    EXPECT_EQ(MakeModel("QuadraticModel", {1, 1, 9}, 0)->GetGradientOperations(4, 9), 126);
    EXPECT_EQ(MakeModel("LogisticRegression", {1, 1, 1000}, 2)->GetGradientOperations(4, 30), 480);
    EXPECT_EQ(MakeModel("SoftmaxRegression", {1, 28, 28}, 10)->GetGradientOperations(32, 784),
              32 * 4 * 7840);
    EXPECT_EQ(MakeModel("MultilayerPerceptron", {1, 28, 28}, 10)->GetGradientOperations(32, 784),
              32 * (4 * 784 * 128 + 6 * 128 * 10));
    EXPECT_EQ(MakeModel("ConvolutionalNetwork", {1, 28, 28}, 10)->GetGradientOperations(1, 784),
              4 * 25 * 8 * 576 + 6 * 200 * 16 * 64 + 6 * 256 * 10);
}

/**
 * Weights are uniform in +-bound, biases 0: first two moments within 4 standard errors, all within
 * the bound; the variance of a sample variance of a uniform law is 4/5 variance^2 / n.
 */
TEST(LearningModel, StartsWithTheStatedVariance)
{
    const auto model = MakeModel("MultilayerPerceptron[Hidden=128]", {1, 28, 28}, 10);
    std::vector<float> parameters(model->GetParameterCount());
    model->Initialize(parameters.data(), 42);
    const auto check = [&](std::size_t begin, std::size_t count, double variance) {
        double sum = 0;
        double squares = 0;
        double largest = 0;
        for (std::size_t i = begin; i < begin + count; i++)
        {
            sum += parameters[i];
            squares += double(parameters[i]) * parameters[i];
            largest = std::max(largest, std::abs(double(parameters[i])));
        }
        const double n = static_cast<double>(count);
        EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(variance / n));
        EXPECT_NEAR(squares / n, variance, 4 * variance * std::sqrt(0.8 / n));
        EXPECT_LE(largest, std::sqrt(3 * variance) * (1 + 1e-7));
    };
    check(0, 784 * 128, 2.0 / 784);                 // He
    check(784 * 128 + 128, 1280, 2.0 / (128 + 10)); // Glorot
    for (std::size_t i = 784 * 128; i < 784 * 128 + 128; i++)
    {
        EXPECT_EQ(parameters[i], 0);
    }
}

/**
 * The same bits on every machine. Oracle: the published first number of SplitMix64 from seed 0,
 * 0xe220a8397b1dcdaf.
 */
TEST(LearningModel, StartIsReproducible)
{
    const auto model = MakeModel("MultilayerPerceptron[Hidden=6]", {1, 1, 24}, 3);
    std::vector<float> a(model->GetParameterCount());
    std::vector<float> b(a.size());
    model->Initialize(a.data(), 0);
    model->Initialize(b.data(), 0);
    EXPECT_EQ(a, b);
    const double grid = (2.0 * (0xe220a8397b1dcdafU >> 41) + 1) / (1 << 23) - 1;
    EXPECT_EQ(a[0], static_cast<float>(grid * 0.5)); // bound sqrt(6 / 24)
    model->Initialize(b.data(), 1);
    EXPECT_NE(a, b);
    const auto linear = MakeModel("SoftmaxRegression", {1, 1, 24}, 3);
    std::vector<float> zero(linear->GetParameterCount(), 99);
    linear->Initialize(zero.data(), 5);
    EXPECT_EQ(zero, std::vector<float>(zero.size()));
}

/**
 * Known optimum: least squares through points of a line has loss 0 there, and gradient 0.
 */
TEST(LearningModel, LinearRegressionOfALine)
{
    const auto model = MakeModel("LinearRegression", {1, 1, 1}, 0);
    HandMadeBatch<double> batch;
    batch.featureCount = 1;
    batch.features = {0, 1, 2};
    batch.targets = {1, 3, 5};
    double parameters[2] = {2, 1};
    double gradient[2];
    EXPECT_EQ(model->Gradient(parameters, batch.Dense(), gradient), 0);
    EXPECT_EQ(gradient[0], 0);
    EXPECT_EQ(gradient[1], 0);
    parameters[1] = 2; // residual 1 everywhere
    EXPECT_EQ(model->Gradient(parameters, batch.Dense(), gradient), 0.5);
    EXPECT_EQ(gradient[0], 1);
    EXPECT_EQ(gradient[1], 1);
}

/**
 * Oracle: the closed form h / 2 (||x - mean||^2 + variance), h (x - mean).
 */
TEST(LearningModel, QuadraticIsExact)
{
    const auto model = MakeModel("QuadraticModel[Curvature=3]", {1, 1, 2}, 0);
    HandMadeBatch<float> batch;
    batch.featureCount = 2;
    batch.features = {1, 4, 3, 0};
    batch.targets = {0, 0};
    const float parameters[2] = {3, 2};
    float gradient[2];
    EXPECT_EQ(model->Gradient(parameters, batch.Dense(), gradient), 1.5 * (1 + 1 + 4));
    EXPECT_EQ(gradient[0], 3);
    EXPECT_EQ(gradient[1], 0);
    const auto evaluation = model->Evaluate(parameters, batch.Dense());
    EXPECT_EQ(evaluation.lossSum, 2 * 1.5 * (1 + 1 + 4));
    EXPECT_EQ(evaluation.samples, 2);
    EXPECT_EQ(evaluation.correct, 0);
}

/**
 * Evaluation of a data set in pieces is that of one large batch, whatever the order: same count,
 * losses but for rounding.
 */
TEST(LearningModel, EvaluationInPieces)
{
    const uint32_t count = 300;
    const auto data = DrawBatch<float>(count, 6, 3, 0, 1);
    const Dataset dataset({1, 1, 6}, data.features, data.targets, 3);
    const auto model = MakeModel("SoftmaxRegression", {1, 1, 6}, 3);
    const auto parameters = DrawParameters<float>(model->GetParameterCount(), 1, 2);
    const auto whole = model->Evaluate(parameters.data(), data.Dense());
    const auto pieces = EvaluateDataset(*model, parameters.data(), dataset, 0, count);
    EXPECT_EQ(pieces.samples, count);
    EXPECT_EQ(pieces.correct, whole.correct);
    EXPECT_NEAR(pieces.lossSum, whole.lossSum, 1e-4);
    EXPECT_GT(whole.correct, 0);
    EXPECT_LT(whole.correct, count);

    const auto head = EvaluateDataset(*model, parameters.data(), dataset, 0, 100);
    const auto tail = EvaluateDataset(*model, parameters.data(), dataset, 100, 200);
    EXPECT_EQ(head.correct + tail.correct, whole.correct);
    EXPECT_NEAR(head.lossSum + tail.lossSum, whole.lossSum, 1e-4);
    const auto twice = EvaluateDataset(*model, parameters.data(), dataset, {7, 7});
    const auto once = EvaluateDataset(*model, parameters.data(), dataset, {7});
    EXPECT_NEAR(twice.lossSum, 2 * once.lossSum, 1e-6);
    EXPECT_EQ(EvaluateDataset(*model, parameters.data(), dataset, 0, 0).samples, 0);
    ExpectRefusal([&] { EvaluateDataset(*model, parameters.data(), dataset, 200, 101); }, "300");
}

TEST(LearningModel, RefusesWrongInput)
{
    const auto set = [](const std::string& model, const SampleShape& shape, uint32_t classCount) {
        return [=] { MakeModel(model, shape, classCount); };
    };
    ExpectRefusal(set("LogisticRegression", {1, 1, 4}, 3), "3 classes");
    ExpectRefusal(set("LinearSupportVectorMachine", {1, 1, 4}, 0), "0 classes");
    ExpectRefusal(set("SoftmaxRegression", {1, 1, 4}, 1), "1 classes");
    ExpectRefusal(set("MultilayerPerceptron", {1, 1, 4}, 1), "1 class");
    ExpectRefusal(set("MultilayerPerceptron[Hidden=12x]", {1, 1, 4}, 2), "Hidden");
    ExpectRefusal(set("ConvolutionalNetwork", {1, 9, 9}, 0), "0 classes");
    ExpectRefusal(set("ConvolutionalNetwork", {1, 9, 9}, 2), "at character 20");
    ExpectRefusal(set("SoftmaxRegression", {1, 0, 4}, 2), "0 rows");
    ExpectRefusal(set("SoftmaxRegression", {70000, 70000, 1}, 2), "features");
    ExpectRefusal(set("MultilayerPerceptron[Hidden=4000000000]", {1, 1, 4}, 2), "parameters");
    const auto model = MakeModel("SoftmaxRegression", {1, 1, 4}, 2);
    EXPECT_THROW(model->SetInput({1, 1, 4}, 2), std::logic_error);
    EXPECT_FALSE(model->SetAttributeFailSafe("L2Penalty", DoubleValue(-1)));
}

TEST(LearningModel, RefusesWrongBatches)
{
    const auto model = MakeModel("SoftmaxRegression", {1, 1, 4}, 3);
    std::vector<float> parameters(model->GetParameterCount());
    std::vector<float> gradient(parameters.size());
    const auto compute = [&](HandMadeBatch<float> data) {
        return [&, data] { model->Gradient(parameters.data(), data.Dense(), gradient.data()); };
    };
    ExpectRefusal(compute(DrawBatch<float>(2, 5, 3, 0, 1)), "5 features");
    ExpectRefusal(compute(DrawBatch<float>(0, 4, 3, 0, 1)), "empty");
    for (const float target : {3.0F, -1.0F, 0.5F, std::numeric_limits<float>::quiet_NaN()})
    {
        auto data = DrawBatch<float>(9, 4, 3, 0, 1);
        data.targets[6] = target;
        ExpectRefusal(compute(data), "sample 6");
    }
    EXPECT_THROW(MakeModel("SoftmaxRegression")->Evaluate(parameters.data(), Batch<float>()),
                 std::logic_error);
}

} // namespace
