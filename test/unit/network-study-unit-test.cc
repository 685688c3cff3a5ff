/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * What is worked out of runs beside a Web service, and the ranking of transports and rules.
 * Oracles: numbers worked out by hand, tolerance a few roundings.
 */

#include "scratch/paper/network-study.h"
#include "scratch/report/round-curve.h"
#include "scratch/tolerance/tolerance-study.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace ns3::learning;

namespace
{

/// A run beside a Web service.
FinishedRun
MakeWebRun(const std::string& rate,
           const std::string& priority,
           const std::string& dropped,
           const std::string& mean,
           const std::string& tail,
           const std::string& seed = "1")
{
    FinishedRun run;
    run.run = {"lossy-training", {{"webRate", rate}, {"queueDisc", priority}, {"RngRun", seed}}};
    run.ok = true;
    run.summary = {{"segments_sent", "1000"},
                   {"segments_dropped", dropped},
                   {"web_mean_s", mean},
                   {"web_p99_s", tail}};
    return run;
}

/// Two priorities at three loads.
std::vector<FinishedRun>
MakeWebRuns()
{
    return {MakeWebRun("1000", "a", "0", "0.002", "0.010"),
            MakeWebRun("2000", "a", "0", "0.004", "0.020"),
            MakeWebRun("4000", "a", "10", "0.010", "0.050"),
            MakeWebRun("1000", "b", "500", "0.001", "0.004"),
            MakeWebRun("2000", "b", "600", "0.002", "0.005"),
            MakeWebRun("4000", "b", "1000", "0.004", "0.010")};
}

/// The study of them.
NetworkStudy
MakeStudy()
{
    return NetworkStudy(RunSelection(MakeWebRuns()));
}

/// The study of them and of a second seed, in which b is slower.
NetworkStudy
MakeStudyOfTwoSeeds()
{
    auto runs = MakeWebRuns();
    for (const auto& run : {MakeWebRun("1000", "a", "0", "0.002", "0.010", "2"),
                            MakeWebRun("2000", "a", "0", "0.004", "0.020", "2"),
                            MakeWebRun("4000", "a", "10", "0.010", "0.050", "2"),
                            MakeWebRun("1000", "b", "500", "0.002", "0.004", "2"),
                            MakeWebRun("2000", "b", "400", "0.0025", "0.005", "2"),
                            MakeWebRun("4000", "b", "1000", "0.0035", "0.010", "2")})
    {
        runs.push_back(run);
    }
    return NetworkStudy(RunSelection(runs));
}

/// A run of the ranking, with a curve that falls linearly to its loss in ten seconds.
FinishedRun
MakeRankedRun(const std::string& directory,
              const std::string& transport,
              const std::string& rule,
              const std::string& dropRate,
              double loss,
              const std::string& seed = "1")
{
    FinishedRun run;
    run.run = {"lossy-training",
               {{"transport", transport},
                {"rule", rule},
                {"loss", "bernoulli"},
                {"dropRate", dropRate},
                {"RngRun", seed}}};
    run.ok = true;
    run.summary = {{"mean_worker_loss", std::to_string(loss)},
                   {"bytes_up", "1000000"},
                   {"bytes_down", "2000000"},
                   {"delivered_push", "0.7"}};
    const auto folder = std::filesystem::path(directory) / "runs" / run.run.GetId();
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "rounds.csv")
        << "round,time_s,mean_worker_loss\n0,0,1\n10,10," << loss << "\n";
    return run;
}

} // namespace

TEST(NetworkStudyTest, SpeedUpsAreOverTheRunThatLosesLeast)
{
    const auto points = MakeStudy().GetSpeedUps("2000");
    ASSERT_EQ(points.size(), 2U);
    EXPECT_DOUBLE_EQ(points[0].loss, 0);
    EXPECT_DOUBLE_EQ(points[0].mean.mean, 1);
    EXPECT_DOUBLE_EQ(points[1].loss, 0.6);
    EXPECT_DOUBLE_EQ(points[1].mean.mean, 2);
    EXPECT_DOUBLE_EQ(points[1].tail.mean, 4);
    EXPECT_TRUE(MakeStudy().GetSpeedUps("77").empty());
    EXPECT_DOUBLE_EQ(MakeStudy().GetReferenceTime("4000"), 0.010);
}

TEST(NetworkStudyTest, CostsAreInterpolatedBetweenLoads)
{
    // at 3 ms: priority a carries 1500/s at a loss of 0, b 3000/s at a loss of 0.8
    const auto points = MakeStudy().GetCosts(0.003);
    ASSERT_EQ(points.size(), 2U);
    EXPECT_DOUBLE_EQ(points[0].webRate, 1500);
    EXPECT_DOUBLE_EQ(points[0].cost.mean, 1);
    EXPECT_DOUBLE_EQ(points[1].webRate, 3000);
    EXPECT_DOUBLE_EQ(points[1].loss, 0.8);
    EXPECT_DOUBLE_EQ(points[1].cost.mean, 0.5);
    EXPECT_EQ(MakeStudy().GetCosts(0.008).size(), 1U); // b never takes that long
    EXPECT_TRUE(MakeStudy().GetCosts(1).empty());
}

