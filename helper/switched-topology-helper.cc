/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switched-topology-helper.h"

#include "ns3/bernoulli-error-model.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/queue-size.h"
#include "ns3/queue.h"
#include "ns3/segment-error-model.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{
/// First random stream of the hosts' error models: away from the streams that ns-3 numbers itself.
constexpr int64_t ERROR_MODEL_STREAM = 1000000;
/// First random stream of the error models of single links.
constexpr int64_t LINK_STREAM = 40000000;
/// Random streams that an error model and its parts may use.
constexpr int64_t STREAMS_A_LINK = 100;
/// First random stream of queue discs.
constexpr int64_t QUEUE_DISC_STREAM = 30000000;
/// Random streams of a queue disc and its classes.
constexpr int64_t STREAMS_A_QUEUE_DISC = 20;

/**
 * Whether the user has left the default of an attribute as it was.
 * @param type the type
 * @param name the attribute
 * @return true if so
 */
bool
IsUnchanged(TypeId type, const std::string& name)
{
    TypeId::AttributeInformation information;
    type.LookupAttributeByName(name, &information);
    return information.initialValue == information.originalInitialValue;
}

} // namespace

SwitchedTopologyHelper::SwitchedTopologyHelper(uint32_t hosts)
{
    if (hosts == 0 || hosts > 1U << 22)
    {
        throw std::invalid_argument("a topology of " + std::to_string(hosts) +
                                    " hosts: 1 to 4194304 are possible");
    }
    m_hosts.Create(hosts);
    m_deviceFactory.SetTypeId("ns3::PointToPointNetDevice");
    m_channelFactory.SetTypeId("ns3::learning::InterruptibleChannel");
    m_queueFactory.SetTypeId("ns3::DropTailQueue<Packet>");
    m_rankLinks.DisableFlowControl(); // as on the other links
    if (IsUnchanged(m_deviceFactory.GetTypeId(), "DataRate"))
    {
        SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    }
    if (IsUnchanged(m_deviceFactory.GetTypeId(), "Mtu"))
    {
        SetDeviceAttribute("Mtu", UintegerValue(65535)); // room for trains
    }
    if (IsUnchanged(m_channelFactory.GetTypeId(), "Delay"))
    {
        SetChannelAttribute("Delay", StringValue("1us"));
    }
    SetQueueSize("1000000p");
}

void
SwitchedTopologyHelper::SetDeviceAttribute(const std::string& name, const AttributeValue& value)
{
    m_deviceFactory.Set(name, value);
    m_rankLinks.SetDeviceAttribute(name, value);
}

void
SwitchedTopologyHelper::SetChannelAttribute(const std::string& name, const AttributeValue& value)
{
    m_channelFactory.Set(name, value);
    m_rankLinks.SetChannelAttribute(name, value);
}

void
SwitchedTopologyHelper::SetQueueSize(const std::string& size)
{
    const QueueSizeValue limit((QueueSize(size)));
    if (limit.Get().GetValue() == 0)
    {
        throw std::invalid_argument("queue size " + size +
                                    ": at least 1 is needed"); // ns-3 would ignore it
    }
    m_queueFactory.Set("MaxSize", limit);
    m_rankLinks.SetQueue("ns3::DropTailQueue", "MaxSize", limit);
}

void
SwitchedTopologyHelper::SetQueueDisc(const QueueDiscSpecification& specification, Ports ports)
{
    CheckQueueDisc(specification);
    m_queueDisc = specification;
    m_queueDiscPorts = ports;
}

void
SwitchedTopologyHelper::SetDropRate(double dropRate)
{
    if (!(dropRate >= 0 && dropRate <= 1))
    {
        throw std::invalid_argument("drop rate " + std::to_string(dropRate) +
                                    ": a probability from 0 to 1 is needed");
    }
    SetErrorModel("ns3::learning::BernoulliErrorModel", "DropRate", DoubleValue(dropRate));
}

void
SwitchedTopologyHelper::SetLinkErrorModel(uint32_t host,
                                          Direction direction,
                                          const std::string& type)
{
    GetHosts(host, 1); // throws if there is none
    MakeFactory(type, ErrorModel::GetTypeId());
    m_linkErrorModels[{host, direction}] = type;
}

