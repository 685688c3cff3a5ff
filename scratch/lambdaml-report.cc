/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup distributed-learning-lambdaml
 *
 * Jiang et al., Towards Demystifying Serverless Machine Learning Training (SIGMOD 2021), as
 * reproduced by `make paper-lambdaml`: a web page with each table beside the published one, a table
 * of deviations, and a verdict on each claim; these also as the lines of claims.txt, which
 * utils/check-claims.py compares with the documents. Reads the databases of the sweeps of
 * scratch/lambdaml/. Try `lambdaml-report --help`.
 */

#include "lambdaml/sections.h"
#include "report/report-options.h"
#include "sweep/whole-file.h"

#include "ns3/program-run.h"

#include <boost/program_options.hpp>
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
    po::options_description options;
    options.add_options()("values",
                          po::value<std::string>()->value_name("FILE")->default_value(
                              "scratch/lambdaml/published-values.csv"),
                          "the published numbers");
    const auto values =
        ReadStudyOptions("paper-lambdaml",
                         "lambdaml-report shows how far the LambdaML paper is reproduced.",
                         options,
                         argc,
                         argv);
    if (!values)
    {
        return;
    }
    const auto& results = (*values)["results"].as<std::string>();
    const PublishedValues published((*values)["values"].as<std::string>());
    StudyReport report("Serverless machine learning training, reproduced",
                       "J. Jiang et al. (LambdaML), SIGMOD 2021, table by table; simulated with "
                       "real training and real packets",
                       results);
    report.SetNote("Within errors: the difference is within the tolerance of "
                   "scratch/lambdaml/published-values.csv. The body of the paper was not at hand: "
                   "numbers marked unverified are known from secondary sources, or follow from "
                   "such; verified ones stand in the abstract, or were measured by the authors and "
                   "lie in the history of their repository.");
    const Comparison comparison(published, report);
    AddChannelsSection(comparison);
    AddPatternsSection(comparison);
    AddBreakdownSection(comparison);
    AddOptimizersSection(comparison);
    AddProtocolsSection(comparison);
    AddWorkersSection(comparison);
    AddPipelineSection(comparison);
    AddModelSection(comparison);
    AddFastLinkSection(comparison);
    AddGpuSection(comparison);
    AddHotDataSection(comparison);
    AddTenancySection(comparison);
    const std::string file = report.Write();
    WriteWholeFile(results + "/claims.txt", MakeShortTable(report.GetClaims()));
    std::cout << MakeDeviationTable(report.GetDeviations()).ToText() << "\n";
    PrintFindings(report, file);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("lambdaml-report", [=] { WriteReport(argc, argv); });
}
