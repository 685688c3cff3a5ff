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

/// What servers make of what arrived, and send back.
class AggregationTestSuite : public TestSuite
{
  public:
    AggregationTestSuite()
        : TestSuite("distributed-learning-aggregation", Type::UNIT)
    {
        AddTestCase(new RulesOrderingTestCase, TestDuration::QUICK);
    }
};

AggregationTestSuite g_aggregationTestSuite; //!< registers the suite

} // namespace
