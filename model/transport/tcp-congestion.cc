/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tcp-congestion.h"

#include "ns3/object-factory.h"
#include "ns3/tcp-congestion-ops.h"

#include <stdexcept>

namespace ns3
{
namespace learning
{

TypeId
FindCongestionControl(const std::string& who, const std::string& type)
{
    // not by parents: that of ns3::TcpCubic is a socket's
    const std::string name = type.rfind("ns3::", 0) == 0 ? type : "ns3::" + type;
    TypeId tid;
    const bool exists =
        TypeId::LookupByNameFailSafe(name, &tid) && tid.HasConstructor() &&
        tid.GetGroupName() == "Internet" &&
        DynamicCast<TcpCongestionOps>(ObjectFactory(name).Create<Object>()) != nullptr;
    if (!exists)
    {
        throw std::invalid_argument(who + "::CongestionControl=" + type +
                                    ": the TypeId of one of ns-3's congestion controls is "
                                    "needed, such as ns3::TcpCubic");
    }
    return tid;
}

} // namespace learning
} // namespace ns3
