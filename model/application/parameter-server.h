/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PARAMETER_SERVER_H
#define PARAMETER_SERVER_H

#include "server-coder.h"
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
 * A round is closed when the push of every worker is closed, or when PushDeadline has passed since
 * the first arrival (for a server on a worker's node: since that worker's own contribution, which
 * is therefore always counted). Whatever comes later is late. Segments to which nobody contributed
 * are not sent.
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
     * included
     * @param layout how the block is cut
     */
    typedef void (*AggregateTracedCallback)(
        uint32_t round,
        uint32_t block,
        const std::vector<AggregationRule::Contribution>& contributions,
        const SegmentLayout& layout);

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
     * Says who is told when a block that this node's own worker contributed to is done.
     * @param callback called with the round and the block
     */
    void SetLocalCallback(std::function<void(uint32_t, uint32_t)> callback);

    /**
     * Takes the contribution of the worker on the same node, which is never lost, and starts the
     * deadline.
     * @param round the round
     * @param block a block that this server owns in the round
     * @param push the worker's numbers of the block; must not change until the callback
     * @param pull where the result goes for that worker; may be the same
     */
    void Contribute(uint32_t round, uint32_t block, const float* push, float* pull);

    /**
     * Closes a round, whatever has arrived. Does nothing if it is not open.
     * @param round the round
     */
    void CloseRound(uint32_t round);

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

  private:
    /// What one worker pushed.
    struct Slot
    {
        SegmentMask mask;   //!< the segments that arrived
        bool open{false};   //!< packets are coming in
        bool closed{false}; //!< no more will
    };

    /// A round that is open.
    struct Round
    {
        uint32_t block{0};             //!< the block owned
        uint32_t length{0};            //!< its length
        uint32_t stride{0};            //!< its length on the wire
        std::vector<Slot> slots;       //!< by worker
        uint32_t closed{0};            //!< number of closed slots
        std::unique_ptr<float[]> room; //!< workers x stride numbers, from the first arrival on
        const float* push{nullptr};    //!< own contribution, if this node's worker has made it
        float* pull{nullptr};          //!< where the result goes for that worker
        bool finishing{false};         //!< being closed
        bool over{false};              //!< the transport waits for nobody any more
        EventId deadline;              //!< when it closes at the latest
    };

    void StartApplication() override;
    void StopApplication() override;
    float* OpenBlock(const BlockId& id, uint32_t length) override;
    void BlockClosed(const BlockId& id, const SegmentMask& mask) override;
    void RoundOver(BlockDirection direction, uint32_t round) override;

    /**
     * Length of a block that is pushed, on the wire.
     * @param length its numbers
     * @return 32-bit words
     */
    uint32_t GetWireLength(uint32_t length) const;

    /**
     * The state of a round, made if it is new.
     * @param round the round, not closed before
     * @param block the block owned in it
     * @return its state
     */
    Round& Open(uint32_t round, uint32_t block);

    /**
     * Starts the deadline of a round.
     * @param round the round
     * @param state its state
     */
    void StartDeadline(uint32_t round, Round& state);

    /**
     * Closes a round if nobody's push is awaited any more.
     * @param round the round
     * @param state its state
     */
    void CloseIfComplete(uint32_t round, const Round& state);

    /**
     * Aggregates and sends the result.
     * @param round the round
     * @param state its state, all slots closed
     */
    void Finish(uint32_t round, Round& state);

    /**
     * Steps the parameters that this server keeps.
     * @param round the round
     * @param state its state
     * @param gradient the aggregate; segments that were not made are set to zero
     * @param made the segments that were made
     */
    void StepKeptParameters(uint32_t round, Round& state, float* gradient, const SegmentMask& made);

    Time m_pushDeadline;                  //!< longest time that a round is open
    Ptr<TrainingSetup> m_setup;           //!< what all nodes know
    uint32_t m_self{0};                   //!< index of this host
    Ptr<BlockTransport> m_transport;      //!< of this host
    Ptr<Optimizer> m_optimizer;           //!< for kept parameters
    Ptr<AggregationRule> m_rule;          //!< this server's own
    std::unique_ptr<ServerCoder> m_coder; //!< null if blocks travel as they are
    AlignedVector m_kept; //!< parameters of the block, if the algorithm keeps them here
    std::function<void(uint32_t, uint32_t)> m_localCallback; //!< tells this node's worker
    std::map<uint32_t, Round> m_rounds;                      //!< open rounds
    uint32_t m_floor{0};                                     //!< rounds below are closed
    std::unique_ptr<float[]> m_spareRoom; //!< of a closed round, for the next one
    std::size_t m_spareLength{0};         //!< its size in numbers
    AlignedVector m_result;               //!< the aggregate, where no worker shares the node
    TracedCallback<uint32_t,
                   uint32_t,
                   const std::vector<AggregationRule::Contribution>&,
                   const SegmentLayout&>
        m_aggregateTrace; //!< before each aggregation
};

} // namespace learning
} // namespace ns3

#endif /* PARAMETER_SERVER_H */
