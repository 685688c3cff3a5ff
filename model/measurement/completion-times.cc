/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "completion-times.h"

#include "ns3/request-application.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{
constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();
} // namespace

void
CompletionTimes::SetWindow(Time from, Time until)
{
    m_from = from;
    m_until = until;
}

void
CompletionTimes::Observe(const ApplicationContainer& applications)
{
    const Ptr<CompletionTimes> self(this);
    for (auto each = applications.Begin(); each != applications.End(); ++each)
    {
        if (!DynamicCast<RequestApplication>(*each))
        {
            throw std::invalid_argument("only RequestApplications have completion times");
        }
        (*each)->TraceConnectWithoutContext("Start", MakeCallback(&CompletionTimes::Started, self));
        (*each)->TraceConnectWithoutContext("Complete",
                                            MakeCallback(&CompletionTimes::Completed, self));
    }
}

uint64_t
CompletionTimes::GetStartedCount() const
{
    return m_started;
}

uint64_t
CompletionTimes::GetCompletedCount() const
{
    return m_messages.size();
}

double
CompletionTimes::GetMean() const
{
    double sum = 0;
    for (const Message& message : m_messages)
    {
        sum += message.duration;
    }
    return m_messages.empty() ? NOT_A_NUMBER : sum / static_cast<double>(m_messages.size());
}

double
CompletionTimes::GetStandardError(uint32_t intervals) const
{
    if (m_messages.empty())
    {
        return NOT_A_NUMBER;
    }
    const auto earlier = [](const Message& a, const Message& b) { return a.start < b.start; };
    const auto [first, last] = std::minmax_element(m_messages.begin(), m_messages.end(), earlier);
    const double begin = first->start.GetSeconds();
    const double length = std::max((last->start - first->start).GetSeconds(), 1e-12);

    struct Interval
    {
        double sum{0};
        double count{0};
    };

    std::vector<Interval> parts(intervals);
    for (const Message& message : m_messages)
    {
        const double place = (message.start.GetSeconds() - begin) / length * intervals;
        Interval& part = parts[std::min(static_cast<uint32_t>(place), intervals - 1)];
        part.sum += message.duration;
        part.count += 1;
    }
    // a ratio of sums: intervals weigh as many messages as they have
    const double mean = GetMean();
    double squares = 0;
    double used = 0;
    for (const Interval& part : parts)
    {
        squares += (part.sum - mean * part.count) * (part.sum - mean * part.count);
        used += part.count > 0;
    }
    return used < 2
               ? NOT_A_NUMBER
               : std::sqrt(squares * used / (used - 1)) / static_cast<double>(m_messages.size());
}

double
CompletionTimes::GetPercentile(double percent) const
{
    if (m_messages.empty())
    {
        return NOT_A_NUMBER;
    }
    std::vector<double> durations;
    durations.reserve(m_messages.size());
    for (const Message& message : m_messages)
    {
        durations.push_back(message.duration);
    }
    const double rank = std::ceil(percent / 100 * static_cast<double>(durations.size()));
    const auto nth = durations.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
    std::nth_element(durations.begin(), nth, durations.end());
    return *nth;
}

bool
CompletionTimes::IsInWindow(Time start) const
{
    return start >= m_from && start < m_until;
}

void
CompletionTimes::Started(uint32_t /* bytes */)
{
    m_started += IsInWindow(Simulator::Now());
}

void
CompletionTimes::Completed(Time start, uint32_t /* bytes */, Time duration)
{
    if (IsInWindow(start))
    {
        m_messages.push_back({start, duration.GetSeconds()});
    }
}

} // namespace learning
} // namespace ns3
