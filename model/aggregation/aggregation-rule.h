/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AGGREGATION_RULE_H
#define AGGREGATION_RULE_H

#include "ns3/object.h"
#include "ns3/segment-mask.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-aggregation
 *
 * What a parameter server makes of the contributions to its block, segment by segment. Sums run in
 * the order of the contributions, which is that of the workers, so that the result does not depend
 * on who was first.
 *
 * Every server has a rule of its own, a copy of the one that the algorithm is given, so a rule may
 * remember what it has seen.
 */
class AggregationRule : public Object
{
  public:
    /// What one worker contributed; valid while it is aggregated.
    struct Contribution
    {
        const float* values;     //!< the block
        const SegmentMask* mask; //!< the segments of it that are there
        bool local{false};       //!< from the worker on the server's node: never lost
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Aggregates a block.
     * @param contributions in the order of the workers; workers of whom nothing came are left out
     * @param layout how the block is cut
     * @param expected workers whose contributions were expected, at least as many as there are
     * @param result room for the block; segments that cannot be made are left as they are. May be
     * one of the contributions
     * @return the segments of the result that were made
     */
    virtual SegmentMask Aggregate(const std::vector<Contribution>& contributions,
                                  const SegmentLayout& layout,
                                  uint32_t expected,
                                  float* result) = 0;

    /**
     * Makes a rule for another server.
     * @return a rule of the same type and attributes that has seen nothing
     */
    Ptr<AggregationRule> MakeFresh() const;
};

} // namespace learning
} // namespace ns3

#endif /* AGGREGATION_RULE_H */
