/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SYNCHRONIZATION_OPTIONS_H
#define SYNCHRONIZATION_OPTIONS_H

#include "ns3/scenario-options.h"
#include "ns3/training-helper.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-scenario
 *
 * Adds the options that say when to go on: synchronization, stragglers, slow workers, faults.
 * @param options where to
 */
void AddSynchronizationOptions(ScenarioOptions& options);

/**
 * @ingroup distributed-learning-scenario
 *
 * Sets the protocol and how long computations take.
 * @param options the options
 * @param training the helper
 * @param workers number of workers
 */
void SetSynchronization(ScenarioOptions& options, TrainingHelper& training, uint32_t workers);

/**
 * @ingroup distributed-learning-scenario
 *
 * Schedules what fails.
 * @param options the options
 * @param training the helper, installed
 * @return when the last of the faults that end has ended; 0 without any
 */
Time InstallFaults(ScenarioOptions& options, const TrainingHelper& training);

} // namespace learning
} // namespace ns3

#endif /* SYNCHRONIZATION_OPTIONS_H */
