/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef CLOSED_BLOCKS_H
#define CLOSED_BLOCKS_H

#include "block-id.h"
#include "segment-mask.h"

#include <map>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-transport
 *
 * Remembers which segments of blocks had arrived when they were closed, for senders who ask.
 *
 * Limits: blocks more than ROUNDS rounds older than the newest one asked about in their direction
 * are forgotten.
 */
class ClosedBlocks
{
  public:
    static constexpr uint32_t ROUNDS = 16; //!< rounds that are remembered

    /**
     * Notes that a sender will ask about a block; before it is closed.
     * @param id the block; its peer is the sender
     */
    void Expect(const BlockId& id);

    /**
     * A block is closed. Does nothing if nobody will ask about it.
     * @param id the block; its peer is the sender
     * @param mask the segments that arrived
     */
    void Close(const BlockId& id, const SegmentMask& mask);

    /**
     * What had arrived of a block.
     * @param id the block; its peer is the sender
     * @return the mask, or null if the block was not closed or has been forgotten
     */
    const SegmentMask* Find(const BlockId& id) const;

    /// Forgets everything.
    void Clear();

  private:
    std::map<BlockId, SegmentMask> m_masks; //!< by block; empty until the block is closed
};

} // namespace learning
} // namespace ns3

#endif /* CLOSED_BLOCKS_H */
