/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "start-up-table.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

namespace
{
constexpr double LONGEST = 1e6; //!< s
} // namespace

StartUpTable::StartUpTable(const std::string& text)
{
    std::istringstream entries(text);
    for (std::string entry; std::getline(entries, entry, ',');)
    {
        char* end = nullptr;
        const double count = std::strtod(entry.c_str(), &end);
        const bool hasColon = end != entry.c_str() && *end == ':';
        const char* second = hasColon ? end + 1 : end;
        const double seconds = std::strtod(second, &end);
        if (!hasColon || end == second || *end != '\0' || !(seconds >= 0 && seconds <= LONGEST) ||
            !(count >= 0 && count < 1e9) || (!m_points.empty() && count <= m_points.back().first))
        {
            m_points.clear();
            break;
        }
        m_points.emplace_back(count, seconds);
    }
    if (m_points.empty())
    {
        throw std::invalid_argument(
            "start-up table '" + text +
            "': count:seconds,count:seconds,... with ascending counts and 0 to "
            "1e6 s is needed, such as 0:0,10:1.2,50:11");
    }
}

double
StartUpTable::GetSeconds(double count) const
{
    if (count <= m_points.front().first || m_points.size() == 1)
    {
        return m_points.front().second;
    }
    auto right = std::find_if(m_points.begin() + 1, m_points.end(), [count](const auto& point) {
        return count <= point.first;
    });
    if (right == m_points.end())
    {
        --right;
    }
    const auto left = right - 1;
    const double share = (count - left->first) / (right->first - left->first);
    const double seconds = left->second + share * (right->second - left->second);
    if (seconds > LONGEST)
    {
        std::ostringstream text;
        text << "a start-up table gives " << seconds << " s for " << count
             << ", on the line of its last two entries, but 1e6 s is the most";
        throw std::invalid_argument(text.str());
    }
    return std::max(0.0, seconds);
}

} // namespace serverless
} // namespace ns3
