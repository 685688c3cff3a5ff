/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "bio-reader.h"

#include "data-file.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

constexpr std::size_t MAX_WORDS = 10000; //!< of a sentence: where blank lines are missing

/**
 * Whether a text is a tag.
 * @param text the text
 * @return true for O, B-SLOT and I-SLOT
 */
bool
IsTag(std::string_view text)
{
    return text == "O" || (text.size() > 2 && (text[0] == 'B' || text[0] == 'I') && text[1] == '-');
}

} // namespace

TaggedText
ReadBio(const std::string& path)
{
    constexpr std::string_view BLANKS = " \t";
    TextFile file(path);
    TaggedText text;
    const auto endSentence = [&text] {
        if (text.start.back() < text.words.size())
        {
            text.start.push_back(text.words.size());
        }
    };
    std::string_view line;
    while (file.NextLine(line))
    {
        const std::size_t begin = line.find_first_not_of(BLANKS);
        if (begin == std::string_view::npos)
        {
            endSentence();
            continue;
        }
        line = line.substr(begin, line.find_last_not_of(BLANKS) + 1 - begin);
        const std::size_t last = line.find_last_of(BLANKS);
        const std::string_view tag = line.substr(last + 1); // the whole line if there is no blank
        if (last == std::string_view::npos || !IsTag(tag))
        {
            file.Fail("a word and its tag, O, B-SLOT or I-SLOT", TextFile::Quote(line));
        }
        if (text.words.size() - text.start.back() == MAX_WORDS)
        {
            file.Fail("a blank line after at most " + std::to_string(MAX_WORDS) + " words",
                      TextFile::Quote(line));
        }
        text.words.emplace_back(line.substr(0, line.find_first_of(BLANKS)));
        text.tags.emplace_back(tag);
    }
    endSentence();
    if (text.words.empty())
    {
        throw DataFileError(path + ": expected words with tags, found none");
    }
    return text;
}

std::vector<Ptr<Dataset>>
EncodeTexts(const std::vector<TaggedText>& texts, uint32_t minimumCount)
{
    std::map<std::string, uint64_t> counts;
    for (const std::string& word : texts.at(0).words)
    {
        ++counts[word];
    }
    std::vector<std::pair<uint64_t, std::string>> known;
    for (const auto& [word, count] : counts)
    {
        if (count >= minimumCount)
        {
            known.emplace_back(count, word);
        }
    }
    std::stable_sort(known.begin(), known.end(), [](const auto& a, const auto& b) {
        return a.first > b.first;
    });
    std::vector<std::string> words;
    for (const auto& [count, word] : known)
    {
        words.push_back(word);
    }
    std::set<std::string> tags;
    for (const TaggedText& text : texts)
    {
        tags.insert(text.tags.begin(), text.tags.end());
    }
    tags.erase("O");
    const TextEncoder encoder(words, {tags.begin(), tags.end()});
    std::vector<Ptr<Dataset>> sets;
    for (const TaggedText& text : texts)
    {
        sets.push_back(encoder.Encode(text));
    }
    return sets;
}

} // namespace learning
} // namespace ns3
