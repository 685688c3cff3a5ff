/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "batch-sampler.h"

#include "ns3/random-engine.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

constexpr uint64_t EPOCH = 0x4241544348455301; //!< what hashed keys are for

} // namespace

BatchSampler::BatchSampler(std::vector<uint32_t> samples, uint32_t batchSize, uint64_t seed)
    : m_samples(std::move(samples)),
      m_batch(std::min<std::size_t>(batchSize, m_samples.size())),
      m_seed(seed)
{
    if (batchSize < 1 || batchSize > m_samples.size())
    {
        throw std::invalid_argument(
            "batch size " + std::to_string(batchSize) + " is not legal for a worker with " +
            std::to_string(m_samples.size()) + " samples, " +
            (m_samples.empty() ? "who needs at least one"
                               : "1 to " + std::to_string(m_samples.size()) + " is"));
    }
    Shuffle();
}

const std::vector<uint32_t>&
BatchSampler::Next()
{
    for (uint32_t& sample : m_batch)
    {
        if (m_position == m_order.size())
        {
            ++m_epoch;
            m_position = 0;
            Shuffle();
        }
        sample = m_order[m_position++];
    }
    return m_batch;
}

double
BatchSampler::GetEpochs() const
{
    return static_cast<double>(m_epoch) +
           static_cast<double>(m_position) / static_cast<double>(m_order.size());
}

uint32_t
BatchSampler::GetSampleCount() const
{
    return static_cast<uint32_t>(m_samples.size());
}

uint32_t
BatchSampler::GetBatchSize() const
{
    return static_cast<uint32_t>(m_batch.size());
}

void
BatchSampler::Shuffle()
{
    m_order = m_samples;
    RandomEngine(SplitMix64(EPOCH, m_seed, m_epoch)).Shuffle(m_order);
}

} // namespace learning
} // namespace ns3
