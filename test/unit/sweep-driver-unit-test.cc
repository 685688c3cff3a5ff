/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The sweep driver with processes: the built program `sweep` runs test/fake-scenario.sh, which logs
 * every start and end.
 *
 * Set-up: a dozen runs, two at a time. Stimulus: kill -9, Ctrl-C, failing runs, a lock on the
 * database, two drivers, shards. Expected: each run that the database holds was started exactly
 * once (counted in the log), nothing finished is lost, and the table at the end equals that of an
 * undisturbed sweep but for times. All exact; waiting is by looking, not by time.
 */

#include "scratch/sweep/child-process.h"
#include "scratch/sweep/run-database.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <sqlite3.h>
#include <sstream>
#include <sys/file.h>
#include <unistd.h>

using namespace ns3::learning;

namespace
{

/// Waits for something to become true, a minute at most. @return whether it did
bool
WaitUntil(const std::function<bool()>& condition)
{
    for (int i = 0; i < 6000; ++i)
    {
        if (condition())
        {
            return true;
        }
        usleep(10000);
    }
    return false;
}

/// Whether a process runs. An orphan that has ended stays a zombie until somebody reaps it.
bool
IsAlive(int pid)
{
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(stat, text);
    const size_t name = text.rfind(") ");
    return name != std::string::npos && text[name + 2] != 'Z';
}

/// Everything a database says, but for times; one line a run.
std::string
Dump(const std::string& file)
{
    std::ostringstream text;
    for (const auto& run : RunDatabase(file, RunDatabase::READ).GetRuns())
    {
        text << run.run.GetKey() << " " << run.ok << " " << run.exitStatus << " " << run.message;
        for (const auto& [name, value] : run.summary)
        {
            if (name != "wall_s")
            {
                text << " " << name << "=" << value;
            }
        }
        text << "\n";
    }
    return text.str();
}

/// A directory with an INI file of twelve runs, and what is needed to sweep it.
class SweepDriverTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        char name[] = "/tmp/sweep-driver-unit-test-XXXXXX";
        m_directory = mkdtemp(name);
        std::ofstream(m_directory + "/sweep.ini")
            << "[sweep]\nprogram = " << SWEEP_FAKE_SCENARIO
            << "\njobs = 2\nresults = " << m_directory
            << "/results\noutput.csv = rounds.csv\npass.log = " << m_directory
            << "/log\n[common]\na = 1..3\nb = @a\nRngRun = 1..4\n";
        m_database = m_directory + "/results/sweep.sqlite";
    }

    void TearDown() override
    {
        std::filesystem::remove_all(m_directory);
    }

    /// Starts `sweep run` with more options.
    std::unique_ptr<ChildProcess> Start(const std::vector<std::string>& options = {}) const
    {
        std::vector<std::string> words{SWEEP_PROGRAM, "run", m_directory + "/sweep.ini"};
        words.insert(words.end(), options.begin(), options.end());
        return std::make_unique<ChildProcess>(words,
                                              m_directory + "/stdout",
                                              m_directory + "/stderr");
    }

    /// Runs `sweep` with any words. @return its exit status
    int Sweep(const std::vector<std::string>& words) const
    {
        std::vector<std::string> all{SWEEP_PROGRAM};
        all.insert(all.end(), words.begin(), words.end());
        ChildProcess process(all, m_directory + "/stdout", m_directory + "/stderr");
        process.Wait();
        return process.GetExitStatus();
    }

    /// Runs `sweep run` with more options. @return its exit status
    int Run(const std::vector<std::string>& options = {}) const
    {
        auto process = Start(options);
        process->Wait();
        return process->GetExitStatus();
    }

    /// Content of a file of the directory.
    std::string Read(const std::string& name) const
    {
        std::ifstream stream(m_directory + "/" + name);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }

    /// How often each key has the given event in the log.
    std::map<std::string, int> Count(const std::string& event) const
    {
        std::map<std::string, int> counts;
        std::istringstream lines(Read("log"));
        for (std::string line; std::getline(lines, line);)
        {
            if (line.rfind(event + " ", 0) == 0)
            {
                ++counts[line.substr(event.size() + 1, line.find(" pid ") - event.size() - 1)];
            }
        }
        return counts;
    }

    /// Number of log lines with the given event.
    int Total(const std::string& event) const
    {
        int total = 0;
        for (const auto& [key, count] : Count(event))
        {
            total += count;
        }
        return total;
    }

    /// Whether every scenario that was ever started has gone.
    bool AllGone() const
    {
        std::istringstream words(Read("log"));
        for (std::string word; words >> word;)
        {
            int pid = 0;
            if (word == "pid" && words >> pid && IsAlive(pid))
            {
                return false;
            }
        }
        return true;
    }

    /// The log's name of a run.
    static std::string GetLogKey(const SweepRun& run)
    {
        return "a=" + run.knobs.at("a") + " b=" + run.knobs.at("b") +
               " RngRun=" + run.knobs.at("RngRun");
    }

    std::string m_directory; //!< removed afterwards
    std::string m_database;  //!< of the sweep
};

} // namespace

