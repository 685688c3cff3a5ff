/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef STUDY_REPORT_H
#define STUDY_REPORT_H

#include "findings.h"
#include "html-page.h"
#include "round-curve.h"
#include "run-selection.h"
#include "svg-figure.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * A report in sections, each fed from the database of a sweep, that ends in a table of deviations
 * from published numbers and one of verdicts on claims.
 *
 * Sections are written one after another; tables of findings come first on the page, so sections
 * are kept until Write(). Whatever cannot be read or drawn becomes a sentence instead.
 */
class StudyReport
{
  public:
    /**
     * Starts a report.
     * @param title its title
     * @param subtitle one line below
     * @param results directory of the databases, the runs' folders and the report
     */
    StudyReport(const std::string& title, const std::string& subtitle, const std::string& results);

    /**
     * The runs of a sweep.
     * @param name of its database, without extension
     * @return the ok ones; none if there is no such database
     */
    RunSelection Load(const std::string& name);

    /**
     * The runs of a sweep that need not have been run.
     * @param name of its database, without extension
     * @return the ok ones; none if there is no such database, which then is no problem
     */
    RunSelection LoadIfPresent(const std::string& name);

    /**
     * The runs of a sweep that were to fail.
     * @param name of its database, without extension
     * @return all runs, failed or not; none if there is no such database, which is a problem
     */
    std::vector<FinishedRun> LoadFailures(const std::string& name);

    /**
     * Mean over the seeds of a curve.
     * @param runs runs that differ in their seeds only
     * @param column the ordinate, of the per-round files
     * @return the curve; empty if there are no runs
     */
    std::vector<RoundPoint> GetCurve(const RunSelection& runs, const std::string& column);

    /**
     * Starts a section.
     * @param heading its heading
     */
    void AddHeading(const std::string& heading);

    /**
     * Adds a paragraph.
     * @param text plain text
     */
    void AddParagraph(const std::string& text);

    /**
     * Adds a table.
     * @param table the table
     */
    void AddTable(const TextTable& table);

    /**
     * Adds figures side by side.
     * @param figures the figures, by name of their files
     * @param caption plain text
     */
    void AddFigures(const std::vector<std::pair<std::string, SvgFigure>>& figures,
                    const std::string& caption);

    /**
     * Adds a row to the table of deviations.
     * @param deviation the row
     */
    void Add(const Deviation& deviation);

    /**
     * Adds a row to the table of verdicts.
     * @param claim the row
     */
    void Add(const Claim& claim);

    /**
     * Says how the table of deviations is to be read.
     * @param note plain text, in place of one on reading errors and seeds
     */
    void SetNote(const std::string& note);

    /**
     * Says that something is missing.
     * @param problem a sentence without its full stop
     */
    void AddProblem(const std::string& problem);

    /**
     * Writes the page.
     * @return its path
     * @throws std::runtime_error if it cannot be written
     */
    std::string Write();

    /**
     * What is missing.
     * @return the sentences
     */
    const std::vector<std::string>& GetProblems() const;

    /**
     * The table of deviations.
     * @return the rows so far
     */
    const std::vector<Deviation>& GetDeviations() const;

    /**
     * The table of verdicts.
     * @return the rows so far
     */
    const std::vector<Claim>& GetClaims() const;

  private:
    std::vector<std::function<void(HtmlPage&)>> m_sections; //!< what the page shows
    std::string m_title;                                    //!< of the page
    std::string m_subtitle;                                 //!< below it
    std::string m_results;                                  //!< directory
    std::string m_note;                                     //!< below the table of deviations
    std::vector<Deviation> m_deviations;                    //!< rows
    std::vector<Claim> m_claims;                            //!< rows
    std::vector<std::string> m_problems;                    //!< what is missing
};

/**
 * @ingroup distributed-learning-sweep
 *
 * Prints verdicts, what is missing, and where the page is.
 * @param report the report
 * @param file path of its page
 */
void PrintFindings(const StudyReport& report, const std::string& file);

} // namespace learning
} // namespace ns3

#endif /* STUDY_REPORT_H */
