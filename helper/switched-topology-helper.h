/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SWITCHED_TOPOLOGY_HELPER_H
#define SWITCHED_TOPOLOGY_HELPER_H

#include "point-to-point-switch.h"
#include "queue-disc-installer.h"
#include "type-specification.h"

#include "ns3/attribute.h"
#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/queue-disc-container.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * What topologies of hosts and switches have in common: point-to-point links whose attributes can
 * be set, an error model on the device of every host, so that its rate is end to end, IPv4
 * addresses, and queues that lose nothing unless told to.
 */
class SwitchedTopologyHelper
{
  public:
    /**
     * Plans a topology.
     * @param hosts number of hosts, at least 1
     */
    explicit SwitchedTopologyHelper(uint32_t hosts);
    virtual ~SwitchedTopologyHelper() = default;

    /**
     * Sets an attribute of the devices of all links (ns3::PointToPointNetDevice), such as DataRate.
     * @param name the attribute
     * @param value its value
     */
    void SetDeviceAttribute(const std::string& name, const AttributeValue& value);

    /**
     * Sets an attribute of all links (InterruptibleChannel, a PointToPointChannel), such as Delay.
     * @param name the attribute
     * @param value its value
     */
    void SetChannelAttribute(const std::string& name, const AttributeValue& value);

    /**
     * Sets the size of the queue of every device; by default a million packets, so that only error
     * models lose anything.
     * @param size such as "100p" or "1MB"
     */
    void SetQueueSize(const std::string& size);

    /// Where queue discs are put.
    enum Ports
    {
        SWITCH_PORTS, //!< on the devices of switches
        ALL_PORTS     //!< on the devices of switches and hosts
    };

    /**
     * Puts an ns-3 queue disc on devices, so that classes of traffic may be told apart in their
     * queues.
     * @param specification which one; each device has its own
     * @param ports which devices
     * @throws std::invalid_argument with one sentence if there is no such queue disc
     */
    void SetQueueDisc(const QueueDiscSpecification& specification, Ports ports = SWITCH_PORTS);

    /**
     * Drops every data segment on its way into a host with this probability (BernoulliErrorModel).
     * @param dropRate in [0, 1], end to end
     */
    void SetDropRate(double dropRate);

    /**
     * Puts an error model on the device of every host.
     * @tparam Arguments names and values of attributes
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is an
     * ns3::ErrorModel; each host has its own, made of parts of its own
     * @param arguments names and values of attributes
     */
    template <typename... Arguments>
    void SetErrorModel(const std::string& type, Arguments&&... arguments)
    {
        MakeFactory(type, ErrorModel::GetTypeId()); // a mistake is told here
        // a factory shares what has brackets within brackets among all it makes, so each host has
        // one
        m_makeErrorModel = [type, values = std::make_tuple(std::forward<Arguments>(arguments)...)] {
            ObjectFactory factory = MakeFactory(type, ErrorModel::GetTypeId());
            if constexpr (sizeof...(Arguments) != 0)
            {
                std::apply([&factory](const auto&... value) { factory.Set(value...); }, values);
            }
            return factory.Create<ErrorModel>();
        };
    }

    /// A direction of the link of a host.
    enum Direction
    {
        INTO_HOST,  //!< from the switch to the host
        OUT_OF_HOST //!< from the host to the switch
    };

    /**
     * Puts an error model on one direction of the link of one host, into the host in place of the
     * one that SetErrorModel() says; before Build(). Its random stream does not shift others.
     * @param host index of the host
     * @param direction the direction
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is an
     * ns3::ErrorModel
     */
    void SetLinkErrorModel(uint32_t host, Direction direction, const std::string& type);

    /**
     * Drops data segments on one direction of the link of one host (BernoulliErrorModel), see
     * SetLinkErrorModel().
     * @param host index of the host
     * @param direction the direction
     * @param dropRate in [0, 1], of this direction
     */
    void SetLinkDropRate(uint32_t host, Direction direction, double dropRate);

    /**
     * Spreads the hosts over the ranks of a simulation that ns-3's MPI engine distributes: as many
     * consecutive ones on each as on the others, give or take one. Switches are on rank 0. Packets
     * that reach a switch at the same moment go on in the order of its devices, with one rank as
     * with several, so that the number of ranks changes no result. Links between ranks cannot be
     * interrupted. To be called before Build().
     * @param ranks number of ranks, from 1 to that of hosts; above 1, ns-3 must have been built
     * with --enable-mpi, and MpiInterface::Enable() called in a run by mpirun
     */
    void SetRanks(uint32_t ranks);

    /// Makes nodes, links and addresses; to be called once.
    void Build();

