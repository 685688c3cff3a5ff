/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The arithmetic of the report on the paper: selections of runs, ratios by seed, deviations,
 * verdicts, interpolation of published curves, samples. Oracles: numbers worked out by hand
 * (tolerance a few roundings) and the published peaks themselves.
 */

#include "scratch/paper/mixing-laboratory.h"
#include "scratch/paper/published-curves.h"
#include "scratch/paper/sections.h"
#include "scratch/paper/training-study.h"
#include "scratch/report/findings.h"
#include "scratch/report/run-selection.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <sstream>
#include <unistd.h>

using namespace ns3::learning;

namespace
{

constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();

/// A run of a study; an empty loss makes it a failed one.
FinishedRun
MakeRun(const std::map<std::string, std::string>& knobs, const std::string& loss)
{
    FinishedRun run;
    run.run = {"lossy-training", knobs};
    run.ok = !loss.empty();
    if (run.ok)
    {
        run.summary = {{"mean_worker_loss", loss}, {"train_loss", loss}};
    }
    return run;
}

/// A directory and a file of curves of its own for each test.
class PaperReportTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        char name[] = "/tmp/paper-report-unit-test-XXXXXX";
        m_directory = mkdtemp(name);
    }

    void TearDown() override
    {
        std::filesystem::remove_all(m_directory);
    }

    /// Writes a file of curves.
    std::string WriteCurves(const std::string& text) const
    {
        const std::string file = m_directory + "/curves.csv";
        std::ofstream(file) << text;
        return file;
    }

    std::string m_directory; //!< removed at the end
};

} // namespace

TEST_F(PaperReportTest, SelectionsCompareNumbersAsNumbersAndLeaveOutFailedRuns)
{
    const RunSelection runs({MakeRun({{"p", "0.10"}, {"a", "x"}}, "1"),
                             MakeRun({{"p", "0.1"}, {"a", "y"}}, "3"),
                             MakeRun({{"p", "0.02"}, {"a", "y"}}, "5"),
                             MakeRun({{"p", "0.1"}, {"a", "y"}}, "")});
    EXPECT_EQ(runs.GetRuns().size(), 3U);
    EXPECT_EQ(runs.Where("p", "0.1").GetRuns().size(), 2U);
    EXPECT_EQ(runs.Where("p", "0.1").Where("a", "x").GetRuns().size(), 1U);
    EXPECT_EQ(runs.Where("absent", "0.1").GetRuns().size(), 0U);
    EXPECT_EQ(runs.GetValues("p").front(), "0.02");
    EXPECT_DOUBLE_EQ(runs.GetStatistic("train_loss").mean, 3);
    EXPECT_DOUBLE_EQ(runs.GetStatistic("train_loss").deviation, 2);
    EXPECT_DOUBLE_EQ(GetStandardError(runs.GetStatistic("train_loss")), 2 / std::sqrt(3));
    EXPECT_TRUE(std::isnan(runs.GetStatistic("absent").mean));
    EXPECT_TRUE(std::isnan(RunSelection().GetStatistic("train_loss").mean));
}

TEST_F(PaperReportTest, RatiosAndDifferencesAreOfRunsWithTheSameSeed)
{
    const RunSelection base({MakeRun({{"RngRun", "1"}}, "1"), MakeRun({{"RngRun", "2"}}, "4")});
    const RunSelection here({MakeRun({{"RngRun", "2"}}, "6"),
                             MakeRun({{"RngRun", "1"}}, "2"),
                             MakeRun({{"RngRun", "3"}}, "100")}); // has no partner
    const auto ratio = here.GetRatio(base, "train_loss");
    EXPECT_EQ(ratio.count, 2U);
    EXPECT_DOUBLE_EQ(ratio.mean, (2.0 / 1 + 6.0 / 4) / 2); // that of the means would be 1.6
    EXPECT_DOUBLE_EQ(here.GetDifference(base, "train_loss").mean, 1.5);
    EXPECT_EQ(here.GetRatio(RunSelection(), "train_loss").count, 0U);

    // Runs with one number are paired only where their seeds are the same, too.
    const RunSelection seeds({MakeRun({{"RngRun", "1"}, {"RngSeed", "5"}}, "2"),
                              MakeRun({{"RngRun", "1"}, {"RngSeed", "6"}}, "8")});
    const RunSelection twice({MakeRun({{"RngRun", "1"}, {"RngSeed", "5"}}, "6"),
                              MakeRun({{"RngRun", "1"}, {"RngSeed", "6"}}, "8")});
    const auto pairs = twice.GetRatio(seeds, "train_loss");
    EXPECT_EQ(pairs.count, 2U);
    EXPECT_DOUBLE_EQ(pairs.mean, (6.0 / 2 + 8.0 / 8) / 2);
}