TEST_F(SweepDriverTest, ResumesAfterKillWithoutRunningAnythingTwice)
{
    auto driver = Start({"--pass.tenths=2"});
    ASSERT_TRUE(WaitUntil([this] { return Total("end") >= 5; }));
    driver->Signal(SIGKILL);
    driver->Wait();
    EXPECT_EQ(driver->GetExitStatus(), 128 + SIGKILL);
    const auto kept =
        RunDatabase(m_database, RunDatabase::CREATE).GetRuns(); // at once: no lock is left
    EXPECT_GE(kept.size(), 3U); // five had ended, at most two of them just now
    EXPECT_LT(kept.size(), 12U);

    ASSERT_EQ(Run({"--pass.tenths=0"}), 0) << Read("stderr");
    auto starts = Count("start");
    EXPECT_EQ(starts.size(), 12U);
    for (const auto& run : kept)
    {
        EXPECT_EQ(starts[GetLogKey(run.run)], 1) << run.run.GetKey();
    }
    // The table is that of an undisturbed sweep.
    ASSERT_EQ(Run({"--results=" + m_directory + "/other"}), 0);
    EXPECT_EQ(Dump(m_database), Dump(m_directory + "/other/sweep.sqlite"));
    EXPECT_NE(Dump(m_database), "");
    // And a third time there is nothing to do.
    const int before = Total("start");
    EXPECT_EQ(Run(), 0);
    EXPECT_EQ(Total("start"), before);
}

TEST_F(SweepDriverTest, ScenariosDieWithTheDriver)
{
    auto driver = Start({"--pass.tenths=6000"}); // ten minutes, longer than anyone waits here
    ASSERT_TRUE(WaitUntil([this] { return Total("start") == 2; }));
    EXPECT_FALSE(AllGone());
    driver->Signal(SIGKILL);
    driver->Wait();
    EXPECT_TRUE(WaitUntil([this] { return AllGone(); }));
    EXPECT_EQ(Total("end"), 0);
    EXPECT_TRUE(RunDatabase(m_database, RunDatabase::READ).GetRuns().empty());
}

TEST_F(SweepDriverTest, CtrlCEndsTheChildrenAndTellsHowToContinue)
{
    std::map<std::string, int> startsOfKept; // how often a run was started by the time it was kept
    for (int signal : {SIGINT, SIGTERM})
    {
        const int before = Total("end");
        auto driver = Start({"--pass.tenths=2"});
        // two at a time: a third one begins when the first one is kept
        ASSERT_TRUE(WaitUntil([&] { return Total("end") >= before + 3; }));
        driver->Signal(signal);
        driver->Wait();
        EXPECT_EQ(driver->GetExitStatus(), 130);
        EXPECT_NE(Read("stderr").find("the same command again continues"), std::string::npos)
            << Read("stderr");
        EXPECT_TRUE(AllGone());
        auto starts = Count("start");
        for (const auto& run : RunDatabase(m_database, RunDatabase::READ).GetRuns())
        {
            EXPECT_TRUE(run.ok) << run.message; // a run that was stopped is not a failed run
            startsOfKept.emplace(GetLogKey(run.run), starts[GetLogKey(run.run)]);
        }
    }
    EXPECT_GE(startsOfKept.size(), 1U);
    EXPECT_LT(startsOfKept.size(), 12U);
    EXPECT_EQ(Run(), 0);
    auto starts = Count("start");
    for (const auto& [key, count] : startsOfKept)
    {
        EXPECT_EQ(starts[key], count) << key;
    }
    EXPECT_EQ(RunDatabase(m_database, RunDatabase::READ).GetRuns().size(), 12U);
}

