/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STAR_TOPOLOGY_HELPER_H
#define STAR_TOPOLOGY_HELPER_H

#include "switched-topology-helper.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * Hosts around one switch, each on a link of its own: the network of the paper's experiments and
 * case study.
 */
class StarTopologyHelper : public SwitchedTopologyHelper
{
  public:
    using SwitchedTopologyHelper::SwitchedTopologyHelper;

  private:
    void DoBuild() override;
};

} // namespace learning
} // namespace ns3

#endif /* STAR_TOPOLOGY_HELPER_H */
