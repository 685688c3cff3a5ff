/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "data-partition.h"

#include "ns3/double.h"
#include "ns3/random-engine.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(DataPartition);
NS_OBJECT_ENSURE_REGISTERED(IidPartition);
NS_OBJECT_ENSURE_REGISTERED(DirichletPartition);
NS_OBJECT_ENSURE_REGISTERED(LabelSortedPartition);

namespace
{

/// What hashed keys are for: equal seeds must not give equal draws for different purposes.
enum Purpose : uint64_t
{
    ORDER = 0x5041525449544e01, //!< order of all samples
    SHARES,                     //!< Dirichlet shares of one class
    SHARDS,                     //!< who gets which shard
    REMAINDERS                  //!< who gets one sample more
};

/**
 * All samples in random order.
 * @param count number of samples
 * @param seed the seed
 * @return a permutation of 0 .. count - 1
 */
std::vector<uint32_t>
ShuffledSamples(uint32_t count, uint64_t seed)
{
    std::vector<uint32_t> samples(count);
    std::iota(samples.begin(), samples.end(), 0);
    RandomEngine(SplitMix64(ORDER, seed)).Shuffle(samples);
    return samples;
}

/**
 * Cuts a range into pieces whose sizes differ by at most one and deals them.
 * @param begin first sample
 * @param end end of the samples
 * @param owners worker that gets each piece
 * @param parts the pieces are added here
 */
void
DealEqually(std::vector<uint32_t>::const_iterator begin,
            std::vector<uint32_t>::const_iterator end,
            const std::vector<uint32_t>& owners,
            DataPartition::Parts& parts)
{
    const uint64_t count = end - begin;
    for (uint64_t i = 0; i < owners.size(); ++i)
    {
        auto& part = parts[owners[i]];
        part.insert(part.end(),
                    begin + count * i / owners.size(),
                    begin + count * (i + 1) / owners.size());
    }
}

/**
 * The workers, several times each, in random order.
 * @param workers number of workers
 * @param times how many times each
 * @param key what the order depends on
 * @return workers x times entries
 */
std::vector<uint32_t>
ShuffledOwners(uint32_t workers, uint32_t times, uint64_t key)
{
    std::vector<uint32_t> owners;
    for (uint32_t i = 0; i < times; ++i)
    {
        for (uint32_t worker = 0; worker < workers; ++worker)
        {
            owners.push_back(worker);
        }
    }
    RandomEngine(key).Shuffle(owners);
    return owners;
}

/**
 * Moves samples from the largest parts to those that have too few.
 * @param parts the parts
 * @param minimum what every part shall have
 */
void
TopUp(DataPartition::Parts& parts, uint32_t minimum)
{
    // ties go to the lowest worker, so that the outcome does not depend on the queue's inner order
    using Size = std::pair<std::size_t, int64_t>;
    std::priority_queue<Size> largest;
    for (std::size_t worker = 0; worker < parts.size(); ++worker)
    {
        largest.emplace(parts[worker].size(), -static_cast<int64_t>(worker));
    }
    for (auto& part : parts)
    {
        while (part.size() < minimum)
        {
            auto& donor = parts[-largest.top().second];
            const int64_t id = largest.top().second;
            largest.pop();
            part.push_back(donor.back());
            donor.pop_back();
            largest.emplace(donor.size(), id);
        }
    }
}

} // namespace

TypeId
DataPartition::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::DataPartition")
            .SetParent<Object>()
            .SetGroupName("DistributedLearning")
            .AddAttribute("MinimumSamples",
                          "Number of samples that every worker gets at least, 1 to 4294967295; "
                          "workers with fewer get some of the worker that has most. A batch cannot "
                          "be larger than the smallest part.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DataPartition::m_minimumSamples),
                          MakeUintegerChecker<uint32_t>(1));
    return tid;
}

DataPartition::Parts
DataPartition::Split(const Dataset& dataset, uint32_t workers, uint64_t seed) const
{
    const uint32_t legal = dataset.GetSampleCount() / m_minimumSamples;
    if (workers < 1 || workers > legal)
    {
        throw std::invalid_argument(
            GetInstanceTypeId().GetName() + ": " + std::to_string(dataset.GetSampleCount()) +
            " samples cannot be dealt to " + std::to_string(workers) + " workers with at least " +
            std::to_string(m_minimumSamples) + " each, " +
            (legal > 0 ? "1 to " + std::to_string(legal) + " workers are legal"
                       : "no number of workers is legal"));
    }
    Parts parts = DoSplit(dataset, workers, seed);
    TopUp(parts, m_minimumSamples);
    return parts;
}