// Expected: what ends well although the sweep was stopped is kept, and not run again.
TEST_F(SweepDriverTest, RunsThatEndWellWhileItStopsAreKept)
{
    auto driver = Start({"--pass.tenths=5", "--pass.deaf=1"});
    ASSERT_TRUE(WaitUntil([this] { return Total("start") == 2; }));
    driver->Signal(SIGINT);
    driver->Wait();
    EXPECT_EQ(driver->GetExitStatus(), 130);
    EXPECT_NE(Read("stderr").find("stopped with 2 of 12"), std::string::npos) << Read("stderr");
    EXPECT_EQ(Total("end"), 2);
    EXPECT_EQ(RunDatabase(m_database, RunDatabase::READ).GetRuns().size(), 2U);
    EXPECT_EQ(Run(), 0);
    EXPECT_EQ(Total("start"), 12);
}

// Expected: what fails while the sweep is stopped may fail for that reason, and is run again.
TEST_F(SweepDriverTest, RunsThatFailWhileItStopsAreNotKept)
{
    auto driver = Start({"--pass.tenths=5", "--pass.deaf=1", "--pass.fail=1"});
    ASSERT_TRUE(WaitUntil([this] { return Total("start") == 2; }));
    driver->Signal(SIGINT);
    driver->Wait();
    EXPECT_EQ(driver->GetExitStatus(), 130);
    EXPECT_NE(Read("stderr").find("stopped with 0 of 12"), std::string::npos) << Read("stderr");
    EXPECT_TRUE(RunDatabase(m_database, RunDatabase::READ).GetRuns().empty());
    EXPECT_EQ(Run(), 0);
    EXPECT_EQ(Total("start"), 2 + 12);
}

TEST_F(SweepDriverTest, FailedRunsAreKeptShownAndRunAgainOnlyOnRequest)
{
    EXPECT_EQ(Run({"--a=1", "--RngRun=1", "--fail=0,1"}), 1);
    EXPECT_NE(Read("stdout").find("fake-scenario.sh: --fail=1: asked to fail"), std::string::npos);
    EXPECT_NE(Read("stdout").find("2 runs: 1 ok, 1 failed"), std::string::npos);
    auto runs = RunDatabase(m_database, RunDatabase::READ).GetRuns();
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_TRUE(runs[0].ok);
    EXPECT_FALSE(runs[1].ok);
    EXPECT_EQ(runs[1].exitStatus, 2);
    EXPECT_EQ(runs[1].message, "fake-scenario.sh: --fail=1: asked to fail");
    EXPECT_EQ(Run({"--a=1", "--RngRun=1", "--fail=0,1"}), 1); // still reported
    EXPECT_EQ(Total("start"), 2);
    EXPECT_EQ(Run({"--a=1", "--RngRun=1", "--fail=0,1", "--retry-failed"}), 1);
    EXPECT_EQ(Total("start"), 3); // the failed one alone
}

TEST_F(SweepDriverTest, EveryWayToFailHasItsMessage)
{
    const std::vector<std::string> one{"--a=1", "--RngRun=1"};
    const auto fail = [&](const std::vector<std::string>& options) {
        auto all = one;
        all.insert(all.end(), options.begin(), options.end());
        std::filesystem::remove_all(m_directory + "/results");
        EXPECT_EQ(Run(all), 1);
        const auto runs = RunDatabase(m_database, RunDatabase::READ).GetRuns();
        return runs.empty() ? "no run" : runs[0].message;
    };
    EXPECT_EQ(fail({"--die=1"}).substr(0, 18), "killed by signal 9");
    EXPECT_EQ(fail({"--silent=1"}),
              "ended with status 0, but its last line on standard output is no summary");
    EXPECT_EQ(fail({"--tenths=6000", "--timeout=0.3"}), "ended after 0.3 s by --timeout");
    EXPECT_EQ(fail({"--nonsense=1"}),
              "fake-scenario.sh: --nonsense=1: no such option"); // out of three lines
}

