/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "convolution-checks.h"
#include "model-checks.h"

#include "ns3/evaluation.h"
#include "ns3/kernels.h"
#include "ns3/residual-network.h"
#include "ns3/scratch-memory.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Interleaves images one by one, from the definition in kernels.h.
 * @param x n x channels x pixels
 * @return the images, the last block filled up with zeros
 */
template <typename Scalar>
std::vector<Scalar>
Interleave(const std::vector<Scalar>& x, uint32_t n, uint32_t channels, uint32_t lanes)
{
    const uint32_t pixels = static_cast<uint32_t>(x.size()) / n / channels;
    std::vector<Scalar> y((n + lanes - 1) / lanes * lanes * channels * pixels);
    for (uint32_t i = 0; i < x.size(); i++)
    {
        const uint32_t sample = i / pixels / channels;
        const uint32_t channel = i / pixels % channels;
        y[((sample / lanes * pixels + i % pixels) * channels + channel) * lanes + sample % lanes] =
            x[i];
    }
    return y;
}

/// Number of samples, channels, filters.
using Extent = std::tuple<uint32_t, uint32_t, uint32_t>;

class InterleavedConvolution : public testing::TestWithParam<std::tuple<Geometry, Extent>>
{
  protected:
    /**
     * Compares the convolution and both derivatives with direct sums in double precision.
     * @tparam Scalar precision to test
     * @param kernels functions to test
     * @param tolerance relative to the largest entry
     */
    template <typename Scalar>
    void Check(const Kernels<Scalar>& kernels, double tolerance)
    {
        const auto [n, channels, filters] = std::get<1>(GetParam());
        const uint32_t lanes = kernels.lanes;
        const Windows g = MakeWindows(std::get<0>(GetParam()), channels, filters);
        const uint32_t inputs = n * channels * g.height * g.width;
        const uint32_t outputs = n * filters * g.outHeight * g.outWidth;
        const uint32_t weights = filters * channels * g.kernel * g.kernel;
        const auto x = DrawParameters<Scalar>(inputs, 1, 1);
        const auto w = DrawParameters<Scalar>(weights, 1, 2);
        const auto delta = DrawParameters<Scalar>(outputs, 1, 4);
        std::vector<Scalar> y(outputs);
        std::vector<Scalar> gw(weights, 0.5); // gradients are added to what is there
        std::vector<Scalar> dx(inputs, 0.25);
        {
            std::vector<double> sumsY(outputs);
            std::vector<double> sumsW(weights, 0.5);
            std::vector<double> sumsX(inputs, 0.25);
            VisitProducts(g, n, [&](uint32_t output, uint32_t weight, uint32_t input) {
                sumsY[output] += double(x[input]) * w[weight];
                sumsW[weight] += double(delta[output]) * x[input];
                sumsX[input] += double(delta[output]) * w[weight];
            });
            y.assign(sumsY.begin(), sumsY.end());
            gw.assign(sumsW.begin(), sumsW.end());
            dx.assign(sumsX.begin(), sumsX.end());
        }

        ScratchMemory memory;
        const auto take = [&memory](const std::vector<Scalar>& values) {
            return std::copy(values.begin(), values.end(), memory.Take<Scalar>(values.size())) -
                   values.size();
        };
        auto scratch = memory.Take<Scalar>(kernels.interleavedScratch(g));
        auto images = memory.Take<Scalar>(Interleave(x, n, channels, lanes).size());
        kernels.interleave(x.data(), n, channels, g.height * g.width, images);
        const auto deltas = take(Interleave(delta, n, filters, lanes));

        const auto expected = Interleave(y, n, filters, lanes);
        std::vector<Scalar> result(expected.size());
        auto z = memory.Take<Scalar>(expected.size());
        kernels.interleavedConvolution(g, images, w.data(), n, scratch, z);
        EXPECT_LT(RelativeDifference(expected, std::vector<Scalar>(z, z + expected.size())),
                  tolerance);

        std::vector<Scalar> hw(weights, 0.5);
        kernels.interleavedWeightGradient(g, images, deltas, n, scratch, hw.data());
        EXPECT_LT(RelativeDifference(gw, hw), tolerance);

        const auto expectedX = Interleave(dx, n, channels, lanes);
        const auto hx =
            take(Interleave(std::vector<Scalar>(inputs, Scalar(0.25)), n, channels, lanes));
        kernels.interleavedInputGradient(g, deltas, w.data(), n, scratch, hx);
        EXPECT_LT(RelativeDifference(expectedX, std::vector<Scalar>(hx, hx + expectedX.size())),
                  tolerance);
    }
};

