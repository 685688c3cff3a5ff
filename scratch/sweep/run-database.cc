/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "run-database.h"

#include <cmath>
#include <cstdlib>
#include <regex>
#include <sqlite3.h>

namespace ns3
{
namespace learning
{

namespace
{

constexpr int BUSY_MILLISECONDS = 5000; //!< patience with another program's lock
constexpr int APPLICATION_ID =
    0x53574550; //!< marks a sweep's database in the file's header: "SWEP"
constexpr const char* WALL_PREFIX = "wall_"; //!< summary names that a merge does not compare

/**
 * Writes a name as an SQL identifier.
 * @param name any text
 * @param quote the quote character, " for identifiers and ' for text
 * @return the name in quotes
 */
std::string
QuoteForSql(const std::string& name, char quote)
{
    std::string quoted(1, quote);
    for (char c : name)
    {
        quoted.append(c == quote ? 2 : 1, c);
    }
    return quoted + quote;
}

/**
 * Tells whether two ok runs have the same result, whatever the machine.
 * @param a one
 * @param b the other
 * @return empty if so, otherwise the first difference
 */
std::string
CompareSummaries(const FinishedRun& a, const FinishedRun& b)
{
    auto names = a.summary;
    names.insert(b.summary.begin(), b.summary.end());
    for (const auto& [name, value] : names)
    {
        if (name.rfind(WALL_PREFIX, 0) == 0)
        {
            continue;
        }
        const auto x = a.summary.find(name);
        const auto y = b.summary.find(name);
        const std::string left = x == a.summary.end() ? "absent" : x->second;
        const std::string right = y == b.summary.end() ? "absent" : y->second;
        if (left != right)
        {
            return name + " is " + left + " in one and " + right + " in the other";
        }
    }
    return "";
}

} // namespace

/// A prepared statement that finalizes itself.
class RunDatabase::Statement
{
  public:
    Statement(const RunDatabase& database, const std::string& sql)
        : m_database(database)
    {
        if (sqlite3_prepare_v2(database.m_handle, sql.c_str(), -1, &m_statement, nullptr) !=
            SQLITE_OK)
        {
            database.Fail();
        }
    }

    ~Statement()
    {
        sqlite3_finalize(m_statement);
    }

    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    /// Binds the next parameter as text.
    Statement& Bind(const std::string& value)
    {
        sqlite3_bind_text(m_statement, ++m_bound, value.c_str(), -1, SQLITE_TRANSIENT);
        return *this;
    }

    /// Binds the next parameter as an integer.
    Statement& Bind(int value)
    {
        sqlite3_bind_int(m_statement, ++m_bound, value);
        return *this;
    }

    /// Binds the next parameter as a real number.
    Statement& Bind(double value)
    {
        sqlite3_bind_double(m_statement, ++m_bound, value);
        return *this;
    }

    /// Binds the next parameter as a number if the text is one.
    Statement& BindValue(const std::string& text)
    {
        static const std::regex integer("-?(0|[1-9][0-9]{0,17})");
        static const std::regex real(
            "[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?inf");
        static const std::regex notANumber("[-+]?nan");
        if (std::regex_match(text, integer))
        {
            sqlite3_bind_int64(m_statement, ++m_bound, std::atoll(text.c_str()));
        }
        else if (std::regex_match(text, real))
        {
            Bind(std::strtod(text.c_str(), nullptr));
        }
        else if (std::regex_match(text, notANumber))
        {
            sqlite3_bind_null(m_statement, ++m_bound);
        }
        else
        {
            Bind(text);
        }
        return *this;
    }

    /// Goes to the next row. @return whether there is one
    bool Step()
    {
        const int code = sqlite3_step(m_statement);
        if (code != SQLITE_ROW && code != SQLITE_DONE)
        {
            m_database.Fail();
        }
        return code == SQLITE_ROW;
    }

    /// A column of the current row. @return its text, empty if NULL
    std::string GetText(int column) const
    {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
        return text ? text : "";
    }

    /// A column of the current row. @return its number
    double GetNumber(int column) const
    {
        return sqlite3_column_double(m_statement, column);
    }

  private:
    const RunDatabase& m_database;      //!< for its error messages
    sqlite3_stmt* m_statement{nullptr}; //!< the statement
    int m_bound{0};                     //!< parameters bound so far
};

/// A transaction that is rolled back unless it is committed.
class RunDatabase::Transaction
{
  public:
    Transaction(RunDatabase& database)
        : m_database(database)
    {
        m_database.Execute("BEGIN IMMEDIATE");
    }

