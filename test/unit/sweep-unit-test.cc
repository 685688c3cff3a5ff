/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The sweep driver without processes: lists of values, products, ties and shards, the command line
 * and its file, and the database. Oracles: products counted by hand, partitions compared as sets,
 * and SQLite asked directly. All exact. What needs processes (kill -9, Ctrl-C, failing runs) is in
 * sweep-driver-unit-test.cc.
 */

#include "scratch/sweep/run-database.h"
#include "scratch/sweep/sweep-options.h"
#include "scratch/sweep/sweep-plan.h"
#include "scratch/sweep/whole-file.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ns3::learning;

namespace
{

/// Values of a list, a tie as "@name".
std::vector<std::string>
Values(const std::string& list)
{
    std::vector<std::string> texts;
    for (const auto& value : ParseValueList("knob", list))
    {
        texts.push_back((value.isTie ? "@" : "") + value.text);
    }
    return texts;
}

/// The message of the UsageError that an expression ends with, or a text that no test expects.
template <typename Function>
std::string
UsageMessage(Function function)
{
    try
    {
        function();
    }
    catch (const UsageError& error)
    {
        return error.what();
    }
    return "no error";
}

/// Keys of runs.
std::vector<std::string>
Keys(const std::vector<SweepRun>& runs)
{
    std::vector<std::string> keys;
    std::transform(runs.begin(), runs.end(), std::back_inserter(keys), [](const SweepRun& run) {
        return run.GetKey();
    });
    return keys;
}

/// Knob lists from texts.
SweepPlan::KnobLists
Lists(const std::map<std::string, std::string>& texts)
{
    SweepPlan::KnobLists lists;
    for (const auto& [name, text] : texts)
    {
        lists[name] = ParseValueList(name, text);
    }
    return lists;
}

/// A directory of its own for each test.
class SweepFilesTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        char name[] = "/tmp/sweep-unit-test-XXXXXX";
        m_directory = mkdtemp(name);
    }

    void TearDown() override
    {
        std::filesystem::remove_all(m_directory);
    }

    /// Writes a file. @return its path
    std::string Write(const std::string& name, const std::string& content) const
    {
        std::ofstream(m_directory + "/" + name) << content;
        return m_directory + "/" + name;
    }

    std::string m_directory; //!< removed afterwards
};

/// A finished run with a knob and a loss.
FinishedRun
MakeRun(const std::string& a, const std::string& loss, const std::string& wall = "1")
{
    FinishedRun run;
    run.run = {"program", {{"a", a}}};
    run.ok = !loss.empty();
    run.exitStatus = run.ok ? 0 : 2;
    run.message = run.ok ? "" : "program: failed";
    run.started = "2026-01-01T00:00:00Z";
    run.wallSeconds = 1;
    if (run.ok)
    {
        run.summary = {{"train_loss", loss}, {"wall_s", wall}};
    }
    return run;
}

/// First column of the first row of a query, by SQLite itself; "NULL" if it is that.
std::string
Ask(const std::string& file, const std::string& query)
{
    sqlite3* handle = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &handle), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(handle, query.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    std::string answer = "no row";
    if (sqlite3_step(statement) == SQLITE_ROW)
    {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
        answer = text ? text : "NULL";
    }
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return answer;
}

} // namespace

TEST(SweepValueList, CommasOutsideBracketsAndQuotesSeparate)
{
    using List = std::vector<std::string>;
    EXPECT_EQ(Values("1"), List({"1"}));
    EXPECT_EQ(Values(" 0, 0.1 ,x y "), List({"0", "0.1", "x y"}));
    EXPECT_EQ(Values("[64, 32], {a,(b,c)}, U[Min=0|Max=1]"),
              List({"[64, 32]", "{a,(b,c)}", "U[Min=0|Max=1]"}));
    EXPECT_EQ(Values("\"a,b\", 'c \"', x\", \"y, \"\""), List({"a,b", "c \"", "x, y", ""}));
    EXPECT_EQ(Values("' a '"), List({" a "}));
}

