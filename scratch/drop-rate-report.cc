/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @ingroup distributed-learning-sweep
 *
 * What a sweep over drop rates has found: a table on standard output, the same as CSV, and a web
 * page with plots. Reads the database of `sweep` and the per-round CSV file in each run's folder.
 * Try `drop-rate-report --help`.
 */

#include "report/drop-rate-figures.h"
#include "report/drop-rate-study.h"
#include "report/drop-rate-table.h"
#include "report/html-page.h"
#include "report/report-options.h"
#include "report/svg-figure.h"
#include "sweep/whole-file.h"

#include "ns3/program-run.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <filesystem>
#include <iostream>

using namespace ns3::learning;
namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace
{

/// What the command line says.
struct Options
{
    std::string database; //!< of the sweep
    std::string runs;     //!< directory of the runs' folders
    std::string csv;      //!< name of the per-round file in each of them
    std::string report;   //!< the web page to write
    std::string table;    //!< the same table as CSV, beside it
};

/**
 * Reads the command line.
 * @param argc number of words
 * @param argv words
 * @param options where they go
 * @return whether there is anything to do
 */
bool
ParseOptions(int argc, char* argv[], Options& options)
{
    po::options_description visible("Options");
    auto add = visible.add_options();
    add("database",
        po::value(&options.database)->value_name("FILE")->default_value("results/sweep.sqlite"),
        "the database of a sweep; the name may stand alone");
    add("runs",
        po::value(&options.runs)->value_name("DIR"),
        "the runs' folders (default: runs, beside the database)");
    add("csv",
        po::value(&options.csv)->value_name("NAME")->default_value("rounds.csv"),
        "name of the per-round file in each run's folder");
    add("report",
        po::value(&options.report)->value_name("FILE"),
        "the page to write (default: report.html, beside the database)");
    add("help", "show this text");
    po::positional_options_description positional;
    positional.add("database", 1);
    const po::variables_map values = ReadReportOptions(visible, positional, argc, argv);
    if (values.count("help"))
    {
        std::cout << "drop-rate-report shows what a sweep over drop rates has found.\n\n"
                  << visible;
        return false;
    }
    if (!fs::is_regular_file(options.database))
    {
        throw UsageError("--database=" + options.database + ": no such file; `sweep run` makes it");
    }
    const fs::path directory = fs::path(options.database).parent_path();
    options.runs = options.runs.empty() ? (directory / "runs").string() : options.runs;
    options.report = options.report.empty() ? (directory / "report.html").string() : options.report;
    options.table = fs::path(options.report).replace_extension(".csv").string();
    if (!CanBeFile(options.report) || options.table == options.report)
    {
        throw UsageError("--report=" + options.report +
                         ": the name of a file to make is needed, such as report.html; the table "
                         "goes beside it as .csv");
    }
    return true;
}

/**
 * Draws all figures and puts them on the page.
 * @param study the sweep
 * @param figures its figures
 * @param page the page
 * @return sentences on what could not be drawn
 */
std::vector<std::string>
AddFigures(const DropRateStudy& study, const DropRateFigures& figures, HtmlPage& page)
{
    if (!SvgFigure::IsGnuplotInstalled())
    {
        return {
            "no plots, because the program gnuplot is not installed (Debian package gnuplot-nox)"};
    }
    using Figures = DropRateFigures;
    const auto& series = study.GetSeries();
    std::vector<std::string> finals;
    if (std::any_of(series.begin(), series.end(), Figures::IsRps))
    {
        finals.push_back(figures.DrawFinal("Final training loss, RPS",
                                           "training loss",
                                           Figures::LOSS,
                                           Figures::RPS_ONLY,
                                           false,
                                           "final-loss-rps"));
        finals.push_back(figures.DrawFinal("Final training loss relative to p = 0, RPS",
                                           "loss / loss at p = 0",
                                           Figures::RELATIVE_LOSS,
                                           Figures::RPS_ONLY,
                                           false,
                                           "final-loss-rps-relative"));
    }
    if (!std::all_of(series.begin(), series.end(), Figures::IsRps))
    {
        finals.push_back(figures.DrawFinal("Final training loss, all (logarithmic)",
                                           "training loss",
                                           Figures::LOSS,
                                           Figures::ALL,
                                           true,
                                           "final-loss-all"));
    }
    finals.push_back(figures.DrawFinal("Final test accuracy",
                                       "test accuracy (%)",
                                       Figures::ACCURACY,
                                       Figures::ALL,
                                       false,
                                       "final-accuracy"));
    page.AddHeading("Final loss and accuracy against the drop rate");
    page.AddFigures(
        finals,
        "Mean over the seeds; bars are one sample standard deviation over the seeds to each side, "
        "so with two or three seeds "
        "they show the order of the spread and no more. Losses and accuracies are absolute but in "
        "the figure that says "
        "relative: it divides by the mean of the same series at p = 0, and its bars are those of "
        "the numerator alone. "
        "A condition with a run that diverged has no point. Series are comparable in absolute "
        "terms only as far as their "
        "knobs allow: more workers also means more samples a round. The theory has the absolute "
        "extra error of RPS fall like "
        "1/n, since alpha2 is about 2p(1-p)/n; it does not have the relative penalty fall with n.");
    if (!figures.HasCurves())
    {
        return figures.GetProblems();
    }
    page.AddHeading("Training loss against round");
    page.AddFigures(figures.DrawCurves(false),
                    "Training loss of the mean model, absolute, mean over the seeds, at the rounds "
                    "that were evaluated. "
                    "Logarithmic ordinate, the same in all panels; losses beyond ten times the "
                    "first one are cut off.");
    page.AddHeading("Training loss against simulated time");
    page.AddFigures(figures.DrawCurves(true),
                    "The same curves against simulated time: computation at the declared rate, and "
                    "packets through the "
                    "simulated links. It is not the time this machine took, and it holds for these "
                    "declared rates only.");
    return figures.GetProblems();
}

/**
 * Writes the web page.
 * @param study the sweep
 * @param table its table
 * @param figures its figures
 * @param options where to
 * @return sentences on what is missing from it
 */
std::vector<std::string>
WritePage(const DropRateStudy& study,
          const TextTable& table,
          const DropRateFigures& figures,
          const Options& options)
{
    size_t ok = 0;
    std::string program;
    for (const auto& series : study.GetSeries())
    {
        for (const auto& condition : series.conditions)
        {
            ok += condition.runs.size();
            program = condition.runs.empty() ? program : condition.runs[0].run.program;
        }
    }
    HtmlPage page("Training over a network that drops packets",
                  std::to_string(ok) + " runs of " + program + ", " +
                      std::to_string(study.GetFailed().size()) + " failed; from " +
                      fs::path(options.database).filename().string());
    page.AddList(DescribeOutcome(study));
    std::vector<std::string> problems;
    try
    {
        problems = AddFigures(study, figures, page);
    }
    catch (const std::runtime_error& error) // the table is worth having without figures
    {
        problems.emplace_back(error.what());
    }
    for (const auto& problem : problems)
    {
        page.AddParagraph("Missing: " + problem + ".");
    }
    page.AddHeading("All conditions");
    page.AddTable(table);
    page.AddParagraph("p: probability that a data segment is dropped, end to end. Train loss and "
                      "test accuracy: of the mean model at the "
                      "end of the run, mean ± sample standard deviation over the seeds. alpha2, "
                      "beta: exact mixing coefficients of RPS, "
                      "dimensionless, 0 at p = 0. They stand in the convergence bound (its extra "
                      "terms grow with alpha2 and with "
                      "1 / (1 - sqrt(beta))) and do not predict a loss. They do not apply to "
                      "gradient averaging.");
    page.AddHeading("What was swept");
    TextTable knobs;
    knobs.heading = {"knob", "values"};
    knobs.textColumns = 2;
    for (const auto& [name, values] : study.GetKnobs())
    {
        std::string list;
        for (const auto& value : values)
        {
            list += (list.empty() ? "" : ", ") + value;
        }
        knobs.rows.push_back({name, list});
    }
    page.AddTable(knobs);
    page.AddParagraph("All other options of the scenario had their defaults.");
    if (!study.GetFailed().empty())
    {
        page.AddHeading("Failed runs");
        TextTable failed;
        failed.heading = {"command", "message"};
        failed.textColumns = 2;
        for (const auto& run : study.GetFailed())
        {
            failed.rows.push_back({run.run.GetKey(), run.message});
        }
        page.AddTable(failed);
    }
    page.Write(options.report);
    return problems;
}

/**
 * The whole program.
 * @param argc number of arguments
 * @param argv the arguments
 */
void
WriteReport(int argc, char* argv[])
{
    Options options;
    if (!ParseOptions(argc, argv, options))
    {
        return;
    }
    const DropRateStudy study(RunDatabase(options.database, RunDatabase::READ).GetRuns());
    const auto table = MakeDropRateTable(study);
    std::cout << table.ToText()
              << "\nmean ± sample standard deviation over the seeds; p: drop rate; alpha2, "
                 "beta: theory of RPS\n";
    if (!study.GetFailed().empty())
    {
        std::cout << "runs left out because they failed: " << study.GetFailed().size() << "\n";
    }
    for (const auto& run : study.GetFailed())
    {
        std::cout << "failed: " << run.run.GetKey() << ": " << run.message << "\n";
    }
    if (study.GetOmitted() > 0)
    {
        std::cout << study.GetOmitted() << " runs without the knob dropRate are left out\n";
    }
    std::cout << std::flush;
    WriteDropRateCsv(study, options.table);
    const DropRateFigures figures(study,
                                  options.runs,
                                  options.csv,
                                  (fs::path(options.report).parent_path() / "plots").string());
    const auto problems = WritePage(study, table, figures, options);
    std::cout << "table: " << options.table << "\nreport: " << options.report << std::endl;
    if (!figures.HasCurves())
    {
        throw std::runtime_error(figures.GetProblems().front());
    }
    for (const auto& problem : problems)
    {
        std::cerr << "drop-rate-report: " << problem << std::endl;
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunProgram("drop-rate-report", [=] { WriteReport(argc, argv); });
}
