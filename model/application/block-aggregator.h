/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BLOCK_AGGREGATOR_H
#define BLOCK_AGGREGATOR_H

#include "push-round.h"
#include "server-coder.h"
#include "training-setup.h"

#include "ns3/block-transport.h"
#include "ns3/segment-ages.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * What a parameter server makes of the pushes of its block: decodes and aggregates them, steps the
 * parameters that it keeps, if it does, and sends the one or the other to workers, encoded if
 * blocks do not travel as they are.
 */
class BlockAggregator
{
  public:
    /// Told of every aggregation: round, block, contributions in the order of the workers, layout.
    using Observer = std::function<void(uint32_t,
                                        uint32_t,
                                        const std::vector<AggregationRule::Contribution>&,
                                        const SegmentLayout&)>;

    /**
     * Makes an aggregator that has seen nothing.
     * @param setup what all nodes know
     * @param self index of this host
     * @param transport of this host
     * @param optimizer for algorithms that keep parameters at the server; otherwise null
     * @param observer told before each aggregation
     */
    BlockAggregator(Ptr<TrainingSetup> setup,
                    uint32_t self,
                    Ptr<BlockTransport> transport,
                    Ptr<Optimizer> optimizer,
                    Observer observer);

    ~BlockAggregator();

    BlockAggregator(const BlockAggregator&) = delete;
    BlockAggregator& operator=(const BlockAggregator&) = delete;

    /// Forgets all that it has seen, kept parameters included.
    void Forget();

    /**
     * A worker has lost its copies of the parameters that are kept here.
     * @param worker the worker
     */
    void ForgetCopies(uint32_t worker);

    /**
     * Length of a block that is pushed, on the wire.
     * @param length its numbers
     * @return 32-bit words
     */
    uint32_t GetWireLength(uint32_t length) const;

    /**
     * How the numbers of a push are cut.
     * @param length numbers in the block
     * @return the layout
     */
    SegmentLayout GetPushLayout(uint32_t length) const;

    /**
     * Whether blocks do not travel as they are.
     * @return true if so
     */
    bool IsCoded() const;

    /**
     * Aggregates pushes, and begins to send the result: the aggregate, or the parameters that are
     * kept, after a step.
     * @param round the round
     * @param pushes what was pushed
     * @param pull where the worker on this node wants the result, or null
     * @return the segments that were made, of size 0 if none is missing
     */
    const SegmentMask& Finish(uint32_t round, PushRound& pushes, float* pull);

    /**
     * Averages contributions and steps the parameters that are kept.
     * @param round the round
     * @param pushes what was pushed
     * @param expected workers whose pushes were expected
     * @param weight of the average
     */
    void StepKeptParameters(uint32_t round, PushRound& pushes, uint32_t expected, float weight);

    /**
     * Sets the parameters that are kept.
     * @param block the block
     * @param parameters d numbers, of which those of the block are used
     */
    void SetKeptParameters(uint32_t block, const AlignedVector& parameters);

    /**
     * Begins to send the parameters that are kept.
     * @param round the round
     * @param block the block
     */
    void BeginKeptPulls(uint32_t round, uint32_t block);

    /**
     * Sends what was begun to a worker on another node.
     * @param worker the worker
     */
    void SendTo(uint32_t worker);

    /**
     * Hands what was begun to the worker on this node.
     * @param pull where it goes; may be where it is
     */
    void GiveTo(float* pull);

    /**
     * What is being sent.
     * @return the numbers of the block
     */
    const float* GetResult() const;

  private:
    /// Makes what it remembers, as of the start.
    void Begin();

    /**
     * Averages contributions.
     * @param round the round
     * @param pushes what was pushed
     * @param expected workers whose pushes were expected
     * @param result room for the block
     * @return the segments of the result that were made
     */
    SegmentMask Aggregate(uint32_t round, PushRound& pushes, uint32_t expected, float* result);

    /**
     * Begins to send a block.
     * @param round the round
     * @param block the block
     * @param values its numbers, which must stay until the last SendTo()
     * @param made the segments of it that there are, of size 0 for all
     */
    void BeginPulls(uint32_t round, uint32_t block, float* values, const SegmentMask& made);

    Ptr<TrainingSetup> m_setup;                 //!< what all nodes know
    uint32_t m_self;                            //!< index of this host
    Ptr<BlockTransport> m_transport;            //!< of this host
    Ptr<Optimizer> m_optimizer;                 //!< for kept parameters
    Observer m_observer;                        //!< told before each aggregation
    Ptr<AggregationRule> m_rule;                //!< this server's own
    std::unique_ptr<OverdueSegments> m_overdue; //!< null if parameters may be of any age
    std::unique_ptr<ServerCoder> m_coder;       //!< null if blocks travel as they are
    AlignedVector m_kept;     //!< parameters of the block, if the algorithm keeps them here
    AlignedVector m_result;   //!< the aggregate, where no worker shares the node
    BlockId m_pullId;         //!< what is being sent
    uint32_t m_begun{0};      //!< round after the latest one of which anything was sent
    float* m_values{nullptr}; //!< its numbers
    SegmentMask m_made;       //!< its segments, or of size 0 for all
};

} // namespace learning
} // namespace ns3

#endif /* BLOCK_AGGREGATOR_H */
