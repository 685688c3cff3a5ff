/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef WORKER_H
#define WORKER_H

#include "attendance.h"
#include "catch-up.h"
#include "compute-model.h"
#include "ended-round.h"
#include "parameter-server.h"
#include "pull-round.h"
#include "training-setup.h"
#include "worker-coder.h"

#include "ns3/application.h"
#include "ns3/batch-sampler.h"
#include "ns3/block-transport.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/segment-ages.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Holds a full replica of the parameters and a partition of the data, and trains in rounds: compute
 * a gradient (in simulated time as its ComputeModel declares, in real time on the pool of threads),
 * push every block to its owner, pull every block back, go on.
 *
 * A round ends when every block is closed, or when PullDeadline has passed since the push, or when
 * a pull of a later round shows that the others have gone on: the rounds in between end at once,
 * without a gradient. A pull that comes while the worker still computes is kept until it is done,
 * or, if the SynchronizationProtocol says so, replaces its gradient.
 *
 * A worker that crashes loses its replica, its round and its optimizer's memory. Restarted, it gets
 * the replica of another worker (see CatchUp), or begins anew if nobody answers, and joins the
 * round that the others are in.
 *
 * An owner of whom nothing came before the deadline is not waited for in later rounds, until
 * anything comes from it again, as long as more than half of the owners are there: who is cut off
 * waits instead of running ahead of the others.
 *
 * Source: "Distributed Learning over Unreliable Networks" (ICML 2019), Algorithm 1.
 */
class Worker : public Application, private BlockReceiver
{
  public:
    /**
     * Signature of the RoundEnd trace source.
     * @param worker index of the worker
     * @param round the round that ended; GetParameters() is the replica after it
     */
    typedef void (*RoundEndTracedCallback)(uint32_t worker, uint32_t round);

    /**
     * Signature of the Jump trace source.
     * @param worker index of the worker
     * @param round the round that it goes on with; NO_ROUND as long as it is down
     */
    typedef void (*JumpTracedCallback)(uint32_t worker, uint32_t round);

    static constexpr uint32_t NO_ROUND = std::numeric_limits<uint32_t>::max(); //!< for Jump

    Worker();

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Says what this worker is part of; before the application starts.
     * @param setup what all nodes know
     * @param self index of this host
     * @param transport of this host
     * @param server the server on this node, or null
     * @param compute how long its computations take
     * @param optimizer its own
     * @param sampler draws its mini-batches
     */
    void Configure(Ptr<TrainingSetup> setup,
                   uint32_t self,
                   Ptr<BlockTransport> transport,
                   Ptr<ParameterServer> server,
                   Ptr<ComputeModel> compute,
                   Ptr<Optimizer> optimizer,
                   std::unique_ptr<BatchSampler> sampler);

    /**
     * Loses all that it knows, as when its process or machine dies; not after the last round, when
     * its replica is a result that is kept.
     */
    void Crash();

    /// Comes back after a crash, and catches up; after the last round only the server on its node.
    void Restart();

    /**
     * Index of this worker.
     * @return the index, from 0
     */
    uint32_t GetIndex() const;

    /**
     * What all nodes know.
     * @return the setup
     */
    Ptr<TrainingSetup> GetSetup() const;

    /**
     * The replica, with what has been pulled by now. Waits for a computation that is going on; then
     * it holds the model after the local step.
     * @return d numbers
     */
    const AlignedVector& GetParameters();

    /**
     * Sets the replica, for tests and for starts that differ between workers; before the
     * application starts, or in a callback of RoundEnd for the next round.
     * @param parameters d numbers
     */
    void SetParameters(const std::vector<float>& parameters);

    /**
     * Rounds that have ended.
     * @return the number
     */
    uint32_t GetCompletedRounds() const;

    /**
     * Whether the worker has crashed, and not got its parameters back yet.
     * @return true if so
     */
    bool IsAway() const;

    /**
     * Whether the worker has ended its last round.
     * @return true if so
     */
    bool IsDone() const;

    /**
     * How often the worker has gone through its data.
     * @return epochs begun, fractional
     */
    double GetEpochs() const;

    /**
     * Loss of the last mini-batch.
     * @return the mean loss, penalty included
     */
    double GetBatchLoss() const;

    /**
     * What draws this worker's mini-batches; a copy of it draws the same ones.
     * @return the sampler
     */
    const BatchSampler& GetSampler() const;

    /**
     * The transport of this host.
     * @return the transport
     */
    Ptr<BlockTransport> GetTransport() const;

    /**
     * How old the worker's copies of parameters that other nodes' servers keep were at the ends of
     * rounds.
     * @return the ages; of nothing if servers keep no parameters
     */
    const SegmentAges& GetSegmentAges() const;

    /**
     * What error feedback has still to repay: see BlockEncoder.
     * @return the residual by parameter; empty without error feedback
     */
    std::vector<float> GetResidual() const;

    /**
     * How long this worker's computations take.
     * @return the compute model
     */
    Ptr<ComputeModel> GetComputeModel() const;

