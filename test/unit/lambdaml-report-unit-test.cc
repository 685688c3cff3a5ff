/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The arithmetic of the report on LambdaML: published numbers and their marks, comparisons,
 * verdicts that may hold in part, steadiness of losses, tenants. Oracles: numbers worked out by
 * hand (exact, or a few roundings), and for queues the law of Pollaczek and Khinchine.
 */

#include "scratch/lambdaml/comparison.h"
#include "scratch/lambdaml/loss-curves.h"
#include "scratch/lambdaml/published-values.h"
#include "scratch/lambdaml/tenancy-study.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <stdexcept>
#include <unistd.h>

using namespace ns3::learning;

namespace
{

constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();

/// A finished run of so many rounds.
FinishedRun
MakeRun(const std::string& rounds, const std::string& time, const std::string& nanoDollars)
{
    FinishedRun run;
    run.run = {"serverless-training", {{"rounds", rounds}}};
    run.ok = true;
    run.summary = {{"rounds", rounds}, {"time_s", time}, {"cost_nano_usd", nanoDollars}};
    return run;
}

/// A directory of its own for each test.
class LambdamlReportTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        char name[] = "/tmp/lambdaml-report-unit-test-XXXXXX";
        m_directory = mkdtemp(name);
    }

    void TearDown() override
    {
        std::filesystem::remove_all(m_directory);
    }

    /// Reads a file of published numbers with the given lines below its heading.
    PublishedValues Read(const std::string& lines) const
    {
        const std::string file = m_directory + "/values.csv";
        std::ofstream(file) << "# comment\nid,table,quantity,value,tolerance,mark,source\n"
                            << lines;
        return PublishedValues(file);
    }

    std::string m_directory; //!< of the test
};

TEST_F(LambdamlReportTest, ReadsPublishedNumbersAndTheirMarks)
{
    const auto values = Read("a,t,\"one, two\",4.5,0.1,H,s\nb,t,q,2,0.2,U,s\n");
    EXPECT_EQ(values.Get("a").quantity, "one, two");
    EXPECT_EQ(values.Get("a").value, 4.5);
    EXPECT_EQ(values.Get("a").GetTrust(), "verified: measured by the authors");
    EXPECT_EQ(values.Get("b").GetTrust(), "unverified");
    EXPECT_THROW(values.Get("c"), std::invalid_argument);
}

TEST_F(LambdamlReportTest, RefusesWhatIsNoPublishedNumber)
{
    for (const std::string line : {"a,t,q,4.5,0.1,X,s",
                                   "a,t,q,4.5,0,U,s",
                                   "a,t,q,much,0.1,U,s",
                                   "a,t,q,4.5,0.1,U",
                                   "a,t,q,1,0.1,U,s\na,t,q,1,0.1,U,s"})
    {
        EXPECT_THROW(Read(line + "\n"), std::runtime_error) << line;
    }
    EXPECT_THROW(PublishedValues(m_directory + "/none.csv"), std::runtime_error);
}

TEST_F(LambdamlReportTest, EveryPublishedNumberHasAToleranceAndASource)
{
    const PublishedValues values(LAMBDAML_VALUES);
    EXPECT_GE(values.GetAll().size(), 40U);
    for (const auto& [id, value] : values.GetAll())
    {
        EXPECT_FALSE(value.source.empty()) << id;
        EXPECT_LE(value.tolerance, 0.5) << id;
    }
}

TEST_F(LambdamlReportTest, ComparesWithinTheTolerance)
{
    const auto values = Read("a,t,q,10,0.1,U,s\n");
    StudyReport report("title", "subtitle", m_directory);
    const Comparison comparison(values, report);
    EXPECT_EQ(comparison.Compare("a", 10.9), Verdict::HOLDS);
    EXPECT_EQ(comparison.Compare("a", 11.1, "because"), Verdict::FAILS);
    EXPECT_EQ(comparison.Compare("a", NOT_A_NUMBER), Verdict::NOT_MEASURED);
    const auto table = MakeDeviationTable(report.GetDeviations());
    ASSERT_EQ(table.rows.size(), 4U); // a rule first
    EXPECT_EQ(table.rows[1][3], "");
    EXPECT_EQ(table.rows[2][3], "because");
    EXPECT_EQ(table.rows[2][2], "unverified");
    EXPECT_EQ(table.rows[2].back(), "no");
}

TEST(LambdamlVerdicts, HoldPartlyIfSomeFailAndSomeHold)
{
    EXPECT_EQ(GradeVerdicts({Verdict::HOLDS, Verdict::FAILS}), Verdict::PARTLY);
    EXPECT_EQ(GradeVerdicts({Verdict::FAILS, Verdict::FAILS}), Verdict::FAILS);
    EXPECT_EQ(GradeVerdicts({Verdict::HOLDS, Verdict::HOLDS}), Verdict::HOLDS);
    EXPECT_EQ(GradeVerdicts({Verdict::HOLDS, Verdict::NOT_MEASURED}), Verdict::NOT_MEASURED);
    EXPECT_EQ(GradeVerdicts({}), Verdict::NOT_MEASURED);
    EXPECT_EQ(JudgeBelow(1, 2), Verdict::HOLDS);
    EXPECT_EQ(JudgeBelow(2, 2), Verdict::FAILS);
    EXPECT_EQ(JudgeBelow(1, NOT_A_NUMBER), Verdict::NOT_MEASURED);
}

