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

#include "report/report-options.h"
#include "tolerance/tolerance-study.h"

#include "ns3/program-run.h"

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
    const po::options_description options;
    const auto values = ReadStudyOptions("tolerance",
                                         "tolerance-report ranks transports, rules and loss laws.",
                                         options,
                                         argc,
                                         argv);
    if (!values)
    {
        return;
    }
    const auto& results = (*values)["results"].as<std::string>();
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
    return RunProgram("tolerance-report", [=] { WriteReport(argc, argv); });
}
