/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TAGGED_GRAMMAR_H
#define TAGGED_GRAMMAR_H

#include "random-engine.h"
#include "tagged-text.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-data
 *
 * A context-free grammar with probabilities whose sentences have tags.
 *
 * Rules are lines "SYMBOL WEIGHT ITEM ITEM ...", of which one of a symbol's is taken with a
 * probability in proportion to its weight, a whole number of at least 1. An item is a word, outside
 * of all slots; <SYMBOL>, what another symbol becomes; or [SLOT LIST], a phrase of a list as the
 * words of a slot. The k-th phrase of a list is taken with a probability in proportion to 1 / k
 * (G. K. Zipf); underscores separate the words of a phrase.
 */
class TaggedGrammar
{
  public:
    /// Phrases by the names of their lists, most frequent first.
    using Lists = std::map<std::string, std::vector<std::string>>;

    /**
     * Reads a grammar.
     * @param rules the rules
     * @param lists the phrases of slots
     * @throws std::invalid_argument if a rule cannot be read or names what does not exist
     */
    TaggedGrammar(const std::string& rules, const Lists& lists);

    /**
     * Adds a sentence.
     * @param symbol what becomes the sentence
     * @param engine the random numbers
     * @param text the text that it is added to
     */
    void Draw(const std::string& symbol, RandomEngine& engine, TaggedText& text) const;

    /**
     * All words that occur in rules and lists.
     * @return the words, in the order of the alphabet
     */
    const std::set<std::string>& GetWords() const;

    /**
     * All tags that can occur, but O.
     * @return the tags, in the order of the alphabet
     */
    const std::set<std::string>& GetTags() const;

  private:
    /// Part of a rule.
    struct Item
    {
        enum Kind
        {
            WORD,   //!< a word outside of all slots
            SYMBOL, //!< another symbol
            SLOT    //!< a phrase
        };

        Kind kind;        //!< what it is
        std::string text; //!< the word, the symbol or the slot
        std::string list; //!< the list of a slot's phrases
    };

    /// One way to replace a symbol.
    struct Rule
    {
        uint32_t weightSoFar;    //!< its weight and those of the rules before it
        std::vector<Item> items; //!< what the symbol becomes
    };

    /// The phrases of one list.
    struct Phrases
    {
        std::vector<std::vector<std::string>> words; //!< words of each phrase
        std::vector<double> weightSoFar;             //!< 1 + 1/2 + ... + 1/k of the k-th
    };

    /**
     * Reads one rule.
     * @param line the rule
     */
    void ReadRule(const std::string& line);

    /**
     * Adds what a symbol becomes.
     * @param symbol the symbol
     * @param engine the random numbers
     * @param text the text that it is added to
     */
    void Expand(const std::string& symbol, RandomEngine& engine, TaggedText& text) const;

    std::map<std::string, std::vector<Rule>> m_rules; //!< of each symbol
    std::map<std::string, Phrases> m_lists;           //!< phrases of each list
    std::set<std::string> m_words;                    //!< all words
    std::set<std::string> m_tags;                     //!< all tags but O
};

} // namespace learning
} // namespace ns3

#endif /* TAGGED_GRAMMAR_H */
