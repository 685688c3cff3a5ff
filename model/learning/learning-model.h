/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LEARNING_MODEL_H
#define LEARNING_MODEL_H

#include "batch.h"
#include "dataset.h"

#include "ns3/object.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * What is learned: a function of one flat parameter vector whose mean loss over a mini-batch, and
 * the gradient of it, can be computed. A model holds no parameters: every worker has its own
 * vector, and one model object serves all of them.
 *
 * All const functions may be called from several threads at once; scratch memory is kept per
 * thread. The loss of a batch is the mean over its samples (over all tokens of all its sequences,
 * where samples are sequences) plus L2Penalty / 2 times the squared norm of the parameters.
 */
class LearningModel : public Object
{
  public:
    /// Sums over samples, or over the tokens of sequences, so that the results of several batches
    /// can be added.
    struct Evaluation
    {
        double lossSum{0};   //!< sum of the targets' losses, without the penalty
        uint64_t correct{0}; //!< targets whose class is predicted right; 0 for regression
        uint64_t samples{0}; //!< number of targets: samples, or tokens of sequences
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Fixes what the model learns from; to be called once, before anything below. Also selects the
     * width of vectors that ns-3's global value VectorWidth names, for all models of the process.
     * @param shape extent of a sample
     * @param classCount number of classes, 0 for regression
     * @throws std::invalid_argument with one sentence if the model cannot learn from such data
     */
    void SetInput(const SampleShape& shape, uint32_t classCount);

    /**
     * Whether the model predicts classes, so that it has an accuracy.
     * @return true if so
     */
    virtual bool Classifies() const;

    /**
     * Whether the model learns from sequences of tokens, and from nothing else.
     * @return false unless a derived class says so
     */
    virtual bool LearnsFromSequences() const;

    /**
     * Length d of the parameter vector.
     * @return number of parameters
     */
    virtual uint32_t GetParameterCount() const = 0;

    /**
     * Draws starting parameters; the same seed gives the same bits on every machine.
     * @param parameters d numbers, written
     * @param seed the seed
     */
    virtual void Initialize(float* parameters, uint64_t seed) const = 0;

    /**
     * Floating-point operations of one gradient: forward and backward pass, a multiply-add counted
     * as two.
     * @param batchSize number of samples
     * @param nonZeros mean number of stored features of a sample, all of them when dense, tokens of
     * a sequence
     * @return operations
     */
    virtual double GetGradientOperations(uint32_t batchSize, double nonZeros) const = 0;

    /**
     * Mean loss of a batch, penalty included, and its gradient.
     * @param parameters d numbers
     * @param batch the samples
     * @param gradient d numbers, overwritten
     * @return the loss
     */
    virtual double Gradient(const float* parameters,
                            const Batch<float>& batch,
                            float* gradient) const = 0;

    /**
     * The same in double precision, for checks by finite differences.
     * @param parameters d numbers
     * @param batch the samples
     * @param gradient d numbers, overwritten
     * @return the loss
     */
    virtual double Gradient(const double* parameters,
                            const Batch<double>& batch,
                            double* gradient) const = 0;

    /**
     * Loss and accuracy without a gradient.
     * @param parameters d numbers
     * @param batch the samples
     * @return sums over the batch
     */
    virtual Evaluation Evaluate(const float* parameters, const Batch<float>& batch) const = 0;

    /**
     * Samples to evaluate together, of a model that normalises each by all of a batch.
     * @return most samples of a batch, which is cut as evenly as can be; 0 if batches do not matter
     */
    virtual uint32_t GetEvaluationBatch() const;

    /**
     * Weight of the penalty.
     * @return lambda in lambda / 2 * ||parameters||^2
     */
    double GetL2Penalty() const;

    /**
     * Number of classes.
     * @return the number given to SetInput(), 0 for regression
     */
    uint32_t GetClassCount() const;

  protected:
    /**
     * Takes over the shape; derived classes lay out their parameters here.
     * @param shape extent of a sample
     * @param classCount number of classes, 0 for regression
     * @throws std::invalid_argument with one sentence if the model cannot learn from such data
     */
    virtual void DoSetInput(const SampleShape& shape, uint32_t classCount) = 0;

  private:
    double m_l2Penalty;       //!< lambda, at least 0
    uint32_t m_classCount{0}; //!< number of classes, 0 for regression
    bool m_hasInput{false};   //!< whether SetInput() was called
};

} // namespace learning
} // namespace ns3

#endif /* LEARNING_MODEL_H */
