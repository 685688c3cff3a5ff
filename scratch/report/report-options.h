/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef REPORT_OPTIONS_H
#define REPORT_OPTIONS_H

#include <boost/program_options.hpp>
#include <optional>
#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Reads the command line of a report program. Names are not guessed from their beginnings.
 * @param options what there is
 * @param positional names of options whose values may stand alone
 * @param argc number of words
 * @param argv the words
 * @return the values
 * @throws UsageError for a mistake
 */
boost::program_options::variables_map ReadReportOptions(
    const boost::program_options::options_description& options,
    const boost::program_options::positional_options_description& positional,
    int argc,
    char* argv[]);

/**
 * @ingroup distributed-learning-sweep
 *
 * Reads the command line of a study's report program: --results, a directory that is there, --help,
 * and what else the program has.
 * @param study name of the study, which `make` knows and results/ has a directory of
 * @param text what the program does, for --help
 * @param options of the program besides these two
 * @param argc number of words
 * @param argv the words
 * @return the values, or nothing if the help was asked for and has been printed
 * @throws UsageError for a mistake
 */
std::optional<boost::program_options::variables_map> ReadStudyOptions(
    const std::string& study,
    const std::string& text,
    const boost::program_options::options_description& options,
    int argc,
    char* argv[]);

} // namespace learning
} // namespace ns3

#endif /* REPORT_OPTIONS_H */
