/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PULL_ROUND_H
#define PULL_ROUND_H

#include "training-algorithm.h"

#include "ns3/block-receiver.h"
#include "ns3/segment-mask.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * What a worker has pulled in one round, by block. Numbers that come while it still computes are
 * kept apart until it is done; later on packets are held until the round has ended, where the
 * transport has them.
 */
class PullRound
{
  public:
    /**
     * Begins a round, with nothing pulled.
     * @param blocks number of blocks
     */
    void Begin(uint32_t blocks);

    /**
     * Number of blocks.
     * @return the number
     */
    uint32_t GetBlockCount() const;

    /**
     * Number of blocks that are closed.
     * @return the number
     */
    uint32_t GetClosedCount() const;

    /**
     * The first packet of a block has come.
     * @param block the block
     */
    void Open(uint32_t block);

    /**
     * The first packet of a block has come while the worker computes.
     * @param block the block
     * @param begin its offset in the parameter vector
     * @param parameters length of that vector
     * @return where the block's numbers go for now
     */
    float* OpenEarly(uint32_t block, uint32_t begin, std::size_t parameters);

    /**
     * Holds segments of a block that is open, to be decoded when the round has ended.
     * @param block the block
     * @param segments what came
     */
    void Hold(uint32_t block, const ArrivedSegments& segments);

    /**
     * Gives away the packets of a block.
     * @param block the block
     * @return what was held
     */
    std::vector<ArrivedSegments> TakeHeld(uint32_t block);

    /**
     * No more comes of a block.
     * @param block the block, not closed
     * @param mask the segments that arrived
     */
    void Close(uint32_t block, const SegmentMask& mask);

    /**
     * The server on this node will write a block, or leaves it to the worker.
     * @param block the block
     */
    void SetOwn(uint32_t block);

    /**
     * Where a block stands.
     * @param block the block
     * @return true once its first packet has come
     */
    bool IsOpen(uint32_t block) const;

    /**
     * Whether no more comes of a block.
     * @param block the block
     * @return true if so
     */
    bool IsClosed(uint32_t block) const;

    /**
     * Whether a block's first packet came while the worker computed.
     * @param block the block
     * @return true if so
     */
    bool IsEarly(uint32_t block) const;

    /**
     * Whether the server on this node writes a block.
     * @param block the block
     * @return true if so
     */
    bool IsOwn(uint32_t block) const;

    /**
     * The segments that arrived of a block.
     * @param block the block
     * @param segments how many it has
     * @return the segments, none if the block was not closed
     */
    const SegmentMask& GetMask(uint32_t block, uint32_t segments);

    /**
     * Numbers that came while the worker computed.
     * @param begin offset in the parameter vector
     * @return the numbers
     */
    const float* GetEarly(uint32_t begin) const;

  private:
    /// A block.
    struct Pull
    {
        bool open{false};                  //!< its first packet has come
        bool early{false};                 //!< while the worker was computing
        bool closed{false};                //!< no more comes
        bool own{false};                   //!< written by this node's server
        SegmentMask mask;                  //!< the segments that arrived, once closed
        std::vector<ArrivedSegments> held; //!< those of them that are not decoded
    };

    std::vector<Pull> m_pulls; //!< by block
    uint32_t m_closed{0};      //!< blocks closed
    AlignedVector m_early;     //!< blocks pulled while computing
};

} // namespace learning
} // namespace ns3

#endif /* PULL_ROUND_H */
