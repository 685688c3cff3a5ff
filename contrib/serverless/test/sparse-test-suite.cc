/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Sparse data in serverless trainings: documents in the form of RCV1.

#include "ns3/learning-compatibility.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/sparse-text.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/training-run.h"

#include <algorithm>
#include <memory>
#include <numeric>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: 1,000 documents of 47,236 terms, a linear model, gradient averaging by 5 functions over
 * S3, mini-batches of 100, 6 rounds.
 * Expected: the model is, bit by bit, that of the same steps taken in memory with a sum in the
 * order of the workers; each worker PUTs 47,237 numbers of 4 bytes, 188,948 bytes, the 189 KB of
 * the reference; the loss falls below that of guessing (ln 2 for logistic regression, 1 for a
 * support vector machine). Negative control: with half the learning rate it is another model.
 */
class SparseTrainingTestCase : public TestCase
{
  public:
    /**
     * Names the model.
     * @param model its class
     * @param guess loss of the model that is all zeros
     * @param rate step size
     */
    SparseTrainingTestCase(const std::string& model, double guess, double rate)
        : TestCase("sparse " + model + " over S3 equals its steps in memory"),
          m_model(model),
          m_guess(guess),
          m_rate(rate)
    {
    }

  private:
    /**
     * What is learned.
     * @param rate step size
     * @return the task
     */
    LearningTask MakeTask(double rate) const
    {
        LearningTask task;
        task.training = learning::SparseTextLaw(47236, 74, 0.4, 0, 1).Generate(1000, 0);
        task.model = ObjectFactory("ns3::learning::" + m_model).Create<learning::LearningModel>();
        task.model->SetInput(task.training->GetShape(), 2);
        task.optimizer.SetTypeId("ns3::learning::StochasticGradientDescent");
        task.optimizer.Set("LearningRate", StringValue(std::to_string(rate)));
        task.batchSize = 100;
        for (uint32_t worker = 0; worker < 5; ++worker)
        {
            task.parts.emplace_back(200);
            std::iota(task.parts.back().begin(), task.parts.back().end(), 200 * worker);
        }
        return task;
    }

    /**
     * Takes the steps without a network.
     * @param rate step size
     * @return the parameters
     */
    std::vector<float> TrainInMemory(double rate) const
    {
        const auto task = std::make_shared<LearningTask>(MakeTask(rate));
        std::vector<Ptr<LocalOptimization>> workers;
        for (uint32_t worker = 0; worker < 5; ++worker)
        {
            workers.push_back(
                ObjectFactory("ns3::serverless::AveragedGradients").Create<LocalOptimization>());
            workers.back()->Configure(task, worker);
        }
        for (int round = 0; round < 6; ++round)
        {
            std::vector<double> sum(task->model->GetParameterCount());
            for (const auto& worker : workers)
            {
                worker->Compute();
                const auto vector = worker->GetVector();
                std::transform(sum.begin(), sum.end(), vector.begin(), sum.begin(), std::plus<>());
            }
            // on the wire, sums are numbers of 4 bytes
            std::transform(sum.begin(), sum.end(), sum.begin(), [](double number) {
                return static_cast<float>(number);
            });
            for (const auto& worker : workers)
            {
                worker->Merge(sum, 5);
            }
        }
        return workers.front()->GetParameters();
    }

    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        ServerlessTrainingHelper training;
        training.SetTask(MakeTask(m_rate));
        training.SetOptimization(ObjectFactory("ns3::serverless::AveragedGradients"));
        const Ptr<TrainingJob> job = training.GetJob();
        job->workers = 5;
        job->rounds = 6;
        job->dataBytes = 1200000;
        job->evaluated.resize(1000);
        std::iota(job->evaluated.begin(), job->evaluated.end(), 0);
        const auto outcome = RunTraining(training, CreateObject<CostLedger>());
        NS_TEST_EXPECT_MSG_EQ(outcome.error, "", "no worker fails");
        NS_TEST_EXPECT_MSG_EQ(outcome.rounds, 6, "all rounds");
        NS_TEST_EXPECT_MSG_LT(outcome.loss, 0.99 * m_guess, "the loss falls");
        NS_TEST_EXPECT_MSG_EQ(training.GetWorkers()[0]->GetOptimization()->GetVector().size() * 4,
                              188948,
                              "bytes of a gradient");
        const auto expected = TrainInMemory(m_rate);
        for (const auto& worker : training.GetWorkers())
        {
            NS_TEST_EXPECT_MSG_EQ((worker->GetOptimization()->GetParameters() == expected),
                                  true,
                                  "the model of steps in memory");
        }
        NS_TEST_EXPECT_MSG_EQ((TrainInMemory(m_rate / 2) == expected), false, "another rate");
        Simulator::Destroy();
    }

    std::string m_model; //!< its class
    double m_guess;      //!< loss of guessing
    double m_rate;       //!< step size
};

/// The suite.
class SparseTestSuite : public TestSuite
{
  public:
    SparseTestSuite()
        : TestSuite("serverless-learning-sparse", Type::UNIT)
    {
        AddTestCase(new SparseTrainingTestCase("LogisticRegression", 0.6931, 5),
                    learning::TestDuration::QUICK);
        AddTestCase(new SparseTrainingTestCase("LinearSupportVectorMachine", 1, 2),
                    learning::TestDuration::QUICK);
    }
} g_sparseTestSuite; //!< registers it

} // namespace
