/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TOLERANCE_STUDY_H
#define TOLERANCE_STUDY_H

#include "../report/study-report.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-tolerance
 *
 * How one transport with one rule came through one loss law; means over the seeds.
 */
struct ToleranceRow
{
    std::string transport;   //!< as the knob has it
    std::string rule;        //!< as the knob has it, with error feedback if there was any
    std::string loss;        //!< law, as the knob has it
    SeedStatistic ratio;     //!< final loss of a replica over that without drops, same seed
    SeedStatistic time;      //!< simulated seconds to the target loss; of the seeds that reach it
    uint32_t reached{0};     //!< seeds that reach the target
    uint32_t seeds{0};       //!< all seeds
    SeedStatistic bytes;     //!< bytes on the links in the whole run
    SeedStatistic delivered; //!< share of pushed segments that arrived in time
};

/**
 * @ingroup distributed-learning-tolerance
 *
 * Ranks transports x rules x loss laws on one workload, and holds what came out against what is
 * known of loss-tolerant training. Databases ranking, stragglers and downlink.
 */
class ToleranceStudy
{
  public:
    /// How much worse than the final loss without drops the target is.
    static constexpr double TARGET_FACTOR = 1.25;

    /**
     * Reads the runs.
     * @param report where rows and figures go; it outlives the study
     */
    explicit ToleranceStudy(StudyReport& report);

    /**
     * The ranking: who reaches the target with the largest share of its seeds comes first, of these
     * the fastest; then the others by their loss.
     * @return the rows
     */
    const std::vector<ToleranceRow>& GetRows() const;

    /**
     * The ranking as a table.
     * @return one row each
     */
    TextTable MakeTable() const;

    /// Adds the sections: figures, table, and a verdict on each expectation.
    void AddSections() const;

  private:
    /// What is judged: a number in the summaries.
    static constexpr const char* LOSS = "mean_worker_loss";

    /// The loss law of the verdicts on rules.
    static constexpr const char* BERNOULLI = "bernoulli";

    /**
     * A transport as tables show it.
     * @param transport as the knob has it
     * @return without what all transports have in common
     */
    static std::string Shorten(const std::string& transport);

    /**
     * The runs of one condition of the ranking, which is made at the highest drop rate.
     * @param transport as the knob has it
     * @param rule as the knob has it
     * @param feedback as the knob errorFeedback has it, empty for none
     * @param loss as the knob has it
     * @return the runs
     */
    RunSelection GetRuns(const std::string& transport,
                         const std::string& rule,
                         const std::string& feedback,
                         const std::string& loss) const;

    /**
     * How long transports take for all rounds, over datagrams.
     * @param dropRate as the knob has it
     * @param transport as the knob has it
     * @return ratio of simulated times, with the received mean and independent drops
     */
    SeedStatistic GetSlowdown(const std::string& dropRate, const std::string& transport) const;

    /**
     * The runs without drops.
     * @param transport as the knob has it
     * @return the runs
     */
    RunSelection GetLossless(const std::string& transport) const;

    /**
     * Makes a row of the ranking.
     * @param runs its runs
     * @return the row
     */
    ToleranceRow MakeRow(const RunSelection& runs) const;

    /// Judges what rules do about drops.
    void JudgeRules() const;

    /// Judges what repeating costs, at each drop rate.
    void JudgeRepeats() const;

    /// Judges what stragglers cost.
    void JudgeStragglers() const;

    /// Judges what servers send back.
    void JudgeDownlink() const;

    /// Adds curves of the loss against simulated time.
    void AddCurves() const;

    StudyReport& m_report;            //!< where to
    RunSelection m_ranking;           //!< runs
    std::vector<std::string> m_rates; //!< drop rates of them but 0, ascending
    RunSelection m_stragglers;        //!< runs
    RunSelection m_downlink;          //!< runs
    std::vector<ToleranceRow> m_rows; //!< the ranking
};

} // namespace learning
} // namespace ns3

#endif /* TOLERANCE_STUDY_H */
