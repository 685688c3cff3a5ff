/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CODING_OPTIONS_H
#define CODING_OPTIONS_H

#include "ns3/scenario-options.h"
#include "ns3/training-helper.h"

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-scenario
 *
 * Adds the options that say what is done to blocks on their way: compression, rotation, error
 * feedback.
 * @param options where to
 */
void AddCodingOptions(ScenarioOptions& options);

/**
 * @ingroup distributed-learning-scenario
 *
 * Sets what is done to blocks on their way.
 * @param options the options
 * @param training the helper
 */
void SetCoding(ScenarioOptions& options, TrainingHelper& training);

} // namespace learning
} // namespace ns3

#endif /* CODING_OPTIONS_H */
