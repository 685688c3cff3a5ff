/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef NUMBER_LIST_H
#define NUMBER_LIST_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Reads a list of whole numbers such as "256,128".
 * @param what what the list is, for the error
 * @param text the list, separated by commas, without blanks
 * @return the numbers, each at least 1
 * @throws std::invalid_argument with one sentence that says where the list is wrong
 */
std::vector<uint32_t> ParseNumberList(const std::string& what, const std::string& text);

} // namespace learning
} // namespace ns3

#endif /* NUMBER_LIST_H */
