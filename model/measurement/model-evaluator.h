/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MODEL_EVALUATOR_H
#define MODEL_EVALUATOR_H

#include "ns3/compute-pool.h"
#include "ns3/dataset.h"
#include "ns3/learning-model.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-measurement
 *
 * Evaluates models on fixed samples of a data set, on all cores of a pool. Samples are cut into
 * chunks whose results are added in order, so the bits do not depend on the number of threads.
 */
class ModelEvaluator
{
  public:
    /// Result of an evaluation.
    struct Result
    {
        double loss{0};         //!< mean loss, penalty included
        double accuracy{0};     //!< share predicted right; not-a-number for a regression
        double gradientNorm{0}; //!< norm of the mean gradient, if asked for
    };

    /**
     * Chooses samples: the first ones of an order that is the same in every run.
     * @param model the model
     * @param dataset the data
     * @param samples how many, 0 for all
     * @param pool the cores
     */
    ModelEvaluator(Ptr<LearningModel> model,
                   Ptr<Dataset> dataset,
                   uint32_t samples,
                   Ptr<ComputePool> pool);

    /**
     * Evaluates.
     * @param parameters the parameters
     * @param withGradient whether to compute the norm of the gradient, too
     * @return the result
     */
    Result Evaluate(const float* parameters, bool withGradient) const;

    /**
     * Number of samples evaluated on.
     * @return the number
     */
    uint32_t GetSampleCount() const;

  private:
    /**
     * Computes the mean gradient and loss.
     * @param parameters the parameters
     * @param result receives loss and gradientNorm
     */
    void EvaluateGradient(const float* parameters, Result& result) const;

    /**
     * Computes loss and accuracy.
     * @param parameters the parameters
     * @param result receives them
     */
    void EvaluateSums(const float* parameters, Result& result) const;

    Ptr<LearningModel> m_model;                 //!< the model
    Ptr<Dataset> m_dataset;                     //!< the data
    Ptr<ComputePool> m_pool;                    //!< the cores
    std::vector<std::vector<uint32_t>> m_parts; //!< samples to evaluate on, ascending, by task
};

} // namespace learning
} // namespace ns3

#endif /* MODEL_EVALUATOR_H */
