/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SWEEP_DRIVER_H
#define SWEEP_DRIVER_H

#include "child-process.h"
#include "progress.h"
#include "run-database.h"
#include "sweep-options.h"

#include <list>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * Runs what a plan asks for and the database lacks: one process a run, several at a time, each in
 * its own folder.
 *
 * The folder RESULTS/runs/ID holds `command`, `stdout`, `stderr` and the files of the output
 * options. A run is ok if it exits with status 0 and the last line on its standard output is
 * `summary: ` and blank-separated key=value; otherwise it has failed, with what it said on its
 * standard error.
 *
 * What is lost when the driver is killed: only runs that had not finished; their processes die with
 * it. Between the end of a run and its row in the database its outcome stands in the folder, in the
 * file `outcome`, and is taken over at the next start; so a full disk or a locked database costs no
 * finished run either. Several drivers may work on one database: each run belongs to the driver
 * that holds the lock (flock) on its folder.
 */
class SweepDriver
{
  public:
    /**
     * Prepares a sweep.
     * @param options what to do
     * @throws UsageError if the program is not there, or the plan is at fault
     */
    explicit SweepDriver(const SweepOptions& options);

    /**
     * Does what the options say, and reports on standard output.
     * @return exit status: 0 if all runs are ok (or only shown), 1 if one failed or is left to
     * another driver that still works on it, 130 if stopped by a signal
     * @throws std::runtime_error if the results or the database cannot be written
     */
    int Run();

  private:
    /// A folder that this driver alone works in, as long as this lives.
    class FolderLock;

    /// A run under way.
    struct Active
    {
        FinishedRun run;                       //!< what is known of it so far
        std::string folder;                    //!< its folder
        std::shared_ptr<FolderLock> lock;      //!< on the folder
        std::unique_ptr<ChildProcess> process; //!< the scenario
        bool timedOut{false};                  //!< whether it was told to end
    };

    /// Prints the commands that are still to be run, a line each, as a shell takes them.
    void ShowPending() const;

    /**
     * Starts a run, unless another driver works on it or it has finished meanwhile.
     * @param run the run
     */
    void Start(const SweepRun& run);

    /**
     * Notes in the folders of the runs that Collect() took over how they ended, for the next start
     * in case the database cannot be written.
     * @param stopped whether the sweep is: a run that failed then may have been stopped, too; it is
     * forgotten, and left to the next start
     */
    void SaveOutcomes(bool stopped);

    /// Takes over what has ended, and ends what takes too long.
    void Collect();

    /**
     * Puts into the database what Collect() took over.
     * @param stopped see SaveOutcomes()
     */
    void RecordEnded(bool stopped);

    /**
     * Judges a run whose process has ended.
     * @param active the run; exit status and time are set
     */
    void Judge(Active& active) const;

    /**
     * Puts a run into the database.
     * @param active the run
     */
    void Record(const Active& active);

    /// Ends all processes: SIGTERM, and SIGKILL after some seconds.
    void Stop();

    /**
     * Reports the whole sweep, earlier sessions included.
     * @return exit status
     */
    int Report() const;

    /**
     * Whether a run need not be run.
     * @param run the run
     * @return whether it is in the database, and not to be tried again
     */
    bool IsDone(const SweepRun& run) const;

    /**
     * Folder of a run.
     * @param run the run
     * @return its path
     */
    std::string GetFolder(const SweepRun& run) const;

    /**
     * What is started for a run.
     * @param run the run
     * @return path of the program, knobs, and what [sweep] passes and outputs
     */
    std::vector<std::string> GetArguments(const SweepRun& run) const;

    SweepOptions m_options;                  //!< what to do
    SweepPlan m_plan;                        //!< all runs
    std::vector<SweepRun> m_shard;           //!< ours
    std::unique_ptr<RunDatabase> m_database; //!< what has finished
    std::unique_ptr<Progress> m_progress;    //!< what the user sees
    std::list<Active> m_active;              //!< what is running
    std::list<Active> m_ended;               //!< what has ended and is not recorded yet
    std::vector<std::string> m_retried;      //!< ids of the runs that finished in this session
};

} // namespace learning
} // namespace ns3

#endif /* SWEEP_DRIVER_H */