TEST_F(PaperReportTest, StudiesInOneDatabaseAreToldApart)
{
    const RunSelection runs({MakeRun({{"dataset", "a"}, {"dropRate", "0"}, {"RngRun", "1"}}, "1"),
                             MakeRun({{"dataset", "a"}, {"dropRate", "0.1"}, {"RngRun", "2"}}, "1"),
                             MakeRun({{"dataset", "b"}, {"dropRate", "0"}, {"RngRun", "1"}}, "2")});
    const auto studies = TrainingStudy::Split(runs);
    ASSERT_EQ(studies.size(), 2U);
    EXPECT_EQ(studies[0].GetRuns().size(), 2U);
    EXPECT_DOUBLE_EQ(studies[1].GetStatistic("train_loss").mean, 2);
}

TEST_F(PaperReportTest, DeviationsAreExplainedByReadingErrorAndTwoStandardErrors)
{
    Deviation deviation{"2", "peak", 2.0, 0.1, 2.5, 0.2};
    EXPECT_DOUBLE_EQ(deviation.GetDifference(), 0.5);
    EXPECT_DOUBLE_EQ(deviation.GetRelative(), 0.25);
    EXPECT_TRUE(deviation.IsExplained()); // 0.5 = 0.1 + 2 x 0.2, to a rounding
    deviation.found = 2.51;
    EXPECT_FALSE(deviation.IsExplained());
    deviation.standardError = NOT_A_NUMBER; // a single run
    EXPECT_FALSE(deviation.IsDecided());
    deviation.found = 2.05;
    EXPECT_TRUE(deviation.IsExplained());
    EXPECT_TRUE(deviation.IsDecided()) << "by the error of reading alone";
    deviation.published = 0;
    EXPECT_TRUE(std::isnan(deviation.GetRelative()));
    const auto table = MakeDeviationTable({{"2", "a", 1, 0, 1.5, 0},
                                           {"3", "b", 1, 0, NOT_A_NUMBER, 0},
                                           {"3", "c", 1, 0, 1.5, NOT_A_NUMBER}});
    ASSERT_EQ(table.rows.size(), 5U); // a rule before each figure
    EXPECT_EQ(table.rows[1][5], "+50.0");
    EXPECT_EQ(table.rows[1][6], "no");
    EXPECT_EQ(table.rows[3][6], "-");
    EXPECT_EQ(table.rows[4][6], "-") << "an unknown error is not none";
}

TEST_F(PaperReportTest, VerdictsKnowWhatTheyCannotTell)
{
    EXPECT_EQ(JudgeRange(1.0, 0, 0.9, 1.1), Verdict::HOLDS);
    EXPECT_EQ(JudgeRange(1.2, 0.04, 0.9, 1.1), Verdict::FAILS);
    EXPECT_EQ(JudgeRange(1.2, 0.06, 0.9, 1.1), Verdict::UNRESOLVED);
    EXPECT_EQ(JudgeRange(1.05, 0.02, 0.9, 1.1), Verdict::HOLDS);
    EXPECT_EQ(JudgeRange(1.05, 0.1, 0.9, 1.1), Verdict::UNRESOLVED) << "inside, but by chance";
    EXPECT_EQ(JudgeRange(0.1, 0.1, 0, 1.1), Verdict::HOLDS) << "a ratio is never below 0";
    EXPECT_EQ(JudgeRange(2, 1, 1.1, INFINITY), Verdict::UNRESOLVED);
    EXPECT_EQ(JudgeRange(1.2, NOT_A_NUMBER, 0.9, 1.1), Verdict::FAILS);
    EXPECT_EQ(JudgeRange(NOT_A_NUMBER, 0, 0.9, 1.1), Verdict::NOT_MEASURED);
    EXPECT_EQ(JudgeRange(INFINITY, 0, 1.1, INFINITY), Verdict::HOLDS);
    EXPECT_EQ(JoinVerdicts({Verdict::HOLDS, Verdict::HOLDS}), Verdict::HOLDS);
    EXPECT_EQ(JoinVerdicts({Verdict::HOLDS, Verdict::UNRESOLVED}), Verdict::UNRESOLVED);
    EXPECT_EQ(JoinVerdicts({Verdict::NOT_MEASURED, Verdict::FAILS}), Verdict::FAILS);
    EXPECT_EQ(JoinVerdicts({}), Verdict::NOT_MEASURED);
}

