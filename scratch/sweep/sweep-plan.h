/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SWEEP_PLAN_H
#define SWEEP_PLAN_H

#include "sweep-run.h"
#include "value-list.h"

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
 * Which runs a sweep consists of: one or more groups of knobs, each group the Cartesian product of
 * its lists.
 *
 * All groups start from the common knobs and may replace them; a knob given on the command line
 * replaces it in every group. A run that two groups share is one run. Runs are in the byte order of
 * their keys, whatever the order of the file.
 */
class SweepPlan
{
  public:
    /// Lists of values by knob.
    using KnobLists = std::map<std::string, std::vector<KnobValue>>;

    /**
     * Builds the runs of a sweep.
     * @param program name of the scenario program, without its directory
     * @param common knobs of all groups
     * @param groups knobs of each group by its name; none means one group that has only the common
     * knobs
     * @param overrides knobs that replace those of every group
     * @throws UsageError if a tie names a knob that is absent or leads back to itself, or if there
     * are more than a million combinations
     */
    SweepPlan(const std::string& program,
              const KnobLists& common,
              const std::map<std::string, KnobLists>& groups,
              const KnobLists& overrides);

    /**
     * All runs, in the order of their keys.
     * @return the runs, at least one
     */
    const std::vector<SweepRun>& GetRuns() const;

    /**
     * Every count-th run, from the index-th on: the shards of one count partition the runs.
     * @param index which shard, from 1 to count
     * @param count number of shards, at least 1
     * @return its runs, in the order of their keys; none if there are fewer runs than shards
     */
    std::vector<SweepRun> GetShard(uint32_t index, uint32_t count) const;

    /**
     * What tells a run from the others: the knobs that are not the same in all runs.
     * @param run one of the runs
     * @return such as "dropRate=0.1 workers=4", or "the only run"
     */
    std::string GetLabel(const SweepRun& run) const;

  private:
    /**
     * Adds the runs of one group.
     * @param program name of the scenario program
     * @param group name of the group, for the error messages
     * @param knobs lists of its knobs
     * @param runs where they go, by key
     */
    static void AddProduct(const std::string& program,
                           const std::string& group,
                           const KnobLists& knobs,
                           std::map<std::string, SweepRun>& runs);

    std::vector<SweepRun> m_runs;       //!< in the order of their keys
    std::vector<std::string> m_varying; //!< names of the knobs that differ between runs
};

} // namespace learning
} // namespace ns3

#endif /* SWEEP_PLAN_H */
