/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How TrainingHelper makes a training of its settings.

#include "training-helper.h"

#include "ns3/answering-parameter-server.h"
#include "ns3/dataset-loader.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/parameter-server.h"
#include "ns3/pointer.h"
#include "ns3/random-engine.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/tcp-transport.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

/// First random stream of the workers' compute models: away from the streams that ns-3 numbers
/// itself.
constexpr int64_t COMPUTE_STREAM = 8000000;

/// First random stream of the transports.
constexpr int64_t TRANSPORT_STREAM = 100000000;

/// What a seed is for, so that equal numbers do not give equal draws.
enum Purpose : uint64_t
{
    START = 1,     //!< initial parameters
    PARTITION = 2, //!< dealing of the data
    SAMPLER = 3,   //!< mini-batches
    OWNERS = 4,    //!< owners of blocks
    CODING = 5     //!< random choices of compressors and rotations
};

/**
 * Derives a seed from the seed and run of the simulation (--RngSeed, --RngRun).
 * @param purpose what for
 * @param index for whom
 * @return the seed
 */
uint64_t
MakeSeed(Purpose purpose, uint64_t index = 0)
{
    return SplitMix64(RngSeedManager::GetSeed(), RngSeedManager::GetRun(), purpose, index);
}

/**
 * Whether a node's applications run in this process: all do, unless MPI distributes the simulation.
 * @param node the node
 * @return true if so
 */
bool
IsHere(Ptr<const Node> node)
{
    return node->GetSystemId() == Simulator::GetSystemId();
}

/**
 * First address of a node that is not that of its loopback.
 * @param node the node
 * @param port a port
 * @return address and port
 */
Address
GetSocketAddress(Ptr<Node> node, uint16_t port)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    for (uint32_t i = 1; ipv4 && i < ipv4->GetNInterfaces(); ++i)
    {
        if (ipv4->GetNAddresses(i) != 0)
        {
            return InetSocketAddress(ipv4->GetAddress(i, 0).GetLocal(), port);
        }
    }
    const Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
    for (uint32_t i = 1; ipv6 && i < ipv6->GetNInterfaces(); ++i)
    {
        for (uint32_t k = 0; k < ipv6->GetNAddresses(i); ++k)
        {
            const Ipv6Address address = ipv6->GetAddress(i, k).GetAddress();
            if (!address.IsLinkLocal())
            {
                return Inet6SocketAddress(address, port);
            }
        }
    }
    throw std::invalid_argument("node " + std::to_string(node->GetId()) +
                                " has no IP address: install an internet stack and assign one "
                                "before the training");
}

} // namespace

