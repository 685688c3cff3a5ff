/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "scheduled-error-model.h"

#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Reads a time; ns-3 would end the program on a mistake.
 * @param text such as 1.5s
 * @param time receives it
 * @return whether it is a time from 0 to 1e9 s
 */
bool
ReadTime(const std::string& text, Time& time)
{
    static const std::map<std::string, Time::Unit> UNITS{{"h", Time::H},
                                                         {"min", Time::MIN},
                                                         {"s", Time::S},
                                                         {"ms", Time::MS},
                                                         {"us", Time::US},
                                                         {"ns", Time::NS}};
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    const auto unit = UNITS.find(end);
    if (end == text.c_str() || unit == UNITS.end() || !(number >= 0 && number <= 1e9))
    {
        return false;
    }
    // no longer than ns-3's clock runs
    const bool isLong = unit->second == Time::H || unit->second == Time::MIN;
    if (isLong && number > 1e5)
    {
        return false;
    }
    time = Time::FromDouble(number, unit->second);
    return true;
}

/**
 * Reads a number.
 * @param text the text
 * @param value receives it
 * @return whether all of the text is a finite number
 */
bool
ReadNumber(const std::string& text, double& value)
{
    char* end = nullptr;
    value = std::strtod(text.c_str(), &end);
    return end != text.c_str() && *end == '\0' && std::isfinite(value);
}

} // namespace

NS_OBJECT_ENSURE_REGISTERED(ScheduledErrorModel);

TypeId
ScheduledErrorModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::ScheduledErrorModel")
            .SetParent<SegmentErrorModel>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<ScheduledErrorModel>()
            .AddAttribute("Model",
                          "The loss law that changes.",
                          StringValue("ns3::learning::BernoulliErrorModel"),
                          MakePointerAccessor(&ScheduledErrorModel::m_model),
                          MakePointerChecker<SegmentErrorModel>())
            .AddAttribute("Attribute",
                          "What of it changes: the name of an attribute that is a number.",
                          StringValue("DropRate"),
                          MakeStringAccessor(&ScheduledErrorModel::m_attribute),
                          MakeStringChecker())
            .AddAttribute("Schedule",
                          "Times since the start of the simulation and values, in the order of "
                          "time, such as 0s:0,1s:0.1,3s:0.4; empty: nothing changes.",
                          StringValue(""),
                          MakeStringAccessor(&ScheduledErrorModel::SetSchedule,
                                             &ScheduledErrorModel::GetSchedule),
                          MakeStringChecker())
            .AddAttribute(
                "Interpolation",
                "Whether a value stays until the next time (Steps) or goes straight to the "
                "next value (Linear).",
                EnumValueFor<Interpolation>(STEPS),
                MakeEnumAccessorFor<Interpolation>(&ScheduledErrorModel::m_interpolation),
                MakeEnumChecker(STEPS, "Steps", LINEAR, "Linear"));
    return tid;
}

int64_t
ScheduledErrorModel::AssignStreams(int64_t stream)
{
    return m_model->AssignStreams(stream);
}

void
ScheduledErrorModel::CheckAttributes()
{
    for (const Point& point : m_points)
    {
        Set(point.value);
        m_model->CheckAttributes();
    }
}

void
ScheduledErrorModel::DoDispose()
{
    m_model = nullptr;
    SegmentErrorModel::DoDispose();
}

bool
ScheduledErrorModel::DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message)
{
    const Time now = Simulator::Now();
    if (now != m_setAt && !m_points.empty())
    {
        Set(Interpolate(now));
        m_setAt = now;
    }
    return m_model->Drops(traffic, message);
}

void
ScheduledErrorModel::DoReset()
{
    m_model->Reset();
}

void
ScheduledErrorModel::SetSchedule(std::string schedule)
{
    std::vector<Point> points;
    std::istringstream list(schedule);
    for (std::string piece; std::getline(list, piece, ',');)
    {
        const std::size_t colon = piece.find(':');
        Point point{};
        if (colon == std::string::npos || !ReadTime(piece.substr(0, colon), point.time) ||
            !ReadNumber(piece.substr(colon + 1), point.value) ||
            (!points.empty() && point.time < points.back().time))
        {
            throw std::invalid_argument(GetTypeId().GetName() + "::Schedule=" + schedule + ": '" +
                                        piece +
                                        "' is no TIME:VALUE, such as 1.5s:0.1, no earlier than "
                                        "the one before");
        }
        points.push_back(point);
    }
    if (!schedule.empty() && schedule.back() == ',')
    {
        throw std::invalid_argument(GetTypeId().GetName() + "::Schedule=" + schedule +
                                    ": a TIME:VALUE must follow the last comma");
    }
    m_points = std::move(points);
    m_schedule = std::move(schedule);
    m_setAt = Time(-1);
}

std::string
ScheduledErrorModel::GetSchedule() const
{
    return m_schedule;
}

void
ScheduledErrorModel::Set(double value)
{
    DoubleValue current;
    if (m_model->GetAttributeFailSafe(m_attribute, current) && current.Get() == value)
    {
        return; // a law may begin anew when it is set
    }
    if (m_model->SetAttributeFailSafe(m_attribute, DoubleValue(value)))
    {
        return;
    }
    std::ostringstream text;
    text << GetTypeId().GetName() << "::Schedule=" << m_schedule << ": ";
    const TypeId type = m_model->GetInstanceTypeId();
    TypeId::AttributeInformation information;
    if (type.LookupAttributeByName(m_attribute, &information) &&
        information.checker->GetValueTypeName() == "ns3::DoubleValue")
    {
        text << m_attribute << " of " << type.GetName() << " may not be " << value << ", but "
             << information.checker->GetUnderlyingTypeInformation();
    }
    else
    {
        text << type.GetName() << " has no attribute " << m_attribute << " that is a number";
    }
    throw std::invalid_argument(text.str());
}

double
ScheduledErrorModel::Interpolate(Time time) const
{
    const auto after =
        std::upper_bound(m_points.begin(), m_points.end(), time, [](Time at, const Point& point) {
            return at < point.time;
        });
    if (after == m_points.begin())
    {
        return m_points.front().value;
    }
    const auto before = after - 1;
    if (m_interpolation == STEPS || after == m_points.end())
    {
        return before->value;
    }
    const double share = static_cast<double>((time - before->time).GetTimeStep()) /
                         static_cast<double>((after->time - before->time).GetTimeStep());
    return before->value + share * (after->value - before->value);
}

} // namespace learning
} // namespace ns3
