/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LAYERED_MODEL_H
#define LAYERED_MODEL_H

#include "layer.h"
#include "learning-model.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * A model that is a sequence of layers, some of which are skipped by shortcuts, and a loss of the
 * last one's outputs; derived classes only say which.
 *
 * Parameters: layer by layer the weights, one row an output (filter), row-major, then the biases,
 * or the gammas and then the betas of a normalisation; a convolution's row is channels x kernel x
 * kernel. Linear models are the case of one layer.
 *
 * Sparse batches are taken as they are if the first layer is affine; its gradient is dense
 * nevertheless. Declared operations: 2 x weights applied (a multiply-add counts as two) a sample
 * and pass, over three passes: forward, derivative by the weights, derivative by the inputs, the
 * last not for the first layer. Everything else (biases, max(0, .), pooling, normalisation,
 * shortcuts, losses, the penalty) is of lower order and not counted. So an affine first layer costs
 * 4 x stored features x outputs a sample, a later one 6 x inputs x outputs, a convolution 4 or 6 x
 * filters x channels x kernel^2 x outHeight x outWidth.
 */
class LayeredModel : public LearningModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    uint32_t GetParameterCount() const override;
    void Initialize(float* parameters, uint64_t seed) const override;
    double GetGradientOperations(uint32_t batchSize, double nonZeros) const override;
    double Gradient(const float* parameters,
                    const Batch<float>& batch,
                    float* gradient) const override;
    double Gradient(const double* parameters,
                    const Batch<double>& batch,
                    double* gradient) const override;
    Evaluation Evaluate(const float* parameters, const Batch<float>& batch) const override;

    /**
     * The layers, once SetInput() was called.
     * @return the layers, first to last
     */
    const std::vector<Layer>& GetLayers() const;

  protected:
    /**
     * Lays out the model; to be called by DoSetInput().
     * @param layers the layers, each with as many inputs as the one before has outputs
     * @param loss the loss of the last layer's outputs
     * @throws std::invalid_argument if the model has 2^32 parameters or more
     */
    void SetLayers(std::vector<Layer> layers, Loss loss);

    /**
     * Sentence about data that this model cannot learn from.
     * @param problem what is wrong with them and what is legal
     * @throws std::invalid_argument always
     */
    [[noreturn]] void Refuse(const std::string& problem) const;

  private:
    /**
     * Checks what a caller could get wrong.
     * @param batch the samples
     * @throws std::invalid_argument with one sentence
     */
    template <typename Scalar>
    void Check(const Batch<Scalar>& batch) const;

    /**
     * Gradient() of either precision.
     * @param parameters d numbers
     * @param batch the samples
     * @param gradient d numbers, overwritten
     * @return the loss
     */
    template <typename Scalar>
    double ComputeGradient(const Scalar* parameters,
                           const Batch<Scalar>& batch,
                           Scalar* gradient) const;

    std::vector<Layer> m_layers;  //!< first to last
    Loss m_loss{Loss::SQUARED};   //!< loss of the last layer's outputs
    uint32_t m_parameterCount{0}; //!< d
};

} // namespace learning
} // namespace ns3

#endif /* LAYERED_MODEL_H */
