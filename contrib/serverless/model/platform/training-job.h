/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_JOB_H
#define TRAINING_JOB_H

#include "local-optimization.h"

#include "ns3/compute-pool.h"
#include "ns3/nstime.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-platform
 *
 * One training as all its workers know it, and its record.
 *
 * The record watches from outside the simulation: it costs no simulated time. A bulk-synchronous
 * training ends for all workers after the same round; an asynchronous one for each worker when it
 * next looks. A stale-synchronous one ends for all workers with the furthest round that one has
 * ended when the end is first known: who is in the next one then ends that, and waits for no other,
 * as it may be a step ahead.
 *
 * Where parts are unequal, workers pass different numbers of epochs in a round. A bulk-synchronous
 * training has passed those of epochsPerRound, whoever merges first; other workers count their own.
 */
class TrainingJob : public SimpleRefCount<TrainingJob>
{
  public:
    /// The model after a round.
    struct Record
    {
        uint32_t round;  //!< from 1
        double epochs;   //!< passes over a worker's samples so far
        Time time;       //!< when the first worker had it
        double loss;     //!< mean over the samples that are evaluated
        double accuracy; //!< share of them, or not-a-number
    };

    std::shared_ptr<const LearningTask> task; //!< what is learned
    uint32_t workers{1};                      //!< how many
    uint64_t dataBytes{0};                    //!< declared bytes of the training set, s
    uint64_t modelBytes{0};          //!< declared bytes of the model, m; 0 for those of its numbers
    double epochSeconds{0};          //!< one epoch of all samples on one reference machine, C
    bool isSynchronous{true};        //!< whether all workers have the same model after a round
    double epochsPerRound{0};        //!< of a bulk-synchronous round; 0 for each worker's own
    bool isWaiting{true};            //!< whether workers may wait for others that are behind
    uint32_t rounds{0};              //!< most rounds, 0 for no limit
    double epochs{0};                //!< most epochs, 0 for no limit
    double targetLoss{0};            //!< ends the training when it is reached, 0 for none
    uint32_t evaluateEvery{1};       //!< rounds between records
    std::vector<uint32_t> evaluated; //!< samples that the loss is of; empty for no record
    Ptr<learning::ComputePool> pool; //!< runs the real computations
    std::function<void(const Record&)> recordCallback; //!< called with each record; may be empty

    /**
     * Bytes of a worker's partition.
     * @param worker its index
     * @return s/w, the remainder to the first ones
     */
    uint64_t GetPartitionBytes(uint32_t worker) const;

    /**
     * Bytes of the vector that a worker exchanges.
     * @param optimization the worker's part
     * @param numberBytes of a number
     * @return the declared size or that of the real numbers, whichever is larger
     */
    double GetVectorBytes(const LocalOptimization& optimization, uint32_t numberBytes = 4) const;

    /**
     * Called by a worker that has merged.
     * @param optimization the worker's part
     * @param round from 1
     * @return whether the training is over for it
     */
    bool EndRound(const LocalOptimization& optimization, uint32_t round);

    /**
     * Called by a worker that gives up. Where workers have models of their own, the loss of the
     * lowest one that has not stands for all.
     * @param worker its index
     */
    void Leave(uint32_t worker);

    /**
     * What was recorded.
     * @return one record for each evaluated round
     */
    const std::vector<Record>& GetRecords() const;

    /**
     * Whether the loss aimed at was reached.
     * @return true if so
     */
    bool IsTargetReached() const;

  private:
    /**
     * Records a round, if it is one to be evaluated.
     * @param optimization the part of a worker that has merged it
     * @param record without loss and accuracy
     * @param isLast whether no round may come after it
     */
    void Evaluate(const LocalOptimization& optimization, Record record, bool isLast);

    std::vector<Record> m_records; //!< in order of time
    std::set<uint32_t> m_gone;     //!< workers that have given up
    uint32_t m_observed{0};        //!< the lowest one that has not
    uint32_t m_evaluated{0};       //!< last round that was looked at
    uint32_t m_furthest{0};        //!< last round that a worker has ended
    uint32_t m_lastRound{0};       //!< round with which the training ends, 0 before it is known
    bool m_isReached{false};       //!< whether the loss aimed at was reached
};

} // namespace serverless
} // namespace ns3

#endif /* TRAINING_JOB_H */
