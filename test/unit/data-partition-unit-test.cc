/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-test-support.h"

#include "ns3/data-partition.h"
#include "ns3/double.h"
#include "ns3/object-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * A set whose samples have labels and nothing else of interest.
 * @param perClass samples of each class
 * @param classes number of classes
 * @return the set; sample i is of class i mod classes
 */
Ptr<Dataset>
Labels(uint32_t perClass, uint32_t classes)
{
    std::vector<float> targets;
    for (uint32_t i = 0; i < perClass * classes; ++i)
    {
        targets.push_back(static_cast<float>(i % classes));
    }
    std::vector<uint8_t> features(targets.size());
    return Create<Dataset>(SampleShape{}, std::move(features), std::move(targets), classes);
}

/**
 * Counts labels.
 * @param set the set
 * @param parts its partition
 * @return number of samples of each class for each worker
 */
std::vector<std::vector<double>>
CountLabels(const Dataset& set, const DataPartition::Parts& parts)
{
    std::vector<std::vector<double>> counts(parts.size(), std::vector<double>(set.GetClassCount()));
    for (std::size_t worker = 0; worker < parts.size(); ++worker)
    {
        for (const uint32_t sample : parts[worker])
        {
            ++counts[worker][static_cast<uint32_t>(set.GetTarget(sample))];
        }
    }
    return counts;
}

/**
 * Expects every sample in exactly one part and no part with fewer than a minimum.
 * @param parts the parts
 * @param samples number of samples
 * @param minimum smallest size
 */
void
ExpectPartition(const DataPartition::Parts& parts, uint32_t samples, std::size_t minimum = 1)
{
    std::vector<uint32_t> all;
    for (const auto& part : parts)
    {
        EXPECT_GE(part.size(), minimum);
        all.insert(all.end(), part.begin(), part.end());
    }
    std::sort(all.begin(), all.end());
    ASSERT_EQ(all.size(), samples);
    for (uint32_t i = 0; i < samples; ++i)
    {
        ASSERT_EQ(all[i], i);
    }
}

} // namespace

// Expected of all three: each sample exactly once, no worker without, the same seed the same parts,
// another seed others; also with as many workers as samples.
TEST(DataPartition, DealsEverySampleOnce)
{
    const Ptr<Dataset> set = Labels(30, 7);
    const std::vector<Ptr<DataPartition>> partitions{
        CreateObject<IidPartition>(),
        CreateObjectWithAttributes<DirichletPartition>("Concentration", DoubleValue(0.001)),
        CreateObject<DirichletPartition>(),
        CreateObject<LabelSortedPartition>(),
        CreateObjectWithAttributes<LabelSortedPartition>("SortedFraction",
                                                         DoubleValue(0.3),
                                                         "ShardsPerWorker",
                                                         UintegerValue(3)),
    };
    for (const auto& partition : partitions)
    {
        const std::string name = partition->GetInstanceTypeId().GetName();
        for (const uint32_t workers : {1, 2, 16, 100, 210})
        {
            SCOPED_TRACE(name + " " + std::to_string(workers));
            const auto parts = partition->Split(*set, workers, 1);
            ASSERT_EQ(parts.size(), workers);
            ExpectPartition(parts, 210);
            EXPECT_EQ(parts, partition->Split(*set, workers, 1));
            if (workers > 1)
            {
                EXPECT_NE(parts, partition->Split(*set, workers, 2));
            }
        }
        using Error = std::invalid_argument;
        ExpectError<Error>([&] { partition->Split(*set, 211, 1); }, {name, "211", "1 to 210"});
        ExpectError<Error>([&] { partition->Split(*set, 0, 1); }, {name, "0 workers", "1 to 210"});
        partition->SetAttribute("MinimumSamples", UintegerValue(20));
        ExpectPartition(partition->Split(*set, 10, 1), 210, 20);
        ExpectError<Error>([&] { partition->Split(*set, 11, 1); }, {"at least 20", "1 to 10"});
        partition->SetAttribute("MinimumSamples", UintegerValue(211));
        ExpectError<Error>([&] { partition->Split(*set, 1, 1); }, {"no number of workers"});
    }
}

// Expected: sizes differ by at most one; the counts of labels follow the hypergeometric law: chi
// squared of a 10 x 16 table, 135 degrees of freedom, standard deviation sqrt(270), within 4.5.
TEST(DataPartition, IidPartsAreAlike)
{
    const Ptr<Dataset> set = Labels(1000, 10);
    const auto parts = CreateObject<IidPartition>()->Split(*set, 16, 1);
    for (const auto& part : parts)
    {
        EXPECT_EQ(part.size(), 625U);
    }
    double chiSquared = 0;
    for (const auto& worker : CountLabels(*set, parts))
    {
        for (const double count : worker)
        {
            chiSquared += std::pow(count - 62.5, 2) / 62.5;
        }
    }
    EXPECT_NEAR(chiSquared, 135, 4.5 * std::sqrt(270.0));
    const auto uneven = CreateObject<IidPartition>()->Split(*set, 3, 1);
    std::set<std::size_t> sizes{uneven[0].size(), uneven[1].size(), uneven[2].size()};
    EXPECT_EQ(sizes, (std::set<std::size_t>{3333, 3334}));
}