TEST(SweepValueList, RangesAndTiesUnlessQuoted)
{
    using List = std::vector<std::string>;
    EXPECT_EQ(Values("1..4, 7"), List({"1", "2", "3", "4", "7"}));
    EXPECT_EQ(Values("-1..1"), List({"-1", "0", "1"}));
    EXPECT_EQ(Values("5..5"), List({"5"}));
    EXPECT_EQ(Values("'1..4', a..b, ../x"), List({"1..4", "a..b", "../x"}));
    EXPECT_TRUE(ParseValueList("knob", "@workers")[0].isTie);
    EXPECT_EQ(ParseValueList("knob", "@workers")[0].text, "workers");
    EXPECT_FALSE(ParseValueList("knob", "'@workers'")[0].isTie);
}

TEST(SweepValueList, MistakesAreNamed)
{
    for (const std::string list : {"", " ", "1,", ",1", "1,,2"})
    {
        EXPECT_NE(UsageMessage([&] { Values(list); }).find("empty item"), std::string::npos)
            << "'" << list << "'";
    }
    EXPECT_NE(UsageMessage([] { Values("[1,2"); }).find("] is missing"), std::string::npos);
    EXPECT_NE(UsageMessage([] { Values("'1,2"); }).find("quote ' is missing"), std::string::npos);
    EXPECT_NE(UsageMessage([] { Values("4..1"); }).find("must ascend"), std::string::npos);
    EXPECT_NE(UsageMessage([] { Values("1..99999999999"); }).find("at most 1000000"),
              std::string::npos);
}

TEST(SweepRunKey, SortedQuotedAndDistinct)
{
    const SweepRun run{"lossy-training",
                       {{"dropRate", "0.1"}, {"RngRun", "1"}, {"model", "it's [1, 2]"}}};
    EXPECT_EQ(run.GetKey(), "lossy-training --RngRun=1 --dropRate=0.1 '--model=it'\\''s [1, 2]'");
    EXPECT_EQ(SweepRun({"", {}}).GetKey(), "''");
    // FNV-1a of "a", from the reference of Fowler, Noll and Vo (isthe.com/chongo/tech/comp/fnv).
    EXPECT_EQ(SweepRun({"a", {}}).GetId(), "af63dc4c8601ec8c");
    std::set<std::string> ids;
    for (int i = 0; i < 10000; ++i)
    {
        ids.insert(SweepRun{"p", {{"a", std::to_string(i)}}}.GetId());
    }
    EXPECT_EQ(ids.size(), 10000U);
}

TEST(SweepPlan, GroupsAreProductsAndReplaceCommonKnobs)
{
    const SweepPlan plan(
        "p",
        Lists({{"drop", "0, 0.1, 0.2"}, {"seed", "1..2"}, {"workers", "99"}}),
        {{"rps", Lists({{"algorithm", "rps"}, {"workers", "2,4,8,16"}, {"servers", "@workers"}})},
         {"ga", Lists({{"algorithm", "ga"}, {"workers", "16"}, {"servers", "@workers"}})}},
        {});
    ASSERT_EQ(plan.GetRuns().size(), 3U * 2 * 4 + 3U * 2);
    for (const auto& run : plan.GetRuns())
    {
        EXPECT_EQ(run.knobs.at("servers"), run.knobs.at("workers")); // tied, and never 99
        EXPECT_NE(run.knobs.at("workers"), "99");
        EXPECT_EQ(run.knobs.size(), 5U);
    }
    auto keys = Keys(plan.GetRuns());
    EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
    EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
    EXPECT_EQ(plan.GetLabel(plan.GetRuns()[0]), "algorithm=ga drop=0 seed=1 servers=16 workers=16");
}

TEST(SweepPlan, CommandLineReplacesInEveryGroupAndSharedRunsAreOne)
{
    const SweepPlan plan("p",
                         Lists({{"seed", "1..5"}}),
                         {{"x", Lists({{"a", "1,2"}})}, {"y", Lists({{"a", "2,3"}})}},
                         Lists({{"seed", "7"}}));
    EXPECT_EQ(
        Keys(plan.GetRuns()),
        std::vector<std::string>({"p --a=1 --seed=7", "p --a=2 --seed=7", "p --a=3 --seed=7"}));
    EXPECT_EQ(plan.GetLabel(plan.GetRuns()[0]), "a=1");
    EXPECT_EQ(SweepPlan("p", Lists({{"a", "1"}}), {}, {}).GetRuns().size(), 1U);
}

