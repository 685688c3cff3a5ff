/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sample-model.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(SampleModel);

TypeId
SampleModel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::SampleModel")
                            .SetParent<LearningModel>()
                            .SetGroupName("DistributedLearning");
    return tid;
}

uint32_t
SampleModel::GetParameterCount() const
{
    return m_features;
}

void
SampleModel::Initialize(float* parameters, uint64_t /* seed */) const
{
    std::fill_n(parameters, GetParameterCount(), 0.0F);
}

double
SampleModel::GetGradientOperations(uint32_t batchSize, double nonZeros) const
{
    return 4 * nonZeros * batchSize; // an inner product forward, a multiple of the sample back
}

double
SampleModel::Gradient(const float* parameters, const Batch<float>& batch, float* gradient) const
{
    return Differentiate(parameters, batch, gradient);
}

double
SampleModel::Gradient(const double* parameters, const Batch<double>& batch, double* gradient) const
{
    return Differentiate(parameters, batch, gradient);
}

LearningModel::Evaluation
SampleModel::Evaluate(const float* parameters, const Batch<float>& batch) const
{
    const std::vector<double> x(parameters, parameters + GetParameterCount());
    Evaluation evaluation;
    evaluation.lossSum = AddSamples(x.data(), batch, nullptr);
    evaluation.samples = batch.size;
    return evaluation;
}

uint32_t
SampleModel::GetFeatureCount() const
{
    return m_features;
}

void
SampleModel::DoSetInput(const SampleShape& shape, uint32_t classCount)
{
    if (classCount != 0)
    {
        throw std::invalid_argument(GetInstanceTypeId().GetName() +
                                    " predicts a number, but the data has classes");
    }
    m_features = shape.GetSize();
}

template <typename Scalar>
double
SampleModel::AddSamples(const double* parameters,
                        const Batch<Scalar>& batch,
                        double* gradient) const
{
    if (batch.featureCount != m_features)
    {
        throw std::invalid_argument(GetInstanceTypeId().GetName() + ": the batch has samples of " +
                                    std::to_string(batch.featureCount) +
                                    " features, the model was set up for " +
                                    std::to_string(m_features));
    }
    double sum = 0;
    std::vector<double> sample(m_features);
    for (uint32_t i = 0; i < batch.size; i++)
    {
        if (batch.IsSparse())
        {
            std::fill(sample.begin(), sample.end(), 0);
            for (uint32_t k = batch.rowStart[i]; k < batch.rowStart[i + 1]; k++)
            {
                sample[batch.columns[k]] = batch.values[k];
            }
        }
        else
        {
            const Scalar* row = batch.features + uint64_t(i) * m_features;
            std::copy(row, row + m_features, sample.begin());
        }
        sum += AddSample(parameters, sample.data(), batch.targets[i], gradient);
    }
    return sum;
}

template <typename Scalar>
double
SampleModel::Differentiate(const Scalar* parameters,
                           const Batch<Scalar>& batch,
                           Scalar* gradient) const
{
    if (batch.size == 0)
    {
        throw std::invalid_argument(GetInstanceTypeId().GetName() +
                                    ": the gradient of an empty batch is not defined");
    }
    const uint32_t count = GetParameterCount();
    const std::vector<double> x(parameters, parameters + count);
    std::vector<double> sum(count);
    double loss = AddSamples(x.data(), batch, sum.data()) / batch.size;
    for (uint32_t j = 0; j < count; j++)
    {
        loss += GetL2Penalty() / 2 * x[j] * x[j];
        gradient[j] = static_cast<Scalar>(sum[j] / batch.size + GetL2Penalty() * x[j]);
    }
    return loss;
}

} // namespace learning
} // namespace ns3
