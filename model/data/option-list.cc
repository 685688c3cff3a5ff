/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "option-list.h"

#include <charconv>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Reads a number.
 * @tparam T a type of numbers
 * @param text the number and nothing else
 * @param lowest smallest legal value
 * @param highest largest legal value
 * @param value set to the number
 * @return false if it is not a legal number
 */
template <typename T>
bool
Parse(const std::string& text, T lowest, T highest, T& value)
{
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    return parsed.ec == std::errc() && parsed.ptr == end && value >= lowest && value <= highest;
}

/**
 * Refuses a value.
 * @tparam T a type of numbers
 * @param where owner, option and value
 * @param kind kind of number expected
 * @param lowest smallest legal value
 * @param highest largest legal value
 */
template <typename T>
[[noreturn]] void
Refuse(const std::string& where, const std::string& kind, T lowest, T highest)
{
    std::ostringstream message;
    message << where << " is not legal, expected " << kind << " from " << lowest << " to "
            << highest;
    throw std::invalid_argument(message.str());
}

} // namespace

OptionList::OptionList(const std::string& owner, const std::string& text)
    : m_owner(owner)
{
    if (text.empty())
    {
        return;
    }
    for (const std::string& option : Cut(text, ','))
    {
        const std::size_t equals = option.find('=');
        if (equals == std::string::npos)
        {
            throw std::invalid_argument(m_owner + ": option '" + option +
                                        "' is not of the form name=value");
        }
        if (!m_values.emplace(option.substr(0, equals), option.substr(equals + 1)).second)
        {
            throw std::invalid_argument(m_owner + ": option '" + option.substr(0, equals) +
                                        "' is given twice");
        }
    }
}

double
OptionList::TakeNumber(const std::string& option, double otherwise, double lowest, double highest)
{
    const std::string* text = Take(option);
    double value = otherwise;
    if (text && !Parse(*text, lowest, highest, value))
    {
        Refuse(m_owner + ": " + option + "=" + *text, "a number", lowest, highest);
    }
    return value;
}

double
OptionList::TakeShare(const std::string& option, double otherwise)
{
    const std::string* text = Take(option);
    double value = otherwise;
    if (text && (!Parse(*text, 0.0, 1.0, value) || value == 0 || value == 1))
    {
        throw std::invalid_argument(m_owner + ": " + option + "=" + *text +
                                    " is not legal, expected a number above 0 and below 1");
    }
    return value;
}

uint32_t
OptionList::TakeCount(const std::string& option,
                      uint32_t otherwise,
                      uint32_t lowest,
                      uint32_t highest)
{
    const std::string* text = Take(option);
    uint32_t value = otherwise;
    if (text && !Parse(*text, lowest, highest, value))
    {
        Refuse(m_owner + ": " + option + "=" + *text, "an integer", lowest, highest);
    }
    return value;
}

bool
OptionList::TakeChoice(const std::string& option,
                       const std::string& usual,
                       const std::string& other)
{
    const std::string* text = Take(option);
    if (text && *text != usual && *text != other)
    {
        throw std::invalid_argument(m_owner + ": " + option + "=" + *text +
                                    " is not legal, expected " + usual + " or " + other);
    }
    return text && *text == other;
}

void
OptionList::ExpectAllTaken() const
{
    for (const auto& [option, value] : m_values)
    {
        if (m_taken.count(option) == 0)
        {
            throw std::invalid_argument(
                m_owner + ": unknown option '" + option + "', " +
                (m_taken.empty() ? "there are no options here"
                                 : "legal are " + Join({m_taken.begin(), m_taken.end()})));
        }
    }
}

std::vector<std::string>
OptionList::Cut(const std::string& text, char separator)
{
    std::vector<std::string> pieces(1);
    for (const char c : text)
    {
        if (c == separator)
        {
            pieces.emplace_back();
        }
        else
        {
            pieces.back() += c;
        }
    }
    return pieces;
}

std::string
OptionList::Join(const std::vector<std::string>& words)
{
    std::string list;
    for (const std::string& word : words)
    {
        list += (list.empty() ? "" : ", ") + word;
    }
    return list;
}

const std::string*
OptionList::Take(const std::string& option)
{
    m_taken.insert(option);
    const auto found = m_values.find(option);
    return found == m_values.end() ? nullptr : &found->second;
}

} // namespace learning
} // namespace ns3