/**
 * Oracle: the definition, summed in double precision. Rounding of some hundreds of products: 1e-14
 * in double, 1e-5 in float.
 */
TEST_P(InterleavedConvolution, EqualsItsDefinition)
{
    Check(GetKernels<double>(), 1e-14);
    const std::string chosen = GetKernels<float>().width;
    for (const auto& width : GetKernelWidths())
    {
        SCOPED_TRACE(width);
        SelectKernelWidth(width);
        Check(GetKernels<float>(), 1e-5);
    }
    SelectKernelWidth(chosen);
}

INSTANTIATE_TEST_SUITE_P(
    Geometries,
    InterleavedConvolution,
    testing::Combine(testing::Values(Geometry{6, 5, 3, 1, 1},
                                     Geometry{9, 8, 3, 2, 1},
                                     Geometry{8, 9, 3, 2, 1},
                                     Geometry{1, 1, 3, 2, 1},
                                     Geometry{3, 70, 3, 1, 1},
                                     Geometry{7, 8, 5, 3, 2},
                                     Geometry{9, 8, 2, 3, 0},
                                     Geometry{5, 4, 1, 2, 0}),
                     testing::Values(Extent{1, 1, 5}, Extent{7, 3, 16}, Extent{33, 10, 13})));

/**
 * Counts by hand: a layer of f filters on c channels has 9 c f weights and 2 f gammas and betas.
 * Depth 20 on CIFAR-10: the 269722 parameters of the usual implementations.
 */
TEST(ResidualNetwork, HasTheParametersOfThePaper)
{
    const auto count = [](uint32_t depth, uint32_t width, const SampleShape& shape) {
        const auto model = CreateObject<ResidualNetwork>();
        model->SetAttribute("Depth", UintegerValue(depth));
        model->SetAttribute("Width", UintegerValue(width));
        model->SetInput(shape, 10);
        return model->GetParameterCount();
    };
    EXPECT_EQ(count(20, 16, {3, 32, 32}), 269722);
    EXPECT_EQ(count(8, 16, {1, 28, 28}), 75002);
    EXPECT_EQ(count(110, 16, {3, 32, 32}), 1727962);
    EXPECT_EQ(count(8, 1, {1, 1, 1}), 9 + 2 + 2 * 11 + 22 + 40 + 80 + 152 + 50);
}

TEST(ResidualNetwork, StartsAtGammaOneAndBetaZero)
{
    const auto model = CreateObject<ResidualNetwork>();
    model->SetAttribute("Depth", UintegerValue(8));
    model->SetAttribute("Width", UintegerValue(4));
    model->SetInput({3, 8, 8}, 10);
    std::vector<float> parameters(model->GetParameterCount());
    model->Initialize(parameters.data(), 1);
    const uint32_t weights = 4 * 3 * 9;
    const double bound = std::sqrt(6.0 / (3 * 9));
    double squares = 0;
    for (uint32_t i = 0; i < weights; i++)
    {
        EXPECT_LE(std::abs(parameters[i]), bound);
        squares += double(parameters[i]) * parameters[i];
    }
    // Uniform: variance bound^2 / 3, that of a square bound^4 * 4 / 45; four standard errors.
    EXPECT_NEAR(squares / weights,
                bound * bound / 3,
                4 * bound * bound * std::sqrt(4.0 / 45 / weights));
    for (uint32_t i = 0; i < 4; i++)
    {
        EXPECT_EQ(parameters[weights + i], 1);
        EXPECT_EQ(parameters[weights + 4 + i], 0);
    }
}