// Set-up: a scenario that heeds SIGTERM, and has started a process that does not.
// Stimulus: its time is over; Ctrl-C; SIGTERM. Expected: neither is left.
TEST_F(SweepDriverTest, WhatAScenarioStartedEndsWithIt)
{
    const std::vector<std::string> one{"--a=1", "--RngRun=1", "--helper=1"};
    auto timed = one;
    timed.push_back("--timeout=0.5");
    EXPECT_EQ(Run(timed), 1);
    EXPECT_EQ(RunDatabase(m_database, RunDatabase::READ).GetRuns().at(0).message,
              "ended after 0.5 s by --timeout");
    EXPECT_TRUE(WaitUntil([this] { return AllGone(); }));
    int helpers = Total("helper");
    EXPECT_EQ(helpers, 1);
    for (int signal : {SIGINT, SIGTERM})
    {
        std::filesystem::remove_all(m_directory + "/results");
        auto driver = Start(one);
        ASSERT_TRUE(WaitUntil([&] { return Total("helper") > helpers; }));
        ++helpers;
        driver->Signal(signal);
        driver->Wait();
        EXPECT_EQ(driver->GetExitStatus(), 130);
        EXPECT_TRUE(WaitUntil([this] { return AllGone(); }));
    }
}

TEST_F(SweepDriverTest, ShardsPartitionAndMergeToTheWhole)
{
    ASSERT_EQ(Run({"--results=" + m_directory + "/whole"}), 0);
    const int whole = Total("start");
    std::vector<std::string> merge{"merge", m_directory + "/merged.sqlite"};
    for (const std::string index : {"1", "2", "3", "4", "5"})
    {
        ASSERT_EQ(Run({"--shard=" + index + "/5"}), 0);
        merge.push_back(m_directory + "/results/sweep-" + index + "-of-5.sqlite");
    }
    EXPECT_EQ(Total("start"), whole + 12); // no run in two shards
    ASSERT_EQ(Sweep(merge), 0) << Read("stderr");
    EXPECT_EQ(Dump(m_directory + "/merged.sqlite"), Dump(m_directory + "/whole/sweep.sqlite"));
    EXPECT_EQ(RunDatabase(m_directory + "/merged.sqlite", RunDatabase::READ).GetRuns().size(), 12U);
}

TEST_F(SweepDriverTest, TwoDriversShareTheWork)
{
    auto first = Start({"--pass.tenths=1"});
    ChildProcess second({SWEEP_PROGRAM, "run", m_directory + "/sweep.ini", "--pass.tenths=1"},
                        m_directory + "/stdout2",
                        m_directory + "/stderr2");
    first->Wait();
    second.Wait();
    for (const auto& [key, count] : Count("start"))
    {
        EXPECT_EQ(count, 1) << key;
    }
    // Whoever ended first may have left runs to the other; together they have done all.
    EXPECT_EQ(RunDatabase(m_database, RunDatabase::READ).GetRuns().size(), 12U);
}

// Set-up: one at a time; when the first run has begun, another driver runs the last three.
// Expected: the first driver finds them in the table and does not run them again.
TEST_F(SweepDriverTest, RunsThatAnotherDriverHasFinishedAreNotRunAgain)
{
    auto first = Start({"--jobs=1", "--pass.tenths=3"});
    ASSERT_TRUE(WaitUntil([this] { return Total("start") == 1; }));
    ChildProcess second({SWEEP_PROGRAM, "run", m_directory + "/sweep.ini", "--RngRun=4"},
                        m_directory + "/stdout2",
                        m_directory + "/stderr2");
    second.Wait();
    EXPECT_EQ(second.GetExitStatus(), 0);
    EXPECT_LT(Total("end"), 12);
    first->Wait();
    EXPECT_EQ(first->GetExitStatus(), 0);
    EXPECT_EQ(Total("start"), 12);
    EXPECT_NE(Read("stdout").find("(by another driver)"), std::string::npos) << Read("stdout");
}

