/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BLOCK_CODING_H
#define BLOCK_CODING_H

#include "compressor.h"

#include "ns3/block-id.h"
#include "ns3/object.h"
#include "ns3/segment-mask.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * What happens to a block between its sender and the transport, and between the transport and its
 * receiver: the whole block may be rotated, and cut into chunks that a compressor makes a segment
 * of each. One object serves all nodes.
 *
 * Senders of gradients may also keep what has not reached the other side and add it to the next
 * gradient (see BlockEncoder).
 */
class BlockCoding : public Object
{
  public:
    /// Which blocks are compressed.
    enum Ways
    {
        PUSHES, //!< those to servers
        PULLS,  //!< those to workers
        BOTH    //!< all
    };

    /// What a sender of gradients adds to the next one.
    enum Feedback
    {
        NONE,        //!< nothing
        LOCAL,       //!< what its compressor left out
        ACKNOWLEDGED //!< that, and what was sent but not acknowledged as received
    };

    /// How a block is cut on the wire, and the same segments in its numbers.
    struct Cut
    {
        SegmentLayout wire;    //!< in 32-bit words that travel
        SegmentLayout numbers; //!< in numbers; as many segments
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Sets what random choices depend on.
     * @param seed any number
     */
    void SetSeed(uint64_t seed);

    /**
     * Refuses what makes no sense.
     * @param pushesGradients whether workers push gradients, rather than models
     * @param pullsGradients whether servers send gradients, rather than models
     * @param words 32-bit words in a segment
     * @throws std::invalid_argument with one sentence
     */
    void Check(bool pushesGradients, bool pullsGradients, uint32_t words) const;

    /**
     * Whether anything is to be done at all.
     * @return false if blocks travel as they are
     */
    bool IsActive() const;

    /**
     * Whether blocks are compressed.
     * @param direction which way they travel
     * @return true if so
     */
    bool Compresses(BlockDirection direction) const;

    /**
     * Whether blocks are rotated, both ways.
     * @return true if so
     */
    bool Rotates() const;

    /**
     * What a sender of gradients remembers.
     * @param direction which way its blocks travel
     * @return what it adds to the next gradient
     */
    Feedback GetFeedback(BlockDirection direction) const;

    /**
     * How a block is cut.
     * @param direction which way it travels
     * @param length numbers in the block, at least 1
     * @param words 32-bit words in a segment
     * @return the cut
     */
    Cut GetCut(BlockDirection direction, uint32_t length, uint32_t words) const;

    /**
     * Compresses a block.
     * @param id the block; its peer is the sender
     * @param cut how it is cut
     * @param values its numbers
     * @param wire cut.wire.blockLength words, written
     */
    void Encode(const BlockId& id, const Cut& cut, const float* values, float* wire) const;

    /**
     * The inverse of Encode(), as far as there is one.
     * @param id the block; its peer is the sender
     * @param cut how it is cut
     * @param wire words; those of segments that are missing are not read
     * @param mask the segments that are there
     * @param values numbers, written where the mask says
     */
    void Decode(const BlockId& id,
                const Cut& cut,
                const float* wire,
                const SegmentMask& mask,
                float* values) const;

    /**
     * Rotates a block, if blocks are rotated; alike for all senders and both ways in a round.
     * @param round the round
     * @param block index of the block
     * @param values its numbers, changed
     * @param length how many
     */
    void Rotate(uint32_t round, uint32_t block, float* values, uint32_t length) const;

    /**
     * The inverse of Rotate().
     * @param round the round
     * @param block index of the block
     * @param values its numbers, changed
     * @param length how many
     */
    void Unrotate(uint32_t round, uint32_t block, float* values, uint32_t length) const;

  protected:
    void DoDispose() override;

  private:
    /**
     * Key of the random choices for a chunk.
     * @param id the block; its peer is the sender
     * @param chunk index of the chunk
     * @return the key
     */
    uint64_t GetKey(const BlockId& id, uint32_t chunk) const;

    Ptr<Compressor> m_compressor; //!< or null
    Ways m_ways;                  //!< which blocks are compressed
    bool m_hadamard;              //!< whether blocks are rotated
    Feedback m_feedback;          //!< what senders of gradients remember
    uint64_t m_seed{0};           //!< of random choices
};

} // namespace learning
} // namespace ns3

#endif /* BLOCK_CODING_H */
