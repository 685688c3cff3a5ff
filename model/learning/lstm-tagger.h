/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LSTM_TAGGER_H
#define LSTM_TAGGER_H

#include "learning-model.h"

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Gives each token of a sequence a class: an embedding of the tokens, one layer of long short-term
 * memory from left to right, an affine map to the classes and the softmax loss.
 *
 * The loss of a batch is the mean over all its tokens, so that a long sequence weighs more than a
 * short one, and accuracy is the share of tokens whose class is predicted right. Sequences of a
 * batch run side by side, longest first, without padding. The gradient is dense, though only the
 * rows of tokens that occur are computed.
 *
 * Parameters: embedding (vocabulary x Embedding), weights of the inputs (4 Hidden x Embedding) and
 * of the state before (4 Hidden x Hidden), biases (4 Hidden; input gate, forget gate, candidate,
 * output gate), weights (classes x Hidden) and biases of the affine map; all row-major. They start
 * uniform: embedding with variance 1, weights of the LSTM below 1 / sqrt(Hidden), the affine map
 * Glorot-uniform, biases at 0, those of the forget gate at 1.
 *
 * Declared operations: 6 (4 Hidden (Embedding + Hidden) + Hidden x classes) a token: three passes,
 * a multiply-add counted as two; what is of lower order is not counted.
 *
 * Source: S. Hochreiter, J. Schmidhuber, Neural Computation 9 (1997); forget gate: F. Gers, J.
 * Schmidhuber, F. Cummins, Neural Computation 12 (2000), its bias of 1: R. Jozefowicz, W. Zaremba,
 * I. Sutskever, ICML 2015; the language task of C. Yu et al., "Distributed learning over unreliable
 * networks", ICML 2019, section 5.
 */
class LstmTagger : public LearningModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    bool LearnsFromSequences() const override;
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

  private:
    /// Where parts of the parameters begin.
    struct Layout
    {
        uint64_t inputWeights;  //!< 4 Hidden x Embedding
        uint64_t stateWeights;  //!< 4 Hidden x Hidden
        uint64_t biases;        //!< 4 Hidden
        uint64_t outputWeights; //!< classes x Hidden
        uint64_t outputBiases;  //!< classes
        uint64_t end;           //!< number of parameters
    };

    /// Intermediate results of one batch.
    template <typename Scalar>
    struct Pass;

    void DoSetInput(const SampleShape& shape, uint32_t classCount) override;

    /**
     * Sentence about data that this model cannot learn from.
     * @param problem what is wrong with them and what is legal
     * @throws std::invalid_argument always
     */
    [[noreturn]] void Refuse(const std::string& problem) const;

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
     * @param pass receives what a backward pass needs
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

    uint32_t m_embedding;     //!< numbers of a token
    uint32_t m_hidden;        //!< numbers of the state
    uint32_t m_vocabulary{0}; //!< number of tokens there are; 0 before SetInput()
    uint32_t m_classes{0};    //!< number of classes
    Layout m_layout{};        //!< where parts of the parameters begin
};

} // namespace learning
} // namespace ns3

#endif /* LSTM_TAGGER_H */
