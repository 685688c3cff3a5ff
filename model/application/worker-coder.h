/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef WORKER_CODER_H
#define WORKER_CODER_H

#include "training-setup.h"

#include "ns3/block-encoder.h"
#include "ns3/block-transport.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * What stands between a worker and its transport if blocks do not travel as they are: encodes what
 * it pushes, and decodes what it pulls. Only for a setup with a coding.
 */
class WorkerCoder
{
  public:
    /**
     * Makes a coder.
     * @param setup what all nodes know; must stay
     * @param self index of this host
     * @param transport of this host
     */
    WorkerCoder(const TrainingSetup& setup, uint32_t self, Ptr<BlockTransport> transport);

    ~WorkerCoder();

    WorkerCoder(const WorkerCoder&) = delete;
    WorkerCoder& operator=(const WorkerCoder&) = delete;

    /**
     * Pushes a block.
     * @param id the block; its peer is the owner
     * @param push the vector to push, d numbers
     */
    void Push(const BlockId& id, const float* push);

    /**
     * Takes the block that the server of this node owns, which need not travel.
     * @param round the round
     * @param block the block
     * @param push the vector to push, d numbers
     * @return what the server is to be given, and where its result goes: valid until the next call
     */
    float* Take(uint32_t round, uint32_t block, const float* push);

    /**
     * Length of a block that is pulled, on the wire.
     * @param block the block
     * @return 32-bit words
     */
    uint32_t GetPullLength(uint32_t block) const;

    /**
     * Where a block that is pulled goes.
     * @param block the block
     * @return room for GetPullLength() words
     */
    float* GetPullRoom(uint32_t block);

    /**
     * How the numbers of a block that is pulled are cut.
     * @param block the block
     * @return the layout
     */
    SegmentLayout GetPullLayout(uint32_t block) const;

    /**
     * Decodes what arrived of a block, over the numbers that the worker had. Until EndPull() the
     * block is rotated, if blocks are, with the worker's own numbers where segments are missing.
     * @param id the block; its peer is the owner
     * @param mask the segments that arrived
     * @param pull the vector to pull into, d numbers
     */
    void BeginPull(const BlockId& id, const SegmentMask& mask, float* pull);

    /**
     * Rotates a block back, what is missing of it being made up for.
     * @param round the round
     * @param block the block
     * @param pull the vector to pull into, d numbers
     */
    void EndPull(uint32_t round, uint32_t block, float* pull);

    /**
     * Takes over what the server of this node made of its block.
     * @param round the round
     * @param block the block
     * @param pull the vector to pull into, d numbers
     */
    void TakeBack(uint32_t round, uint32_t block, float* pull);

    /**
     * What error feedback has still to repay.
     * @return the residual by parameter; empty without error feedback
     */
    const std::vector<float>& GetResidual() const;

  private:
    const TrainingSetup& m_setup;     //!< what all nodes know
    Ptr<BlockTransport> m_transport;  //!< of this host
    uint32_t m_words;                 //!< 32-bit words in a segment
    BlockEncoder m_encoder;           //!< of pushes
    std::vector<float> m_own;         //!< the block that need not travel
    std::vector<std::size_t> m_begin; //!< offsets of blocks in m_room, by block
    AlignedVector m_room;             //!< words that are pulled, all blocks
};

} // namespace learning
} // namespace ns3

#endif /* WORKER_CODER_H */
