/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef FLIGHT_QUERIES_H
#define FLIGHT_QUERIES_H

#include "tagged-grammar.h"

#include "ns3/ptr.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * Questions that callers might ask a travel agency, such as "show me flights from port balden to
 * tarim on monday morning", every word with a tag: in form, size and words like the corpus ATIS
 * (Air Travel Information System), whose text may not be given away, and whose slots' names are
 * used here; the sentences, cities and companies are invented.
 *
 * Which slot a phrase fills is said by other words, often several before it: a city after "from",
 * "between" or "leaving" is fromloc.city_name, after "to", "and" or "reach" toloc.city_name, and
 * days and times belong to a departure, an arrival or a return in the same way. So a classifier
 * that sees one word at a time cannot do well. Some of it cannot be known from the words before
 * ("tarim" may begin "tarim to balden", or be where "tarim from balden" ends), and a stated share
 * of the words has a wrong tag, as the work of annotators has. Sentence i of a stream depends on
 * the law, its seed, the stream and i alone.
 *
 * Size: 11 words a sentence on average, as ATIS; vocabulary as stated; 111 tags (ATIS: 129).
 * Source of the task: C. T. Hemphill, J. J. Godfrey, G. R. Doddington, "The ATIS spoken language
 * systems pilot corpus", DARPA workshop on speech and natural language 1990.
 */
class FlightQueryLaw
{
  public:
    /// Smallest legal vocabulary: the words of the grammar, and 16 names of each kind.
    static constexpr uint32_t MIN_VOCABULARY = 480;
    /// Largest legal vocabulary.
    static constexpr uint32_t MAX_VOCABULARY = 20000;

    /**
     * States the law.
     * @param vocabulary number of tokens, that of unknown words included
     * @param noise probability that the tag of a word is another, all being equally likely, 0 to
     * 0.5
     * @param seed the seed
     * @throws std::invalid_argument if a number is out of range
     */
    FlightQueryLaw(uint32_t vocabulary, double noise, uint64_t seed);

    /**
     * Draws sentences.
     * @param sentences how many
     * @param stream which independent draw
     * @return the sentences
     */
    TaggedText DrawText(uint32_t sentences, uint64_t stream) const;

    /**
     * Draws sentences as data: tokens in the order of the alphabet, and 0 for unknown words.
     * @param sentences how many, at least 1
     * @param stream which independent draw
     * @return the sentences
     */
    Ptr<Dataset> Generate(uint32_t sentences, uint64_t stream) const;

  private:
    TaggedGrammar m_grammar;          //!< what is asked
    std::vector<std::string> m_words; //!< all words, in the order of the alphabet
    std::vector<std::string> m_tags;  //!< all tags, O first
    double m_noise;                   //!< probability of a wrong tag
    uint64_t m_seed;                  //!< seed of the sentences
};

} // namespace learning
} // namespace ns3

#endif /* FLIGHT_QUERIES_H */
