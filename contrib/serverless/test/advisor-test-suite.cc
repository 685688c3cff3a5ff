/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Designs and their simulation: known cases, predictions, projections.

#include "learning-tasks.h"

#include "ns3/config.h"
#include "ns3/learning-compatibility.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/training-advisor.h"
#include "ns3/uinteger.h"

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * The request for the reference's logistic regression on Higgs: 8 GB, 80 s an epoch on one machine,
 * one round of ADMM as measured (or several of gradient averaging with a large model).
 * @param dataBytes declared bytes of the training set
 * @param modelBytes declared bytes of the model
 * @param epochSeconds computation of an epoch on one machine
 * @return the advisor
 */
TrainingAdvisor
MakeAdvisor(double dataBytes, double modelBytes, double epochSeconds = 80)
{
    AdviceWorkload workload;
    workload.task = *MakeHiggs(11000, 10, 100);
    workload.task.parts.clear(); // dealt by the advisor, for each number of workers
    workload.dataBytes = dataBytes;
    workload.modelBytes = modelBytes;
    workload.epochSeconds = epochSeconds;
    workload.targetLoss = 0.65;
    workload.share = 1;
    workload.mostRounds = 400;
    workload.evaluated = 11000;
    TrainingAdvisor advisor(workload, 10, 10);
    advisor.AddFunctions();
    advisor.AddMachines();
    advisor.AddChannel("s3", ObjectFactory("ns3::serverless::ObjectStore"));
    return advisor;
}

/**
 * Set-up: the reference's logistic regression, 10 workers, S3 against machines.
 * Expected: few rounds (ADMM): functions are faster (start-up of 1 s against 132 s), machines are
 * cheaper (a function costs 3.9 times a machine); both by what is simulated, whose rounds, being
 * estimated on all samples here, are those predicted, and whose time is within 10 % of the
 * prediction, the tolerance of A18. A model of 89 MB by gradient averaging: machines are faster,
 * too.
 */
class KnownCasesTestCase : public TestCase
{
  public:
    KnownCasesTestCase()
        : TestCase("small models are faster on functions, large ones on machines")
    {
    }

  private:
    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        const PriceTable prices("aws-2020");
        TrainingAdvisor advisor = MakeAdvisor(8e9, 0);
        NS_TEST_EXPECT_MSG_EQ(
            advisor.AddOptimization("admm", ObjectFactory("ns3::serverless::ConsensusAdmm")),
            "",
            "it is convex");
        const auto byTime = FindDesigns(advisor.GetRequest(), prices);
        advisor.GetRequest().objective = AdviceRequest::COST;
        const auto byCost = FindDesigns(advisor.GetRequest(), prices);
        ObjectFactory slow("ns3::serverless::ObjectStore");
        slow.Set("ConnectionRate", StringValue("20Mbps"));
        TrainingAdvisor other = advisor;
        other.SetStore(slow);
        other.AddFunctions();
        NS_TEST_EXPECT_MSG_EQ(other.GetRequest().platforms.back().loadRate, 2.5e6, "its store");
        Config::SetDefault("ns3::serverless::FunctionPlatform::Concurrency", UintegerValue(7));
        other.AddFunctions();
        Config::Reset();
        NS_TEST_EXPECT_MSG_EQ(other.GetRequest().platforms.back().most, 7, "no more at a time");
        NS_TEST_EXPECT_MSG_EQ(advisor.Describe(byTime[0]), "function s3 allreduce admm 10", "time");
        NS_TEST_EXPECT_MSG_EQ(advisor.Describe(byCost[0]), "machine - ring admm 10", "cost");
        const auto functions = advisor.Simulate(byTime[0], "aws-2020", 400).outcome;
        const auto machines = advisor.Simulate(byCost[0], "aws-2020", 400).outcome;
        NS_TEST_EXPECT_MSG_LT(functions.seconds, machines.seconds, "functions are faster");
        NS_TEST_EXPECT_MSG_LT(machines.dollars, functions.dollars, "machines are cheaper");
        Compare(byTime[0], functions);
        Compare(byCost[0], machines);

