/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "model-checks.h"

#include "ns3/kernels.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// Sizes of an affine map.
struct Size
{
    uint32_t n;   ///< samples
    uint32_t in;  ///< numbers of a sample
    uint32_t out; ///< outputs
};

class Affine : public testing::TestWithParam<Size>
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
        const auto [n, in, out] = GetParam();
        const auto x = DrawParameters<Scalar>(n * in, 1, 1);
        const auto w = DrawParameters<Scalar>(out * in, 1, 2);
        const auto b = DrawParameters<Scalar>(out, 1, 3);
        const auto delta = DrawParameters<Scalar>(n * out, 1, 4);
        for (const Scalar penalty : {Scalar(0), Scalar(0.5)})
        {
            std::vector<double> y(n * out);
            std::vector<double> gw(out * in);
            std::vector<double> gb(out);
            std::vector<double> dx(n * in);
            for (uint32_t o = 0; o < out; o++)
            {
                gb[o] = double(penalty) * b[o];
                for (uint32_t j = 0; j < in; j++)
                {
                    gw[o * in + j] = double(penalty) * w[o * in + j];
                }
                for (uint32_t i = 0; i < n; i++)
                {
                    const double factor = delta[i * out + o];
                    gb[o] += factor;
                    y[i * out + o] = b[o];
                    for (uint32_t j = 0; j < in; j++)
                    {
                        y[i * out + o] += double(x[i * in + j]) * w[o * in + j];
                        gw[o * in + j] += factor * x[i * in + j];
                        dx[i * in + j] += factor * w[o * in + j];
                    }
                }
            }
            const Scalar unwritten = 7; // what is there must not matter
            std::vector<Scalar> ourY(y.size(), unwritten);
            std::vector<Scalar> ourGw(gw.size(), unwritten);
            std::vector<Scalar> ourGb(gb.size(), unwritten);
            std::vector<Scalar> ourDx(dx.size(), unwritten);
            const Rows<Scalar> rows{n, in, x.data()};
            kernels.affine(rows, w.data(), b.data(), out, false, ourY.data());
            kernels.affineWeightGradient(rows,
                                         delta.data(),
                                         w.data(),
                                         b.data(),
                                         penalty,
                                         out,
                                         ourGw.data(),
                                         ourGb.data());
            kernels.affineInputGradient(delta.data(), w.data(), n, in, out, ourDx.data());
            EXPECT_LT(RelativeDifference(y, ourY), tolerance) << kernels.width;
            EXPECT_LT(RelativeDifference(gw, ourGw), tolerance) << kernels.width;
            EXPECT_LT(RelativeDifference(gb, ourGb), tolerance) << kernels.width;
            EXPECT_LT(RelativeDifference(dx, ourDx), tolerance) << kernels.width;
            // one sample at a time, from an odd address: other tiles, the same sums
            std::vector<Scalar> shifted(in + 1);
            std::vector<Scalar> single(out);
            for (uint32_t i = 0; i < n; i++)
            {
                std::copy_n(x.begin() + i * in, in, shifted.begin() + 1);
                kernels.affine({1, in, shifted.data() + 1},
                               w.data(),
                               b.data(),
                               out,
                               false,
                               single.data());
                EXPECT_EQ(
                    single,
                    std::vector<Scalar>(ourY.begin() + i * out, ourY.begin() + (i + 1) * out));
            }
        }
    }
};

/// Rounding of sums of 1,100 products: 1e-5 in single, 1e-13 in double precision.
TEST_P(Affine, EqualsDirectSumsAtEachWidth)
{
    const std::string chosen = GetKernels<float>().width;
    for (const auto& width : GetKernelWidths())
    {
        SelectKernelWidth(width);
        Check(GetKernels<float>(), 1e-5);
    }
    SelectKernelWidth(chosen);
    Check(GetKernels<double>(), 1e-13);
}

// Tiles that are not full, rows shorter than a vector, rows whose last vector overlaps the one
// before, rows and batches longer than a piece, rows that are a multiple of the cache's lines
// apart.
INSTANTIATE_TEST_SUITE_P(Sizes,
                         Affine,
                         testing::Values(Size{1, 1, 2},
                                         Size{3, 3, 1},
                                         Size{5, 5, 3},
                                         Size{6, 17, 7},
                                         Size{7, 31, 13},
                                         Size{32, 28, 10},
                                         Size{4, 33, 23},
                                         Size{131, 47, 11},
                                         Size{9, 256, 12},
                                         Size{2, 1100, 5}),
                         [](const auto& info) {
                             return std::to_string(info.param.n) + "x" +
                                    std::to_string(info.param.in) + "to" +
                                    std::to_string(info.param.out);
                         });

} // namespace
