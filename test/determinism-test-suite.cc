/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Same seed, same bits; and without drops the bits of a training in one process.

#include "training-outcome.h"

#include "ns3/dataset-loader.h"
#include "ns3/learning-compatibility.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/test.h"
#include "ns3/training-recorder.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// A multilayer perceptron on clusters, over links that drop.
Scenario
MakeScenario(double dropRate)
{
    Scenario scenario;
    scenario.data = LoadDataset("synthetic-clusters:samples=600,testSamples=10").training;
    scenario.model = "ns3::learning::MultilayerPerceptron[Hidden=16]";
    scenario.learningRate = 0.1;
    scenario.batch = 16;
    scenario.rounds = 12; // beyond an epoch of 600 / 4 samples
    scenario.dropRate = dropRate;
    return scenario;
}

/**
 * Set-up: four workers train a perceptron for 12 rounds, a fifth of all segments dropped.
 * Stimulus: the same again; 4 threads; with a recorder, pcap files and trace sinks; another run
 * number.
 * Expected: replicas, traffic and simulated time are the same to the last bit, but for the other
 * run number, where they differ.
 */
class SameBitsTestCase : public TestCase
{
  public:
    SameBitsTestCase()
        : TestCase("same seed, same bits, with any threads and observers")
    {
    }

  private:
    /**
     * Runs a scenario.
     * @param scenario the scenario
     * @param observed whether everything that can listen does
     * @return what it leaves behind
     */
    Outcome Run(const Scenario& scenario, bool observed = false)
    {
        TrainingRun run(scenario);
        TrainingRecorder recorder;
        if (observed)
        {
            recorder.WriteCsv(CreateTempDirFilename("records.csv"));
            recorder.SetEvaluateEvery(2);
            recorder.Observe(run.GetWorkers());
            PointToPointHelper().EnablePcap(CreateTempDirFilename("host"),
                                            run.GetStar().GetHostDevices());
            run.TraceRoundEnd(MakeCallback(&SameBitsTestCase::RoundEnded, this));
        }
        Simulator::Run();
        const Outcome outcome(run);
        if (observed)
        {
            NS_TEST_EXPECT_MSG_EQ(recorder.GetLast().round, scenario.rounds, "not observed");
        }
        Simulator::Destroy();
        return outcome;
    }

    void DoRun() override
    {
        const Scenario scenario = MakeScenario(0.2);
        const Outcome first = Run(scenario);
        NS_TEST_EXPECT_MSG_EQ((Run(scenario) == first), true, "the same again");
        Scenario threads = scenario;
        threads.threads = 4;
        NS_TEST_EXPECT_MSG_EQ((Run(threads) == first), true, "4 threads");
        NS_TEST_EXPECT_MSG_EQ((Run(scenario, true) == first), true, "observers");
        NS_TEST_EXPECT_MSG_EQ(m_rounds, 4 * scenario.rounds, "rounds seen by a trace sink");
        Scenario other = scenario;
        other.run = 2;
        const Outcome second = Run(other);
        NS_TEST_EXPECT_MSG_EQ((second.replicas == first.replicas), false, "another run's replicas");
        NS_TEST_EXPECT_MSG_EQ((second.counters == first.counters), false, "another run's traffic");
    }

    /// A worker ends a round.
    void RoundEnded(uint32_t /* worker */, uint32_t /* round */)
    {
        ++m_rounds;
    }

    uint32_t m_rounds{0}; //!< seen by a trace sink
};

/**
 * Set-up: four workers train a perceptron for 12 rounds; nothing is dropped.
 * Expected: every replica is, to the last bit, that of a loop without simulator: the same batches
 * by copies of the samplers, the same kernels, sums in the order of the workers.
 */
