/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef LAMBDAML_SECTIONS_H
#define LAMBDAML_SECTIONS_H

#include "comparison.h"

#include <string>

namespace ns3
{
namespace learning
{

/// How deep models are simulated, for the sections that show them.
inline const std::string DEEP_MODELS =
    "MobileNet and ResNet50 are declared by their bytes and by the seconds of a batch; gradients "
    "are those of a small convolutional network (two layers of 5 x 5 filters and a dense one, "
    "5,994 weights) on Fashion-MNIST.";

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Where the time of one training goes, on functions, machines and the hybrid (database breakdown).
 * @param comparison report and published numbers
 */
void AddBreakdownSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Services compared: S3, Memcached, Redis, DynamoDB, a parameter server (databases channels,
 * refused).
 * @param comparison report and published numbers
 */
void AddChannelsSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * AllReduce and ScatterReduce by size and number of workers (database patterns).
 * @param comparison report and published numbers
 */
void AddPatternsSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Rounds to a loss by algorithm (database optimizers).
 * @param comparison report and published numbers
 */
void AddOptimizersSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Asynchronous against bulk-synchronous (database protocols).
 * @param comparison report and published numbers
 */
void AddProtocolsSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Speed and cost by the number of workers, for each workload (database workers).
 * @param comparison report and published numbers
 */
void AddWorkersSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Ten learning rates at a time (database pipeline).
 * @param comparison report and published numbers
 */
void AddPipelineSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * The analytic model against the simulation (databases model, estimate).
 * @param comparison report and published numbers
 */
void AddModelSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Case study 1: a fast link between functions and a machine (database cases).
 * @param comparison report and published numbers
 */
void AddFastLinkSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Case study 2: functions with GPUs (database cases).
 * @param comparison report and published numbers
 */
void AddGpuSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Case study 3: data on disk or in memory (database hot-data).
 * @param comparison report and published numbers
 */
void AddHotDataSection(const Comparison& comparison);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Case study 4: pay by use or reserve, for many tenants (database breakdown).
 * @param comparison report and published numbers
 */
void AddTenancySection(const Comparison& comparison);

} // namespace learning
} // namespace ns3

#endif /* LAMBDAML_SECTIONS_H */
