/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "star-topology-helper.h"

namespace ns3
{
namespace learning
{

void
StarTopologyHelper::DoBuild()
{
    const uint32_t center = AddSwitch();
    for (uint32_t host = 0; host < GetHosts().GetN(); ++host)
    {
        AddHost(host, center);
    }
}

} // namespace learning
} // namespace ns3
