/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/block-owners.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <vector>

using namespace ns3::learning;

// Expected: blocks follow one another from the first parameter to the last, and their lengths
// differ by one at most; also where products pass 32 bits.
TEST(BlockOwners, BlocksCoverAllParameters)
{
    for (const uint32_t parameters : {64U, 65U, 1000U, 7850U, 4000000000U})
    {
        for (const uint32_t blocks : {1U, 2U, 3U, 7U, 64U})
        {
            const BlockOwners owners(BlockOwners::FIXED, parameters, blocks, 64, 1);
            ASSERT_EQ(owners.GetBlockCount(), blocks);
            EXPECT_EQ(owners.GetBegin(0), 0U);
            EXPECT_EQ(owners.GetBegin(blocks), parameters);
            for (uint32_t block = 0; block < blocks; ++block)
            {
                EXPECT_EQ(owners.GetBegin(block) + owners.GetLength(block),
                          owners.GetBegin(block + 1));
                EXPECT_GE(owners.GetLength(block), parameters / blocks);
                EXPECT_LE(owners.GetLength(block), (parameters + blocks - 1) / blocks);
            }
        }
    }
}

// Expected: fixed owners are block j to candidate j, in every round.
TEST(BlockOwners, FixedOwnersStay)
{
    BlockOwners owners(BlockOwners::FIXED, 100, 3, 5, 1);
    const std::vector<uint32_t> expected{0, 1, 2};
    for (const uint32_t round : {0, 1, 100, 5})
    {
        EXPECT_EQ(owners.GetOwners(round), expected);
    }
}

// Expected: nobody owns two blocks of a round.
TEST(BlockOwners, OwnersAreDrawnWithoutReplacement)
{
    for (const uint32_t blocks : {1, 3, 16})
    {
        BlockOwners owners(BlockOwners::PERMUTED, 100, blocks, 16, 1);
        for (uint32_t round = 0; round < 200; ++round)
        {
            const std::vector<uint32_t>& drawn = owners.GetOwners(round);
            ASSERT_EQ(drawn.size(), blocks);
            EXPECT_EQ(std::set<uint32_t>(drawn.begin(), drawn.end()).size(), blocks);
            EXPECT_LT(*std::max_element(drawn.begin(), drawn.end()), 16U);
        }
    }
}

// Expected: all owners of a round are equally likely, over 24,000 rounds: with as many blocks as
// candidates the 24 orders of 4 (chi squared of 23 degrees of freedom), with fewer the 12 ordered
// pairs of 4 (11 degrees); below their 0.9999 quantiles, 57.0 and 37.4. The next round's owners are
// independent of this one's: chi squared of 15 degrees for the owner of block 0, below 44.3.
TEST(BlockOwners, DrawsAreUniform)
{
    constexpr uint32_t ROUNDS = 24000;
    for (const uint32_t blocks : {4, 2})
    {
        BlockOwners owners(BlockOwners::PERMUTED, 100, blocks, 4, 1);
        std::map<std::vector<uint32_t>, int> counts;
        std::map<std::pair<uint32_t, uint32_t>, int> pairs;
        uint32_t previous = 0;
        for (uint32_t round = 0; round < ROUNDS; ++round)
        {
            const std::vector<uint32_t>& drawn = owners.GetOwners(round);
            ++counts[drawn];
            ++pairs[{previous, drawn[0]}];
            previous = drawn[0];
        }
        const auto chiSquared = [](const auto& table) {
            const double expected = static_cast<double>(ROUNDS) / static_cast<double>(table.size());
            double sum = 0;
            for (const auto& [key, count] : table)
            {
                sum += (count - expected) * (count - expected) / expected;
            }
            return sum;
        };
        ASSERT_EQ(counts.size(), blocks == 4 ? 24U : 12U);
        EXPECT_LT(chiSquared(counts), blocks == 4 ? 57.0 : 37.4);
        ASSERT_EQ(pairs.size(), 16U);
        EXPECT_LT(chiSquared(pairs), 44.3);
    }
}

// Expected: every node computes the same owners, whatever it has asked before and however far back
// it asks; another seed gives others.
TEST(BlockOwners, AllNodesAgree)
{
    BlockOwners forward(BlockOwners::PERMUTED, 100, 8, 8, 42);
    BlockOwners backward(BlockOwners::PERMUTED, 100, 8, 8, 42);
    BlockOwners other(BlockOwners::PERMUTED, 100, 8, 8, 43);
    std::vector<std::vector<uint32_t>> asked;
    int same = 0;
    for (uint32_t round = 0; round < 100; ++round)
    {
        asked.push_back(forward.GetOwners(round));
        same += asked.back() == other.GetOwners(round);
    }
    for (uint32_t round = 100; round-- > 0;)
    {
        EXPECT_EQ(backward.GetOwners(round), asked[round]);
    }
    EXPECT_EQ(forward.GetOwners(0), asked[0]);
    EXPECT_LT(same, 3); // 100 / 8! on average
}
