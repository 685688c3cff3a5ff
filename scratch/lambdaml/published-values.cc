/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "published-values.h"

#include "../report/drop-rate-study.h"

#include <fstream>
#include <stdexcept>
#include <vector>

namespace ns3
{
namespace learning
{

namespace
{

const std::string HEADING = "id,table,quantity,value,tolerance,mark,source"; //!< of the file

/**
 * Splits a line at its commas, those in quotation marks left out.
 * @param line the line
 * @return its fields, without the marks
 */
std::vector<std::string>
Split(const std::string& line)
{
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (const char letter : line)
    {
        if (letter == '"')
        {
            quoted = !quoted;
        }
        else if (letter == ',' && !quoted)
        {
            fields.emplace_back();
        }
        else
        {
            fields.back() += letter;
        }
    }
    return fields;
}

} // namespace

std::string
PublishedValue::GetTrust() const
{
    switch (mark)
    {
    case 'P':
        return "verified: abstract";
    case 'H':
        return "verified: measured by the authors";
    case 'D':
        return "unverified, derived";
    default:
        return "unverified";
    }
}

PublishedValues::PublishedValues(const std::string& file)
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
        const std::string where = file + ": line " + std::to_string(number) + ": ";
        if (line.empty() || line[0] == '#')
        {
            continue;
        }
        if (heading)
        {
            heading = false;
            if (line != HEADING)
            {
                throw std::runtime_error(where + "the columns " + HEADING + " are needed");
            }
            continue;
        }
        const auto fields = Split(line);
        PublishedValue value;
        if (fields.size() != 7 || !ParseNumber(fields[3], value.value) ||
            !ParseNumber(fields[4], value.tolerance) || !(value.tolerance > 0))
        {
            throw std::runtime_error(where +
                                     "seven fields are needed, value and tolerance numbers");
        }
        if (fields[5].size() != 1 || std::string("PHUD").find(fields[5]) == std::string::npos)
        {
            throw std::runtime_error(where + "the mark must be P, H, U or D, not '" + fields[5] +
                                     "'");
        }
        value.table = fields[1];
        value.quantity = fields[2];
        value.mark = fields[5][0];
        value.source = fields[6];
        if (!m_values.emplace(fields[0], value).second)
        {
            throw std::runtime_error(where + fields[0] + " is there twice");
        }
    }
}

const PublishedValue&
PublishedValues::Get(const std::string& id) const
{
    const auto found = m_values.find(id);
    if (found == m_values.end())
    {
        throw std::invalid_argument("there is no published value " + id);
    }
    return found->second;
}

const std::map<std::string, PublishedValue>&
PublishedValues::GetAll() const
{
    return m_values;
}

} // namespace learning
} // namespace ns3
