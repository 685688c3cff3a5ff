/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 *
 * What a round of RPS, 16 workers, costs beside the mathematics: everything but the gradients
 * against the gradients alone. A ratio of processor times, the two sides alternating within one
 * run; median of 5. Prints the figure with its bar; exit status 1 if it does not hold.
 */

#include "bench-support.h"

#include "ns3/learning-model.h"
#include "ns3/random-engine.h"
#include "ns3/simulator.h"
#include "ns3/star-topology-helper.h"
#include "ns3/training-helper.h"
#include "ns3/uinteger.h"

#include <cstdio>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::learning;
using namespace bench;

namespace
{

constexpr int REPETITIONS = 5;

/**
 * Clusters as large as Fashion-MNIST images, in memory.
 * @param features features of a sample
 * @return the data
 */
Ptr<Dataset>
MakeData(uint32_t features)
{
    constexpr uint32_t SAMPLES = 20000;
    RandomEngine engine(1);
    std::vector<uint8_t> bytes(std::size_t{SAMPLES} * features);
    for (uint8_t& byte : bytes)
    {
        byte = static_cast<uint8_t>(engine.Next());
    }
    std::vector<float> targets(SAMPLES);
    for (float& target : targets)
    {
        target = static_cast<float>(engine.NextBelow(10));
    }
    return Create<Dataset>(SampleShape{1, 28, features / 28},
                           std::move(bytes),
                           std::move(targets),
                           10);
}

/**
 * Trains.
 * @param data what from
 * @param model TypeId of the model, with attributes
 * @param workers number of workers, with co-located servers
 * @param rounds number of rounds
 * @return processor time of a round, in s
 */
double
TimeRounds(Ptr<Dataset> data, const std::string& model, uint32_t workers, uint32_t rounds)
{
    StarTopologyHelper star(workers);
    star.SetDropRate(0.1);
    star.Build();
    TrainingHelper training;
    training.SetDataset(data, nullptr);
    training.SetModel(model);
    training.SetTransport("ns3::learning::DatagramTransport",
                          "SegmentsPerPacket",
                          UintegerValue(32));
    training.SetBatchSize(32);
    training.Install(star.GetHosts());
    training.StopAfterRounds(rounds);
    const double begin = GetSeconds();
    Simulator::Run();
    const double seconds = GetSeconds() - begin;
    Simulator::Destroy();
    return seconds / rounds;
}

/**
 * Computes the gradients of a round and nothing else.
 * @param data what from
 * @param workers number of workers
 * @param rounds number of rounds
 * @return processor time of a round, in s
 */
double
TimeGradients(Ptr<Dataset> data, uint32_t workers, uint32_t rounds)
{
    const Ptr<LearningModel> model =
        MakeFactory("ns3::learning::MultilayerPerceptron[Hidden=128]", LearningModel::GetTypeId())
            .Create<LearningModel>();
    model->SetInput(data->GetShape(), data->GetClassCount());
    std::vector<AlignedVector> replicas(workers, AlignedVector(model->GetParameterCount()));
    for (AlignedVector& replica : replicas)
    {
        model->Initialize(replica.data(), 1);
    }
    AlignedVector gradient(model->GetParameterCount());
    BatchBuffer<float> buffer;
    RandomEngine engine(1);
    std::vector<uint32_t> samples(32);
    const double begin = GetSeconds();
    for (uint32_t round = 0; round < rounds; ++round)
    {
        for (AlignedVector& replica : replicas)
        {
            for (uint32_t& sample : samples)
            {
                sample = engine.NextBelow(data->GetSampleCount());
            }
            const Batch<float> batch = data->Gather(samples.data(), 32, buffer);
            model->Gradient(replica.data(), batch, gradient.data());
        }
    }
    return (GetSeconds() - begin) / rounds;
}

/// Measures and reports.
void
BenchRound()
{
    const Ptr<Dataset> data = MakeData(784);
    const std::string model = "ns3::learning::MultilayerPerceptron[Hidden=128]";
    std::vector<double> ratios;
    double gradients = 0;
    double round = 0;
    TimeGradients(data, 16, 20); // warm-up
    for (int i = 0; i < REPETITIONS; ++i)
    {
        gradients = TimeGradients(data, 16, 100);
        round = TimeRounds(data, model, 16, 100);
        ratios.push_back((round - gradients) / gradients);
    }
    std::printf(
        "16 workers, 784-128-10, batch 32, p = 0.1: gradients %.2f ms, whole round %.2f ms\n",
        1e3 * gradients,
        1e3 * round);
    Report("simulation, transport and averaging / gradients alone", GetMedian(ratios), 4);
}

} // namespace

int
main()
{
    BenchRound();
    return g_allHold ? 0 : 1;
}
