/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mixing-laboratory.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace learning
{

MixingLaboratory::MixingLaboratory(const MixingScenario& scenario, Handler handler)
    : m_handler(std::move(handler)),
      m_star(scenario.workers)
{
    m_star.SetErrorModel("ns3::learning::BernoulliErrorModel",
                         "DropRate",
                         DoubleValue(scenario.dropRate));
    m_star.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    m_star.Build();
    m_training.SetDataset(scenario.data, nullptr);
    m_training.SetModel("ns3::learning::QuadraticModel");
    m_training.SetOptimizer("ns3::learning::StochasticGradientDescent",
                            "LearningRate",
                            DoubleValue(scenario.learningRate));
    m_training.SetAlgorithm(scenario.algorithm);
    m_training.SetTransport("ns3::learning::DatagramTransport",
                            "SegmentBytes",
                            UintegerValue(scenario.segmentFloats * sizeof(float)),
                            "SegmentsPerPacket",
                            UintegerValue(scenario.segmentsPerPacket));
    m_training.SetCompute("OperationsPerSecond",
                          DoubleValue(1e15),
                          "Overhead",
                          TimeValue(MicroSeconds(10)));
    m_training.SetBatchSize(1);
    m_workers = m_training.Install(m_star.GetHosts());
    m_training.StopAfterRounds(scenario.rounds);
    for (uint32_t i = 0; i < m_workers.GetN(); ++i)
    {
        GetWorker(i)->TraceConnectWithoutContext("RoundEnd",
                                                 MakeCallback(&MixingLaboratory::RoundEnded, this));
    }
}

MixingLaboratory::~MixingLaboratory()
{
    m_workers = ApplicationContainer();
    Simulator::Destroy();
}

void
MixingLaboratory::KeepModels(std::vector<std::vector<float>> models)
{
    if (models.size() != m_workers.GetN())
    {
        throw std::invalid_argument("one model a worker is needed");
    }
    m_models = std::move(models);
    for (uint32_t i = 0; i < m_models.size(); ++i)
    {
        GetWorker(i)->SetParameters(m_models[i]);
    }
}

void
MixingLaboratory::Run()
{
    Simulator::Run();
}

void
MixingLaboratory::RoundEnded(uint32_t worker, uint32_t round)
{
    Round& ended = m_rounds[round];
    ended.replicas.resize(m_workers.GetN());
    ended.replicas[worker] = GetWorker(worker)->GetParameters();
    if (!m_models.empty())
    {
        GetWorker(worker)->SetParameters(m_models[worker]);
    }
    ++ended.count;
    for (auto first = m_rounds.begin();
         first != m_rounds.end() && first->second.count == m_workers.GetN();
         first = m_rounds.erase(first))
    {
        m_handler(first->first, first->second.replicas);
    }
}

Ptr<Worker>
MixingLaboratory::GetWorker(uint32_t index) const
{
    return DynamicCast<Worker>(m_workers.Get(index));
}

void
SampleMean::Add(double value)
{
    ++m_count;
    const double delta = value - m_mean;
    m_mean += delta / static_cast<double>(m_count);
    m_squares += delta * (value - m_mean);
}

uint64_t
SampleMean::GetCount() const
{
    return m_count;
}

double
SampleMean::GetMean() const
{
    return m_mean;
}

double
SampleMean::GetError() const
{
    if (m_count < 2)
    {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const auto count = static_cast<double>(m_count);
    return std::sqrt(m_squares / (count - 1) / count);
}

} // namespace learning
} // namespace ns3
