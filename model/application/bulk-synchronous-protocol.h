/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BULK_SYNCHRONOUS_PROTOCOL_H
#define BULK_SYNCHRONOUS_PROTOCOL_H

#include "synchronization-protocol.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * A round is closed when the pushes of all workers are there, and all begin the next one together:
 * its time is the longest of the workers' times.
 *
 * Source: L. G. Valiant, "A Bridging Model for Parallel Computation" (1990); Algorithm 1 of
 * "Distributed Learning over Unreliable Networks" (ICML 2019).
 */
class BulkSynchronousProtocol : public SynchronizationProtocol
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();
};

} // namespace learning
} // namespace ns3

#endif /* BULK_SYNCHRONOUS_PROTOCOL_H */
