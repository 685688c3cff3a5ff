/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "convolution-checks.h"
#include "model-checks.h"

#include "ns3/kernels.h"
#include "ns3/layer-list.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

class Convolution : public testing::TestWithParam<Geometry>
{
  protected:
    /**
     * Compares values and both derivatives with direct sums in double precision.
     * @tparam Scalar precision to test
     * @param kernels functions to test
     * @param tolerance relative to the largest entry
     */
    template <typename Scalar>
    void Check(const Kernels<Scalar>& kernels, double tolerance)
    {
        const uint32_t n = 3;
        const Windows g = MakeWindows(GetParam(), 2, 5);
        const uint32_t inputs = n * g.channels * g.height * g.width;
        const uint32_t outputs = n * g.filters * g.outHeight * g.outWidth;
        const uint32_t weights = g.filters * g.channels * g.kernel * g.kernel;
        const auto x = DrawParameters<Scalar>(inputs, 1, 1);
        const auto w = DrawParameters<Scalar>(weights, 1, 2);
        const auto b = DrawParameters<Scalar>(g.filters, 1, 3);
        const auto delta = DrawParameters<Scalar>(outputs, 1, 4);

        std::vector<double> y(outputs);
        std::vector<double> gw(weights, 0.5); // gradients are added to what is there
        std::vector<double> gb(g.filters, 0.25);
        std::vector<double> dx(inputs);
        for (uint32_t o = 0; o < outputs; o++)
        {
            const uint32_t f = o / (g.outHeight * g.outWidth) % g.filters;
            y[o] = b[f];
            gb[f] += delta[o];
        }
        VisitProducts(g, n, [&](uint32_t output, uint32_t weight, uint32_t input) {
            y[output] += double(x[input]) * w[weight];
            gw[weight] += double(delta[output]) * x[input];
            dx[input] += double(delta[output]) * w[weight];
        });

        std::vector<Scalar> scratch(g.channels * g.kernel * g.kernel * g.outHeight * g.outWidth);
        std::vector<Scalar> z(outputs);
        kernels.convolution(g, x.data(), w.data(), b.data(), n, false, scratch.data(), z.data());
        EXPECT_LT(RelativeDifference(y, z), tolerance);

        std::vector<Scalar> hw(weights, 0.5);
        std::vector<Scalar> hb(g.filters, 0.25);
        std::vector<Scalar> hx(inputs, 99);
        kernels.convolutionGradient(g,
                                    x.data(),
                                    w.data(),
                                    delta.data(),
                                    n,
                                    scratch.data(),
                                    hw.data(),
                                    hb.data(),
                                    hx.data());
        EXPECT_LT(RelativeDifference(gw, hw), tolerance);
        EXPECT_LT(RelativeDifference(gb, hb), tolerance);
        EXPECT_LT(RelativeDifference(dx, hx), tolerance);

        kernels.convolution(g, x.data(), w.data(), b.data(), n, true, scratch.data(), z.data());
        for (auto& value : y)
        {
            value = std::max(value, 0.0);
        }
        EXPECT_LT(RelativeDifference(y, z), tolerance);
    }
};

/**
 * Oracle: the definition, summed in double precision. Rounding of some tens of products: 1e-14 in
 * double, 1e-5 in float.
 */
TEST_P(Convolution, EqualsItsDefinition)
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

INSTANTIATE_TEST_SUITE_P(Geometries,
                         Convolution,
                         testing::Values(Geometry{5, 5, 1, 1, 0},
                                         Geometry{5, 6, 3, 1, 0},
                                         Geometry{6, 5, 3, 1, 1},
                                         Geometry{3, 3, 3, 1, 0},
                                         Geometry{4, 30, 3, 1, 2},
                                         Geometry{12, 17, 5, 1, 2},
                                         Geometry{9, 8, 3, 2, 1},
                                         Geometry{9, 8, 2, 3, 0},
                                         Geometry{1, 13, 1, 2, 0},
                                         Geometry{2, 2, 4, 1, 3}));

/**
 * Oracle: a search through each window. Values are from a small set, so that ties abound: the first
 * in row-major order wins.
 */
