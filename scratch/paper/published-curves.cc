/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "published-curves.h"

#include "../report/drop-rate-study.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

PublishedCurves::PublishedCurves(const std::string& file)
{
    std::ifstream stream(file);
    if (!stream)
    {
        throw std::runtime_error(file + ": cannot be read");
    }
    size_t number = 0;
    bool heading = true;
    for (std::string line; std::getline(stream, line);)
    {
        ++number;
        if (line.empty() || line[0] == '#')
        {
            continue;
        }
        if (heading)
        {
            heading = false;
            if (line != "figure,series,x,y")
            {
                throw std::runtime_error(file + ": the columns figure,series,x,y are needed");
            }
            continue;
        }
        std::istringstream fields(line);
        std::string texts[4];
        for (auto& text : texts)
        {
            std::getline(fields, text, ',');
        }
        PublishedPoint point;
        if (!ParseNumber(texts[2], point.x) || !ParseNumber(texts[3], point.y))
        {
            throw std::runtime_error(file + ": line " + std::to_string(number) +
                                     ": two numbers are needed behind figure and series");
        }
        m_curves[{texts[0], texts[1]}].push_back(point);
    }
    for (auto& [name, curve] : m_curves)
    {
        std::stable_sort(curve.begin(), curve.end(), [](const auto& a, const auto& b) {
            return a.x < b.x;
        });
    }
}

const PublishedCurve&
PublishedCurves::Get(const std::string& figure, const std::string& series) const
{
    const auto found = m_curves.find({figure, series});
    if (found == m_curves.end())
    {
        throw std::invalid_argument("figure " + figure + " has no curve " + series);
    }
    return found->second;
}

double
Interpolate(const PublishedCurve& curve, double x)
{
    if (curve.empty() || !(x >= curve.front().x && x <= curve.back().x))
    {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const auto right =
        std::find_if(curve.begin(), curve.end(), [x](const auto& point) { return point.x >= x; });
    if (right->x == x || right == curve.begin())
    {
        return right->y;
    }
    const auto left = right - 1;
    return left->y + (right->y - left->y) * (x - left->x) / (right->x - left->x);
}

double
GetTailMean(const PublishedCurve& curve, double from)
{
    double sum = 0;
    double count = 0;
    for (const auto& point : curve)
    {
        if (point.x > from)
        {
            sum += point.y;
            ++count;
        }
    }
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / count;
}

} // namespace learning
} // namespace ns3
