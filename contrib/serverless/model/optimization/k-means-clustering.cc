/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "k-means-clustering.h"

#include "ns3/enum.h"
#include "ns3/learning-compatibility.h"
#include "ns3/random-engine.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(KMeansClustering);

namespace
{
constexpr uint64_t CENTERS = 0x4b4d45414e530001; //!< what hashed keys are for
constexpr uint32_t PIECE = 256;                  //!< samples that are gathered at once
} // namespace

TypeId
KMeansClustering::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::KMeansClustering")
            .SetParent<LocalOptimization>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<KMeansClustering>()
            .AddAttribute(
                "Clusters",
                "Number of clusters k, at least 1, at most the number of samples; 10 on Higgs "
                "(LambdaML, unverified).",
                UintegerValue(10),
                MakeUintegerAccessor(&KMeansClustering::m_clusters),
                MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Variant",
                          "What is sent: Sums (and counts) or Centroids (LambdaML's released "
                          "code).",
                          learning::EnumValueFor<Variant>(SUMS),
                          learning::MakeEnumAccessorFor<Variant>(&KMeansClustering::m_variant),
                          MakeEnumChecker(SUMS, "Sums", CENTROIDS, "Centroids"));
    return tid;
}

void
KMeansClustering::DoConfigure()
{
    const learning::Dataset& training = *m_task->training;
    if (m_clusters > training.GetSampleCount())
    {
        Refuse("Clusters=" + std::to_string(m_clusters) + ": there are " +
               std::to_string(training.GetSampleCount()) + " samples only");
    }
    if (training.IsSparse())
    {
        Refuse("clustering needs dense samples");
    }
    m_features = training.GetShape().GetSize();
    std::vector<uint32_t> samples(training.GetSampleCount());
    for (uint32_t i = 0; i < samples.size(); ++i)
    {
        samples[i] = i;
    }
    learning::RandomEngine(learning::SplitMix64(CENTERS, m_task->seed)).Shuffle(samples);
    learning::BatchBuffer<double> buffer;
    const auto batch = training.Gather(samples.data(), m_clusters, buffer);
    m_centroids.assign(batch.features,
                       batch.features + std::size_t{m_clusters} * std::size_t{m_features});
}

double
KMeansClustering::Assign(const std::vector<uint32_t>& samples,
                         std::vector<double>* sums,
                         std::vector<double>* counts) const
{
    learning::BatchBuffer<double> buffer;
    double error = 0;
    for (std::size_t begin = 0; begin < samples.size(); begin += PIECE)
    {
        const auto size =
            static_cast<uint32_t>(std::min<std::size_t>(PIECE, samples.size() - begin));
        const auto batch = m_task->training->Gather(samples.data() + begin, size, buffer);
        for (uint32_t i = 0; i < size; ++i)
        {
            const double* sample = batch.features + std::size_t{i} * m_features;
            double least = std::numeric_limits<double>::infinity();
            std::size_t nearest = 0;
            for (std::size_t k = 0; k < m_clusters; ++k)
            {
                const double* center = m_centroids.data() + k * m_features;
                double distance = 0;
                for (uint32_t j = 0; j < m_features; ++j)
                {
                    distance += (sample[j] - center[j]) * (sample[j] - center[j]);
                }
                if (distance < least)
                {
                    least = distance;
                    nearest = k;
                }
            }
            error += least;
            if (sums)
            {
                (*counts)[nearest] += 1;
                for (uint32_t j = 0; j < m_features; ++j)
                {
                    (*sums)[nearest * m_features + j] += sample[j];
                }
            }
        }
    }
    return error;
}

void
KMeansClustering::Compute()
{
    m_sums.assign(m_centroids.size(), 0);
    m_counts.assign(m_clusters, 0);
    m_error = Assign(GetSamples(), &m_sums, &m_counts);
}

double
KMeansClustering::GetEpochsPerRound() const
{
    return 1;
}

std::vector<double>
KMeansClustering::GetVector() const
{
    std::vector<double> vector(m_sums);
    if (m_variant == SUMS)
    {
        vector.insert(vector.end(), m_counts.begin(), m_counts.end());
    }
    else
    {
        for (std::size_t i = 0; i < vector.size(); ++i)
        {
            const double count = m_counts[i / m_features];
            vector[i] = count > 0 ? vector[i] / count : 0;
        }
    }
    vector.push_back(m_error);
    return vector;
}

void
KMeansClustering::Merge(const std::vector<double>& sum, uint32_t parts)
{
    for (std::size_t i = 0; i < m_centroids.size(); ++i)
    {
        if (m_variant == CENTROIDS)
        {
            m_centroids[i] = sum[i] / parts;
            continue;
        }
        const double count = sum[m_centroids.size() + i / m_features];
        if (count > 0)
        {
            m_centroids[i] = sum[i] / count;
        }
    }
}

std::vector<float>
KMeansClustering::GetParameters() const
{
    return std::vector<float>(m_centroids.begin(), m_centroids.end());
}

const std::vector<double>&
KMeansClustering::GetCentroids() const
{
    return m_centroids;
}

double
KMeansClustering::GetLoss(const std::vector<uint32_t>& samples) const
{
    return Assign(samples, nullptr, nullptr) / static_cast<double>(samples.size());
}

double
KMeansClustering::GetAccuracy(const std::vector<uint32_t>& /* samples */) const
{
    return std::numeric_limits<double>::quiet_NaN();
}

std::vector<double>
KMeansClustering::Save() const
{
    return m_centroids;
}

void
KMeansClustering::Restore(const std::vector<double>& state)
{
    if (state.size() != m_centroids.size())
    {
        Refuse("a checkpoint of other clusters");
    }
    m_centroids = state;
}

} // namespace serverless
} // namespace ns3
