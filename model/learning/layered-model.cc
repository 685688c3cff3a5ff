/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "layered-model.h"

#include "layer-pass.h"

#include "ns3/random-engine.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(LayeredModel);

namespace
{

/**
 * A number on a symmetric grid, exactly representable, so that it is the same on every machine.
 * @param engine the random numbers, one of which is drawn
 * @return one of 2^23 odd multiples of 2^-23 in (-1, 1)
 */
float
NextSymmetric(RandomEngine& engine)
{
    const auto k = static_cast<int32_t>(engine.Next() >> 41);
    return static_cast<float>(2 * k + 1 - (1 << 23)) / (1 << 23);
}

} // namespace

TypeId
LayeredModel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::LayeredModel")
                            .SetParent<LearningModel>()
                            .SetGroupName("DistributedLearning");
    return tid;
}

uint32_t
LayeredModel::GetParameterCount() const
{
    return m_parameterCount;
}

const std::vector<Layer>&
LayeredModel::GetLayers() const
{
    return m_layers;
}

void
LayeredModel::SetLayers(std::vector<Layer> layers, Loss loss)
{
    double count = 0;
    for (const auto& layer : layers)
    {
        count += double(layer.GetFanIn()) * layer.GetUnits() + layer.GetBiasCount();
    }
    if (count > UINT32_MAX)
    {
        std::ostringstream text;
        text << "the model would have " << count << " parameters: at most 4294967295";
        Refuse(text.str());
    }
    m_layers = std::move(layers);
    m_loss = loss;
    m_parameterCount = static_cast<uint32_t>(count);
}

void
LayeredModel::Refuse(const std::string& problem) const
{
    throw std::invalid_argument(GetInstanceTypeId().GetName() + ": " + problem);
}

void
LayeredModel::Initialize(float* parameters, uint64_t seed) const
{
    RandomEngine engine(seed);
    for (const auto& layer : m_layers)
    {
        const double fans = layer.start == Layer::HE_UNIFORM ? layer.GetFanIn()
                                                             : double(layer.inputs) + layer.outputs;
        const auto bound = static_cast<float>(std::sqrt(6 / fans));
        for (uint32_t i = 0; i < layer.GetWeightCount(); i++)
        {
            *parameters++ = layer.start == Layer::ZERO ? 0 : bound * NextSymmetric(engine);
        }
        const uint32_t gammas = layer.kind == Layer::NORMALIZED_CONVOLUTION ? layer.GetUnits() : 0;
        parameters = std::fill_n(parameters, gammas, 1.0F);
        parameters = std::fill_n(parameters, layer.GetBiasCount() - gammas, 0.0F);
    }
}

double
LayeredModel::GetGradientOperations(uint32_t batchSize, double nonZeros) const
{
    double operations = 0;
    for (const auto& layer : m_layers)
    {
        const bool first = &layer == &m_layers.front();
        if (layer.kind == Layer::AFFINE)
        {
            operations +=
                first ? 4.0 * nonZeros * layer.outputs : 6.0 * layer.inputs * layer.outputs;
        }
        else
        {
            operations += (first ? 4.0 : 6.0) * layer.GetFanIn() * layer.outputs;
        }
    }
    return operations * batchSize;
}

template <typename Scalar>
void
LayeredModel::Check(const Batch<Scalar>& batch) const
{
    if (m_layers.empty())
    {
        throw std::logic_error(GetInstanceTypeId().GetName() + ": SetInput() was not called");
    }
    if (batch.featureCount != m_layers.front().inputs)
    {
        Refuse("the batch has samples of " + std::to_string(batch.featureCount) +
               " features, the model was set up for " + std::to_string(m_layers.front().inputs));
    }
    if (batch.IsSequential())
    {
        Refuse("the batch has sequences of tokens: single vectors are needed");
    }
    if (batch.IsSparse() && m_layers.front().kind != Layer::AFFINE)
    {
        Refuse("the batch is sparse: a convolution needs dense samples");
    }
    if (m_loss == Loss::SQUARED)
    {
        return;
    }
    const auto classes = static_cast<Scalar>(GetClassCount());
    const auto isNoClass = [classes](Scalar target) {
        return static_cast<int>(!(target >= 0)) | static_cast<int>(target >= classes) |
               static_cast<int>(target != Scalar(static_cast<int32_t>(target)));
    };
    int bad = 0; // an integer, so that the compiler uses vectors
    for (uint32_t i = 0; i < batch.size; i++)
    {
        bad |= isNoClass(batch.targets[i]);
    }
    if (bad == 0)
    {
        return;
    }
    const Scalar* first = std::find_if(batch.targets, batch.targets + batch.size, isNoClass);
    std::ostringstream text;
    text << "target " << *first << " of sample " << first - batch.targets
         << " of the batch is no class: 0 to " << GetClassCount() - 1 << " are";
    Refuse(text.str());
}

template <typename Scalar>
double
LayeredModel::ComputeGradient(const Scalar* parameters,
                              const Batch<Scalar>& batch,
                              Scalar* gradient) const
{
    Check(batch);
    if (batch.size == 0)
    {
        Refuse("the batch is empty: a mean loss needs at least 1 sample");
    }
    const auto& kernels = GetKernels<Scalar>();
    const uint32_t n = batch.size;
    const double penalty = GetL2Penalty();
    LayerPass<Scalar> pass(m_layers, parameters, batch);
    Scalar* delta = pass.Forward(true);
    double loss = kernels.loss(m_loss,
                               batch.targets,
                               n,
                               m_layers.back().outputs,
                               Scalar(1) / n,
                               pass.GetScratch(),
                               delta,
                               nullptr) /
                  n;
    if (penalty != 0)
    {
        loss += penalty / 2 * kernels.squaredNorm(parameters, m_parameterCount);
    }
    pass.Backward(delta, static_cast<Scalar>(penalty), gradient);
    return loss;
}

double
LayeredModel::Gradient(const float* parameters, const Batch<float>& batch, float* gradient) const
{
    return ComputeGradient(parameters, batch, gradient);
}

double
LayeredModel::Gradient(const double* parameters, const Batch<double>& batch, double* gradient) const
{
    return ComputeGradient(parameters, batch, gradient);
}

LearningModel::Evaluation
LayeredModel::Evaluate(const float* parameters, const Batch<float>& batch) const
{
    Check(batch);
    Evaluation evaluation;
    if (batch.size == 0)
    {
        return evaluation;
    }
    LayerPass<float> pass(m_layers, parameters, batch);
    float* scores = pass.Forward(false);
    evaluation.samples = batch.size;
    evaluation.lossSum = GetKernels<float>().loss(m_loss,
                                                  batch.targets,
                                                  batch.size,
                                                  m_layers.back().outputs,
                                                  1.0F,
                                                  pass.GetScratch(),
                                                  scores,
                                                  &evaluation.correct);
    return evaluation;
}

} // namespace learning
} // namespace ns3
