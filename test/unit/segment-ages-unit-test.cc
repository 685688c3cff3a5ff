/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/random-engine.h"
#include "ns3/segment-ages.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Draws a mask.
 * @param draw the engine
 * @param segments number of segments
 * @param dropRate probability that a segment is missing
 * @return the mask
 */
SegmentMask
DrawMask(RandomEngine& draw, uint32_t segments, double dropRate)
{
    SegmentMask mask(segments);
    for (uint32_t segment = 0; segment < segments; ++segment)
    {
        if (draw.NextUniform() >= dropRate)
        {
            mask.Set(segment);
        }
    }
    return mask;
}

} // namespace

// Set-up: 400 segments, each lost with probability p in each of 1,000 rounds.
// Expected: P(age >= a) = p^a and a mean age of p / (1 - p) (loss-tolerance.md 4.2), within 4
// standard errors; those of 400 independent segments over n rounds, of which consecutive ones are
// correlated: the variance is at most (1 + p) / (1 - p) times that of independent ages.
TEST(SegmentAges, AreGeometric)
{
    for (const double p : {0.1, 0.5})
    {
        RandomEngine draw(3);
        SegmentAges ages;
        constexpr uint32_t SEGMENTS = 400;
        constexpr uint32_t ROUNDS = 1000;
        for (uint32_t round = 0; round < ROUNDS; ++round)
        {
            ages.EndRound(1, round, DrawMask(draw, SEGMENTS, p));
        }
        const std::vector<uint64_t>& histogram = ages.GetHistogram();
        const double count = double{SEGMENTS} * ROUNDS;
        const double inflation = (1 + p) / (1 - p);
        double mean = 0;
        for (std::size_t age = 0; age < histogram.size(); ++age)
        {
            mean += static_cast<double>(age) * histogram[age] / count;
        }
        EXPECT_NEAR(mean, p / (1 - p), 4 * std::sqrt(p / (1 - p) / (1 - p) * inflation / count));
        for (uint32_t least = 0; least < 6; ++least)
        {
            double share = 0;
            for (std::size_t age = least; age < histogram.size(); ++age)
            {
                share += histogram[age] / count;
            }
            const double expected = std::pow(p, least);
            EXPECT_NEAR(share,
                        expected,
                        4 * std::sqrt(expected * (1 - expected) * inflation / count) + 1e-12);
        }
    }
}

// Set-up: a worker and a server that hears of what arrived; overdue blocks arrive whole.
// Expected: no age above the bound, which is reached; for a bound of 0 every block is overdue. A
// server that is told nothing takes all for lost. Negative control: sending nothing reliably breaks
// the bound.
TEST(OverdueSegments, KeepAgesBelowTheBound)
{
    for (const bool refreshes : {true, false})
    {
        for (const uint32_t bound : {0U, 1U, 3U})
        {
            RandomEngine draw(4);
            SegmentAges ages;
            OverdueSegments overdue(bound);
            uint32_t refreshed = 0;
            for (uint32_t round = 0; round < 300; ++round)
            {
                const bool isOverdue = overdue.IsOverdue(2, 5, round);
                refreshed += isOverdue;
                const SegmentMask mask = DrawMask(draw, 10, refreshes && isOverdue ? 0 : 0.5);
                ages.EndRound(5, round, mask);
                overdue.Delivered({PULL, round, 5, 2}, mask);
            }
            if (refreshes)
            {
                EXPECT_EQ(ages.GetHistogram().size(), bound + 1);
                EXPECT_EQ(refreshed == 300, bound == 0);
            }
            else
            {
                EXPECT_GT(ages.GetHistogram().size(), bound + 1);
            }
        }
    }
    SegmentAges skips; // rounds that a worker is not in count as well
    skips.EndRound(0, 0, SegmentMask(1, true));
    skips.EndRound(0, 5, SegmentMask(1));
    EXPECT_EQ(skips.GetHistogram(), (std::vector<uint64_t>{1, 0, 0, 0, 0, 1}));
    SegmentAges returns; // with parameters of round 7, as a worker does that was away
    returns.EndRound(0, 1, SegmentMask(1, true));
    returns.Begin(7);
    returns.EndRound(0, 9, SegmentMask(1));
    EXPECT_EQ(returns.GetHistogram(), (std::vector<uint64_t>{1, 0, 0, 1}));
    OverdueSegments unaware(3);
    EXPECT_FALSE(unaware.IsOverdue(0, 0, 2));
    EXPECT_TRUE(unaware.IsOverdue(0, 0, 3));
}

// Set-up: a bound of 3; worker 2 has received all of rounds 0 to 9, as has worker 3.
// Stimulus: worker 2 loses its copies while round 9 is on its way.
// Expected: its blocks are overdue, also once it is heard that round 9 had arrived before, until
// one of a later round has arrived; those of worker 3 are not.
TEST(OverdueSegments, AWorkerLosesItsCopies)
{
    const SegmentMask whole(4, true);
    OverdueSegments overdue(3);
    for (uint32_t round = 0; round < 10; ++round)
    {
        for (const uint32_t worker : {2, 3})
        {
            for (const uint32_t block : {0, 5})
            {
                overdue.Delivered({PULL, round, block, worker}, whole);
            }
        }
    }
    EXPECT_FALSE(overdue.IsOverdue(2, 5, 10));
    overdue.Forget(2, 10);
    overdue.Delivered({PULL, 9, 5, 2}, whole);
    EXPECT_TRUE(overdue.IsOverdue(2, 0, 10));
    EXPECT_TRUE(overdue.IsOverdue(2, 5, 10));
    EXPECT_FALSE(overdue.IsOverdue(3, 0, 10));
    EXPECT_FALSE(overdue.IsOverdue(3, 5, 10));
    overdue.Delivered({PULL, 10, 5, 2}, whole);
    EXPECT_FALSE(overdue.IsOverdue(2, 5, 11));
    EXPECT_TRUE(overdue.IsOverdue(2, 0, 11));
}

// Set-up: a bound of 3; round 9 has arrived.
// Stimulus: what became of round 4 is heard only now, as its first answer was lost.
// Expected: the copy is that of round 9 all the same: overdue from round 13 on, not before.
TEST(OverdueSegments, AnswersOfThePastChangeNothing)
{
    const SegmentMask whole(4, true);
    OverdueSegments overdue(3);
    overdue.Delivered({PULL, 9, 5, 2}, whole);
    overdue.Delivered({PULL, 4, 5, 2}, whole);
    EXPECT_FALSE(overdue.IsOverdue(2, 5, 12));
    EXPECT_TRUE(overdue.IsOverdue(2, 5, 13));
}
