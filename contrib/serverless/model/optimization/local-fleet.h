/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LOCAL_FLEET_H
#define LOCAL_FLEET_H

#include "local-optimization.h"

#include "ns3/object-factory.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-optimization
 *
 * All workers' parts of an optimization, which exchange their vectors in memory: bulk-synchronous
 * training without a network and without time. For what depends on neither, such as the number of
 * rounds to a loss.
 *
 * Sums are in the order of workers, in double precision; the wire's rounding to binary32 is left
 * out.
 */
class LocalFleet
{
  public:
    /**
     * Begins at the start that all workers share.
     * @param task what is learned; its parts say how many workers there are
     * @param optimization makes a worker's part
     */
    LocalFleet(std::shared_ptr<const LearningTask> task, const ObjectFactory& optimization);

    /// One round of all workers.
    void Round();

    /**
     * Trains until a loss is reached.
     * @param target the loss
     * @param most rounds at most
     * @param samples that the loss is of, by their indices
     * @return rounds taken, or most + 1 if it is not reached
     */
    uint32_t CountRounds(double target, uint32_t most, const std::vector<uint32_t>& samples);

    /**
     * A worker's part.
     * @param worker its index
     * @return the part
     */
    Ptr<LocalOptimization> GetWorker(uint32_t worker) const;

    /**
     * Number of workers.
     * @return how many
     */
    uint32_t GetWorkerCount() const;

    /**
     * Puts a part that knows nothing in a worker's place, as a function that is invoked again.
     * @param worker its index
     * @return the new part
     */
    Ptr<LocalOptimization> Renew(uint32_t worker);

  private:
    std::shared_ptr<const LearningTask> m_task;    //!< what is learned
    ObjectFactory m_optimization;                  //!< makes a worker's part
    std::vector<Ptr<LocalOptimization>> m_workers; //!< by index
};

} // namespace serverless
} // namespace ns3

#endif /* LOCAL_FLEET_H */
