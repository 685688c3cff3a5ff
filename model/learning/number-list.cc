/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "number-list.h"

#include <stdexcept>

namespace ns3
{
namespace learning
{

std::vector<uint32_t>
ParseNumberList(const std::string& what, const std::string& text)
{
    std::vector<uint32_t> numbers;
    std::size_t position = 0;
    while (true)
    {
        uint64_t number = 0;
        std::size_t end = position;
        for (; end < text.size() && text[end] >= '0' && text[end] <= '9' && number <= UINT32_MAX;
             end++)
        {
            number = 10 * number + (text[end] - '0');
        }
        const bool separated = end == text.size() || text[end] == ',';
        if (number == 0 || number > UINT32_MAX || !separated)
        {
            throw std::invalid_argument(what + ": '" + text + "' is wrong at character " +
                                        std::to_string(position + 1) +
                                        ": numbers from 1 to 4294967295, separated by commas, "
                                        "are legal");
        }
        numbers.push_back(static_cast<uint32_t>(number));
        if (end == text.size())
        {
            return numbers;
        }
        position = end + 1;
    }
}

} // namespace learning
} // namespace ns3
