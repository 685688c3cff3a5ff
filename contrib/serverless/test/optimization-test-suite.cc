/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What workers compute, send and merge, without a network: sums are added up here.

#include "ns3/averaged-gradients.h"
#include "ns3/consensus-admm.h"
#include "ns3/data-partition.h"
#include "ns3/double.h"
#include "ns3/k-means-clustering.h"
#include "ns3/learning-compatibility.h"
#include "ns3/string.h"
#include "ns3/synthetic-data.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace ns3;
using namespace ns3::serverless;

namespace
{

/// Workers that learn together in memory.
class Fleet
{
  public:
    /**
     * Begins.
     * @param task what is learned
     * @param factory makes a worker's optimization
     */
    Fleet(std::shared_ptr<const LearningTask> task, const ObjectFactory& factory)
    {
        for (uint32_t worker = 0; worker < task->parts.size(); ++worker)
        {
            m_workers.push_back(factory.Create<LocalOptimization>());
            m_workers.back()->Configure(task, worker);
        }
    }

    /// One round of all workers, bulk-synchronous.
    void Round()
    {
        std::vector<double> sum;
        for (const auto& worker : m_workers)
        {
            worker->Compute();
            const std::vector<double> vector = worker->GetVector();
            sum.resize(vector.size());
            std::transform(vector.begin(), vector.end(), sum.begin(), sum.begin(), std::plus<>());
        }
        for (const auto& worker : m_workers)
        {
            worker->Merge(sum, static_cast<uint32_t>(m_workers.size()));
        }
    }

    /**
     * Trains until a loss is reached.
     * @param target the loss
     * @param most rounds at most
     * @param samples that the loss is of
     * @return rounds taken, or most + 1 if it is not reached
     */
    uint32_t CountRounds(double target, uint32_t most, const std::vector<uint32_t>& samples)
    {
        for (uint32_t round = 1; round <= most; ++round)
        {
            Round();
            if (m_workers[0]->GetLoss(samples) <= target)
            {
                return round;
            }
        }
        return most + 1;
    }

    std::vector<Ptr<LocalOptimization>> m_workers; //!< the workers
};

/**
 * A Higgs-like task: logistic regression on 28 features, condition number 100, log-odds of standard
 * deviation 0.75, so that the best loss is about 0.638.
 * @param samples how many
 * @param workers how many
 * @param batch samples of a mini-batch
 * @return the task
 */
std::shared_ptr<LearningTask>
MakeHiggs(uint32_t samples, uint32_t workers, uint32_t batch)
{
    auto task = std::make_shared<LearningTask>();
    task->training = learning::LogisticLaw(28, 100, 0.75, 0, 1).Generate(samples, 0);
    task->model =
        ObjectFactory("ns3::learning::LogisticRegression").Create<learning::LearningModel>();
    task->model->SetInput(task->training->GetShape(), 2);
    task->optimizer.SetTypeId("ns3::learning::StochasticGradientDescent");
    task->optimizer.Set("LearningRate", DoubleValue(0.1));
    task->parts = CreateObject<learning::IidPartition>()->Split(*task->training, workers, 1);
    task->batchSize = batch;
    return task;
}

/**
 * The first samples.
 * @param count how many
 * @return their indices
 */
std::vector<uint32_t>
GetFirst(uint32_t count)
{
    std::vector<uint32_t> samples(count);
    std::iota(samples.begin(), samples.end(), 0);
    return samples;
}

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
            return Fleet(task, factory).CountRounds(0.65, most, samples);
        };
        const uint32_t ga = count("AveragedGradients", 400);
        const uint32_t ma = count("AveragedModels", 60);
        const uint32_t admm = count("ConsensusAdmm", 10);
        ObjectFactory textbook("ns3::serverless::ConsensusAdmm");
        textbook.Set("Variant", StringValue("Textbook"));
        const uint32_t other = Fleet(task, textbook).CountRounds(0.65, 10, samples);
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
 * Set-up: 140,800 Higgs-like samples, w = 128, 9 mini-batches an epoch.
 * Stimulus: MA for 16 rounds; ADMM until it has that loss.
 * Expected (A21): 3 rounds at most; with 22 s an exchange over S3 and 0.58 s a local epoch, as
 * measured, MA takes at least 8 times as long; the loss of ADMM counts when its local epochs end,
 * as in the measurement.
 */
class ReplayTestCase : public TestCase
{
  public:
    ReplayTestCase()
        : TestCase("A21 128 workers: ADMM reaches in 3 rounds the loss that MA needs 16 for")
    {
    }

