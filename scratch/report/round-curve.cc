/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "round-curve.h"

#include "drop-rate-study.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Splits a line at its commas.
 * @param line the line
 * @return its fields
 */
std::vector<std::string>
SplitFields(std::string line)
{
    if (!line.empty() && line.back() == '\r')
    {
        line.pop_back();
    }
    std::vector<std::string> fields;
    std::istringstream stream(line);
    for (std::string field; std::getline(stream, field, ',');)
    {
        fields.push_back(field);
    }
    return fields;
}

} // namespace

std::vector<RoundPoint>
ReadRoundCurve(const std::string& file, const std::string& column)
{
    std::ifstream stream(file);
    std::string line;
    if (!std::getline(stream, line))
    {
        throw std::runtime_error(file + ": cannot be read, or is empty");
    }
    const auto names = SplitFields(line);
    const auto find = [&](const std::string& name) -> size_t {
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end())
        {
            throw std::runtime_error(file + ": no column is called " + name);
        }
        return found - names.begin();
    };
    const size_t columns[] = {find("round"), find("time_s"), find(column)};
    std::vector<RoundPoint> points;
    for (size_t number = 2; std::getline(stream, line); ++number)
    {
        const auto fields = SplitFields(line);
        double values[3];
        for (size_t i = 0; i < 3; ++i)
        {
            const std::string text = columns[i] < fields.size() ? fields[columns[i]] : "";
            if (!ParseNumber(text, values[i]) && !(i == 2 && text.empty()))
            {
                throw std::runtime_error(file + ": line " + std::to_string(number) + ": '" + text +
                                         "' is no number in column " + names[columns[i]]);
            }
        }
        if (std::isfinite(values[2]))
        {
            points.push_back({values[0], values[1], values[2]});
        }
    }
    return points;
}

std::vector<RoundPoint>
AverageCurves(const std::vector<std::vector<RoundPoint>>& curves)
{
    std::map<double, std::pair<RoundPoint, size_t>> sums; // by round, with how many curves have it
    for (const auto& curve : curves)
    {
        for (const auto& point : curve)
        {
            auto& [sum, count] = sums[point.round];
            sum.time += point.time;
            sum.loss += point.loss;
            ++count;
        }
    }
    std::vector<RoundPoint> mean;
    for (const auto& [round, entry] : sums)
    {
        const auto& [sum, count] = entry;
        if (count == curves.size())
        {
            mean.push_back({round,
                            sum.time / static_cast<double>(count),
                            sum.loss / static_cast<double>(count)});
        }
    }
    return mean;
}

double
GetTimeToLoss(const std::vector<RoundPoint>& curve, double target)
{
    for (size_t i = 0; i < curve.size(); ++i)
    {
        if (curve[i].loss <= target)
        {
            if (i == 0)
            {
                return curve[i].time;
            }
            const RoundPoint& before = curve[i - 1];
            const double share = (before.loss - target) / (before.loss - curve[i].loss);
            return before.time + share * (curve[i].time - before.time);
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

} // namespace learning
} // namespace ns3
