/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PUSH_ROUND_H
#define PUSH_ROUND_H

#include "ns3/aggregation-rule.h"
#include "ns3/block-receiver.h"
#include "ns3/scratch-memory.h"
#include "ns3/segment-mask.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * What workers have pushed of one block in one round: the state of a round that is open at a
 * parameter server. Packets are held until the round is used, where the transport has them, so that
 * the numbers are decoded just before they are averaged; other numbers go to a room that is taken
 * when the first packet comes.
 */
class PushRound
{
  public:
    /// Room for the pushes of a round, which the next one takes over.
    struct Room
    {
        std::unique_ptr<float[]> numbers; //!< or null
        std::size_t size{0};              //!< how many
    };

    /**
     * Begins with nothing.
     * @param block the block
     * @param length numbers in it
     * @param wire how it is cut on the wire
     * @param workers number of workers
     */
    PushRound(uint32_t block, uint32_t length, const SegmentLayout& wire, uint32_t workers);

    /**
     * The block.
     * @return its index
     */
    uint32_t GetBlock() const;

    /**
     * Length of the block.
     * @return numbers
     */
    uint32_t GetLength() const;

    /**
     * The first packet of a push has come.
     * @param worker whose
     * @param spare room of an earlier round, taken if it is large enough
     * @return where the numbers go, or null if the push is closed
     */
    float* Open(uint32_t worker, Room& spare);

    /**
     * Holds segments of a push that is open, until GetContribution() decodes them.
     * @param worker whose
     * @param segments what came
     */
    void Hold(uint32_t worker, const ArrivedSegments& segments);

    /**
     * No more comes of a push.
     * @param worker whose
     * @param mask the segments that arrived
     */
    void Close(uint32_t worker, const SegmentMask& mask);

    /**
     * Takes a push from the worker on the same node, which is never lost.
     * @param worker whose
     * @param values the numbers, which must stay until the round is done
     * @param segments segments of the block
     */
    void CloseOwn(uint32_t worker, const float* values, uint32_t segments);

    /**
     * Whether packets of a push are coming in.
     * @param worker whose
     * @return true if so
     */
    bool IsOpen(uint32_t worker) const;

    /**
     * Whether a push is there as far as it ever will be.
     * @param worker whose
     * @return true if so
     */
    bool IsClosed(uint32_t worker) const;

    /**
     * Whether nothing has come of a push.
     * @param worker whose
     * @return true if so
     */
    bool IsEmpty(uint32_t worker) const;

    /**
     * Number of pushes that are closed.
     * @return the number
     */
    uint32_t GetClosedCount() const;

    /**
     * Whether any packet has come.
     * @return true if so
     */
    bool HasRoom() const;

    /**
     * A push as it came; once. Packets that were held are let go of.
     * @param worker whose
     * @param memory room for what was held
     * @return its numbers and segments, which stay until the round is done and the memory is given
     * back; null numbers unless it is closed and anything arrived
     */
    AggregationRule::Contribution GetContribution(uint32_t worker, ScratchMemory& memory);

    /**
     * Forgets the pushes that are closed, which have been used.
     * @return whether any push is still coming in
     */
    bool ForgetClosed();

    /**
     * Leaves the room to another round.
     * @param spare receives it
     */
    void GiveRoom(Room& spare);

  private:
    /// What one worker pushed.
    struct Slot
    {
        SegmentMask mask;                  //!< the segments that arrived
        std::vector<ArrivedSegments> held; //!< those of them that are not in the room
        const float* own{nullptr};         //!< its numbers, if its worker shares the node
        bool open{false};                  //!< packets are coming in
        bool closed{false};                //!< no more will
    };

    uint32_t m_block;          //!< the block
    uint32_t m_length;         //!< its length
    SegmentLayout m_wire;      //!< how it is cut on the wire
    std::vector<Slot> m_slots; //!< by worker
    uint32_t m_closed{0};      //!< number of closed slots
    Room m_room;               //!< a block on the wire for each worker
};

} // namespace learning
} // namespace ns3

#endif /* PUSH_ROUND_H */