        TrainingAdvisor large = MakeAdvisor(8e9, 89e6);
        large.AddOptimization("ga", ObjectFactory("ns3::serverless::AveragedGradients"));
        NS_TEST_EXPECT_MSG_EQ(large.Describe(FindDesigns(large.GetRequest(), prices)[0]),
                              "machine - ring ga 10",
                              "a large model");
    }

    /**
     * Compares predicted and simulated.
     * @param candidate predicted
     * @param outcome simulated
     */
    void Compare(const AdviceCandidate& candidate, const TrainingOutcome& outcome)
    {
        NS_TEST_EXPECT_MSG_EQ(outcome.isReached, true, "the loss is reached");
        NS_TEST_EXPECT_MSG_EQ(outcome.rounds, candidate.job.rounds, "in the rounds estimated");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.seconds,
                                  candidate.GetSeconds(),
                                  0.1 * candidate.GetSeconds(),
                                  "time");
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.dollars,
                                  candidate.dollars,
                                  0.1 * candidate.dollars,
                                  "cost");
    }
};

/**
 * Set-up: model averaging by 10 functions over S3, without much data to load, made to last 12
 * rounds, of which 12 or 4 may be simulated.
 * Expected: of 12, simulated to the loss; of 4, projected to 12 from 2 and 4, or 2 and 5: rounds
 * are alike, so computation is 12 times that of a round to 1e-6, and a round takes as long, to 2 %
 * (polls).
 */
class ProjectionTestCase : public TestCase
{
  public:
    ProjectionTestCase()
        : TestCase("long jobs are projected from their first rounds")
    {
    }

  private:
    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        TrainingAdvisor advisor = MakeAdvisor(1e6, 0);
        advisor.AddOptimization("ma", ObjectFactory("ns3::serverless::AveragedModels"));
        AdviceCandidate candidate = FindDesigns(advisor.GetRequest(), PriceTable("aws-2020"))[0];
        candidate.job.rounds = 12;
        const auto whole = advisor.Simulate(candidate, "aws-2020", 12);
        const auto part = advisor.Simulate(candidate, "aws-2020", 4);
        NS_TEST_EXPECT_MSG_EQ(whole.isProjected, false, "simulated to the end");
        NS_TEST_EXPECT_MSG_EQ(part.isProjected, true, "projected");
        NS_TEST_EXPECT_MSG_EQ(part.outcome.rounds, 12, "rounds");
        const double rounds = whole.outcome.rounds;
        NS_TEST_ASSERT_MSG_LT(rounds, 12, "the loss comes first");
        NS_TEST_EXPECT_MSG_EQ_TOL(part.outcome.compute / 12,
                                  whole.outcome.compute / rounds,
                                  1e-6,
                                  "computation of a round");
        const auto odd = advisor.Simulate(candidate, "aws-2020", 5);
        NS_TEST_EXPECT_MSG_EQ_TOL(odd.outcome.compute / 12,
                                  whole.outcome.compute / rounds,
                                  1e-6,
                                  "computation of a round, from 2 and 5");
        const double round = (part.outcome.seconds - whole.outcome.seconds) / (12 - rounds);
        const double expected = (whole.outcome.compute + whole.outcome.exchange) / rounds;
        NS_TEST_EXPECT_MSG_EQ_TOL(round, expected, 0.02 * expected, "a round");
    }
};

/**
 * Set-up: as above, with 1 GB to load, which takes 1.5 s, and functions of 5 rounds each; to last
 * 24 rounds. Stimulus: projected from 2 and 4 rounds, in one life; and from 6 and 12, in two and
 * three. Expected: both have the 5 lives, with their loads, within 0.1 s each (latency), and the
 * same time to 2 % and cost to 5 % (polls). Negative control: new lives take time.
 */
class ProjectedLivesTestCase : public TestCase
{
  public:
    ProjectedLivesTestCase()
        : TestCase("projections have the new instances that come later")
    {
    }

