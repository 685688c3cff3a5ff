/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "model-checks.h"

#include "ns3/global-value.h"
#include "ns3/kernels.h"
#include "ns3/object-factory.h"
#include "ns3/scratch-memory.h"
#include "ns3/string.h"

#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

Ptr<LearningModel>
MakeModel(const std::string& description, const SampleShape& shape, uint32_t classCount)
{
    ObjectFactory factory;
    std::istringstream("ns3::learning::" + description) >> factory;
    const auto model = factory.Create<LearningModel>();
    model->SetInput(shape, classCount);
    return model;
}

const std::vector<std::string> MODELS = {
    "SoftmaxRegression",
    "MultilayerPerceptron[Hidden=70,33]",
    "ConvolutionalNetwork[Layers=conv3x4p1,relu,pool2,conv3x5,relu]",
    "ResidualNetwork[Depth=8|Width=7]"};

std::vector<float>
Compute(const LearningModel& model)
{
    const auto parameters = DrawParameters<float>(model.GetParameterCount(), 0.2, 1);
    const auto data = DrawBatch<float>(33, 132, 10, 0.1, 2);
    std::vector<float> gradient(parameters.size());
    model.Gradient(parameters.data(), data.Dense(), gradient.data());
    return gradient;
}

std::vector<float>
Compute(const std::string& description)
{
    return Compute(*MakeModel(description, {1, 12, 11}, 10));
}

/**
 * Widths differ in the order of sums and in fused multiply-adds only: relative 1e-5. Each width by
 * itself gives the same bits again.
 */
TEST(KernelWidth, WidthsAgree)
{
    const std::string chosen = GetKernels<float>().width;
    for (const auto& model : MODELS)
    {
        SelectKernelWidth("v1");
        const auto expected = Compute(model);
        for (const auto& width : GetKernelWidths())
        {
            SelectKernelWidth(width);
            EXPECT_EQ(GetKernels<float>().width, width);
            const auto gradient = Compute(model);
            EXPECT_LT(RelativeDifference(expected, gradient), 1e-5) << model << ' ' << width;
            EXPECT_EQ(gradient, Compute(model));
        }
    }
    SelectKernelWidth(chosen);
}

TEST(KernelWidth, EnvironmentPinsTheWidth)
{
    const char* pinned = std::getenv("DISTRIBUTED_LEARNING_WIDTH");
    if (pinned && *pinned)
    {
        EXPECT_STREQ(GetKernels<float>().width, pinned);
    }
    else
    {
        EXPECT_EQ(GetKernels<float>().width, GetKernelWidths().back());
    }
}

/// The global value counts when a model is set up, before the environment.
TEST(KernelWidth, GlobalValuePinsTheWidth)
{
    const std::string chosen = GetKernels<float>().width;
    for (const auto& width : GetKernelWidths())
    {
        GlobalValue::Bind("VectorWidth", StringValue(width));
        MakeModel(MODELS[0], {1, 12, 11}, 10);
        EXPECT_EQ(GetKernels<float>().width, width);
    }
    GlobalValue::Bind("VectorWidth", StringValue("v5"));
    EXPECT_THROW(MakeModel(MODELS[0], {1, 12, 11}, 10), std::invalid_argument);
    GlobalValue::Bind("VectorWidth", StringValue(""));
    SelectKernelWidth(chosen);
    MakeModel(MODELS[0], {1, 12, 11}, 10);
    EXPECT_EQ(GetKernels<float>().width, chosen);
}

TEST(KernelWidth, RefusesUnknownWidth)
{
    const std::string chosen = GetKernels<float>().width;
    try
    {
        SelectKernelWidth("v5");
        ADD_FAILURE() << "accepted v5";
    }
    catch (const std::invalid_argument& error)
    {
        EXPECT_NE(std::string(error.what()).find("'v5'"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("v1"), std::string::npos);
    }
    EXPECT_EQ(GetKernels<float>().width, chosen);
}

/**
 * Models are shared by threads: each gives the bits that one thread alone gives. Shapes differ, so
 * that scratch memory would clash.
 */
TEST(KernelWidth, ThreadsDoNotDisturbEachOther)
{
    std::vector<Ptr<LearningModel>> models; // made here: ns-3's objects are for one thread
    std::vector<std::vector<float>> expected;
    for (const auto& model : MODELS)
    {
        models.push_back(MakeModel(model, {1, 12, 11}, 10));
        expected.push_back(Compute(model));
    }
    std::vector<int> wrong(6);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < wrong.size(); t++)
    {
        threads.emplace_back([&, t] {
            for (std::size_t i = 0; i < 20; i++)
            {
                const std::size_t model = (t + i) % MODELS.size();
                wrong[t] += Compute(*PeekPointer(models[model])) != expected[model];
            }
        });
    }
    for (auto& thread : threads)
    {
        thread.join();
    }
    EXPECT_EQ(wrong, std::vector<int>(6));
}

