/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How many rounds the optimizations take to a loss: without a network, but for one replay.

#include "learning-tasks.h"
#include "training-bench.h"

#include "ns3/learning-compatibility.h"
#include "ns3/local-fleet.h"
#include "ns3/random-engine.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: 110,000 Higgs-like samples, w = 10, B = 1,000, learning rate 0.1, 10 local epochs of
 * ADMM, lambda = rho = 0.01. Stimulus: rounds to a loss of 0.65, of GA, MA, ADMM as released and as
 * in the textbook. Expected (A20): ADMM at most 3, MA 8 to 20, GA at least 60, each at least 4
 * times the one before. (A synthetic experiment of the reference had 131, 12 and 2.) Both variants
 * of ADMM agree to a round.
 */
class RoundsTestCase : public TestCase
{
  public:
    RoundsTestCase()
        : TestCase("A20 rounds to loss 0.65: ADMM at most 3, MA 8 to 20, GA at least 60")
    {
    }

  private:
    void DoRun() override
    {
        const auto task = MakeHiggs(110000, 10, 1000);
        const auto samples = GetFirst(20000);
        const auto count = [&](const std::string& type, uint32_t most) {
            ObjectFactory factory("ns3::serverless::" + type);
            return LocalFleet(task, factory).CountRounds(0.65, most, samples);
        };
        const uint32_t ga = count("AveragedGradients", 400);
        const uint32_t ma = count("AveragedModels", 60);
        const uint32_t admm = count("ConsensusAdmm", 10);
        ObjectFactory textbook("ns3::serverless::ConsensusAdmm");
        textbook.Set("Variant", StringValue("Textbook"));
        const uint32_t other = LocalFleet(task, textbook).CountRounds(0.65, 10, samples);
        NS_TEST_EXPECT_MSG_LT_OR_EQ(admm, 3, "ADMM");
        NS_TEST_EXPECT_MSG_EQ((ma >= 8 && ma <= 20), true, "MA: " << ma);
        NS_TEST_EXPECT_MSG_EQ((ga >= 60 && ga <= 400), true, "GA: " << ga);
        NS_TEST_EXPECT_MSG_EQ((ga >= 4 * ma && ma >= 4 * admm),
                              true,
                              ga << " " << ma << " " << admm);
        NS_TEST_EXPECT_MSG_EQ_TOL(other, admm, 1, "ADMM of the textbook");
    }
};

/**
 * Set-up: 140,800 Higgs-like samples, w = 128, 9 mini-batches an epoch; functions in step,
 * AllReduce over S3 with 0.166 s a request, so that w + 3 = 131 requests of 0.167 s are 21.9 s a
 * round, as was measured with two polls and lists (22 s); 0.58 s a local epoch. Stimulus: MA for 16
 * rounds, ADMM for 2, simulated. Expected (A21): rounds of 22 to 23.5 s. ADMM has the loss that MA
 * has after 16 rounds when it has merged twice, or before; MA takes at least 8 times as long to it.
 * As in the measurement, the loss of ADMM counts when the local epochs end, an exchange before it
 * is recorded. 3 rounds of ADMM would make the ratio 5.9: so 2 at most are demanded, which the
 * first part of A21 has, too.
 */