void
TrainingHelper::MakeSetup(const NodeContainer& workers, const NodeContainer& servers)
{
    m_setup = Create<TrainingSetup>();
    m_setup->workers = workers.GetN();
    m_setup->placement = servers.GetN() == 0 ? COLOCATED : DEDICATED;
    const uint32_t blocks = servers.GetN() != 0 ? servers.GetN()
                            : m_servers != 0    ? m_servers
                                                : workers.GetN();
    if (m_setup->placement == COLOCATED && blocks > workers.GetN())
    {
        throw std::invalid_argument("servers=" + std::to_string(blocks) +
                                    ": at most one server a worker when co-located, so 1 to " +
                                    std::to_string(workers.GetN()) +
                                    " here (or place them on nodes of their own)");
    }
    if (!m_training)
    {
        const LoadedData loaded = LoadDataset(m_datasetName, m_dataDirectory);
        m_training = loaded.training;
        m_test = loaded.test;
    }
    if (m_trainingSamples > m_training->GetSampleCount())
    {
        throw std::invalid_argument("training samples: " + std::to_string(m_trainingSamples) +
                                    " asked for, but the data have " +
                                    std::to_string(m_training->GetSampleCount()));
    }
    m_setup->training = m_trainingSamples != 0 ? m_training->Head(m_trainingSamples) : m_training;
    m_setup->test = m_test;

    m_setup->model = m_model.Create<LearningModel>();
    m_setup->model->SetInput(m_setup->training->GetShape(), m_setup->training->GetClassCount());
    const uint32_t parameters = m_setup->model->GetParameterCount();
    if (blocks > parameters)
    {
        throw std::invalid_argument("servers=" + std::to_string(blocks) + ": the model has " +
                                    std::to_string(parameters) +
                                    " parameters, and each server needs at least one");
    }
    m_setup->start.resize(parameters);
    m_setup->model->Initialize(m_setup->start.data(), MakeSeed(START));
    m_setup->algorithm = m_algorithm.Create<TrainingAlgorithm>();
    if (m_setup->algorithm->KeepsParametersAtServer() && m_owners != BlockOwners::FIXED)
    {
        throw std::invalid_argument("servers that keep parameters need fixed owners: the block of "
                                    "a server may not change from round to round");
    }
    m_setup->optimizer = m_optimizer;
    m_setup->synchronization = m_synchronization.Create<SynchronizationProtocol>();
    m_setup->synchronization->Check(workers.GetN());
    if (m_setup->synchronization->AnswersEachWorker() &&
        !m_setup->algorithm->KeepsParametersAtServer())
    {
        throw std::invalid_argument(
            m_synchronization.GetTypeId().GetName() +
            " answers each worker by itself, so it needs servers that keep parameters "
            "(GradientAveraging with Downlink=Parameters): there is no common average to send "
            "back");
    }
    if (m_setup->algorithm->GetAgeBound() >= 0 && !m_setup->algorithm->KeepsParametersAtServer())
    {
        throw std::invalid_argument("an age bound is for copies of parameters that servers keep: "
                                    "set Downlink to Parameters, or no AgeBound");
    }
    const Ptr<BlockCoding> coding = m_coding.Create<BlockCoding>();
    if (coding->IsActive())
    {
        coding->SetSeed(MakeSeed(CODING));
        m_setup->algorithm->CheckCoding(
            *coding,
            m_transport.Create<BlockTransport>()->GetLayout(1).segmentLength);
        m_setup->coding = coding;
    }
    m_setup->pool = Create<ComputePool>(m_threads);
    const uint32_t candidates = m_setup->placement == DEDICATED ? servers.GetN() : workers.GetN();
    m_setup->owners =
        std::make_shared<BlockOwners>(m_owners, parameters, blocks, candidates, MakeSeed(OWNERS));
    auto hosts = std::make_shared<std::vector<Address>>();
    const NodeContainer all(workers, servers);
    for (auto node = all.Begin(); node != all.End(); ++node)
    {
        hosts->push_back(GetSocketAddress(*node, m_port));
    }
    m_setup->hosts = hosts;
}