TEST_F(PaperReportTest, CurvesAreInterpolatedWithinAndNotBeyond)
{
    const PublishedCurves curves(
        WriteCurves("# a comment\nfigure,series,x,y\n9,a,4,8\n9,a,1,2\n9,a,2,4\n9,b,1,1\n"));
    const auto& curve = curves.Get("9", "a");
    EXPECT_DOUBLE_EQ(Interpolate(curve, 1), 2);
    EXPECT_DOUBLE_EQ(Interpolate(curve, 3), 6);
    EXPECT_DOUBLE_EQ(Interpolate(curve, 4), 8);
    EXPECT_TRUE(std::isnan(Interpolate(curve, 4.1)));
    EXPECT_TRUE(std::isnan(Interpolate(curve, 0.9)));
    EXPECT_TRUE(std::isnan(Interpolate(curve, NOT_A_NUMBER)));
    EXPECT_DOUBLE_EQ(GetTailMean(curve, 1), 6); // of 4 and 8
    EXPECT_TRUE(std::isnan(GetTailMean(curve, 4)));
    EXPECT_THROW(curves.Get("9", "c"), std::invalid_argument);
}

TEST_F(PaperReportTest, WrongFilesOfCurvesAreRefusedByLine)
{
    EXPECT_THROW(PublishedCurves(m_directory + "/absent"), std::runtime_error);
    EXPECT_THROW(PublishedCurves(WriteCurves("figure,x,y\n")), std::runtime_error);
    try
    {
        PublishedCurves(WriteCurves("figure,series,x,y\n9,a,1,2\n9,a,one,2\n"));
        FAIL() << "accepted";
    }
    catch (const std::runtime_error& error)
    {
        EXPECT_NE(std::string(error.what()).find("line 3"), std::string::npos) << error.what();
    }
}

/// The file of the repository: its final losses are those that were worked out when it was read,
/// rps.md 11.2 and 11.3, which have four digits.
TEST_F(PaperReportTest, ThePublishedCurvesHaveTheLossesThatWereRead)
{
    const PublishedCurves curves(PAPER_CURVES);
    EXPECT_NEAR(GetTailMean(curves.Get("4a", "arrival_100"), 150), 0.0954, 6e-5);
    EXPECT_NEAR(GetTailMean(curves.Get("4a", "arrival_60"), 150), 0.1808, 6e-5);
    EXPECT_NEAR(GetTailMean(curves.Get("4b", "arrival_90"), 150), 0.0253, 6e-5);
    EXPECT_NEAR(GetTailMean(curves.Get("4c", "arrival_80"), 17), 0.0322, 6e-5);
    EXPECT_NEAR(GetTailMean(curves.Get("5a", "arrival_99"), 150), 0.3265, 6e-5);
    EXPECT_NEAR(GetTailMean(curves.Get("5c", "arrival_95"), 17), 0.0161, 6e-5);
    // rps.md 12.2 and 12.3
    EXPECT_NEAR(Interpolate(curves.Get("6", "lambda_10000"), 0.1), 1.21, 6e-3);
    EXPECT_NEAR(Interpolate(curves.Get("6", "lambda_2000"), 0.4), 1.52, 6e-3);
    EXPECT_NEAR(curves.Get("7", "target_2ms").back().y, 0.25, 1e-3);
}

