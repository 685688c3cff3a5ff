/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * What the report of a drop-rate sweep computes and writes. Oracles: means and deviations worked
 * out by hand (tolerance a few roundings), alpha2 and beta of n = 4, p = 1/10 as exact rationals
 * (rps.md section 5), and texts that must or must not be in what is written.
 */

#include "scratch/report/drop-rate-figures.h"
#include "scratch/report/drop-rate-study.h"
#include "scratch/report/drop-rate-table.h"
#include "scratch/report/html-page.h"
#include "scratch/report/round-curve.h"
#include "scratch/report/svg-figure.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <unistd.h>

using namespace ns3::learning;

namespace
{

/// A run of the drop-rate sweep; an empty loss makes it a failed one.
FinishedRun
MakeRun(const std::string& algorithm,
        const std::string& workers,
        const std::string& dropRate,
        const std::string& seed,
        const std::string& loss)
{
    FinishedRun run;
    run.run = {"lossy-training",
               {{"algorithm", algorithm},
                {"workers", workers},
                {"servers", workers},
                {"dropRate", dropRate},
                {"RngRun", seed}}};
    run.ok = !loss.empty();
    run.message = run.ok ? "" : "lossy-training: broken";
    if (run.ok)
    {
        run.summary = {{"train_loss", loss}, {"test_accuracy", "0.8"}, {"time_s", "12.5"}};
    }
    return run;
}

/// A small sweep: RPS at 4 and 16, gradient averaging at 16, one failed and one diverged run.
std::vector<FinishedRun>
MakeSweep()
{
    return {MakeRun("gradient-averaging", "16", "0", "1", "0.5"),
            MakeRun("gradient-averaging", "16", "0.1", "1", "nan"),
            MakeRun("gradient-averaging", "16", "0.1", "2", "0.9"),
            MakeRun("rps", "16", "0", "1", "0.25"),
            MakeRun("rps", "4", "0.1", "1", "0.5"),
            MakeRun("rps", "4", "0.1", "2", "0.7"),
            MakeRun("rps", "4", "0", "1", "0.4"),
            MakeRun("rps", "4", "0.4", "1", "")};
}

/// A directory of its own for each test.
class DropRateReportTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        char name[] = "/tmp/drop-rate-report-unit-test-XXXXXX";
        m_directory = mkdtemp(name);
    }

    void TearDown() override
    {
        std::filesystem::remove_all(m_directory);
    }

    /// Writes a file. @return its path
    std::string Write(const std::string& name, const std::string& content) const
    {
        std::filesystem::create_directories(
            std::filesystem::path(m_directory + "/" + name).parent_path());
        std::ofstream(m_directory + "/" + name) << content;
        return m_directory + "/" + name;
    }

    /// Reads a file.
    static std::string Read(const std::string& file)
    {
        std::ifstream stream(file);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }

    std::string m_directory; //!< removed afterwards
};

} // namespace

TEST(SeedStatistic, MeanAndSampleDeviation)
{
    const auto statistic = SeedStatistic::Of({1, 2, 4});
    EXPECT_DOUBLE_EQ(statistic.mean, 7.0 / 3);
    EXPECT_DOUBLE_EQ(statistic.deviation,
                     std::sqrt(7.0 / 3)); // squares 16/9 + 1/9 + 25/9 = 42/9, over 2
    EXPECT_EQ(statistic.count, 3U);
    EXPECT_EQ(SeedStatistic::Of({5}).deviation, 0);
    EXPECT_TRUE(std::isnan(SeedStatistic::Of({}).mean));
    EXPECT_TRUE(
        std::isnan(SeedStatistic::Of({1, NAN}).mean)); // a diverged run is not averaged away
}

