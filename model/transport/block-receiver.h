/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BLOCK_RECEIVER_H
#define BLOCK_RECEIVER_H

#include "block-id.h"
#include "segment-mask.h"

#include "ns3/packet.h"
#include "ns3/ptr.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Consecutive segments of a block as they came in one packet, not decoded.
 */
struct ArrivedSegments
{
    Ptr<const Packet> packet; //!< keeps the bytes; null if they last no longer than the call
    const uint8_t* bytes;     //!< the numbers from the first segment on, network byte order
    uint32_t first;           //!< index of the first segment
    uint64_t alive;           //!< bit i is set if segment first + i arrived

    /**
     * Decodes what arrived.
     * @param layout how the block is cut
     * @param block the block, written where segments arrived
     */
    void Decode(const SegmentLayout& layout, float* block) const;
};

/**
 * @ingroup distributed-learning-transport
 *
 * What a transport asks of those who receive blocks: a worker, which receives pulls, and a
 * parameter server, which receives pushes.
 */
class BlockReceiver
{
  public:
    virtual ~BlockReceiver() = default;

    /**
     * The first packet of a block has come.
     * @param id the block; its peer is the sender
     * @param length numbers in the block
     * @return where its numbers go (they stay untouched where segments are missing), or null if it
     * comes too late
     */
    virtual float* OpenBlock(const BlockId& id, uint32_t length) = 0;

    /**
     * Segments have come of a block that is open. Whoever needs the numbers only later may hold the
     * packet instead of having them written now: they are read once less, and from nearer memory.
     * @param id the block; its peer is the sender
     * @param segments what came, with its packet
     * @return whether they are held; if not, as unless this is overridden, they are written where
     * OpenBlock() said
     */
    virtual bool Hold(const BlockId& /* id */, const ArrivedSegments& /* segments */)
    {
        return false;
    }

    /**
     * A block that was opened is closed: nothing more is written.
     * @param id the block; its peer is the sender
     * @param mask the segments that arrived
     */
    virtual void BlockClosed(const BlockId& id, const SegmentMask& mask) = 0;

    /**
     * The transport has waited long enough for the blocks of a round: those of which nothing has
     * come shall not be waited for. Does nothing unless it is overridden.
     * @param direction which way they travel
     * @param round the round
     */
    virtual void RoundOver(BlockDirection /* direction */, uint32_t /* round */)
    {
    }
};

} // namespace learning
} // namespace ns3

#endif /* BLOCK_RECEIVER_H */