/**
 * Losses of scores far from 0, where a naive formula overflows or cancels. Oracle: the limits of
 * the formulas.
 */
TEST(KernelWidth, LossesAreStable)
{
    const std::string chosen = GetKernels<float>().width;
    for (const auto& width : GetKernelWidths())
    {
        SCOPED_TRACE(width);
        SelectKernelWidth(width);
        const auto loss = GetKernels<float>().loss;
        alignas(64) float scores[8] = {200, -200, 200, -200, 0, 20, 1e-3F, -30};
        alignas(64) float scratch[8];
        const float classes[8] = {1, 0, 0, 1, 1, 1, 0, 0};
        uint64_t correct = 0;
        // 0, 0, 200, 200, log 2, log(1 + e^-20), log(1 + e^0.001), e^-30
        EXPECT_NEAR(loss(Loss::LOGISTIC, classes, 8, 1, 1, scratch, scores, &correct),
                    400 + std::log(2.0) + std::log1p(std::exp(-20.0)) + std::log1p(std::exp(1e-3)),
                    1e-6);
        EXPECT_EQ(correct, 4);
        EXPECT_EQ(scores[0], 0);
        EXPECT_NEAR(scores[1], 0, 1e-37); // the exponential stops at the least normal number
        EXPECT_EQ(scores[2], 1);
        EXPECT_EQ(scores[3], -1);
        EXPECT_EQ(scores[4], -0.5F);
        EXPECT_NEAR(scores[5], -std::exp(-20.0), 1e-7);
        EXPECT_NEAR(scores[7] / std::exp(-30.0), 1, 1e-5);

        alignas(64) float rows[6] = {1000, 0, -1000, -500, -500, -600};
        const float targets[2] = {1, 0};
        correct = 0;
        EXPECT_NEAR(loss(Loss::SOFTMAX, targets, 2, 3, 0.5F, scratch, rows, &correct),
                    1000 + std::log(2.0),
                    1e-4);
        EXPECT_EQ(correct, 1); // at a tie the first class is predicted
        const float expected[6] = {0.5F, -0.5F, 0, -0.25F, 0.25F, 0};
        for (int i = 0; i < 6; i++)
        {
            EXPECT_NEAR(rows[i], expected[i], 1e-37) << i;
        }

        // What is not a number is never right, and is not hidden.
        const float nan = std::numeric_limits<float>::quiet_NaN();
        for (const auto kind : {Loss::SOFTMAX, Loss::LOGISTIC, Loss::HINGE})
        {
            alignas(64) float bad[2] = {nan, nan};
            const float zero[2] = {0, 0};
            correct = 0;
            const bool softmax = kind == Loss::SOFTMAX;
            const uint32_t n = softmax ? 1 : 2;
            const double sum = loss(kind, zero, n, softmax ? 2 : 1, 1, scratch, bad, &correct);
            EXPECT_TRUE(std::isnan(sum));
            EXPECT_EQ(correct, 0);
        }
    }
    SelectKernelWidth(chosen);
}

/**
 * Many samples: a product of 5,000 factors up to 2 would overflow if it were taken at once.
 */
TEST(KernelWidth, LogisticLossOfManySamples)
{
    const uint32_t n = 5003;
    ScratchMemory memory;
    auto scores = memory.Take<float>(n);
    auto scratch = memory.Take<float>(n);
    std::fill_n(scores, n, 0.0F);
    const std::vector<float> targets(n, 1);
    const double sum =
        GetKernels<float>().loss(Loss::LOGISTIC, targets.data(), n, 1, 1, scratch, scores, nullptr);
    EXPECT_NEAR(sum, n * std::log(2.0), 1e-9);
}

TEST(ScratchMemory, IsAlignedReusedAndGrows)
{
    const char* first = nullptr;
    for (int round = 0; round < 3; round++)
    {
        ScratchMemory outer;
        auto a = outer.Take<char>(1);
        auto b = outer.Take<char>(10'000'000);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(a) % 64, 0);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(b) % 64, 0);
        std::fill_n(b, 10'000'000, 'b');
        const char* again = nullptr;
        for (int i = 0; i < 2; i++)
        {
            ScratchMemory inner;
            auto c = inner.Take<char>(1'000'000);
            EXPECT_TRUE(again == nullptr || again == c);
            again = c;
            std::fill_n(c, 1'000'000, 'c');
        }
        EXPECT_EQ(std::count(b, b + 10'000'000, 'b'), 10'000'000);
        EXPECT_TRUE(round < 2 || first == a); // one chunk, the same, from the second time on
        first = a;
    }
}

} // namespace
