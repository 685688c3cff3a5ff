/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef OPTION_LIST_H
#define OPTION_LIST_H

#include <cstdint>
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
 * Options written as name=value,name=value. Each is taken by whom it concerns; one that nobody
 * takes is an error. All errors are std::invalid_argument with one sentence.
 */
class OptionList
{
  public:
    /**
     * Reads options.
     * @param owner whose options they are, for error messages
     * @param text the options, or nothing
     */
    OptionList(const std::string& owner, const std::string& text);

    /**
     * Takes a number.
     * @param option name of the option
     * @param otherwise its value when not given
     * @param lowest smallest legal value
     * @param highest largest legal value
     * @return its value
     */
    double TakeNumber(const std::string& option, double otherwise, double lowest, double highest);

    /**
     * Takes a share: a number above 0 and below 1.
     * @param option name of the option
     * @param otherwise its value when not given
     * @return its value
     */
    double TakeShare(const std::string& option, double otherwise);

    /**
     * Takes a whole number.
     * @param option name of the option
     * @param otherwise its value when not given
     * @param lowest smallest legal value
     * @param highest largest legal value
     * @return its value
     */
    uint32_t TakeCount(const std::string& option,
                       uint32_t otherwise,
                       uint32_t lowest,
                       uint32_t highest = UINT32_MAX);

    /**
     * Takes one of two words.
     * @param option name of the option
     * @param usual its value when not given
     * @param other the other legal value
     * @return whether its value is the other one
     */
    bool TakeChoice(const std::string& option, const std::string& usual, const std::string& other);

    /// Refuses options that nobody took, naming those that somebody did.
    void ExpectAllTaken() const;

    /**
     * Cuts a text.
     * @param text the text
     * @param separator where to cut
     * @return the pieces, a single empty one if the text is empty
     */
    static std::vector<std::string> Cut(const std::string& text, char separator);

    /**
     * Lists words.
     * @param words the words
     * @return the words, separated by commas
     */
    static std::string Join(const std::vector<std::string>& words);

  private:
    /**
     * Looks an option up.
     * @param option its name
     * @return its value, or null when not given
     */
    const std::string* Take(const std::string& option);

    std::string m_owner;                         //!< whose options they are
    std::map<std::string, std::string> m_values; //!< value of each option
    std::set<std::string> m_taken;               //!< options that were asked for
};

} // namespace learning
} // namespace ns3

#endif /* OPTION_LIST_H */
