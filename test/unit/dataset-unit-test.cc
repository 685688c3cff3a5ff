/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/dataset.h"

#include <cmath>
#include <limits>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Three samples of four features, 0 .. 5 stored.
 * @return rows 1 0 2 0 / 0 0 0 0 / 3 4 0 5
 */
Dataset::SparseRows
SomeRows()
{
    return {{0, 2, 2, 5}, {0, 2, 0, 1, 3}, {1, 2, 3, 4, 5}};
}

} // namespace

// Expected: byte b becomes b * scale + offset, samples in the order asked for, repeats allowed;
// float and double batches hold the same numbers; memory starts at multiples of 64.
TEST(Dataset, GathersBytes)
{
    const Dataset set(SampleShape{1, 2, 2},
                      std::vector<uint8_t>{0, 1, 2, 3, 252, 253, 254, 255},
                      {1, 0},
                      2,
                      0.1F,
                      -3.0F);
    const uint32_t samples[] = {1, 0, 1};
    BatchBuffer<float> single;
    BatchBuffer<double> twice;
    const Batch<float> batch = set.Gather(samples, 3, single);
    const Batch<double> wide = set.Gather(samples, 3, twice);
    ASSERT_EQ(batch.size, 3U);
    ASSERT_EQ(batch.featureCount, 4U);
    EXPECT_FALSE(batch.IsSparse());
    const uint8_t bytes[] = {252, 253, 254, 255, 0, 1, 2, 3, 252, 253, 254, 255};
    for (int i = 0; i < 12; ++i)
    {
        EXPECT_NEAR(batch.features[i], bytes[i] * 0.1 - 3, 4e-6); // 0.1F has a relative error 1e-8
        EXPECT_EQ(wide.features[i], static_cast<double>(batch.features[i]));
    }
    EXPECT_EQ(batch.targets[0], 0);
    EXPECT_EQ(batch.targets[1], 1);
    EXPECT_EQ(wide.targets[2], 0);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(batch.features) % 64, 0U);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(wide.targets) % 64, 0U);
    EXPECT_EQ(set.GetMeanNonZeros(), 4);
}

// Expected: dense numbers come back bit by bit, in a buffer that held a larger batch before.
TEST(Dataset, GathersNumbers)
{
    const std::vector<float> numbers{1.5F, -2, 1e-30F, 3e30F, 0, 7};
    const Dataset set(SampleShape{1, 1, 2}, numbers, {0.5F, -1, 9}, 0);
    BatchBuffer<double> buffer;
    const uint32_t all[] = {0, 1, 2};
    set.Gather(all, 3, buffer);
    const uint32_t samples[] = {2, 0};
    const Batch<double> batch = set.Gather(samples, 2, buffer);
    EXPECT_EQ(batch.size, 2U);
    EXPECT_EQ(batch.features[0], 0);
    EXPECT_EQ(batch.features[1], 7);
    EXPECT_EQ(batch.features[2], 1.5);
    EXPECT_EQ(batch.features[3], -2);
    EXPECT_EQ(batch.targets[0], 9);
    EXPECT_EQ(batch.targets[1], 0.5);
}

// Expected: rows of the batch are the rows asked for, empty ones included.
TEST(Dataset, GathersSparseRows)
{
    const Dataset set(4, SomeRows(), {0, 1, 1}, 2);
    EXPECT_TRUE(set.IsSparse());
    EXPECT_DOUBLE_EQ(set.GetMeanNonZeros(), 5.0 / 3);
    BatchBuffer<float> buffer;
    const uint32_t samples[] = {2, 1, 0, 2};
    const Batch<float> batch = set.Gather(samples, 4, buffer);
    ASSERT_TRUE(batch.IsSparse());
    EXPECT_EQ(batch.features, nullptr);
    EXPECT_EQ(std::vector<uint32_t>(batch.rowStart, batch.rowStart + 5),
              (std::vector<uint32_t>{0, 3, 3, 5, 8}));
    EXPECT_EQ(std::vector<uint32_t>(batch.columns, batch.columns + 8),
              (std::vector<uint32_t>{0, 1, 3, 0, 2, 0, 1, 3}));
    EXPECT_EQ(std::vector<float>(batch.values, batch.values + 8),
              (std::vector<float>{3, 4, 5, 1, 2, 3, 4, 5}));
    EXPECT_EQ(batch.targets[2], 0);
}

