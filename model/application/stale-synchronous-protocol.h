/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STALE_SYNCHRONOUS_PROTOCOL_H
#define STALE_SYNCHRONOUS_PROTOCOL_H

#include "synchronization-protocol.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * A worker computes round c only when every worker has pushed at least c - Bound rounds: while it
 * computes, its clock exceeds the smallest clock by at most Bound. Bound 0 is bulk-synchronous.
 *
 * A worker that is held up has pushed one round more than it may compute, so clocks of all workers,
 * waiting ones included, differ by up to Bound + 1. CheckClocks() asserts that at every push.
 *
 * Limits: workers of whom nothing came for a PushDeadline are not waited for.
 * Source: Q. Ho et al., "More Effective Distributed ML via a Stale Synchronous Parallel Parameter
 * Server" (NIPS 2013): at clock c a worker sees all updates of clocks up to c - s - 1.
 */
class StaleSynchronousProtocol : public SynchronizationProtocol
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    bool AnswersEachWorker() const override;
    bool MayBegin(uint32_t round, uint32_t slowest) const override;
    void CheckClocks(uint32_t fastest, uint32_t slowest) const override;

  private:
    uint32_t m_bound; //!< rounds that a worker may be ahead
};

} // namespace learning
} // namespace ns3

#endif /* STALE_SYNCHRONOUS_PROTOCOL_H */
