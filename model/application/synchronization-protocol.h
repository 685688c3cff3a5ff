/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SYNCHRONIZATION_PROTOCOL_H
#define SYNCHRONIZATION_PROTOCOL_H

#include "ns3/object.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * When to go on: what a parameter server waits for before it answers, and hence when a worker
 * begins its next round. Holds no state: one object serves all nodes, which learn of one another
 * through packets only.
 *
 * Servers either close rounds, each with one aggregate for all workers, or answer each worker by
 * itself, with the parameters that they keep. The clock of a worker is the number of rounds that it
 * has pushed.
 */
class SynchronizationProtocol : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Refuses what does not fit.
     * @param workers number of workers
     * @throws std::invalid_argument with one sentence
     */
    virtual void Check(uint32_t workers) const;

    /**
     * Whether servers answer each worker by itself, instead of closing rounds for all.
     * @return true if so; servers must then keep parameters
     */
    virtual bool AnswersEachWorker() const;

    /**
     * Pushes that close a round, if servers close rounds.
     * @param workers number of workers
     * @return the number, from 1 to that of workers; all of them unless overridden
     */
    virtual uint32_t GetQuorum(uint32_t workers) const;

    /**
     * Whether a worker gives up its gradient when the round has been closed without it, to begin
     * the next one with the others.
     * @return true if so
     */
    virtual bool AbandonsGradients() const;

    /**
     * Whether a worker may begin a round, if servers answer each by itself.
     * @param round the round, which is the worker's clock
     * @param slowest the smallest clock of all workers
     * @return true unless overridden
     */
    virtual bool MayBegin(uint32_t round, uint32_t slowest) const;

    /**
     * Ends the run if clocks are further apart than the protocol lets them be. To be called at
     * every push, while all workers that take part went on when they were answered, and only then.
     * @param fastest the largest clock of all workers
     * @param slowest the smallest clock of all workers
     */
    virtual void CheckClocks(uint32_t fastest, uint32_t slowest) const;
};

} // namespace learning
} // namespace ns3

#endif /* SYNCHRONIZATION_PROTOCOL_H */
