/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "bulk-synchronous-protocol.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(BulkSynchronousProtocol);

TypeId
BulkSynchronousProtocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::BulkSynchronousProtocol")
                            .SetParent<SynchronizationProtocol>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<BulkSynchronousProtocol>();
    return tid;
}

} // namespace learning
} // namespace ns3
