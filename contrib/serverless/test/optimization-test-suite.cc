/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What workers compute, send and merge: sums are added up in memory, and once over a store.

#include "learning-tasks.h"

#include "ns3/averaged-gradients.h"
#include "ns3/consensus-admm.h"
#include "ns3/k-means-clustering.h"
#include "ns3/learning-compatibility.h"
#include "ns3/local-fleet.h"
#include "ns3/serverless-training-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/**
 * Set-up: 1,000 Higgs-like samples in 4 parts of 250, batches of 25.
 * Stimulus: 40 rounds of GA with momentum; the same mini-batches put together for one worker.
 * Expected: the same parameters to 1e-5 (binary32 sums in another order); a worker that leaves the
 * division by the number of workers out is far off (negative control).
 */
class SequentialTestCase : public TestCase
{
  public:
    SequentialTestCase()
        : TestCase("GA equals stochastic gradient descent with the batches of all workers")
    {
    }

  private:
    void DoRun() override
    {
        const auto task = MakeHiggs(1000, 4, 25);
        task->optimizer = ObjectFactory("ns3::learning::MomentumOptimizer");
        task->optimizer.Set("LearningRate", DoubleValue(0.1));
        LocalFleet fleet(task, ObjectFactory("ns3::serverless::AveragedGradients"));
        LocalFleet wrong(task, ObjectFactory("ns3::serverless::AveragedGradients"));
        std::vector<learning::BatchSampler> samplers;
        for (uint32_t worker = 0; worker < 4; ++worker)
        {
            samplers.emplace_back(task->parts[worker],
                                  25,
                                  learning::SplitMix64(0x4f52444552534c01, task->seed, worker));
        }
        const uint32_t size = task->model->GetParameterCount();
        std::vector<float, learning::AlignedAllocator<float>> parameters(size);
        std::vector<float, learning::AlignedAllocator<float>> gradient(size);
        const auto optimizer = task->optimizer.Create<learning::Optimizer>();
        learning::BatchBuffer<float> buffer;
        for (uint32_t round = 0; round < 40; ++round)
        {
            fleet.Round();
            std::vector<double> sum(size);
            for (uint32_t worker = 0; worker < 4; ++worker)
            {
                wrong.GetWorker(worker)->Compute();
                const auto vector = wrong.GetWorker(worker)->GetVector();
                std::transform(vector.begin(),
                               vector.end(),
                               sum.begin(),
                               sum.begin(),
                               std::plus<>());
            }
            for (uint32_t worker = 0; worker < 4; ++worker)
            {
                wrong.GetWorker(worker)->Merge(sum, 1);
            }
            std::vector<uint32_t> samples;
            for (auto& sampler : samplers)
            {
                const auto& batch = sampler.Next();
                samples.insert(samples.end(), batch.begin(), batch.end());
            }
            const auto batch = task->training->Gather(samples.data(), 100, buffer);
            task->model->Gradient(parameters.data(), batch, gradient.data());
            optimizer->Step(parameters.data(), gradient.data(), size, round);
        }
        const auto together = fleet.GetWorker(2)->GetParameters();
        double far = 0;
        for (uint32_t i = 0; i < size; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(together[i], parameters[i], 1e-5, "a parameter");
            far =
                std::max<double>(far,
                                 std::abs(wrong.GetWorker(2)->GetParameters()[i] - parameters[i]));
        }
        NS_TEST_EXPECT_MSG_GT(far, 1e-2, "sums instead of means go unnoticed");
    }
};

/**
 * Set-up: 4 workers with 500 samples of 5 Gaussian clusters in 8 dimensions; k = 5.
 * Stimulus: 10 rounds with sums and counts; Lloyd's iterations on all samples, written here in
 * another way.
 * Expected (A24): the same centroids to 1e-9, in memory and by AllReduce over a store with numbers
 * of 8 bytes on the wire. Negative controls: numbers of 4 bytes are rounded to 6e-8 of sums of some
 * hundred, so they are off by more than 1e-9; unweighted means of centroids, as the released code
 * takes them, by more than 1e-3 where parts differ in their labels.
 */
