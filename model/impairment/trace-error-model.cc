/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace-error-model.h"

#include "ns3/integer.h"
#include "ns3/string.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Reads a trace.
 * @param file name of the file
 * @return its entries, at least one
 */
std::vector<bool>
ReadTrace(const std::string& file)
{
    std::ifstream stream(file);
    std::vector<bool> drops;
    std::string line;
    for (uint64_t number = 1; std::getline(stream, line); ++number)
    {
        line.erase(std::min(line.find('#'), line.size()));
        for (const char c : line)
        {
            if (c == '0' || c == '1')
            {
                drops.push_back(c == '1');
            }
            else if (!std::strchr(" \t\r\f\v", c) || c == '\0')
            {
                throw std::invalid_argument(
                    file + ", line " + std::to_string(number) + ": '" + std::string(1, c) +
                    "' is neither 0 (delivered), 1 (dropped), white space nor a # comment");
            }
        }
    }
    if (!stream.eof())
    {
        throw std::invalid_argument(
            file + ": a trace of drops cannot be read from it: " + std::strerror(errno));
    }
    if (drops.empty())
    {
        throw std::invalid_argument(file + ": a trace of drops needs at least one 0 or 1");
    }
    return drops;
}

} // namespace

NS_OBJECT_ENSURE_REGISTERED(TraceErrorModel);

TraceErrorModel::TraceErrorModel()
    : m_uniform(CreateObject<UniformRandomVariable>())
{
}

TypeId
TraceErrorModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::TraceErrorModel")
            .SetParent<SegmentErrorModel>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<TraceErrorModel>()
            .AddAttribute("File",
                          "Text file with 1 for each segment dropped and 0 for each delivered; "
                          "white space and # comments are skipped.",
                          StringValue(""),
                          MakeStringAccessor(&TraceErrorModel::SetFile, &TraceErrorModel::GetFile),
                          MakeStringChecker())
            .AddAttribute("Offset",
                          "Index of the entry that the first segment takes, from 0, counted "
                          "round the end of the trace; -1 draws it.",
                          IntegerValue(-1),
                          MakeIntegerAccessor(&TraceErrorModel::m_offset),
                          MakeIntegerChecker<int64_t>(-1));
    return tid;
}

int64_t
TraceErrorModel::AssignStreams(int64_t stream)
{
    m_uniform->SetStream(stream);
    return 1;
}

bool
TraceErrorModel::DropsNextSegment(TrafficClass /* traffic */,
                                  const SegmentTag::Message& /* message */)
{
    if (m_drops.empty())
    {
        throw std::invalid_argument(GetTypeId().GetName() +
                                    ": File is not set: a trace of drops is needed");
    }
    if (!m_started)
    {
        const auto drawn =
            static_cast<std::size_t>(m_uniform->GetValue() * static_cast<double>(m_drops.size()));
        m_position = (m_offset < 0 ? drawn : static_cast<std::size_t>(m_offset)) % m_drops.size();
        m_started = true;
    }
    const bool drops = m_drops[m_position];
    m_position = m_position + 1 == m_drops.size() ? 0 : m_position + 1;
    return drops;
}

void
TraceErrorModel::DoReset()
{
    m_started = false;
}

void
TraceErrorModel::SetFile(std::string file)
{
    m_drops = file.empty() ? std::vector<bool>() : ReadTrace(file);
    m_file = std::move(file);
    m_started = false;
}

std::string
TraceErrorModel::GetFile() const
{
    return m_file;
}

} // namespace learning
} // namespace ns3