// Expected: a worker's share of a class follows Beta(a, (W - 1) a): mean 1/W, variance
// (1/W)(1 - 1/W) / (W a + 1), correlation between two workers -1 / (W - 1). Estimated over 400
// classes and 8 workers; the variance's own standard error comes from the fourth moment of the same
// sample; tolerance 4.5 of them, plus 1/1000 of rounding to whole samples.
// Negative control: the variance of half and of twice the concentration lies outside.
TEST(DataPartition, DirichletSharesFollowTheirLaw)
{
    constexpr int CLASSES = 400;
    constexpr int WORKERS = 8;
    constexpr double SIZE = 1000;
    const Ptr<Dataset> set = Labels(SIZE, CLASSES);
    for (const double concentration : {0.1, 0.5, 1.0, 10.0})
    {
        SCOPED_TRACE(concentration);
        const auto partition =
            CreateObjectWithAttributes<DirichletPartition>("Concentration",
                                                           DoubleValue(concentration));
        const auto counts = CountLabels(*set, partition->Split(*set, WORKERS, 1));
        const double mean = 1.0 / WORKERS;
        double second = 0;
        double fourth = 0;
        double product = 0;
        for (int k = 0; k < CLASSES; ++k)
        {
            double squares = 0;
            for (int worker = 0; worker < WORKERS; ++worker)
            {
                squares += std::pow(counts[worker][k] / SIZE - mean, 2) / WORKERS;
            }
            second += squares / CLASSES;
            fourth += squares * squares / CLASSES;
            product += (counts[0][k] / SIZE - mean) * (counts[1][k] / SIZE - mean) / CLASSES;
        }
        const auto variance = [&](double a) { return mean * (1 - mean) / (WORKERS * a + 1); };
        const double error = std::sqrt((fourth - second * second) / CLASSES) + 1e-3 * second;
        EXPECT_NEAR(second, variance(concentration), 4.5 * error);
        EXPECT_GT(std::abs(second - variance(2 * concentration)), 4.5 * error);
        EXPECT_GT(std::abs(second - variance(concentration / 2)), 4.5 * error);
        EXPECT_NEAR(product,
                    -variance(concentration) / (WORKERS - 1),
                    4.5 * variance(concentration) / std::sqrt(CLASSES));
        double first = 0;
        for (const double count : counts[0])
        {
            first += count / SIZE / CLASSES;
        }
        EXPECT_NEAR(first, mean, 4.5 * std::sqrt(variance(concentration) / CLASSES));
    }
}

// Expected: all sorted in one shard each, 10 workers have one class each; two shards, at most two;
// nothing sorted, as i.i.d. A fraction f in one shard: 1000 f samples of one class and a tenth of
// the rest of each other, within 4.5 standard deviations of the hypergeometric law.
TEST(DataPartition, SortedFractionHasFewLabels)
{
    const Ptr<Dataset> set = Labels(1000, 10);
    const auto split = [&](double fraction, uint32_t shards) {
        const auto partition =
            CreateObjectWithAttributes<LabelSortedPartition>("SortedFraction",
                                                             DoubleValue(fraction),
                                                             "ShardsPerWorker",
                                                             UintegerValue(shards));
        return CountLabels(*set, partition->Split(*set, 10, 1));
    };
    for (auto& worker : split(1, 1))
    {
        std::sort(worker.begin(), worker.end());
        EXPECT_EQ(worker[9], 1000);
        EXPECT_EQ(worker[8], 0);
    }
    for (const auto& worker : split(1, 2))
    {
        EXPECT_LE(std::count_if(worker.begin(), worker.end(), [](double n) { return n > 0; }), 2);
    }
    const double spread = std::sqrt(1000 * 0.1 * 0.9);
    for (const auto& worker : split(0, 1))
    {
        for (const double count : worker)
        {
            EXPECT_NEAR(count, 100, 4.5 * spread);
        }
    }
    for (auto& worker : split(0.4, 1))
    {
        std::sort(worker.begin(), worker.end());
        EXPECT_NEAR(worker[9], 400 + 60, 4.5 * spread);
        EXPECT_NEAR(worker[0], 60, 4.5 * spread);
    }
}

// Expected: with another seed other workers get the shards of a class: of 10 classes in one shard
// each, dealt 20 times, every worker has had several, 2 at least (all the same with probability
// 10^-18, were they dealt at random).
TEST(DataPartition, SeedsDealShardsToOthers)
{
    const Ptr<Dataset> set = Labels(10, 10);
    const auto partition =
        CreateObjectWithAttributes<LabelSortedPartition>("ShardsPerWorker", UintegerValue(1));
    std::vector<std::set<float>> classes(10);
    for (uint64_t seed = 0; seed < 20; ++seed)
    {
        const DataPartition::Parts parts = partition->Split(*set, 10, seed);
        for (std::size_t worker = 0; worker < parts.size(); ++worker)
        {
            classes[worker].insert(set->GetTarget(parts[worker].front()));
        }
    }
    for (const std::set<float>& seen : classes)
    {
        EXPECT_GE(seen.size(), 2U);
    }
}

// Expected: values to regress on have no classes to skew, but can be sorted: a worker's values are
// then next to one another.
TEST(DataPartition, SortsValuesToo)
{
    const Dataset set(SampleShape{}, std::vector<float>(6), {3.5, -1, 2, 8, 0, 5}, 0);
    ExpectError<std::invalid_argument>(
        [&] { CreateObject<DirichletPartition>()->Split(set, 2, 1); },
        {"DirichletPartition", "classes"});
    const auto partition =
        CreateObjectWithAttributes<LabelSortedPartition>("ShardsPerWorker", UintegerValue(1));
    auto parts = partition->Split(set, 2, 1);
    std::sort(parts.begin(), parts.end());
    EXPECT_EQ(parts, (DataPartition::Parts{{0, 5, 3}, {1, 4, 2}}));
}
