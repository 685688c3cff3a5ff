/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LAYER_PASS_H
#define LAYER_PASS_H

#include "batch.h"
#include "layer.h"
#include "scratch-memory.h"

#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * One batch on its way through the layers of a model, and its gradient on the way back. All memory
 * is the calling thread's scratch memory, so an object lives no longer than a gradient takes.
 * @tparam Scalar float or double
 */
template <typename Scalar>
class LayerPass
{
  public:
    /**
     * @param layers the layers, first to last; must outlive this object
     * @param parameters of all layers
     * @param batch at least one sample
     */
    LayerPass(const std::vector<Layer>& layers,
              const Scalar* parameters,
              const Batch<Scalar>& batch);

    /**
     * Forward pass.
     * @param keep whether Backward() follows; if not, residual networks take less memory
     * @return outputs of the last layer, n x outputs
     */
    Scalar* Forward(bool keep);

    /**
     * Backward pass.
     * @param delta derivative by the outputs of the last layer, n x outputs
     * @param penalty on half the squared norm of the parameters
     * @param gradient receives the derivative by the parameters
     */
    void Backward(Scalar* delta, Scalar penalty, Scalar* gradient);

    /**
     * Memory for a kernel.
     * @return as much as any kernel asks for, that of the loss included
     */
    Scalar* GetScratch() const;

  private:
    /// What the forward pass leaves of a layer.
    struct Trace
    {
        const Scalar* weights; //!< followed by biases, or gammas and betas
        Scalar* outputs;       //!< n x outputs, or interleaved images
        uint32_t* winners;     //!< of a pooling: n x outputs
        Scalar* convolved;     //!< of a normalised convolution: before the normalisation
        Scalar* statistics;    //!< of a normalised convolution: see Kernels::normalize
    };

    /**
     * Numbers of a layer's inputs or outputs.
     * @param layer the layer that they come from
     * @return how many, those that fill up the last block included
     */
    std::size_t GetSize(const Layer& layer) const;

    /**
     * Forward pass of a normalised convolution.
     * @param l index of the layer
     * @param keep see Forward()
     */
    void Normalize(std::size_t l, bool keep);

    /**
     * Backward pass of an affine map.
     * @param l index of the layer
     * @param delta derivative by its outputs
     * @param penalty see Backward()
     * @param gradient receives the derivative by its parameters
     * @param dx receives the derivative by its inputs unless null
     */
    void DifferentiateAffine(std::size_t l,
                             const Scalar* delta,
                             Scalar penalty,
                             Scalar* gradient,
                             Scalar* dx) const;

    /**
     * Backward pass of a normalised convolution.
     * @param l index of the layer
     * @param delta derivative by its outputs; overwritten
     * @param gradient the derivative by its parameters is added
     * @param dx the derivative by its inputs is added, unless null
     * @param start receives the derivative by the start of a shortcut that ends here
     */
    void DifferentiateNormalized(std::size_t l,
                                 Scalar* delta,
                                 Scalar* gradient,
                                 Scalar* dx,
                                 Scalar* start) const;

    /**
     * Numbers that go into a layer.
     * @param l index of the layer
     * @return outputs of the one before, or the batch
     */
    const Scalar* GetInputs(std::size_t l) const;

    const std::vector<Layer>& m_layers; //!< first to last
    const Batch<Scalar>& m_batch;       //!< the samples
    ScratchMemory m_memory;             //!< holds what follows
    Trace* m_traces;                    //!< one a layer
    Scalar* m_scratch;                  //!< as much as any kernel asks for
    Scalar* m_images{nullptr};          //!< the batch, interleaved, if a layer needs that
    Scalar* m_spare[4]{}; //!< of a pass without way back: outputs of three layers, and
                          //!< what is not normalised yet
};

} // namespace learning
} // namespace ns3

#endif /* LAYER_PASS_H */
