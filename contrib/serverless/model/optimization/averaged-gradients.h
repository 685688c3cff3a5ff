/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AVERAGED_GRADIENTS_H
#define AVERAGED_GRADIENTS_H

#include "local-optimization.h"

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-optimization
 *
 * Gradient averaging (GA-SGD): a round is one mini-batch; gradients are added up, and every worker
 * takes the same optimizer step along their mean. So it is stochastic gradient descent with
 * mini-batches of all workers together.
 *
 * Source: LambdaML, section on distributed optimization; steps of the released code, "grad_avg".
 */
class AveragedGradients : public GradientOptimization
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    void Compute() override;
    double GetEpochsPerRound() const override;
    std::vector<double> GetVector() const override;
    void Merge(const std::vector<double>& sum, uint32_t parts) override;
};

/**
 * @ingroup serverless-learning-optimization
 *
 * Model averaging (MA-SGD): a round is LocalEpochs of the worker's samples, or LocalBatches
 * mini-batches, with optimizer steps of the worker's own; the mean of all models replaces it.
 *
 * Source: LambdaML, section on distributed optimization; steps of the released code, "model_avg",
 * where a round is an epoch (older versions: a fixed number of batches).
 */
class AveragedModels : public GradientOptimization
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    void Compute() override;
    double GetEpochsPerRound() const override;
    std::vector<double> GetVector() const override;
    void Merge(const std::vector<double>& sum, uint32_t parts) override;
    bool IsModel() const override;

  private:
    /**
     * Mini-batches of a round.
     * @return the number
     */
    uint32_t GetBatchesPerRound() const;

    uint32_t m_localEpochs;  //!< epochs of a round
    uint32_t m_localBatches; //!< mini-batches of a round instead, unless 0
};

} // namespace serverless
} // namespace ns3

#endif /* AVERAGED_GRADIENTS_H */
