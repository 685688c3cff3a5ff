/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SPARSE_TEXT_H
#define SPARSE_TEXT_H

#include "dataset.h"

#include "ns3/ptr.h"
#include "ns3/random-engine.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * Documents of two classes as sparse rows, in the form of the binary RCV1: one feature a term, few
 * terms a document, cosine-normalized log TF-IDF values. Its size is 697,641 documents, 47,236
 * terms, about 0.16 % of the values non-zero (LIBSVM's list of data sets, unverified).
 *
 * Term j is in a share p_j of the documents that falls as 1 / (j + 1) from the top (Zipf's law), at
 * most MOST_FREQUENT, with the stated sum. Both classes are equally likely; term j is in documents
 * of class 1 with probability p_j (1 + s t_j), in those of class 0 with p_j (1 - s t_j), t_j = 1 or
 * -1 at random, independently of all other terms. So the law's log-odds are known, and linear in
 * which terms there are. A term that is there occurs k = 1, 2, ... times with probability 2^-k and
 * has the value (1 + ln k) ln(1 / p_j), divided by the length of the row. Then a stated share of
 * the labels is flipped.
 *
 * Document i of a stream depends on the law, its seed, the stream and i alone. Time and memory are
 * linear in the non-zeros.
 */
class SparseTextLaw
{
  public:
    /// Largest share of documents that a term is in.
    static constexpr double MOST_FREQUENT = 0.4;

    /**
     * States the law.
     * @param features number of terms, 1 to 10^7
     * @param nonZeros mean number of terms in a document, above 0, at most MOST_FREQUENT features
     * @param signal how far classes differ, s, in [0, 1)
     * @param noise probability that a label is flipped, 0 to 0.5
     * @param seed the seed
     * @throws std::invalid_argument with one sentence if a number is out of range
     */
    SparseTextLaw(uint32_t features, double nonZeros, double signal, double noise, uint64_t seed);

    /**
     * Draws documents.
     * @param documents how many, at least 1; times nonZeros at most 2^31
     * @param stream which independent draw
     * @return the documents, sparse
     * @throws std::invalid_argument if there would be too many numbers or none
     */
    Ptr<Dataset> Generate(uint32_t documents, uint64_t stream) const;

    /**
     * Share of documents that a term is in.
     * @param term its index
     * @return p_j
     */
    double GetFrequency(uint32_t term) const;

    /**
     * What the best classifier knows of a document, labels' noise left out.
     * @param terms those in the document
     * @param count how many
     * @return logarithm of P(class 1) / P(class 0)
     */
    double GetLogOdds(const uint32_t* terms, uint32_t count) const;

  private:
    /**
     * Draws the terms of a document.
     * @param engine an engine for this document alone
     * @param side 1 for class 1, -1 for class 0
     * @param rows where values are added
     */
    void DrawRow(RandomEngine& engine, double side, Dataset::SparseRows& rows) const;

    double m_nonZeros;               //!< mean number of terms in a document
    double m_signal;                 //!< s
    double m_noise;                  //!< share of labels
    uint64_t m_seed;                 //!< seed of the documents
    double m_absentLogOdds{0};       //!< of a document without terms
    std::vector<double> m_frequency; //!< p_j, falling
    std::vector<int8_t> m_direction; //!< t_j
};

} // namespace learning
} // namespace ns3

#endif /* SPARSE_TEXT_H */
