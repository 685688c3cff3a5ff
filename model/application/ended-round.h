/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef ENDED_ROUND_H
#define ENDED_ROUND_H

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
 * What remains to be done of a round that a worker has ended: to decode what it has pulled, to make
 * up for what is missing, and the algorithm's last step. Nobody needs that before the replica is
 * read, which most often is the next gradient's thread: there it runs beside other workers'
 * packets, and leaves the parameters in that core's cache.
 */
class EndedRound
{
  public:
    /// A block that was pulled.
    struct Block
    {
        uint32_t begin;                    //!< its offset in the parameter vector
        SegmentLayout layout;              //!< how it is cut
        SegmentMask mask;                  //!< the segments that arrived
        std::vector<ArrivedSegments> held; //!< those of them that are still to be decoded
    };

    /**
     * A round has ended. The one before must be settled.
     * @param round the round
     */
    void Begin(uint32_t round);

    /**
     * Adds a block of the round that has ended.
     * @param block the block
     */
    void Add(Block&& block);

    /**
     * Does what remains, if anything does; on any thread, while nobody else uses the replica.
     * @param algorithm the algorithm
     * @param replica updated
     */
    void Settle(const TrainingAlgorithm& algorithm, Replica& replica);

    /// Lets go of the packets, and of what remains; on the simulation's thread.
    void Clear();

  private:
    uint32_t m_round{0};         //!< the round
    bool m_isSettled{true};      //!< whether nothing remains
    std::vector<Block> m_blocks; //!< of the round
};

} // namespace learning
} // namespace ns3

#endif /* ENDED_ROUND_H */
