/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PARAMETER_SERVER_H
#define PARAMETER_SERVER_H

#include "attendance.h"
#include "block-aggregator.h"
#include "catch-up.h"
#include "push-round.h"
#include "training-setup.h"

#include "ns3/application.h"
#include "ns3/block-transport.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Owns one block of the parameters in a round (or none): takes in the workers' pushes, aggregates
 * what arrived, and sends the result to every worker.
 *
 * A round is closed when as many pushes are closed as the SynchronizationProtocol says, or when
 * PushDeadline has passed since the first arrival (for a server on a worker's node whose protocol
 * waits for all: since that worker's own contribution, which is therefore always counted). Whatever
 * comes later is late. Segments to which nobody contributed are not sent. A worker of whom nothing
 * came before the deadline is not waited for in later rounds, until anything comes from it again.
 *
 * A server that crashes loses its open rounds and the parameters that it keeps. Restarted, it gets
 * these back: one on a worker's node with that worker (see CatchUp), another one from the replica
 * of any worker; until then it collects pushes, and closes no round.
 *
 * Servers of protocols that answer each worker by itself are AnsweringParameterServers.
 *
 * Source: "Distributed Learning over Unreliable Networks" (ICML 2019), Algorithm 1, lines on
 * reduce-scatter and all-gather.
 */
class ParameterServer : public Application, private BlockReceiver
{
  public:
    /**
     * Signature of the Aggregate trace source.
     * @param round the round
     * @param block the block
     * @param contributions what was averaged, in the order of the workers, the server's own
     * included; valid during the call
     * @param layout how the block is cut
     */
    typedef void (*AggregateTracedCallback)(
        uint32_t round,
        uint32_t block,
        const std::vector<AggregationRule::Contribution>& contributions,
        const SegmentLayout& layout);

    /**
     * How the worker on the same node is told that a block is done.
     * @param round the round
     * @param block the block
     * @param result the block, or null if it is where the worker wanted it
     * @param made the segments of the result; unless null, of size 0 if none is missing
     */
    using LocalCallback = std::function<
        void(uint32_t round, uint32_t block, const float* result, const SegmentMask& made)>;

    ParameterServer();

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Says what this server is part of; before the application starts.
     * @param setup what all nodes know
     * @param self index of this host
     * @param transport of this host
     * @param optimizer for algorithms that keep parameters at the server; otherwise null
     */
    void Configure(Ptr<TrainingSetup> setup,
                   uint32_t self,
                   Ptr<BlockTransport> transport,
                   Ptr<Optimizer> optimizer);

    /**
     * Says who is told when a block is done: this node's own worker.
     * @param callback called for every block that is closed
     */
    void SetLocalCallback(LocalCallback callback);

    /**
     * Takes the contribution of the worker on the same node, which is never lost, and starts the
     * deadline.
     * @param round the round
     * @param block a block that this server owns in the round
     * @param push the worker's numbers of the block; must not change until the callback
     * @param pull where the result goes for that worker; may be the same
     */
    virtual void Contribute(uint32_t round, uint32_t block, const float* push, float* pull);

    /**
     * Closes a round, whatever has arrived. Does nothing if it is not open.
     * @param round the round
     */
    virtual void CloseRound(uint32_t round);

    /// Loses all that it knows, as when its process or machine dies.
    void Crash();

    /// Comes back after a crash.
    void Restart();

    /**
     * Goes on after a crash. Does nothing if this server does not wait for it.
     * @param round the round that begins
     * @param parameters d numbers, of which those of the block that it keeps are used
     */
    void Resume(uint32_t round, const AlignedVector& parameters);

    /**
     * The block that this server keeps.
     * @return its index
     */
    uint32_t GetKeptBlock() const;

    /**
     * What all nodes know.
     * @return the setup
     */
    Ptr<TrainingSetup> GetSetup() const;

    /**
     * The transport of this host.
     * @return the transport
     */
    Ptr<BlockTransport> GetTransport() const;

  protected:
    void DoDispose() override;

    void StopApplication() override;
    float* OpenBlock(const BlockId& id, uint32_t length) override;
    bool Hold(const BlockId& id, const ArrivedSegments& segments) override;
    void BlockClosed(const BlockId& id, const SegmentMask& mask) override;
    void RoundOver(BlockDirection direction, uint32_t round) override;

    /// Forgets all that it knows.
    virtual void Forget();

    /// Goes on with the rounds that are open, after a crash.
    virtual void GoOn();

    /// A round that is open.
    struct Round
    {
        PushRound pushes;      //!< what has come
        float* pull{nullptr};  //!< where the result goes for the worker on this node
        bool finishing{false}; //!< being closed
        bool over{false};      //!< the transport waits for nobody any more
        EventId deadline{};    //!< when it closes at the latest
    };

    /**
     * The state of a round, made if it is new.
     * @param round the round, not closed before
     * @param block the block owned in it
     * @return its state
     */
    Round& Open(uint32_t round, uint32_t block);

    /**
     * Takes a push whose first packet has come.
     * @param id the push, not too late
     * @return where its numbers go, or null if it is closed
     */
    float* OpenPush(const BlockId& id);

    /**
     * Starts the deadline of a round, unless it runs.
     * @param round the round
     * @param state its state
     */
    void StartDeadline(uint32_t round, Round& state);

    Time m_pushDeadline;                           //!< longest time that a round is open
    Ptr<TrainingSetup> m_setup;                    //!< what all nodes know
    uint32_t m_self{0};                            //!< index of this host
    Ptr<BlockTransport> m_transport;               //!< of this host
    std::unique_ptr<BlockAggregator> m_aggregator; //!< makes a result of pushes
    LocalCallback m_localCallback;                 //!< tells this node's worker
    Attendance m_attendance;                       //!< of the workers
    std::map<uint32_t, Round> m_rounds;            //!< open rounds
    uint32_t m_floor{0};                           //!< rounds below are closed
    PushRound::Room m_spareRoom;                   //!< of a closed round, for the next one
    bool m_recovering{false};                      //!< whether kept parameters are lost

  private:
    void StartApplication() override;

    /**
     * The deadline of a round has passed: closes it, and waits no more for those of whom nothing
     * came.
     * @param round the round
     */
    virtual void DeadlinePassed(uint32_t round);

    /**
     * Closes a round if nobody's push is awaited any more.
     * @param round the round
     * @param state its state
     */
    void CloseIfComplete(uint32_t round, const Round& state);

    /**
     * Aggregates and sends the result.
     * @param round the round
     * @param state its state, nothing coming in any more
     */
    void Finish(uint32_t round, Round& state);

    bool m_isDown{false};               //!< crashed
    std::unique_ptr<CatchUp> m_catchUp; //!< after a crash, on a node without a worker
    TracedCallback<uint32_t,
                   uint32_t,
                   const std::vector<AggregationRule::Contribution>&,
                   const SegmentLayout&>
        m_aggregateTrace; //!< before each aggregation
};

} // namespace learning
} // namespace ns3

#endif /* PARAMETER_SERVER_H */
