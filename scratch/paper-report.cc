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
#include "report/program.h"
#include "report/report-options.h"
#include "sweep/sweep-run.h"

#include <boost/program_options.hpp>
#include <cstdio>
#include <filesystem>
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
    std::string results;
    std::string curves;
    po::options_description visible("Options");
    auto add = visible.add_options();
    add("results",
        po::value(&results)->value_name("DIR")->default_value("results/paper-rps"),
        "directory of the sweeps' databases, where the report goes");
    add("curves",
        po::value(&curves)->value_name("FILE")->default_value("scratch/paper/published-curves.csv"),
        "the curves read off the paper's figures");
    add("print-rates",
        po::bool_switch(),
        "only print the rates of loss that a Web service made, for independent.ini");
    add("help", "show this text");
    const po::variables_map values =
        ReadReportOptions(visible, po::positional_options_description(), argc, argv);
    if (values.count("help"))
    {
        std::cout << "paper-report shows how far the RPS paper is reproduced.\n\n" << visible;
        return;
    }
    if (!std::filesystem::is_directory(results))
    {
        throw UsageError("--results=" + results + ": no such directory; `make paper-rps` makes it");
    }
    if (values["print-rates"].as<bool>())
    {
        PrintRates(results);
        return;
    }
    StudyReport report("Distributed learning over unreliable networks, reproduced",
                       "C. Yu et al., ICML 2019, figure by figure; simulated with real training "
                       "and real packets",
                       results);
    const PublishedCurves published(curves);
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
    return RunProgram("paper-report", argc, argv, WriteReport);
}
