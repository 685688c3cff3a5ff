/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BIO_READER_H
#define BIO_READER_H

#include "tagged-text.h"

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
 * Reads tagged sentences, plain or compressed by gzip: one word a line with its tag (O, B-SLOT or
 * I-SLOT) in the last column, blank lines between sentences, as in the shared tasks of CoNLL.
 * Columns are separated by blanks or tabs; those between the first and the last are not looked at.
 * A sentence has at most 10,000 words.
 * @param path path of the file
 * @return its sentences, at least one
 * @throws DataFileError with file and line if the text is anything else
 */
TaggedText ReadBio(const std::string& path);

/**
 * @ingroup distributed-learning-data
 *
 * Numbers the words and tags of texts and makes data sets of them. The known words are those of the
 * first text that occur there often enough, the most frequent first (at equal counts in the order
 * of the alphabet); tags are those of all texts, in the order of the alphabet.
 * @param texts the texts that belong together, first the one to be learned from
 * @param minimumCount times that a known word occurs at least, 1 or more; with 1, nothing is
 * learned about the token of unknown words
 * @return one set a text
 */
std::vector<Ptr<Dataset>> EncodeTexts(const std::vector<TaggedText>& texts, uint32_t minimumCount);

} // namespace learning
} // namespace ns3

#endif /* BIO_READER_H */
