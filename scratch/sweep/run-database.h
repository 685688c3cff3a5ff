/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RUN_DATABASE_H
#define RUN_DATABASE_H

#include "sweep-run.h"

#include <map>
#include <string>
#include <vector>

struct sqlite3;

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-sweep
 *
 * A finished run and what came of it.
 */
struct FinishedRun
{
    SweepRun run;                               //!< program and knobs
    bool ok{false};                             //!< whether it ended with status 0 and a summary
    int exitStatus{0};                          //!< as a shell gives it: 128 + signal if killed
    std::string message;                        //!< why it failed, empty if ok
    std::string started;                        //!< UTC, such as 2026-01-31T12:00:00Z
    double wallSeconds{0};                      //!< how long the process took
    std::map<std::string, std::string> summary; //!< the scenario's summary, as printed
};

/**
 * @ingroup distributed-learning-sweep
 *
 * The SQLite file that keeps the finished runs of a sweep, and nothing else: a run that has not
 * finished leaves no trace.
 *
 * Three tables, each sorted by the run's id (SweepRun::GetId()), and a view that joins them:
 *
 * | table | columns |
 * |---|---|
 * | runs | id, key, program, status ('ok' or 'failed'), exit_status, message, started, wall_s |
 * | knobs | id, name, text, value |
 * | summary | id, name, text, value |
 *
 * The view `results` has one row a run: run_id, run_key, run_status, ... from `runs`; knob_NAME for
 * each knob; and the summary's own names. For example `pandas.read_sql("select * from results where
 * run_status = 'ok'", connection)`. Column `text` is what was written, `value` and the view hold
 * numbers as numbers, nan as NULL, and all else as text.
 *
 * A rollback journal with full synchronisation, not a write-ahead log: one file, also on network
 * file systems, that another program may copy at any moment; a commit is on the disk when Record()
 * returns. If the file is locked, each call waits up to 5 s.
 */
class RunDatabase
{
  public:
    /// How a file is opened.
    enum Mode
    {
        READ,  //!< it must exist
        CREATE //!< read and write, made if absent
    };

    /// What a merge did.
    struct MergeCount
    {
        size_t added{0};    //!< runs that were new
        size_t equal{0};    //!< runs that were there already with the same result
        size_t replaced{0}; //!< failed runs whose place a finished one took
    };

    /**
     * Opens a database.
     * @param file its path
     * @param mode whether it may be made
     * @throws std::runtime_error if it cannot be opened, is locked, or is not the database of a
     * sweep of this version
     */
    RunDatabase(const std::string& file, Mode mode);
    ~RunDatabase();
    RunDatabase(const RunDatabase&) = delete;
    RunDatabase& operator=(const RunDatabase&) = delete;

    /**
     * Keeps a finished run. Replaces what is there for the same key.
     * @param run the run
     * @throws std::runtime_error if the file is locked for more than 5 s or the disk is full; the
     * file is then as before
     */
    void Record(const FinishedRun& run);

    /**
     * Looks up a run.
     * @param run the run
     * @param status 'ok' or 'failed' if found
     * @return whether it has finished
     * @throws std::runtime_error if the file cannot be read
     */
    bool Find(const SweepRun& run, std::string& status) const;

    /**
     * All finished runs, in the order of their keys.
     * @return the runs
     * @throws std::runtime_error if the file cannot be read
     */
    std::vector<FinishedRun> GetRuns() const;

    /**
     * Adds the runs of other databases, all or none.
     *
     * Runs with equal keys: of an ok and a failed one the ok one is kept; of two failed ones the
     * first; of two ok ones the first, if their summaries are equal but for the names that begin
     * with wall_, which depend on the machine.
     *
     * @param others paths of the other databases
     * @return how many runs were added
     * @throws std::runtime_error naming every key whose two ok runs differ, or if a file cannot be
     * read or written; this database is then as before
     */
    MergeCount Merge(const std::vector<std::string>& others);

  private:
    class Statement;
    class Transaction;

    /**
     * Runs SQL that returns nothing.
     * @param sql the statement
     */
    void Execute(const std::string& sql);

    /// Refuses tables of other columns: those of another version.
    void CheckColumns() const;

    /// Makes the tables of an empty file, or checks that they are a sweep's.
    void CheckSchema(Mode mode);

    /**
     * Writes a run into the tables, within a transaction.
     * @param run the run
     */
    void Insert(const FinishedRun& run);

    /// Defines the view anew if a run brought names that it lacks.
    void UpdateView();

    /**
     * Ends the current call because SQLite refused.
     * @throws std::runtime_error always: the file and SQLite's reason
     */
    [[noreturn]] void Fail() const;

    std::string m_file;         //!< path, for the error messages
    sqlite3* m_handle{nullptr}; //!< the connection
};

} // namespace learning
} // namespace ns3

#endif /* RUN_DATABASE_H */
