/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LEAF_SPINE_TOPOLOGY_HELPER_H
#define LEAF_SPINE_TOPOLOGY_HELPER_H

#include "switched-topology-helper.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * Hosts on leaf switches, every leaf linked to every spine: between leaves there are as many
 * equal-cost paths as spines, and each flow takes one of them by a hash of its addresses and ports.
 * Hosts are dealt to the leaves in order, as evenly as can be.
 * Source: M. Al-Fares, A. Loukissas, A. Vahdat, "A Scalable, Commodity Data Center Network
 * Architecture" (SIGCOMM 2008), of whose fat tree this is the case of two tiers; hashing of flows:
 * C. Hopps, RFC 2992 (2000).
 */
class LeafSpineTopologyHelper : public SwitchedTopologyHelper
{
  public:
    /**
     * Plans a topology.
     * @param hosts number of hosts, at least 1
     * @param leaves number of leaf switches, from 1 to the number of hosts
     * @param spines number of spine switches, at least 1
     */
    LeafSpineTopologyHelper(uint32_t hosts, uint32_t leaves, uint32_t spines);

  private:
    void DoBuild() override;

    uint32_t m_leaves; //!< number of leaf switches
    uint32_t m_spines; //!< number of spine switches
};

} // namespace learning
} // namespace ns3

#endif /* LEAF_SPINE_TOPOLOGY_HELPER_H */
