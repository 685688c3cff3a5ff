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
           const std::string& tail)
{
    FinishedRun run;
    run.run = {"lossy-training", {{"webRate", rate}, {"queueDisc", priority}}};
    run.ok = true;
    run.summary = {{"segments_sent", "1000"},
                   {"segments_dropped", dropped},
                   {"web_mean_s", mean},
                   {"web_mean_se_s", "0.0001"},
                   {"web_p99_s", tail}};
    return run;
}

/// Two priorities at three loads.
NetworkStudy
MakeStudy()
{
    return NetworkStudy(RunSelection({MakeWebRun("1000", "a", "0", "0.002", "0.010"),
                                      MakeWebRun("2000", "a", "0", "0.004", "0.020"),
                                      MakeWebRun("4000", "a", "10", "0.010", "0.050"),
                                      MakeWebRun("1000", "b", "500", "0.001", "0.004"),
                                      MakeWebRun("2000", "b", "600", "0.002", "0.005"),
                                      MakeWebRun("4000", "b", "1000", "0.004", "0.010")}));
}

/// A run of the ranking, with a curve that falls linearly to its loss in ten seconds.
FinishedRun
MakeRankedRun(const std::string& directory,
              const std::string& transport,
              const std::string& rule,
              const std::string& dropRate,
              double loss)
{
    FinishedRun run;
    run.run = {"lossy-training",
               {{"transport", transport},
                {"rule", rule},
                {"loss", "bernoulli"},
                {"dropRate", dropRate},
                {"RngRun", "1"}}};
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
    EXPECT_DOUBLE_EQ(points[0].mean, 1);
    EXPECT_DOUBLE_EQ(points[1].loss, 0.6);
    EXPECT_DOUBLE_EQ(points[1].mean, 2);
    EXPECT_DOUBLE_EQ(points[1].tail, 4);
    // 2 sqrt((0.1 / 4)^2 + (0.1 / 2)^2)
    EXPECT_NEAR(points[1].meanError, 2 * std::sqrt(0.000625 + 0.0025), 1e-12);
    EXPECT_TRUE(MakeStudy().GetSpeedUps("77").empty());
    EXPECT_DOUBLE_EQ(MakeStudy().GetReferenceTime("4000"), 0.010);
}

TEST(NetworkStudyTest, CostsAreInterpolatedBetweenLoads)
{
    // at 3 ms: priority a carries 1500/s at a loss of 0, b 3000/s at a loss of 0.8
    const auto points = MakeStudy().GetCosts(0.003);
    ASSERT_EQ(points.size(), 2U);
    EXPECT_DOUBLE_EQ(points[0].webRate, 1500);
    EXPECT_DOUBLE_EQ(points[0].cost, 1);
    EXPECT_DOUBLE_EQ(points[1].webRate, 3000);
    EXPECT_DOUBLE_EQ(points[1].loss, 0.8);
    EXPECT_DOUBLE_EQ(points[1].cost, 0.5);
    EXPECT_EQ(MakeStudy().GetCosts(0.008).size(), 1U); // b never takes that long
    EXPECT_TRUE(MakeStudy().GetCosts(1).empty());
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