// Expected: a set of the first or of chosen samples gathers the same numbers as the whole set, for
// all three kinds of storage.
TEST(Dataset, SelectsSamples)
{
    const std::vector<Ptr<Dataset>> sets{
        Create<Dataset>(SampleShape{1, 1, 2},
                        std::vector<uint8_t>{1, 2, 3, 4, 5, 6},
                        std::vector<float>{0, 1, 2},
                        3U,
                        0.5F,
                        1.0F),
        Create<Dataset>(SampleShape{1, 1, 2},
                        std::vector<float>{1, 2, 3, 4, 5, 6},
                        std::vector<float>{0, 1, 2},
                        3U),
        Create<Dataset>(4U, SomeRows(), std::vector<float>{0, 1, 2}, 3U),
    };
    for (const auto& set : sets)
    {
        const uint32_t samples[] = {2, 0};
        const Ptr<Dataset> chosen = set->Select({2, 0});
        const Ptr<Dataset> head = set->Head(1);
        ASSERT_EQ(chosen->GetSampleCount(), 2U);
        ASSERT_EQ(head->GetSampleCount(), 1U);
        EXPECT_EQ(chosen->GetClassCount(), 3U);
        EXPECT_EQ(chosen->GetTarget(0), 2);
        EXPECT_EQ(head->GetTarget(0), 0);
        BatchBuffer<float> a;
        BatchBuffer<float> b;
        const uint32_t both[] = {0, 1};
        set->Gather(samples, 2, a);
        chosen->Gather(both, 2, b);
        EXPECT_EQ(a.features, b.features);
        EXPECT_EQ(a.rowStart, b.rowStart);
        EXPECT_EQ(a.columns, b.columns);
        EXPECT_EQ(a.values, b.values);
        EXPECT_EQ(a.targets, b.targets);
        ExpectError<std::invalid_argument>([&] { set->Head(4); }, {"4", "1 to 3"});
        ExpectError<std::invalid_argument>([&] { set->Head(0); }, {"1 to 3"});
        ExpectError<std::invalid_argument>([&] { set->Select({}); }, {"0 samples"});
        ExpectError<std::invalid_argument>([&] { set->Select({3}); }, {"sample 3", "3"});
        const uint32_t missing = 3;
        ExpectError<std::invalid_argument>([&] { set->Gather(&missing, 1, a); }, {"sample 3"});
    }
}

// Set-up: sequences of 3, 1 and 2 tokens. Expected: tokens and targets in their order, sequences in
// the order asked for; targets of tokens are counted, and a sequence stands for its most frequent
// class apart from 0 (none there: 0; two of them: the lowest).
TEST(Dataset, GathersSequences)
{
    const Dataset set(9,
                      Dataset::Sequences{{0, 3, 4, 6}, {8, 2, 8, 0, 5, 4}, {0, 2, 2, 0, 3, 1}},
                      4);
    EXPECT_EQ(set.GetSampleCount(), 3U);
    EXPECT_EQ(set.GetTargetCount(), 6U);
    EXPECT_TRUE(set.GetShape().sequential);
    EXPECT_FALSE(set.IsSparse());
    EXPECT_DOUBLE_EQ(set.GetMeanNonZeros(), 2);
    EXPECT_EQ(set.GetTarget(0), 2);
    EXPECT_EQ(set.GetTarget(1), 0);
    EXPECT_EQ(set.GetTarget(2), 1);
    const auto expect = [](const Dataset& from, const std::vector<uint32_t>& samples) {
        BatchBuffer<double> buffer;
        const auto batch = from.Gather(samples.data(), 3, buffer);
        EXPECT_TRUE(batch.IsSequential());
        EXPECT_FALSE(batch.IsSparse());
        EXPECT_EQ(batch.featureCount, 9U);
        EXPECT_EQ(batch.features, nullptr);
        EXPECT_EQ(batch.GetTargetCount(), 7U);
        EXPECT_EQ(std::vector<uint32_t>(batch.rowStart, batch.rowStart + 4),
                  (std::vector<uint32_t>{0, 2, 5, 7}));
        EXPECT_EQ(std::vector<uint32_t>(batch.tokens, batch.tokens + 7),
                  (std::vector<uint32_t>{5, 4, 8, 2, 8, 5, 4}));
        EXPECT_EQ(std::vector<double>(batch.targets, batch.targets + 7),
                  (std::vector<double>{3, 1, 0, 2, 2, 3, 1}));
    };
    expect(set, {2, 0, 2});
    expect(*set.Select({2, 0, 2}), {0, 1, 2});
    expect(*set.Select({1, 2, 0}), {1, 2, 1});
}

