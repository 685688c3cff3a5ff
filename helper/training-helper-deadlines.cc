/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What TrainingHelper finds out about the network: how long to wait, and what fits its links.

#include "training-helper.h"

#include "ns3/channel.h"
#include "ns3/data-rate.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/node-list.h"
#include "ns3/packet.h"
#include "ns3/parameter-server.h"
#include "ns3/ppp-header.h"
#include "ns3/segment-tag.h"
#include "ns3/socket.h"

#include <algorithm>
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

/// Bytes of a packet and what comes with it that ns-3's MPI engine carries at most.
constexpr uint32_t RANK_BYTES = 2000;

/// Longest deadline chosen, in s: a clock of ns-3 runs for 9.2e9 s.
constexpr double LONGEST_DEADLINE = 1e9;

} // namespace

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
            text << name << "Deadline=" << deadline.As(Time::MS)
                 << " is no longer than the delay of the way from or to node " << where << ", "
                 << path.As(Time::MS) << ": nothing could arrive in time";
            throw std::invalid_argument(text.str());
        }
    }
    if (!m_pullDeadline.IsZero() && m_pullDeadline < m_pushDeadline)
    {
        std::ostringstream text;
        text << "pullDeadline=" << m_pullDeadline.As(Time::MS)
             << " is shorter than pushDeadline=" << m_pushDeadline.As(Time::MS)
             << ": workers would not wait for what servers still collect";
        throw std::invalid_argument(text.str());
    }
    // what all workers push through the slowest link
    const double transfer =
        32.0 * static_cast<double>(m_setup->start.size()) * m_setup->workers / slowest;
    m_transferTime =
        Seconds(std::min(transfer / m_setup->owners->GetBlockCount(), LONGEST_DEADLINE / 100));
    if (m_pushDeadline.IsZero())
    {
        // the transfer several times over, and workers that lag behind; a transport that repeats
        // goes through a block several times, a round trip each
        const Ptr<BlockTransport> transport = m_transport.Create<BlockTransport>();
        transport->SetTransferTime(m_transferTime);
        const Time repeats = transport->GetRepeatTime();
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