// Set-up: a run whose folder is locked, as by a driver that is running it, and holds an old file.
// Expected: the run is left to that driver, which is said and is no success; when the lock is gone
// it is run, in an empty folder.
TEST_F(SweepDriverTest, RunsOfAnotherDriverAreMissing)
{
    const SweepRun run{"fake-scenario.sh", {{"a", "1"}, {"b", "1"}, {"RngRun", "1"}}};
    const std::string folder = m_directory + "/results/runs/" + run.GetId();
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/old.csv") << "of a run that was killed\n";
    const int lock = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_EQ(flock(lock, LOCK_EX), 0);
    EXPECT_EQ(Run(), 1);
    EXPECT_NE(Read("stderr").find("1 of 12 runs are left to another driver"), std::string::npos)
        << Read("stderr");
    EXPECT_EQ(Total("start"), 11);
    EXPECT_TRUE(std::filesystem::exists(folder + "/old.csv"));
    close(lock);
    EXPECT_EQ(Run(), 0);
    EXPECT_EQ(Total("start"), 12);
    EXPECT_TRUE(std::filesystem::exists(folder + "/rounds.csv"));
    EXPECT_FALSE(std::filesystem::exists(folder + "/old.csv"));
}

// Set-up: another driver, which this test stands for, holds the lock on the folder of the first
// run. Stimulus: it goes on, or finishes before the driver does. Expected: one last word, of what
// is so by then.
TEST_F(SweepDriverTest, RunsOfAnotherDriverAreReportedAsTheyAreInTheEnd)
{
    const std::vector<std::string> two{"--a=1", "--RngRun=1,2", "--pass.tenths=5"};
    ASSERT_EQ(Run({"--a=1", "--RngRun=1"}), 0);
    const auto done = RunDatabase(m_database, RunDatabase::READ).GetRuns().at(0);
    for (const bool finishes : {false, true})
    {
        std::filesystem::remove_all(m_directory + "/results");
        const std::string folder = m_directory + "/results/runs/" + done.run.GetId();
        std::filesystem::create_directories(folder);
        const int lock = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ASSERT_EQ(flock(lock, LOCK_EX), 0);
        const int before = Total("start");
        auto driver = Start(two);
        ASSERT_TRUE(WaitUntil([&] { return Total("start") > before; })); // the first is left by now
        if (finishes)
        {
            RunDatabase(m_database, RunDatabase::CREATE).Record(done);
        }
        driver->Wait();
        close(lock);
        EXPECT_EQ(driver->GetExitStatus(), finishes ? 0 : 1);
        const std::string said = Read("stderr");
        EXPECT_EQ(
            said,
            finishes ? "" : "sweep: 1 of 2 runs are left to another driver that is running them\n");
        const std::string last = finishes ? "2 runs: 2 ok, 0 failed\n"
                                          : "2 runs: 1 ok, 0 failed, 1 left to another driver\n";
        EXPECT_NE(Read("stdout").find(last), std::string::npos) << Read("stdout");
    }
}

TEST_F(SweepDriverTest, LockedDatabaseEndsTheSweepAndLosesNoFinishedRun)
{
    ASSERT_EQ(Run({"--a=1"}), 0);
    auto driver = Start({"--pass.tenths=2"});
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(m_database.c_str(), &other), SQLITE_OK);
    sqlite3_busy_timeout(other, 5000);
    ASSERT_TRUE(WaitUntil([this] { return Total("start") >= 5; }));
    ASSERT_EQ(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
    driver->Wait();
    EXPECT_EQ(driver->GetExitStatus(), 1);
    const std::string said = Read("stderr");
    EXPECT_NE(said.find("locked by another program"), std::string::npos) << said;
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    EXPECT_TRUE(AllGone());
    sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(other);
    const auto ended = Count("end");
    size_t outcomes = 0; // finished, but not in the table yet
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(m_directory + "/results/runs"))
    {
        outcomes += entry.path().filename() == "outcome" ? 1 : 0;
    }
    EXPECT_GE(outcomes, 1U);
    const size_t kept = RunDatabase(m_database, RunDatabase::READ).GetRuns().size();
    EXPECT_EQ(Run(), 0);
    EXPECT_EQ(RunDatabase(m_database, RunDatabase::READ).GetRuns().size(), 12U);
    size_t once = 0;
    for (const auto& [key, count] : Count("start"))
    {
        once += ended.count(key) != 0 && count == 1 ? 1 : 0;
    }
    EXPECT_GE(once, kept + outcomes); // what had ended was taken over, not run again
}

