/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SEGMENT_TAG_H
#define SEGMENT_TAG_H

#include "ns3/tag.h"

#include <cstdint>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * Says which segments travel in a packet, and which of them the network has dropped so far.
 *
 * A packet carries up to 64 consecutive data segments of one block and at most one control segment
 * (the end of the block, or acknowledgements). An error model marks segments as lost; the receiver
 * ignores what is marked. The transport writes and reads the tag; it stands in the bottom room so
 * that error models need not know the transport.
 */
class SegmentTag : public Tag
{
  public:
    /// Most data segments that one packet can carry.
    static constexpr uint32_t MAX_SEGMENTS = 64;

    /// The block that a packet belongs to, each time that it is sent; together unique in a run.
    struct Message
    {
        uint32_t sender{0};   //!< index of the sending host
        uint32_t receiver{0}; //!< index of the host it is for
        uint32_t round{0};    //!< round of training
        uint32_t block{0};    //!< index of the block
        bool pull{false};     //!< server to worker, otherwise worker to server
        uint8_t pass{0};      //!< how often it has been sent before, modulo 64
    };

    SegmentTag() = default;

    /**
     * Describes a packet.
     * @param message the block it belongs to
     * @param firstSegment index in the block of the first data segment
     * @param segmentCount number of data segments, 0 to 64
     * @param hasControl whether a control segment rides along
     */
    SegmentTag(const Message& message,
               uint32_t firstSegment,
               uint32_t segmentCount,
               bool hasControl);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer buffer) const override;
    void Deserialize(TagBuffer buffer) override;
    void Print(std::ostream& os) const override;

    /**
     * The block the packet belongs to.
     * @return the message
     */
    const Message& GetMessage() const;

    /**
     * Index in the block of the first data segment.
     * @return the index
     */
    uint32_t GetFirstSegment() const;

    /**
     * Number of data segments, lost ones included.
     * @return 0 to 64
     */
    uint32_t GetSegmentCount() const;

    /**
     * Whether the packet has a control segment that has not been lost.
     * @return true if so
     */
    bool HasControl() const;

    /**
     * The data segments that have not been lost: bit i is segment GetFirstSegment() + i.
     * @return the bits, those from GetSegmentCount() on being 0
     */
    uint64_t GetAlive() const;

    /**
     * Number of data segments that have not been lost.
     * @return 0 to 64
     */
    uint32_t GetAliveCount() const;

    /**
     * Marks data segments as lost.
     * @param segments bit i is segment GetFirstSegment() + i
     */
    void Lose(uint64_t segments);

    /// Marks the control segment as lost.
    void LoseControl();

  private:
    Message m_message;          //!< the block
    uint32_t m_firstSegment{0}; //!< index in the block of the first data segment
    uint8_t m_segmentCount{0};  //!< number of data segments
    bool m_control{false};      //!< a control segment rides along and is not lost
    uint64_t m_alive{0};        //!< data segments not lost
};

} // namespace learning
} // namespace ns3

#endif /* SEGMENT_TAG_H */
