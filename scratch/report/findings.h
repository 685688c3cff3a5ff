/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef FINDINGS_H
#define FINDINGS_H

#include "html-page.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * A number that was found here beside the one that was published.
 */
struct Deviation
{
    std::string figure;      //!< of the publication, such as "2"
    std::string quantity;    //!< what it is, and where on the abscissa
    double published{0};     //!< the published number
    double readingError{0};  //!< largest error of reading it
    double found{0};         //!< the number found here; not a number if there is none
    double standardError{0}; //!< of the number found; 0 if it is exact, not a number if unknown
    std::string trust{};     //!< how far the published number can be trusted; may be empty
    std::string reason{};    //!< why they may differ; may be empty

    /**
     * How far apart they are.
     * @return found - published
     */
    double GetDifference() const;

    /**
     * How far apart they are, relative to the published number.
     * @return found / published - 1; not a number if the published one is 0
     */
    double GetRelative() const;

    /**
     * Whether reading error and chance suffice to explain the difference.
     * @return whether |difference| is at most the reading error and two standard errors
     */
    bool IsExplained() const;

    /**
     * Whether it can be said that they differ.
     * @return false if it takes a standard error that is unknown to tell
     */
    bool IsDecided() const;
};

/**
 * @ingroup distributed-learning-sweep
 *
 * What came of a claim.
 */
enum class Verdict
{
    HOLDS,       //!< the numbers agree with it
    PARTLY,      //!< the numbers agree with parts of it
    FAILS,       //!< the numbers contradict it
    UNRESOLVED,  //!< the spread over the seeds is larger than what it is about
    NOT_MEASURED //!< no run says anything about it
};

/**
 * @ingroup distributed-learning-sweep
 *
 * A claim, what was found, and whether it holds.
 */
struct Claim
{
    std::string source;                     //!< where it stands
    std::string text;                       //!< the claim, and the criterion it is held to
    std::string found;                      //!< with numbers
    Verdict verdict{Verdict::NOT_MEASURED}; //!< what came of it
    std::string reason{};                   //!< shown unless it holds: why it may not
    std::string title{};                    //!< the claim in a few words, for short tables
    std::string published{};                //!< what was published, likewise
};

/**
 * @ingroup distributed-learning-sweep
 *
 * Judges a claim that a number is in a range, given how well the number is known.
 * @param number the number
 * @param standardError its standard error, 0 if it is exact; not a number if unknown, which counts
 * as 0
 * @param low lower end of the range
 * @param high upper end of the range
 * @return HOLDS if the number is in the range, UNRESOLVED if it is outside by no more than two
 * standard errors, FAILS if by more, NOT_MEASURED if it is not a number
 */
Verdict JudgeRange(double number, double standardError, double low, double high);

/**
 * @ingroup distributed-learning-sweep
 *
 * Joins the verdicts on the parts of a claim.
 * @param verdicts of the parts
 * @return FAILS if one failed, otherwise the worst of the others; NOT_MEASURED of none
 */
Verdict JoinVerdicts(const std::vector<Verdict>& verdicts);

/**
 * @ingroup distributed-learning-sweep
 *
 * Joins the verdicts on the parts of a claim that may hold in part.
 * @param verdicts of the parts
 * @return PARTLY if some hold and some failed, otherwise as JoinVerdicts()
 */
Verdict GradeVerdicts(const std::vector<Verdict>& verdicts);

/**
 * @ingroup distributed-learning-sweep
 *
 * A verdict in words.
 * @param verdict the verdict
 * @return such as "holds"
 */
std::string DescribeVerdict(Verdict verdict);

/**
 * @ingroup distributed-learning-sweep
 *
 * Makes the table of deviations.
 * @param deviations the rows
 * @return the table, a rule before each figure; with columns for trust and reason if a row has them
 */
TextTable MakeDeviationTable(const std::vector<Deviation>& deviations);

/**
 * @ingroup distributed-learning-sweep
 *
 * Makes the table of verdicts.
 * @param claims the rows
 * @return the table
 */
TextTable MakeClaimTable(const std::vector<Claim>& claims);

/**
 * @ingroup distributed-learning-sweep
 *
 * Writes a number with four significant digits.
 * @param value the number
 * @return its text, "-" if it is not a number
 */
std::string FormatShort(double value);

/**
 * @ingroup distributed-learning-sweep
 *
 * Writes a number and its spread or error.
 * @param value the number
 * @param error the spread; left out if it is 0 or not a number
 * @return such as "1.23 ± 0.04"
 */
std::string FormatWithError(double value, double error);

} // namespace learning
} // namespace ns3

#endif /* FINDINGS_H */
