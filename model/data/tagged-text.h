/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TAGGED_TEXT_H
#define TAGGED_TEXT_H

#include "dataset.h"

#include "ns3/ptr.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * Sentences in which every word has a tag: O for a word outside of all slots, B-SLOT for the first
 * word of a slot, I-SLOT for its further words.
 *
 * Source of the tags: E. F. Tjong Kim Sang, J. Veenstra, "Representing text chunks", EACL 1999.
 */
struct TaggedText
{
    std::vector<uint64_t> start{0}; //!< sentence i is words start[i] .. start[i + 1] - 1
    std::vector<std::string> words; //!< of all sentences
    std::vector<std::string> tags;  //!< one a word

    /**
     * Number of sentences.
     * @return the number
     */
    std::size_t GetSentenceCount() const;

    /**
     * Adds a sentence of another text.
     * @param other the text
     * @param sentence which of its sentences
     */
    void Append(const TaggedText& other, std::size_t sentence);
};

/**
 * @ingroup distributed-learning-data
 *
 * Numbers words and tags. Token 0 stands for every word that is not known; class 0 is the tag O.
 */
class TextEncoder
{
  public:
    /**
     * Numbers given words and tags.
     * @param words the known words, in order, without repeats; they become tokens 1, 2, ...
     * @param tags the tags but O, in order, without repeats; they become classes 1, 2, ...
     */
    TextEncoder(const std::vector<std::string>& words, const std::vector<std::string>& tags);

    /**
     * Words as data.
     * @param text at least one sentence, whose tags are all known
     * @return a data set of sequences
     * @throws std::invalid_argument if a tag is not known
     */
    Ptr<Dataset> Encode(const TaggedText& text) const;

  private:
    std::map<std::string, uint32_t> m_tokens;  //!< token of each known word
    std::map<std::string, uint32_t> m_classes; //!< class of each tag
};

} // namespace learning
} // namespace ns3

#endif /* TAGGED_TEXT_H */
