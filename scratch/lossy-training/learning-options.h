/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LEARNING_OPTIONS_H
#define LEARNING_OPTIONS_H

#include "ns3/scenario-options.h"
#include "ns3/training-helper.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-scenario
 *
 * Adds the options that say what is learned, from what, and in what steps.
 * @param options where to
 */
void AddLearningOptions(ScenarioOptions& options);

/**
 * @ingroup distributed-learning-scenario
 *
 * Sets data, partition, model and optimizer.
 * @param options the options
 * @param training the helper
 */
void SetLearning(ScenarioOptions& options, TrainingHelper& training);

} // namespace learning
} // namespace ns3

#endif /* LEARNING_OPTIONS_H */
