/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_ALGORITHM_H
#define TRAINING_ALGORITHM_H

#include "ns3/aggregation-rule.h"
#include "ns3/batch.h"
#include "ns3/block-coding.h"
#include "ns3/object.h"
#include "ns3/optimizer.h"
#include "ns3/segment-mask.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/// Numbers that begin at a multiple of 64 bytes.
using AlignedVector = std::vector<float, AlignedAllocator<float>>;

/**
 * @ingroup distributed-learning-application
 *
 * What one worker learns with.
 */
struct Replica
{
    AlignedVector parameters; //!< the model, d numbers
    AlignedVector gradient;   //!< d numbers, or empty if the algorithm keeps none
    Ptr<Optimizer> optimizer; //!< turns gradients into steps

    /// Parts of the vector, each from a number to one past another.
    using Ranges = std::vector<std::pair<std::size_t, std::size_t>>;

    Ranges unmoved; //!< parameters that the round's step leaves as they are
};

/**
 * @ingroup distributed-learning-application
 *
 * What workers push, what parameter servers make of it, and what workers do with what they pull.
 * Holds no state of its own: one object serves all nodes, several of them at the same time.
 */
class TrainingAlgorithm : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Allocates what the algorithm needs beside the parameters.
     * @param replica its parameters are set
     */
    virtual void Prepare(Replica& replica) const;

    /**
     * Where the gradient of a round is computed. Called on the thread that computes it.
     * @param replica the replica
     * @return room for d numbers
     */
    virtual float* GetGradientBuffer(Replica& replica) const = 0;

    /**
     * What follows the gradient at once, on the thread that computed it.
     * @param replica the replica
     * @param gradient what GetGradientBuffer() returned
     * @param round the round
     */
    virtual void AfterGradient(Replica& replica, const float* gradient, uint64_t round) const;

    /**
     * What a worker pushes.
     * @param replica the replica, after AfterGradient()
     * @return d numbers
     */
    virtual float* GetPushVector(Replica& replica) const = 0;

    /**
     * Where a worker writes what it pulls. Where segments are missing it stays as it was. Called on
     * any thread.
     * @param replica the replica
     * @return d numbers
     */
    virtual float* GetPullVector(Replica& replica) const = 0;

    /**
     * Makes up for what is missing of a block. Called before anybody reads the replica, most often
     * on the thread of the next gradient.
     * @param replica the replica
     * @param begin offset of the block in the parameter vector
     * @param layout how the block is cut
     * @param mask the segments that arrived; not all
     */
    virtual void HandleMissing(Replica& replica,
                               uint32_t begin,
                               const SegmentLayout& layout,
                               const SegmentMask& mask) const;

    /**
     * Ends a round, all blocks being pulled or given up. Called before anybody reads the replica,
     * most often on the thread of the next gradient, which therefore may run beside other workers'.
     * @param replica the replica
     * @param round the round
     */
    virtual void EndRound(Replica& replica, uint64_t round) const;

    /**
     * Whether servers keep the parameters of their block and send these, instead of the aggregate
     * of the pushes.
     * @return true if so; owners must then be fixed
     */
    virtual bool KeepsParametersAtServer() const;

    /**
     * How old a worker's copy of parameters may become before it is refreshed reliably.
     * @return largest age in rounds, 0 for always; negative for any
     */
    virtual int64_t GetAgeBound() const;

    /**
     * Refuses what makes no sense to be done to blocks on their way.
     * @param coding what is to be done
     * @param words 32-bit words in a segment
     * @throws std::invalid_argument with one sentence
     */
    virtual void CheckCoding(const BlockCoding& coding, uint32_t words) const;

    /**
     * How servers aggregate pushes.
     * @return the rule that every server makes a fresh one of
     */
    Ptr<AggregationRule> GetRule() const;

  protected:
    void DoDispose() override;

  private:
    Ptr<AggregationRule> m_rule; //!< how servers aggregate pushes
};

} // namespace learning
} // namespace ns3

#endif /* TRAINING_ALGORITHM_H */
