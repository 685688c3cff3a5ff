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

#include "report/drop-rate-study.h"
#include "report/html-page.h"
#include "report/round-curve.h"
#include "report/svg-figure.h"

#include "ns3/mixing-coefficients.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

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
};

/// The per-round curves of one series, one for each drop rate, mean over seeds.
using SeriesCurves = std::vector<std::vector<RoundPoint>>;

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
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    try
    {
        po::store(po::command_line_parser(argc, argv)
                      .options(visible)
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
    return true;
}

/**
 * Writes a number for a reader.
 * @param value the number
 * @param digits after the point
 * @param absent what stands for no number
 * @return its text
 */
std::string
Format(double value, int digits, const std::string& absent = "-")
{
    if (!std::isfinite(value))
    {
        return absent;
    }
    char text[64];
    std::snprintf(text, sizeof(text), "%.*f", digits, value);
    return text;
}

/**
 * Writes a number in few digits, as it was given.
 * @param value the number
 * @return such as 0.05
 */
std::string
FormatShort(double value)
{
    char text[64];
    std::snprintf(text, sizeof(text), "%g", value);
    return text;
}

/**
 * Writes mean and spread.
 * @param statistic them
 * @param scale factor, such as 100 for percent
 * @param digits after the point
 * @return such as 0.412 ± 0.003
 */
std::string
Format(const SeedStatistic& statistic, double scale, int digits)
{
    if (statistic.count == 0)
    {
        return "-";
    }
    if (!std::isfinite(statistic.mean))
    {
        return "diverged";
    }
    return Format(scale * statistic.mean, digits) +
           (statistic.count > 1 ? " ± " + Format(scale * statistic.deviation, digits) : "");
}

/**
 * The mixing coefficients of a condition, where the theory covers it: RPS, co-located servers,
 * owners permuted.
 * @param series the series
 * @param dropRate the drop rate
 * @param coefficients where they go
 * @return whether the theory covers it
 */
bool
GetTheory(const DropRateSeries& series, double dropRate, MixingCoefficients& coefficients)
{
    double workers;
    if (series.GetKnob("algorithm", "rps") != "rps" ||
        series.GetKnob("placement", "colocated") != "colocated" ||
        series.GetKnob("owners", "permuted") != "permuted" ||
        !ParseNumber(series.GetKnob("workers", ""), workers) || workers < 2 || dropRate >= 1)
    {
        return false;
    }
    coefficients = GetColocatedCoefficients(static_cast<uint32_t>(workers), dropRate);
    return true;
}

/**
 * Makes the table of all conditions.
 * @param study the sweep
 * @return one row a condition
 */
TextTable
MakeTable(const DropRateStudy& study)
{
    TextTable table;
    table.heading = {"series",
                     "p",
                     "seeds",
                     "train loss",
                     "loss / loss at p=0",
                     "test accuracy %",
                     "simulated s",
                     "alpha2",
                     "beta"};
    for (const auto& series : study.GetSeries())
    {
        table.rows.emplace_back();
        for (const auto& condition : series.conditions)
        {
            MixingCoefficients theory;
            const bool covered = GetTheory(series, condition.dropRate, theory);
            table.rows.push_back(
                {series.label,
                 FormatShort(condition.dropRate),
                 std::to_string(condition.runs.size()) +
                     (condition.failed ? " (" + std::to_string(condition.failed) + " failed)" : ""),
                 Format(condition.loss, 1, 4),
                 Format(condition.relativeLoss, 3),
                 Format(condition.accuracy, 100, 2),
                 Format(condition.time.mean, 3),
                 covered ? Format(theory.alpha2, 5) : "-",
                 covered ? Format(theory.beta, 5) : "-"});
        }
    }
    return table;
}

/**
 * Writes all conditions as CSV, at full precision.
 * @param study the sweep
 * @param file path
 */
void
WriteCsv(const DropRateStudy& study, const std::string& file)
{
    std::ofstream stream(file);
    stream.precision(12);
    stream << "algorithm,workers,servers,drop_rate,seeds,failed,train_loss,train_loss_deviation,"
              "train_loss_relative,"
              "test_accuracy,test_accuracy_deviation,time_s,alpha2,beta,series\n";
    for (const auto& series : study.GetSeries())
    {
        for (const auto& condition : series.conditions)
        {
            MixingCoefficients theory;
            const bool covered = GetTheory(series, condition.dropRate, theory);
            stream << series.GetKnob("algorithm", "") << "," << series.GetKnob("workers", "") << ","
                   << series.GetKnob("servers", "") << "," << condition.dropRate << ","
                   << condition.runs.size() << "," << condition.failed << "," << condition.loss.mean
                   << "," << condition.loss.deviation << "," << condition.relativeLoss << ","
                   << condition.accuracy.mean << "," << condition.accuracy.deviation << ","
                   << condition.time.mean << ",";
            if (covered)
            {
                stream << theory.alpha2 << "," << theory.beta;
            }
            else
            {
                stream << ",";
            }
            stream << ",\"" << series.label << "\"\n";
        }
    }
    stream.close();
    if (!stream)
    {
        throw std::runtime_error(file + ": cannot be written");
    }
}

/**
 * Reads the curves of a series.
 * @param series the series
 * @param options where they are
 * @param problems gets a sentence for each file that cannot be used
 * @return one curve a condition, maybe empty
 */
SeriesCurves
ReadCurves(const DropRateSeries& series, const Options& options, std::vector<std::string>& problems)
{
    SeriesCurves curves;
    for (const auto& condition : series.conditions)
    {
        std::vector<std::vector<RoundPoint>> seeds;
        for (const auto& run : condition.runs)
        {
            try
            {
                seeds.push_back(ReadRoundCurve(
                    (fs::path(options.runs) / run.run.GetId() / options.csv).string()));
            }
            catch (const std::runtime_error& error)
            {
                problems.emplace_back(error.what());
            }
        }
        curves.push_back(AverageCurves(seeds));
    }
    return curves;
}

/**
 * A color of an ordered scale.
 * @param scale the scale, from one end to the other
 * @param index which of the colors asked for
 * @param count how many colors are asked for
 * @return the color
 */
std::string
PickColor(const std::vector<std::string>& scale, size_t index, size_t count)
{
    const size_t last = scale.size() - 1;
    return scale[count < 2 ? last : std::min(last, index * last / (count - 1))];
}

/**
 * Draws the curves of each series, one figure a series, all with the same ordinate.
 * @param study the sweep
 * @param curves curves by series
 * @param byTime whether against simulated time instead of round
 * @param directory for the plot files
 * @return svg elements
 */
std::vector<std::string>
DrawCurves(const DropRateStudy& study,
           const std::vector<SeriesCurves>& curves,
           bool byTime,
           const std::string& directory)
{
    static const std::vector<std::string> scale{"#14315f",
                                                "#2472b3",
                                                "#1c9a8f",
                                                "#8f9a1d",
                                                "#e58a1a",
                                                "#c22f27"};
    std::set<double> rates;
    double low = INFINITY;
    double high = 0;
    double start = 0; // losses beyond ten times that of the start are cut off
    for (size_t i = 0; i < curves.size(); ++i)
    {
        for (size_t j = 0; j < curves[i].size(); ++j)
        {
            rates.insert(study.GetSeries()[i].conditions[j].dropRate);
            for (const auto& point : curves[i][j])
            {
                low = point.loss > 0 ? std::min(low, point.loss) : low;
                high = std::max(high, point.loss);
            }
            start = curves[i][j].empty() ? start : std::max(start, curves[i][j].front().loss);
        }
    }
    std::vector<std::string> svgs;
    for (size_t i = 0; i < curves.size(); ++i)
    {
        const auto& series = study.GetSeries()[i];
        SvgFigure figure(series.label,
                         byTime ? "simulated time (s)" : "round",
                         "training loss",
                         540,
                         330);
        figure.SetLogarithmic();
        figure.SetRange(low * 0.93, std::min(high, 10 * start) * 1.05);
        for (size_t j = 0; j < curves[i].size(); ++j)
        {
            const double rate = series.conditions[j].dropRate;
            const size_t rank = std::distance(rates.begin(), rates.find(rate));
            SvgFigure::Curve curve{"p = " + FormatShort(rate),
                                   PickColor(scale, rank, rates.size()),
                                   false,
                                   false,
                                   {}};
            for (const auto& point : curves[i][j])
            {
                curve.points.push_back({byTime ? point.time : point.round, point.loss, 0});
            }
            figure.Add(curve);
        }
        svgs.push_back(
            figure.Draw(directory,
                        (byTime ? "loss-time-" : "loss-round-") + std::to_string(i + 1)));
    }
    return svgs;
}

/**
 * Draws one quantity against the drop rate, one curve a series.
 * @param study the sweep
 * @param title of the figure
 * @param yLabel quantity and unit
 * @param directory for the plot files
 * @param name of the plot files
 * @param pick gives mean and half error bar of a condition
 * @return svg element
 */
template <typename Pick>
std::string
DrawFinal(const DropRateStudy& study,
          const std::string& title,
          const std::string& yLabel,
          const std::string& directory,
          const std::string& name,
          Pick pick)
{
    static const std::vector<std::string> blues{"#86bfe3", "#3f8fcb", "#1d5f9e", "#0b2c57"};
    static const std::vector<std::string> reds{"#c22f27", "#e58a1a", "#8a4fae"};
    const auto& all = study.GetSeries();
    const size_t rps = std::count_if(all.begin(), all.end(), [](const auto& series) {
        return series.GetKnob("algorithm", "rps") == "rps";
    });
    SvgFigure figure(title, "drop rate p", yLabel, 540, 350);
    for (size_t i = 0; i < all.size(); ++i)
    {
        const bool isRps = all[i].GetKnob("algorithm", "rps") == "rps";
        SvgFigure::Curve curve{
            all[i].label,
            isRps ? PickColor(blues, i, rps)
                  : PickColor(reds, i - rps, std::max<size_t>(2, all.size() - rps)),
            !isRps,
            true,
            {}};
        for (const auto& condition : all[i].conditions)
        {
            const auto [mean, error] = pick(condition, all[i]);
            curve.points.push_back({condition.dropRate, mean, error});
        }
        figure.Add(curve);
    }
    return figure.Draw(directory, name);
}

/**
 * Draws all figures and puts them on the page.
 * @param study the sweep
 * @param options where the curves are
 * @param page the page
 * @return sentences on what could not be drawn
 */
std::vector<std::string>
AddFigures(const DropRateStudy& study, const Options& options, HtmlPage& page)
{
    std::vector<std::string> problems;
    if (!SvgFigure::IsGnuplotInstalled())
    {
        return {
            "no plots, because the program gnuplot is not installed (Debian package gnuplot-nox)"};
    }
    const std::string directory = (fs::path(options.report).parent_path() / "plots").string();
    fs::create_directories(directory);
    std::vector<SeriesCurves> curves;
    for (const auto& series : study.GetSeries())
    {
        curves.push_back(ReadCurves(series, options, problems));
    }
    using Pair = std::pair<double, double>;
    const auto loss = [](const DropRateCondition& condition, const DropRateSeries&) {
        return Pair(condition.loss.mean, condition.loss.deviation);
    };
    const auto relative = [](const DropRateCondition& condition, const DropRateSeries& series) {
        return Pair(condition.relativeLoss,
                    condition.loss.deviation / series.conditions.front().loss.mean);
    };
    const auto accuracy = [](const DropRateCondition& condition, const DropRateSeries&) {
        return Pair(100 * condition.accuracy.mean, 100 * condition.accuracy.deviation);
    };
    page.AddHeading("Final loss and accuracy against the drop rate");
    page.AddFigures({DrawFinal(study,
                               "Final training loss (absolute)",
                               "training loss",
                               directory,
                               "final-loss",
                               loss),
                     DrawFinal(study,
                               "Final training loss relative to p = 0",
                               "loss / loss at p = 0",
                               directory,
                               "final-loss-relative",
                               relative),
                     DrawFinal(study,
                               "Final test accuracy (absolute)",
                               "test accuracy (%)",
                               directory,
                               "final-accuracy",
                               accuracy)},
                    "Mean over the seeds; bars are one sample standard deviation over the seeds to "
                    "each side, so with two or three seeds "
                    "they show the order of the spread and no more. The relative figure divides by "
                    "the mean of the same series at p = 0; "
                    "its bars are those of the numerator alone. Absolute values compare series "
                    "only as far as their knobs allow: more "
                    "workers also means more samples a round. The theory has the absolute extra "
                    "error of RPS fall like 1/n, since alpha2 is "
                    "about 2p(1-p)/n; it does not have the relative penalty fall with n.");
    page.AddHeading("Training loss against round");
    page.AddFigures(DrawCurves(study, curves, false, directory),
                    "Training loss of the mean model, absolute, mean over the seeds, at the rounds "
                    "that were evaluated. "
                    "Logarithmic ordinate, the same in all panels; losses beyond ten times the "
                    "first one are cut off.");
    page.AddHeading("Training loss against simulated time");
    page.AddFigures(DrawCurves(study, curves, true, directory),
                    "The same curves against simulated time: computation at the declared rate, and "
                    "packets through the "
                    "simulated links. It is not the time this machine took. How long a round takes "
                    "depends on these declared "
                    "rates; that drops change it at all comes from deadlines and from packets that "
                    "are not there to be sent on.");
    return problems;
}

/**
 * Says in one paragraph what the highest drop rate did.
 * @param study the sweep
 * @return the paragraph
 */
std::string
DescribeOutcome(const DropRateStudy& study)
{
    std::string text;
    for (const auto& series : study.GetSeries())
    {
        const auto& last = series.conditions.back();
        if (series.conditions.size() < 2 || series.conditions.front().dropRate != 0 ||
            last.loss.count == 0)
        {
            continue;
        }
        const std::string first = Format(series.conditions.front().loss, 1, 3);
        text += (text.empty() ? "" : " ") + series.label + ": final training loss " + first +
                " without drops, " + Format(last.loss, 1, 3) +
                " at p = " + FormatShort(last.dropRate) +
                (std::isfinite(last.relativeLoss) ? " (" + Format(last.relativeLoss, 2) + " times)"
                                                  : "") +
                ".";
    }
    return text;
}

/**
 * Writes the web page.
 * @param study the sweep
 * @param table its table
 * @param options where to
 * @return sentences on what is missing from it
 */
std::vector<std::string>
WritePage(const DropRateStudy& study, const TextTable& table, const Options& options)
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
    page.AddParagraph(DescribeOutcome(study));
    const auto problems = AddFigures(study, options, page);
    for (const auto& problem : problems)
    {
        page.AddParagraph("Missing: " + problem + ".");
    }
    page.AddHeading("All conditions");
    page.AddTable(table);
    page.AddParagraph("p: probability that a data segment is dropped, end to end. Train loss and "
                      "test accuracy: of the mean model "
                      "at the end of the run, mean ± sample standard deviation over the seeds. "
                      "alpha2, beta: exact mixing "
                      "coefficients of RPS with n co-located servers and owners permuted every "
                      "round; 0 at p = 0. They stand "
                      "in the convergence bound (its extra terms grow with alpha2 and with 1 / (1 "
                      "- sqrt(beta))) and do not "
                      "predict a loss. They do not apply to gradient averaging.");
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

} // namespace

