/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RESIDUAL_NETWORK_H
#define RESIDUAL_NETWORK_H

#include "layered-model.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Residual network of the CIFAR kind: a 3x3 convolution, then three stages of (Depth - 2) / 6
 * blocks of two 3x3 convolutions each, of Width, 2 Width and 4 Width filters, the first convolution
 * of the second and third stage with stride 2; the mean over all pixels; an affine layer to the
 * classes and the softmax loss. Each convolution is without biases and followed by batch
 * normalisation and max(0, .); a shortcut adds a block's input before its last max(0, .), without
 * parameters: every second pixel where the block has stride 2, missing channels zero, the last ones
 * (option A).
 *
 * Samples of any channels, height and width; dense. Weights start He-uniform, those of the last
 * layer Glorot-uniform, gammas at 1, betas and biases at 0. Depth 20 has 269722 parameters on
 * 3 x 32 x 32 and 10 classes: weights of convolutions, gammas and betas, and the affine layer.
 *
 * Batch normalisation uses the mean and variance of the batch in hand, in Gradient() and in
 * Evaluate() alike: there are no running statistics, which would be state that is not in the
 * parameter vector and that no server averages. So the loss of a sample depends on its batch.
 * Evaluations take EvaluationBatch samples at once.
 *
 * Source: K. He, X. Zhang, S. Ren, J. Sun, Deep Residual Learning for Image Recognition, CVPR 2016,
 * section 4.2; S. Ioffe, C. Szegedy, Batch Normalization, ICML 2015, algorithm 1.
 */
class ResidualNetwork : public LayeredModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    uint32_t GetEvaluationBatch() const override;

  private:
    void DoSetInput(const SampleShape& shape, uint32_t classCount) override;

    uint32_t m_depth;           //!< layers with weights, 6 n + 2
    uint32_t m_width;           //!< filters of the first stage
    uint32_t m_evaluationBatch; //!< samples that are evaluated, and normalised, together
};

} // namespace learning
} // namespace ns3

#endif /* RESIDUAL_NETWORK_H */
