/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "result-sink.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <sqlite3.h>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

/// To begin a run: other runs hold the lock for milliseconds, and nothing is lost yet.
constexpr std::chrono::seconds PATIENCE_TO_BEGIN{2};

/// To write a record of a run that would be lost.
constexpr std::chrono::seconds PATIENCE_TO_WRITE{60};

/// Between looks at the lock: often, since a run that writes all the time leaves short gaps.
constexpr int LOOK_MS = 5;

/**
 * Quotes a text for SQL.
 * @param text the text
 * @return the text in quotation marks
 */
std::string
Quote(const std::string& text)
{
    std::string quoted = "'";
    for (const char c : text)
    {
        quoted += c;
        if (c == '\'')
        {
            quoted += c;
        }
    }
    return quoted + "'";
}

} // namespace

CsvSink::CsvSink(const std::string& file)
    : m_name(file),
      m_file(std::fopen(file.c_str(), "w"))
{
    if (!m_file)
    {
        throw std::runtime_error(m_name + ": cannot be written: " + std::strerror(errno));
    }
    std::string line;
    for (const auto& [name, value] : TrainingRecord().GetColumns())
    {
        line += (line.empty() ? "" : ",") + name;
    }
    WriteLine(line);
}

CsvSink::~CsvSink()
{
    if (m_file)
    {
        std::fclose(m_file);
    }
}

void
CsvSink::Write(const TrainingRecord& record)
{
    std::string line;
    for (const auto& [name, value] : record.GetColumns())
    {
        line += (line.empty() ? "" : ",") + FormatNumber(value);
    }
    WriteLine(line);
}

void
CsvSink::WriteLine(const std::string& line)
{
    if (std::fprintf(m_file, "%s\n", line.c_str()) < 0 || std::fflush(m_file) != 0)
    {
        throw std::runtime_error(m_name + ": cannot be written: " + std::strerror(errno));
    }
}

DatabaseSink::DatabaseSink(const std::string& file, const RunDescription& description)
    : m_name(file),
      m_patience(PATIENCE_TO_BEGIN)
{
    if (sqlite3_open(file.c_str(), &m_database) != SQLITE_OK)
    {
        const std::string why = sqlite3_errmsg(m_database);
        sqlite3_close(m_database);
        throw std::runtime_error(m_name + ": cannot be opened as a database: " + why);
    }
    try
    {
        sqlite3_busy_handler(m_database, &DatabaseSink::WaitForLock, this);
        std::string columns;
        std::string names = "run";
        for (const auto& [name, value] : TrainingRecord().GetColumns())
        {
            columns += ", " + name + " REAL";
            names += ", " + name;
        }
        Execute("BEGIN IMMEDIATE;"
                "CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY, started TEXT NOT NULL);"
                "CREATE TABLE IF NOT EXISTS parameters (run INTEGER NOT NULL REFERENCES runs, "
                "name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, name));"
                "CREATE TABLE IF NOT EXISTS rounds (run INTEGER NOT NULL REFERENCES runs" +
                columns +
                ", PRIMARY KEY (run, round));"
                // tables of another kind and of these names: found out before anything is kept
                "SELECT " +
                names +
                " FROM rounds LIMIT 0;"
                "INSERT INTO runs (started) VALUES (datetime('now'));");
        m_run = sqlite3_last_insert_rowid(m_database);
        for (const auto& [name, value] : description)
        {
            Execute("INSERT INTO parameters VALUES (" + std::to_string(m_run) + ", " + Quote(name) +
                    ", " + Quote(value) + ");");
        }
        Execute("COMMIT;");
        m_patience = PATIENCE_TO_WRITE;
    }
    catch (...)
    {
        sqlite3_close(m_database);
        throw;
    }
}

DatabaseSink::~DatabaseSink()
{
    sqlite3_close(m_database);
}

void
DatabaseSink::Write(const TrainingRecord& record)
{
    std::string names = "run";
    std::string values = std::to_string(m_run);
    for (const auto& [name, value] : record.GetColumns())
    {
        names += ", " + name;
        values += ", " + (std::isfinite(value) ? FormatNumber(value) : "NULL");
    }
    Execute("INSERT OR REPLACE INTO rounds (" + names + ") VALUES (" + values + ");");
}

int
DatabaseSink::WaitForLock(void* sink, int looks)
{
    auto* const self = static_cast<DatabaseSink*>(sink);
    const auto now = std::chrono::steady_clock::now();
    if (looks == 0)
    {
        self->m_waitsSince = now;
    }
    if (now - self->m_waitsSince >= self->m_patience)
    {
        return 0;
    }
    sqlite3_sleep(LOOK_MS);
    return 1;
}

void
DatabaseSink::Execute(const std::string& sql)
{
    const int result = sqlite3_exec(m_database, sql.c_str(), nullptr, nullptr, nullptr);
    if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
    {
        throw std::runtime_error(m_name + ": another program has kept the database locked for " +
                                 std::to_string(m_patience.count()) +
                                 " s: close it, or name another --database");
    }
    if (result != SQLITE_OK)
    {
        throw std::runtime_error(m_name + ": cannot be written: " + sqlite3_errmsg(m_database));
    }
}

} // namespace learning
} // namespace ns3