TypeId
IidPartition::GetTypeId()
{
    static TypeId tid = TypeId("ns3::learning::IidPartition")
                            .SetParent<DataPartition>()
                            .SetGroupName("DistributedLearning")
                            .AddConstructor<IidPartition>();
    return tid;
}

DataPartition::Parts
IidPartition::DoSplit(const Dataset& dataset, uint32_t workers, uint64_t seed) const
{
    const std::vector<uint32_t> samples = ShuffledSamples(dataset.GetSampleCount(), seed);
    Parts parts(workers);
    DealEqually(samples.begin(),
                samples.end(),
                ShuffledOwners(workers, 1, SplitMix64(REMAINDERS, seed)),
                parts);
    return parts;
}

TypeId
DirichletPartition::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::DirichletPartition")
            .SetParent<DataPartition>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<DirichletPartition>()
            .AddAttribute("Concentration",
                          "Parameter of the Dirichlet law of the workers' shares of a class, the "
                          "same for all workers, 0.001 to 1000000; the smaller, the more skewed.",
                          DoubleValue(0.5),
                          MakeDoubleAccessor(&DirichletPartition::m_concentration),
                          MakeDoubleChecker<double>(1e-3, 1e6));
    return tid;
}

DataPartition::Parts
DirichletPartition::DoSplit(const Dataset& dataset, uint32_t workers, uint64_t seed) const
{
    if (dataset.GetClassCount() == 0)
    {
        throw std::invalid_argument("ns3::learning::DirichletPartition: the data set has values to "
                                    "regress on, only sets with classes are legal");
    }
    Parts classes(dataset.GetClassCount());
    for (const uint32_t sample : ShuffledSamples(dataset.GetSampleCount(), seed))
    {
        classes[static_cast<uint32_t>(dataset.GetTarget(sample))].push_back(sample);
    }
    Parts parts(workers);
    std::vector<double> shares(workers);
    for (uint32_t k = 0; k < classes.size(); ++k)
    {
        RandomEngine engine(SplitMix64(SHARES, seed, k));
        double largest = -std::numeric_limits<double>::infinity();
        for (double& share : shares)
        {
            share = engine.NextLogGamma(m_concentration);
            largest = std::max(largest, share);
        }
        double total = 0;
        for (double& share : shares)
        {
            share = std::exp(share - largest);
            total += share;
        }
        double cumulated = 0;
        const auto size = static_cast<double>(classes[k].size());
        auto from = classes[k].begin();
        for (uint32_t worker = 0; worker < workers; ++worker)
        {
            cumulated += shares[worker];
            const auto to = worker + 1 == workers
                                ? classes[k].end()
                                : classes[k].begin() + std::lround(size * (cumulated / total));
            parts[worker].insert(parts[worker].end(), from, to);
            from = to;
        }
    }
    return parts;
}

TypeId
LabelSortedPartition::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::LabelSortedPartition")
            .SetParent<DataPartition>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<LabelSortedPartition>()
            .AddAttribute("SortedFraction",
                          "Fraction of the samples that is sorted by label, 0 to 1.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&LabelSortedPartition::m_sortedFraction),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("ShardsPerWorker",
                          "Number of shards of the sorted samples that each worker gets, 1 to "
                          "65535; the more, the more labels each has.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&LabelSortedPartition::m_shardsPerWorker),
                          MakeUintegerChecker<uint32_t>(1, 65535));
    return tid;
}

DataPartition::Parts
LabelSortedPartition::DoSplit(const Dataset& dataset, uint32_t workers, uint64_t seed) const
{
    std::vector<uint32_t> samples = ShuffledSamples(dataset.GetSampleCount(), seed);
    const auto sortedEnd =
        samples.begin() + std::llround(m_sortedFraction * static_cast<double>(samples.size()));
    std::stable_sort(samples.begin(), sortedEnd, [&dataset](uint32_t a, uint32_t b) {
        return dataset.GetTarget(a) < dataset.GetTarget(b);
    });
    Parts parts(workers);
    DealEqually(samples.begin(),
                sortedEnd,
                ShuffledOwners(workers, m_shardsPerWorker, SplitMix64(SHARDS, seed)),
                parts);
    DealEqually(sortedEnd,
                samples.end(),
                ShuffledOwners(workers, 1, SplitMix64(REMAINDERS, seed)),
                parts);
    return parts;
}

} // namespace learning
} // namespace ns3
