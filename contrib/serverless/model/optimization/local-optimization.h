/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LOCAL_OPTIMIZATION_H
#define LOCAL_OPTIMIZATION_H

#include "ns3/batch-sampler.h"
#include "ns3/dataset.h"
#include "ns3/learning-model.h"
#include "ns3/object-factory.h"
#include "ns3/object.h"
#include "ns3/optimizer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-optimization
 *
 * What all workers of a run learn from and with; the same for all of them.
 */
struct LearningTask
{
    Ptr<learning::LearningModel> model;       //!< what is learned; null for clustering
    Ptr<learning::Dataset> training;          //!< all samples
    ObjectFactory optimizer;                  //!< makes a worker's ns3::learning::Optimizer
    std::vector<std::vector<uint32_t>> parts; //!< samples of each worker
    uint32_t batchSize{1};                    //!< samples of a worker's mini-batch
    uint64_t seed{1};                         //!< of start, order of samples, and so on
};

/**
 * @ingroup serverless-learning-optimization
 *
 * One worker's part in an optimization algorithm: what it computes on its own, what it sends, and
 * what it makes of the sum of all workers' vectors.
 *
 * A round is Compute(), GetVector() to be added up, Merge(). Compute() may run on another thread.
 */
class LocalOptimization : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Begins at the start that all workers share.
     * @param task what is learned; must outlive this
     * @param worker index of this worker
     * @throws std::invalid_argument with one sentence if the algorithm cannot learn that
     */
    void Configure(std::shared_ptr<const LearningTask> task, uint32_t worker);

    /// Computes what one round needs.
    virtual void Compute() = 0;

    /**
     * Passes over the worker's samples in a Compute().
     * @return epochs, above 0
     */
    virtual double GetEpochsPerRound() const = 0;

    /**
     * What is to be added up.
     * @return numbers, as many in every round
     */
    virtual std::vector<double> GetVector() const = 0;

    /**
     * Takes the sum in.
     * @param sum of vectors
     * @param parts how many vectors were added: all workers', or one
     */
    virtual void Merge(const std::vector<double>& sum, uint32_t parts) = 0;

    /**
     * Length of the vector relative to the model: what declared sizes of a model are to be
     * multiplied by.
     * @return 1, or 2 where two vectors are sent
     */
    virtual double GetVectorFactor() const;

    /**
     * The model as it stands, for evaluation.
     * @return the parameters
     */
    virtual std::vector<float> GetParameters() const = 0;

    /**
     * Mean loss of a model on samples.
     * @param samples their indices
     * @return the loss
     */
    virtual double GetLoss(const std::vector<uint32_t>& samples) const;

    /**
     * Share of samples whose class is predicted right.
     * @param samples their indices
     * @return the share, or not-a-number where nothing is predicted
     */
    virtual double GetAccuracy(const std::vector<uint32_t>& samples) const;

    /**
     * Whether one worker's vector alone is a model, so that workers need not wait for all others.
     * @return true if so
     */
    virtual bool IsModel() const;

    /**
     * All that a worker needs to go on elsewhere.
     * @return numbers that Restore() takes
     */
    virtual std::vector<double> Save() const = 0;

    /**
     * Goes on as the worker whose state it is would, bit by bit.
     * @param state what Save() gave at the same worker
     */
    virtual void Restore(const std::vector<double>& state) = 0;

    /**
     * Index of the worker.
     * @return the index
     */
    uint32_t GetWorker() const;

  protected:
    void DoDispose() override;

    /// Sets the start; m_task and m_worker are set.
    virtual void DoConfigure() = 0;

    /**
     * The worker's samples.
     * @return their indices
     */
    const std::vector<uint32_t>& GetSamples() const;

    /**
     * Says that an algorithm cannot learn something.
     * @param reason end of the sentence
     */
    [[noreturn]] void Refuse(const std::string& reason) const;

    std::shared_ptr<const LearningTask> m_task; //!< what is learned
    uint32_t m_worker{0};                       //!< index of this worker
};

/**
 * @ingroup serverless-learning-optimization
 *
 * What optimizations by gradients of mini-batches have in common: parameters, an optimizer, and
 * batches in an order that depends on seed and worker alone.
 */
class GradientOptimization : public LocalOptimization
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    std::vector<float> GetParameters() const override;
    std::vector<double> Save() const override;
    void Restore(const std::vector<double>& state) override;

  protected:
    using AlignedVector = std::vector<float, learning::AlignedAllocator<float>>; //!< for kernels

    void DoConfigure() override;
    void DoDispose() override;

    /**
     * Gradient of the next mini-batch, to m_gradient.
     * @return its loss
     */
    double DrawGradient();

    /// Takes a step along m_gradient.
    void Step();

    /**
     * Mini-batches of an epoch, rounded up.
     * @return the number
     */
    uint32_t GetBatchesPerEpoch() const;

    /**
     * Length of the parameter vector.
     * @return d
     */
    std::size_t GetSize() const;

    AlignedVector m_parameters; //!< of the local model
    AlignedVector m_gradient;   //!< of the last mini-batch

  private:
    Ptr<learning::Optimizer> m_optimizer;              //!< takes the steps
    std::unique_ptr<learning::BatchSampler> m_sampler; //!< draws mini-batches
    learning::BatchBuffer<float> m_buffer;             //!< their memory
    uint64_t m_batches{0};                             //!< drawn so far
    uint64_t m_steps{0};                               //!< taken so far
};

} // namespace serverless
} // namespace ns3

#endif /* LOCAL_OPTIMIZATION_H */
