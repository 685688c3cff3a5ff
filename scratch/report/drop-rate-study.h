/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef DROP_RATE_STUDY_H
#define DROP_RATE_STUDY_H

#include "../sweep/run-database.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Mean and spread of one quantity over the seeds.
 */
struct SeedStatistic
{
    double mean{0};      //!< arithmetic mean; not a number if any value is none
    double deviation{0}; //!< sample standard deviation (n - 1), 0 for a single value
    uint32_t count{0};   //!< number of values

    /**
     * Computes mean and spread.
     * @param values the values; none gives a mean that is not a number
     * @return the statistic
     */
    static SeedStatistic Of(const std::vector<double>& values);
};

/**
 * @ingroup distributed-learning-sweep
 *
 * The runs of one series at one drop rate: they differ in their seeds only.
 */
struct DropRateCondition
{
    double dropRate{0};            //!< probability p that a segment is dropped
    std::vector<FinishedRun> runs; //!< the ok ones
    uint32_t failed{0};            //!< number of failed ones
    SeedStatistic loss;            //!< final training loss
    SeedStatistic accuracy;        //!< final test accuracy, in [0, 1]
    SeedStatistic time;            //!< simulated time of a run, seconds
    double relativeLoss{
        0}; //!< mean loss over that of the same series at p = 0; not a number without p = 0
};

/**
 * @ingroup distributed-learning-sweep
 *
 * The runs that have all knobs but drop rate and seed in common: one curve against the drop rate.
 */
struct DropRateSeries
{
    std::map<std::string, std::string> knobs;  //!< what they have in common
    std::string label;                         //!< what tells them from the other series
    std::vector<DropRateCondition> conditions; //!< by ascending drop rate

    /**
     * Value of a knob.
     * @param name its name
     * @param fallback value where the knob was not set
     * @return the value
     */
    std::string GetKnob(const std::string& name, const std::string& fallback) const;
};

/**
 * @ingroup distributed-learning-sweep
 *
 * Sorts the finished runs of a sweep by what they say about the drop rate.
 *
 * Seeds are the knobs RngRun and RngSeed. Runs are only ever averaged over seeds: if any other knob
 * was swept too, each of its values makes a series of its own. So does its absence, called
 * "default": the database may also hold the runs of an older sweep, of fewer knobs.
 *
 * Series are made of runs that ended well. Failed runs are left out, and counted in the condition
 * that they would belong to if there is such a series and their drop rate is in [0, 1].
 */
class DropRateStudy
{
  public:
    /**
     * Sorts the runs.
     * @param runs finished runs; those without the knob dropRate are left out and counted
     * @throws std::runtime_error if the drop rate of an ok run is not a number, or no ok run is
     * left
     */
    explicit DropRateStudy(const std::vector<FinishedRun>& runs);

    /**
     * The series, RPS first, then by number of workers.
     * @return the series, at least one
     */
    const std::vector<DropRateSeries>& GetSeries() const;

    /**
     * Every value of every knob of the sweep, "default" among them if only some series set it.
     * @return values in order, by knob
     */
    const std::map<std::string, std::vector<std::string>>& GetKnobs() const;

    /**
     * The failed runs.
     * @return them, with their messages
     */
    const std::vector<FinishedRun>& GetFailed() const;

    /**
     * Number of ok runs without a drop rate.
     * @return how many were left out
     */
    uint32_t GetOmitted() const;

  private:
    /**
     * Says what tells a series from the others: no two have the same label.
     * @param knobs its knobs
     * @return such as "RPS, 16 servers"
     */
    std::string MakeLabel(const std::map<std::string, std::string>& knobs) const;

    std::vector<DropRateSeries> m_series;                    //!< in order
    std::map<std::string, std::vector<std::string>> m_knobs; //!< values by knob
    std::vector<FinishedRun> m_failed;                       //!< failed runs
    uint32_t m_omitted{0};                                   //!< runs without a drop rate
};

/**
 * @ingroup distributed-learning-sweep
 *
 * Reads a decimal number, nan and inf included.
 * @param text the whole text
 * @param value the number; not a number if the text is none
 * @return whether the text is a number
 */
bool ParseNumber(const std::string& text, double& value);

} // namespace learning
} // namespace ns3

#endif /* DROP_RATE_STUDY_H */