TEST(DropRateStudy, AveragesOverSeedsOnly)
{
    const DropRateStudy study(MakeSweep());
    const auto& series = study.GetSeries();
    ASSERT_EQ(series.size(), 3U);
    EXPECT_EQ(series[0].label, "RPS, 4 servers"); // by number, not by text; RPS first
    EXPECT_EQ(series[1].label, "RPS, 16 servers");
    EXPECT_EQ(series[2].label, "gradient averaging, 16 servers");
    ASSERT_EQ(series[0].conditions.size(), 3U);
    EXPECT_EQ(series[0].conditions[1].dropRate, 0.1);
    EXPECT_DOUBLE_EQ(series[0].conditions[1].loss.mean, 0.6);
    EXPECT_DOUBLE_EQ(series[0].conditions[1].relativeLoss, 1.5);
    EXPECT_EQ(series[0].conditions[2].failed, 1U);
    EXPECT_EQ(study.GetFailed().size(), 1U);
    EXPECT_EQ(study.GetKnobs().at("workers"), std::vector<std::string>({"4", "16"}));

    // Any other knob that was swept makes series of its own.
    auto runs = MakeSweep();
    runs[4].run.knobs["learningRate"] = "0.1";
    runs[5].run.knobs["learningRate"] = "0.2";
    EXPECT_EQ(DropRateStudy(runs).GetSeries().size(), 5U);
    runs[0].run.knobs.erase("dropRate");
    EXPECT_EQ(DropRateStudy(runs).GetOmitted(), 1U);
    runs[0].run.knobs["dropRate"] = "some";
    EXPECT_THROW(DropRateStudy{runs}, std::runtime_error);
    EXPECT_THROW(DropRateStudy{std::vector<FinishedRun>()}, std::runtime_error);
}

TEST(DropRateStudy, LossesAreRelativeToThatWithoutDropsAlone)
{
    const DropRateStudy study(
        {MakeRun("rps", "4", "0.1", "1", "0.5"), MakeRun("rps", "4", "0.2", "1", "0.7")});
    for (const auto& condition : study.GetSeries().at(0).conditions)
    {
        EXPECT_TRUE(std::isnan(condition.relativeLoss)) << condition.dropRate;
    }
}

