/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SEGMENT_ERROR_MODEL_H
#define SEGMENT_ERROR_MODEL_H

#include "ns3/error-model.h"
#include "ns3/traced-callback.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * An error model that drops each segment of a packet on its own, whether the packet carries one
 * segment or a train.
 *
 * Derived classes say what happens to the next segment. A packet is corrupt when nothing of it is
 * left; otherwise its SegmentTag is told what was lost. Control segments and packets of other
 * applications pass untouched unless the attributes say otherwise (the paper's model drops data
 * only).
 */
class SegmentErrorModel : public ErrorModel
{
  public:
    /**
     * Signature of the Drop trace source.
     * @param packet the packet, its tag still telling the segments that were alive before
     * @param segments number of data segments dropped now
     */
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet, uint32_t segments);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Fixes the random streams used.
     * @param stream first stream number
     * @return number of streams used
     */
    virtual int64_t AssignStreams(int64_t stream) = 0;

  protected:
    /**
     * Decides over the next segment; called once a segment that comes by, in order.
     * @return true to drop it
     */
    virtual bool DropsNextSegment() = 0;

  private:
    bool DoCorrupt(Ptr<Packet> packet) override;

    bool m_dropControl; //!< whether control segments are subject to loss
    bool m_dropOther;   //!< whether packets without a SegmentTag are subject to loss
    TracedCallback<Ptr<const Packet>, uint32_t> m_dropTrace; //!< data segments dropped
};

} // namespace learning
} // namespace ns3

#endif /* SEGMENT_ERROR_MODEL_H */