    /**
     * The hosts.
     * @return the nodes
     */
    NodeContainer GetHosts() const;

    /**
     * Some of the hosts.
     * @param first index of the first one
     * @param count how many
     * @return the nodes
     * @throws std::invalid_argument if there are not so many
     */
    NodeContainer GetHosts(uint32_t first, uint32_t count) const;

    /**
     * The devices of the hosts, in their order.
     * @return the devices
     */
    NetDeviceContainer GetHostDevices() const;

    /**
     * The devices of the switches, in the order in which they were made.
     * @return the devices
     */
    NetDeviceContainer GetSwitchDevices() const;

    /**
     * The queue discs of the switches, in the order of GetSwitchDevices().
     * @return the queue discs, none without SetQueueDisc()
     */
    QueueDiscContainer GetSwitchQueueDiscs() const;

    /**
     * The queue discs of the hosts, in their order.
     * @return the queue discs, none without SetQueueDisc() for them
     */
    QueueDiscContainer GetHostQueueDiscs() const;

    /**
     * Packets that the switches could not forward.
     * @return number of packets
     */
    uint64_t GetUnroutedCount() const;

  protected:
    /// Connects the hosts; derived classes call AddSwitch(), Connect() and AddHost().
    virtual void DoBuild() = 0;

    /**
     * Adds a switch.
     * @return its index
     */
    uint32_t AddSwitch();

    /**
     * Links two nodes.
     * @param a a node
     * @param b another node
     * @return the devices, in this order
     */
    NetDeviceContainer Connect(Ptr<Node> a, Ptr<Node> b);

    /**
     * Links two nodes by a link with a rate and a delay of its own.
     * @param a a node
     * @param b another node
     * @param rate in each direction
     * @param delay of each bit
     * @return the devices, in this order
     */
    NetDeviceContainer Connect(Ptr<Node> a, Ptr<Node> b, DataRate rate, Time delay);

    /**
     * Puts an error model on a device, with a random stream of its own.
     * @param device the device
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is an
     * ns3::ErrorModel
     */
    void SetDeviceErrorModel(Ptr<NetDevice> device, const std::string& type);

    /**
     * Links a host to a switch and gives it an address.
     * @param host index of the host
     * @param index of the switch
     */
    void AddHost(uint32_t host, uint32_t index);

    /**
     * A switch.
     * @param index its index
     * @return the switch
     */
    Ptr<PointToPointSwitch> GetSwitch(uint32_t index) const;

    /**
     * The node of a switch.
     * @param index its index
     * @return the node
     */
    Ptr<Node> GetSwitchNode(uint32_t index) const;

    /**
     * Address of a host.
     * @param host index of the host
     * @return the address
     */
    static Ipv4Address GetHostAddress(uint32_t host);

  private:
    /**
     * Links two nodes of different ranks.
     * @param a a node
     * @param b another node
     * @return the devices, in this order
     */
    NetDeviceContainer ConnectRanks(Ptr<Node> a, Ptr<Node> b) const;

    NodeContainer m_hosts;                             //!< the hosts
    NetDeviceContainer m_hostDevices;                  //!< their devices
    NodeContainer m_switchNodes;                       //!< the nodes of the switches
    std::vector<Ptr<PointToPointSwitch>> m_switches;   //!< the switches
    ObjectFactory m_deviceFactory;                     //!< makes devices
    ObjectFactory m_channelFactory;                    //!< makes links
    ObjectFactory m_queueFactory;                      //!< makes queues
    PointToPointHelper m_rankLinks;                    //!< makes links between ranks
    uint32_t m_ranks{0};                               //!< number of ranks, 0 if it does not matter
    std::function<Ptr<ErrorModel>()> m_makeErrorModel; //!< makes a host's error model; or empty
    QueueDiscSpecification m_queueDisc;                //!< of devices, of no type for none
    Ports m_queueDiscPorts{SWITCH_PORTS};              //!< devices that have queue discs
    NetDeviceContainer m_switchDevices;                //!< devices of switches
    QueueDiscContainer m_hostQueueDiscs;               //!< queue discs of hosts
    QueueDiscContainer m_switchQueueDiscs;             //!< queue discs of switches
    int64_t m_queueDiscStreams{0};                     //!< random streams of all of these
    /// Types of error models of single links, by host and direction.
    std::map<std::pair<uint32_t, Direction>, std::string> m_linkErrorModels;
    int64_t m_linkStreams{0};       //!< random streams that they use so far
    int64_t m_errorModelStreams{0}; //!< random streams that they use so far
};

} // namespace learning
} // namespace ns3

#endif /* SWITCHED_TOPOLOGY_HELPER_H */
