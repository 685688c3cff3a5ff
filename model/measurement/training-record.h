/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_RECORD_H
#define TRAINING_RECORD_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-measurement
 *
 * What is known of a training after a number of rounds. Sums of traffic are since the start; shares
 * are since the record before. Quantities that do not exist, such as the accuracy of a regression,
 * are not-a-number.
 */
struct TrainingRecord
{
    uint32_t round{0};             //!< rounds that every worker has completed
    double time{0};                //!< simulated time at which the last worker did, in s
    double epochs{0};              //!< samples drawn by all workers / samples of the data
    double trainLoss{0};           //!< loss of the mean model on training samples, penalty included
    double testAccuracy{0};        //!< share of test samples that the mean model predicts right
    double worstWorkerLoss{0};     //!< largest training loss of a worker's replica
    double worstWorkerAccuracy{0}; //!< smallest test accuracy of a worker's replica
    double meanWorkerLoss{0};      //!< mean over workers of the training loss of their replicas
    double meanWorkerAccuracy{0};  //!< mean over workers of the test accuracy of their replicas
    double consensusError{0};      //!< sum over workers of the squared distance to the mean model
    double gradientNorm{0};   //!< Euclidean norm of the gradient of trainLoss at the mean model
    double deliveredPush{0};  //!< segments received in time / segments to send, worker to server
    double deliveredPull{0};  //!< segments received in time / segments to send, server to worker
    uint64_t bytesUp{0};      //!< bytes sent on links by workers, headers and control included
    uint64_t bytesDown{0};    //!< bytes sent on links by servers, headers and control included
    uint64_t segmentsSent{0}; //!< data segments sent, each time counted
    uint64_t segmentsReceived{0};      //!< of these, received in time
    uint64_t segmentsDropped{0};       //!< of these, dropped by the network
    uint64_t segmentsLate{0};          //!< of these, received after their block was closed
    uint64_t segmentsDuplicate{0};     //!< received once more, or bringing nothing new
    uint64_t segmentsRetransmitted{0}; //!< of those sent, sent once more
    uint64_t segmentsParity{0};        //!< of those sent, made of others
    double blockTimeMean{0};           //!< from sending a block to its close, in s
    double blockTimeP99{0};            //!< 99th percentile of that, in s, at most 2.2 % too long

    /**
     * All columns, with names that carry units, in a fixed order.
     * @return names and values
     */
    std::vector<std::pair<std::string, double>> GetColumns() const;
};

/**
 * @ingroup distributed-learning-measurement
 *
 * Writes a number so that reading it gives the same one: integers plainly, others with as many
 * digits as needed.
 * @param value the number
 * @return its text; "nan" if it is none
 */
std::string FormatNumber(double value);

} // namespace learning
} // namespace ns3

#endif /* TRAINING_RECORD_H */
