/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "leaf-spine-topology-helper.h"

#include <stdexcept>

namespace ns3
{
namespace learning
{

LeafSpineTopologyHelper::LeafSpineTopologyHelper(uint32_t hosts, uint32_t leaves, uint32_t spines)
    : SwitchedTopologyHelper(hosts),
      m_leaves(leaves),
      m_spines(spines)
{
    if (leaves == 0 || leaves > hosts || spines == 0)
    {
        throw std::invalid_argument("a leaf-spine of " + std::to_string(hosts) + " hosts, " +
                                    std::to_string(leaves) + " leaves and " +
                                    std::to_string(spines) +
                                    " spines: 1 leaf up to one a host, and at least 1 spine are "
                                    "needed");
    }
}

void
LeafSpineTopologyHelper::DoBuild()
{
    const uint32_t hosts = GetHosts().GetN();
    for (uint32_t i = 0; i < m_leaves + m_spines; ++i)
    {
        AddSwitch(); // the leaves, then the spines
    }
    for (uint32_t leaf = 0; leaf < m_leaves; ++leaf)
    {
        const auto begin = static_cast<uint32_t>(uint64_t{hosts} * leaf / m_leaves);
        const auto end = static_cast<uint32_t>(uint64_t{hosts} * (leaf + 1) / m_leaves);
        for (uint32_t host = begin; host < end; ++host)
        {
            AddHost(host, leaf);
        }
        std::vector<Ptr<NetDevice>> up;
        for (uint32_t spine = m_leaves; spine < m_leaves + m_spines; ++spine)
        {
            const NetDeviceContainer link = Connect(GetSwitchNode(leaf), GetSwitchNode(spine));
            up.push_back(link.Get(0));
            for (uint32_t host = begin; host < end; ++host)
            {
                GetSwitch(spine)->AddRoute(GetHostAddress(host), link.Get(1));
            }
        }
        GetSwitch(leaf)->SetDefaultRoute(up);
    }
}

} // namespace learning
} // namespace ns3
