/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-helper.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace ns3
{
namespace learning
{

TrainingHelper::TrainingHelper()
    : m_datasetName("fashion-mnist")
{
    m_model.SetTypeId("ns3::learning::SoftmaxRegression");
    m_optimizer.SetTypeId("ns3::learning::StochasticGradientDescent");
    m_algorithm.SetTypeId("ns3::learning::RobustParameterServer");
    m_synchronization.SetTypeId("ns3::learning::BulkSynchronousProtocol");
    m_transport.SetTypeId("ns3::learning::DatagramTransport");
    m_coding.SetTypeId("ns3::learning::BlockCoding");
    m_compute.SetTypeId("ns3::learning::ComputeModel");
    m_partition.SetTypeId("ns3::learning::IidPartition");
}

void
TrainingHelper::SetDataset(const std::string& name, const std::string& directory)
{
    m_datasetName = name;
    m_dataDirectory = directory;
    m_training = nullptr;
    m_test = nullptr;
}

void
TrainingHelper::SetDataset(Ptr<Dataset> training, Ptr<Dataset> test)
{
    m_training = training;
    m_test = test;
}

void
TrainingHelper::SetTrainingSamples(uint32_t samples)
{
    m_trainingSamples = samples;
}

void
TrainingHelper::SetStraggler(const std::string& type)
{
    MakeFactory(type, RandomVariableStream::GetTypeId()); // a mistake is told here
    m_straggler = type;
}

void
TrainingHelper::SetSlowdown(uint32_t worker, double factor)
{
    if (!(factor > 0) || !std::isfinite(factor))
    {
        throw std::invalid_argument("a slowdown of " + std::to_string(factor) + " of worker " +
                                    std::to_string(worker) + ": a number above 0 is needed");
    }
    m_slowdowns[worker] = factor;
}

void
TrainingHelper::SetBatchSize(uint32_t samples)
{
    m_batchSize = samples;
}

void
TrainingHelper::SetServers(uint32_t servers)
{
    m_servers = servers;
}

void
TrainingHelper::SetOwners(BlockOwners::Mode mode)
{
    m_owners = mode;
}

void
TrainingHelper::SetDeadlines(Time push, Time pull)
{
    m_pushDeadline = push;
    m_pullDeadline = pull;
}

void
TrainingHelper::SetThreads(uint32_t threads)
{
    if (threads == 0 || threads > 1024)
    {
        throw std::invalid_argument("threads=" + std::to_string(threads) +
                                    ": 1 to 1024 are possible");
    }
    m_threads = threads;
}

void
TrainingHelper::SetPort(uint16_t port)
{
    m_port = port;
}

ApplicationContainer
TrainingHelper::Install(const NodeContainer& workers)
{
    DoInstall(workers, NodeContainer());
    return m_workerApplications;
}

ApplicationContainer
TrainingHelper::Install(const NodeContainer& workers, const NodeContainer& servers)
{
    if (servers.GetN() == 0)
    {
        throw std::invalid_argument("no node for a dedicated server: at least 1 is needed");
    }
    DoInstall(workers, servers);
    return m_workerApplications;
}

ApplicationContainer
TrainingHelper::GetWorkers() const
{
    return m_workerApplications;
}

ApplicationContainer
TrainingHelper::GetServers() const
{
    return m_serverApplications;
}

Ptr<TrainingSetup>
TrainingHelper::GetSetup() const
{
    return m_setup;
}

void
TrainingHelper::StopAfterRounds(uint32_t rounds)
{
    CheckInstalled();
    if (rounds == 0)
    {
        throw std::invalid_argument("rounds=0: at least 1 is needed");
    }
    m_setup->rounds = rounds;
}

void
TrainingHelper::StopAfterEpochs(double epochs)
{
    CheckInstalled();
    if (!(epochs > 0))
    {
        throw std::invalid_argument("epochs=" + std::to_string(epochs) +
                                    ": a number above 0 is needed");
    }
    const double samples =
        static_cast<double>(m_setup->training->GetSampleCount()) / m_setup->workers;
    const double rounds = std::ceil(epochs * samples / m_batchSize);
    StopAfterRounds(
        static_cast<uint32_t>(std::min<double>(rounds, std::numeric_limits<uint32_t>::max() - 1)));
}

void
TrainingHelper::StopAt(Time time)
{
    CheckInstalled();
    if (!time.IsStrictlyPositive())
    {
        throw std::invalid_argument("the training cannot stop at or before time 0");
    }
    m_workerApplications.Stop(time);
    m_serverApplications.Stop(time);
}

void
TrainingHelper::Stop()
{
    CheckInstalled();
    m_setup->stopRequested = true;
}

void
TrainingHelper::CheckInstalled() const
{
    if (!m_setup)
    {
        throw std::logic_error("when a training ends is said after TrainingHelper::Install()");
    }
}

} // namespace learning
} // namespace ns3