TEST(LambdamlVerdicts, FitAShortTable)
{
    EXPECT_EQ(FormatBrief(7.2134), "7.21");
    EXPECT_EQ(FormatBrief(8449.3), "8449");
    EXPECT_EQ(FormatBrief(NOT_A_NUMBER), "-");
    EXPECT_EQ(MakeShortTable({{"claim 9", "text", "x2", Verdict::PARTLY, "why", "title", "x3"}}),
              "source | claim | published | here | verdict\n"
              "claim 9 | title | x3 | x2 | holds partly\n");
}

TEST(LambdamlRuns, SlopeIsOfTheRoundsAlone)
{
    // 5 s to start, 3 s a round
    const RunSelection runs({MakeRun("4", "17", "0"), MakeRun("12", "41", "0")});
    EXPECT_DOUBLE_EQ(GetSlope(runs, "time_s"), 3);
    EXPECT_TRUE(std::isnan(GetSlope(runs.Where("rounds", "4"), "time_s")));
    EXPECT_TRUE(std::isnan(GetNumber(runs, "time_s"))); // which of the two?
}

TEST(LambdamlLosses, SteadinessIsOfTheChanges)
{
    // changes: -1, +0.5, -0.5, 0
    const std::vector<RoundPoint> curve{{1, 0, 3}, {2, 0, 2}, {3, 0, 2.5}, {4, 0, 2}, {5, 0, 2}};
    const Steadiness all = MeasureSteadiness(curve);
    EXPECT_DOUBLE_EQ(all.rising, 0.25);
    EXPECT_DOUBLE_EQ(all.worst, 0.5);
    EXPECT_DOUBLE_EQ(all.deviation,
                     std::sqrt((0.5625 + 0.5625 + 0.0625 + 0.0625) / 3)); // mean -0.25
    EXPECT_DOUBLE_EQ(MeasureSteadiness(curve, 2).worst, 0);               // -0.5, 0
    EXPECT_DOUBLE_EQ(MeasureSteadiness(curve, 3).rising, 1 / 3.0);        // all but the first
    EXPECT_DOUBLE_EQ(MeasureSteadiness(curve, 4).rising, 0.25);
    EXPECT_TRUE(std::isnan(MeasureSteadiness({{1, 0, 3}, {2, 0, 2}}).rising));
    EXPECT_EQ(GetRoundToLoss(curve, 2.2), 2);
    EXPECT_TRUE(std::isnan(GetRoundToLoss(curve, 1)));
    EXPECT_EQ(GetLowestLoss(curve), 2);
}

TEST(LambdamlTenants, WaitsAsInAQueueWithConstantService)
{
    // M/D/1: mean wait s rho / (2 (1 - rho)); rho = 0.5, s = 100 s: 50 s. 36,000 jobs: standard
    // error about 0.8 s
    TenancyLoad load;
    load.jobsPerHour = 18;
    load.hours = 2000;
    const auto arrivals = DrawArrivals(load, 1);
    const auto waits = GetWaits(arrivals, 1, 100);
    double sum = 0;
    for (const double wait : waits)
    {
        sum += wait;
    }
    EXPECT_NEAR(static_cast<double>(arrivals.size()), 36000, 4 * std::sqrt(36000.0));
    EXPECT_NEAR(sum / static_cast<double>(waits.size()), 50, 4);
}

TEST(LambdamlTenants, PeaksKeepTheMeanAndNeedMoreFleets)
{
    TenancyLoad load;
    load.jobsPerHour = 60;
    load.hours = 20000;
    const auto steady = DrawArrivals(load, 1);
    load.burst = 10;
    const auto bursts = DrawArrivals(load, 1);
    // 4,000 peaks of 300 jobs each with exponential length: relative error of the mean about 0.022
    EXPECT_NEAR(static_cast<double>(bursts.size()), 1.2e6, 0.09 * 1.2e6);
    EXPECT_GT(GetNeededFleets(bursts, 92, 0.05, 94), GetNeededFleets(steady, 92, 0.05, 94));
}

TEST(LambdamlTenants, FleetsAreAsFewAsPossible)
{
    // four jobs at once, of 10 s: two fleets make two of them wait 10 s, four none
    const std::vector<double> arrivals{0, 0, 0, 0};
    EXPECT_EQ(GetWaits(arrivals, 2, 10), (std::vector<double>{0, 0, 10, 10}));
    EXPECT_EQ(GetLateShare({0, 0, 10, 10}, 0), 0.5);
    EXPECT_EQ(GetLateShare({0, 0, 10, 10}, 10), 0);
    EXPECT_EQ(GetNeededFleets(arrivals, 10, 0, 0), 4U);
    EXPECT_EQ(GetNeededFleets(arrivals, 10, 0.5, 0), 2U);
    EXPECT_EQ(GetNeededFleets(arrivals, 10, 0, 10), 2U);
}

} // namespace