// Expected: the numbers of MakeSweep() by hand; alpha2 and beta as in the table, to all digits.
TEST_F(DropRateReportTest, EveryColumnOfTheCsvFileHasItsOwnNumber)
{
    auto runs = MakeSweep();
    runs[5].summary["test_accuracy"] = "0.5";
    const std::string file = m_directory + "/table.csv";
    WriteDropRateCsv(DropRateStudy(runs), file);
    const std::string text = Read(file);
    EXPECT_EQ(text.rfind("algorithm,workers,servers,drop_rate,seeds,failed,train_loss,"
                         "train_loss_deviation,train_loss_relative,test_accuracy,"
                         "test_accuracy_deviation,time_s,alpha2,beta,series\n",
                         0),
              0U)
        << text;
    EXPECT_NE(text.find("\nrps,4,4,0.1,2,0,0.6,0.141421356237,1.5,0.65,0.212132034356,12.5,"
                        "0.0484875,0.0607375,\"RPS, 4 servers\"\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("\nrps,4,4,0.4,0,1,"), std::string::npos) << text;
    EXPECT_NE(text.find("\ngradient-averaging,16,16,0,1,0,0.5,0,1,0.8,0,12.5,,,\"gradient "),
              std::string::npos)
        << text;
}

// Set-up: failed runs whose drop rate, or another knob, no scenario takes. Expected: the series,
// their labels and the table are those of the other runs, and the failed ones are listed.
TEST(DropRateStudy, FailedRunsOfMistypedKnobsAreLeftOut)
{
    auto runs = MakeSweep();
    for (const std::string dropRate : {"typo", "1.5", "-1", "nan", ""})
    {
        runs.push_back(MakeRun("rps", "4", dropRate, "1", ""));
    }
    runs.push_back(MakeRun("rps", "-1", "0.1", "1", ""));
    runs.push_back(MakeRun("rps", "4", "0.1", "1", ""));
    runs.back().run.knobs["learningRate"] = "typo";
    runs.push_back(MakeRun("rps", "4", "0.1", "1", ""));
    runs.back().run.knobs.erase("dropRate");
    const DropRateStudy study(runs);
    EXPECT_EQ(study.GetFailed().size(), 9U);
    EXPECT_EQ(study.GetOmitted(), 0U);
    const DropRateStudy others(MakeSweep());
    EXPECT_EQ(study.GetKnobs(), others.GetKnobs());
    EXPECT_EQ(MakeDropRateTable(study).ToText(), MakeDropRateTable(others).ToText());

    const auto message = [](const std::vector<FinishedRun>& left) -> std::string {
        try
        {
            const DropRateStudy none(left);
        }
        catch (const std::runtime_error& error)
        {
            return error.what();
        }
        return "no error";
    };
    EXPECT_NE(message({runs[8]}).find("--dropRate=typo"), std::string::npos) << message({runs[8]});
}

TEST(DropRateStudy, LabelsTellRunsOfAnOlderSweepApart)
{
    auto runs = MakeSweep();
    for (auto run : MakeSweep()) // the same again, from a sweep with one knob more
    {
        run.run.knobs["workerEvaluationSamples"] = "2000";
        runs.push_back(run);
    }
    for (const std::string knob : {"algorithm", "servers", "workers"}) // or one less
    {
        runs.push_back(MakeSweep()[4]);
        runs.back().run.knobs.erase(knob);
    }
    const DropRateStudy study(runs);
    std::set<std::string> labels;
    for (const auto& series : study.GetSeries())
    {
        labels.insert(series.label);
    }
    const std::string suffix = ", workerEvaluationSamples=default";
    EXPECT_EQ(labels,
              std::set<std::string>({"RPS, 4 servers" + suffix,
                                     "RPS, 16 servers" + suffix,
                                     "gradient averaging, 16 servers" + suffix,
                                     "RPS, 4 servers, workerEvaluationSamples=2000",
                                     "RPS, 16 servers, workerEvaluationSamples=2000",
                                     "gradient averaging, 16 servers, workerEvaluationSamples=2000",
                                     "default algorithm, 4 servers" + suffix,
                                     "RPS, default servers, 4 workers" + suffix,
                                     "RPS, 4 servers, default workers" + suffix}));
    EXPECT_EQ(study.GetSeries().size(), labels.size());
    EXPECT_EQ(study.GetKnobs().at("workerEvaluationSamples"),
              std::vector<std::string>({"2000", "default"}));

    // A seed or a drop rate is no part of a label, set or not.
    runs = MakeSweep();
    runs[0].run.knobs.erase("RngRun");
    runs[1].run.knobs["RngSeed"] = "7";
    EXPECT_EQ(DropRateStudy(runs).GetSeries()[2].label, "gradient averaging, 16 servers");
}

TEST_F(DropRateReportTest, TableHasTheoryWhereItApplies)
{
    const DropRateStudy study(MakeSweep());
    const std::string table = MakeDropRateTable(study).ToText();
    EXPECT_NE(table.find("0.6000 ± 0.1414"), std::string::npos) << table;
    EXPECT_NE(table.find("1 failed"), std::string::npos);
    EXPECT_NE(table.find("diverged"), std::string::npos);
    EXPECT_NE(table.find("0.04849  0.06074"), std::string::npos)
        << table; // 3879/80000, 4369/40000 - 3879/80000

    const std::string file = m_directory + "/table.csv";
    WriteDropRateCsv(study, file);
    std::istringstream lines(Read(file));
    std::string line;
    std::getline(lines, line);
    const auto columns = std::count(line.begin(), line.end(), ',');
    int rows = 0;
    while (std::getline(lines, line))
    {
        ++rows;
        line.erase(line.find('"')); // the label, which has commas of its own, is last
        EXPECT_EQ(std::count(line.begin(), line.end(), ','), columns) << line;
        const bool isRps = line.rfind("rps", 0) == 0;
        EXPECT_EQ(line.find(",,,") == std::string::npos, isRps) << line;
    }
    EXPECT_EQ(rows, 6);
    EXPECT_THROW(WriteDropRateCsv(study, m_directory + "/absent/table.csv"), std::runtime_error);
}

TEST_F(DropRateReportTest, CurvesAreReadAndAveraged)
{
    const std::string a = Write(
        "a.csv",
        "round,other,time_s,train_loss\n0,x,0,2\n1,x,0.5,\n2,x,1,1\n3,x,1.5,nan\n4,x,2,0.5\n");
    const std::string b = Write("b.csv", "train_loss,round,time_s\r\n4,0,0\r\n2,2,3\r\n");
    const auto first = ReadRoundCurve(a);
    ASSERT_EQ(first.size(), 3U); // rounds 0, 2 and 4 have a loss
    EXPECT_EQ(first[1].time, 1);
    const auto mean = AverageCurves({first, ReadRoundCurve(b)});
    ASSERT_EQ(mean.size(), 2U); // rounds 0 and 2 are in both
    EXPECT_EQ(mean[0].loss, 3);
    EXPECT_EQ(mean[1].round, 2);
    EXPECT_EQ(mean[1].time, 2);
    EXPECT_EQ(mean[1].loss, 1.5);
    EXPECT_TRUE(AverageCurves({}).empty());

    const auto message = [](const std::string& file) -> std::string {
        try
        {
            ReadRoundCurve(file);
        }
        catch (const std::runtime_error& error)
        {
            return error.what();
        }
        return "no error";
    };
    EXPECT_NE(message(m_directory + "/absent.csv").find("absent.csv"), std::string::npos);
    EXPECT_NE(message(Write("c.csv", "round,train_loss\n")).find("time_s"), std::string::npos);
    EXPECT_NE(message(Write("d.csv", "round,time_s,train_loss\n0,0,1\n1,x,1\n")).find("line 3"),
              std::string::npos);
    EXPECT_NE(message(Write("e.csv", "round,time_s,train_loss\n0,0,1\n1\n")).find("line 3"),
              std::string::npos);
}

TEST_F(DropRateReportTest, PageIsSelfContainedAndEscapes)
{
    HtmlPage page("a < b & \"c\"", "subtitle");
    page.AddList({"<script>"});
    page.AddFigures({"", "<svg></svg>"}, "caption");
    page.Write(m_directory + "/page.html");
    const std::string html = Read(m_directory + "/page.html");
    EXPECT_NE(html.find("a &lt; b &amp; &quot;c&quot;"), std::string::npos);
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_EQ(html.find("src="), std::string::npos);
    EXPECT_EQ(html.find("@import"), std::string::npos);
    EXPECT_EQ(html.find("<div></div>"), std::string::npos); // an empty figure leaves no hole
    EXPECT_THROW(page.Write(m_directory + "/absent/page.html"), std::runtime_error);
}

TEST_F(DropRateReportTest, FiguresHaveOneCurveADropRate)
{
    if (!SvgFigure::IsGnuplotInstalled())
    {
        GTEST_SKIP() << "gnuplot is not installed";
    }
    const DropRateStudy study(MakeSweep());
    for (const auto& run : MakeSweep())
    {
        if (run.run.knobs.at("RngRun") == "1")
        {
            Write("runs/" + run.run.GetId() + "/rounds.csv",
                  "round,time_s,train_loss\n0,0,2\n10,1,1\n");
        }
    }
    const DropRateFigures figures(study,
                                  m_directory + "/runs",
                                  "rounds.csv",
                                  m_directory + "/plots");
    EXPECT_EQ(figures.GetProblems().size(), 2U); // seed 2 of two conditions has no file
    const auto curves = figures.DrawCurves(false);
    ASSERT_EQ(curves.size(), 3U);
    EXPECT_NE(curves[0].find("p = 0.1"), std::string::npos);
    EXPECT_EQ(curves[0].find("p = 0.4"), std::string::npos); // it failed
    EXPECT_EQ(curves[1].find("p = 0.1"), std::string::npos); // it was not run
    const std::string rps = figures.DrawFinal("title",
                                              "y",
                                              DropRateFigures::LOSS,
                                              DropRateFigures::RPS_ONLY,
                                              false,
                                              "final");
    EXPECT_NE(rps.find("RPS, 4 servers"), std::string::npos);
    EXPECT_EQ(rps.find("gradient averaging"), std::string::npos);
    EXPECT_EQ(rps.rfind("<svg", 0), 0U);
}
