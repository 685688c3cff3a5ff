/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep-driver.h"

#include "scenario-output.h"
#include "whole-file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <deque>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <sys/file.h>
#include <unistd.h>

namespace ns3
{
namespace learning
{

namespace fs = std::filesystem;

namespace
{

constexpr double GRACE_SECONDS = 5; //!< between SIGTERM and SIGKILL

/**
 * Current time.
 * @return UTC, such as 2026-01-31T12:00:00Z
 */
std::string
GetTimestamp()
{
    const std::time_t now = std::time(nullptr);
    char text[32];
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
    return text;
}

/**
 * Writes a command for a shell.
 * @param arguments program and arguments
 * @return them in one line, quoted where a shell needs it
 */
std::string
GetCommand(const std::vector<std::string>& arguments)
{
    std::string command;
    for (const auto& argument : arguments)
    {
        command.append(command.empty() ? "" : " ").append(QuoteForShell(argument));
    }
    return command;
}

} // namespace

class SweepDriver::FolderLock
{
  public:
    /**
     * Makes the folder if need be, and locks it.
     * @param folder its path
     */
    explicit FolderLock(const std::string& folder)
    {
        std::error_code error;
        fs::create_directories(folder, error);
        m_descriptor = error ? -1 : open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (m_descriptor < 0)
        {
            throw std::runtime_error(folder + ": cannot be used as a directory: " +
                                     (error ? error.message() : std::strerror(errno)));
        }
        m_held = flock(m_descriptor, LOCK_EX | LOCK_NB) == 0 ||
                 errno != EWOULDBLOCK; // no locks at all: go on without
    }

    ~FolderLock()
    {
        close(m_descriptor);
    }

    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    /// @return whether no other driver holds the lock
    bool IsHeld() const
    {
        return m_held;
    }

