/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/batch-sampler.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace ns3::learning;

namespace
{

/**
 * Samples of a worker that differ from their positions.
 * @param count how many
 * @return 100, 103, 106, ...
 */
std::vector<uint32_t>
SomeSamples(uint32_t count)
{
    std::vector<uint32_t> samples;
    for (uint32_t i = 0; i < count; ++i)
    {
        samples.push_back(100 + 3 * i);
    }
    return samples;
}

} // namespace

// Expected: whatever the batch size, the samples drawn, cut into epochs, hold every sample exactly
// once an epoch, in another order each time; all batches have the same size; epochs are counted.
TEST(BatchSampler, DrawsEverySampleOnceAnEpoch)
{
    constexpr uint32_t COUNT = 30;
    for (const uint32_t batchSize : {1, 4, 7, 29, 30})
    {
        SCOPED_TRACE(batchSize);
        BatchSampler sampler(SomeSamples(COUNT), batchSize, 1);
        EXPECT_EQ(sampler.GetEpochs(), 0);
        EXPECT_EQ(sampler.GetSampleCount(), COUNT);
        EXPECT_EQ(sampler.GetBatchSize(), batchSize);
        std::vector<uint32_t> drawn;
        for (uint32_t i = 1; i <= 6 * COUNT; ++i) // 6 batchSize epochs
        {
            const std::vector<uint32_t>& batch = sampler.Next();
            ASSERT_EQ(batch.size(), batchSize);
            drawn.insert(drawn.end(), batch.begin(), batch.end());
            ASSERT_NEAR(sampler.GetEpochs(), i * batchSize / static_cast<double>(COUNT), 1e-9);
        }
        std::vector<uint32_t> previous;
        for (auto epoch = drawn.begin(); epoch != drawn.end(); epoch += COUNT)
        {
            std::vector<uint32_t> order(epoch, epoch + COUNT);
            EXPECT_NE(order, previous);
            previous = order;
            std::sort(order.begin(), order.end());
            ASSERT_EQ(order, SomeSamples(COUNT));
        }
    }
}

// Expected: the order depends on seed and epoch alone, not on the batch size.
TEST(BatchSampler, DependsOnSeedAndEpochAlone)
{
    BatchSampler ones(SomeSamples(10), 1, 1);
    BatchSampler fives(SomeSamples(10), 5, 1);
    BatchSampler others(SomeSamples(10), 5, 2);
    bool differs = false;
    for (int i = 0; i < 8; ++i)
    {
        const std::vector<uint32_t> batch = fives.Next();
        differs = differs || batch != others.Next();
        for (const uint32_t sample : batch)
        {
            EXPECT_EQ(ones.Next()[0], sample);
        }
    }
    EXPECT_TRUE(differs);
}

// Expected: every sample equally often at every position, over 20,000 epochs of 5: chi squared of
// the 5 x 5 table, whose rows and columns have fixed sums, has 16 degrees of freedom: below 46, its
// 0.9999 quantile.
TEST(BatchSampler, OrdersAreUniform)
{
    constexpr int EPOCHS = 20000;
    BatchSampler sampler(SomeSamples(5), 5, 3);
    std::map<std::pair<uint32_t, uint32_t>, double> counts;
    for (int i = 0; i < EPOCHS; ++i)
    {
        const auto& batch = sampler.Next();
        for (uint32_t position = 0; position < 5; ++position)
        {
            ++counts[{position, batch[position]}];
        }
    }
    double chiSquared = 0;
    for (const auto& [cell, count] : counts)
    {
        chiSquared += std::pow(count - EPOCHS / 5.0, 2) / (EPOCHS / 5.0);
    }
    EXPECT_EQ(counts.size(), 25U);
    // the sum over the table is 5/4 times a chi squared variate when rows are permutations
    EXPECT_LT(chiSquared * 4 / 5, 46);
}

// Expected: batches that cannot be drawn are refused with what is legal.
TEST(BatchSampler, RefusesIllegalBatchSizes)
{
    using Error = std::invalid_argument;
    ExpectError<Error>([] { BatchSampler(SomeSamples(5), 6, 1); }, {"batch size 6", "1 to 5"});
    ExpectError<Error>([] { BatchSampler(SomeSamples(5), 0, 1); }, {"batch size 0", "1 to 5"});
    ExpectError<Error>([] { BatchSampler({}, 1, 1); }, {"0 samples", "at least one"});
    ExpectError<Error>([] { BatchSampler(SomeSamples(5), 4000000000U, 1); }, {"4000000000"});
}
