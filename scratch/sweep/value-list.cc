/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "value-list.h"

#include "sweep-run.h"

#include <cstdlib>
#include <regex>

namespace ns3
{
namespace learning
{

namespace
{

/// One item as it was written.
struct RawItem
{
    std::string text;       //!< without quotes and outer blanks
    bool quoted{false};     //!< whether any part was in quotes
    size_t protectedEnd{0}; //!< characters that stood in quotes or before them: never trimmed
};

/**
 * Drops blanks at both ends, except quoted ones.
 * @param item the item
 */
void
Trim(RawItem& item)
{
    while (item.text.size() > item.protectedEnd &&
           (item.text.back() == ' ' || item.text.back() == '\t'))
    {
        item.text.pop_back();
    }
}

/**
 * Splits a list at the commas outside brackets and quotes.
 * @param name name of the knob
 * @param list the list
 * @return the items
 */
std::vector<RawItem>
SplitList(const std::string& name, const std::string& list)
{
    std::vector<RawItem> items(1);
    std::string open; // brackets not closed yet, each as the one that closes it
    char quote = 0;
    for (char c : list)
    {
        RawItem& item = items.back();
        if (quote)
        {
            if (c == quote)
            {
                quote = 0;
            }
            else
            {
                item.text += c;
            }
            item.protectedEnd = item.text.size();
            continue;
        }
        if (c == '\'' || c == '"')
        {
            quote = c;
            item.quoted = true;
            continue;
        }
        if (c == ',' && open.empty())
        {
            items.emplace_back();
            continue;
        }
        if (c == '(' || c == '[' || c == '{')
        {
            open += c == '(' ? ')' : c == '[' ? ']' : '}';
        }
        else if (!open.empty() && c == open.back())
        {
            open.pop_back();
        }
        if (!item.text.empty() || item.quoted || (c != ' ' && c != '\t'))
        {
            item.text += c;
        }
    }
    if (quote || !open.empty())
    {
        throw UsageError(name + " = " + list + ": " +
                         (quote ? std::string("a quote ") + quote : open.substr(open.size() - 1)) +
                         " is missing at the end");
    }
    for (auto& item : items)
    {
        Trim(item);
    }
    return items;
}

} // namespace

std::vector<KnobValue>
ParseValueList(const std::string& name, const std::string& text)
{
    static const std::regex range("(-?[0-9]{1,18})\\.\\.(-?[0-9]{1,18})");
    std::vector<KnobValue> values;
    for (const auto& item : SplitList(name, text))
    {
        std::smatch match;
        if (item.quoted)
        {
            values.push_back({item.text, false});
        }
        else if (item.text.empty())
        {
            throw UsageError(
                name + " = " + text +
                ": an empty item; a knob needs at least one value (the empty text is \"\")");
        }
        else if (item.text.front() == '@')
        {
            values.push_back({item.text.substr(1), true});
        }
        else if (std::regex_match(item.text, match, range))
        {
            const long long first = std::atoll(match[1].str().c_str());
            const long long last = std::atoll(match[2].str().c_str());
            if (first > last || last - first >= 1000000)
            {
                throw UsageError(name + " = " + text + ": the range " + item.text +
                                 " must ascend and have at most 1000000 values");
            }
            for (long long value = first; value <= last; ++value)
            {
                values.push_back({std::to_string(value), false});
            }
        }
        else
        {
            values.push_back({item.text, false});
        }
    }
    return values;
}

} // namespace learning
} // namespace ns3
