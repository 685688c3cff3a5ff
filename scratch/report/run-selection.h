/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RUN_SELECTION_H
#define RUN_SELECTION_H

#include "drop-rate-study.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Some of a sweep's finished runs, chosen by their knobs, and what they say in numbers.
 *
 * Values of knobs are compared as numbers where both are numbers, otherwise as texts. Runs with the
 * same seed are compared with one another where a ratio or a difference is asked for: they have
 * start, data order and stragglers in common, so that what is left is what their knobs do.
 */
class RunSelection
{
  public:
    /// No run.
    RunSelection() = default;

    /**
     * Takes the ok ones of some runs.
     * @param runs finished runs
     */
    explicit RunSelection(const std::vector<FinishedRun>& runs);

    /**
     * The runs that have a value of a knob.
     * @param knob its name
     * @param value the value
     * @return those of them
     */
    RunSelection Where(const std::string& knob, const std::string& value) const;

    /**
     * Values of a knob among the runs.
     * @param knob its name
     * @return each once, by ascending number, texts by the alphabet
     */
    std::vector<std::string> GetValues(const std::string& knob) const;

    /**
     * Sorts the runs into groups that have all knobs in common but some.
     * @param differing names of the knobs that may differ within a group
     * @return the groups
     */
    std::vector<RunSelection> GetGroups(const std::vector<std::string>& differing) const;

    /**
     * The runs.
     * @return them, in the order of their keys
     */
    const std::vector<FinishedRun>& GetRuns() const&;

    /**
     * The runs of a selection that is about to end, so that a loop may run over them.
     * @return them, in the order of their keys
     */
    std::vector<FinishedRun> GetRuns() &&;

    /**
     * Mean and spread over the runs of a number in their summaries.
     * @param column its name
     * @return the statistic; a run without the number makes it not a number
     */
    SeedStatistic GetStatistic(const std::string& column) const;

    /**
     * Mean and spread of the ratio to runs with the same seed.
     * @param base the runs divided by
     * @param column name of the number in the summaries
     * @return the statistic over the seeds that both have; of none if there is no such seed
     */
    SeedStatistic GetRatio(const RunSelection& base, const std::string& column) const;

    /**
     * Mean and spread of the difference from runs with the same seed.
     * @param base the runs subtracted
     * @param column name of the number in the summaries
     * @return the statistic over the seeds that both have; of none if there is no such seed
     */
    SeedStatistic GetDifference(const RunSelection& base, const std::string& column) const;

  private:
    /**
     * Pairs of numbers of runs with the same seed.
     * @param base the other runs
     * @param column name of the number
     * @return number here, number there
     */
    std::vector<std::pair<double, double>> GetPairs(const RunSelection& base,
                                                    const std::string& column) const;

    std::vector<FinishedRun> m_runs; //!< the runs
};

/**
 * @ingroup distributed-learning-sweep
 *
 * A number in a run's summary.
 * @param run the run
 * @param column its name
 * @return the number; not a number if it is absent or none
 */
double GetSummaryNumber(const FinishedRun& run, const std::string& column);

/**
 * @ingroup distributed-learning-sweep
 *
 * Standard error of a mean over seeds.
 * @param statistic the statistic
 * @return deviation / sqrt(count); not a number for fewer than two values
 */
double GetStandardError(const SeedStatistic& statistic);

} // namespace learning
} // namespace ns3

#endif /* RUN_SELECTION_H */
