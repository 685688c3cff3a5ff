/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What servers make of what arrived, and what they send back, on the real message path. The rules
// alone are tested in test/unit.

#include "suite-support.h"

#include "ns3/bernoulli-error-model.h"
#include "ns3/dataset-loader.h"
#include "ns3/evaluation.h"
#include "ns3/learning-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: logistic regression by gradient averaging, 8 workers, 2 dedicated servers that keep the
 * parameters; segments are lost on the way to the servers only, p = 0.3, 200 rounds. The same
 * mini-batches with and without loss.
 * Stimulus: received mean, zero fill, and zero fill with acknowledged error feedback.
 * Expected: the ordering of loss-tolerance.md 6.2. By how much the final training loss exceeds that
 * without packet loss, over 5 seeds: zero fill hurts most, by 4 standard errors of the paired
 * difference more than the received mean; error feedback removes nine tenths of the damage of zero
 * fill at least, within 4 standard errors.
 */
class RulesOrderingTestCase : public TestCase
{
  public:
    RulesOrderingTestCase()
        : TestCase("zero fill hurts most, error feedback removes nearly all damage")
    {
    }

  private:
    void DoRun() override
    {
        const std::string repays = "ns3::learning::BlockCoding[ErrorFeedback=Acknowledged]";
        const std::string nothing = "ns3::learning::BlockCoding";
        Sample zeroFill;
        Sample zeroFillOverMean;
        Sample feedback;
        Sample leftover;
        for (uint32_t run = 1; run <= 5; ++run)
        {
            const double best = Train("ReceivedMeanRule", nothing, 0, run);
            const double mean = Train("ReceivedMeanRule", nothing, 0.3, run) - best;
            const double zero = Train("ZeroFillRule", nothing, 0.3, run) - best;
            const double repaid = Train("ZeroFillRule", repays, 0.3, run) - best;
            zeroFill.Add(zero);
            zeroFillOverMean.Add(zero - mean);
            feedback.Add(repaid);
            leftover.Add(repaid - 0.1 * zero);
        }
        NS_TEST_ASSERT_MSG_GT(zeroFillOverMean.GetMean(),
                              4 * zeroFillOverMean.GetError(),
                              "zero fill against the mean: " << zeroFillOverMean.Describe(0));
        NS_TEST_ASSERT_MSG_LT(leftover.GetMean(),
                              4 * leftover.GetError(),
                              "damage that error feedback leaves: "
                                  << feedback.Describe(0) << ", of " << zeroFill.Describe(0));
        NS_TEST_ASSERT_MSG_LT(leftover.GetError() * 4,
                              0.5 * zeroFill.GetMean(),
                              "too few seeds to tell");
    }

    /**
     * Trains.
     * @param rule how servers aggregate
     * @param coding what is done to blocks
     * @param dropRate p
     * @param run number of the run
     * @return final training loss
     */
    static double Train(const std::string& rule,
                        const std::string& coding,
                        double dropRate,
                        uint32_t run)
    {
        static const Ptr<Dataset> data =
            LoadDataset("synthetic-logistic:features=256,samples=512,noise=0.05,condition=100", "")
                .training;
        Scenario scenario;
        scenario.workers = 8;
        scenario.servers = 2;
        scenario.dedicated = true;
        scenario.owners = BlockOwners::FIXED;
        scenario.dropRate = dropRate;
        scenario.segmentBytes = 64;
        scenario.algorithm = "ns3::learning::GradientAveraging[Downlink=Parameters|Rule=ns3::"
                             "learning::" +
                             rule + "]";
        scenario.coding = coding;
        scenario.model = "ns3::learning::LogisticRegression";
        scenario.learningRate = 1;
        scenario.batch = 32;
        scenario.rounds = 200;
        scenario.run = run;
        scenario.data = data;
        TrainingRun training(scenario);
        for (uint32_t i = 0; i < scenario.workers; ++i)
        {
            // drops nothing
            training.GetStar().GetHostDevices().Get(i)->SetAttribute(
                "ReceiveErrorModel",
                PointerValue(CreateObject<BernoulliErrorModel>()));
        }
        Simulator::Run();
        const double loss = EvaluateDataset(*training.GetSetup()->model,
                                            training.GetWorker(0)->GetParameters().data(),
                                            *data,
                                            0,
                                            data->GetSampleCount())
                                .lossSum /
                            data->GetSampleCount();
        Simulator::Destroy();
        return loss;
    }
};

