/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "asynchronous-protocol.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(AsynchronousProtocol);

TypeId
AsynchronousProtocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::AsynchronousProtocol")
                            .SetParent<SynchronizationProtocol>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<AsynchronousProtocol>();
    return tid;
}

bool
AsynchronousProtocol::AnswersEachWorker() const
{
    return true;
}

} // namespace learning
} // namespace ns3