class ReferenceTestCase : public TestCase
{
  public:
    /**
     * @param algorithm TypeId and attributes
     * @param averagesModels whether models are averaged after the step, or gradients before it
     * @param servers number of servers
     * @param dedicated whether they have nodes of their own
     */
    ReferenceTestCase(const std::string& algorithm,
                      bool averagesModels,
                      uint32_t servers,
                      bool dedicated)
        : TestCase("without drops as in one process: " + algorithm + ", " +
                   std::to_string(servers) + (dedicated ? " dedicated" : " co-located") +
                   " servers"),
          m_algorithm(algorithm),
          m_averagesModels(averagesModels),
          m_servers(servers),
          m_dedicated(dedicated)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario = MakeScenario(0);
        scenario.algorithm = m_algorithm;
        scenario.servers = m_servers;
        scenario.dedicated = m_dedicated;
        scenario.owners = BlockOwners::FIXED; // which "Parameters" needs, and no sum depends on
        TrainingRun run(scenario);
        std::vector<BatchSampler> samplers;
        for (uint32_t i = 0; i < scenario.workers; ++i)
        {
            samplers.push_back(run.GetWorker(i)->GetSampler());
        }
        std::vector<float> model = run.GetSetup()->start;
        for (uint32_t round = 0; round < scenario.rounds; ++round)
        {
            Advance(*run.GetSetup(), samplers, model);
        }
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((model == run.GetSetup()->start), false, "nothing was learned");
        for (uint32_t i = 0; i < scenario.workers; ++i)
        {
            const AlignedVector& parameters = run.GetWorker(i)->GetParameters();
            NS_TEST_EXPECT_MSG_EQ(std::equal(model.begin(), model.end(), parameters.begin()),
                                  true,
                                  "replica of worker " << i);
        }
        Simulator::Destroy();
    }

    /**
     * One round without simulator.
     * @param setup model and data
     * @param samplers of the workers
     * @param model the model, updated
     */
    void Advance(const TrainingSetup& setup,
                 std::vector<BatchSampler>& samplers,
                 std::vector<float>& model) const
    {
        constexpr float RATE = 0.1F;
        const std::size_t length = model.size();
        std::vector<float> sum(length);
        AlignedVector parameters(model.begin(), model.end());
        AlignedVector gradient(length);
        BatchBuffer<float> buffer;
        for (std::size_t i = 0; i < samplers.size(); ++i)
        {
            const std::vector<uint32_t>& samples = samplers[i].Next();
            const Batch<float> batch = setup.training->Gather(samples.data(),
                                                              static_cast<uint32_t>(samples.size()),
                                                              buffer);
            setup.model->Gradient(parameters.data(), batch, gradient.data());
            for (std::size_t k = 0; k < length; ++k)
            {
                // through memory, so that no compiler fuses product and difference
                volatile float step = RATE * gradient[k];
                const float pushed = m_averagesModels ? model[k] - step : gradient[k];
                sum[k] = i == 0 ? pushed : sum[k] + pushed;
            }
        }
        for (std::size_t k = 0; k < length; ++k)
        {
            const float mean = sum[k] / static_cast<float>(samplers.size());
            volatile float step = RATE * mean;
            model[k] = m_averagesModels ? mean : model[k] - step;
        }
    }

    const std::string m_algorithm; //!< TypeId and attributes
    const bool m_averagesModels;   //!< what is averaged
    const uint32_t m_servers;      //!< number of servers
    const bool m_dedicated;        //!< where they are
};

/// Same seed, same bits.
class DeterminismTestSuite : public TestSuite
{
  public:
    DeterminismTestSuite()
        : TestSuite("distributed-learning-determinism", Type::UNIT)
    {
        AddTestCase(new SameBitsTestCase, TestDuration::QUICK);
        const std::string prefix = "ns3::learning::";
        for (const bool dedicated : {false, true})
        {
            for (const uint32_t servers : {3, 4})
            {
                Add(new ReferenceTestCase(prefix + "RobustParameterServer",
                                          true,
                                          servers,
                                          dedicated));
                Add(new ReferenceTestCase(prefix + "GradientAveraging", false, servers, dedicated));
                Add(new ReferenceTestCase(prefix + "GradientAveraging[Downlink=Parameters]",
                                          false,
                                          servers,
                                          dedicated));
            }
        }
    }

  private:
    /**
     * Adds a case.
     * @param test the case
     */
    void Add(TestCase* test)
    {
        AddTestCase(test, TestDuration::QUICK);
    }
};

DeterminismTestSuite g_determinismTestSuite; //!< registers the suite

} // namespace
