/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "scenario-options.h"

#include "type-specification.h"

#include "ns3/global-value.h"
#include "ns3/string.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

/// Options that every ns-3 program has.
const std::set<std::string> NS3_OPTIONS{"PrintHelp",
                                        "help",
                                        "PrintVersion",
                                        "version",
                                        "PrintGlobals",
                                        "PrintGroups",
                                        "PrintGroup",
                                        "PrintTypeIds",
                                        "PrintAttributes"};

} // namespace

ScenarioOptions::ScenarioOptions(const std::string& file, const std::string& usage)
    : m_commandLine(file)
{
    m_commandLine.Usage(usage);
}

void
ScenarioOptions::Add(const std::string& name, const std::string& help, const std::string& value)
{
    m_order.push_back(name);
    Option& option = m_options[name];
    option.value = value;
    m_commandLine.AddValue(name, help, option.value); // a map does not move its entries
}

void
ScenarioOptions::Parse(int argc, char* argv[])
{
    std::vector<std::string> others{argv[0]};
    for (int i = 1; i < argc; ++i)
    {
        if (!TakeArgument(argv[i]))
        {
            others.emplace_back(argv[i]);
        }
    }
    m_commandLine.Parse(others);
}

bool
ScenarioOptions::TakeArgument(const std::string& argument)
{
    if (argument.rfind("--", 0) != 0)
    {
        throw std::invalid_argument(argument + ": options look like --name=value "
                                               "(--PrintHelp lists them)");
    }
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(2, equals - 2);
    if (NS3_OPTIONS.count(name) != 0)
    {
        return false;
    }
    if (equals == std::string::npos)
    {
        throw std::invalid_argument(argument + ": a value is needed, as in --" + name + "=value");
    }
    const std::string value = argument.substr(equals + 1);
    const auto option = m_options.find(name);
    if (option != m_options.end())
    {
        // ns-3 would stop reading at a space, and takes no empty value
        option->second.value = value;
        option->second.given = true;
        return true;
    }
    const bool isGlobal =
        std::any_of(GlobalValue::Begin(), GlobalValue::End(), [&name](const GlobalValue* global) {
            return global->GetName() == name;
        });
    if (isGlobal)
    {
        for (auto global = GlobalValue::Begin(); global != GlobalValue::End(); ++global)
        {
            if ((*global)->GetName() == name && !IsLegalValue(*(*global)->GetChecker(), value))
            {
                throw std::invalid_argument(
                    argument + ": " + (*global)->GetChecker()->GetUnderlyingTypeInformation() +
                    " is needed; " + (*global)->GetHelp());
            }
        }
        return false;
    }
    const std::size_t colons = name.rfind("::");
    if (colons == std::string::npos)
    {
        throw std::invalid_argument("--" + name +
                                    ": no such option (--PrintHelp lists them; attributes of "
                                    "classes are --ns3::Class::Attribute=value)");
    }
    CheckAttribute(FindType(name.substr(0, colons)), name.substr(colons + 2), value);
    return false;
}

const std::string&
ScenarioOptions::GetText(const std::string& name)
{
    Option& option = m_options.at(name);
    option.read = true;
    return option.value;
}

std::size_t
ScenarioOptions::GetWord(const std::string& name, const std::vector<std::string>& words)
{
    const auto found = std::find(words.begin(), words.end(), GetText(name));
    if (found == words.end())
    {
        std::string list;
        for (const std::string& word : words)
        {
            list += (list.empty() ? "" : ", ") + word;
        }
        Reject(name, "one of " + list + " is needed");
    }
    return static_cast<std::size_t>(found - words.begin());
}

uint32_t
ScenarioOptions::GetUnsigned(const std::string& name, uint32_t least, uint32_t most)
{
    double value = 0;
    if (!ReadNumber(GetText(name), value) || value != std::floor(value) || value < least ||
        value > most)
    {
        Reject(name,
               "a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                   " is needed");
    }
    return static_cast<uint32_t>(value);
}

double
ScenarioOptions::GetNumber(const std::string& name, double least, double most)
{
    double value = 0;
    if (!ReadNumber(GetText(name), value) || value < least || value > most)
    {
        std::ostringstream legal;
        legal << "a number from " << least << " to " << most << " is needed";
        Reject(name, legal.str());
    }
    return value;
}

Time
ScenarioOptions::GetTime(const std::string& name)
{
    static const std::set<std::string> UNITS{"s", "ms", "us", "ns", "ps", "fs", "min", "h"};
    const std::string& text = GetText(name);
    const std::size_t unit = text.find_first_not_of("0123456789.eE+-");
    double value = 0;
    if (unit == std::string::npos || UNITS.count(text.substr(unit)) == 0 ||
        !ReadNumber(text.substr(0, unit), value) || value < 0)
    {
        Reject(name, "a time with its unit, such as 0s, 10us or 1.5ms, is needed");
    }
    return Time(text);
}

DataRate
ScenarioOptions::GetRate(const std::string& name)
{
    const std::string& text = GetText(name);
    const std::size_t unit = text.find_first_not_of("0123456789.");
    double value = 0;
    std::istringstream stream(text);
    DataRate rate;
    if (unit == std::string::npos || !ReadNumber(text.substr(0, unit), value) ||
        !(stream >> rate) || !stream.eof() || rate.GetBitRate() == 0)
    {
        Reject(name, "a rate with its unit, such as 100Mbps or 10Gbps, is needed");
    }
    return rate;
}

std::vector<std::pair<std::string, std::string>>
ScenarioOptions::GetAll() const
{
    std::vector<std::pair<std::string, std::string>> all;
    for (const std::string& name : m_order)
    {
        all.emplace_back(name, m_options.at(name).value);
    }
    return all;
}

void
ScenarioOptions::CheckAllRead() const
{
    for (const auto& [name, option] : m_options)
    {
        if (option.given && !option.read)
        {
            Reject(name, "the other options leave no use for it");
        }
    }
}

void
ScenarioOptions::Reject(const std::string& name, const std::string& legal) const
{
    throw std::invalid_argument("--" + name + "=" + m_options.at(name).value + ": " + legal);
}

bool
ScenarioOptions::ReadNumber(const std::string& text, double& value)
{
    char* end = nullptr;
    value = std::strtod(text.c_str(), &end);
    return !text.empty() && *end == '\0' && std::isfinite(value);
}

} // namespace learning
} // namespace ns3
