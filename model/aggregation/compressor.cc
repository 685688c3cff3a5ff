/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "compressor.h"

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(Compressor);

TypeId
Compressor::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::Compressor").SetParent<Object>().SetGroupName("DistributedLearning");
    return tid;
}

} // namespace learning
} // namespace ns3