class ClusteringTestCase : public TestCase
{
  public:
    ClusteringTestCase()
        : TestCase("A24 k-means with sums and counts equals Lloyd's iterations on one machine")
    {
    }

  private:
    static constexpr uint32_t K = 5; //!< clusters
    static constexpr uint32_t D = 8; //!< features

    static constexpr uint32_t ROUNDS = 10; //!< iterations

    void DoRun() override
    {
        auto task = std::make_shared<LearningTask>();
        task->training = learning::ClusterLaw(D, K, 3, 1).Generate(500, 0);
        const auto partition = CreateObject<learning::LabelSortedPartition>();
        task->parts = partition->Split(*task->training, 4, 1);
        ObjectFactory factory("ns3::serverless::KMeansClustering");
        factory.Set("Clusters", UintegerValue(K));
        LocalFleet fleet(task, factory);
        const std::vector<double> exact = TrainOverStore(*task, factory, 8);
        const std::vector<double> rounded = TrainOverStore(*task, factory, 4);
        factory.Set("Variant", StringValue("Centroids"));
        LocalFleet unweighted(task, factory);
        std::vector<double> centers = GetCentroids(fleet);
        const double before = fleet.GetWorker(0)->GetLoss(GetFirst(500));
        for (uint32_t round = 0; round < ROUNDS; ++round)
        {
            fleet.Round();
            unweighted.Round();
            centers = Iterate(*task->training, centers);
        }
        NS_TEST_EXPECT_MSG_LT(GetDistance(GetCentroids(fleet), centers), 1e-9, "sums and counts");
        NS_TEST_EXPECT_MSG_LT(GetDistance(exact, centers), 1e-9, "8 bytes over a store");
        NS_TEST_EXPECT_MSG_GT(GetDistance(rounded, centers), 1e-9, "4 bytes over a store");
        NS_TEST_EXPECT_MSG_LT(GetDistance(rounded, centers), 1e-5, "4 bytes over a store");
        NS_TEST_EXPECT_MSG_GT(GetDistance(GetCentroids(unweighted), centers), 1e-3, "unweighted");
        NS_TEST_EXPECT_MSG_LT(fleet.GetWorker(0)->GetLoss(GetFirst(500)),
                              0.95 * before,
                              "no better");
    }

    /**
     * Trains functions by AllReduce over an object store.
     * @param task what is learned
     * @param optimization makes workers' parts
     * @param numberBytes of a number on the wire
     * @return centroids of the last worker, clusters x features
     */
    static std::vector<double> TrainOverStore(const LearningTask& task,
                                              const ObjectFactory& optimization,
                                              uint32_t numberBytes)
    {
        ObjectFactory collective("ns3::serverless::AllReduce");
        collective.Set("NumberBytes", UintegerValue(numberBytes));
        ServerlessTrainingHelper training;
        training.SetTask(task);
        training.SetOptimization(optimization);
        training.SetCollective(collective);
        training.GetJob()->workers = static_cast<uint32_t>(task.parts.size());
        training.GetJob()->rounds = ROUNDS;
        training.Install();
        Simulator::Run();
        const auto last =
            DynamicCast<KMeansClustering>(training.GetWorkers().back()->GetOptimization());
        const std::vector<double> centroids = last->GetCentroids();
        Simulator::Destroy();
        return centroids;
    }

    /**
     * Centroids of a fleet.
     * @param fleet the fleet
     * @return clusters x features
     */
    static std::vector<double> GetCentroids(const LocalFleet& fleet)
    {
        return DynamicCast<KMeansClustering>(fleet.GetWorker(3))->GetCentroids();
    }

    /**
     * Largest difference.
     * @param a numbers
     * @param b numbers
     * @return the difference
     */
    static double GetDistance(const std::vector<double>& a, const std::vector<double>& b)
    {
        double most = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
        {
            most = std::max(most, std::abs(a[i] - b[i]));
        }
        return most;
    }

