/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MACHINE_WORKER_H
#define MACHINE_WORKER_H

#include "machine-fleet.h"
#include "training-worker.h"

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-platform
 *
 * A worker on a virtual machine: waits until its fleet has booted, loads its partition from where
 * it is, and trains. It is paid for from the order of the machine to the end of the job.
 */
class MachineWorker : public TrainingWorker
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Where it runs; before it starts.
     * @param fleet the fleet
     */
    void SetFleet(Ptr<MachineFleet> fleet);

  protected:
    void DoDispose() override;
    void DoStart() override;
    void DoLoad() override;

  private:
    Ptr<MachineFleet> m_fleet; //!< where it runs
};

} // namespace serverless
} // namespace ns3

#endif /* MACHINE_WORKER_H */