void
SwitchedTopologyHelper::SetLinkDropRate(uint32_t host, Direction direction, double dropRate)
{
    SetLinkErrorModel(host,
                      direction,
                      "ns3::learning::BernoulliErrorModel[DropRate=" + std::to_string(dropRate) +
                          "]");
}

void
SwitchedTopologyHelper::SetRanks(uint32_t ranks)
{
    if (ranks == 0 || ranks > m_hosts.GetN())
    {
        throw std::invalid_argument("ranks=" + std::to_string(ranks) + ": 1 to " +
                                    std::to_string(m_hosts.GetN()) +
                                    " are possible, at most one a host");
    }
    m_ranks = ranks;
    const uint64_t hosts = m_hosts.GetN();
    for (uint32_t host = 0; host < hosts; ++host)
    {
        m_hosts.Get(host)->SetAttribute("SystemId", UintegerValue(host * uint64_t{ranks} / hosts));
    }
}

void
SwitchedTopologyHelper::Build()
{
    if (m_hostDevices.GetN() != 0)
    {
        throw std::logic_error("a topology is built once: make another helper for another one");
    }
    // hosts need IPv4 and static routes only: no queue disc, no IPv6, nothing that chatters
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.SetRoutingHelper(Ipv4StaticRoutingHelper());
    stack.Install(m_hosts);
    DoBuild();
}

NodeContainer
SwitchedTopologyHelper::GetHosts() const
{
    return m_hosts;
}

NodeContainer
SwitchedTopologyHelper::GetHosts(uint32_t first, uint32_t count) const
{
    if (first > m_hosts.GetN() || count > m_hosts.GetN() - first)
    {
        throw std::invalid_argument("hosts " + std::to_string(first) + " and on, " +
                                    std::to_string(count) + " of them: there are " +
                                    std::to_string(m_hosts.GetN()) + ", from 0");
    }
    NodeContainer some;
    for (uint32_t host = first; host < first + count; ++host)
    {
        some.Add(m_hosts.Get(host));
    }
    return some;
}

NetDeviceContainer
SwitchedTopologyHelper::GetHostDevices() const
{
    return m_hostDevices;
}

NetDeviceContainer
SwitchedTopologyHelper::GetSwitchDevices() const
{
    return m_switchDevices;
}

QueueDiscContainer
SwitchedTopologyHelper::GetSwitchQueueDiscs() const
{
    return m_switchQueueDiscs;
}

QueueDiscContainer
SwitchedTopologyHelper::GetHostQueueDiscs() const
{
    return m_hostQueueDiscs;
}

uint64_t
SwitchedTopologyHelper::GetUnroutedCount() const
{
    uint64_t count = 0;
    for (const Ptr<PointToPointSwitch>& each : m_switches)
    {
        count += each->GetUnroutedCount();
    }
    return count;
}

uint32_t
SwitchedTopologyHelper::AddSwitch()
{
    Ptr<Node> node = CreateObject<Node>();
    m_switchNodes.Add(node);
    Ptr<PointToPointSwitch> added = CreateObject<PointToPointSwitch>();
    added->Install(node);
    if (m_ranks != 0)
    {
        added->OrderArrivals();
    }
    node->AggregateObject(added);
    m_switches.push_back(added);
    return static_cast<uint32_t>(m_switches.size()) - 1;
}

NetDeviceContainer
SwitchedTopologyHelper::Connect(Ptr<Node> a, Ptr<Node> b, DataRate rate, Time delay)
{
    const NetDeviceContainer devices = Connect(a, b);
    devices.Get(0)->GetChannel()->SetAttribute("Delay", TimeValue(delay));
    devices.Get(0)->SetAttribute("DataRate", DataRateValue(rate));
    devices.Get(1)->SetAttribute("DataRate", DataRateValue(rate));
    return devices;
}

void
SwitchedTopologyHelper::SetDeviceErrorModel(Ptr<NetDevice> device, const std::string& type)
{
    const Ptr<ErrorModel> errorModel =
        MakeFactory(type, ErrorModel::GetTypeId()).Create<ErrorModel>();
    if (const Ptr<SegmentErrorModel> ours = DynamicCast<SegmentErrorModel>(errorModel))
    {
        ours->AssignStreams(LINK_STREAM + m_linkStreams);
    }
    m_linkStreams += STREAMS_A_LINK;
    device->SetAttribute("ReceiveErrorModel", PointerValue(errorModel));
}