class ReplayTestCase : public TestCase
{
  public:
    ReplayTestCase()
        : TestCase("A21 128 workers: MA takes at least 8 times as long as ADMM, which needs 2 "
                   "rounds at most")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t WORKERS = 128;
        TrainingSetting setting = MakeTimedSetting(WORKERS, 0, 0.58);
        setting.samples = 1100 * WORKERS;
        setting.features = 28;
        setting.batch = 128;
        setting.evaluated = 20000;
        setting.optimization = "AveragedModels";
        setting.rounds = 16;
        setting.adjustChannel = [](ObjectFactory& factory) {
            factory.Set("Latency", StringValue("ns3::ConstantRandomVariable[Constant=0.166]"));
        };
        LeaveOutPolls(setting);
        const BenchOutcome averaging = Train(setting);
        setting.optimization = "ConsensusAdmm";
        setting.rounds = 2;
        const BenchOutcome admm = Train(setting);
        NS_TEST_ASSERT_MSG_EQ(averaging.error + admm.error, "", "a training failed");
        const double exchange = averaging.GetRoundSeconds() - 9 * 128.0 / 1100 * 0.58;
        NS_TEST_EXPECT_MSG_EQ((exchange > 21.5 && exchange < 23.5), true, "round: " << exchange);
        const double target = averaging.records.back().loss;
        const auto reached = std::find_if(
            admm.records.begin(),
            admm.records.end(),
            [target](const TrainingJob::Record& record) { return record.loss <= target; });
        NS_TEST_ASSERT_MSG_EQ((reached != admm.records.end()), true, "ADMM needs more than 2");
        const auto load =
            *std::max_element(averaging.firstLoads.begin(), averaging.firstLoads.end());
        const double slow = (averaging.records.back().time - load).GetSeconds() - exchange;
        const double fast = (reached->time - load).GetSeconds() - exchange;
        NS_TEST_EXPECT_MSG_GT_OR_EQ(slow / fast, 8, "time of MA over that of ADMM");
    }
};

/**
 * Images of 8 x 8 pixels: one of ten patterns of 4 x 4 random numbers somewhere in noise.
 * @param samples how many
 * @return the data set
 */
Ptr<learning::Dataset>
DrawImages(uint32_t samples)
{
    constexpr uint32_t SIDE = 8;
    constexpr uint32_t CLASSES = 10;
    constexpr uint32_t PATTERN = 4;
    learning::RandomEngine engine(7);
    std::vector<double> patterns(CLASSES * PATTERN * PATTERN);
    std::generate(patterns.begin(), patterns.end(), [&] { return 1.5 * engine.NextNormal(); });
    std::vector<float> pixels(samples * SIDE * SIDE);
    std::vector<float> classes(samples);
    for (uint32_t sample = 0; sample < samples; ++sample)
    {
        float* image = pixels.data() + sample * SIDE * SIDE;
        std::generate_n(image, SIDE * SIDE, [&] {
            return static_cast<float>(engine.NextNormal());
        });
        const uint32_t label = sample % CLASSES;
        const auto top = static_cast<uint32_t>(engine.Next() % (SIDE - PATTERN + 1));
        const auto left = static_cast<uint32_t>(engine.Next() % (SIDE - PATTERN + 1));
        for (uint32_t i = 0; i < PATTERN * PATTERN; ++i)
        {
            image[(top + i / PATTERN) * SIDE + left + i % PATTERN] +=
                static_cast<float>(patterns[label * PATTERN * PATTERN + i]);
        }
        classes[sample] = static_cast<float>(label);
    }
    learning::SampleShape shape;
    shape.height = SIDE;
    shape.width = SIDE;
    return Create<learning::Dataset>(shape, pixels, classes, CLASSES);
}

/**
 * Set-up: a residual network of 8 layers on 5,120 images, w = 10, mini-batches of 16 (32 an epoch),
 * momentum 0.9.
 * Stimulus: gradient averaging and model averaging, learning rates 0.1 (12 epochs) and 0.5 (60
 * epochs); the loss on 1,000 training samples after each epoch.
 * Expected (A23): model averaging needs at least 1.5 times the epochs to the same loss, at both
 * rates, though it takes as many steps in an epoch. At 0.5 the standard deviation of the last 30
 * increments of its loss is at least twice that of gradient averaging (reference: 2.2 times the
 * epochs, 4.7 to 6.7 times the deviation, MobileNet). At lower rates its loss is no noisier here:
 * that part of the claim needs steps that take workers far apart. Negative control: of logistic
 * regression, which is convex, both take the same epochs to a loss, within a fifth.
 */
class AveragingTestCase : public TestCase
{
  public:
    AveragingTestCase()
        : TestCase("A23 residual network: model averaging is slower and less steady")
    {
    }

