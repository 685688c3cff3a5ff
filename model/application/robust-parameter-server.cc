/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "robust-parameter-server.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(RobustParameterServer);

TypeId
RobustParameterServer::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::RobustParameterServer")
                            .SetParent<TrainingAlgorithm>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<RobustParameterServer>();
    return tid;
}

float*
RobustParameterServer::GetGradientBuffer(Replica& replica) const
{
    // the gradient is used up by the local step on the same thread, so no worker needs to keep one
    thread_local AlignedVector gradient;
    gradient.resize(replica.parameters.size());
    return gradient.data();
}

void
RobustParameterServer::AfterGradient(Replica& replica, const float* gradient, uint64_t round) const
{
    replica.optimizer->Step(replica.parameters.data(),
                            gradient,
                            static_cast<uint32_t>(replica.parameters.size()),
                            round);
}

float*
RobustParameterServer::GetPushVector(Replica& replica) const
{
    return replica.parameters.data();
}

float*
RobustParameterServer::GetPullVector(Replica& replica) const
{
    return replica.parameters.data();
}

} // namespace learning
} // namespace ns3
