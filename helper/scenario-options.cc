/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "scenario-options.h"

#include "type-specification.h"

#include "ns3/global-value.h"
#include "ns3/heap-scheduler.h"
#include "ns3/scheduler.h"
#include "ns3/simulator-impl.h"
#include "ns3/string.h"
#include "ns3/type-id.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace ns3
{
namespace learning
{

namespace
{

/// Largest seed of ns-3's random numbers.
constexpr uint32_t LARGEST_SEED = 4294944442;

/// Longest time taken, in s: a clock of ns-3 runs for 9.2e9 s.
constexpr double LONGEST_SECONDS = 1e9;

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

/**
 * Whether two paths lead to the same file, through links and whether it exists or not. What is no
 * file, such as /dev/null, keeps nothing that could be overwritten.
 * @param one a path
 * @param other another one
 * @return true if so
 */
bool
AreSameFile(const std::filesystem::path& one, const std::filesystem::path& other)
{
    std::error_code ignored;
    if (std::filesystem::exists(one, ignored))
    {
        return std::filesystem::is_regular_file(one, ignored) &&
               std::filesystem::equivalent(one, other, ignored);
    }
    const auto resolve = [&ignored](const std::filesystem::path& path) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path), ignored);
    };
    return resolve(one) == resolve(other);
}

} // namespace

ScenarioOptions::ScenarioOptions(const std::string& file, const std::string& usage)
    : m_commandLine(file)
{
    m_commandLine.Usage(usage);
}

void
ScenarioOptions::Add(const std::string& name,
                     const std::string& help,
                     const std::string& value,
                     const std::string& attribute)
{
    m_order.push_back(name);
    Option& option = m_options[name];
    option.value = value;
    option.attribute = attribute;
    m_commandLine.AddValue(name, help, option.value); // a map does not move its entries
}