int
main(int argc, char* argv[])
{
    try
    {
        Options options;
        if (!ParseOptions(argc, argv, options))
        {
            return 0;
        }
        const DropRateStudy study(RunDatabase(options.database, RunDatabase::READ).GetRuns());
        const auto table = MakeTable(study);
        std::cout << table.ToText()
                  << "\nmean ± sample standard deviation over the seeds; p: drop rate; alpha2, "
                     "beta: theory of RPS\n";
        for (const auto& run : study.GetFailed())
        {
            std::cout << "failed: " << run.run.GetKey() << ": " << run.message << "\n";
        }
        if (study.GetOmitted() > 0)
        {
            std::cout << study.GetOmitted() << " runs without the knob dropRate are left out\n";
        }
        std::cout << std::flush;
        const std::string csv = fs::path(options.report).replace_extension(".csv").string();
        WriteCsv(study, csv);
        for (const auto& problem : WritePage(study, table, options))
        {
            std::cerr << "drop-rate-report: " << problem << std::endl;
        }
        std::cout << "table: " << csv << "\nreport: " << options.report << std::endl;
        return 0;
    }
    catch (const UsageError& error)
    {
        std::cerr << "drop-rate-report: " << error.what() << std::endl;
        return 2;
    }
    catch (const std::exception& error)
    {
        std::cerr << "drop-rate-report: " << error.what() << std::endl;
        return 1;
    }
}
