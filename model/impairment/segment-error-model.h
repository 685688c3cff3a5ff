/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SEGMENT_ERROR_MODEL_H
#define SEGMENT_ERROR_MODEL_H

#include "segment-tag.h"

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
 *
 * A model may be made of others, such as one a class of traffic, or one whose rate follows a
 * schedule. It asks its parts with Drops(). DropControl, DropOther and the Drop trace are then
 * those of the outermost model, the one on the device; a part only judges.
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

    /// What is judged.
    enum TrafficClass
    {
        DATA,    //!< a data segment of a block
        CONTROL, //!< a control segment: end of block, acknowledgements
        OTHER    //!< a packet that carries no segments
    };

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

    /**
     * Judges the next segment, for a model that is made of others; the Drop trace stays silent.
     * @param traffic what the segment is
     * @param message the block it belongs to; of no meaning for other traffic
     * @return true to drop it; false if this model is disabled
     */
    bool Drops(TrafficClass traffic, const SegmentTag::Message& message);

    /**
     * Checks whether the attributes go together, as far as each alone does not tell. Called when
     * the model is made, so that a mistake is told before the simulation runs.
     * @throws std::invalid_argument with one sentence if they do not
     */
    virtual void CheckAttributes();

  protected:
    void NotifyConstructionCompleted() override;

    /**
     * Decides over the next segment; called once a segment that comes by, in order.
     * @param traffic what the segment is
     * @param message the block it belongs to; of no meaning for other traffic
     * @return true to drop it
     */
    virtual bool DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message) = 0;

    /**
     * Whether a class of traffic is subject to loss on the device of this model.
     * @param traffic the class
     * @return true for data; for control and others, what DropControl and DropOther say
     */
    virtual bool IsSubject(TrafficClass traffic) const;

  private:
    bool DoCorrupt(Ptr<Packet> packet) override;

    bool m_dropControl; //!< whether control segments are subject to loss
    bool m_dropOther;   //!< whether packets without a SegmentTag are subject to loss
    TracedCallback<Ptr<const Packet>, uint32_t> m_dropTrace; //!< data segments dropped
};

} // namespace learning
} // namespace ns3

#endif /* SEGMENT_ERROR_MODEL_H */
