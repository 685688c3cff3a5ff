/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "study-report.h"

#include "../sweep/run-database.h"

#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace learning
{

namespace fs = std::filesystem;

StudyReport::StudyReport(const std::string& title,
                         const std::string& subtitle,
                         const std::string& results)
    : m_title(title),
      m_subtitle(subtitle),
      m_results(results),
      m_note("Here: mean ± standard error, over the seeds where there are seeds. Within errors: "
             "the difference is at most the error of reading the figure and two standard errors; - "
             "where it is more than the former and there is no standard error.")
{
    fs::create_directories(fs::path(m_results) / "plots");
    if (!SvgFigure::IsGnuplotInstalled())
    {
        AddProblem("no plots, because the program gnuplot is not installed (Debian package "
                   "gnuplot-nox)");
    }
}

RunSelection
StudyReport::Load(const std::string& name)
{
    const std::string file = (fs::path(m_results) / (name + ".sqlite")).string();
    if (!fs::exists(file))
    {
        AddProblem("no runs of " + name + " (" + file + ")");
        return {};
    }
    return LoadIfPresent(name);
}

RunSelection
StudyReport::LoadIfPresent(const std::string& name)
{
    const std::string file = (fs::path(m_results) / (name + ".sqlite")).string();
    if (!fs::exists(file))
    {
        return {};
    }
    const auto runs = RunDatabase(file, RunDatabase::READ).GetRuns();
    for (const auto& run : runs)
    {
        if (!run.ok)
        {
            AddProblem("failed: " + run.run.GetKey() + ": " + run.message);
        }
    }
    return RunSelection(runs);
}

std::vector<FinishedRun>
StudyReport::LoadFailures(const std::string& name)
{
    const std::string file = (fs::path(m_results) / (name + ".sqlite")).string();
    if (!fs::exists(file))
    {
        AddProblem("no runs of " + name + " (" + file + ")");
        return {};
    }
    return RunDatabase(file, RunDatabase::READ).GetRuns();
}

std::vector<RoundPoint>
StudyReport::GetCurve(const RunSelection& runs, const std::string& column)
{
    std::vector<std::vector<RoundPoint>> curves;
    for (const auto& run : runs.GetRuns())
    {
        try
        {
            curves.push_back(ReadRoundCurve(
                (fs::path(m_results) / "runs" / run.run.GetId() / "rounds.csv").string(),
                column));
        }
        catch (const std::runtime_error& error)
        {
            AddProblem(error.what());
        }
    }
    return curves.empty() ? std::vector<RoundPoint>() : AverageCurves(curves);
}

void
StudyReport::AddHeading(const std::string& heading)
{
    m_sections.emplace_back([heading](HtmlPage& page) { page.AddHeading(heading); });
}

void
StudyReport::AddParagraph(const std::string& text)
{
    m_sections.emplace_back([text](HtmlPage& page) { page.AddParagraph(text); });
}

void
StudyReport::AddTable(const TextTable& table)
{
    m_sections.emplace_back([table](HtmlPage& page) { page.AddTable(table); });
}

void
StudyReport::AddFigures(const std::vector<std::pair<std::string, SvgFigure>>& figures,
                        const std::string& caption)
{
    std::vector<std::string> svgs;
    for (const auto& [name, figure] : figures)
    {
        if (!SvgFigure::IsGnuplotInstalled())
        {
            return;
        }
        try
        {
            svgs.push_back(figure.Draw((fs::path(m_results) / "plots").string(), name));
        }
        catch (const std::runtime_error& error) // numbers are worth having without figures
        {
            AddProblem(error.what());
        }
    }
    m_sections.emplace_back([svgs, caption](HtmlPage& page) { page.AddFigures(svgs, caption); });
}

void
StudyReport::Add(const Deviation& deviation)
{
    m_deviations.push_back(deviation);
}

void
StudyReport::Add(const Claim& claim)
{
    m_claims.push_back(claim);
}

void
StudyReport::SetNote(const std::string& note)
{
    m_note = note;
}

void
StudyReport::AddProblem(const std::string& problem)
{
    m_problems.push_back(problem);
}

std::string
StudyReport::Write()
{
    HtmlPage page(m_title, m_subtitle);
    page.AddHeading("Verdicts");
    page.AddTable(MakeClaimTable(m_claims));
    if (!m_deviations.empty())
    {
        page.AddHeading("Deviations from the published numbers");
        page.AddTable(MakeDeviationTable(m_deviations));
        page.AddParagraph(m_note);
    }
    for (const auto& problem : m_problems)
    {
        page.AddParagraph("Missing: " + problem + ".");
    }
    for (const auto& section : m_sections)
    {
        section(page);
    }
    std::string file = (fs::path(m_results) / "report.html").string();
    page.Write(file);
    return file;
}

const std::vector<std::string>&
StudyReport::GetProblems() const
{
    return m_problems;
}

const std::vector<Deviation>&
StudyReport::GetDeviations() const
{
    return m_deviations;
}

const std::vector<Claim>&
StudyReport::GetClaims() const
{
    return m_claims;
}

void
PrintFindings(const StudyReport& report, const std::string& file)
{
    for (const Claim& claim : report.GetClaims())
    {
        std::cout << DescribeVerdict(claim.verdict) << ": " << claim.source << ": " << claim.text
                  << "\n    " << claim.found << "\n";
        if (claim.verdict != Verdict::HOLDS && !claim.reason.empty())
        {
            std::cout << "    " << claim.reason << "\n";
        }
    }
    for (const std::string& problem : report.GetProblems())
    {
        std::cout << "missing: " << problem << "\n";
    }
    std::cout << "report: " << file << std::endl;
}

} // namespace learning
} // namespace ns3