  private:
    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        Config::SetDefault("ns3::serverless::FunctionPlatform::RoundsPerInvocation",
                           UintegerValue(5));
        TrainingAdvisor advisor = MakeAdvisor(1e9, 0);
        advisor.AddOptimization("ma", ObjectFactory("ns3::serverless::AveragedModels"));
        AdviceCandidate candidate = FindDesigns(advisor.GetRequest(), PriceTable("aws-2020"))[0];
        candidate.job.rounds = 24;
        const TrainingOutcome few = advisor.Simulate(candidate, "aws-2020", 4).outcome;
        const TrainingOutcome many = advisor.Simulate(candidate, "aws-2020", 12).outcome;
        Config::Reset();
        for (const TrainingOutcome* outcome : {&few, &many})
        {
            NS_TEST_EXPECT_MSG_EQ(outcome->error, "", "the training failed");
            NS_TEST_EXPECT_MSG_EQ(outcome->invocations, 50, "lives");
            NS_TEST_EXPECT_MSG_EQ_TOL(outcome->load, 5 * 1.62, 5 * 0.1, "loads");
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(few.seconds, many.seconds, 0.02 * many.seconds, "time");
        NS_TEST_EXPECT_MSG_EQ_TOL(few.dollars, many.dollars, 0.05 * many.dollars, "cost");
        const TrainingOutcome alone = [&candidate] {
            TrainingAdvisor longer = MakeAdvisor(1e9, 0);
            longer.AddOptimization("ma", ObjectFactory("ns3::serverless::AveragedModels"));
            candidate.job.roundsPerInvocation = 0;
            return longer.Simulate(candidate, "aws-2020", 4).outcome;
        }();
        NS_TEST_EXPECT_MSG_GT(few.seconds, alone.seconds + 4 * 1.6, "new lives take time");
    }
};

/**
 * Set-up: a parameter server, 10 workers, a model of 12 MB, 2 and 4 rounds with little computation,
 * which the pulls of others would hide in part.
 * Expected: push and pull of a round take, in step, within 10 % of what is predicted.
 */
class PushAndPullTestCase : public TestCase
{
  public:
    PushAndPullTestCase()
        : TestCase("push and pull take what the closed form says")
    {
    }

  private:
    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        TrainingAdvisor advisor = MakeAdvisor(1e6, 12e6, 0.1);
        advisor.AddOptimization("ma", ObjectFactory("ns3::serverless::AveragedModels"));
        advisor.AddChannel("vm", ObjectFactory("ns3::serverless::ParameterMachine"));
        AdviceCandidate candidate;
        const bool works = EvaluateDesign(advisor.GetRequest(),
                                          {0, 1, 0, ExchangePattern::PUSH_AND_PULL, 10},
                                          PriceTable("aws-2020"),
                                          candidate);
        NS_TEST_ASSERT_MSG_EQ(works, true, "it works");
        // projections to 5 and 6 rounds from the same runs differ by a round in step
        double seconds[2];
        for (const int i : {0, 1})
        {
            candidate.job.rounds = 5 + i;
            const auto outcome = advisor.Simulate(candidate, "aws-2020", 4).outcome;
            NS_TEST_EXPECT_MSG_EQ(outcome.error, "", "no worker fails");
            seconds[i] = outcome.seconds;
        }
        const double simulated = seconds[1] - seconds[0];
        const double predicted = GetExchangeTime(candidate.job) + candidate.job.roundSeconds / 10;
        NS_TEST_EXPECT_MSG_EQ_TOL(simulated, predicted, 0.1 * predicted, "a round");
    }
};

/// The suite.
class AdvisorTestSuite : public TestSuite
{
  public:
    AdvisorTestSuite()
        : TestSuite("serverless-learning-advisor", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new KnownCasesTestCase);
        add(new ProjectionTestCase);
        add(new ProjectedLivesTestCase);
        add(new PushAndPullTestCase);
    }
};

AdvisorTestSuite g_advisorTestSuite; //!< registers the suite

} // namespace
