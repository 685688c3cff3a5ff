/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef RESULT_SINK_H
#define RESULT_SINK_H

#include "training-record.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

struct sqlite3;

namespace ns3
{
namespace learning
{

/// Names and values that describe a run.
using RunDescription = std::vector<std::pair<std::string, std::string>>;

/**
 * @ingroup distributed-learning-measurement
 *
 * Where records go, one by one, as they are made: what has been written stays if the run is cut
 * short. Failures are std::runtime_error with one sentence that names the file.
 */
class ResultSink
{
  public:
    virtual ~ResultSink() = default;

    /**
     * Writes a record.
     * @param record the record
     */
    virtual void Write(const TrainingRecord& record) = 0;
};

/**
 * @ingroup distributed-learning-measurement
 *
 * A text file with a header line and one line a record. Replaces a file of that name.
 */
class CsvSink : public ResultSink
{
  public:
    /**
     * Opens the file.
     * @param file its name
     */
    explicit CsvSink(const std::string& file);
    ~CsvSink() override;
    CsvSink(const CsvSink&) = delete;
    CsvSink& operator=(const CsvSink&) = delete;

    void Write(const TrainingRecord& record) override;

  private:
    /**
     * Writes a line to the disk.
     * @param line the line
     */
    void WriteLine(const std::string& line);

    std::string m_name;         //!< of the file
    std::FILE* m_file{nullptr}; //!< the file
};

/**
 * @ingroup distributed-learning-measurement
 *
 * An SQLite database that many runs may share, also at the same time. Tables: runs (run, started),
 * parameters (run, name, value), rounds (run and the columns of TrainingRecord). Every record is a
 * transaction of its own; while another program has the database locked, it is waited for, 2 s to
 * begin a run and 60 s to write a record. Where all workers crash and come back with an earlier
 * round, a record replaces the one of the same round; a CSV file has both.
 */
class DatabaseSink : public ResultSink
{
  public:
    /**
     * Opens or creates the database and begins a run in it.
     * @param file its name
     * @param description what the run is
     */
    DatabaseSink(const std::string& file, const RunDescription& description);
    ~DatabaseSink() override;
    DatabaseSink(const DatabaseSink&) = delete;
    DatabaseSink& operator=(const DatabaseSink&) = delete;

    void Write(const TrainingRecord& record) override;

  private:
    /**
     * Waits while another program has the database locked.
     * @param sink the sink that waits
     * @param looks how often it has looked at this lock before
     * @return 0 if it gives up, otherwise 1
     */
    static int WaitForLock(void* sink, int looks);

    /**
     * Runs statements.
     * @param sql the statements
     */
    void Execute(const std::string& sql);

    std::string m_name;                                 //!< of the file
    sqlite3* m_database{nullptr};                       //!< the database
    int64_t m_run{0};                                   //!< number of this run
    std::chrono::seconds m_patience;                    //!< how long a lock is waited for
    std::chrono::steady_clock::time_point m_waitsSince; //!< when the lock was met
};

} // namespace learning
} // namespace ns3

#endif /* RESULT_SINK_H */
