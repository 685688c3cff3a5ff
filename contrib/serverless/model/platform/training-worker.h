/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_WORKER_H
#define TRAINING_WORKER_H

#include "collective.h"
#include "local-optimization.h"
#include "storage-client.h"
#include "training-job.h"

#include "ns3/application.h"
#include "ns3/compute-model.h"
#include "ns3/traced-callback.h"

#include <array>
#include <string>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-platform
 *
 * A worker of a training job, on a function or on a machine: starts, loads its partition, then
 * computes and synchronizes round after round. What it runs on is a derived class's.
 *
 * The gradients are real and take no simulated time; their time is declared: GetEpochsPerRound()
 * epochs of TrainingJob::epochSeconds / workers, through a ns3::learning::ComputeModel of one
 * operation a second, whose Slowdown and Straggler make a worker slow.
 */
class TrainingWorker : public Application
{
  public:
    /// What a worker is at.
    enum State
    {
        WAITING,       //!< not begun
        STARTING,      //!< what it runs on starts
        LOADING,       //!< reads its partition, and its checkpoint
        COMPUTING,     //!< computes
        SYNCHRONIZING, //!< takes part in a collective
        CHECKPOINTING, //!< stores its state
        DONE,          //!< has finished
        FAILED,        //!< has given up, see GetError()
        STATES         //!< number of states
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    TrainingWorker();
    ~TrainingWorker() override;

    /**
     * States who works, on what and with whom.
     * @param job the training
     * @param index of the worker
     * @param optimization its part in the optimization
     * @param collective its part in the exchanges
     * @param data client of the service with partitions and checkpoints
     * @param compute its speed: operations are seconds on a reference machine
     */
    void Configure(Ptr<TrainingJob> job,
                   uint32_t index,
                   Ptr<LocalOptimization> optimization,
                   Ptr<Collective> collective,
                   Ptr<StorageClient> data,
                   Ptr<learning::ComputeModel> compute);

    /**
     * Index of the worker.
     * @return the index
     */
    uint32_t GetIndex() const;

    /**
     * What it is at.
     * @return the state
     */
    State GetState() const;

    /**
     * Why it failed.
     * @return one sentence, or empty
     */
    const std::string& GetError() const;

    /**
     * Rounds that it has merged.
     * @return the number
     */
    uint32_t GetRounds() const;

    /**
     * Time spent in a state so far.
     * @param state the state
     * @return the time
     */
    Time GetTime(State state) const;

    /**
     * When it finished or failed.
     * @return the time
     */
    Time GetEndTime() const;

    /**
     * Its part in the optimization.
     * @return the part
     */
    Ptr<LocalOptimization> GetOptimization() const;

    /**
     * Name of the object that holds a worker's partition.
     * @param worker its index
     * @return bucket/key
     */
    static std::string GetPartitionName(uint32_t worker);

    /**
     * Name of a state.
     * @param state the state
     * @return such as "loading"
     */
    static std::string GetStateName(State state);

    /**
     * Listener to states.
     * @param worker index of the worker
     * @param state what it is at now
     */
    typedef void (*StateTracedCallback)(uint32_t worker, State state);

  protected:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;

    /// Starts what the worker runs on; ends in Load().
    virtual void DoStart() = 0;

    /// Reads the partition; ends in Loaded().
    virtual void DoLoad();

    /// The partition is there; may refuse it, or go on with BeginRounds().
    virtual void DoLoaded();

    /**
     * Before a round.
     * @return whether to compute it; if not, the derived class goes on
     */
    virtual bool DoBeforeRound();

    /// The worker has finished or failed.
    virtual void DoEnd();

    /// Reads the partition.
    void Load();

    /// The partition has come.
    void Loaded();

    /// Computes the next round.
    void BeginRounds();

    /// Has finished.
    void Finish();

    /**
     * Gives up.
     * @param reason end of a sentence
     */
    void Fail(const std::string& reason);

    /**
     * Gives up what is under way: exchanges, requests, computation.
     */
    void Abandon();

    /**
     * Moves on.
     * @param state what it is at now
     */
    void SetState(State state);

    Ptr<TrainingJob> m_job;                //!< the training
    uint32_t m_index{0};                   //!< of the worker
    Ptr<LocalOptimization> m_optimization; //!< part in the optimization
    Ptr<Collective> m_collective;          //!< part in the exchanges
    Ptr<StorageClient> m_data;             //!< of partitions and checkpoints
    Ptr<learning::ComputeModel> m_compute; //!< speed
    EventId m_event;                       //!< end of what takes declared time
    Time m_longestRound;                   //!< so far, without the first one if there are others

  private:
    /// The computation of a round ends.
    void Synchronize();

    /**
     * An exchange has ended.
     * @param result what came of it
     */
    void Merge(const Collective::Result& result);

    Time m_failureTime;                     //!< when the worker breaks, 0 for never
    EventId m_failure;                      //!< then
    State m_state{WAITING};                 //!< what it is at
    Time m_since;                           //!< since when
    std::array<Time, STATES> m_times;       //!< spent in each state
    uint32_t m_rounds{0};                   //!< merged
    Time m_roundBegin;                      //!< of the present round
    std::string m_error;                    //!< why it failed
    learning::ComputePool::Ticket m_ticket; //!< the real computation

    TracedCallback<uint32_t, State> m_stateTrace; //!< moved on
};

} // namespace serverless
} // namespace ns3

#endif /* TRAINING_WORKER_H */
