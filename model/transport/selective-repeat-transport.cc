/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "selective-repeat-transport.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(SelectiveRepeatTransport);

TypeId
SelectiveRepeatTransport::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::SelectiveRepeatTransport")
                            .SetParent<DatagramTransport>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<SelectiveRepeatTransport>();
    return tid;
}

bool
SelectiveRepeatTransport::Repeats() const
{
    return true;
}

} // namespace learning
} // namespace ns3