void
TrainingHelper::DoInstall(const NodeContainer& workers, const NodeContainer& servers)
{
    if (workers.GetN() == 0)
    {
        throw std::invalid_argument("no node for a worker: at least 1 is needed");
    }
    if (!m_slowdowns.empty() && m_slowdowns.rbegin()->first >= workers.GetN())
    {
        throw std::invalid_argument("a slowdown of worker " +
                                    std::to_string(m_slowdowns.rbegin()->first) + ": there are " +
                                    std::to_string(workers.GetN()) + " workers, from 0");
    }
    MakeSetup(workers, servers);
    const double operations =
        m_setup->model->GetGradientOperations(m_batchSize, m_setup->training->GetMeanNonZeros());
    ChooseDeadlines(NodeContainer(workers, servers), GetLongComputation(operations));
    CheckRouters();
    CheckRanks(NodeContainer(workers, servers));

    DataPartition::Parts parts = m_partition.Create<DataPartition>()->Split(*m_setup->training,
                                                                            workers.GetN(),
                                                                            MakeSeed(PARTITION));
    CheckBatches(parts);
    m_workerApplications = ApplicationContainer();
    m_serverApplications = ApplicationContainer();
    const bool keeps = m_setup->algorithm->KeepsParametersAtServer();
    const auto makeServer = [&](Ptr<Node> node, uint32_t host, Ptr<BlockTransport> transport) {
        Ptr<ParameterServer> server;
        if (m_setup->synchronization->AnswersEachWorker())
        {
            server = CreateObject<AnsweringParameterServer>();
        }
        else
        {
            server = CreateObject<ParameterServer>();
        }
        server->SetAttribute("PushDeadline", TimeValue(m_pushDeadline));
        server->Configure(m_setup,
                          host,
                          transport,
                          keeps ? m_optimizer.Create<Optimizer>() : nullptr);
        node->AddApplication(server);
        m_serverApplications.Add(server);
        return server;
    };
    const auto makeTransport = [this](uint32_t host) {
        const Ptr<BlockTransport> transport = m_transport.Create<BlockTransport>();
        transport->SetTransferTime(m_transferTime);
        transport->AssignStreams(TRANSPORT_STREAM + TcpTransport::STREAMS * host);
        return transport;
    };
    int64_t streams = 0;
    for (uint32_t i = 0; i < workers.GetN(); ++i)
    {
        Ptr<ComputeModel> compute = MakeComputeModel();
        streams += compute->AssignStreams(COMPUTE_STREAM + streams); // the same on all ranks
        if (!IsHere(workers.Get(i)))
        {
            continue;
        }
        const Ptr<BlockTransport> transport = makeTransport(i);
        Ptr<ParameterServer> server;
        const bool mayOwn =
            m_owners == BlockOwners::PERMUTED || i < m_setup->owners->GetBlockCount();
        if (m_setup->placement == COLOCATED && mayOwn)
        {
            server = makeServer(workers.Get(i), i, transport);
        }
        const auto slow = m_slowdowns.find(i);
        if (slow != m_slowdowns.end())
        {
            compute->SetAttribute("Slowdown", DoubleValue(slow->second));
        }
        Ptr<Worker> worker = CreateObject<Worker>();
        worker->SetAttribute("PullDeadline", TimeValue(m_pullDeadline));
        worker->Configure(
            m_setup,
            i,
            transport,
            server,
            compute,
            m_optimizer.Create<Optimizer>(),
            std::make_unique<BatchSampler>(std::move(parts[i]), m_batchSize, MakeSeed(SAMPLER, i)));
        workers.Get(i)->AddApplication(worker);
        m_workerApplications.Add(worker);
    }
    for (uint32_t i = 0; i < servers.GetN(); ++i)
    {
        if (IsHere(servers.Get(i)))
        {
            const uint32_t host = workers.GetN() + i;
            makeServer(servers.Get(i), host, makeTransport(host));
        }
    }
}

void
TrainingHelper::CheckBatches(const DataPartition::Parts& parts) const
{
    const auto smallest =
        std::min_element(parts.begin(), parts.end(), [](const auto& one, const auto& other) {
            return one.size() < other.size();
        });
    if (m_batchSize >= 1 && m_batchSize <= smallest->size())
    {
        return;
    }
    const std::size_t mean = m_setup->training->GetSampleCount() / parts.size();
    throw std::invalid_argument(
        "batch=" + std::to_string(m_batchSize) + ": worker " +
        std::to_string(smallest - parts.begin()) + " has " + std::to_string(smallest->size()) +
        " of " + std::to_string(m_setup->training->GetSampleCount()) + " samples, so 1 to " +
        std::to_string(smallest->size()) + " here" +
        (m_batchSize > smallest->size() && m_batchSize <= mean
             ? ", or ns3::learning::DataPartition::MinimumSamples=" + std::to_string(m_batchSize) +
                   ", which deals it more"
             : ""));
}

Ptr<ComputeModel>
TrainingHelper::MakeComputeModel() const
{
    Ptr<ComputeModel> compute = m_compute.Create<ComputeModel>();
    if (!m_straggler.empty())
    {
        // a factory shares what has brackets within brackets among all it makes
        const ObjectFactory factory = MakeFactory(m_straggler, RandomVariableStream::GetTypeId());
        compute->SetAttribute("Straggler", PointerValue(factory.Create<RandomVariableStream>()));
    }
    return compute;
}

Time
TrainingHelper::GetLongComputation(double operations) const
{
    const Ptr<ComputeModel> compute = MakeComputeModel();
    compute->AssignStreams(COMPUTE_STREAM - 1);
    double slowest = 1;
    for (const auto& [worker, factor] : m_slowdowns)
    {
        slowest = std::max(slowest, factor);
    }
    DoubleValue slowdown;
    compute->GetAttribute("Slowdown", slowdown);
    compute->SetAttribute("Slowdown", DoubleValue(std::max(slowest, slowdown.Get())));
    Time longest;
    for (uint32_t i = 0; i < std::max<uint32_t>(1000, 10 * m_setup->workers); ++i)
    {
        longest = std::max(longest, compute->Draw(operations));
    }
    return longest;
}

} // namespace learning
} // namespace ns3
