/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-helper.h"

#include "ns3/answering-parameter-server.h"
#include "ns3/channel.h"
#include "ns3/data-rate.h"
#include "ns3/dataset-loader.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/loopback-net-device.h"
#include "ns3/node-list.h"
#include "ns3/packet.h"
#include "ns3/parameter-server.h"
#include "ns3/pointer.h"
#include "ns3/ppp-header.h"
#include "ns3/random-engine.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/segment-tag.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>
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

/// Bytes of a packet and what comes with it that ns-3's MPI engine carries at most.
constexpr uint32_t RANK_BYTES = 2000;

/// Longest deadline chosen, in s: a clock of ns-3 runs for 9.2e9 s.
constexpr double LONGEST_DEADLINE = 1e9;

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
    const ObjectFactory factory = MakeFactory(type, RandomVariableStream::GetTypeId());
    const std::string name = factory.GetTypeId().GetName();
    if (name == "ns3::DeterministicRandomVariable" || name == "ns3::EmpiricalRandomVariable")
    {
        throw std::invalid_argument(name + " needs values that no attribute gives: choose another "
                                           "random variable");
    }
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
    int64_t streams = 0;
    for (uint32_t i = 0; i < workers.GetN(); ++i)
    {
        Ptr<ComputeModel> compute = MakeComputeModel();
        streams += compute->AssignStreams(COMPUTE_STREAM + streams); // the same on all ranks
        if (!IsHere(workers.Get(i)))
        {
            continue;
        }
        Ptr<BlockTransport> transport = m_transport.Create<BlockTransport>();
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
            makeServer(servers.Get(i), workers.GetN() + i, m_transport.Create<BlockTransport>());
        }
    }
}

void
TrainingHelper::CheckRouters() const
{
    // hosts are checked by the transport itself, when it opens
    const uint32_t largest = m_transport.Create<BlockTransport>()->GetLargestPacket(
        Inet6SocketAddress::IsMatchingType(m_setup->hosts->front()));
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        const uint32_t devices = (*node)->GetNDevices();
        const bool routes = (*node)->GetObject<Ipv4>() || (*node)->GetObject<Ipv6>();
        for (uint32_t i = 0; routes && devices > 2 && i < devices; ++i) // loopback and two links
        {
            const uint32_t mtu = (*node)->GetDevice(i)->GetMtu();
            if (mtu < largest)
            {
                throw std::invalid_argument(
                    "the transport makes packets of up to " + std::to_string(largest) +
                    " bytes, which device " + std::to_string(i) + " of router node " +
                    std::to_string((*node)->GetId()) + " would cut, since its MTU is " +
                    std::to_string(mtu) +
                    ": lower SegmentsPerPacket or SegmentBytes, or raise the MTU");
            }
        }
    }
}

