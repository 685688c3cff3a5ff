/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup distributed-learning-paper
 *
 * Yu et al., Distributed Learning over Unreliable Networks (ICML 2019), as reproduced by `make
 * paper-rps`: a web page with each figure beside the paper's, a table of deviations, and a verdict
 * on each claim. Reads the databases of the sweeps of scratch/paper/. Try `paper-report --help`.
 */

#include "paper/network-study.h"
#include "paper/sections.h"
#include "report/report-options.h"

#include "ns3/program-run.h"

#include <boost/program_options.hpp>
#include <cstdio>
#include <iostream>

using namespace ns3::learning;
namespace po = boost::program_options;

namespace
{

/**
 * Prints the mean rate of loss of each priority of the database correlated, with three decimals.
 * @param results directory of the databases
 */
void
PrintRates(const std::string& results)
{
    StudyReport report("", "", results);
    const RunSelection runs = report.Load("correlated");
    std::string separator;
    for (const auto& priority : runs.GetValues("queueDisc"))
    {
        std::vector<double> rates;
        for (const auto& run : runs.Where("queueDisc", priority).GetRuns())
        {
            rates.push_back(NetworkStudy::GetLoss(run));
        }
        std::printf("%s%.3f", separator.c_str(), SeedStatistic::Of(rates).mean);
        separator = ",";
    }
    std::printf("\n");
}

/**
 * The whole program.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
WriteReport(int argc, char* argv[])
{
    po::options_description options;
    auto add = options.add_options();
    add("curves",
        po::value<std::string>()->value_name("FILE")->default_value(
            "scratch/paper/published-curves.csv"),
        "the curves read off the paper's figures");
    add("print-rates",
        po::bool_switch(),
        "only print the rates of loss that a Web service made, for independent.ini");
    const auto values = ReadStudyOptions("paper-rps",
                                         "paper-report shows how far the RPS paper is reproduced.",
                                         options,
                                         argc,
                                         argv);
    if (!values)
    {
        return;
    }
    const auto& results = (*values)["results"].as<std::string>();
    if ((*values)["print-rates"].as<bool>())
    {
        PrintRates(results);
        return;
    }
    StudyReport report("Distributed learning over unreliable networks, reproduced",
                       "C. Yu et al., ICML 2019, figure by figure; simulated with real training "
                       "and real packets",
                       results);
    const PublishedCurves published((*values)["curves"].as<std::string>());
    AddMixingSection(report);
    AddQuadraticSection(report);
    AddImagesSection(published, report);
    AddCifarSection(published, report);
    AddServersSection(report);
    AddLanguageSection(published, report);
    AddNetworkSection(published, report);
    const std::string file = report.Write();
    std::cout << MakeDeviationTable(report.GetDeviations()).ToText() << "\n";
    PrintFindings(report, file);
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("paper-report", [=] { WriteReport(argc, argv); });
}
