/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The arithmetic of the report on LambdaML: published numbers and their marks, comparisons,
 * verdicts that may hold in part. Oracles: numbers worked out by hand (exact, or a few roundings).
 */

#include "scratch/lambdaml/comparison.h"
#include "scratch/lambdaml/published-values.h"
#include "scratch/lambdaml/sections.h"

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
    EXPECT_EQ(table.rows[1].back(), "");
    EXPECT_EQ(table.rows[2].back(), "because");
    EXPECT_EQ(table.rows[2][7], "unverified");
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

TEST(LambdamlRuns, SlopeIsOfTheRoundsAlone)
{
    // 5 s to start, 3 s a round
    const RunSelection runs({MakeRun("4", "17", "0"), MakeRun("12", "41", "0")});
    EXPECT_DOUBLE_EQ(GetSlope(runs, "time_s"), 3);
    EXPECT_TRUE(std::isnan(GetSlope(runs.Where("rounds", "4"), "time_s")));
    EXPECT_TRUE(std::isnan(GetNumber(runs, "time_s"))); // which of the two?
}

} // namespace