NetDeviceContainer
SwitchedTopologyHelper::Connect(Ptr<Node> a, Ptr<Node> b)
{
    NetDeviceContainer devices;
    if (a->GetSystemId() != b->GetSystemId())
    {
        devices = ConnectRanks(a, b);
    }
    else
    {
        Ptr<PointToPointChannel> channel = m_channelFactory.Create<PointToPointChannel>();
        for (const Ptr<Node>& node : {a, b})
        {
            Ptr<PointToPointNetDevice> device = m_deviceFactory.Create<PointToPointNetDevice>();
            device->SetAddress(Mac48Address::Allocate());
            device->SetQueue(m_queueFactory.Create<Queue<Packet>>());
            node->AddDevice(device);
            device->Attach(channel);
            devices.Add(device);
        }
    }
    for (uint32_t end = 0; end < 2; ++end)
    {
        const Ptr<NetDevice> device = devices.Get(end);
        const Ptr<Node> node = device->GetNode();
        const Ptr<PointToPointSwitch> itself = node->GetObject<PointToPointSwitch>();
        if (itself)
        {
            m_switchDevices.Add(device);
        }
        if (!m_queueDisc.type.empty() && (itself || m_queueDiscPorts == ALL_PORTS))
        {
            if (itself)
            {
                itself->UseQueueDiscs();
            }
            (itself ? m_switchQueueDiscs : m_hostQueueDiscs)
                .Add(InstallQueueDisc(m_queueDisc, device, QUEUE_DISC_STREAM + m_queueDiscStreams));
            m_queueDiscStreams += STREAMS_A_QUEUE_DISC;
        }
    }
    return devices;
}

NetDeviceContainer
SwitchedTopologyHelper::ConnectRanks(Ptr<Node> a, Ptr<Node> b) const
{
    PointToPointHelper helper = m_rankLinks;
    const NetDeviceContainer devices = helper.Install(a, b);
    const std::string channel = devices.Get(0)->GetChannel()->GetInstanceTypeId().GetName();
    if (channel != "ns3::PointToPointRemoteChannel")
    {
        throw std::invalid_argument(
            "ranks=" + std::to_string(m_ranks) +
            ": MPI is not at work: needed are an ns-3 built with --enable-mpi, "
            "MpiInterface::Enable() before the topology, and a start by mpirun -np " +
            std::to_string(m_ranks));
    }
    return devices;
}

void
SwitchedTopologyHelper::AddHost(uint32_t host, uint32_t index)
{
    const Ptr<Node> node = m_hosts.Get(host);
    const NetDeviceContainer link = Connect(node, m_switchNodes.Get(index));
    const Ptr<NetDevice> device = link.Get(0);
    m_hostDevices.Add(device);
    m_switches[index]->AddRoute(GetHostAddress(host), link.Get(1));

    // one flat subnet: every other host is on the link, as behind an Ethernet switch
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(GetHostAddress(host), Ipv4Mask("255.0.0.0")));
    ipv4->SetMetric(interface, 1);
    ipv4->SetUp(interface);

    if (m_makeErrorModel)
    {
        const Ptr<ErrorModel> errorModel = m_makeErrorModel();
        if (const Ptr<SegmentErrorModel> ours = DynamicCast<SegmentErrorModel>(errorModel))
        {
            m_errorModelStreams += ours->AssignStreams(ERROR_MODEL_STREAM + m_errorModelStreams);
        }
        device->SetAttribute("ReceiveErrorModel", PointerValue(errorModel));
    }
    for (const Direction direction : {INTO_HOST, OUT_OF_HOST})
    {
        const auto special = m_linkErrorModels.find({host, direction});
        if (special != m_linkErrorModels.end())
        {
            SetDeviceErrorModel(link.Get(direction == INTO_HOST ? 0 : 1), special->second);
        }
    }
}

Ptr<PointToPointSwitch>
SwitchedTopologyHelper::GetSwitch(uint32_t index) const
{
    return m_switches[index];
}

Ptr<Node>
SwitchedTopologyHelper::GetSwitchNode(uint32_t index) const
{
    return m_switchNodes.Get(index);
}

Ipv4Address
SwitchedTopologyHelper::GetHostAddress(uint32_t host)
{
    return Ipv4Address(0x0a000001 + host); // 10.0.0.1 and on
}

} // namespace learning
} // namespace ns3
