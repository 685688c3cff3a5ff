/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "machine-worker.h"

#include "ns3/simulator.h"

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(MachineWorker);

TypeId
MachineWorker::GetTypeId()
{
    static TypeId tid = TypeId("ns3::serverless::MachineWorker")
                            .SetParent<TrainingWorker>()
                            .SetGroupName("ServerlessLearning")
                            .AddConstructor<MachineWorker>();
    return tid;
}

void
MachineWorker::SetFleet(Ptr<MachineFleet> fleet)
{
    m_fleet = fleet;
}

void
MachineWorker::DoDispose()
{
    TrainingWorker::DoDispose();
    m_fleet = nullptr;
}

void
MachineWorker::DoStart()
{
    m_event = Simulator::Schedule(m_fleet->GetBootTime(m_job->workers), &MachineWorker::Load, this);
}

void
MachineWorker::DoLoad()
{
    if (m_fleet->GetSource() == MachineFleet::STORE)
    {
        TrainingWorker::DoLoad();
        return;
    }
    const Time time = m_fleet->GetSource() == MachineFleet::DISK
                          ? m_fleet->GetDiskTime(m_job->GetPartitionBytes(m_index))
                          : Time(0);
    m_event = Simulator::Schedule(time, &MachineWorker::Loaded, this);
}

} // namespace serverless
} // namespace ns3
