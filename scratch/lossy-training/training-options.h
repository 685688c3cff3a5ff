/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_OPTIONS_H
#define TRAINING_OPTIONS_H

#include "ns3/scenario-options.h"
#include "ns3/training-helper.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-scenario
 *
 * Adds the options that say who trains together, and how: hosts, algorithm, transport, computation.
 * @param options where to
 */
void AddTrainingOptions(ScenarioOptions& options);

/// How many hosts there are, and what they are.
struct HostCounts
{
    uint32_t workers; //!< number of workers
    uint32_t servers; //!< number of servers
    bool dedicated;   //!< whether servers are on nodes of their own

    /**
     * Number of nodes.
     * @return the number
     */
    uint32_t GetHosts() const
    {
        return workers + (dedicated ? servers : 0);
    }
};

/**
 * @ingroup distributed-learning-scenario
 *
 * Reads how many workers and servers there are.
 * @param options the options
 * @return the counts
 */
HostCounts ReadHostCounts(ScenarioOptions& options);

/**
 * @ingroup distributed-learning-scenario
 *
 * Sets algorithm, owners, deadlines, transport, compute model and threads.
 * @param options the options
 * @param training the helper
 */
void SetTraining(ScenarioOptions& options, TrainingHelper& training);

} // namespace learning
} // namespace ns3

#endif /* TRAINING_OPTIONS_H */
