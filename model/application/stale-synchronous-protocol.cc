/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "stale-synchronous-protocol.h"

#include "ns3/abort.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(StaleSynchronousProtocol);

TypeId
StaleSynchronousProtocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::StaleSynchronousProtocol")
                            .SetParent<SynchronizationProtocol>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<StaleSynchronousProtocol>()
                            .AddAttribute("Bound",
                                          "Rounds that a worker which computes may be ahead of "
                                          "what the slowest has pushed, 0 to 1000000.",
                                          UintegerValue(3),
                                          MakeUintegerAccessor(&StaleSynchronousProtocol::m_bound),
                                          MakeUintegerChecker<uint32_t>(0, 1000000));
    return tid;
}

bool
StaleSynchronousProtocol::AnswersEachWorker() const
{
    return true;
}

bool
StaleSynchronousProtocol::MayBegin(uint32_t round, uint32_t slowest) const
{
    return round <= uint64_t{slowest} + m_bound;
}

void
StaleSynchronousProtocol::CheckClocks(uint32_t fastest, uint32_t slowest) const
{
    NS_ABORT_MSG_UNLESS(fastest <= uint64_t{slowest} + m_bound + 1,
                        "StaleSynchronousProtocol: a worker has pushed "
                            << fastest << " rounds and another " << slowest
                            << ", more than Bound + 1 = " << m_bound + 1 << " apart");
}

} // namespace learning
} // namespace ns3
