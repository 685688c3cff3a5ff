/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ROUNDS_ESTIMATOR_H
#define ROUNDS_ESTIMATOR_H

#include "ns3/local-optimization.h"
#include "ns3/object-factory.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-helper
 *
 * Estimates the rounds to a loss by training on a share of the samples in memory, without a
 * network: as many workers, mini-batches smaller by the same share, so that an epoch has as many of
 * them.
 *
 * Source: LambdaML, validation of the analytic model (R estimated on a sample of 10 %).
 * @param task what is learned; its parts say how many workers there are
 * @param optimization makes workers' parts
 * @param share of each worker's samples, above 0, at most 1
 * @param loss aimed at
 * @param most rounds at most
 * @return rounds, or most + 1 if the loss is not reached
 * @throws std::invalid_argument with one sentence if the share is not legal
 */
uint32_t EstimateRounds(const LearningTask& task,
                        const ObjectFactory& optimization,
                        double share,
                        double loss,
                        uint32_t most);

} // namespace serverless
} // namespace ns3

#endif /* ROUNDS_ESTIMATOR_H */
