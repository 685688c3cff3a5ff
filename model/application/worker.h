/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef WORKER_H
#define WORKER_H

#include "compute-model.h"
#include "parameter-server.h"
#include "training-setup.h"
#include "worker-coder.h"

#include "ns3/application.h"
#include "ns3/batch-sampler.h"
#include "ns3/block-transport.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"

#include <cstdint>
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
 * a pull of a later round shows that the others have gone on. A pull that comes while the worker
 * still computes is kept until it is done.
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
     * The replica. Waits for a computation that is going on; then it holds the model after the
     * local step.
     * @return d numbers
     */
    const AlignedVector& GetParameters() const;

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
        WAITING,   //!< pushed, and waiting for pulls
        ENDING,    //!< closing the round
        DONE       //!< trains no more
    };

    /// A block in the current round.
    struct Pull
    {
        bool early{false};  //!< its first packet came while the worker was computing
        bool closed{false}; //!< no more comes
        bool own{false};    //!< owned by this node's server
        SegmentMask mask;   //!< the segments that arrived, once closed
    };

    void StartApplication() override;
    void StopApplication() override;
    float* OpenBlock(const BlockId& id, uint32_t length) override;
    void BlockClosed(const BlockId& id, const SegmentMask& mask) override;
    void RoundOver(BlockDirection direction, uint32_t round) override;

    /// Starts the computation of the next round, or stops.
    void BeginRound();

    /// The simulated computation is over: joins the real one, pushes, and waits.
    void EndCompute();

    /// Moves what was pulled while computing to its place.
    void TakeEarlyPulls();

    /**
     * This node's server is done with a block that this worker contributed to.
     * @param round the round
     * @param block the block
     */
    void LocalBlockDone(uint32_t round, uint32_t block);

    /// Ends the round if all blocks are closed.
    void EndRoundIfComplete();

    /// Ends the round, whatever has arrived.
    void EndRound();

    /// Ends the training for this worker.
    void Finish();

    Time m_pullDeadline;                     //!< longest time to wait for pulls
    Ptr<TrainingSetup> m_setup;              //!< what all nodes know
    uint32_t m_self{0};                      //!< index of this host
    Ptr<BlockTransport> m_transport;         //!< of this host
    Ptr<ParameterServer> m_server;           //!< on this node, or null
    Ptr<ComputeModel> m_compute;             //!< how long computations take
    std::unique_ptr<BatchSampler> m_sampler; //!< draws mini-batches
    std::unique_ptr<WorkerCoder> m_coder;    //!< null if blocks travel as they are

    State m_state{IDLE};                                //!< where the worker stands
    uint32_t m_round{0};                                //!< current round
    double m_batchLoss{0};                              //!< of the last gradient
    Replica m_replica;                                  //!< what is learned
    AlignedVector m_early;                              //!< blocks pulled while computing
    std::vector<Pull> m_pulls;                          //!< by block
    uint32_t m_closed{0};                               //!< blocks closed
    bool m_over{false};                                 //!< the transport waits for no more blocks
    ComputePool::Ticket m_ticket;                       //!< the computation that is going on
    EventId m_event;                                    //!< end of the computation, or the deadline
    TracedCallback<uint32_t, uint32_t> m_roundEndTrace; //!< a round has ended
    TracedCallback<uint32_t> m_doneTrace;               //!< the last round has ended
};

} // namespace learning
} // namespace ns3

#endif /* WORKER_H */
