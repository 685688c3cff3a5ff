/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tagged-text.h"

#include <stdexcept>
#include <utility>

namespace ns3
{
namespace learning
{

std::size_t
TaggedText::GetSentenceCount() const
{
    return start.size() - 1;
}

void
TaggedText::Append(const TaggedText& other, std::size_t sentence)
{
    const auto begin = static_cast<std::ptrdiff_t>(other.start.at(sentence));
    const auto end = static_cast<std::ptrdiff_t>(other.start.at(sentence + 1));
    words.insert(words.end(), other.words.begin() + begin, other.words.begin() + end);
    tags.insert(tags.end(), other.tags.begin() + begin, other.tags.begin() + end);
    start.push_back(words.size());
}

TextEncoder::TextEncoder(const std::vector<std::string>& words,
                         const std::vector<std::string>& tags)
{
    for (const std::string& word : words)
    {
        m_tokens.emplace(word, static_cast<uint32_t>(m_tokens.size() + 1));
    }
    m_classes.emplace("O", 0);
    for (const std::string& tag : tags)
    {
        m_classes.emplace(tag, static_cast<uint32_t>(m_classes.size()));
    }
}

Ptr<Dataset>
TextEncoder::Encode(const TaggedText& text) const
{
    Dataset::Sequences sequences;
    sequences.start = text.start;
    sequences.tokens.reserve(text.words.size());
    sequences.targets.reserve(text.words.size());
    for (std::size_t i = 0; i < text.words.size(); ++i)
    {
        const auto token = m_tokens.find(text.words[i]);
        const auto tag = m_classes.find(text.tags[i]);
        if (tag == m_classes.end())
        {
            throw std::invalid_argument("tagged text: tag '" + text.tags[i] + "' of word '" +
                                        text.words[i] + "' is not known");
        }
        sequences.tokens.push_back(token == m_tokens.end() ? 0 : token->second);
        sequences.targets.push_back(static_cast<float>(tag->second));
    }
    return Create<Dataset>(static_cast<uint32_t>(m_tokens.size() + 1),
                           std::move(sequences),
                           static_cast<uint32_t>(m_classes.size()));
}

} // namespace learning
} // namespace ns3
