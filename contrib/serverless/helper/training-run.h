/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_RUN_H
#define TRAINING_RUN_H

#include "serverless-training-helper.h"

#include "ns3/advice.h"
#include "ns3/cost-ledger.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-helper
 *
 * What came of a training: times in s, of states the mean over workers.
 */
struct TrainingOutcome
{
    double seconds{0};       //!< to the end of the last worker
    double start{0};         //!< starting
    double lastStart{0};     //!< of the last worker, with what it waits for services
    double load{0};          //!< loading
    double compute{0};       //!< computing
    double exchange{0};      //!< exchanging
    double checkpoint{0};    //!< storing checkpoints, and starting again
    double dollars{0};       //!< what it costs
    uint32_t rounds{0};      //!< of worker 0
    double loss{0};          //!< at the last evaluation
    double accuracy{0};      //!< at the last evaluation, or not-a-number
    bool isReached{false};   //!< whether the loss aimed at was reached
    uint32_t failed{0};      //!< workers that did not finish
    uint32_t invocations{0}; //!< of functions
    uint64_t requests{0};    //!< to all services
    uint64_t throttled{0};   //!< of these, refused because there were too many
    std::string error;       //!< of the worker that failed first, or empty
    std::optional<AdviceCandidate> predicted; //!< by PredictTraining()
};

/**
 * @ingroup serverless-learning-helper
 *
 * Installs a training, runs the simulator until it has ended, and says what came of it. The
 * simulation is left as it ended; Simulator::Destroy() makes room for the next one.
 * @param training set up, not installed
 * @param ledger counts what it costs
 * @param observe called once all is installed, such as to connect trace sources; may be empty
 * @return what came of it; a worker's failure is in there
 * @throws std::invalid_argument with one sentence if parts do not fit together, or the type of a
 * machine or node has no price
 */
TrainingOutcome RunTraining(ServerlessTrainingHelper& training,
                            Ptr<CostLedger> ledger,
                            const std::function<void()>& observe = nullptr);

} // namespace serverless
} // namespace ns3

#endif /* TRAINING_RUN_H */
