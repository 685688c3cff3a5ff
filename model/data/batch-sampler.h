/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BATCH_SAMPLER_H
#define BATCH_SAMPLER_H

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * Draws the mini-batches of one worker. Epoch after epoch every sample is drawn exactly once, in an
 * order that depends on the worker's seed and the number of the epoch alone.
 *
 * All batches have the same size: where an epoch does not end with a batch, the batch goes on with
 * the first samples of the next epoch, so it may hold a sample twice.
 */
class BatchSampler
{
  public:
    /**
     * Starts the first epoch.
     * @param samples indices of the worker's samples
     * @param batchSize samples of a batch, 1 to the number of samples
     * @param seed the worker's own seed
     * @throws std::invalid_argument with one sentence if the batch size is not legal
     */
    BatchSampler(std::vector<uint32_t> samples, uint32_t batchSize, uint64_t seed);

    /**
     * Draws the next batch.
     * @return indices of its samples, valid until the next call
     */
    const std::vector<uint32_t>& Next();

    /**
     * Number of epochs so far.
     * @return samples drawn divided by the number of samples
     */
    double GetEpochs() const;

    /**
     * Number of the worker's samples.
     * @return samples of an epoch
     */
    uint32_t GetSampleCount() const;

    /**
     * Number of samples of a batch.
     * @return the batch size
     */
    uint32_t GetBatchSize() const;

  private:
    /// Brings the samples into the order of the present epoch.
    void Shuffle();

    std::vector<uint32_t> m_samples; //!< the worker's samples as given
    std::vector<uint32_t> m_order;   //!< the same in the order of the present epoch
    std::vector<uint32_t> m_batch;   //!< the batch drawn last
    uint64_t m_seed;                 //!< the worker's seed
    uint64_t m_epoch{0};             //!< number of the present epoch
    std::size_t m_position{0};       //!< samples drawn in the present epoch
};

} // namespace learning
} // namespace ns3

#endif /* BATCH_SAMPLER_H */