TEST(NetworkStudyTest, EveryPointHasTheErrorOfItsOwnSeeds)
{
    // at 2000/s: 4 / 2 at a loss of 0.6, 4 / 2.5 at a loss of 0.4
    const auto study = MakeStudyOfTwoSeeds();
    const auto points = study.GetSpeedUps("2000");
    ASSERT_EQ(points.size(), 2U);
    EXPECT_DOUBLE_EQ(points[0].mean.deviation, 0);
    EXPECT_DOUBLE_EQ(points[1].loss, 0.5);
    EXPECT_NEAR(points[1].mean.mean, 1.8, 1e-12);
    EXPECT_NEAR(GetStandardError(points[1].mean), 0.2, 1e-12); // half of what two values differ
    // at a loss of 0.3, half and three quarters of the way
    const auto between = study.GetSpeedUpAt("2000", 0.3);
    EXPECT_EQ(between.count, 2U);
    EXPECT_NEAR(between.mean, (1.5 + 1.45) / 2, 1e-12);
    EXPECT_NEAR(GetStandardError(between), 0.025, 1e-12);
    EXPECT_EQ(study.GetSpeedUpAt("2000", 0.5).count, 1U) << "only one seed reaches this far";
    EXPECT_TRUE(std::isnan(GetStandardError(study.GetSpeedUpAt("2000", 0.5))));
    EXPECT_EQ(study.GetSpeedUpAt("77", 0.5).count, 0U);
    // at 3 ms: 1500/s over 3000/s at a loss of 0.8, as above; and the same at one of 0.7
    const auto costs = study.GetCosts(0.003);
    ASSERT_EQ(costs.size(), 2U);
    EXPECT_NEAR(costs[1].loss, 0.75, 1e-12);
    EXPECT_NEAR(costs[1].cost.mean, 0.5, 1e-12);
    EXPECT_NEAR(study.GetCostAt(0.003, 0.7).mean, (1 - 0.5 * 7 / 8 + 0.5) / 2, 1e-12);
}

TEST(RoundCurveTest, TimeToALossIsInterpolated)
{
    const std::vector<RoundPoint> curve{{0, 0, 1}, {10, 2, 0.6}, {20, 4, 0.4}, {30, 6, 0.5}};
    EXPECT_DOUBLE_EQ(GetTimeToLoss(curve, 0.5), 3);
    EXPECT_DOUBLE_EQ(GetTimeToLoss(curve, 2), 0);
    EXPECT_TRUE(std::isnan(GetTimeToLoss(curve, 0.3)));
    EXPECT_TRUE(std::isnan(GetTimeToLoss({}, 0.3)));
}

TEST(ToleranceStudyTest, TheFastestToTheTargetComesFirst)
{
    char name[] = "/tmp/tolerance-study-unit-test-XXXXXX";
    const std::string directory = mkdtemp(name);
    {
        RunDatabase database(directory + "/ranking.sqlite", RunDatabase::CREATE);
        for (const auto& run : {MakeRankedRun(directory, "datagram", "received-mean", "0", 0.2),
                                MakeRankedRun(directory, "datagram", "received-mean", "0.3", 0.22),
                                MakeRankedRun(directory, "datagram", "zero-fill", "0.3", 0.3),
                                MakeRankedRun(directory, "tcp", "received-mean", "0.3", 0.2)})
        {
            database.Record(run);
        }
    }
    StudyReport report("title", "subtitle", directory);
    const ToleranceStudy study(report);
    ASSERT_EQ(study.GetRows().size(), 3U);
    // the target is 1.25 x 0.2; from 1 to 0.2 in ten seconds it is reached after 9.375
    EXPECT_EQ(study.GetRows()[0].transport, "tcp");
    EXPECT_NEAR(study.GetRows()[0].time.mean, 9.375, 1e-9);
    EXPECT_NEAR(study.GetRows()[1].time.mean, 10 * 0.75 / 0.78, 1e-9);
    EXPECT_NEAR(study.GetRows()[1].ratio.mean, 1.1, 1e-9);
    EXPECT_EQ(study.GetRows()[2].rule, "zero-fill");
    EXPECT_EQ(study.GetRows()[2].reached, 0U);
    EXPECT_DOUBLE_EQ(study.GetRows()[2].bytes.mean, 3e6);
    std::filesystem::remove_all(directory);
}

// Expected: each seed has the target of its own run without drops, 1.25 x 0.2 and 1.25 x 0.4; of
// two rules the one comes first that gets there with the larger share of its seeds, 1 of 1 and 2
// of 3.
TEST(ToleranceStudyTest, SeedsHaveTheirOwnTargetsAndSharesAreCompared)
{
    char name[] = "/tmp/tolerance-study-unit-test-XXXXXX";
    const std::string directory = mkdtemp(name);
    {
        RunDatabase database(directory + "/ranking.sqlite", RunDatabase::CREATE);
        for (const auto& run :
             {MakeRankedRun(directory, "datagram", "received-mean", "0", 0.2, "1"),
              MakeRankedRun(directory, "datagram", "received-mean", "0", 0.4, "2"),
              MakeRankedRun(directory, "datagram", "received-mean", "0", 0.2, "3"),
              MakeRankedRun(directory, "datagram", "received-mean", "0.3", 0.2, "1"),
              MakeRankedRun(directory, "datagram", "received-mean", "0.3", 0.4, "2"),
              MakeRankedRun(directory, "datagram", "received-mean", "0.3", 0.3, "3"),
              MakeRankedRun(directory, "tcp", "received-mean", "0.3", 0.2, "1")})
        {
            database.Record(run);
        }
    }
    StudyReport report("title", "subtitle", directory);
    const ToleranceStudy study(report);
    ASSERT_EQ(study.GetRows().size(), 2U);
    EXPECT_EQ(study.GetRows()[0].transport, "tcp");
    EXPECT_EQ(study.GetRows()[1].reached, 2U);
    EXPECT_EQ(study.GetRows()[1].seeds, 3U);
    // from 1 in ten seconds to 0.2 by 0.25, and to 0.4 by 0.5
    EXPECT_NEAR(study.GetRows()[1].time.mean, (10 * 0.75 / 0.8 + 10 * 0.5 / 0.6) / 2, 1e-9);
    std::filesystem::remove_all(directory);
}
