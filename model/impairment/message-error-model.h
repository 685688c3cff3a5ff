/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MESSAGE_ERROR_MODEL_H
#define MESSAGE_ERROR_MODEL_H

#include "segment-error-model.h"

#include "ns3/random-variable-stream.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * Drops messages: of a block that a host sends to another in a round, all data segments or none.
 *
 * The verdict is a hash of the message under a key that is drawn once from the random stream. So it
 * is the same for all packets of a message, in any order and however long they are under way, and
 * nothing need be remembered. What is sent again of a block is another message, so what repeats
 * does come through. A control segment and a packet of other traffic is a message of its own and
 * takes a draw.
 *
 * Limits: if DropRate changes while a block passes, the rest of it is judged by the new one.
 * Source: the network model of "Distributed Learning over Unreliable Networks" (ICML 2019), Section
 * 3, in which a message, not a packet, is lost with probability p.
 */
class MessageErrorModel : public SegmentErrorModel
{
  public:
    MessageErrorModel();

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    int64_t AssignStreams(int64_t stream) override;

  private:
    bool DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message) override;
    void DoReset() override;

    /**
     * A number that belongs to a message.
     * @param message the message
     * @return uniform in [0, 1)
     */
    double GetNumber(const SegmentTag::Message& message);

    double m_dropRate;                    //!< probability that a message is dropped, in [0, 1]
    uint32_t m_key[2];                    //!< what makes this model's verdicts its own
    bool m_hasKey{false};                 //!< whether the key has been drawn
    Ptr<UniformRandomVariable> m_uniform; //!< the key, and one draw a message without data
};

} // namespace learning
} // namespace ns3

#endif /* MESSAGE_ERROR_MODEL_H */
