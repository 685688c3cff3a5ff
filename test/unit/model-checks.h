/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MODEL_CHECKS_H
#define MODEL_CHECKS_H

#include "ns3/batch.h"
#include "ns3/learning-model.h"

#include <cstdint>
#include <random>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * A batch made by hand, with the memory behind it, in both storage forms.
 * @tparam Scalar float or double
 */
template <typename Scalar>
struct HandMadeBatch
{
    std::vector<Scalar> features;   //!< size x featureCount
    std::vector<Scalar> targets;    //!< size
    std::vector<uint32_t> rowStart; //!< of the sparse form
    std::vector<uint32_t> columns;  //!< of the sparse form
    std::vector<Scalar> values;     //!< of the sparse form
    uint32_t featureCount{0};       //!< features of a sample

    Batch<Scalar> Dense() const
    {
        Batch<Scalar> batch;
        batch.size = static_cast<uint32_t>(targets.size());
        batch.featureCount = featureCount;
        batch.features = features.data();
        batch.targets = targets.data();
        return batch;
    }

    Batch<Scalar> Sparse() const
    {
        Batch<Scalar> batch = Dense();
        batch.features = nullptr;
        batch.rowStart = rowStart.data();
        batch.columns = columns.data();
        batch.values = values.data();
        return batch;
    }
};

/**
 * Draws a batch: normal features of which a share is zero, and classes (or normal targets if
 * classCount is 0).
 */
template <typename Scalar>
HandMadeBatch<Scalar>
DrawBatch(uint32_t size, uint32_t featureCount, uint32_t classCount, double zeros, uint32_t seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> uniform;
    HandMadeBatch<Scalar> batch;
    batch.featureCount = featureCount;
    batch.rowStart.push_back(0);
    for (uint32_t i = 0; i < size; i++)
    {
        for (uint32_t j = 0; j < featureCount; j++)
        {
            const double value = normal(engine);
            const bool zero = uniform(engine) < zeros;
            // Rounded to single precision, so that both precisions see the same numbers.
            batch.features.push_back(zero ? 0 : static_cast<float>(value));
            if (!zero)
            {
                batch.columns.push_back(j);
                batch.values.push_back(static_cast<float>(value));
            }
        }
        batch.rowStart.push_back(static_cast<uint32_t>(batch.columns.size()));
        batch.targets.push_back(classCount == 0 ? static_cast<float>(normal(engine))
                                                : static_cast<float>(engine() % classCount));
    }
    return batch;
}

/**
 * Sequences made by hand, with the memory behind them.
 * @tparam Scalar float or double
 */
template <typename Scalar>
struct HandMadeSequences
{
    std::vector<uint32_t> start{0}; //!< one more than there are sequences
    std::vector<uint32_t> tokens;   //!< of all sequences
    std::vector<Scalar> targets;    //!< of all tokens
    uint32_t vocabulary{0};         //!< number of tokens there are

    Batch<Scalar> Get() const
    {
        Batch<Scalar> batch;
        batch.size = static_cast<uint32_t>(start.size() - 1);
        batch.featureCount = vocabulary;
        batch.rowStart = start.data();
        batch.tokens = tokens.data();
        batch.targets = targets.data();
        return batch;
    }
};

/**
 * Draws sequences of given lengths.
 */
template <typename Scalar>
HandMadeSequences<Scalar>
DrawSequences(const std::vector<uint32_t>& lengths,
              uint32_t vocabulary,
              uint32_t classCount,
              uint32_t seed)
{
    std::mt19937 engine(seed);
    HandMadeSequences<Scalar> batch;
    batch.vocabulary = vocabulary;
    for (const uint32_t length : lengths)
    {
        for (uint32_t t = 0; t < length; t++)
        {
            batch.tokens.push_back(engine() % vocabulary);
            batch.targets.push_back(static_cast<Scalar>(engine() % classCount));
        }
        batch.start.push_back(static_cast<uint32_t>(batch.tokens.size()));
    }
    return batch;
}

/**
 * Draws normal parameters, rounded to single precision.
 */
template <typename Scalar>
std::vector<Scalar>
DrawParameters(uint32_t count, double deviation, uint32_t seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<double> normal(0, deviation);
    std::vector<Scalar> parameters(count);
    for (auto& parameter : parameters)
    {
        parameter = static_cast<float>(normal(engine));
    }
    return parameters;
}

/**
 * Largest difference between two vectors, relative to the largest entry of the first.
 */
template <typename A, typename B>
double
RelativeDifference(const std::vector<A>& a, const std::vector<B>& b)
{
    double difference = 0;
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); i++)
    {
        difference = std::max(difference, std::abs(double(a[i]) - double(b[i])));
        largest = std::max(largest, std::abs(double(a[i])));
    }
    return difference / largest;
}

} // namespace learning
} // namespace ns3

#endif /* MODEL_CHECKS_H */
