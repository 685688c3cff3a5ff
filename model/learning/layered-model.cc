/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "layered-model.h"

#include "ns3/random-engine.h"
#include "scratch-memory.h"

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

uint32_t
Layer::GetFanIn() const
{
    return kind == AFFINE        ? inputs
           : kind == CONVOLUTION ? windows.channels * windows.kernel * windows.kernel
                                 : 0;
}

uint32_t
Layer::GetWeightCount() const
{
    return GetFanIn() * GetBiasCount();
}

uint32_t
Layer::GetBiasCount() const
{
    return kind == AFFINE ? outputs : kind == CONVOLUTION ? windows.filters : 0;
}

Layer
MakeAffineLayer(uint32_t inputs, uint32_t outputs, Layer::Start start, bool relu)
{
    Layer layer;
    layer.start = start;
    layer.relu = relu;
    layer.inputs = inputs;
    layer.outputs = outputs;
    return layer;
}

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
        count += (layer.GetFanIn() + 1.0) * layer.GetBiasCount();
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
        parameters = std::fill_n(parameters, layer.GetBiasCount(), 0.0F);
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
struct LayeredModel::Pass
{
    ScratchMemory memory;        //!< holds what follows
    Scalar** outputs{nullptr};   //!< of each layer: n x outputs
    uint32_t** winners{nullptr}; //!< of each pooling layer: n x outputs
    Scalar* scratch{nullptr};    //!< as much as any kernel asks for
};

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
void
LayeredModel::Forward(const Scalar* parameters,
                      const Batch<Scalar>& batch,
                      Pass<Scalar>& pass) const
{
    const auto& kernels = GetKernels<Scalar>();
    const uint32_t n = batch.size;
    std::size_t scratch = n; // of the loss
    for (const auto& layer : m_layers)
    {
        const std::size_t pixels = std::size_t(layer.windows.outHeight) * layer.windows.outWidth;
        scratch = std::max(scratch,
                           layer.kind == Layer::AFFINE ? std::size_t(n) * layer.outputs
                                                       : layer.GetFanIn() * pixels);
    }
    pass.scratch = pass.memory.template Take<Scalar>(scratch);
    pass.outputs = pass.memory.template Take<Scalar*>(m_layers.size());
    pass.winners = pass.memory.template Take<uint32_t*>(m_layers.size());

    Rows<Scalar> x{n,
                   batch.featureCount,
                   batch.features,
                   batch.rowStart,
                   batch.columns,
                   batch.values};
    for (std::size_t l = 0; l < m_layers.size(); l++)
    {
        const Layer& layer = m_layers[l];
        const Scalar* biases = parameters + layer.GetWeightCount();
        Scalar* y = pass.memory.template Take<Scalar>(std::size_t(n) * layer.outputs);
        pass.outputs[l] = y;
        switch (layer.kind)
        {
        case Layer::AFFINE:
            kernels.affine(x, parameters, biases, layer.outputs, layer.relu, pass.scratch, y);
            break;
        case Layer::CONVOLUTION:
            kernels.convolution(layer.windows,
                                x.dense,
                                parameters,
                                biases,
                                n,
                                layer.relu,
                                pass.scratch,
                                y);
            break;
        case Layer::MAX_POOL:
            pass.winners[l] = pass.memory.template Take<uint32_t>(std::size_t(n) * layer.outputs);
            kernels.maxPool(layer.windows, x.dense, n, layer.relu, y, pass.winners[l]);
            break;
        }
        parameters = biases + layer.GetBiasCount();
        x = {n, layer.outputs, y};
    }
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
    Pass<Scalar> pass;
    Forward(parameters, batch, pass);

    Scalar* delta = pass.outputs[m_layers.size() - 1];
    double loss = kernels.loss(m_loss,
                               batch.targets,
                               n,
                               m_layers.back().outputs,
                               Scalar(1) / n,
                               pass.scratch,
                               delta,
                               nullptr) /
                  n;
    if (penalty != 0)
    {
        loss += penalty / 2 * kernels.squaredNorm(parameters, m_parameterCount);
    }
    kernels.scaleInto(parameters, static_cast<Scalar>(penalty), m_parameterCount, gradient);

    uint32_t widest = 0;
    for (std::size_t l = 1; l < m_layers.size(); l++)
    {
        widest = std::max(widest, m_layers[l].inputs);
    }
    Scalar* deltas[2] = {pass.memory.template Take<Scalar>(std::size_t(n) * widest),
                         pass.memory.template Take<Scalar>(std::size_t(n) * widest)};
    uint64_t end = m_parameterCount;
    for (std::size_t l = m_layers.size(); l-- > 0;)
    {
        const Layer& layer = m_layers[l];
        const uint64_t begin = end - layer.GetWeightCount() - layer.GetBiasCount();
        const Scalar* weights = parameters + begin;
        Scalar* gw = gradient + begin;
        Scalar* gb = gw + layer.GetWeightCount();
        const Scalar* x = l == 0 ? batch.features : pass.outputs[l - 1];
        Scalar* dx = l == 0 ? nullptr : deltas[l % 2];
        switch (layer.kind)
        {
        case Layer::AFFINE: {
            Rows<Scalar> rows{n, layer.inputs, x};
            if (l == 0)
            {
                rows.rowStart = batch.rowStart;
                rows.columns = batch.columns;
                rows.values = batch.values;
            }
            kernels.affineWeightGradient(rows, delta, layer.outputs, gw, gb);
            if (dx)
            {
                kernels.affineInputGradient(delta, weights, n, layer.inputs, layer.outputs, dx);
            }
            break;
        }
        case Layer::CONVOLUTION:
            kernels
                .convolutionGradient(layer.windows, x, weights, delta, n, pass.scratch, gw, gb, dx);
            break;
        case Layer::MAX_POOL:
            if (dx)
            {
                kernels.maxPoolGradient(layer.windows, delta, pass.winners[l], n, dx);
            }
            break;
        }
        if (dx && m_layers[l - 1].relu)
        {
            kernels.maskRelu(x, std::size_t(n) * layer.inputs, dx);
        }
        delta = dx;
        end = begin;
    }
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
    Pass<float> pass;
    Forward(parameters, batch, pass);
    evaluation.samples = batch.size;
    evaluation.lossSum = GetKernels<float>().loss(m_loss,
                                                  batch.targets,
                                                  batch.size,
                                                  m_layers.back().outputs,
                                                  1.0F,
                                                  pass.scratch,
                                                  pass.outputs[m_layers.size() - 1],
                                                  &evaluation.correct);
    return evaluation;
}

} // namespace learning
} // namespace ns3