    ~Transaction()
    {
        if (!m_committed)
        {
            sqlite3_exec(m_database.m_handle, "ROLLBACK", nullptr, nullptr, nullptr);
        }
    }

    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Puts everything on the disk.
    void Commit()
    {
        m_database.Execute("COMMIT");
        m_committed = true;
    }

  private:
    RunDatabase& m_database; //!< whose transaction
    bool m_committed{false}; //!< whether nothing is left to undo
};

RunDatabase::RunDatabase(const std::string& file, Mode mode)
    : m_file(file)
{
    // A reader, too, may have to roll back what a killed writer left half done.
    const int flags = SQLITE_OPEN_READWRITE | (mode == CREATE ? SQLITE_OPEN_CREATE : 0);
    try
    {
        if (sqlite3_open_v2(file.c_str(), &m_handle, flags, nullptr) != SQLITE_OK)
        {
            Fail();
        }
        sqlite3_busy_timeout(m_handle, BUSY_MILLISECONDS);
        Execute("PRAGMA synchronous = FULL");
        CheckSchema(mode);
    }
    catch (...)
    {
        sqlite3_close(m_handle);
        throw;
    }
}

RunDatabase::~RunDatabase()
{
    sqlite3_close(m_handle);
}

void
RunDatabase::Fail() const
{
    const int code = sqlite3_errcode(m_handle);
    std::string reason = sqlite3_errmsg(m_handle);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    {
        reason = "locked by another program for more than " +
                 std::to_string(BUSY_MILLISECONDS / 1000) +
                 " s; close that program and start again";
    }
    else if (code == SQLITE_FULL)
    {
        reason = "the disk is full; make room and start again";
    }
    throw std::runtime_error(m_file + ": " + reason);
}

void
RunDatabase::Execute(const std::string& sql)
{
    if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    {
        Fail();
    }
}

void
RunDatabase::CheckColumns() const
{
    const std::map<std::string, std::string> tables{
        {"runs", "id,key,program,status,exit_status,message,started,wall_s"},
        {"knobs", "id,name,text,value"},
        {"summary", "id,name,text,value"}};
    for (const auto& [table, columns] : tables)
    {
        Statement query(*this, "SELECT name FROM pragma_table_info(?) ORDER BY cid");
        query.Bind(table);
        std::string present;
        while (query.Step())
        {
            present += (present.empty() ? "" : ",") + query.GetText(0);
        }
        if (present != columns)
        {
            throw std::runtime_error(m_file + ": the database of another version of sweep: its " +
                                     "table " + table + " has not the columns " + columns +
                                     "; move it away, or use another file");
        }
    }
}

void
RunDatabase::CheckSchema(Mode mode)
{
    const auto isOurs = [this] {
        Statement id(*this, "PRAGMA application_id");
        id.Step();
        return id.GetNumber(0) == APPLICATION_ID;
    };
    if (isOurs())
    {
        CheckColumns();
        return;
    }
    bool empty;
    {
        Statement tables(*this, "SELECT count(*) FROM sqlite_master");
        tables.Step();
        empty = tables.GetNumber(0) == 0;
    }
    if (!empty || mode == READ)
    {
        throw std::runtime_error(m_file + ": not the database of a sweep");
    }
    Execute("PRAGMA journal_mode = DELETE");
    Transaction transaction(*this);
    if (!isOurs()) // another driver may have been first
    {
        Execute("PRAGMA application_id = " + std::to_string(APPLICATION_ID));
        Execute(
            "CREATE TABLE runs (id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, program TEXT NOT "
            "NULL, "
            "status TEXT NOT NULL CHECK (status IN ('ok', 'failed')), exit_status INTEGER NOT "
            "NULL, "
            "message TEXT NOT NULL, started TEXT NOT NULL, wall_s REAL NOT NULL) WITHOUT ROWID");
        for (const std::string table : {"knobs", "summary"})
        {
            Execute("CREATE TABLE " + table +
                    " (id TEXT NOT NULL REFERENCES runs (id), name TEXT NOT NULL, "
                    "text TEXT NOT NULL, value, PRIMARY KEY (id, name)) WITHOUT ROWID");
        }
        UpdateView();
    }
    transaction.Commit();
}

void
RunDatabase::UpdateView()
{
    std::string sql =
        "CREATE VIEW results AS SELECT id AS run_id, key AS run_key, program AS run_program, "
        "status AS run_status, exit_status AS run_exit_status, message AS run_message, "
        "started AS run_started, wall_s AS run_wall_s";
    for (const std::string table : {"knobs", "summary"})
    {
        Statement names(*this, "SELECT DISTINCT name FROM " + table + " ORDER BY name");
        while (names.Step())
        {
            const std::string name = names.GetText(0);
            sql += ", (SELECT value FROM " + table + " WHERE " + table +
                   ".id = runs.id AND name = " + QuoteForSql(name, '\'') + ") AS " +
                   QuoteForSql(table == "knobs" ? "knob_" + name : name, '"');
        }
    }
    sql += " FROM runs ORDER BY key";
    std::string present;
    {
        Statement view(*this,
                       "SELECT sql FROM sqlite_master WHERE type = 'view' AND name = 'results'");
        present = view.Step() ? view.GetText(0) : "";
    }
    if (present != sql)
    {
        Execute("DROP VIEW IF EXISTS results");
        Execute(sql);
    }
}

void
RunDatabase::Insert(const FinishedRun& run)
{
    const std::string id = run.run.GetId();
    for (const std::string table : {"summary", "knobs", "runs"})
    {
        Statement(*this, "DELETE FROM " + table + " WHERE id = ?").Bind(id).Step();
    }
    Statement(*this, "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(id)
        .Bind(run.run.GetKey())
        .Bind(run.run.program)
        .Bind(std::string(run.ok ? "ok" : "failed"))
        .Bind(run.exitStatus)
        .Bind(run.message)
        .Bind(run.started)
        .Bind(run.wallSeconds)
        .Step();
    for (const auto& [name, text] : run.run.knobs)
    {
        Statement insert(*this, "INSERT INTO knobs VALUES (?, ?, ?, ?)");
        insert.Bind(id).Bind(name).Bind(text).BindValue(text).Step();
    }
    for (const auto& [name, text] : run.summary)
    {
        Statement insert(*this, "INSERT INTO summary VALUES (?, ?, ?, ?)");
        insert.Bind(id).Bind(name).Bind(text).BindValue(text).Step();
    }
}

void
RunDatabase::Record(const FinishedRun& run)
{
    Transaction transaction(*this);
    Insert(run);
    UpdateView();
    transaction.Commit();
}

bool
RunDatabase::Find(const SweepRun& run, std::string& status) const
{
    Statement query(*this, "SELECT status FROM runs WHERE id = ?");
    const bool found = query.Bind(run.GetId()).Step();
    status = found ? query.GetText(0) : "";
    return found;
}

std::vector<FinishedRun>
RunDatabase::GetRuns() const
{
    std::vector<FinishedRun> runs;
    Statement query(
        *this,
        "SELECT id, program, status, exit_status, message, started, wall_s FROM runs ORDER BY key");
    while (query.Step())
    {
        FinishedRun run;
        run.run.program = query.GetText(1);
        run.ok = query.GetText(2) == "ok";
        run.exitStatus = static_cast<int>(query.GetNumber(3));
        run.message = query.GetText(4);
        run.started = query.GetText(5);
        run.wallSeconds = query.GetNumber(6);
        Statement knobs(*this, "SELECT name, text FROM knobs WHERE id = ?");
        knobs.Bind(query.GetText(0));
        while (knobs.Step())
        {
            run.run.knobs[knobs.GetText(0)] = knobs.GetText(1);
        }
        Statement summary(*this, "SELECT name, text FROM summary WHERE id = ?");
        summary.Bind(query.GetText(0));
        while (summary.Step())
        {
            run.summary[summary.GetText(0)] = summary.GetText(1);
        }
        runs.push_back(std::move(run));
    }
    return runs;
}

RunDatabase::MergeCount
RunDatabase::Merge(const std::vector<std::string>& others)
{
    std::map<std::string, FinishedRun> present;
    for (auto& run : GetRuns())
    {
        present.emplace(run.run.GetKey(), std::move(run));
    }
    MergeCount count;
    std::string conflicts;
    Transaction transaction(*this);
    for (const auto& other : others)
    {
        for (const auto& run : RunDatabase(other, READ).GetRuns())
        {
            const auto [found, isNew] = present.emplace(run.run.GetKey(), run);
            const std::string difference =
                found->second.ok && run.ok ? CompareSummaries(found->second, run) : "";
            if (!difference.empty())
            {
                conflicts += "\n  " + other + ": " + run.run.GetKey() + ": " + difference;
            }
            else if (isNew)
            {
                ++count.added;
                Insert(run);
            }
            else if (run.ok && !found->second.ok)
            {
                ++count.replaced;
                found->second = run;
                Insert(run);
            }
            else
            {
                ++count.equal;
            }
        }
    }
    if (!conflicts.empty())
    {
        throw std::runtime_error(
            m_file + ": left as it was, because equal keys have different results:" + conflicts);
    }
    UpdateView();
    transaction.Commit();
    return count;
}

} // namespace learning
} // namespace ns3
