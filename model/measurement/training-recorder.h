/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_RECORDER_H
#define TRAINING_RECORDER_H

#include "model-evaluator.h"
#include "result-sink.h"
#include "traffic-ledger.h"
#include "training-record.h"

#include "ns3/application-container.h"
#include "ns3/nstime.h"
#include "ns3/training-setup.h"
#include "ns3/worker.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-measurement
 *
 * Observes a training: evaluates the replicas after some of the rounds, keeps account of the
 * traffic, and writes a record of each to files and a summary line at the end. It only listens to
 * trace sources: the training runs the same without it.
 *
 * The mean model is the mean of the replicas as they are when each worker ends the round.
 * Evaluations use fixed samples; their number is a choice between precision and speed. Replicas
 * that are equal bit by bit are evaluated once.
 */
class TrainingRecorder
{
  public:
    /// Makes a recorder that writes nowhere.
    TrainingRecorder();

    /**
     * Makes a recorder that writes to a database.
     * @param database file name, see DatabaseSink
     */
    explicit TrainingRecorder(const std::string& database);

    /**
     * Writes records to a database, too; before Observe().
     * @param file its name
     */
    void WriteDatabase(const std::string& file);

    /**
     * Writes records to a text file, too; before Observe().
     * @param file its name
     */
    void WriteCsv(const std::string& file);

    /**
     * Describes the run in the database; before Observe().
     * @param description names and values
     */
    void SetDescription(const RunDescription& description);

    /**
     * Sets how often the training is recorded. The start and the end always are.
     * @param rounds number of rounds between records, at least 1; default 50
     */
    void SetEvaluateEvery(uint32_t rounds);

    /**
     * Sets how many samples evaluations use, 0 for all; before Observe().
     * @param training training samples for the mean model; default 5,000
     * @param test test samples for the mean model; default all
     * @param worker training samples, and test samples, for each replica; default 0, which means
     * those of the mean model, so that the two compare
     */
    void SetEvaluationSamples(uint32_t training, uint32_t test, uint32_t worker);

    /**
     * Sets what is called with every record.
     * @param callback the function
     */
    void SetRecordCallback(std::function<void(const TrainingRecord&)> callback);

    /**
     * Begins to observe, and records the start.
     * @param workers what TrainingHelper::Install() returned
     */
    void Observe(const ApplicationContainer& workers);

    /**
     * The last record. Records the end first, if the training stopped between records; traffic is
     * that of the whole run.
     * @return the record
     */
    const TrainingRecord& GetLast();

    /**
     * One line on the run as far as all workers have come: "summary: " and key=value for every
     * column, wall_s being the host's time since Observe().
     * @return the line
     */
    std::string Summary();

    /**
     * Traffic by round.
     * @return the ledger
     */
    Ptr<const TrafficLedger> GetLedger() const;

  private:
    /**
     * A worker has ended a round.
     * @param worker index of the worker
     * @param round the round
     */
    void RoundEnded(uint32_t worker, uint32_t round);

    /**
     * A worker has crashed, or goes on after that.
     * @param worker index of the worker
     * @param round the round that it goes on with, Worker::NO_ROUND as long as it is down
     */
    void Jumped(uint32_t worker, uint32_t round);

    /**
     * Number of workers that end a round.
     * @param round the round
     * @return those that are there, or were before
     */
    std::size_t CountExpected(uint32_t round) const;

    /**
     * Records a round if all workers that are expected to have ended it.
     * @param round the round, of which a replica is kept
     */
    void RecordIfComplete(uint32_t round);

    /**
     * Evaluates and writes.
     * @param rounds rounds completed
     * @param replicas parameters of each worker
     */
    void Record(uint32_t rounds, const std::vector<const AlignedVector*>& replicas);

    /**
     * Evaluates replicas one by one.
     * @param replicas parameters of each worker
     * @param record receives their worst values and means
     */
    void EvaluateWorkers(const std::vector<const AlignedVector*>& replicas,
                         TrainingRecord& record) const;

    /**
     * Fills in the traffic of the first rounds.
     * @param rounds their number
     * @param record receives it
     */
    void AccountTraffic(uint32_t rounds, TrainingRecord& record) const;

    std::string m_databaseName;       //!< file of the database, or empty
    std::string m_csvName;            //!< text file, or empty
    RunDescription m_description;     //!< of the run
    uint32_t m_evaluateEvery{50};     //!< rounds between records
    uint32_t m_trainingSamples{5000}; //!< evaluated for the mean model
    uint32_t m_testSamples{0};        //!< evaluated for the mean model
    uint32_t m_workerSamples{0};      //!< evaluated for each replica, 0: those of the mean model
    std::function<void(const TrainingRecord&)> m_callback;           //!< called with every record
    std::vector<std::unique_ptr<ResultSink>> m_sinks;                //!< where records go
    std::vector<Ptr<Worker>> m_workers;                              //!< observed, in order
    Ptr<TrainingSetup> m_setup;                                      //!< what they share
    Ptr<TrafficLedger> m_ledger;                                     //!< traffic by round
    std::shared_ptr<const ModelEvaluator> m_trainingEvaluator;       //!< of the mean model
    std::shared_ptr<const ModelEvaluator> m_testEvaluator;           //!< of the mean model
    std::shared_ptr<const ModelEvaluator> m_workerTrainingEvaluator; //!< of replicas
    std::shared_ptr<const ModelEvaluator> m_workerTestEvaluator;     //!< of replicas
    std::map<uint32_t, std::vector<AlignedVector>> m_snapshots; //!< by round and worker, which is
                                                                //!< empty until it ends the round
    std::vector<uint32_t> m_from;                  //!< first round that is expected of each worker
    uint32_t m_lastFrom{0};                        //!< the largest of these
    std::map<uint32_t, std::size_t> m_ends;        //!< workers that ended a round
    Time m_lastEnd;                                //!< when all had, last time
    TrainingRecord m_last;                         //!< the last record
    std::chrono::steady_clock::time_point m_begin; //!< when Observe() was called
};

} // namespace learning
} // namespace ns3

#endif /* TRAINING_RECORDER_H */