/**
 * The loss does not change when a convolution's weights are doubled, since its outputs are
 * normalised, but for the 1e-5 beside a variance of order 1; without normalisation it would change
 * by some tenths. Nor does it depend on the order of samples.
 */
TEST(ResidualNetwork, NormalisesByTheBatch)
{
    const auto model = CreateObject<ResidualNetwork>();
    model->SetAttribute("Depth", UintegerValue(8));
    model->SetAttribute("Width", UintegerValue(4));
    model->SetInput({1, 8, 8}, 10);
    std::vector<float> parameters(model->GetParameterCount());
    model->Initialize(parameters.data(), 1);
    const auto data = DrawBatch<float>(20, 64, 10, 0, 2);
    const double loss = model->Evaluate(parameters.data(), data.Dense()).lossSum;
    auto doubled = parameters;
    for (uint32_t i = 0; i < 4 * 9; i++)
    {
        doubled[i] *= 2;
    }
    EXPECT_NEAR(model->Evaluate(doubled.data(), data.Dense()).lossSum, loss, 1e-3);
    for (uint32_t i = 0; i < 4; i++) // gammas: these do matter
    {
        doubled[36 + i] *= 2;
    }
    EXPECT_GT(std::abs(model->Evaluate(doubled.data(), data.Dense()).lossSum - loss), 0.1);

    auto turned = data;
    std::rotate(turned.targets.begin(), turned.targets.begin() + 3, turned.targets.end());
    std::rotate(turned.features.begin(), turned.features.begin() + 3 * 64, turned.features.end());
    EXPECT_NEAR(model->Evaluate(parameters.data(), turned.Dense()).lossSum, loss, 1e-4);

    // Other company, another loss: the first ten alone are normalised by themselves.
    auto first = data.Dense();
    auto last = data.Dense();
    first.size = last.size = 10;
    last.features += 640;
    last.targets += 10;
    const double parts = model->Evaluate(parameters.data(), first).lossSum +
                         model->Evaluate(parameters.data(), last).lossSum;
    EXPECT_GT(std::abs(parts - loss), 1e-3);
}

/**
 * Batches of an evaluation are as even as can be, so none is small; models that do not care keep
 * full batches.
 */
TEST(ResidualNetwork, EvaluatesEvenBatches)
{
    const auto model = CreateObject<ResidualNetwork>();
    model->SetAttribute("EvaluationBatch", UintegerValue(100));
    EXPECT_EQ(CutForEvaluation(*model, 101, 256), (std::vector<std::size_t>{0, 50, 101}));
    EXPECT_EQ(CutForEvaluation(*model, 300, 256), (std::vector<std::size_t>{0, 100, 200, 300}));
    EXPECT_EQ(CutForEvaluation(*model, 5, 256), (std::vector<std::size_t>{0, 5}));
    EXPECT_EQ(CutForEvaluation(*model, 0, 256), (std::vector<std::size_t>{0}));
}

TEST(ResidualNetwork, RefusesWhatIsNoNetworkOrData)
{
    const auto refuses = [](uint32_t depth, uint32_t classes, const std::string& words) {
        const auto model = CreateObject<ResidualNetwork>();
        model->SetAttribute("Depth", UintegerValue(depth));
        try
        {
            model->SetInput({1, 8, 8}, classes);
            ADD_FAILURE() << "accepted depth " << depth << ", " << classes << " classes";
        }
        catch (const std::invalid_argument& error)
        {
            EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
        }
    };
    refuses(9, 10, "Depth=9: 6 n + 2 is needed");
    refuses(8, 0, "at least 2 are needed");
    refuses(8, 1, "at least 2 are needed");
}

} // namespace
