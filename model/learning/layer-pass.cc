/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "layer-pass.h"

#include <algorithm>

namespace ns3
{
namespace learning
{

template <typename Scalar>
LayerPass<Scalar>::LayerPass(const std::vector<Layer>& layers,
                             const Scalar* parameters,
                             const Batch<Scalar>& batch)
    : m_layers(layers),
      m_batch(batch),
      m_traces(m_memory.Take<Trace>(layers.size()))
{
    const auto& kernels = GetKernels<Scalar>();
    std::size_t scratch = batch.size; // of the loss
    for (std::size_t l = 0; l < layers.size(); l++)
    {
        const Layer& layer = layers[l];
        const std::size_t pixels = std::size_t(layer.windows.outHeight) * layer.windows.outWidth;
        const std::size_t needed = layer.kind == Layer::AFFINE ? 0
                                   : layer.kind == Layer::NORMALIZED_CONVOLUTION
                                       ? kernels.interleavedScratch(layer.windows)
                                   : layer.kind == Layer::MEAN_POOL
                                       ? std::size_t(layer.outputs) * kernels.lanes
                                       : layer.GetFanIn() * pixels;
        scratch = std::max(scratch, needed);
        m_traces[l] = {parameters, nullptr, nullptr, nullptr, nullptr};
        parameters += layer.GetWeightCount() + layer.GetBiasCount();
    }
    m_scratch = m_memory.Take<Scalar>(scratch);
    if (layers.front().kind == Layer::NORMALIZED_CONVOLUTION)
    {
        const Windows& g = layers.front().windows;
        const uint32_t blocks = (batch.size + kernels.lanes - 1) / kernels.lanes;
        m_images =
            m_memory.Take<Scalar>(std::size_t(blocks) * kernels.lanes * layers.front().inputs);
        kernels.interleave(batch.features, batch.size, g.channels, g.height * g.width, m_images);
    }
}

template <typename Scalar>
Scalar*
LayerPass<Scalar>::GetScratch() const
{
    return m_scratch;
}

template <typename Scalar>
std::size_t
LayerPass<Scalar>::GetSize(const Layer& layer) const
{
    const std::size_t lanes =
        layer.kind == Layer::NORMALIZED_CONVOLUTION ? GetKernels<Scalar>().lanes : 1;
    return (m_batch.size + lanes - 1) / lanes * lanes * layer.outputs;
}

template <typename Scalar>
const Scalar*
LayerPass<Scalar>::GetInputs(std::size_t l) const
{
    return l > 0 ? m_traces[l - 1].outputs : m_images ? m_images : m_batch.features;
}

template <typename Scalar>
Scalar*
LayerPass<Scalar>::Forward(bool keep)
{
    const auto& kernels = GetKernels<Scalar>();
    const uint32_t n = m_batch.size;
    for (std::size_t l = 0; l < m_layers.size(); l++)
    {
        const Layer& layer = m_layers[l];
        if (layer.kind == Layer::NORMALIZED_CONVOLUTION)
        {
            Normalize(l, keep);
            continue;
        }
        Trace& trace = m_traces[l];
        const Scalar* x = GetInputs(l);
        const Scalar* biases = trace.weights + layer.GetWeightCount();
        trace.outputs = m_memory.Take<Scalar>(GetSize(layer));
        if (layer.kind == Layer::AFFINE)
        {
            Rows<Scalar> rows{n, layer.inputs, x};
            if (l == 0)
            {
                rows.rowStart = m_batch.rowStart;
                rows.columns = m_batch.columns;
                rows.values = m_batch.values;
            }
            kernels.affine(rows, trace.weights, biases, layer.outputs, layer.relu, trace.outputs);
        }
        else if (layer.kind == Layer::CONVOLUTION)
        {
            kernels.convolution(layer.windows,
                                x,
                                trace.weights,
                                biases,
                                n,
                                layer.relu,
                                m_scratch,
                                trace.outputs);
        }
        else if (layer.kind == Layer::MAX_POOL)
        {
            trace.winners = m_memory.Take<uint32_t>(GetSize(layer));
            kernels.maxPool(layer.windows, x, n, layer.relu, trace.outputs, trace.winners);
        }
        else
        {
            const uint32_t pixels = layer.windows.height * layer.windows.width;
            kernels.meanPool(x, n, layer.outputs, pixels, m_scratch, trace.outputs);
        }
    }
    return m_traces[m_layers.size() - 1].outputs;
}

template <typename Scalar>
void
LayerPass<Scalar>::Normalize(std::size_t l, bool keep)
{
    const auto& kernels = GetKernels<Scalar>();
    const Layer& layer = m_layers[l];
    Trace& trace = m_traces[l];
    if (keep)
    {
        trace.outputs = m_memory.Take<Scalar>(GetSize(layer));
        trace.convolved = m_memory.Take<Scalar>(GetSize(layer));
    }
    else
    {
        if (!m_spare[0])
        {
            std::size_t most = 0;
            for (const auto& other : m_layers)
            {
                most = std::max(most, GetSize(other));
            }
            std::generate(std::begin(m_spare), std::end(m_spare), [&] {
                return m_memory.Take<Scalar>(most);
            });
        }
        trace.outputs = m_spare[l % 3]; // a shortcut starts two layers before
        trace.convolved = m_spare[3];
    }
    trace.statistics = m_memory.Take<Scalar>(2 * std::size_t(layer.windows.filters));
    kernels.interleavedConvolution(layer.windows,
                                   GetInputs(l),
                                   trace.weights,
                                   m_batch.size,
                                   m_scratch,
                                   trace.convolved);
    kernels.normalize(layer.windows,
                      trace.convolved,
                      trace.weights + layer.GetWeightCount(),
                      m_batch.size,
                      layer.shortcut ? &m_layers[l - 1].windows : nullptr,
                      layer.shortcut ? GetInputs(l - 1) : nullptr,
                      m_scratch,
                      trace.statistics,
                      trace.outputs);
}

template <typename Scalar>
void
LayerPass<Scalar>::Backward(Scalar* delta, Scalar penalty, Scalar* gradient)
{
    const auto& kernels = GetKernels<Scalar>();
    const uint32_t n = m_batch.size;
    std::size_t most = 0;
    for (std::size_t l = 0; l + 1 < m_layers.size(); l++)
    {
        most = std::max(most, GetSize(m_layers[l]));
    }
    // Derivatives by what goes into a layer, what comes out of it, and the start of a shortcut.
    Scalar* buffers[3];
    std::generate(std::begin(buffers), std::end(buffers), [&] {
        return m_memory.Take<Scalar>(most);
    });
    const auto pick = [&buffers](const Scalar* taken, const Scalar* alsoTaken) {
        return *std::find_if(std::begin(buffers), std::end(buffers), [=](const Scalar* buffer) {
            return buffer != taken && buffer != alsoTaken;
        });
    };
    Scalar* start = nullptr; // waits for the layer before
    for (std::size_t l = m_layers.size(); l-- > 0;)
    {
        const Layer& layer = m_layers[l];
        const Scalar* x = GetInputs(l);
        Scalar* layerGradient = gradient + (m_traces[l].weights - m_traces[0].weights);
        Scalar* dx = l == 0 ? nullptr : start ? start : pick(delta, nullptr);
        if (layer.kind != Layer::AFFINE)
        {
            kernels.scaleInto(m_traces[l].weights,
                              penalty,
                              layer.GetWeightCount() + layer.GetBiasCount(),
                              layerGradient);
        }
        if (layer.kind == Layer::NORMALIZED_CONVOLUTION)
        {
            if (dx && !start)
            {
                std::fill_n(dx, GetSize(m_layers[l - 1]), Scalar(0));
            }
            start = layer.shortcut ? pick(delta, dx) : nullptr;
            DifferentiateNormalized(l, delta, layerGradient, dx, start);
        }
        else if (layer.kind == Layer::AFFINE)
        {
            DifferentiateAffine(l, delta, penalty, layerGradient, dx);
        }
        else if (layer.kind == Layer::CONVOLUTION)
        {
            kernels.convolutionGradient(layer.windows,
                                        x,
                                        m_traces[l].weights,
                                        delta,
                                        n,
                                        m_scratch,
                                        layerGradient,
                                        layerGradient + layer.GetWeightCount(),
                                        dx);
        }
        else if (dx && layer.kind == Layer::MAX_POOL)
        {
            kernels.maxPoolGradient(layer.windows, delta, m_traces[l].winners, n, dx);
        }
        else if (dx)
        {
            const uint32_t pixels = layer.windows.height * layer.windows.width;
            kernels.meanPoolGradient(delta, n, layer.outputs, pixels, dx);
        }
        if (dx && m_layers[l - 1].relu)
        {
            kernels.maskRelu(x, std::size_t(n) * layer.inputs, dx);
        }
        delta = dx;
    }
}

template <typename Scalar>
void
LayerPass<Scalar>::DifferentiateAffine(std::size_t l,
                                       const Scalar* delta,
                                       Scalar penalty,
                                       Scalar* gradient,
                                       Scalar* dx) const
{
    const auto& kernels = GetKernels<Scalar>();
    const Layer& layer = m_layers[l];
    Rows<Scalar> rows{m_batch.size, layer.inputs, GetInputs(l)};
    if (l == 0)
    {
        rows.rowStart = m_batch.rowStart;
        rows.columns = m_batch.columns;
        rows.values = m_batch.values;
    }
    const Scalar* weights = m_traces[l].weights;
    kernels.affineWeightGradient(rows,
                                 delta,
                                 weights,
                                 weights + layer.GetWeightCount(),
                                 penalty,
                                 layer.outputs,
                                 gradient,
                                 gradient + layer.GetWeightCount());
    if (dx)
    {
        kernels.affineInputGradient(delta, weights, m_batch.size, layer.inputs, layer.outputs, dx);
    }
}

template <typename Scalar>
void
LayerPass<Scalar>::DifferentiateNormalized(std::size_t l,
                                           Scalar* delta,
                                           Scalar* gradient,
                                           Scalar* dx,
                                           Scalar* start) const
{
    const auto& kernels = GetKernels<Scalar>();
    const Layer& layer = m_layers[l];
    const Trace& trace = m_traces[l];
    const uint32_t n = m_batch.size;
    kernels.maskRelu(trace.outputs, GetSize(layer), delta);
    if (start)
    {
        kernels.shortcutGradient(layer.windows, m_layers[l - 1].windows, delta, n, start);
    }
    kernels.normalizeGradient(layer.windows,
                              trace.convolved,
                              trace.weights + layer.GetWeightCount(),
                              trace.statistics,
                              n,
                              m_scratch,
                              delta,
                              gradient + layer.GetWeightCount());
    kernels.interleavedWeightGradient(layer.windows, GetInputs(l), delta, n, m_scratch, gradient);
    if (dx)
    {
        kernels.interleavedInputGradient(layer.windows, delta, trace.weights, n, m_scratch, dx);
    }
}

template class LayerPass<float>;
template class LayerPass<double>;

} // namespace learning
} // namespace ns3
