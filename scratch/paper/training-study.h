/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_STUDY_H
#define TRAINING_STUDY_H

#include "../report/study-report.h"
#include "published-curves.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-paper
 *
 * A published task that a training study is compared with.
 */
struct PublishedTask
{
    std::string name;           //!< such as "ResNet-20"
    std::string averaging;      //!< its figure of RPS, such as "4a"
    std::string gradients;      //!< its figure of gradient averaging, such as "5a"
    double epochs{160};         //!< length of its training
    double tail{10};            //!< epochs at its end whose mean is compared
    double readingError{0.001}; //!< of a loss
};

/**
 * @ingroup distributed-learning-paper
 *
 * Training at several arrival rates by RPS and by gradient averaging with both treatments of a lost
 * gradient, beside published curves of losses.
 *
 * Losses are compared as ratios to the run without drops of the same seed; judged is the mean over
 * the replicas of their training losses, since drops of gradients harm the replicas and not their
 * mean. Runs are told apart by the knobs algorithm, missing and dropRate.
 */
class TrainingStudy
{
  public:
    /// What a run does about drops.
    enum Algorithm
    {
        RPS, //!< averages models
        OWN, //!< averages gradients; a lost one is replaced by the worker's own
        ZERO //!< averages gradients; a lost one is no update
    };

    /**
     * Tells the studies in a database apart: their runs have all in common but what they do about
     * drops, drop rate and seed.
     * @param runs the runs of one or more studies
     * @return the runs of each
     */
    static std::vector<RunSelection> Split(const RunSelection& runs);

    /**
     * Sorts the runs.
     * @param report where figures and rows go; it outlives the study
     * @param runs the runs
     * @param published curves of the paper
     * @param tasks the published tasks to compare with
     * @param name begins the names of files
     */
    TrainingStudy(StudyReport& report,
                  const RunSelection& runs,
                  const PublishedCurves& published,
                  const std::vector<PublishedTask>& tasks,
                  const std::string& name);

    /**
     * The runs of a condition.
     * @param algorithm what they do
     * @param dropRate as the knob has it
     * @return the runs; without drops all algorithms are the same, so those of RPS
     */
    RunSelection GetRuns(Algorithm algorithm, const std::string& dropRate) const;

    /**
     * Final loss over that without drops, by seeds.
     * @param algorithm what the runs do
     * @param dropRate as the knob has it
     * @param column which loss
     * @return the ratio
     */
    SeedStatistic GetRatio(Algorithm algorithm,
                           const std::string& dropRate,
                           const std::string& column = "mean_worker_loss") const;

    /**
     * Ratio of a published final loss to that without drops.
     * @param task the task
     * @param gradients whether of gradient averaging
     * @param dropRate as the knob has it
     * @return the ratio; not a number if there is no such curve
     */
    double GetPublishedRatio(const PublishedTask& task,
                             bool gradients,
                             const std::string& dropRate) const;

    /// Adds curves of losses over the training, published ones beside those found.
    void AddCurves() const;

    /// Adds figures of ratios against the drop rate.
    void AddRatios() const;

    /// Adds rows to the table of deviations, one for each condition and task.
    void AddDeviations() const;

    /// Adds a table of all conditions with losses of mean model, mean and worst replica.
    void AddConditions() const;

    /**
     * Judges a ratio by its mean over the seeds.
     * @param algorithm what the runs do
     * @param dropRate as the knob has it
     * @param low smallest ratio that the claim allows
     * @param high largest one
     * @return the verdict
     */
    Verdict Judge(Algorithm algorithm, const std::string& dropRate, double low, double high) const;

    /**
     * A ratio in words.
     * @param algorithm what the runs do
     * @param dropRate as the knob has it
     * @return such as "1.02 ± 0.01"
     */
    std::string Describe(Algorithm algorithm, const std::string& dropRate) const;

  private:
    /**
     * A figure of found curves.
     * @param algorithm what the runs do
     * @param title of the figure
     * @return the figure
     */
    SvgFigure MakeFoundCurves(Algorithm algorithm, const std::string& title) const;

    /**
     * A figure of published curves.
     * @param task the task
     * @param gradients whether of gradient averaging
     * @return the figure
     */
    SvgFigure MakePublishedCurves(const PublishedTask& task, bool gradients) const;

    /**
     * A figure of ratios against the drop rate.
     * @param gradients whether of gradient averaging
     * @return the figure
     */
    SvgFigure MakeRatios(bool gradients) const;

    StudyReport& m_report;              //!< where to
    RunSelection m_runs;                //!< the runs
    const PublishedCurves& m_published; //!< curves of the paper
    std::vector<PublishedTask> m_tasks; //!< what is compared with
    std::string m_name;                 //!< begins names of files
};

} // namespace learning
} // namespace ns3

#endif /* TRAINING_STUDY_H */
