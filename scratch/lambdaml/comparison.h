/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef COMPARISON_H
#define COMPARISON_H

#include "../report/study-report.h"
#include "published-values.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-lambdaml
 *
 * What the sections of the report share: the report, the published numbers, and how one is held
 * against the other.
 */
class Comparison
{
  public:
    /**
     * Joins report and numbers, which must live longer.
     * @param published the numbers
     * @param report where sections go
     */
    Comparison(const PublishedValues& published, StudyReport& report);

    /**
     * The report.
     * @return the report
     */
    StudyReport& GetReport() const;

    /**
     * A published number.
     * @param id its id
     * @return the number
     */
    const PublishedValue& GetPublished(const std::string& id) const;

    /**
     * All published numbers.
     * @return by id
     */
    const std::map<std::string, PublishedValue>& GetAllPublished() const;

    /**
     * Adds a row to the table of deviations.
     * @param id of the published number
     * @param found the number here
     * @param reason why it may differ, shown if it does
     * @return whether it is within the tolerance
     */
    Verdict Compare(const std::string& id, double found, const std::string& reason = "") const;

    /**
     * Writes a number with the published one beside it.
     * @param found the number here
     * @param id of the published one
     * @return such as "4.1 (4.17)"
     */
    std::string Beside(double found, const std::string& id) const;

  private:
    const PublishedValues& m_published; //!< numbers
    StudyReport& m_report;              //!< where sections go
};

/**
 * @ingroup distributed-learning-lambdaml
 *
 * A number of the only run of a selection.
 * @param runs the selection
 * @param column its name in the summary
 * @return the number; not a number unless there is just one run, and it has it
 */
double GetNumber(const RunSelection& runs, const std::string& column);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * What the only run of a selection cost.
 * @param runs the selection
 * @return dollars; not a number unless there is just one run
 */
double GetDollars(const RunSelection& runs);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Writes a number for a verdict: shorter than in tables.
 * @param value the number
 * @return its text with three significant digits, all of a whole part; "-" if it is not a number
 */
std::string FormatBrief(double value);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Writes the verdicts as a short table.
 * @param claims the rows
 * @return lines "source | claim | published | here | verdict", a heading first
 */
std::string MakeShortTable(const std::vector<Claim>& claims);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * What a round more takes, by the runs with the fewest and the most rounds: start-up and load do
 * not count.
 * @param runs that differ in the knob rounds only
 * @param column name of a number in the summaries
 * @return its increase by round; not a number if there are not two different runs
 */
double GetSlope(const RunSelection& runs, const std::string& column);

/**
 * @ingroup distributed-learning-lambdaml
 *
 * Judges that one number is below another.
 * @param small the one
 * @param large the other
 * @return HOLDS if small < large, FAILS if not, NOT_MEASURED if one is not a number
 */
Verdict JudgeBelow(double small, double large);

} // namespace learning
} // namespace ns3

#endif /* COMPARISON_H */