TEST(MaxPool, EqualsItsDefinitionAndTiesGoToTheFirst)
{
    for (const auto& geometry : {Geometry{6, 8, 2, 2, 0},
                                 Geometry{7, 9, 2, 2, 0},
                                 Geometry{7, 40, 2, 2, 0},
                                 Geometry{7, 8, 3, 2, 0},
                                 Geometry{5, 5, 2, 1, 0},
                                 Geometry{4, 4, 4, 4, 0},
                                 Geometry{5, 5, 1, 2, 0}})
    {
        const uint32_t n = 2;
        const Windows g = MakeWindows(geometry, 3, 3);
        const uint32_t image = g.channels * g.height * g.width;
        const uint32_t outputs = g.channels * g.outHeight * g.outWidth;
        std::vector<float> x(n * image);
        for (uint32_t i = 0; i < x.size(); i++)
        {
            x[i] = static_cast<float>(i * 2654435761U >> 30) - 2;
        }
        std::vector<float> y(n * outputs);
        std::vector<uint32_t> winner(n * outputs);
        for (const auto& width : GetKernelWidths())
        {
            SelectKernelWidth(width);
            GetKernels<float>().maxPool(g, x.data(), n, false, y.data(), winner.data());
            std::vector<float> expected(n * image);
            for (uint32_t o = 0; o < n * outputs; o++)
            {
                const uint32_t base = o / outputs * image;
                const uint32_t row = o % outputs / g.outWidth;
                uint32_t best = UINT32_MAX;
                for (uint32_t k = 0; k < g.kernel * g.kernel; k++)
                {
                    const uint32_t place = (row / g.outHeight * g.height +
                                            row % g.outHeight * g.stride + k / g.kernel) *
                                               g.width +
                                           o % g.outWidth * g.stride + k % g.kernel;
                    if (best == UINT32_MAX || x[base + place] > x[base + best])
                    {
                        best = place;
                    }
                }
                ASSERT_EQ(winner[o], best) << width << ", output " << o;
                ASSERT_EQ(y[o], x[base + best]);
                expected[base + best] += y[o] + 1;
            }
            std::vector<float> delta = y;
            for (auto& value : delta)
            {
                value += 1;
            }
            std::vector<float> dx(n * image, 99);
            GetKernels<float>().maxPoolGradient(g, delta.data(), winner.data(), n, dx.data());
            EXPECT_EQ(dx, expected);
        }
    }
}

TEST(LayerList, ReadsEveryPart)
{
    const auto layers =
        ParseLayerList("list", "conv5x8s2p1,relu,pool3s2,conv1x4,dense10,relu", {3, 32, 28});
    ASSERT_EQ(layers.size(), 4);
    EXPECT_EQ(layers[0].kind, Layer::CONVOLUTION);
    EXPECT_TRUE(layers[0].relu);
    EXPECT_EQ(layers[0].GetWeightCount(), 8 * 3 * 5 * 5);
    EXPECT_EQ(layers[0].GetBiasCount(), 8);
    EXPECT_EQ(layers[0].outputs, 8 * 15 * 13); // (32 + 2 - 5) / 2 + 1, (28 + 2 - 5) / 2 + 1
    EXPECT_EQ(layers[1].kind, Layer::MAX_POOL);
    EXPECT_FALSE(layers[1].relu);
    EXPECT_EQ(layers[1].outputs, 8 * 7 * 6);
    EXPECT_EQ(layers[1].GetWeightCount() + layers[1].GetBiasCount(), 0);
    EXPECT_EQ(layers[2].outputs, 4 * 7 * 6);
    EXPECT_EQ(layers[3].kind, Layer::AFFINE);
    EXPECT_EQ(layers[3].inputs, 4 * 7 * 6);
    EXPECT_TRUE(layers[3].relu);
    EXPECT_TRUE(ParseLayerList("list", "", {3, 32, 28}).empty());
}

TEST(LayerList, SaysWhereItIsWrong)
{
    const std::pair<std::string, int> wrong[] = {{"convx8", 5},
                                                 {"conv5", 6},
                                                 {"conv5x", 7},
                                                 {"conv0x8", 5},
                                                 {"conv5x8s0", 9},
                                                 {"conv5x8p", 9},
                                                 {"conv3x8p3", 1},
                                                 {"conv5x8 ,relu", 8},
                                                 {"conv5x8,", 9},
                                                 {",conv5x8", 1},
                                                 {"relu", 1},
                                                 {"dense8,relu,relu", 13},
                                                 {"dense8,conv3x3", 8},
                                                 {"dense8,pool2", 8},
                                                 {"conv11x8", 1},
                                                 {"pool2,pool9", 7},
                                                 {"dense99999999999", 6},
                                                 {"gelu", 1}};
    for (const auto& [text, position] : wrong)
    {
        try
        {
            ParseLayerList("list", text, {1, 10, 10});
            ADD_FAILURE() << "accepted " << text;
        }
        catch (const std::invalid_argument& error)
        {
            const std::string sentence = error.what();
            const std::string expected =
                "list: '" + text + "' is wrong at character " + std::to_string(position) + ": ";
            EXPECT_EQ(sentence.substr(0, expected.size()), expected) << sentence;
            EXPECT_EQ(sentence.find('\n'), std::string::npos);
        }
    }
}

} // namespace
