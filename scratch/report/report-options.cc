/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report-options.h"

#include "../sweep/sweep-run.h"

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

} // namespace learning
} // namespace ns3
