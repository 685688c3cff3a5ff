/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SELECTIVE_REPEAT_TRANSPORT_H
#define SELECTIVE_REPEAT_TRANSPORT_H

#include "datagram-transport.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Blocks over UDP of which nothing is missing: what was lost is sent again, pass by pass, one a
 * round trip, until all has arrived.
 *
 * Every block is sent as BlockTransport::Send() sends one reliably, see DatagramTransport. A block
 * of K segments that are lost independently with probability p takes on average
 * sum over t >= 0 of 1 - (1 - p^t)^K passes.
 *
 * Limits: as many passes as MaxPasses, and as many ends without an answer as MaxRepeats; whoever
 * waits for a block may close it before it is whole (deadlines of worker and server).
 *
 * Source: selective repeat, as the reliable baseline of loss-tolerant transports such as "Towards
 * Domain-Specific Network Transport for Distributed DNN Training" (MLT, NSDI 2024).
 */
class SelectiveRepeatTransport : public DatagramTransport
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  protected:
    bool Repeats() const override;
};

} // namespace learning
} // namespace ns3

#endif /* SELECTIVE_REPEAT_TRANSPORT_H */