TEST(SweepPlan, TiesFollowChainsAndListsOfTies)
{
    const SweepPlan plan("p", Lists({{"a", "1,2"}, {"b", "@a"}, {"c", "@b, 9"}}), {}, {});
    EXPECT_EQ(Keys(plan.GetRuns()),
              std::vector<std::string>({"p --a=1 --b=1 --c=1",
                                        "p --a=1 --b=1 --c=9",
                                        "p --a=2 --b=2 --c=2",
                                        "p --a=2 --b=2 --c=9"}));
    EXPECT_NE(UsageMessage([] {
                  SweepPlan("p", Lists({{"a", "@nobody"}}), {}, {});
              }).find("'nobody'"),
              std::string::npos);
    EXPECT_NE(UsageMessage([] {
                  SweepPlan("p", Lists({{"a", "@b"}, {"b", "@a"}}), {}, {});
              }).find("back to itself"),
              std::string::npos);
    EXPECT_NE(UsageMessage([] {
                  SweepPlan("p", Lists({{"a", "1..1000"}, {"b", "1..1000"}, {"c", "1,2"}}), {}, {});
              }).find("combinations"),
              std::string::npos);
}

TEST(SweepPlan, ShardsPartitionTheRuns)
{
    const SweepPlan plan("p", Lists({{"a", "1..7"}, {"b", "1..9"}}), {}, {});
    for (uint32_t count : {1, 2, 3, 5, 63})
    {
        std::vector<std::string> joined;
        for (uint32_t index = 1; index <= count; ++index)
        {
            const auto shard = plan.GetShard(index, count);
            EXPECT_LE(shard.size(), 63 / count + 1);
            const auto keys = Keys(shard);
            joined.insert(joined.end(), keys.begin(), keys.end());
        }
        std::sort(joined.begin(), joined.end());
        EXPECT_EQ(joined, Keys(plan.GetRuns())) << count << " shards";
    }
}

TEST_F(SweepFilesTest, OptionsOfFileAndCommandLine)
{
    const std::string file =
        Write("a.ini",
              "# comment\n[sweep]\nprogram = bin/scenario\njobs = 3\nresults = out\n"
              "output.csv = rounds.csv\npass.threads = 1\n[common]\na = 1, 2 # two\n"
              "ns3::X::Y = 5\n[g]\nb = @a\n");
    auto options = SweepOptions::Parse({file, "--a=7,8", "--jobs=2", "--shard=2/4"});
    EXPECT_EQ(options.program, "bin/scenario");
    EXPECT_EQ(options.GetProgramName(), "scenario");
    EXPECT_EQ(options.jobs, 2U);
    EXPECT_EQ(options.database, "out/sweep-2-of-4.sqlite");
    EXPECT_EQ(options.shard, 2U);
    EXPECT_EQ(options.shardCount, 4U);
    EXPECT_EQ(options.outputs, (std::map<std::string, std::string>{{"csv", "rounds.csv"}}));
    EXPECT_EQ(options.passed, (std::map<std::string, std::string>{{"threads", "1"}}));
    EXPECT_EQ(options.common.size(), 2U);
    EXPECT_EQ(options.common.at("a").size(), 2U);
    EXPECT_EQ(options.groups.at("g").count("b"), 1U);
    EXPECT_EQ(options.overrides.at("a")[1].text, "8");
    EXPECT_EQ(SweepOptions::Parse({file, "--pass.threads=4"}).passed.at("threads"), "4");
    EXPECT_EQ(SweepOptions::Parse({file, "--database=x/y.db"}).database, "x/y.db");
    // A knob whose name begins like one of the driver's options is a knob.
    EXPECT_EQ(SweepOptions::Parse({file, "--result=4"}).overrides.count("result"), 1U);
}

