/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BATCH_H
#define BATCH_H

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * A view of a mini-batch: plain pointers into a BatchBuffer, so that the kernels need to know neither data sets nor ns-3.
 *
 * Dense: features is size x featureCount, row-major, and rowStart is null. Sparse: compressed sparse rows, features is null,
 * row i holds the entries rowStart[i] .. rowStart[i + 1] - 1 of columns and values, columns ascending.
 * @tparam Scalar float for training, double for checks by finite differences
 */
template <typename Scalar>
struct Batch
{
    uint32_t size{0};                  //!< number of samples
    uint32_t featureCount{0};          //!< number of features of a sample
    const Scalar* features{nullptr};   //!< size x featureCount, row-major; null when sparse
    const uint32_t* rowStart{nullptr}; //!< size + 1 entries; null when dense
    const uint32_t* columns{nullptr};  //!< column of each stored value, below featureCount
    const Scalar* values{nullptr};     //!< stored values
    const Scalar* targets{nullptr};    //!< size entries: the class index 0, 1, ... or the value to regress on

    /**
     * Whether the samples are stored as sparse rows.
     * @return true if sparse
     */
    bool IsSparse() const
    {
        return rowStart != nullptr;
    }
};

/**
 * @ingroup distributed-learning-data
 *
 * The memory behind a Batch, reused from batch to batch.
 * @tparam Scalar float or double
 */
template <typename Scalar>
struct BatchBuffer
{
    std::vector<Scalar> features;   //!< see Batch
    std::vector<uint32_t> rowStart; //!< see Batch
    std::vector<uint32_t> columns;  //!< see Batch
    std::vector<Scalar> values;     //!< see Batch
    std::vector<Scalar> targets;    //!< see Batch
};

} // namespace learning
} // namespace ns3

#endif /* BATCH_H */