void
TrainingHelper::CheckRanks(const NodeContainer& nodes) const
{
    const uint32_t rank = nodes.Get(0)->GetSystemId();
    if (std::all_of(nodes.Begin(), nodes.End(), [rank](const Ptr<Node>& node) {
            return node->GetSystemId() == rank;
        }))
    {
        return;
    }
    const uint32_t largest = m_transport.Create<BlockTransport>()->GetLargestPacket(
        Inet6SocketAddress::IsMatchingType(m_setup->hosts->front()));
    // what comes with a packet: its tags, and 16 bytes of time, node and device
    const Ptr<Packet> packet = Create<Packet>(std::vector<uint8_t>(largest).data(), largest);
    packet->AddPacketTag(SegmentTag());
    packet->AddPacketTag(SocketPriorityTag());
    packet->AddHeader(PppHeader());
    const uint32_t bytes = packet->GetSerializedSize() + 16;
    if (bytes > RANK_BYTES)
    {
        throw std::invalid_argument(
            "the transport makes packets of up to " + std::to_string(largest) +
            " bytes, but between MPI ranks ns-3 carries " + std::to_string(RANK_BYTES) +
            " bytes, which leaves " + std::to_string(RANK_BYTES - (bytes - largest)) +
            " for a packet: set SegmentsPerPacket to 1, or lower SegmentBytes or the TCP segment "
            "size");
    }
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

void
TrainingHelper::ChooseDeadlines(const NodeContainer& nodes, Time computeTime)
{
    // any link may be the narrow one, also between switches, and it may belong to a channel
    double slowest = std::numeric_limits<double>::infinity();
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        for (uint32_t i = 0; i < (*node)->GetNDevices(); ++i)
        {
            const Ptr<NetDevice> device = (*node)->GetDevice(i);
            const Ptr<Channel> channel = device->GetChannel();
            DataRateValue rate;
            if (device->GetAttributeFailSafe("DataRate", rate) ||
                (channel && channel->GetAttributeFailSafe("DataRate", rate)))
            {
                slowest = std::min(slowest, static_cast<double>(rate.Get().GetBitRate()));
            }
        }
    }
    // between switches, too: on its way a packet passes a few links
    Time farthest;
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        for (uint32_t i = 0; i < (*node)->GetNDevices(); ++i)
        {
            const Ptr<Channel> channel = (*node)->GetDevice(i)->GetChannel();
            TimeValue delay;
            if (channel && channel->GetAttributeFailSafe("Delay", delay))
            {
                farthest = std::max(farthest, delay.Get());
            }
        }
    }
    Time longest;
    Time shortest = Time::Max();
    uint32_t where = 0;
    std::set<Ptr<Channel>> channels;
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        for (uint32_t i = 0; i < (*node)->GetNDevices(); ++i)
        {
            const Ptr<Channel> channel = (*node)->GetDevice(i)->GetChannel();
            TimeValue delay;
            if (!channel || !channel->GetAttributeFailSafe("Delay", delay))
            {
                continue;
            }
            channels.insert(channel);
            shortest = std::min(shortest, delay.Get());
            if (delay.Get() > longest)
            {
                longest = delay.Get();
                where = (*node)->GetId();
            }
        }
    }
    // hosts with links of their own are two links apart
    const Time path =
        channels.size() >= nodes.GetN() && nodes.GetN() > 2 ? longest + shortest : longest;
    // attributes of the applications count, too, if their defaults have been changed
    TimeValue value;
    if (m_pushDeadline.IsZero())
    {
        CreateObject<ParameterServer>()->GetAttribute("PushDeadline", value);
        m_pushDeadline = value.Get();
    }
    if (m_pullDeadline.IsZero())
    {
        CreateObject<Worker>()->GetAttribute("PullDeadline", value);
        m_pullDeadline = value.Get();
    }
    const std::pair<const char*, Time> given[] = {{"push", m_pushDeadline},
                                                  {"pull", m_pullDeadline}};
    for (const auto& [name, deadline] : given)
    {
        if (!deadline.IsZero() && deadline <= path)
        {
            std::ostringstream text;
            text << "a " << name << " deadline of " << deadline.As(Time::MS)
                 << " is no longer than the delay of the way from or to node " << where << ", "
                 << path.As(Time::MS) << ": nothing could arrive in time";
            throw std::invalid_argument(text.str());
        }
    }
    if (!m_pullDeadline.IsZero() && m_pullDeadline < m_pushDeadline)
    {
        std::ostringstream text;
        text << "a pull deadline of " << m_pullDeadline.As(Time::MS)
             << " is shorter than the push deadline, " << m_pushDeadline.As(Time::MS)
             << ": workers would not wait for what servers still collect";
        throw std::invalid_argument(text.str());
    }
    if (m_pushDeadline.IsZero())
    {
        // what all workers push through the slowest link, several times over, and workers that lag
        // behind
        const double transfer =
            32.0 * static_cast<double>(m_setup->start.size()) * m_setup->workers / slowest;
        // a transport that repeats goes through a block several times, a round trip each
        const Time repeats = m_transport.Create<BlockTransport>()->GetRepeatTime();
        const int times = repeats.IsZero() ? 1 : 4;
        const double needed = 1 + repeats.GetSeconds() + times * 8 * transfer +
                              10 * computeTime.GetSeconds() + times * 20 * farthest.GetSeconds();
        m_pushDeadline = Seconds(std::min(needed, LONGEST_DEADLINE));
        if (!m_pullDeadline.IsZero())
        {
            m_pushDeadline = std::min(m_pushDeadline, m_pullDeadline / 2);
        }
    }
    if (m_pullDeadline.IsZero())
    {
        m_pullDeadline = m_pushDeadline * 2;
    }
}

} // namespace learning
} // namespace ns3
