/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef VALUE_LIST_H
#define VALUE_LIST_H

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * One item of a knob's list: a value, or a tie to another knob of the same run.
 */
struct KnobValue
{
    std::string text;  //!< the value, or the name of the knob it is taken from
    bool isTie{false}; //!< whether it is written @knob
};

/**
 * @ingroup distributed-learning-sweep
 *
 * Reads the list of values of a knob.
 *
 * Items are separated by commas; blanks around an item are dropped. Commas inside (), [], {} or
 * quotes belong to the value. Quotes, single or double, are taken off and make their content plain
 * text. An unquoted item a..b is the integers from a to b, both included; an unquoted item \@other
 * is the value of the knob `other` in the same run.
 *
 * @param name name of the knob, for the error message
 * @param text the list
 * @return its items, at least one
 * @throws UsageError if the list or an item is empty, a bracket or quote is left open, or a range
 * is not ascending or has more than a million values
 */
std::vector<KnobValue> ParseValueList(const std::string& name, const std::string& text);

} // namespace learning
} // namespace ns3

#endif /* VALUE_LIST_H */
