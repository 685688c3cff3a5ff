/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TCP_CONGESTION_H
#define TCP_CONGESTION_H

#include "ns3/type-id.h"

#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Finds one of ns-3's congestion controls.
 * @param who has an attribute CongestionControl, for the message
 * @param type the name of its TypeId, such as ns3::TcpCubic; ns3:: may be missing
 * @return the TypeId
 * @throw std::invalid_argument if there is none of that name
 */
TypeId FindCongestionControl(const std::string& who, const std::string& type);

} // namespace learning
} // namespace ns3

#endif /* TCP_CONGESTION_H */
