/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "tagged-grammar.h"

#include "option-list.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

TaggedGrammar::TaggedGrammar(const std::string& rules, const Lists& lists)
{
    for (const auto& [name, phrases] : lists)
    {
        Phrases& list = m_lists[name];
        double weight = 0;
        for (const std::string& phrase : phrases)
        {
            list.words.push_back(OptionList::Cut(phrase, '_'));
            weight += 1.0 / static_cast<double>(list.words.size());
            list.weightSoFar.push_back(weight);
            m_words.insert(list.words.back().begin(), list.words.back().end());
        }
    }
    std::istringstream lines(rules);
    for (std::string line; std::getline(lines, line);)
    {
        if (!line.empty())
        {
            ReadRule(line);
        }
    }
    for (const auto& [symbol, alternatives] : m_rules)
    {
        for (const Rule& rule : alternatives)
        {
            for (const Item& item : rule.items)
            {
                if (item.kind == Item::SYMBOL && m_rules.count(item.text) == 0)
                {
                    throw std::invalid_argument("grammar: no rule for <" + item.text + "> of <" +
                                                symbol + ">");
                }
            }
        }
    }
}

void
TaggedGrammar::ReadRule(const std::string& line)
{
    std::istringstream words(line);
    std::string symbol;
    uint32_t weight = 0;
    if (!(words >> symbol >> weight) || weight == 0)
    {
        throw std::invalid_argument("grammar: '" + line +
                                    "' is no rule: a symbol and a weight of at least 1 are needed");
    }
    auto& alternatives = m_rules[symbol];
    Rule rule{weight + (alternatives.empty() ? 0 : alternatives.back().weightSoFar), {}};
    for (std::string word; words >> word;)
    {
        if (word.front() == '<' && word.back() == '>')
        {
            rule.items.push_back({Item::SYMBOL, word.substr(1, word.size() - 2), ""});
            continue;
        }
        if (word.front() != '[')
        {
            rule.items.push_back({Item::WORD, word, ""});
            m_words.insert(word);
            continue;
        }
        std::string list;
        words >> list;
        const std::string slot = word.substr(1);
        const auto phrases = m_lists.find(list.substr(0, list.find(']')));
        if (phrases == m_lists.end() || list.back() != ']' || phrases->second.words.empty())
        {
            throw std::invalid_argument("grammar: '" + line + "' has no list for slot " + slot);
        }
        rule.items.push_back({Item::SLOT, slot, phrases->first});
        m_tags.insert("B-" + slot);
        for (const auto& phrase : phrases->second.words)
        {
            if (phrase.size() > 1)
            {
                m_tags.insert("I-" + slot);
            }
        }
    }
    alternatives.push_back(rule);
}

void
TaggedGrammar::Draw(const std::string& symbol, RandomEngine& engine, TaggedText& text) const
{
    Expand(symbol, engine, text);
    text.start.push_back(text.words.size());
}

void
TaggedGrammar::Expand(const std::string& symbol, RandomEngine& engine, TaggedText& text) const
{
    const auto& alternatives = m_rules.at(symbol);
    const uint32_t choice = engine.NextBelow(alternatives.back().weightSoFar);
    const auto rule = std::find_if(alternatives.begin(), alternatives.end(), [&](const Rule& r) {
        return choice < r.weightSoFar;
    });
    for (const Item& item : rule->items)
    {
        if (item.kind == Item::SYMBOL)
        {
            Expand(item.text, engine, text);
            continue;
        }
        if (item.kind == Item::WORD)
        {
            text.words.push_back(item.text);
            text.tags.emplace_back("O");
            continue;
        }
        const Phrases& list = m_lists.at(item.list);
        const double place = engine.NextUniform() * list.weightSoFar.back();
        const auto at = std::upper_bound(list.weightSoFar.begin(), list.weightSoFar.end(), place);
        const auto index =
            std::min<std::size_t>(at - list.weightSoFar.begin(), list.weightSoFar.size() - 1);
        std::string prefix = "B-";
        for (const std::string& word : list.words[index])
        {
            text.words.push_back(word);
            text.tags.push_back(prefix + item.text);
            prefix = "I-";
        }
    }
}

const std::set<std::string>&
TaggedGrammar::GetWords() const
{
    return m_words;
}

const std::set<std::string>&
TaggedGrammar::GetTags() const
{
    return m_tags;
}

} // namespace learning
} // namespace ns3
