/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * What SampleModel makes of the loss of one sample. Oracle: least squares of two samples,
 * worked out by hand; all numbers are exact in binary.
 */

#include "model-checks.h"

#include "ns3/double.h"
#include "ns3/sample-model.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// Least squares: half of (x . a - b)^2.
class LeastSquares : public SampleModel
{
  private:
    double AddSample(const double* parameters,
                     const double* sample,
                     double target,
                     double* gradient) const override
    {
        double residual = -target;
        for (uint32_t j = 0; j < GetFeatureCount(); j++)
        {
            residual += parameters[j] * sample[j];
        }
        for (uint32_t j = 0; gradient && j < GetFeatureCount(); j++)
        {
            gradient[j] += residual * sample[j];
        }
        return residual * residual / 2;
    }
};

/// Two samples of two features.
template <typename Scalar>
HandMadeBatch<Scalar>
MakeBatch()
{
    HandMadeBatch<Scalar> batch;
    batch.featureCount = 2;
    batch.features = {1, 2, 0, -1};
    batch.targets = {3, 1};
    batch.rowStart = {0, 2, 3};
    batch.columns = {0, 1, 1};
    batch.values = {1, 2, -1};
    return batch;
}

} // namespace

TEST(SampleModel, MeanLossAndGradientAreThoseByHand)
{
    auto model = CreateObject<LeastSquares>();
    model->SetAttribute("L2Penalty", DoubleValue(0.5));
    model->SetInput({1, 1, 2}, 0);
    ASSERT_EQ(model->GetParameterCount(), 2U);
    // at (1, 1) residuals are 0 and -2: losses 0 and 2, gradients 0 and (0, 2); the penalty is
    // 0.25 x 2, its gradient (0.5, 0.5)
    const auto batch = MakeBatch<float>();
    const std::vector<float> x{1, 1};
    for (const auto& view : {batch.Dense(), batch.Sparse()})
    {
        std::vector<float> gradient{7, 7}; // is overwritten
        EXPECT_DOUBLE_EQ(model->Gradient(x.data(), view, gradient.data()), 1 + 0.5);
        EXPECT_FLOAT_EQ(gradient[0], 0.5F);
        EXPECT_FLOAT_EQ(gradient[1], 1.5F);
        const auto evaluation = model->Evaluate(x.data(), view);
        EXPECT_DOUBLE_EQ(evaluation.lossSum, 2) << "without the penalty";
        EXPECT_EQ(evaluation.samples, 2U);
    }
    const auto exact = MakeBatch<double>();
    const std::vector<double> y{1, 1};
    std::vector<double> gradient(2);
    EXPECT_DOUBLE_EQ(model->Gradient(y.data(), exact.Dense(), gradient.data()), 1.5);
    EXPECT_DOUBLE_EQ(gradient[1], 1.5);
    EXPECT_DOUBLE_EQ(model->GetGradientOperations(2, 1.5), 12);
    std::vector<float> start{7, 7};
    model->Initialize(start.data(), 1);
    EXPECT_EQ(start, (std::vector<float>{0, 0}));
}

TEST(SampleModel, RefusesClassesAndEmptyBatches)
{
    EXPECT_THROW(CreateObject<LeastSquares>()->SetInput({1, 1, 2}, 3), std::invalid_argument);
    auto model = CreateObject<LeastSquares>();
    model->SetInput({1, 1, 2}, 0);
    const std::vector<float> x{1, 1};
    std::vector<float> gradient(2);
    EXPECT_THROW(model->Gradient(x.data(), Batch<float>(), gradient.data()), std::invalid_argument);
}
