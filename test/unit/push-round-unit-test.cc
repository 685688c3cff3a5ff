/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/block-transport.h"
#include "ns3/float-codec.h"
#include "ns3/packet.h"
#include "ns3/push-round.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr uint32_t LENGTH = 10;         // numbers in the block
constexpr SegmentLayout CUT{LENGTH, 4}; // three segments, the last one of two numbers
constexpr float UNTOUCHED = -77;        // what is in a room before

/// A push of 1, 2, ... 10 from worker 1 of 2, in pieces of which each is held or written.
class Push
{
  public:
    Push()
        : m_round(0, LENGTH, CUT, 2)
    {
        for (uint32_t i = 0; i < LENGTH; ++i)
        {
            m_values.push_back(static_cast<float>(i + 1));
        }
        m_room = m_round.Open(1, m_spare);
        std::fill_n(m_room, LENGTH, UNTOUCHED);
    }

    /**
     * A packet with segments comes.
     * @param first index of the first one
     * @param alive bit i is set if segment first + i arrived
     * @param isHeld whether it is held
     */
    void Arrive(uint32_t first, uint64_t alive, bool isHeld)
    {
        const uint32_t begin = CUT.GetBegin(first);
        std::vector<uint8_t> bytes(4 * (LENGTH - begin));
        EncodeFloats(m_values.data() + begin, LENGTH - begin, bytes.data());
        m_bytes.push_back(std::move(bytes));
        m_packets.push_back(Create<Packet>());
        const ArrivedSegments segments{m_packets.back(), m_bytes.back().data(), first, alive};
        m_mask.SetBits(first, alive);
        if (isHeld)
        {
            m_round.Hold(1, segments);
        }
        else
        {
            segments.Decode(CUT, m_room);
        }
    }

    /**
     * Closes the push, and compares what it contributes with what was pushed.
     * @param arrived the segments that arrived, lowest bit first
     */
    void ExpectContribution(uint64_t arrived)
    {
        m_round.Close(1, m_mask);
        ScratchMemory memory;
        const AggregationRule::Contribution all = m_round.GetContribution(1, memory);
        std::vector<float> numbers(LENGTH, UNTOUCHED);
        BlockTransport::CopySegments(all.values, CUT, *all.mask, numbers.data());
        for (uint32_t i = 0; i < LENGTH; ++i)
        {
            EXPECT_EQ(numbers[i], (arrived >> (i / 4) & 1) != 0 ? m_values[i] : UNTOUCHED) << i;
        }
        EXPECT_EQ(CountHeld(), 0U) << "packets are let go of";
    }

    /**
     * Packets that are held.
     * @return their number
     */
    std::size_t CountHeld() const
    {
        return std::count_if(m_packets.begin(), m_packets.end(), [](const Ptr<Packet>& packet) {
            return packet->GetReferenceCount() != 1;
        });
    }

    /**
     * Whether the room is as it was.
     * @return true if nothing has been written to it
     */
    bool IsRoomUntouched() const
    {
        return std::all_of(m_room, m_room + LENGTH, [](float x) { return x == UNTOUCHED; });
    }

  private:
    PushRound m_round;                         //!< the round
    PushRound::Room m_spare;                   //!< none
    float* m_room;                             //!< of the push
    std::vector<float> m_values;               //!< what is pushed
    std::vector<Ptr<Packet>> m_packets;        //!< the packets
    std::vector<std::vector<uint8_t>> m_bytes; //!< of the packets
    SegmentMask m_mask{CUT.GetSegmentCount()}; //!< what has arrived
};

} // namespace

TEST(PushRoundTest, HeldSegmentsAreDecodedElsewhere)
{
    Push push;
    push.Arrive(0, 3, true);
    push.Arrive(2, 1, true);
    EXPECT_EQ(push.CountHeld(), 2U);
    push.ExpectContribution(7);
    EXPECT_TRUE(push.IsRoomUntouched());
}

TEST(PushRoundTest, WhatIsMissingIsNotInTheMask)
{
    Push push;
    push.Arrive(0, 5, true);
    push.ExpectContribution(5);
    EXPECT_TRUE(push.IsRoomUntouched());
}

TEST(PushRoundTest, HeldAndWrittenSegmentsMeetInTheRoom)
{
    Push push;
    push.Arrive(0, 1, false);
    push.Arrive(1, 3, true);
    push.ExpectContribution(7);
    EXPECT_FALSE(push.IsRoomUntouched());
}

TEST(PushRoundTest, RepeatedSegmentsDoNotHideWrittenOnes)
{
    // as many segments are held as there are in all, but one of them twice
    Push push;
    push.Arrive(0, 1, false);
    push.Arrive(1, 3, true);
    push.Arrive(1, 1, true);
    push.ExpectContribution(7);
}

TEST(PushRoundTest, NothingIsNoContribution)
{
    PushRound round(0, LENGTH, CUT, 2);
    ScratchMemory memory;
    EXPECT_EQ(round.GetContribution(0, memory).values, nullptr);
    round.Close(0, SegmentMask(CUT.GetSegmentCount()));
    EXPECT_EQ(round.GetContribution(0, memory).values, nullptr);
}