/**
 * Set-up: 4 workers, 2 dedicated servers that keep the parameters, p in {0.1, 0.5}; deadlines that
 * a reliable refresh fits in. Stimulus: 150 rounds, without a bound and with bounds of 0, 1 and 3
 * rounds, plain and with blocks that are compressed and rotated. Expected: with a bound A no copy
 * is ever older than A rounds, and some are as old; without, P(age >= a) = p^a and a mean of p / (1
 * - p) (loss-tolerance.md 4.2), within 4 standard errors, inflated by (1 + p) / (1 - p) since ages
 * of consecutive rounds are correlated. Control: without a bound, ages above 3 do occur.
 */
class AgesTestCase : public TestCase
{
  public:
    /**
     * Names the case.
     * @param dropRate p
     * @param bound the bound, negative for none
     * @param isCoded whether blocks are compressed and rotated
     */
    AgesTestCase(double dropRate, int bound, bool isCoded)
        : TestCase("ages of parameters: p = " + std::to_string(dropRate) + ", bound " +
                   std::to_string(bound) + (isCoded ? ", coded" : "")),
          m_dropRate(dropRate),
          m_bound(bound),
          m_isCoded(isCoded)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.servers = 2;
        scenario.dedicated = true;
        scenario.owners = BlockOwners::FIXED;
        scenario.dropRate = m_dropRate;
        scenario.algorithm = "ns3::learning::GradientAveraging[Downlink=Parameters|AgeBound=" +
                             std::to_string(m_bound) + "]";
        if (m_isCoded)
        {
            scenario.coding = "ns3::learning::BlockCoding[Compressor=ns3::learning::"
                              "Binary16Compressor|Ways=Both|Hadamard=true]";
        }
        scenario.rounds = 150;
        scenario.pushDeadline = Seconds(100);
        scenario.pullDeadline = Seconds(200);
        scenario.data = MakeData(8, 320, 1);
        TrainingRun run(scenario);
        Simulator::Run();
        std::vector<double> shares;
        double count = 0;
        for (uint32_t k = 0; k < scenario.workers; ++k)
        {
            NS_TEST_ASSERT_MSG_EQ(run.GetWorker(k)->GetCompletedRounds(), 150, "rounds missing");
            const std::vector<uint64_t>& ages = run.GetWorker(k)->GetSegmentAges().GetHistogram();
            shares.resize(std::max(shares.size(), ages.size()));
            for (std::size_t age = 0; age < ages.size(); ++age)
            {
                shares[age] += static_cast<double>(ages[age]);
                count += static_cast<double>(ages[age]);
            }
        }
        NS_TEST_ASSERT_MSG_EQ(run.IsConserved(), true, "segments unaccounted for");
        Simulator::Destroy();
        if (m_bound >= 0)
        {
            NS_TEST_ASSERT_MSG_EQ(shares.size(), m_bound + 1, "oldest copy: not the bound");
            return;
        }
        NS_TEST_ASSERT_MSG_GT(shares.size(), 4, "nothing became old");
        const double inflation = (1 + m_dropRate) / (1 - m_dropRate);
        double mean = 0;
        double older = 1;
        for (std::size_t age = 0; age < shares.size(); ++age)
        {
            const double expected = std::pow(m_dropRate, age);
            NS_TEST_EXPECT_MSG_EQ_TOL(older,
                                      expected,
                                      4 * std::sqrt(expected * (1 - expected) * inflation / count) +
                                          1e-4,
                                      "share of ages of " << age << " and above");
            mean += static_cast<double>(age) * shares[age] / count;
            older -= shares[age] / count;
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(mean,
                                  m_dropRate / (1 - m_dropRate),
                                  4 * std::sqrt(m_dropRate * inflation / count) / (1 - m_dropRate),
                                  "mean age");
    }

    const double m_dropRate; //!< p
    const int m_bound;       //!< the bound, negative for none
    const bool m_isCoded;    //!< whether blocks are compressed and rotated
};

/// What servers make of what arrived, and send back.
class AggregationTestSuite : public TestSuite
{
  public:
    AggregationTestSuite()
        : TestSuite("distributed-learning-aggregation", Type::UNIT)
    {
        AddTestCase(new RulesOrderingTestCase, TestDuration::QUICK);
        for (const double dropRate : {0.1, 0.5})
        {
            for (const int bound : {-1, 0, 1, 3})
            {
                AddTestCase(new AgesTestCase(dropRate, bound, false), TestDuration::QUICK);
            }
            AddTestCase(new AgesTestCase(dropRate, 1, true), TestDuration::QUICK);
        }
    }
};

AggregationTestSuite g_aggregationTestSuite; //!< registers the suite

} // namespace
