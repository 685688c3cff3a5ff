/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/random-engine.h"
#include "ns3/segment-mask.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3::learning;

// Expected: segments follow one another without gap from 0 to the end of the block, all of the same
// length but the last one, which is not empty.
TEST(SegmentLayout, CoversTheBlock)
{
    for (const uint32_t length : {0U, 1U, 349U, 350U, 351U, 700U, 4000000000U})
    {
        for (const uint32_t segmentLength : {1U, 2U, 350U, 16250U})
        {
            const SegmentLayout layout{length, segmentLength};
            const uint32_t segments = layout.GetSegmentCount();
            ASSERT_EQ(layout.GetBegin(segments), length);
            for (uint32_t k = 0; k < std::min(segments, 5U); ++k)
            {
                const uint32_t segment = k % 2 == 0 ? k / 2 : segments - 1 - k / 2;
                const uint32_t size = layout.GetBegin(segment + 1) - layout.GetBegin(segment);
                EXPECT_GT(size, 0U);
                EXPECT_EQ(size,
                          segment + 1 < segments ? segmentLength
                                                 : (length - 1) % segmentLength + 1);
            }
        }
    }
}

// Expected: for every size up to 200, that is around the words of 64 bits, a mask does what a
// vector of truth values does.
TEST(SegmentMask, DoesWhatAVectorDoes)
{
    RandomEngine draw(1);
    for (uint32_t size = 0; size <= 200; ++size)
    {
        SegmentMask mask(size);
        std::vector<bool> expected(size);
        for (uint32_t k = 0; k < 3 * size; ++k)
        {
            // runs as well as single segments
            const uint32_t first = draw.NextBelow(size);
            const uint32_t end = draw.NextBelow(4) == 0 ? std::min(size, first + 70) : first + 1;
            for (uint32_t segment = first; segment < end; ++segment)
            {
                ASSERT_EQ(mask.Set(segment), !expected[segment]);
                expected[segment] = true;
            }
            const uint32_t start = draw.NextBelow(size);
            uint64_t bits = 0;
            uint32_t added = 0;
            for (uint32_t i = 0; i < std::min(64U, size - start); ++i)
            {
                const bool isThere = draw.NextBelow(8) == 0;
                bits |= uint64_t{isThere} << i;
                added += isThere && !expected[start + i];
                expected[start + i] = expected[start + i] || isThere;
            }
            ASSERT_EQ(mask.SetBits(start, bits), added);
            const uint32_t probe = draw.NextBelow(size);
            const auto run = std::find(expected.begin() + probe, expected.end(), !expected[probe]);
            ASSERT_EQ(mask.Test(probe), expected[probe]);
            ASSERT_EQ(mask.GetRunEnd(probe), run - expected.begin());
            ASSERT_EQ(mask.GetCount(), std::count(expected.begin(), expected.end(), true));
            ASSERT_EQ(mask.IsComplete(), mask.GetCount() == size);
        }
        EXPECT_EQ(mask.GetSize(), size);
    }
}

// Expected: a full mask is that which setting every segment makes.
TEST(SegmentMask, CanBeginFull)
{
    for (const uint32_t size : {0, 1, 63, 64, 65, 128, 200})
    {
        SegmentMask full(size, true);
        EXPECT_TRUE(full.IsComplete());
        EXPECT_EQ(full.GetCount(), size);
        for (uint32_t segment = 0; segment < size; ++segment)
        {
            EXPECT_TRUE(full.Test(segment));
            EXPECT_FALSE(full.Set(segment));
            EXPECT_EQ(full.GetRunEnd(segment), size);
        }
    }
}