  private:
    int m_descriptor; //!< of the folder; the lock goes when it is closed
    bool m_held;      //!< whether the lock is ours
};

SweepDriver::SweepDriver(const SweepOptions& options)
    : m_options(options),
      m_plan(options.GetProgramName(), options.common, options.groups, options.overrides),
      m_shard(m_plan.GetShard(options.shard, options.shardCount))
{
    if (m_shard.empty())
    {
        throw UsageError("--shard=" + std::to_string(options.shard) + "/" +
                         std::to_string(options.shardCount) + ": there are only " +
                         std::to_string(m_plan.GetRuns().size()) + " runs, so this shard has none");
    }
    if (access(options.program.c_str(), X_OK) != 0 || fs::is_directory(options.program))
    {
        throw UsageError("--program=" + options.program +
                         ": no such program; build it, or give its path");
    }
    m_options.program = fs::absolute(options.program).string();
}

std::string
SweepDriver::GetFolder(const SweepRun& run) const
{
    return (fs::path(m_options.results) / "runs" / run.GetId()).string();
}

std::vector<std::string>
SweepDriver::GetArguments(const SweepRun& run) const
{
    std::vector<std::string> arguments{m_options.program};
    for (const auto& [name, value] : run.knobs)
    {
        arguments.push_back(MakeOption(name, value));
    }
    for (const auto& [name, value] : m_options.passed)
    {
        arguments.push_back(MakeOption(name, value));
    }
    for (const auto& [name, file] : m_options.outputs)
    {
        arguments.push_back(MakeOption(name, (fs::path(GetFolder(run)) / file).string()));
    }
    return arguments;
}

bool
SweepDriver::IsDone(const SweepRun& run) const
{
    std::string status;
    if (!m_database || !m_database->Find(run, status))
    {
        return false;
    }
    const bool tried =
        std::find(m_retried.begin(), m_retried.end(), run.GetId()) != m_retried.end();
    return status == "ok" || !m_options.retryFailed || tried;
}

int
SweepDriver::Run()
{
    if (m_options.dryRun)
    {
        ShowPending();
        return 0;
    }
    for (const fs::path& directory :
         {fs::path(m_options.results), fs::path(m_options.database).parent_path()})
    {
        std::error_code error;
        if (!directory.empty() && !fs::is_directory(directory) &&
            !fs::create_directories(directory, error))
        {
            throw std::runtime_error(directory.string() +
                                     ": cannot be used as a directory: " + error.message());
        }
    }
    SignalWaiter signals;
    m_database = std::make_unique<RunDatabase>(m_options.database, RunDatabase::CREATE);
    std::deque<SweepRun> pending;
    std::copy_if(m_shard.begin(),
                 m_shard.end(),
                 std::back_inserter(pending),
                 [this](const SweepRun& run) { return !IsDone(run); });
    std::cout << m_shard.size() << " runs, " << m_shard.size() - pending.size()
              << " of them finished before; results in " << m_options.database << std::endl;
    m_progress =
        std::make_unique<Progress>(m_shard.size(), m_shard.size() - pending.size(), m_options.jobs);
    bool stopped = false;
    try
    {
        while (!stopped && (!pending.empty() || !m_active.empty() || !m_ended.empty()))
        {
            while (!pending.empty() && m_active.size() < m_options.jobs)
            {
                Start(pending.front());
                pending.pop_front();
            }
            // a signal that ended a run may have been meant for all: then it is here by now
            stopped = signals.TakeStop();
            RecordEnded(stopped); // while the next ones run
            if (!stopped)
            {
                stopped = signals.WaitForStop(m_active.empty() ? 0 : 250);
                Collect();
                m_progress->Tick();
            }
        }
        if (stopped)
        {
            Stop();
        }
    }
    catch (const std::exception&)
    {
        Collect();
        SaveOutcomes(stopped);
        throw;
    }
    if (stopped)
    {
        m_progress.reset();
        const size_t done = std::count_if(m_shard.begin(),
                                          m_shard.end(),
                                          [this](const SweepRun& run) { return IsDone(run); });
        std::cerr << "sweep: stopped with " << done << " of " << m_shard.size()
                  << " runs finished and kept; the same command again continues with the others"
                  << std::endl;
        return 130;
    }
    m_progress.reset();
    return Report();
}

void
SweepDriver::ShowPending() const
{
    std::unique_ptr<RunDatabase> database;
    if (fs::exists(m_options.database))
    {
        database = std::make_unique<RunDatabase>(m_options.database, RunDatabase::READ);
    }
    size_t pending = 0;
    for (const auto& run : m_shard)
    {
        std::string status;
        if (!database || !database->Find(run, status) ||
            (status == "failed" && m_options.retryFailed))
        {
            ++pending;
            if (!m_options.outputs.empty()) // the driver makes it, other shells have to
            {
                std::cout << "mkdir -p " << QuoteForShell(GetFolder(run)) << " && ";
            }
            std::cout << GetCommand(GetArguments(run)) << "\n";
        }
    }
    std::cerr << pending << " of " << m_shard.size() << " runs are still to be run" << std::endl;
}

void
SweepDriver::Start(const SweepRun& run)
{
    Active active;
    active.run.run = run;
    active.folder = GetFolder(run);
    active.lock = std::make_shared<FolderLock>(active.folder);
    if (!active.lock->IsHeld())
    {
        return;
    }
    if (IsDone(run)) // another driver was faster
    {
        m_progress->Finished(m_plan.GetLabel(run) + " (by another driver)", "", 0);
        return;
    }
    const fs::path folder = active.folder;
    std::ifstream outcome(folder / "outcome");
    if (outcome >> active.run.exitStatus >> active.run.wallSeconds >> active.run.started >>
        active.timedOut)
    {
        Judge(active);
        Record(active);
        return;
    }
    for (const auto& entry : fs::directory_iterator(folder)) // what an unfinished run left
    {
        fs::remove_all(entry.path());
    }
    const auto arguments = GetArguments(run);
    WriteWholeFile((folder / "command").string(), GetCommand(arguments) + "\n");
    active.run.started = GetTimestamp();
    active.process = std::make_unique<ChildProcess>(arguments,
                                                    (folder / "stdout").string(),
                                                    (folder / "stderr").string());
    m_active.push_back(std::move(active));
}

void
SweepDriver::SaveOutcomes(bool stopped)
{
    m_ended.remove_if(
        [stopped](const Active& active) { return stopped && active.run.exitStatus != 0; });
    for (const Active& active : m_ended)
    {
        std::ostringstream outcome;
        outcome << active.run.exitStatus << " " << active.run.wallSeconds << " "
                << active.run.started << " " << active.timedOut << "\n";
        try
        {
            WriteWholeFile(active.folder + "/outcome", outcome.str());
        }
        catch (const std::runtime_error&) // so will the database, and says so
        {
        }
    }
}

void
SweepDriver::Collect()
{
    for (auto active = m_active.begin(); active != m_active.end();)
    {
        ChildProcess& process = *active->process;
        if (process.HasEnded())
        {
            active->run.exitStatus = process.GetExitStatus();
            active->run.wallSeconds = process.GetSeconds();
            const auto ended = active++;
            m_ended.splice(m_ended.end(), m_active, ended);
            continue;
        }
        if (m_options.timeout > 0 && process.GetSeconds() > m_options.timeout)
        {
            process.Signal(process.GetSeconds() > m_options.timeout + GRACE_SECONDS ? SIGKILL
                                                                                    : SIGTERM);
            active->timedOut = true;
        }
        ++active;
    }
}

void
SweepDriver::RecordEnded(bool stopped)
{
    SaveOutcomes(stopped);
    for (; !m_ended.empty(); m_ended.pop_front())
    {
        Judge(m_ended.front());
        Record(m_ended.front());
    }
}

void
SweepDriver::Judge(Active& active) const
{
    FinishedRun& run = active.run;
    const std::string said = FindScenarioMessage(active.folder + "/stderr", run.run.program);
    if (active.timedOut)
    {
        std::ostringstream text;
        text << "ended after " << m_options.timeout << " s by --timeout";
        run.message = text.str();
    }
    else if (run.exitStatus > 128)
    {
        const int signal = run.exitStatus - 128;
        run.message = "killed by signal " + std::to_string(signal) + " (" + strsignal(signal) +
                      ")" + (said.empty() ? "" : "; it said: " + said);
    }
    else if (run.exitStatus != 0)
    {
        run.message = said.empty() ? "ended with status " + std::to_string(run.exitStatus) +
                                         " and said nothing"
                                   : said;
    }
    else
    {
        run.message = ReadScenarioSummary(active.folder + "/stdout", run.summary);
    }
    run.ok = run.message.empty();
    if (!run.ok)
    {
        run.summary.clear();
    }
}

void
SweepDriver::Record(const Active& active)
{
    m_database->Record(active.run);
    fs::remove(fs::path(active.folder) / "outcome");
    m_retried.push_back(active.run.run.GetId());
    m_progress->Finished(m_plan.GetLabel(active.run.run),
                         active.run.message,
                         active.run.wallSeconds);
}

void
SweepDriver::Stop()
{
    for (auto& active : m_active)
    {
        active.process->Signal(SIGTERM);
    }
    for (int waited = 0; waited < static_cast<int>(GRACE_SECONDS * 20) && !m_active.empty();
         ++waited)
    {
        Collect();
        usleep(50000);
    }
    m_active.clear(); // kills what is left
    RecordEnded(true);
}

int
SweepDriver::Report() const
{
    std::map<std::string, FinishedRun> failed;
    size_t ok = 0;
    size_t left =
        0; // only now: another driver may have finished since what it was found to work on
    std::map<std::string, FinishedRun> finished;
    for (auto& run : m_database->GetRuns())
    {
        finished.emplace(run.run.GetKey(), std::move(run));
    }
    for (const auto& run : m_shard)
    {
        const auto found = finished.find(run.GetKey());
        if (found == finished.end())
        {
            ++left;
        }
        else if (found->second.ok)
        {
            ++ok;
        }
        else
        {
            failed.emplace(found->first, found->second);
        }
    }
    std::cout << m_shard.size() << " runs: " << ok << " ok, " << failed.size() << " failed"
              << (left > 0 ? ", " + std::to_string(left) + " left to another driver" : "")
              << std::endl;
    for (const auto& [key, run] : failed)
    {
        std::cout << "failed: " << key << "\n  " << run.message << "\n  its output is in "
                  << GetFolder(run.run) << std::endl;
    }
    const std::string total = " of " + std::to_string(m_shard.size()) + " runs ";
    std::string said;
    if (!failed.empty())
    {
        said = std::to_string(failed.size()) + total + "failed; --retry-failed runs them again";
    }
    if (left > 0)
    {
        said += (said.empty() ? "" : "; ") + std::to_string(left) + total +
                "are left to another driver that is running them";
    }
    if (!said.empty())
    {
        std::cerr << "sweep: " << said << std::endl;
    }
    return said.empty() ? 0 : 1;
}

} // namespace learning
} // namespace ns3
