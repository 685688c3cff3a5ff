/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "model-checks.h"

#include "ns3/double.h"
#include "ns3/object-factory.h"

#include <cmath>
#include <gtest/gtest.h>
#include <ostream>
#include <string>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// A model and data that suit it.
struct Subject
{
    std::string name;    //!< of the case
    std::string factory; //!< type and attributes, as ObjectFactory reads them
    SampleShape shape;   //!< of the data
    uint32_t classCount; //!< of the data, 0 for regression
    bool takesSparse;    //!< whether sparse batches are taken
};

std::ostream&
operator<<(std::ostream& stream, const Subject& subject)
{
    return stream << subject.factory;
}

const Subject SUBJECTS[] = {
    {"Quadratic", "QuadraticModel[Curvature=2.5]", {1, 1, 13}, 0, false},
    {"LinearRegression", "LinearRegression", {1, 1, 13}, 0, true},
    {"LogisticRegression", "LogisticRegression", {1, 1, 13}, 2, true},
    {"LinearSupportVectorMachine", "LinearSupportVectorMachine", {1, 1, 13}, 2, true},
    {"SoftmaxTwo", "SoftmaxRegression", {1, 1, 13}, 2, true},
    {"SoftmaxFew", "SoftmaxRegression", {1, 1, 13}, 7, true},
    {"SoftmaxMany", "SoftmaxRegression", {1, 1, 13}, 40, true},
    {"PerceptronOneHidden", "MultilayerPerceptron[Hidden=17]", {1, 1, 13}, 5, true},
    {"PerceptronTwoHidden", "MultilayerPerceptron[Hidden=40,9]", {1, 1, 13}, 5, true},
    {"PerceptronRegression", "MultilayerPerceptron[Hidden=6]", {1, 1, 13}, 0, true},
    {"Convolution", "ConvolutionalNetwork[Layers=conv3x4,relu]", {2, 6, 5}, 3, false},
    {"ConvolutionStridePadding",
     "ConvolutionalNetwork[Layers=conv3x4s2p1,relu,conv2x3p1,relu]",
     {2, 7, 6},
     3,
     false},
    {"ConvolutionPooling",
     "ConvolutionalNetwork[Layers=conv3x4p1,relu,pool2,conv3x5,pool2s1,relu,dense8,relu]",
     {1, 9, 10},
     4,
     false},
    {"PoolingAndRelu", "ConvolutionalNetwork[Layers=conv3x4,pool2,relu]", {1, 8, 8}, 3, false},
    {"Residual", "ResidualNetwork[Depth=8|Width=2]", {2, 6, 5}, 3, false},
    {"ResidualDeeper", "ResidualNetwork[Depth=14|Width=3]", {1, 4, 4}, 4, false},
    {"PoolingFirst", "ConvolutionalNetwork[Layers=pool3s2,dense6,relu]", {3, 7, 8}, 4, false},
};

class ModelGradient : public testing::TestWithParam<Subject>
{
  protected:
    static constexpr uint32_t SIZE = 11;
    static constexpr double PENALTY = 0.25;

    void SetUp() override
    {
        ObjectFactory factory("ns3::learning::" +
                              GetParam().factory.substr(0, GetParam().factory.find('[')));
        std::istringstream("ns3::learning::" + GetParam().factory) >> factory;
        factory.Set("L2Penalty", DoubleValue(PENALTY));
        m_model = factory.Create<LearningModel>();
        m_model->SetInput(GetParam().shape, GetParam().classCount);
        m_count = m_model->GetParameterCount();
    }

    template <typename Scalar>
    HandMadeBatch<Scalar> Draw(double zeros = 0.4) const
    {
        return DrawBatch<Scalar>(SIZE, GetParam().shape.GetSize(), GetParam().classCount, zeros, 7);
    }

    /**
     * Gradient at drawn parameters.
     * @return the gradient and, as the last entry, the loss
     */
    template <typename Scalar>
    std::vector<Scalar> Compute(const Batch<Scalar>& batch) const
    {
        const auto parameters = DrawParameters<Scalar>(m_count, 0.5, 3);
        std::vector<Scalar> gradient(m_count + 1, 99);
        gradient[m_count] = m_model->Gradient(parameters.data(), batch, gradient.data());
        return gradient;
    }

    Ptr<LearningModel> m_model;
    uint32_t m_count;
};