  protected:
    void DoDispose() override;

  private:
    /// Where the worker stands in its round.
    enum State
    {
        IDLE,      //!< not started
        COMPUTING, //!< the gradient is being computed
        PUSHING,   //!< handing blocks to the transport and to this node's server
        WAITING,   //!< pushed, and waiting for pulls
        ENDING,    //!< closing the round
        DOWN,      //!< crashed
        RETURNING, //!< asks others for its parameters
        DONE       //!< trains no more
    };

    void StartApplication() override;
    void StopApplication() override;
    float* OpenBlock(const BlockId& id, uint32_t length) override;
    bool Hold(const BlockId& id, const ArrivedSegments& segments) override;
    void BlockClosed(const BlockId& id, const SegmentMask& mask) override;
    void RoundOver(BlockDirection direction, uint32_t round) override;

    /// Starts the computation of the next round, or stops.
    void BeginRound();

    /// The simulated computation is over: joins the real one, pushes, and waits.
    void EndCompute();

    /// Pushes every block to its owner, and contributes one to this node's server.
    void Push();

    /// Moves what was pulled while computing to its place.
    void TakeEarlyPulls();

    /**
     * This node's server is done with a block.
     * @param round the round
     * @param block the block
     * @param result the block, or null if it is where it belongs
     * @param made the segments of the result, of size 0 for all
     */
    void LocalBlockDone(uint32_t round,
                        uint32_t block,
                        const float* result,
                        const SegmentMask& made);

    /// Ends the round if no block is awaited any more.
    void EndRoundIfComplete();

    /**
     * Whether no block of the round is awaited any more.
     * @return true if so
     */
    bool IsRoundComplete() const;

    /// PullDeadline has passed: ends the round, and waits no more for owners of whom nothing came.
    void DeadlinePassed();

    /// Gives up the gradient that is being computed.
    void AbandonGradient();

    /**
     * Ends the round, whatever has arrived, and begins another one; those in between end at once.
     * @param next the round to begin, above the current one
     */
    void EndRound(uint32_t next);

    /// Closes all blocks of the round.
    void ClosePulls();

    /// Does what remains of the last round, which no thread is doing.
    void SettleRound();

    /// Decodes what has come of the current round, too: somebody reads the replica.
    void DecodePulls();

    /**
     * Index among the hosts that may own blocks.
     * @param host index of a host that may
     * @return the index
     */
    uint32_t GetCandidate(uint32_t host) const;

    /// Sends the replica to those who have asked for it.
    void AnswerRequests();

    /// Gets back what the server on this node has lost, when this worker is done.
    void RestoreServer();

    /**
     * The parameters are back, or not to be had.
     * @param success whether they are
     * @param round the round that begins with them
     */
    void CaughtUp(bool success, uint32_t round);

    /// Ends the training for this worker.
    void Finish();

    Time m_pullDeadline;                     //!< longest time to wait for pulls
    bool m_catchesUp;                        //!< whether to get parameters back after a crash
    Ptr<TrainingSetup> m_setup;              //!< what all nodes know
    uint32_t m_self{0};                      //!< index of this host
    Ptr<BlockTransport> m_transport;         //!< of this host
    Ptr<ParameterServer> m_server;           //!< on this node, or null
    Ptr<ComputeModel> m_compute;             //!< how long computations take
    std::unique_ptr<BatchSampler> m_sampler; //!< draws mini-batches
    SegmentAges m_ages;                      //!< of copies of parameters
    std::unique_ptr<WorkerCoder> m_coder;    //!< null if blocks travel as they are

    State m_state{IDLE};                            //!< where the worker stands
    uint32_t m_round{0};                            //!< current round
    double m_batchLoss{0};                          //!< of the last gradient
    Replica m_replica;                              //!< what is learned
    PullRound m_pulls;                              //!< what has come in the current round
    EndedRound m_ended;                             //!< what remains to be done of the last one
    bool m_over{false};                             //!< the transport waits for no more of it
    Attendance m_attendance;                        //!< of the hosts that may own blocks
    ComputePool::Ticket m_ticket;                   //!< the computation that is going on
    EventId m_event;                                //!< end of the computation, or the deadline
    std::unique_ptr<CatchUp> m_catchUp;             //!< after a crash
    uint32_t m_retries{0};                          //!< how often what came was too old
    uint32_t m_latest{0};                           //!< rounds that others have pulled meanwhile
    std::vector<BlockId> m_requests;                //!< of others that catch up
    float m_request[CatchUp::REQUEST_LENGTH]{};     //!< room for a request, which brings nothing
    TracedCallback<uint32_t, uint32_t> m_jumpTrace; //!< the worker goes on with another round
    TracedCallback<uint32_t, uint32_t> m_roundEndTrace; //!< a round has ended
    TracedCallback<uint32_t> m_doneTrace;               //!< the last round has ended
};

} // namespace learning
} // namespace ns3

#endif /* WORKER_H */
