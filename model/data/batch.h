/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BATCH_H
#define BATCH_H

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * A view of a mini-batch: plain pointers into a BatchBuffer, so that the kernels need to know
 * neither data sets nor ns-3.
 *
 * Dense: features is size x featureCount, row-major, and rowStart is null. Sparse: compressed
 * sparse rows, features is null, row i holds the entries rowStart[i] .. rowStart[i + 1] - 1 of
 * columns and values, columns ascending. Sequences: features is null, sample i is the tokens
 * rowStart[i] .. rowStart[i + 1] - 1 in their order, each with a target of its own.
 * @tparam Scalar float for training, double for checks by finite differences
 */
template <typename Scalar>
struct Batch
{
    uint32_t size{0};                  //!< number of samples
    uint32_t featureCount{0};          //!< features of a sample, or size of the vocabulary
    const Scalar* features{nullptr};   //!< size x featureCount, row-major; or null
    const uint32_t* rowStart{nullptr}; //!< size + 1 entries; null when dense
    const uint32_t* columns{nullptr};  //!< column of each stored value, below featureCount
    const Scalar* values{nullptr};     //!< stored values
    const uint32_t* tokens{nullptr};   //!< rowStart[size] entries below featureCount; or null
    const Scalar* targets{nullptr};    //!< a sample's, or a token's: class index 0, 1, ... or value

    /**
     * Whether the samples are stored as sparse rows.
     * @return true if sparse
     */
    bool IsSparse() const
    {
        return rowStart != nullptr && tokens == nullptr;
    }

    /**
     * Whether the samples are sequences of tokens.
     * @return true if so
     */
    bool IsSequential() const
    {
        return tokens != nullptr;
    }

    /**
     * Number of targets, which mean losses and accuracies are taken over.
     * @return tokens of sequences, otherwise samples
     */
    uint32_t GetTargetCount() const
    {
        return IsSequential() ? rowStart[size] : size;
    }
};

/**
 * @ingroup distributed-learning-data
 *
 * Allocates at multiples of 64 bytes: vectorized sums take another order, and so give other bits,
 * at another alignment.
 * @tparam T type of the entries
 */
template <typename T>
struct AlignedAllocator
{
    using value_type = T; //!< as the standard library asks for

    AlignedAllocator() = default;

    /**
     * All allocators are alike.
     * @tparam U another type of entries
     */
    template <typename U>
    AlignedAllocator(const AlignedAllocator<U>&)
    {
    }

    /**
     * Allocates.
     * @param count number of entries
     * @return the memory
     */
    T* allocate(std::size_t count)
    {
        if (count > std::numeric_limits<std::size_t>::max() / sizeof(T))
        {
            throw std::bad_alloc();
        }
        return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{64}));
    }

    /**
     * Gives memory back.
     * @param memory what allocate() returned
     */
    void deallocate(T* memory, std::size_t /* count */)
    {
        ::operator delete (memory, std::align_val_t{64});
    }

    /**
     * Compares.
     * @return true: any allocator may give back the memory of another
     */
    friend bool operator==(const AlignedAllocator&, const AlignedAllocator&)
    {
        return true;
    }

    /**
     * Compares.
     * @return false
     */
    friend bool operator!=(const AlignedAllocator&, const AlignedAllocator&)
    {
        return false;
    }
};

/**
 * @ingroup distributed-learning-data
 *
 * The memory behind a Batch, reused from batch to batch; numbers begin at multiples of 64 bytes.
 * @tparam Scalar float or double
 */
template <typename Scalar>
struct BatchBuffer
{
    std::vector<Scalar, AlignedAllocator<Scalar>> features; //!< see Batch
    std::vector<uint32_t> rowStart;                         //!< see Batch
    std::vector<uint32_t> columns;                          //!< columns or tokens, see Batch
    std::vector<Scalar, AlignedAllocator<Scalar>> values;   //!< see Batch
    std::vector<Scalar, AlignedAllocator<Scalar>> targets;  //!< see Batch
};

} // namespace learning
} // namespace ns3

#endif /* BATCH_H */
