/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SAMPLE_MODEL_H
#define SAMPLE_MODEL_H

#include "learning-model.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * A regression that is written down for one sample, in double precision: the rest of LearningModel
 * follows from it. Meant for models of one's own.
 *
 * By default there is one parameter a feature, all start at zero, and an inner product is what a
 * gradient costs; a derived class may override each.
 *
 * Limits: several times slower than the models with kernels; no classes, no sequences.
 */
class SampleModel : public LearningModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    // Documented in the parent class.
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

  protected:
    /**
     * Number of features.
     * @return those of a sample
     */
    uint32_t GetFeatureCount() const;

    void DoSetInput(const SampleShape& shape, uint32_t classCount) override;

  private:
    /**
     * Loss of one sample, and its gradient, without the penalty.
     * @param parameters d numbers
     * @param sample its features, GetFeatureCount() numbers
     * @param target what is to be predicted
     * @param gradient d numbers that the gradient is added to, or null if the loss suffices
     * @return the loss
     */
    virtual double AddSample(const double* parameters,
                             const double* sample,
                             double target,
                             double* gradient) const = 0;

    /**
     * Sums over a batch.
     * @param parameters d numbers
     * @param batch the samples, dense or sparse
     * @param gradient d numbers that gradients are added to, or null
     * @return sum of the losses, without the penalty
     */
    template <typename Scalar>
    double AddSamples(const double* parameters, const Batch<Scalar>& batch, double* gradient) const;

    /**
     * Mean loss and its gradient, penalty included.
     * @param parameters d numbers
     * @param batch the samples
     * @param gradient d numbers, overwritten
     * @return the loss
     */
    template <typename Scalar>
    double Differentiate(const Scalar* parameters,
                         const Batch<Scalar>& batch,
                         Scalar* gradient) const;

    uint32_t m_features{0}; //!< of a sample
};

} // namespace learning
} // namespace ns3

#endif /* SAMPLE_MODEL_H */
