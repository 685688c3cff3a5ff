/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SWEEP_OPTIONS_H
#define SWEEP_OPTIONS_H

#include "sweep-plan.h"

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
 * What `sweep run` was told, by its command line and its INI file; the command line wins.
 *
 * The file's section [sweep] holds the driver's own settings, [common] the knobs of all groups, and
 * every other section the knobs of one group. A knob is any option of the scenario; see
 * ParseValueList() for its values.
 */
struct SweepOptions
{
    std::string program;     //!< path of the scenario program
    uint32_t jobs{1};        //!< processes at a time, at least 1
    std::string results;     //!< directory for everything that is written
    std::string database;    //!< path of the database, shard already in its name
    double timeout{0};       //!< seconds a run may take, 0 for no limit
    uint32_t shard{1};       //!< which n-th of the runs, from 1
    uint32_t shardCount{1};  //!< n
    bool retryFailed{false}; //!< whether failed runs are run again
    bool dryRun{false};      //!< whether to show only what would be run
    std::map<std::string, std::string>
        outputs; //!< scenario option -> file name in the run's own folder
    std::map<std::string, std::string>
        passed;                  //!< scenario option -> value that does not identify a run
    SweepPlan::KnobLists common; //!< knobs of all groups
    std::map<std::string, SweepPlan::KnobLists> groups; //!< knobs of each group
    SweepPlan::KnobLists overrides;                     //!< knobs of the command line

    /**
     * Reads the command line of `sweep run` and the file that it names.
     * @param arguments what follows `sweep run`
     * @return the options, checked
     * @throws UsageError saying what is wrong, in which file
     */
    static SweepOptions Parse(const std::vector<std::string>& arguments);

    /**
     * Describes the options of `sweep run`.
     * @return lines for a help text
     */
    static std::string GetHelp();

    /**
     * The scenario program's name, as it stands in keys.
     * @return the program without its directory
     */
    std::string GetProgramName() const;
};

} // namespace learning
} // namespace ns3

#endif /* SWEEP_OPTIONS_H */
