/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace-variable.h"

#include "ns3/rng-stream.h"
#include "ns3/string.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(TraceVariable);

TypeId
TraceVariable::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::TraceVariable")
            .SetParent<RandomVariableStream>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<TraceVariable>()
            .AddAttribute("File",
                          "File of numbers above 0, separated by blanks or line ends; a # "
                          "begins a comment.",
                          StringValue(""),
                          MakeStringAccessor(&TraceVariable::SetFile, &TraceVariable::GetFile),
                          MakeStringChecker());
    return tid;
}

double
TraceVariable::GetValue()
{
    if (m_numbers.empty())
    {
        throw std::invalid_argument("ns3::learning::TraceVariable::File: a file is needed");
    }
    if (!m_isPlaced)
    {
        m_next =
            static_cast<std::size_t>(Peek()->RandU01() * static_cast<double>(m_numbers.size()));
        m_isPlaced = true;
    }
    const double number = m_numbers[m_next];
    m_next = (m_next + 1) % m_numbers.size();
    return number;
}

uint32_t
TraceVariable::GetInteger()
{
    return static_cast<uint32_t>(GetValue());
}

void
TraceVariable::SetFile(const std::string& file)
{
    m_file = file;
    m_numbers.clear();
    if (file.empty())
    {
        return;
    }
    const std::string who = "ns3::learning::TraceVariable::File=" + file + ": ";
    std::ifstream stream(file);
    if (!stream)
    {
        throw std::invalid_argument(who + "cannot be read");
    }
    std::string line;
    for (uint32_t number = 1; std::getline(stream, line); ++number)
    {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string word;
        while (words >> word)
        {
            char* end = nullptr;
            const double value = std::strtod(word.c_str(), &end);
            if (*end != '\0' || !std::isfinite(value) || value <= 0)
            {
                throw std::invalid_argument(who + "line " + std::to_string(number) + ": '" + word +
                                            "' is no number above 0");
            }
            m_numbers.push_back(value);
        }
    }
    if (m_numbers.empty())
    {
        throw std::invalid_argument(who + "there is no number in it");
    }
}

std::string
TraceVariable::GetFile() const
{
    return m_file;
}

} // namespace learning
} // namespace ns3
