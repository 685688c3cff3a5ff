/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SEGMENT_AGES_H
#define SEGMENT_AGES_H

#include "ns3/block-id.h"
#include "ns3/segment-mask.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * How old a worker's copies of the segments of blocks are: the rounds that have ended since it
 * received each, 0 for those of the round just ended.
 *
 * With independent loss of rate p and no other refresh, P(age >= a) = p^a, mean p / (1 - p).
 *
 * Source: the bounded-drift broadcast of "Distributed Training under Packet Loss" (arXiv
 * 2507.07114).
 */
class SegmentAges
{
  public:
    /**
     * Begins anew: all segments are what they were at the begin of a round.
     * @param round the round, 0 for the start
     */
    void Begin(uint32_t round);

    /**
     * A round has ended for a block.
     * @param block the block
     * @param round the round
     * @param mask the segments of it that arrived
     */
    void EndRound(uint32_t block, uint32_t round, const SegmentMask& mask);

    /**
     * Ages at the ends of all rounds so far.
     * @return number of segments by their age
     */
    const std::vector<uint64_t>& GetHistogram() const;

  private:
    uint32_t m_begin{0}; //!< round at whose begin all segments were known
    std::map<uint32_t, std::vector<uint32_t>>
        m_versions; //!< round in which each segment was received last, plus 1, by block
    std::vector<uint64_t> m_histogram; //!< segments by age
};

/**
 * @ingroup distributed-learning-aggregation
 *
 * Which workers have segments that are about to be too old, as their server sees it: by what they
 * have acknowledged, so that it never takes a copy for younger than it is.
 */
class OverdueSegments
{
  public:
    /**
     * Begins, every worker having the parameters of the start.
     * @param bound largest age that is allowed, in rounds
     */
    explicit OverdueSegments(uint32_t bound);

    /**
     * Whether some segment would be too old if it was lost once more.
     * @param worker the worker
     * @param block the block
     * @param round the round whose parameters are about to be sent
     * @return true if so
     */
    bool IsOverdue(uint32_t worker, uint32_t block, uint32_t round) const;

    /**
     * Takes note of what a worker has received.
     * @param id the block; its peer is the worker
     * @param mask the segments that arrived
     */
    void Delivered(const BlockId& id, const SegmentMask& mask);

    /**
     * A worker has lost its copies: all of its segments are as old as the training, until it has
     * received them anew.
     * @param worker the worker
     * @param round what it has received of earlier rounds is lost, too
     */
    void Forget(uint32_t worker, uint32_t round);

  private:
    uint32_t m_bound; //!< largest age that is allowed
    /// Rounds of the parameters that were received last, plus 1, by worker and block.
    std::map<std::pair<uint32_t, uint32_t>, std::vector<uint32_t>> m_versions;
    std::map<uint32_t, uint32_t> m_floors; //!< round from which on deliveries count, by worker
};

} // namespace learning
} // namespace ns3

#endif /* SEGMENT_AGES_H */
