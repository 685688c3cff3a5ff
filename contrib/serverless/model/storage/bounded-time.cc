/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "bounded-time.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

Ptr<const AttributeChecker>
MakeBoundedTimeChecker(Time least, Time most)
{
    return MakeTimeChecker(least, most);
}

Time
MakeBoundedTime(double seconds, const std::string& what)
{
    constexpr double LONGEST = 1e9; // s
    if (!(seconds <= LONGEST))
    {
        std::ostringstream text;
        text << what << " takes " << seconds
             << " s, which does not fit simulated time, 1e9 s at most";
        throw std::runtime_error(text.str());
    }
    return Seconds(seconds);
}

Time
DrawTime(Ptr<RandomVariableStream> variable, const std::string& attribute)
{
    constexpr double LONGEST = 1e6; // s
    const double seconds = variable->GetValue();
    if (!(seconds <= LONGEST))
    {
        std::ostringstream text;
        text << attribute << ": " << variable->GetInstanceTypeId() << " has drawn " << seconds
             << ", but a time in s, at most 1e6, is needed";
        throw std::runtime_error(text.str());
    }
    return Seconds(std::max(0.0, seconds));
}

} // namespace serverless
} // namespace ns3
