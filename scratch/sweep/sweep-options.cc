/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep-options.h"

#include <boost/program_options.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

namespace ns3
{
namespace learning
{

namespace po = boost::program_options;

namespace
{

/**
 * Settings that the file's section [sweep] and the command line share.
 * @return their description
 */
po::options_description
DescribeSettings()
{
    po::options_description settings("Settings, also in section [sweep] of the file");
    auto add = settings.add_options();
    add("program", po::value<std::string>()->value_name("PATH"), "the scenario program");
    add("jobs",
        po::value<int>()->value_name("N"),
        "processes at a time, at least 1 (default: one a core)");
    add("results",
        po::value<std::string>()->value_name("DIR")->default_value("results"),
        "directory for the database and, in runs/ID/, what each run writes");
    add("database",
        po::value<std::string>()->value_name("FILE"),
        "the database (default: DIR/sweep.sqlite); with --shard, -i-of-n is put before its "
        "extension");
    add("timeout",
        po::value<double>()->value_name("SECONDS"),
        "end a run that takes longer, as failed (default: never)");
    return settings;
}

/**
 * Settings whose names end in the name of an option of the scenario, for the help text only.
 * @return the description
 */
po::options_description
DescribeScenarioOptions()
{
    po::options_description patterns(
        "For an OPTION of the scenario, also in section [sweep] of the file");
    auto add = patterns.add_options();
    add("output.OPTION",
        po::value<std::string>()->value_name("NAME"),
        "give the scenario --OPTION=FILE, a file called NAME in the run's own folder");
    add("pass.OPTION",
        po::value<std::string>()->value_name("VALUE"),
        "give the scenario --OPTION=VALUE without making it part of what identifies a run, "
        "for an option that does not change results");
    return patterns;
}

/**
 * What only the command line says.
 * @return the description
 */
po::options_description
DescribeActions()
{
    po::options_description actions("Only on the command line");
    auto add = actions.add_options();
    add("shard",
        po::value<std::string>()->value_name("i/n"),
        "run the i-th of n parts, i from 1 to n; merge joins their databases");
    add("retry-failed", po::bool_switch(), "run failed runs again");
    add("dry-run",
        po::bool_switch(),
        "print the commands that are still to be run, and run nothing");
    return actions;
}

/**
 * Tells whether a name begins with a prefix, and takes it off.
 * @param name the name
 * @param prefix such as "output."
 * @param rest the name without it
 * @return whether it does and something is left
 */
bool
TakePrefix(const std::string& name, const std::string& prefix, std::string& rest)
{
    if (name.size() <= prefix.size() || name.compare(0, prefix.size(), prefix) != 0)
    {
        return false;
    }
    rest = name.substr(prefix.size());
    return true;
}

/**
 * Finds sections that hold nothing, which the parser passes over in silence.
 * @param text the file's content
 * @param file its name
 * @param used names of the sections that hold something
 */
void
RefuseEmptySections(const std::string& text,
                    const std::string& file,
                    const std::set<std::string>& used)
{
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
    {
        line.erase(line.find('#') == std::string::npos ? line.size() : line.find('#'));
        const size_t first = line.find_first_not_of(" \t\r");
        const size_t last = line.find_last_not_of(" \t\r");
        if (first == std::string::npos || line[first] != '[' || line[last] != ']')
        {
            continue;
        }
        const std::string section = line.substr(first + 1, last - first - 1);
        if (used.count(section) == 0)
        {
            throw UsageError(file + ": section [" + section +
                             "] is empty; give it a knob or take it out");
        }
    }
}

/**
 * Reads the file.
 * @param file its path
 * @param options where groups and knobs go
 * @return the entries of section [sweep], as words of a command line
 */
std::vector<std::string>
ReadFile(const std::string& file, SweepOptions& options)
{
    std::ifstream stream(file);
    std::ostringstream content;
    if (!stream || std::filesystem::is_directory(file))
    {
        throw UsageError(file + ": no such file, or it cannot be read");
    }
    content << stream.rdbuf();
    std::istringstream text(content.str());
    po::parsed_options parsed(nullptr);
    try
    {
        parsed = po::parse_config_file(text, po::options_description(), true);
    }
    catch (const po::error& error)
    {
        throw UsageError(file + ": " + error.what() +
                         "; lines are [section], knob = list, or # comment");
    }
    std::vector<std::string> settings;
    std::set<std::string> seen;
    std::set<std::string> sections;
    for (const auto& entry : parsed.options)
    {
        const size_t dot = entry.string_key.find('.');
        if (dot == std::string::npos)
        {
            throw UsageError(file + ": " + entry.string_key +
                             " stands before the first section; write [common] above it");
        }
        const std::string section = entry.string_key.substr(0, dot);
        const std::string name = entry.string_key.substr(dot + 1);
        if (!seen.insert(entry.string_key).second)
        {
            throw UsageError(file + ": [" + section + "] " + name + " is given twice");
        }
        sections.insert(section);
        if (section == "sweep")
        {
            settings.push_back("--" + name + "=" + entry.value.at(0));
            continue;
        }
        auto& knobs = section == "common" ? options.common : options.groups[section];
        try
        {
            knobs[name] = ParseValueList(name, entry.value.at(0));
        }
        catch (const UsageError& error)
        {
            throw UsageError(file + ": [" + section + "] " + error.what());
        }
    }
    RefuseEmptySections(content.str(), file, sections);
    return settings;
}

/**
 * Takes the options output.X and pass.X out of the words of a command line, and what else is not
 * the driver's own.
 * @param parsed the words, parsed
 * @param options where output.X and pass.X go, unless they are there
 * @return the other unregistered options, as name and value
 */
std::vector<std::pair<std::string, std::string>>
TakeUnregistered(const po::parsed_options& parsed, SweepOptions& options)
{
    std::vector<std::pair<std::string, std::string>> others;
    for (const auto& entry : parsed.options)
    {
        if (!entry.unregistered)
        {
            continue;
        }
        const std::string& token = entry.original_tokens.at(0);
        const size_t equals = token.find('=');
        if (token.compare(0, 2, "--") != 0 || equals == std::string::npos || equals == 2)
        {
            throw UsageError(token + ": a knob is written --name=value or --name=value,value");
        }
        const std::string name = token.substr(2, equals - 2);
        const std::string value = token.substr(equals + 1);
        std::string rest;
        if (TakePrefix(name, "output.", rest))
        {
            if (value.empty() || value.find('/') != std::string::npos || value == "." ||
                value == "..")
            {
                throw UsageError(name + "=" + value +
                                 ": a file name without a directory is needed");
            }
            options.outputs.emplace(rest, value);
        }
        else if (TakePrefix(name, "pass.", rest))
        {
            options.passed.emplace(rest, value);
        }
        else
        {
            others.emplace_back(name, value);
        }
    }
    return others;
}

/**
 * Refuses a knob that [sweep] already gives the scenario.
 * @param options the options
 * @param knobs the knobs to look at
 */
void
RefuseDoubles(const SweepOptions& options, const SweepPlan::KnobLists& knobs)
{
    for (const auto& [name, values] : knobs)
    {
        for (const auto& [prefix, table] :
             {std::make_pair("output.", options.outputs), std::make_pair("pass.", options.passed)})
        {
            if (table.count(name) != 0)
            {
                throw UsageError(name + " is a knob and " + prefix + name +
                                 " as well; set only one of them");
            }
        }
    }
}

/**
 * Reads the value of --shard.
 * @param text such as 1/4
 * @param options where it goes
 */
void
ParseShard(const std::string& text, SweepOptions& options)
{
    unsigned index = 0;
    unsigned count = 0;
    char rest = 0;
    if (text.find_first_not_of("0123456789/") != std::string::npos || text.size() > 15 ||
        std::sscanf(text.c_str(), "%u/%u%c", &index, &count, &rest) != 2 || index < 1 ||
        index > count)
    {
        throw UsageError("--shard=" + text + ": i/n with i from 1 to n is needed, such as 1/4");
    }
    options.shard = index;
    options.shardCount = count;
}

/**
 * Takes over the driver's own settings.
 * @param values what was given
 * @param options where they go
 */
void
Apply(const po::variables_map& values, SweepOptions& options)
{
    if (values.count("program") == 0 || values["program"].as<std::string>().empty())
    {
        throw UsageError(
            "no scenario program: give --program=PATH, or program = PATH in section [sweep]");
    }
    options.program = values["program"].as<std::string>();
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int jobs = values.count("jobs") ? values["jobs"].as<int>() : cores;
    if (jobs < 1)
    {
        throw UsageError("--jobs=" + std::to_string(jobs) +
                         ": at least 1 process at a time is needed");
    }
    options.jobs = jobs;
    if (values.count("timeout"))
    {
        options.timeout = values["timeout"].as<double>();
        if (!(options.timeout > 0 && options.timeout < 1e9))
        {
            std::ostringstream text;
            text << "--timeout=" << options.timeout
                 << ": seconds above 0 are needed, or no timeout at all";
            throw UsageError(text.str());
        }
    }
    if (values.count("shard"))
    {
        ParseShard(values["shard"].as<std::string>(), options);
    }
    options.results = values["results"].as<std::string>();
    if (options.results.empty())
    {
        throw UsageError("--results= : a directory is needed");
    }
    const std::filesystem::path results = options.results;
    std::filesystem::path database = values.count("database") ? values["database"].as<std::string>()
                                                              : (results / "sweep.sqlite").string();
    if (values.count("shard"))
    {
        database.replace_filename(database.stem().string() + "-" + std::to_string(options.shard) +
                                  "-of-" + std::to_string(options.shardCount) +
                                  database.extension().string());
    }
    options.database = database.string();
    options.retryFailed = values["retry-failed"].as<bool>();
    options.dryRun = values["dry-run"].as<bool>();
}

} // namespace

SweepOptions
SweepOptions::Parse(const std::vector<std::string>& arguments)
{
    SweepOptions options;
    po::options_description all;
    all.add(DescribeSettings()).add(DescribeActions());
    all.add_options()("file", po::value<std::vector<std::string>>());
    po::positional_options_description positional;
    positional.add("file", -1);
    // No guessing: --result is a knob of the scenario, not a short form of --results.
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    try
    {
        const auto parsed = po::command_line_parser(arguments)
                                .options(all)
                                .positional(positional)
                                .style(style)
                                .allow_unregistered()
                                .run();
        for (const auto& [name, value] : TakeUnregistered(parsed, options))
        {
            if (!options.overrides.emplace(name, ParseValueList(name, value)).second)
            {
                throw UsageError("--" + name + " is given twice");
            }
        }
        po::store(parsed, values); // the first to be stored wins
        if (values.count("file") == 0 || values["file"].as<std::vector<std::string>>().size() != 1)
        {
            throw UsageError("run needs exactly one file: sweep run FILE.ini [--knob=list ...]");
        }
    }
    catch (const po::error& error)
    {
        throw UsageError(error.what());
    }

    const std::string file = values["file"].as<std::vector<std::string>>()[0];
    const auto settings = ReadFile(file, options);
    try
    {
        const auto description = DescribeSettings();
        const auto parsed = po::command_line_parser(settings)
                                .options(description)
                                .style(style)
                                .allow_unregistered()
                                .run();
        for (const auto& [name, value] : TakeUnregistered(parsed, options))
        {
            throw UsageError("no setting of the driver is called '" + name +
                             "'; knobs of the scenario belong into [common] or another section");
        }
        po::store(parsed, values);
    }
    catch (const std::exception& error) // the library's, or ours
    {
        throw UsageError(file + ": [sweep] " + error.what());
    }
    Apply(values, options);
    RefuseDoubles(options, options.common);
    RefuseDoubles(options, options.overrides);
    for (const auto& [name, knobs] : options.groups)
    {
        RefuseDoubles(options, knobs);
    }
    return options;
}

std::string
SweepOptions::GetHelp()
{
    std::ostringstream text;
    text << DescribeSettings() << "\n" << DescribeScenarioOptions() << "\n" << DescribeActions();
    return text.str();
}

std::string
SweepOptions::GetProgramName() const
{
    return std::filesystem::path(program).filename().string();
}

} // namespace learning
} // namespace ns3
