/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ALL_REDUCE_H
#define ALL_REDUCE_H

#include "store-collective.h"

#include <map>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-collective
 *
 * AllReduce over a storage service: one leader adds up all vectors.
 *
 * 1. Every worker PUTs its vector.
 * 2. Worker 0, the leader, LISTs without a pause, GETs what is new, and deletes it in one batch,
 *    until it has the vectors of all workers, its own included.
 * 3. The leader PUTs the sum, LISTs the sums and deletes older ones in one batch.
 * 4. The others poll for the sum.
 *
 * A step of m bytes takes the leader's path and a follower's GET, w + 3 transfers, (w + 3)(m/B +
 * L), besides lists, deletions and polls, and one transfer less for a worker alone; w + 1 PUTs and
 * 2w - 1 GETs. Sums are in the order of workers.
 *
 * Source: released code of LambdaML, pattern "reduce".
 */
class AllReduce : public StoreCollective
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  protected:
    void DoStart() override;

  private:
    /// Looks for vectors.
    void Look();

    /**
     * Deletes vectors that were read.
     * @param names of vectors
     */
    void DeleteRead(const std::vector<std::string>& names);

    /// Looks again, or adds up.
    void Advance();

    /// Adds up and stores the sum.
    void Merge();

    /**
     * Deletes older sums.
     * @param sum of this step
     */
    void CleanUp(const std::vector<double>& sum);

    /**
     * The whole vector.
     * @return a chunk
     */
    Chunk GetAll() const;

    std::map<std::string, std::vector<double>> m_parts; //!< vectors by name: in order of workers
};

} // namespace serverless
} // namespace ns3

#endif /* ALL_REDUCE_H */
