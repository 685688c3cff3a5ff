/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "scenario-output.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

namespace ns3
{
namespace learning
{

namespace
{

constexpr std::streamoff TAIL_BYTES = 65536; //!< of an output file that are looked at
constexpr size_t MESSAGE_LENGTH = 500;       //!< longest message kept

/**
 * Non-empty lines at the end of a file.
 * @param file its path
 * @return the lines, of the last TAIL_BYTES
 */
std::vector<std::string>
ReadTail(const std::string& file)
{
    std::ifstream stream(file, std::ios::binary);
    stream.seekg(0, std::ios::end);
    const std::streamoff size = stream.tellg();
    stream.seekg(std::max<std::streamoff>(0, size - TAIL_BYTES));
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
    {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
        {
            line.pop_back();
        }
        if (!line.empty())
        {
            lines.push_back(line);
        }
    }
    return lines;
}

} // namespace

std::string
FindScenarioMessage(const std::string& file, const std::string& program)
{
    const auto lines = ReadTail(file);
    const auto own =
        std::find_if(lines.rbegin(), lines.rend(), [&program](const std::string& line) {
            return line.rfind(program + ": ", 0) == 0;
        });
    const std::string message = own != lines.rend() ? *own : lines.empty() ? "" : lines.front();
    return message.substr(0, MESSAGE_LENGTH);
}

std::string
ReadScenarioSummary(const std::string& file, std::map<std::string, std::string>& summary)
{
    const std::string prefix = "summary: ";
    const auto lines = ReadTail(file);
    if (lines.empty() || lines.back().rfind(prefix, 0) != 0)
    {
        return "ended with status 0, but its last line on standard output is no summary";
    }
    std::istringstream words(lines.back().substr(prefix.size()));
    for (std::string word; words >> word;)
    {
        const size_t equals = word.find('=');
        if (equals == 0 || equals == std::string::npos ||
            !summary.emplace(word.substr(0, equals), word.substr(equals + 1)).second)
        {
            return "its summary has '" + word + "', which is not key=value or is there twice";
        }
    }
    return summary.empty() ? "its summary is empty" : "";
}

} // namespace learning
} // namespace ns3