TEST_F(SweepDriverTest, MistakesAreOneSentenceAndStatusTwo)
{
    const auto expectSentence = [this](const std::vector<std::string>& words,
                                       const std::string& part) {
        EXPECT_EQ(Sweep(words), 2) << part;
        const std::string said = Read("stderr");
        EXPECT_EQ(said.rfind("sweep: ", 0), 0U) << said;
        EXPECT_NE(said.find(part), std::string::npos) << said;
        EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    };
    const std::string file = m_directory + "/sweep.ini";
    expectSentence({}, "no command");
    expectSentence({"walk"}, "'walk' is no command");
    expectSentence({"run"}, "exactly one file");
    expectSentence({"run", file, "--jobs=0"}, "--jobs=0");
    expectSentence({"run", file, "--shard=13/13"}, "only 12 runs");
    expectSentence({"run", file, "--program=/nowhere/x"}, "/nowhere/x");
    expectSentence({"merge", m_directory + "/out"}, "at least one input");
    expectSentence({"merge", m_directory + "/out", m_directory + "/absent"}, "no such file");
    EXPECT_FALSE(std::filesystem::exists(m_directory + "/out"));
    EXPECT_FALSE(std::filesystem::exists(m_directory + "/results"));
}

TEST_F(SweepDriverTest, DryRunShowsWhatIsLeftAndTouchesNothing)
{
    EXPECT_EQ(Run({"--dry-run"}), 0);
    const std::string all = Read("stdout");
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 12);
    EXPECT_FALSE(std::filesystem::exists(m_directory + "/results"));
    EXPECT_EQ(Run({"--a=2"}), 0);
    EXPECT_EQ(Run({"--dry-run"}), 0);
    const std::string left = Read("stdout");
    EXPECT_EQ(std::count(left.begin(), left.end(), '\n'), 8);
    EXPECT_EQ(left.find("--a=2"), std::string::npos);
    EXPECT_EQ(Total("start"), 4);
}

// Expected: a shell that is given the lines runs what the driver runs, with the same words.
TEST_F(SweepDriverTest, DryRunIsAScriptOfWhatIsLeft)
{
    const std::vector<std::string> options{"--results=" + m_directory + "/it's here",
                                           "--a=1",
                                           "--b=\"x y\""};
    auto dry = options;
    dry.emplace_back("--dry-run");
    ASSERT_EQ(Run(dry), 0);
    std::filesystem::rename(m_directory + "/stdout", m_directory + "/script");
    ChildProcess shell({"sh", "-e", m_directory + "/script"},
                       m_directory + "/stdout",
                       m_directory + "/stderr");
    shell.Wait();
    EXPECT_EQ(shell.GetExitStatus(), 0) << Read("stderr");
    EXPECT_EQ(Count("end").size(), 4U);
    std::istringstream lines(Read("script"));
    std::string commands; // without the making of folders
    for (std::string line; std::getline(lines, line);)
    {
        commands += line.substr(line.find(" && ") + 4) + "\n";
    }
    EXPECT_EQ(commands.rfind(SWEEP_FAKE_SCENARIO, 0), 0U) << commands;
    const std::string folder = "it's here/runs/";
    size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(m_directory + "/" + folder))
    {
        files += std::filesystem::exists(entry.path() / "rounds.csv") ? 1 : 0;
    }
    EXPECT_EQ(files, 4U);
    ASSERT_EQ(Run(options), 0);
    for (const auto& entry : std::filesystem::directory_iterator(m_directory + "/" + folder))
    {
        const std::string command = Read(folder + entry.path().filename().string() + "/command");
        EXPECT_NE(commands.find(command), std::string::npos) << command;
    }
    for (const auto& [key, count] : Count("end"))
    {
        EXPECT_EQ(count, 2) << key;
    }
}