/**
 * Oracle: central differences in double precision, step 1e-5: their error is of the order of the
 * step's square, 1e-10, and of rounding, 1e-16 / 1e-5. Piecewise linear losses are exact away from
 * kinks, and none of the drawn ones lies within a step of one (the test would say so).
 */
TEST_P(ModelGradient, EqualsFiniteDifferences)
{
    const auto data = Draw<double>();
    auto parameters = DrawParameters<double>(m_count, 0.5, 3);
    const auto gradient = Compute(data.Dense());
    std::vector<double> expected(m_count);
    std::vector<double> unused(m_count);
    for (uint32_t i = 0; i < m_count; i++)
    {
        const double step = 1e-5;
        const double center = parameters[i];
        parameters[i] = center + step;
        const double above = m_model->Gradient(parameters.data(), data.Dense(), unused.data());
        parameters[i] = center - step;
        const double below = m_model->Gradient(parameters.data(), data.Dense(), unused.data());
        parameters[i] = center;
        expected[i] = (above - below) / (2 * step);
    }
    EXPECT_LT(RelativeDifference(expected, gradient), 1e-8);

    // Negative control: the same comparison must notice one wrong entry in a thousandth.
    expected[m_count / 2] += 1e-3 * (1 + std::abs(expected[m_count / 2]));
    EXPECT_GT(RelativeDifference(expected, gradient), 1e-5);
}

/**
 * Single precision: rounding errors of some ten additions in a chain, relative 1e-5.
 */
TEST_P(ModelGradient, FloatEqualsDouble)
{
    const auto single = Draw<float>();
    const auto precise = Draw<double>();
    EXPECT_LT(RelativeDifference(Compute(precise.Dense()), Compute(single.Dense())), 1e-5);
}

/**
 * The sparse form of a batch gives the gradient of the dense one, or is refused. Sums are taken in
 * another order: 1e-13.
 */
TEST_P(ModelGradient, SparseEqualsDense)
{
    const auto data = Draw<double>();
    if (!GetParam().takesSparse)
    {
        EXPECT_THROW(Compute(data.Sparse()), std::invalid_argument);
        return;
    }
    EXPECT_LT(RelativeDifference(Compute(data.Dense()), Compute(data.Sparse())), 1e-13);
    const auto single = Draw<float>();
    EXPECT_LT(RelativeDifference(Compute(data.Dense()), Compute(single.Sparse())), 1e-5);
}

/**
 * Evaluate() sums the samples' losses without the penalty: n times the mean loss, less the penalty.
 * Single precision, 1e-6.
 */
TEST_P(ModelGradient, EvaluationAgreesWithLoss)
{
    const auto data = Draw<float>();
    const auto parameters = DrawParameters<float>(m_count, 0.5, 3);
    double norm = 0;
    for (const auto parameter : parameters)
    {
        norm += double(parameter) * parameter;
    }
    const double loss = Compute(data.Dense()).back();
    const auto evaluation = m_model->Evaluate(parameters.data(), data.Dense());
    EXPECT_EQ(evaluation.samples, SIZE);
    EXPECT_NEAR(evaluation.lossSum / SIZE + PENALTY / 2 * norm, loss, 1e-6 * loss);
}

/**
 * Bits do not depend on where arrays lie in memory: parameters, features and gradient at every
 * offset of 4 bytes within 64.
 */
TEST_P(ModelGradient, SameBitsAtEveryAlignment)
{
    const auto data = Draw<float>();
    const auto parameters = DrawParameters<float>(m_count, 0.5, 3);
    const auto expected = Compute(data.Dense());
    for (uint32_t offset = 0; offset < 16; offset++)
    {
        std::vector<float> moved(offset);
        moved.insert(moved.end(), parameters.begin(), parameters.end());
        std::vector<float> features(15 - offset);
        features.insert(features.end(), data.features.begin(), data.features.end());
        Batch<float> batch = data.Dense();
        batch.features = features.data() + 15 - offset;
        std::vector<float> gradient(m_count + 17);
        const uint32_t shift = offset * 7 % 16;
        const float loss = m_model->Gradient(moved.data() + offset, batch, gradient.data() + shift);
        EXPECT_EQ(loss, expected.back());
        EXPECT_EQ(std::vector<float>(gradient.begin() + shift, gradient.begin() + shift + m_count),
                  std::vector<float>(expected.begin(), expected.end() - 1))
            << "offset " << offset;
    }
}

INSTANTIATE_TEST_SUITE_P(Models, ModelGradient, testing::ValuesIn(SUBJECTS), [](const auto& info) {
    return info.param.name;
});

} // namespace
