/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LAYERED_MODEL_H
#define LAYERED_MODEL_H

#include "kernels.h"
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
 * One step of a layered model: an affine map of all numbers, a convolution, or a pooling, and
 * perhaps max(0, .) after it.
 */
struct Layer
{
    /// What the layer does.
    enum Kind
    {
        AFFINE,      //!< y = W x + b
        CONVOLUTION, //!< the same filters in every window, plus a bias each
        MAX_POOL     //!< the largest value of every window
    };

    /// Where the weights start; biases start at 0.
    enum Start
    {
        ZERO,       //!< 0
        HE_UNIFORM, //!< uniform in +-sqrt(6 / in), variance 2 / in (He et al., ICCV 2015, eq. 10),
                    //!< for layers followed by max(0, .)
        GLOROT_UNIFORM //!< uniform in +-sqrt(6 / (in + out)) (Glorot and Bengio, AISTATS 2010, eq.
                       //!< 16), for the last layer
    };

    Kind kind{AFFINE};   //!< what the layer does
    Start start{ZERO};   //!< where its weights start
    bool relu{false};    //!< whether max(0, .) follows
    uint32_t inputs{0};  //!< numbers of a sample that go in
    uint32_t outputs{0}; //!< numbers of a sample that come out
    Windows windows;     //!< of a convolution or a pooling

    /**
     * Numbers of which one output is a weighted sum.
     * @return inputs of an affine map, channels x kernel x kernel of a convolution, 0 of a pooling
     */
    uint32_t GetFanIn() const;

    /**
     * Number of weights, biases not included.
     * @return outputs x inputs, or filters x channels x kernel x kernel, or 0
     */
    uint32_t GetWeightCount() const;

    /**
     * Number of biases.
     * @return outputs of an affine map, filters of a convolution, 0 of a pooling
     */
    uint32_t GetBiasCount() const;
};

/**
 * @ingroup distributed-learning-learning
 *
 * An affine layer.
 * @param inputs numbers of a sample that go in
 * @param outputs numbers of a sample that come out
 * @param start where its weights start
 * @param relu whether max(0, .) follows
 * @return the layer
 */
Layer MakeAffineLayer(uint32_t inputs, uint32_t outputs, Layer::Start start, bool relu);

/**
 * @ingroup distributed-learning-learning
 *
 * A model that is a sequence of layers and a loss of the last one's outputs; derived classes only
 * say which.
 *
 * Parameters: layer by layer the weights, one row an output (filter), row-major, then the biases; a
 * convolution's row is channels x kernel x kernel. Linear models are the case of one layer.
 *
 * Sparse batches are taken as they are if the first layer is affine; its gradient is dense
 * nevertheless. Declared operations: 2 x weights applied (a multiply-add counts as two) a sample
 * and pass, over three passes: forward, derivative by the weights, derivative by the inputs, the
 * last not for the first layer. Everything else (biases, max(0, .), pooling, losses, the penalty)
 * is of lower order and not counted. So an affine first layer costs 4 x stored features x outputs a
 * sample, a later one 6 x inputs x outputs, a convolution 4 or 6 x filters x channels x kernel^2 x
 * outHeight x outWidth.
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
    /// Intermediate results of one batch.
    template <typename Scalar>
    struct Pass;

    /**
     * Checks what a caller could get wrong.
     * @param batch the samples
     * @throws std::invalid_argument with one sentence
     */
    template <typename Scalar>
    void Check(const Batch<Scalar>& batch) const;

    /**
     * Forward pass.
     * @param parameters d numbers
     * @param batch the samples
     * @param pass receives the outputs of each layer
     */
    template <typename Scalar>
    void Forward(const Scalar* parameters, const Batch<Scalar>& batch, Pass<Scalar>& pass) const;

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
