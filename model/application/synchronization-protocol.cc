/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "synchronization-protocol.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(SynchronizationProtocol);

TypeId
SynchronizationProtocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::SynchronizationProtocol")
                            .SetParent<Object>()
                            .SetGroupName("DistributedLearning");
    return tid;
}

void
SynchronizationProtocol::Check(uint32_t /* workers */) const
{
}

bool
SynchronizationProtocol::AnswersEachWorker() const
{
    return false;
}

uint32_t
SynchronizationProtocol::GetQuorum(uint32_t workers) const
{
    return workers;
}

bool
SynchronizationProtocol::AbandonsGradients() const
{
    return false;
}

bool
SynchronizationProtocol::MayBegin(uint32_t /* round */, uint32_t /* slowest */) const
{
    return true;
}

void
SynchronizationProtocol::CheckClocks(uint32_t /* fastest */, uint32_t /* slowest */) const
{
}

} // namespace learning
} // namespace ns3
