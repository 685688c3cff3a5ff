/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "quadratic-model.h"

#include "ns3/double.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(QuadraticModel);

TypeId
QuadraticModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::QuadraticModel")
            .SetParent<LearningModel>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<QuadraticModel>()
            .AddAttribute("Curvature",
                          "Second derivative h of the loss h / 2 * ||x - a||^2, above 0, no unit.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&QuadraticModel::m_curvature),
                          MakeDoubleChecker<double>(std::numeric_limits<double>::min(),
                                                    std::numeric_limits<double>::max()));
    return tid;
}

uint32_t
QuadraticModel::GetParameterCount() const
{
    return m_features;
}

void
QuadraticModel::Initialize(float* parameters, uint64_t /* seed */) const
{
    std::fill_n(parameters, m_features, 0.0F);
}

double
QuadraticModel::GetGradientOperations(uint32_t batchSize, double nonZeros) const
{
    return 3.0 * batchSize * nonZeros + 2.0 * m_features;
}

double
QuadraticModel::Gradient(const float* parameters, const Batch<float>& batch, float* gradient) const
{
    return ComputeGradient(parameters, batch, gradient);
}

double
QuadraticModel::Gradient(const double* parameters,
                         const Batch<double>& batch,
                         double* gradient) const
{
    return ComputeGradient(parameters, batch, gradient);
}

LearningModel::Evaluation
QuadraticModel::Evaluate(const float* parameters, const Batch<float>& batch) const
{
    Evaluation evaluation;
    evaluation.lossSum = m_curvature / 2 * SumSquares(parameters, batch);
    evaluation.samples = batch.size;
    return evaluation;
}

void
QuadraticModel::DoSetInput(const SampleShape& shape, uint32_t /* classCount */)
{
    m_features = shape.GetSize();
}

template <typename Scalar>
double
QuadraticModel::ComputeGradient(const Scalar* parameters,
                                const Batch<Scalar>& batch,
                                Scalar* gradient) const
{
    const double squares = SumSquares(parameters, batch);
    if (batch.size == 0)
    {
        throw std::invalid_argument(GetInstanceTypeId().GetName() +
                                    ": the batch is empty: a mean loss needs at least 1 sample");
    }
    std::fill_n(gradient, m_features, Scalar(0));
    const Scalar* row = batch.features;
    for (uint32_t i = 0; i < batch.size; i++, row += m_features)
    {
        for (uint32_t j = 0; j < m_features; j++)
        {
            gradient[j] += row[j];
        }
    }
    const auto curvature = static_cast<Scalar>(m_curvature);
    const auto penalty = static_cast<Scalar>(GetL2Penalty());
    double norm = 0;
    for (uint32_t j = 0; j < m_features; j++)
    {
        gradient[j] =
            curvature * (parameters[j] - gradient[j] / batch.size) + penalty * parameters[j];
        norm += double(parameters[j]) * parameters[j];
    }
    return m_curvature / 2 * squares / batch.size + GetL2Penalty() / 2 * norm;
}

template <typename Scalar>
double
QuadraticModel::SumSquares(const Scalar* parameters, const Batch<Scalar>& batch) const
{
    if (!batch.features || batch.featureCount != m_features)
    {
        throw std::invalid_argument(GetInstanceTypeId().GetName() + ": the batch has " +
                                    (batch.features ? "dense" : "sparse") + " samples of " +
                                    std::to_string(batch.featureCount) +
                                    " features: dense samples of " + std::to_string(m_features) +
                                    " are needed");
    }
    double sum[4] = {};
    const Scalar* row = batch.features;
    for (uint32_t i = 0; i < batch.size; i++, row += m_features)
    {
        for (uint32_t j = 0; j < m_features; j++)
        {
            const double difference = double(parameters[j]) - row[j];
            sum[j % 4] += difference * difference;
        }
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

bool
QuadraticModel::Classifies() const
{
    return false;
}

} // namespace learning
} // namespace ns3
