/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup distributed-learning-tolerance
 *
 * Which transport, rule and loss law go well together, as found by `make tolerance`: a web page, a
 * ranking, and a verdict on each expectation. Reads the databases of the sweeps of
 * scratch/tolerance/. Try `tolerance-report --help`.
 */

#include "report/program.h"
#include "report/report-options.h"
#include "sweep/sweep-run.h"
#include "tolerance/tolerance-study.h"

#include <filesystem>
#include <iostream>

using namespace ns3::learning;
namespace po = boost::program_options;

namespace
{

/**
 * The whole program.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
WriteReport(int argc, char* argv[])
{
    std::string results;
    po::options_description visible("Options");
    auto add = visible.add_options();
    add("results",
        po::value(&results)->value_name("DIR")->default_value("results/tolerance"),
        "directory of the sweeps' databases, where the report goes");
    add("help", "show this text");
    const auto values =
        ReadReportOptions(visible, po::positional_options_description(), argc, argv);
    if (values.count("help"))
    {
        std::cout << "tolerance-report ranks transports, rules and loss laws.\n\n" << visible;
        return;
    }
    if (!std::filesystem::is_directory(results))
    {
        throw UsageError("--results=" + results + ": no such directory; `make tolerance` makes it");
    }
    StudyReport report("Which training tolerates loss",
                       "Transports, rules and loss laws on one workload",
                       results);
    const ToleranceStudy study(report);
    study.AddSections();
    const std::string file = report.Write();
    std::cout << study.MakeTable().ToText() << "\n";
    PrintFindings(report, file);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("tolerance-report", argc, argv, WriteReport);
}
