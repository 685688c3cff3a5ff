/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_PREDICTION_H
#define TRAINING_PREDICTION_H

#include "serverless-training-helper.h"

#include "ns3/advice.h"
#include "ns3/cost-ledger.h"

#include <optional>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-helper
 *
 * What the analytic model says of a training, from the training's own constants and as many rounds
 * as its worker 0 did: PredictDesign() of what it is. For all patterns of this module.
 *
 * Slow workers, stragglers and parts of unequal size, whose rounds are as many mini-batches but
 * other shares of an epoch: the mean of the factor of a computation, and the mean of the largest
 * one of all workers in a round, are estimated from the configured law by drawing it at least
 * 100,000 times, 100 rounds at least, in a random stream of their own (standard error below 1 % for
 * a log-normal law with sigma 0.3 and up to 1,000 workers). Workers wait for the largest, and
 * exchange then; what a leader fetches while it waits, up to w - 1 GETs a round, is counted twice.
 * Workers of asynchronous and stale exchanges are taken not to wait; the job is taken to end when a
 * mean one does. Functions among them are billed for their own time, those of stale exchanges also
 * for waiting until the last one has begun. Of polls, number and price are predicted, but not the
 * time that they add (see GetPolls()). Lost packets, throttling and failures are not predicted.
 * @param training has been installed, perhaps run; random streams of its services are drawn from
 * @param ledger what things cost
 * @return times and cost, or nothing for a collective of another module's
 */
std::optional<AdviceCandidate> PredictTraining(const ServerlessTrainingHelper& training,
                                               Ptr<CostLedger> ledger);

} // namespace serverless
} // namespace ns3

#endif /* TRAINING_PREDICTION_H */
