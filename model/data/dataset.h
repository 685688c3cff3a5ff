/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DATASET_H
#define DATASET_H

#include "batch.h"

#include "ns3/ptr.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * Extent of one sample. Features are stored channel by channel, each row by row (channels x height
 * x width). A table of f columns has one channel, height 1 and width f. A sequence of tokens has
 * the size of the vocabulary for its width, and any length.
 */
struct SampleShape
{
    uint32_t channels{1};   //!< 1 for grey images and tables, 3 for colour images
    uint32_t height{1};     //!< rows, 1 for tables
    uint32_t width{1};      //!< columns, number of features of a table, or size of the vocabulary
    bool sequential{false}; //!< whether a sample is a sequence of tokens 0 to width - 1

    /**
     * Number of features of a sample.
     * @return channels x height x width
     */
    uint32_t GetSize() const
    {
        return channels * height * width;
    }
};

/**
 * @ingroup distributed-learning-data
 *
 * Labelled samples, immutable once built and shared by all workers of a run: stored once, as bytes
 * where the file has bytes, as sparse rows where the file is sparse. Samples may also be sequences
 * of tokens, such as sentences, with a class for each token. Readers and generators build
 * it; Gather() turns samples into numbers.
 *
 * Bytes b are read as b * scale + offset, in single precision, so that float and double batches
 * hold the same numbers. Safe to read from several threads.
 *
 * The constructors throw std::invalid_argument with one sentence if there is no sample, if sizes
 * disagree, if a target is not one of the classes, or if a number is not finite.
 */
class Dataset : public SimpleRefCount<Dataset>
{
  public:
    /// Compressed sparse rows: row i holds entries rowStart[i] .. rowStart[i + 1] - 1, columns
    /// ascending.
    struct SparseRows
    {
        std::vector<uint64_t> rowStart; //!< one more than there are samples
        std::vector<uint32_t> columns;  //!< feature of each value
        std::vector<float> values;      //!< stored values
    };

    /// Sequences of any length but 0: sequence i is tokens start[i] .. start[i + 1] - 1.
    struct Sequences
    {
        std::vector<uint64_t> start{0}; //!< one more than there are sequences
        std::vector<uint32_t> tokens;   //!< in the order of the sequence
        std::vector<float> targets;     //!< class of each token
    };

    /**
     * Builds a data set of byte features, such as images.
     * @param shape extent of a sample
     * @param features samples x shape.GetSize() bytes
     * @param targets one a sample: class index or value
     * @param classCount number of classes, 0 for regression
     * @param scale factor of a byte (1/255 maps to [0, 1])
     * @param offset added after scaling
     */
    Dataset(const SampleShape& shape,
            std::vector<uint8_t> features,
            std::vector<float> targets,
            uint32_t classCount,
            float scale = 1.0F / 255,
            float offset = 0);

    /**
     * Builds a data set of dense numbers.
     * @param shape extent of a sample
     * @param features samples x shape.GetSize() numbers
     * @param targets one a sample: class index or value
     * @param classCount number of classes, 0 for regression
     */
    Dataset(const SampleShape& shape,
            std::vector<float> features,
            std::vector<float> targets,
            uint32_t classCount);

    /**
     * Builds a data set of sparse numbers.
     * @param featureCount number of features of a sample
     * @param rows the samples
     * @param targets one a sample: class index or value
     * @param classCount number of classes, 0 for regression
     */
    Dataset(uint32_t featureCount,
            SparseRows rows,
            std::vector<float> targets,
            uint32_t classCount);

    /**
     * Builds a data set of sequences.
     * @param vocabulary number of tokens there are
     * @param sequences the samples
     * @param classCount number of classes of a token, at least 1
     */
    Dataset(uint32_t vocabulary, Sequences sequences, uint32_t classCount);

    /**
     * Number of samples.
     * @return the number of samples
     */
    uint32_t GetSampleCount() const;

    /**
     * Extent of one sample.
     * @return the shape
     */
    const SampleShape& GetShape() const;

    /**
     * Number of classes.
     * @return the number of classes, 0 for regression
     */
    uint32_t GetClassCount() const;

    /**
     * Whether the samples are stored as sparse rows.
     * @return true if sparse
     */
    bool IsSparse() const;

    /**
     * Mean number of stored features of a sample: all of them when dense, tokens of a sequence.
     * @return non-zeros or tokens a sample
     */
    double GetMeanNonZeros() const;

    /**
     * Target of one sample, by which sets are partitioned. That of a sequence is the most frequent
     * class of its tokens, the lowest if there are several; class 0, which by custom is that of
     * tokens outside of all slots, counts only where there is no other.
     * @param sample index of the sample
     * @return class index or value
     */
    float GetTarget(uint32_t sample) const;

    /**
     * Number of targets: mean losses and accuracies are taken over them.
     * @return tokens of sequences, otherwise samples
     */
    uint64_t GetTargetCount() const;

    /**
     * Copies samples into a buffer, as numbers. Sparse sets give sparse batches, sequences
     * sequential ones.
     * @tparam Scalar float or double
     * @param samples indices of the samples, each below GetSampleCount()
     * @param count how many
     * @param buffer the memory to use, kept for the next call
     * @return a view of the buffer, valid until the buffer changes
     * @throws std::invalid_argument if a sample does not exist
     */
    template <typename Scalar>
    Batch<Scalar> Gather(const uint32_t* samples,
                         uint32_t count,
                         BatchBuffer<Scalar>& buffer) const;

    /**
     * The first samples of this set as a set of its own.
     * @param count how many, 1 to GetSampleCount()
     * @return a new data set
     * @throws std::invalid_argument if there are not so many
     */
    Ptr<Dataset> Head(uint32_t count) const;

    /**
     * Chosen samples as a set of their own, with the same number of classes.
     * @param samples indices of the samples, each below GetSampleCount()
     * @return a new data set
     * @throws std::invalid_argument if there are none or one does not exist
     */
    Ptr<Dataset> Select(const std::vector<uint32_t>& samples) const;

  private:
    /// Checks the shape, the number of samples, and that every target is a class or a finite value.
    void CheckTargets() const;

    /**
     * Copies rows of a sparse or sequential set.
     * @tparam Scalar float or double
     * @param samples indices of the samples
     * @param count how many
     * @param buffer the memory to use
     * @param batch rowStart, columns and values, or tokens and targets, are set
     */
    template <typename Scalar>
    void GatherRows(const uint32_t* samples,
                    uint32_t count,
                    BatchBuffer<Scalar>& buffer,
                    Batch<Scalar>& batch) const;

    /**
     * Select() of a sparse or sequential set.
     * @param samples indices of the samples
     * @return a new data set
     */
    Ptr<Dataset> SelectRows(const std::vector<uint32_t>& samples) const;

    /**
     * Checks that features and targets are of as many samples.
     * @param values number of features given
     */
    void CheckFeatureCount(uint64_t values) const;

    SampleShape m_shape;          //!< extent of a sample
    uint32_t m_classCount;        //!< 0 for regression
    std::vector<uint8_t> m_bytes; //!< byte features, or empty
    std::vector<float> m_numbers; //!< dense features, or empty
    SparseRows m_rows;            //!< sparse features, or tokens without values, or empty
    std::vector<float> m_targets; //!< class index or value of each sample, or of each token
    float m_scale{1};             //!< factor of a byte
    float m_offset{0};            //!< added after scaling
};

} // namespace learning
} // namespace ns3

#endif /* DATASET_H */