// Expected: every contradiction in what a set is built from is named.
TEST(Dataset, RefusesWhatDoesNotFitTogether)
{
    using Numbers = std::vector<float>;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const auto dense = [](SampleShape shape, Numbers numbers, Numbers targets, uint32_t classes) {
        return [=] { Dataset(shape, numbers, targets, classes); };
    };
    using Error = std::invalid_argument;
    ExpectError<Error>(dense({1, 1, 2}, {1, 2, 3}, {0, 1}, 2), {"3", "expected 4"});
    ExpectError<Error>(dense({1, 1, 2}, {}, {}, 2), {"0 samples"});
    ExpectError<Error>(dense({1, 0, 2}, {}, {0}, 2), {"1 x 0 x 2"});
    ExpectError<Error>(dense({65536, 65536, 2}, {}, {0}, 2), {"65536"});
    ExpectError<Error>(dense({1, 1, 1}, {1}, {2}, 2), {"target 2", "0 to 1"});
    ExpectError<Error>(dense({1, 1, 1}, {1}, {-1}, 2), {"target -1"});
    ExpectError<Error>(dense({1, 1, 1}, {1}, {0.5F}, 2), {"target 0.5"});
    ExpectError<Error>(dense({1, 1, 1}, {1}, {nan}, 0), {"target nan"});
    ExpectError<Error>(dense({1, 1, 1}, {nan}, {1}, 0), {"nan", "finite"});
    ExpectError<Error>([] { Dataset({1, 1, 2}, std::vector<uint8_t>{1}, {0}, 2); }, {"expected 2"});
    ExpectError<Error>([=] { Dataset({1, 1, 1}, std::vector<uint8_t>{1}, {0}, 2, nan); }, {"nan"});

    const auto sparse = [](uint32_t features, Dataset::SparseRows rows) {
        return [=] { Dataset(features, rows, {0, 1, 1}, 2); };
    };
    Dataset::SparseRows rows = SomeRows();
    ExpectError<Error>(sparse(3, rows), {"column 3", "below 3"});
    rows = SomeRows();
    rows.columns = {2, 0, 0, 1, 3};
    ExpectError<Error>(sparse(4, rows), {"column 0", "ascend"});
    rows.columns = {2, 2, 0, 1, 3};
    ExpectError<Error>(sparse(4, rows), {"column 2", "ascend"});
    rows = SomeRows();
    rows.rowStart = {0, 2, 5};
    ExpectError<Error>(sparse(4, rows), {"row starts"});
    rows.rowStart = {0, 3, 2, 5};
    ExpectError<Error>(sparse(4, rows), {"ascend"});
    rows.rowStart = {0, 2, 3, 6};
    ExpectError<Error>(sparse(4, rows), {"5 stored values"});
    rows = SomeRows();
    rows.values.pop_back();
    ExpectError<Error>(sparse(4, rows), {"5 columns", "4 stored"});
    rows = SomeRows();
    rows.values[0] = nan;
    ExpectError<Error>(sparse(4, rows), {"finite"});

    const auto sequential = [](Dataset::Sequences sequences, uint32_t classes = 3) {
        return [=] { Dataset(4, sequences, classes); };
    };
    ExpectError<Error>(sequential({{0, 2, 2}, {1, 2}, {0, 1}}), {"sequence 1", "at least one"});
    ExpectError<Error>(sequential({{0, 2}, {1, 4}, {0, 1}}), {"token 4", "0 to 3"});
    ExpectError<Error>(sequential({{0, 2}, {1, 2}, {0}}), {"1 targets for 2 tokens"});
    ExpectError<Error>(sequential({{0, 2}, {1, 2}, {0, 3}}), {"target 3 of token 1"});
    ExpectError<Error>(sequential({{0, 1}, {1, 2}, {0, 1}}), {"ascend", "2 tokens"});
    ExpectError<Error>(sequential({{}, {1}, {0}}), {"row starts"});
    ExpectError<Error>(sequential({{0}, {}, {}}), {"0 tokens"});
    ExpectError<Error>(sequential({{0, 1}, {1}, {0}}, 0), {"classes"});
    ExpectError<Error>(dense({1, 1, 1, true}, {1}, {0}, 2), {"row starts in place of features"});
}