TEST_F(PaperReportTest, TrainingStudiesTellAlgorithmsApartAndShareTheRunWithoutDrops)
{
    const auto make = [](const std::string& algorithm,
                         const std::string& missing,
                         const std::string& p,
                         const std::string& seed,
                         const std::string& loss) {
        std::map<std::string, std::string> knobs{{"algorithm", algorithm},
                                                 {"dropRate", p},
                                                 {"RngRun", seed}};
        if (!missing.empty())
        {
            knobs["missing"] = missing;
        }
        return MakeRun(knobs, loss);
    };
    const RunSelection runs({make("rps", "", "0", "1", "0.1"),
                             make("rps", "", "0", "2", "0.2"),
                             make("rps", "", "0.1", "1", "0.2"),
                             make("rps", "", "0.1", "2", "0.2"),
                             make("gradient-averaging", "own", "0.01", "1", "0.3"),
                             make("gradient-averaging", "zero", "0.01", "1", "0.4")});
    const PublishedCurves curves(PAPER_CURVES);
    StudyReport report("title", "subtitle", m_directory);
    const PublishedTask task{"ResNet-20", "4a", "5a", 160, 10, 0.0008};
    const TrainingStudy study(report, runs, curves, {task}, "test");
    EXPECT_DOUBLE_EQ(study.GetRatio(TrainingStudy::RPS, "0.1").mean, 1.5);
    EXPECT_DOUBLE_EQ(study.GetRatio(TrainingStudy::OWN, "0.01").mean, 3);
    EXPECT_DOUBLE_EQ(study.GetRatio(TrainingStudy::ZERO, "0.01").mean, 4);
    EXPECT_NEAR(study.GetPublishedRatio(task, false, "0.1"), 0.1178 / 0.0954, 1e-3);
    EXPECT_NEAR(study.GetPublishedRatio(task, true, "0.05"), 0.4338 / 0.0975, 2e-3);
    EXPECT_TRUE(std::isnan(study.GetPublishedRatio(task, true, "0.4")));
    // ratios of 2 and 1: a standard error of 0.5
    EXPECT_EQ(study.Judge(TrainingStudy::RPS, "0.1", 1.4, 1.6), Verdict::UNRESOLVED);
    EXPECT_EQ(study.Judge(TrainingStudy::RPS, "0.1", 0, 3), Verdict::HOLDS);
    EXPECT_EQ(study.Judge(TrainingStudy::RPS, "0.2", 0, 2), Verdict::NOT_MEASURED);
    study.AddDeviations();
    EXPECT_EQ(report.GetDeviations().size(), 9U); // 5 of RPS, 2 x 2 of gradient averaging
}

TEST_F(PaperReportTest, ReportsWithoutRunsSayWhatIsMissing)
{
    StudyReport report("title", "subtitle", m_directory);
    AddMixingSection(report);
    AddQuadraticSection(report);
    AddServersSection(report);
    EXPECT_GE(report.GetProblems().size(), 4U);
    for (const Claim& claim : report.GetClaims())
    {
        // what follows from closed forms needs no run
        EXPECT_TRUE(claim.verdict == Verdict::NOT_MEASURED || claim.source.find("4.2") == 8 ||
                    claim.source == "figure 3")
            << claim.text;
    }
    for (const Deviation& deviation : report.GetDeviations())
    {
        EXPECT_EQ(deviation.IsExplained(),
                  deviation.quantity.find("which the label names") == std::string::npos)
            << deviation.quantity;
    }
    std::ifstream page(report.Write());
    std::ostringstream text;
    text << page.rdbuf();
    EXPECT_NE(text.str().find("Missing: no runs of mixing"), std::string::npos);
}

TEST(SampleMeanTest, MeanAndStandardErrorOfKnownNumbers)
{
    SampleMean sample;
    EXPECT_TRUE(std::isnan(sample.GetError()));
    for (const double value : {1.0, 2.0, 3.0, 6.0})
    {
        sample.Add(value);
    }
    EXPECT_EQ(sample.GetCount(), 4U);
    EXPECT_DOUBLE_EQ(sample.GetMean(), 3);
    EXPECT_DOUBLE_EQ(sample.GetError(), std::sqrt(14.0 / 3 / 4));
}
