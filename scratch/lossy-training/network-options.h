/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef NETWORK_OPTIONS_H
#define NETWORK_OPTIONS_H

#include "ns3/scenario-options.h"
#include "ns3/switched-topology-helper.h"

#include <memory>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-scenario
 *
 * Adds the options that say how hosts are connected and what the network loses.
 * @param options where to
 */
void AddNetworkOptions(ScenarioOptions& options);

/**
 * @ingroup distributed-learning-scenario
 *
 * Builds the network.
 * @param options the options
 * @param hosts number of hosts
 * @return the network
 */
std::unique_ptr<SwitchedTopologyHelper> MakeTopology(ScenarioOptions& options, uint32_t hosts);

} // namespace learning
} // namespace ns3

#endif /* NETWORK_OPTIONS_H */
