/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef QUADRATIC_MODEL_H
#define QUADRATIC_MODEL_H

#include "learning-model.h"

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Mean estimation: the loss of a sample a is Curvature / 2 * ||x - a||^2, so the gradient of a
 * batch is Curvature (x - mean of a). One parameter a feature, which start at 0; targets are not
 * looked at.
 *
 * Everything about it is known in closed form, which is why the tests of the theory use it.
 * Declared operations of a gradient: 3 a feature and sample (difference, square, sum), plus 2 a
 * feature. Dense batches only.
 */
class QuadraticModel : public LearningModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    bool Classifies() const override;

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
    void DoSetInput(const SampleShape& shape, uint32_t classCount) override;

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

    /**
     * Sum of ||x - a||^2 over a batch.
     * @param parameters d numbers
     * @param batch the samples
     * @return the sum
     * @throws std::invalid_argument if the batch does not suit
     */
    template <typename Scalar>
    double SumSquares(const Scalar* parameters, const Batch<Scalar>& batch) const;

    double m_curvature;     //!< h, above 0
    uint32_t m_features{0}; //!< d
};

} // namespace learning
} // namespace ns3

#endif /* QUADRATIC_MODEL_H */