    /**
     * One iteration: nearest by the largest x.c - |c|^2 / 2, means by running updates.
     * @param data all samples
     * @param centers clusters x features
     * @return new centers
     */
    static std::vector<double> Iterate(const learning::Dataset& data,
                                       const std::vector<double>& centers)
    {
        std::vector<double> means(centers.size());
        std::vector<uint32_t> counts(K);
        learning::BatchBuffer<double> buffer;
        for (uint32_t sample = 0; sample < data.GetSampleCount(); ++sample)
        {
            const auto batch = data.Gather(&sample, 1, buffer);
            uint32_t best = 0;
            double most = -std::numeric_limits<double>::infinity();
            for (uint32_t k = 0; k < K; ++k)
            {
                double score = 0;
                for (uint32_t j = 0; j < D; ++j)
                {
                    const double c = centers[k * D + j];
                    score += (batch.features[j] - c / 2) * c;
                }
                if (score > most)
                {
                    most = score;
                    best = k;
                }
            }
            ++counts[best];
            for (uint32_t j = 0; j < D; ++j)
            {
                double& mean = means[best * D + j];
                mean += (batch.features[j] - mean) / counts[best];
            }
        }
        for (uint32_t i = 0; i < means.size(); ++i)
        {
            if (counts[i / D] == 0)
            {
                means[i] = centers[i];
            }
        }
        return means;
    }
};

/**
 * Set-up: 3 workers, each optimization, with momentum and a learning rate that falls with each
 * step. Stimulus: 5 rounds; worker 1's state is saved and restored in a worker made anew, which
 * takes its place for 5 more. Expected: the same bits as without; a worker that starts anew gives
 * others (negative control).
 */
class CheckpointTestCase : public TestCase
{
  public:
    /**
     * @param type class of the optimization
     * @param variant of it, or empty
     */
    CheckpointTestCase(const std::string& type, const std::string& variant)
        : TestCase("a restored worker goes on bit by bit: " + type + " " + variant),
          m_type(type),
          m_variant(variant)
    {
    }

  private:
    void DoRun() override
    {
        const auto task = MakeHiggs(300, 3, 30);
        task->optimizer = ObjectFactory("ns3::learning::MomentumOptimizer");
        task->optimizer.Set("Schedule", StringValue("ns3::learning::InverseSquareRootSchedule"));
        ObjectFactory factory("ns3::serverless::" + m_type);
        if (!m_variant.empty())
        {
            factory.Set("Variant", StringValue(m_variant));
        }
        LocalFleet whole(task, factory);
        LocalFleet broken(task, factory);
        LocalFleet wrong(task, factory);
        for (uint32_t round = 0; round < 10; ++round)
        {
            if (round == 5)
            {
                const std::vector<double> state = broken.GetWorker(1)->Save();
                broken.Renew(1)->Restore(state);
                wrong.Renew(1);
            }
            whole.Round();
            broken.Round();
            wrong.Round();
        }
        for (uint32_t worker = 0; worker < 3; ++worker)
        {
            const auto expected = whole.GetWorker(worker)->GetParameters();
            NS_TEST_EXPECT_MSG_EQ((broken.GetWorker(worker)->GetParameters() == expected),
                                  true,
                                  "other bits");
        }
        if (m_type != "KMeansClustering") // whose state is the centroids alone, and converges
        {
            NS_TEST_EXPECT_MSG_EQ(
                (wrong.GetWorker(1)->GetParameters() == whole.GetWorker(1)->GetParameters()),
                false,
                "a start anew goes unnoticed");
        }
    }

    std::string m_type;    //!< class of the optimization
    std::string m_variant; //!< of it
};

/// The suite.
class OptimizationTestSuite : public TestSuite
{
  public:
    OptimizationTestSuite()
        : TestSuite("serverless-learning-optimization", Type::UNIT)
    {
        const auto add = [this](TestCase* test) {
            AddTestCase(test, learning::TestDuration::QUICK);
        };
        add(new SequentialTestCase);
        add(new ClusteringTestCase);
        add(new CheckpointTestCase("AveragedGradients", ""));
        add(new CheckpointTestCase("AveragedModels", ""));
        add(new CheckpointTestCase("ConsensusAdmm", "Released"));
        add(new CheckpointTestCase("ConsensusAdmm", "Textbook"));
        add(new CheckpointTestCase("KMeansClustering", "Sums"));
    }
};

OptimizationTestSuite g_optimizationTestSuite; //!< registers the suite

} // namespace