  private:
    void DoRun() override
    {
        const auto task = MakeHiggs(140800, 128, 128);
        const auto samples = GetFirst(20000);
        Fleet averaging(task, ObjectFactory("ns3::serverless::AveragedModels"));
        for (uint32_t round = 0; round < 16; ++round)
        {
            averaging.Round();
        }
        const double loss = averaging.m_workers[0]->GetLoss(samples);
        Fleet admm(task, ObjectFactory("ns3::serverless::ConsensusAdmm"));
        const uint32_t rounds = admm.CountRounds(loss, 10, samples);
        NS_TEST_EXPECT_MSG_LT_OR_EQ(rounds, 3, "rounds of ADMM");
        const double ratio = 16 * (22 + 0.58) / ((rounds - 1) * 22.0 + rounds * 10 * 0.58);
        NS_TEST_EXPECT_MSG_GT(ratio, 8, "wall-clock ratio");
    }
};

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
        Fleet fleet(task, ObjectFactory("ns3::serverless::AveragedGradients"));
        Fleet wrong(task, ObjectFactory("ns3::serverless::AveragedGradients"));
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
            for (const auto& worker : wrong.m_workers)
            {
                worker->Compute();
                const auto vector = worker->GetVector();
                std::transform(vector.begin(),
                               vector.end(),
                               sum.begin(),
                               sum.begin(),
                               std::plus<>());
            }
            for (const auto& worker : wrong.m_workers)
            {
                worker->Merge(sum, 1);
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
        const auto together = fleet.m_workers[2]->GetParameters();
        double far = 0;
        for (uint32_t i = 0; i < size; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(together[i], parameters[i], 1e-5, "a parameter");
            far =
                std::max<double>(far,
                                 std::abs(wrong.m_workers[2]->GetParameters()[i] - parameters[i]));
        }
        NS_TEST_EXPECT_MSG_GT(far, 1e-2, "sums instead of means go unnoticed");
    }
};

/**
 * Set-up: 4 workers with 500 samples of 5 Gaussian clusters in 8 dimensions; k = 5.
 * Stimulus: 10 rounds with sums and counts; Lloyd's iterations on all samples, written here in
 * another way.
 * Expected (A24): the same centroids to 1e-9. Negative control: unweighted means of centroids, as
 * the released code takes them, are off by more than 1e-3 where parts differ in their labels.
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

    void DoRun() override
    {
        auto task = std::make_shared<LearningTask>();
        task->training = learning::ClusterLaw(D, K, 3, 1).Generate(500, 0);
        const auto partition = CreateObject<learning::LabelSortedPartition>();
        task->parts = partition->Split(*task->training, 4, 1);
        ObjectFactory factory("ns3::serverless::KMeansClustering");
        factory.Set("Clusters", UintegerValue(K));
        Fleet fleet(task, factory);
        factory.Set("Variant", StringValue("Centroids"));
        Fleet unweighted(task, factory);
        std::vector<double> centers = GetCentroids(fleet);
        const double before = fleet.m_workers[0]->GetLoss(GetFirst(500));
        for (uint32_t round = 0; round < 10; ++round)
        {
            fleet.Round();
            unweighted.Round();
            centers = Iterate(*task->training, centers);
        }
        NS_TEST_EXPECT_MSG_LT(GetDistance(GetCentroids(fleet), centers), 1e-9, "sums and counts");
        NS_TEST_EXPECT_MSG_GT(GetDistance(GetCentroids(unweighted), centers), 1e-3, "unweighted");
        NS_TEST_EXPECT_MSG_LT(fleet.m_workers[0]->GetLoss(GetFirst(500)),
                              0.95 * before,
                              "no better");
    }

    /**
     * Centroids of a fleet.
     * @param fleet the fleet
     * @return clusters x features
     */
    static std::vector<double> GetCentroids(const Fleet& fleet)
    {
        return DynamicCast<KMeansClustering>(fleet.m_workers[3])->GetCentroids();
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
 * Set-up: 3 workers, each optimization, with momentum.
 * Stimulus: 5 rounds; worker 1's state is saved and restored in a worker made anew, which takes its
 * place for 5 more.
 * Expected: the same bits as without; a worker that starts anew gives others (negative control).
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
        ObjectFactory factory("ns3::serverless::" + m_type);
        if (!m_variant.empty())
        {
            factory.Set("Variant", StringValue(m_variant));
        }
        Fleet whole(task, factory);
        Fleet broken(task, factory);
        Fleet wrong(task, factory);
        for (uint32_t round = 0; round < 10; ++round)
        {
            if (round == 5)
            {
                const std::vector<double> state = broken.m_workers[1]->Save();
                for (Fleet* fleet : {&broken, &wrong})
                {
                    fleet->m_workers[1] = factory.Create<LocalOptimization>();
                    fleet->m_workers[1]->Configure(task, 1);
                }
                broken.m_workers[1]->Restore(state);
            }
            whole.Round();
            broken.Round();
            wrong.Round();
        }
        for (uint32_t worker = 0; worker < 3; ++worker)
        {
            const auto expected = whole.m_workers[worker]->GetParameters();
            NS_TEST_EXPECT_MSG_EQ((broken.m_workers[worker]->GetParameters() == expected),
                                  true,
                                  "other bits");
        }
        if (m_type != "KMeansClustering") // whose state is the centroids alone, and converges
        {
            NS_TEST_EXPECT_MSG_EQ(
                (wrong.m_workers[1]->GetParameters() == whole.m_workers[1]->GetParameters()),
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
        add(new RoundsTestCase);
        add(new ReplayTestCase);
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