TEST_F(SweepFilesTest, MistakesInFileAndCommandLineAreNamed)
{
    const auto inFile = [this](const std::string& content) {
        const std::string file = Write("b.ini", content);
        return UsageMessage([&] { SweepOptions::Parse({file}); });
    };
    const auto inCommand = [this](const std::vector<std::string>& words) {
        std::vector<std::string> all{
            Write("c.ini", "[sweep]\nprogram = p\npass.threads = 1\n[common]\na = 1\n")};
        all.insert(all.end(), words.begin(), words.end());
        return UsageMessage([&] { SweepOptions::Parse(all); });
    };
    const auto expectNames = [](const std::string& message, const std::string& part) {
        EXPECT_NE(message.find(part), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    };
    expectNames(inFile("[common]\na = 1\n"), "no scenario program");
    expectNames(inFile("[sweep]\nprogram = p\nspeed = 3\n[common]\na = 1\n"), "'speed'");
    expectNames(inFile("[sweep]\nprogram = p\njobs = many\n[common]\na = 1\n"), "many");
    expectNames(inFile("[sweep]\nprogram = p\n[common]\na =\n"), "[common] a");
    expectNames(inFile("[sweep]\nprogram = p\n[common]\na = 1\na = 2\n"), "given twice");
    expectNames(inFile("[sweep]\nprogram = p\n[common]\na = 1\n[g]\n"), "[g] is empty");
    expectNames(inFile("a = 1\n[sweep]\nprogram = p\n"), "before the first section");
    expectNames(inFile("[sweep]\nprogram = p\n[common]\nwhat is this\n"), "what is this");
    expectNames(inFile("[sweep]\nprogram = p\noutput.csv = ../x\n[common]\na = 1\n"),
                "without a directory");
    for (const std::string section : {"common", "g"})
    {
        const std::string knob = "[" + section + "]\nlog = 1\n";
        expectNames(inFile("[sweep]\nprogram = p\npass.log = x\n" + knob), "pass.log");
        expectNames(inFile("[sweep]\nprogram = p\noutput.log = x\n" + knob), "output.log");
    }
    expectNames(inCommand({"--jobs=0"}), "--jobs=0");
    expectNames(inCommand({"--jobs=-1"}), "--jobs=-1");
    expectNames(inCommand({"--timeout=0"}), "--timeout=0");
    for (const std::string shard : {"0/2", "3/2", "1", "1/2/3", "-1/2", "a/b", "1/0"})
    {
        expectNames(inCommand({"--shard=" + shard}), "--shard=" + shard);
    }
    expectNames(inCommand({"--a=1", "--a=2"}), "--a is given twice");
    expectNames(inCommand({"--a"}), "--name=value");
    expectNames(inCommand({"-a=1"}), "--name=value");
    expectNames(inCommand({"--a="}), "'--a'");
    expectNames(inCommand({"--threads=2"}), "pass.threads");
    expectNames(inCommand({"second.ini"}), "exactly one file");
    expectNames(UsageMessage([this] { SweepOptions::Parse({m_directory + "/absent.ini"}); }),
                "absent.ini");
}

TEST_F(SweepFilesTest, DatabaseKeepsTextAndGivesNumbers)
{
    const std::string file = m_directory + "/a.sqlite";
    FinishedRun run = MakeRun("0.10", "1e-3");
    run.run.knobs["note"] = "it's \"x\"";
    run.run.knobs["train_loss"] = "5"; // a knob may be called like a value of the summary
    run.summary["lost"] = "nan";
    run.summary["bytes_up"] = "3000000000";
    RunDatabase(file, RunDatabase::CREATE).Record(run);
    const RunDatabase database(file, RunDatabase::READ);
    const auto runs = database.GetRuns();
    ASSERT_EQ(runs.size(), 1U);
    EXPECT_EQ(runs[0].run.GetKey(), run.run.GetKey());
    EXPECT_EQ(runs[0].summary, run.summary);
    EXPECT_TRUE(runs[0].ok);
    EXPECT_EQ(Ask(file, "SELECT typeof(knob_a) || knob_a FROM results"), "real0.1");
    EXPECT_EQ(Ask(file, "SELECT train_loss * 1000 FROM results"), "1.0");
    EXPECT_EQ(Ask(file, "SELECT knob_train_loss FROM results"), "5");
    EXPECT_EQ(Ask(file, "SELECT lost FROM results"), "NULL");
    EXPECT_EQ(Ask(file, "SELECT typeof(bytes_up) || bytes_up FROM results"), "integer3000000000");
    EXPECT_EQ(Ask(file, "SELECT knob_note FROM results"), "it's \"x\"");
    EXPECT_EQ(Ask(file, "PRAGMA journal_mode"), "delete");
}

TEST_F(SweepFilesTest, DatabaseReplacesByKey)
{
    RunDatabase database(m_directory + "/a.sqlite", RunDatabase::CREATE);
    std::string status;
    EXPECT_FALSE(database.Find(MakeRun("1", "").run, status));
    database.Record(MakeRun("1", ""));
    EXPECT_TRUE(database.Find(MakeRun("1", "").run, status));
    EXPECT_EQ(status, "failed");
    database.Record(MakeRun("1", "0.5"));
    EXPECT_TRUE(database.Find(MakeRun("1", "").run, status));
    EXPECT_EQ(status, "ok");
    EXPECT_EQ(database.GetRuns().size(), 1U);
}

TEST_F(SweepFilesTest, DatabaseRefusesForeignFiles)
{
    const auto message = [](const std::string& file, RunDatabase::Mode mode) -> std::string {
        try
        {
            RunDatabase database(file, mode);
        }
        catch (const std::runtime_error& error)
        {
            return error.what();
        }
        return "no error";
    };
    const std::string foreign = m_directory + "/foreign.sqlite";
    Ask(foreign, "CREATE TABLE t (x)");
    EXPECT_NE(message(foreign, RunDatabase::CREATE).find("not the database of a sweep"),
              std::string::npos);
    const std::string text = Write("text.sqlite", std::string(5000, 'x'));
    EXPECT_NE(message(text, RunDatabase::CREATE).find(text), std::string::npos);
    EXPECT_NE(message(m_directory + "/absent.sqlite", RunDatabase::READ).find("absent.sqlite"),
              std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(m_directory + "/absent.sqlite"));
}

TEST_F(SweepFilesTest, LockedDatabaseSaysSoAndKeepsWhatItHas)
{
    const std::string file = m_directory + "/a.sqlite";
    RunDatabase database(file, RunDatabase::CREATE);
    database.Record(MakeRun("1", "0.5"));
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
    try
    {
        database.Record(MakeRun("2", "0.5"));
        FAIL() << "recorded in a locked file";
    }
    catch (const std::runtime_error& error)
    {
        EXPECT_NE(std::string(error.what()).find("locked by another program"), std::string::npos)
            << error.what();
    }
    sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(other);
    EXPECT_EQ(database.GetRuns().size(), 1U);
    database.Record(MakeRun("2", "0.5"));
    EXPECT_EQ(database.GetRuns().size(), 2U);
}

TEST_F(SweepFilesTest, MergeFollowsItsRule)
{
    const std::string a = m_directory + "/a.sqlite";
    const std::string b = m_directory + "/b.sqlite";
    const std::string out = m_directory + "/out.sqlite";
    {
        RunDatabase first(a, RunDatabase::CREATE);
        RunDatabase second(b, RunDatabase::CREATE);
        first.Record(MakeRun("same", "0.5", "1.0"));
        second.Record(MakeRun("same", "0.5", "2.0")); // only the wall time differs
        first.Record(MakeRun("mended", ""));
        second.Record(MakeRun("mended", "0.25"));
        first.Record(MakeRun("broken", "0.75"));
        second.Record(MakeRun("broken", ""));
        second.Record(MakeRun("new", "0.1"));
    }
    RunDatabase output(out, RunDatabase::CREATE);
    const auto count = output.Merge({a, b});
    EXPECT_EQ(count.added, 4U);
    EXPECT_EQ(count.equal, 2U);
    EXPECT_EQ(count.replaced, 1U);
    EXPECT_EQ(Ask(out, "SELECT count(*) FROM results WHERE run_status = 'ok'"), "4");
    EXPECT_EQ(Ask(out, "SELECT wall_s FROM results WHERE knob_a = 'same'"), "1.0");
    EXPECT_EQ(Ask(out, "SELECT train_loss FROM results WHERE knob_a = 'mended'"), "0.25");

    // Different results under one key: named, and nothing at all is taken over.
    RunDatabase(b, RunDatabase::CREATE).Record(MakeRun("same", "0.6"));
    RunDatabase(b, RunDatabase::CREATE).Record(MakeRun("newer", "0.2"));
    try
    {
        output.Merge({b});
        FAIL() << "merged different results";
    }
    catch (const std::runtime_error& error)
    {
        EXPECT_NE(
            std::string(error.what()).find("program --a=same: train_loss is 0.5 in one and 0.6"),
            std::string::npos)
            << error.what();
    }
    EXPECT_EQ(output.GetRuns().size(), 4U);
}

// Expected: a value that only one of two results has is a difference, whichever has it.
TEST_F(SweepFilesTest, MergeComparesValuesThatOnlyOneHas)
{
    const std::string few = m_directory + "/few.sqlite";
    const std::string many = m_directory + "/many.sqlite";
    FinishedRun run = MakeRun("a", "0.5");
    RunDatabase(few, RunDatabase::CREATE).Record(run);
    run.summary["more"] = "1";
    RunDatabase(many, RunDatabase::CREATE).Record(run);
    for (const auto& files : {std::vector<std::string>{few, many}, {many, few}})
    {
        RunDatabase output(m_directory + "/out.sqlite", RunDatabase::CREATE);
        EXPECT_THROW(output.Merge(files), std::runtime_error) << files[0];
    }
}

// Set-up: a run that failed in one database and has different results in two others. Expected: the
// two are compared with each other, in whatever order they come; the same result again is equal.
TEST_F(SweepFilesTest, MergeComparesWhatReplacedAFailure)
{
    const std::vector<std::string> losses{"", "0.25", "0.5", "0.25"};
    std::vector<std::string> files;
    for (const std::string& loss : losses)
    {
        files.push_back(m_directory + "/" + std::to_string(files.size()) + ".sqlite");
        RunDatabase(files.back(), RunDatabase::CREATE).Record(MakeRun("a", loss));
    }
    RunDatabase output(m_directory + "/out.sqlite", RunDatabase::CREATE);
    EXPECT_THROW(output.Merge({files[0], files[1], files[2]}), std::runtime_error);
    EXPECT_TRUE(output.GetRuns().empty());
    const auto count = output.Merge({files[0], files[1], files[3]});
    EXPECT_EQ(count.added, 1U);
    EXPECT_EQ(count.replaced, 1U);
    EXPECT_EQ(count.equal, 1U);
}

// Set-up: databases that lack a column, have one more, or lack a table. Expected: refused when
// opened, by one sentence that names the file and the table.
TEST_F(SweepFilesTest, DatabasesOfAnotherVersionAreRefusedAtOnce)
{
    const std::string file = m_directory + "/a.sqlite";
    for (const auto& [sql, table] :
         {std::make_pair("ALTER TABLE runs RENAME COLUMN started TO at", "runs"),
          std::make_pair("ALTER TABLE knobs ADD COLUMN unit", "knobs"),
          std::make_pair("DROP TABLE summary", "summary")})
    {
        std::filesystem::remove(file);
        RunDatabase(file,
                    RunDatabase::CREATE); // without runs, so that its view depends on no column
        Ask(file, "DROP VIEW results");
        Ask(file, sql);
        for (const auto mode : {RunDatabase::READ, RunDatabase::CREATE})
        {
            try
            {
                RunDatabase(file, mode);
                ADD_FAILURE() << "opened after: " << sql;
            }
            catch (const std::runtime_error& error)
            {
                const std::string said = error.what();
                EXPECT_EQ(said.rfind(file + ": the database of another version", 0), 0U) << said;
                EXPECT_NE(said.find(std::string("table ") + table), std::string::npos) << said;
            }
        }
    }
}

// Stimulus: targets that are no files, and a limit on the size of files, which stands for a full
// disk. Expected: what was there stays, and nothing else does.
TEST_F(SweepFilesTest, FilesAreWrittenWholeOrNotAtAll)
{
    const std::string file = m_directory + "/file";
    const auto read = [&file] {
        std::string text;
        std::getline(std::ifstream(file), text);
        return text;
    };
    const auto count = [this] {
        return std::distance(std::filesystem::directory_iterator(m_directory), {});
    };
    WriteWholeFile(file, "first");
    WriteWholeFile(file, "second");
    EXPECT_EQ(read(), "second");
    std::filesystem::create_directory(m_directory + "/directory");
    ASSERT_EQ(mkfifo((m_directory + "/pipe").c_str(), 0600), 0);
    const auto before = count();
    EXPECT_THROW(WriteWholeFile(m_directory + "/directory", "x"), std::runtime_error);
    EXPECT_THROW(WriteWholeFile(m_directory + "/pipe", "x"), std::runtime_error);
    EXPECT_THROW(WriteWholeFile(m_directory + "/absent/file", "x"), std::runtime_error);
    EXPECT_TRUE(std::filesystem::is_fifo(m_directory + "/pipe"));

    rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    rlimit small = limit;
    small.rlim_cur = 100;
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    std::string said;
    try
    {
        WriteWholeFile(file, std::string(100000, 'x'));
    }
    catch (const std::runtime_error& error)
    {
        said = error.what();
    }
    setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(said, file + ": cannot be written: " + std::strerror(EFBIG));
    EXPECT_EQ(read(), "second");
    EXPECT_EQ(count(), before);
}