  private:
    /**
     * Trains.
     * @param task what is learned
     * @param optimization class
     * @param roundsPerEpoch of it
     * @param epochs how many
     * @return loss after each epoch
     */
    static std::vector<double> GetLosses(std::shared_ptr<LearningTask> task,
                                         const std::string& optimization,
                                         uint32_t roundsPerEpoch,
                                         uint32_t epochs)
    {
        LocalFleet fleet(task, ObjectFactory("ns3::serverless::" + optimization));
        std::vector<double> losses;
        for (uint32_t epoch = 0; epoch < epochs; ++epoch)
        {
            for (uint32_t round = 0; round < roundsPerEpoch; ++round)
            {
                fleet.Round();
            }
            losses.push_back(fleet.GetWorker(0)->GetLoss(GetFirst(1000)));
        }
        return losses;
    }

    /**
     * Epochs to a loss.
     * @param losses after each epoch
     * @param target the loss
     * @return epochs, one more than there are if it is not reached
     */
    static std::size_t CountEpochs(const std::vector<double>& losses, double target)
    {
        const auto found = std::find_if(losses.begin(), losses.end(), [target](double loss) {
            return loss <= target;
        });
        return static_cast<std::size_t>(found - losses.begin()) + 1;
    }

    /**
     * Standard deviation of the last 30 increments.
     * @param losses after each epoch
     * @return the deviation
     */
    static double GetDeviation(const std::vector<double>& losses)
    {
        double sum = 0;
        double squares = 0;
        for (std::size_t i = losses.size() - 30; i < losses.size(); ++i)
        {
            const double increment = losses[i] - losses[i - 1];
            sum += increment;
            squares += increment * increment;
        }
        return std::sqrt(squares / 30 - sum * sum / 900);
    }

    void DoRun() override
    {
        auto task = std::make_shared<LearningTask>();
        task->training = DrawImages(5120);
        ObjectFactory model("ns3::learning::ResidualNetwork");
        model.Set("Depth", UintegerValue(8));
        model.Set("Width", UintegerValue(4));
        task->model = model.Create<learning::LearningModel>();
        task->model->SetInput(task->training->GetShape(), 10);
        task->parts = CreateObject<learning::IidPartition>()->Split(*task->training, 10, 1);
        task->batchSize = 16;
        task->optimizer.SetTypeId("ns3::learning::MomentumOptimizer");
        task->optimizer.Set("Momentum", DoubleValue(0.9));

        task->optimizer.Set("LearningRate", DoubleValue(0.1));
        auto gradients = GetLosses(task, "AveragedGradients", 32, 12);
        auto models = GetLosses(task, "AveragedModels", 1, 12);
        NS_TEST_EXPECT_MSG_LT_OR_EQ(CountEpochs(gradients, 1), 12, "gradients, rate 0.1");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(CountEpochs(models, 1), 12, "models, rate 0.1");
        NS_TEST_EXPECT_MSG_GT_OR_EQ(CountEpochs(models, 1),
                                    1.5 * CountEpochs(gradients, 1),
                                    "epochs to a loss of 1, rate 0.1");

        task->optimizer.Set("LearningRate", DoubleValue(0.5));
        gradients = GetLosses(task, "AveragedGradients", 32, 60);
        models = GetLosses(task, "AveragedModels", 1, 60);
        NS_TEST_EXPECT_MSG_GT_OR_EQ(CountEpochs(models, 1),
                                    1.5 * CountEpochs(gradients, 1),
                                    "epochs to a loss of 1, rate 0.5");
        NS_TEST_EXPECT_MSG_GT(GetDeviation(models), 2 * GetDeviation(gradients), "steadiness");

        const auto convex = MakeHiggs(22000, 10, 100);
        const double target = GetLosses(convex, "AveragedGradients", 22, 10).back();
        const std::size_t epochs =
            CountEpochs(GetLosses(convex, "AveragedModels", 1, 20), target + 1e-4);
        NS_TEST_EXPECT_MSG_EQ_TOL(epochs, 10, 2, "logistic regression");
    }
};

/// The suite.
class RoundsTestSuite : public TestSuite
{
  public:
    RoundsTestSuite()
        : TestSuite("serverless-learning-rounds", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new RoundsTestCase);
        add(new ReplayTestCase);
        add(new AveragingTestCase);
    }
};

RoundsTestSuite g_roundsTestSuite; //!< registers the suite

} // namespace
