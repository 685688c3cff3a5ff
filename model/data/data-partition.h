/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DATA_PARTITION_H
#define DATA_PARTITION_H

#include "dataset.h"

#include "ns3/object.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * How samples are dealt to workers: every sample to exactly one worker, at least one sample to
 * every worker. The same seed gives the same partition.
 */
class DataPartition : public Object
{
  public:
    /// Indices of the samples of each worker.
    using Parts = std::vector<std::vector<uint32_t>>;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Deals the samples of a set.
     * @param dataset the set
     * @param workers number of workers, 1 to the number of samples divided by MinimumSamples
     * @param seed the seed
     * @return one vector a worker
     * @throws std::invalid_argument with one sentence if the set cannot be dealt to so many workers
     */
    Parts Split(const Dataset& dataset, uint32_t workers, uint64_t seed) const;

  protected:
    /**
     * Deals the samples of a set; workers may end up with too few or none, which Split() mends by
     * moving samples from the worker that has most.
     * @param dataset the set
     * @param workers number of workers, at least 1
     * @param seed the seed
     * @return one vector a worker
     */
    virtual Parts DoSplit(const Dataset& dataset, uint32_t workers, uint64_t seed) const = 0;

  private:
    uint32_t m_minimumSamples; //!< every worker gets at least so many
};

/**
 * @ingroup distributed-learning-data
 *
 * Random partition into parts whose sizes differ by at most one: all workers see the same law.
 */
class IidPartition : public DataPartition
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  protected:
    Parts DoSplit(const Dataset& dataset, uint32_t workers, uint64_t seed) const override;
};

/**
 * @ingroup distributed-learning-data
 *
 * Label skew: the samples of each class are divided among the workers in shares drawn from the
 * symmetric Dirichlet law with the stated concentration. A small concentration gives most of a
 * class to one worker, a large one gives all workers the same. Sizes of parts differ too.
 *
 * Limits: needs classes.
 * Source: M. Yurochkin et al., "Bayesian nonparametric federated learning of neural networks",
 * ICML 2019, section 4; Q. Li et al., "Federated learning on non-IID data silos", ICDE 2022.
 */
class DirichletPartition : public DataPartition
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  protected:
    Parts DoSplit(const Dataset& dataset, uint32_t workers, uint64_t seed) const override;

  private:
    double m_concentration; //!< parameter of the Dirichlet law, the same for all workers
};

/**
 * @ingroup distributed-learning-data
 *
 * A random fraction of the samples is sorted by label, cut into equal shards and dealt, the rest is
 * dealt as by IidPartition. A fraction of 1 is the pathological partition of federated averaging;
 * in a regression set, samples are sorted by the value to regress on.
 *
 * Source: H. B. McMahan et al., "Communication-efficient learning of deep networks from
 * decentralized data", AISTATS 2017, section 3 (shards); S. P. Karimireddy et al., "SCAFFOLD", ICML
 * 2020, section 7 (fraction).
 */
class LabelSortedPartition : public DataPartition
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  protected:
    Parts DoSplit(const Dataset& dataset, uint32_t workers, uint64_t seed) const override;

  private:
    double m_sortedFraction;    //!< fraction of the samples that is sorted by label
    uint32_t m_shardsPerWorker; //!< shards of sorted samples that each worker gets
};

} // namespace learning
} // namespace ns3

#endif /* DATA_PARTITION_H */
