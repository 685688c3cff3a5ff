/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ASYNCHRONOUS_PROTOCOL_H
#define ASYNCHRONOUS_PROTOCOL_H

#include "synchronization-protocol.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Nobody waits for anybody: a server answers every push at once with the parameters that it keeps.
 *
 * Source: J. Dean et al., "Large Scale Distributed Deep Networks" (NIPS 2012), Downpour SGD.
 */
class AsynchronousProtocol : public SynchronizationProtocol
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    bool AnswersEachWorker() const override;
};

} // namespace learning
} // namespace ns3

#endif /* ASYNCHRONOUS_PROTOCOL_H */
