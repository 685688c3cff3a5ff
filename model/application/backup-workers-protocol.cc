/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "backup-workers-protocol.h"

#include "ns3/uinteger.h"

#include <stdexcept>
#include <string>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(BackupWorkersProtocol);

TypeId
BackupWorkersProtocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::BackupWorkersProtocol")
                            .SetParent<SynchronizationProtocol>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<BackupWorkersProtocol>()
                            .AddAttribute("Backups",
                                          "Workers that a round does not wait for, 0 to one fewer "
                                          "than there are.",
                                          UintegerValue(1),
                                          MakeUintegerAccessor(&BackupWorkersProtocol::m_backups),
                                          MakeUintegerChecker<uint32_t>());
    return tid;
}

void
BackupWorkersProtocol::Check(uint32_t workers) const
{
    if (m_backups >= workers)
    {
        throw std::invalid_argument(
            "ns3::learning::BackupWorkersProtocol::Backups=" + std::to_string(m_backups) + ": of " +
            std::to_string(workers) + " workers, 0 to " + std::to_string(workers - 1) +
            " can be left out");
    }
}

uint32_t
BackupWorkersProtocol::GetQuorum(uint32_t workers) const
{
    return workers - m_backups;
}

bool
BackupWorkersProtocol::AbandonsGradients() const
{
    return true;
}

} // namespace learning
} // namespace ns3
