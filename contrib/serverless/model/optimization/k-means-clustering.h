/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef K_MEANS_CLUSTERING_H
#define K_MEANS_CLUSTERING_H

#include "local-optimization.h"

#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-optimization
 *
 * k-means by expectation-maximization (Lloyd's iterations): a round is one pass over the worker's
 * samples, each assigned to its nearest centroid. The loss is the mean squared distance to it.
 *
 * SUMS sends sums and counts of each cluster, k (d + 1) + 1 numbers: the same iterations as on one
 * machine. CENTROIDS sends the worker's centroids, k d + 1 numbers, as the released code of
 * LambdaML does: their mean is not weighted by counts, and an empty cluster counts as 0.
 *
 * Centroids start at samples drawn at random, the same at all workers. With SUMS an empty cluster
 * keeps its centroid.
 */
class KMeansClustering : public LocalOptimization
{
  public:
    /// What is sent.
    enum Variant
    {
        SUMS,     //!< sums and counts
        CENTROIDS //!< centroids
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    void Compute() override;
    double GetEpochsPerRound() const override;
    std::vector<double> GetVector() const override;
    void Merge(const std::vector<double>& sum, uint32_t parts) override;
    std::vector<float> GetParameters() const override;
    double GetLoss(const std::vector<uint32_t>& samples) const override;
    double GetAccuracy(const std::vector<uint32_t>& samples) const override;
    std::vector<double> Save() const override;
    void Restore(const std::vector<double>& state) override;

    /**
     * The centroids.
     * @return clusters x features, row-major
     */
    const std::vector<double>& GetCentroids() const;

  protected:
    void DoConfigure() override;

  private:
    /**
     * Assigns samples to centroids.
     * @param samples their indices
     * @param sums clusters x features, of samples, added to; or null
     * @param counts of samples of each cluster, added to; or null
     * @return sum of squared distances to the nearest centroid
     */
    double Assign(const std::vector<uint32_t>& samples,
                  std::vector<double>* sums,
                  std::vector<double>* counts) const;

    uint32_t m_clusters;             //!< k
    Variant m_variant;               //!< what is sent
    uint32_t m_features{0};          //!< d
    std::vector<double> m_centroids; //!< clusters x features
    std::vector<double> m_sums;      //!< clusters x features
    std::vector<double> m_counts;    //!< samples of each cluster
    double m_error{0};               //!< sum of squared distances
};

} // namespace serverless
} // namespace ns3

#endif /* K_MEANS_CLUSTERING_H */
