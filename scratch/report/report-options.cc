/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report-options.h"

#include "../sweep/sweep-run.h"

#include <filesystem>
#include <iostream>

namespace ns3
{
namespace learning
{

namespace po = boost::program_options;

po::variables_map
ReadReportOptions(const po::options_description& options,
                  const po::positional_options_description& positional,
                  int argc,
                  char* argv[])
{
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    try
    {
        po::store(po::command_line_parser(argc, argv)
                      .options(options)
                      .positional(positional)
                      .style(style)
                      .run(),
                  values);
        po::notify(values);
    }
    catch (const po::error& error)
    {
        throw UsageError(error.what());
    }
    return values;
}

std::optional<po::variables_map>
ReadStudyOptions(const std::string& study,
                 const std::string& text,
                 const po::options_description& options,
                 int argc,
                 char* argv[])
{
    po::options_description visible("Options");
    auto add = visible.add_options();
    add("results",
        po::value<std::string>()->value_name("DIR")->default_value("results/" + study),
        "directory of the sweeps' databases, where the report goes");
    for (const auto& option : options.options())
    {
        visible.add(option);
    }
    add("help", "show this text");
    const po::variables_map values =
        ReadReportOptions(visible, po::positional_options_description(), argc, argv);
    if (values.count("help"))
    {
        std::cout << text << "\n\n" << visible;
        return std::nullopt;
    }
    const auto& results = values["results"].as<std::string>();
    if (!std::filesystem::is_directory(results))
    {
        throw UsageError("--results=" + results + ": no such directory; `make " + study +
                         "` makes it");
    }
    return values;
}

} // namespace learning
} // namespace ns3
