/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BACKUP_WORKERS_PROTOCOL_H
#define BACKUP_WORKERS_PROTOCOL_H

#include "synchronization-protocol.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * A round is closed when the pushes of all but Backups workers are there; the slowest ones give up
 * their gradients, take what the others have made, and begin the next round with them.
 *
 * Source: J. Chen et al., "Revisiting Distributed Synchronous SGD" (2016).
 */
class BackupWorkersProtocol : public SynchronizationProtocol
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    void Check(uint32_t workers) const override;
    uint32_t GetQuorum(uint32_t workers) const override;
    bool AbandonsGradients() const override;

  private:
    uint32_t m_backups; //!< workers that a round does not wait for
};

} // namespace learning
} // namespace ns3

#endif /* BACKUP_WORKERS_PROTOCOL_H */