void
ScenarioOptions::Parse(int argc, char* argv[])
{
    // ns-3 would read only the first word of a text, and no empty one
    std::vector<std::string> others{argv[0]};
    for (int i = 1; i < argc; ++i)
    {
        if (TakeArgument(argv[i]))
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
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (name == "PrintAttributes")
    {
        FindType(value);
    }
    if (NS3_OPTIONS.count(name) != 0)
    {
        return true;
    }
    if (equals == std::string::npos)
    {
        throw std::invalid_argument(argument + ": a value is needed, as in --" + name + "=value");
    }
    const auto option = m_options.find(name);
    if (option != m_options.end())
    {
        option->second.value = value;
        option->second.given = true;
        return false;
    }
    if (!CheckGlobal(name, value))
    {
        CheckDefault(name, value);
    }
    return true;
}

bool
ScenarioOptions::CheckGlobal(const std::string& name, const std::string& value)
{
    for (auto global = GlobalValue::Begin(); global != GlobalValue::End(); ++global)
    {
        if ((*global)->GetName() != name)
        {
            continue;
        }
        double seed = 0;
        if (name == "RngSeed" && !(ReadNumber(value, seed) && seed >= 1 && seed <= LARGEST_SEED))
        {
            throw std::invalid_argument("--RngSeed=" + value + ": a whole number from 1 to " +
                                        std::to_string(LARGEST_SEED) + " is needed");
        }
        if (name == "SimulatorImplementationType")
        {
            MakeFactory(value, SimulatorImpl::GetTypeId());
        }
        if (name == "SchedulerType")
        {
            const ObjectFactory factory = MakeFactory(value, Scheduler::GetTypeId());
            if (factory.GetTypeId() == HeapScheduler::GetTypeId())
            {
                // it moves what stands in place of a removed event down only, not up
                throw std::invalid_argument("--SchedulerType=" + value +
                                            ": with removed events, which there are here, it "
                                            "brings others out of order: another one, such as "
                                            "ns3::MapScheduler, is needed");
            }
        }
        if (!IsLegalValue((*global)->GetChecker(), value))
        {
            throw std::invalid_argument("--" + name + "=" + value + ": " +
                                        DescribeLegalValues((*global)->GetChecker()) +
                                        " is needed; " + (*global)->GetHelp());
        }
        return true;
    }
    return false;
}

void
ScenarioOptions::CheckDefault(const std::string& name, const std::string& value) const
{
    const std::size_t colons = name.rfind("::");
    if (colons == std::string::npos)
    {
        throw std::invalid_argument("--" + name +
                                    ": no such option (--PrintHelp lists them; attributes of "
                                    "classes are --ns3::Class::Attribute=value)");
    }
    for (const auto& [other, option] : m_options)
    {
        if ((" " + option.attribute + " ").find(" " + name + " ") != std::string::npos)
        {
            throw std::invalid_argument("--" + name + ": this program sets it by --" + other);
        }
    }
    const TypeId type = FindType(name.substr(0, colons));
    const std::string attribute = name.substr(colons + 2);
    CheckAttribute(type, attribute, value);
    TypeId owner = type;
    const auto has = [&attribute](TypeId one) {
        for (std::size_t i = 0; i < one.GetAttributeN(); ++i)
        {
            if (one.GetAttribute(i).name == attribute)
            {
                return true;
            }
        }
        return false;
    };
    while (!has(owner))
    {
        owner = owner.GetParent();
    }
    if (owner != type)
    {
        throw std::invalid_argument("--" + name + ": the attribute is that of a parent class, --" +
                                    owner.GetName() + "::" + attribute);
    }
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
    static const std::map<std::string, double> UNITS{{"s", 1},
                                                     {"ms", 1e-3},
                                                     {"us", 1e-6},
                                                     {"ns", 1e-9},
                                                     {"ps", 1e-12},
                                                     {"fs", 1e-15},
                                                     {"min", 60},
                                                     {"h", 3600}};
    const std::string& text = GetText(name);
    const std::size_t end = text.find_first_not_of("0123456789.eE+-");
    const auto unit = UNITS.find(end == std::string::npos ? "" : text.substr(end));
    double value = 0;
    if (unit == UNITS.end() || !ReadNumber(text.substr(0, end), value) || value < 0 ||
        value * unit->second > LONGEST_SECONDS)
    {
        Reject(name,
               "a time with its unit, such as 0s, 10us or 1.5ms, is needed, at most 1000000000s");
    }
    return Time(text);
}

DataRate
ScenarioOptions::GetRate(const std::string& name)
{
    const std::string& text = GetText(name);
    std::istringstream stream(text);
    DataRate rate;
    // ns-3 takes a number without a unit for bits a second
    if (text.find_first_not_of("0123456789.") == std::string::npos || !(stream >> rate) ||
        stream.peek() != std::istringstream::traits_type::eof() || rate.GetBitRate() == 0)
    {
        Reject(name, "a rate with its unit, such as 100Mbps or 10Gbps, is needed");
    }
    return rate;
}

void
ScenarioOptions::AddInput(const std::string& name, const std::string& file)
{
    CheckFile(name, file, &Option::outputs);
    m_options.at(name).inputs.push_back(file);
}

void
ScenarioOptions::AddOutput(const std::string& name, const std::string& file)
{
    if (file.empty())
    {
        return;
    }
    CheckFile(name, file, &Option::inputs);
    CheckFile(name, file, &Option::outputs);
    m_options.at(name).outputs.push_back(file);
}

void
ScenarioOptions::CheckFile(const std::string& name,
                           const std::string& file,
                           std::vector<std::string> Option::*files) const
{
    for (const auto& [other, option] : m_options)
    {
        for (const std::string& path : option.*files)
        {
            if (other != name && AreSameFile(file, path))
            {
                Reject(name,
                       file + " is also a file of --" + other +
                           ", and would be overwritten: another one is needed");
            }
        }
    }
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

bool
ScenarioOptions::IsGiven(const std::string& name) const
{
    return m_options.at(name).given;
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

void
ScenarioOptions::Try(const std::string& name, const std::function<void()>& action) const
{
    try
    {
        action();
    }
    catch (const std::invalid_argument& error)
    {
        Reject(name, error.what());
    }
}

bool
ScenarioOptions::ReadNumber(const std::string& text, double& value)
{
    char* end = nullptr;
    value = std::strtod(text.c_str(), &end);
    const bool isDecimal = text.find_first_of("xX") == std::string::npos;
    return !text.empty() && *end == '\0' && isDecimal && std::isfinite(value);
}

} // namespace learning
} // namespace ns3
