/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fault-schedule-helper.h"

#include "ns3/inet-socket-address.h"
#include "ns3/loopback-net-device.h"
#include "ns3/parameter-server.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Reads a time.
 * @param text such as "500ms"
 * @param fault what it is the time of
 * @return the time
 */
Time
ReadTime(const std::string& text, const std::string& fault)
{
    const Ptr<const AttributeChecker> checker = MakeTimeChecker();
    if (text.empty() || !IsLegalValue(checker, text))
    {
        throw std::invalid_argument("fault " + fault + ": '" + text + "' is no time such as 500ms");
    }
    return DynamicCast<TimeValue>(checker->CreateValidValue(StringValue(text)))->Get();
}

/**
 * Schedules what happens at a time, if it ever does.
 * @param time when
 * @param event what
 */
void
ScheduleUnlessNever(Time time, const std::function<void()>& event)
{
    if (time != Time::Max())
    {
        Simulator::Schedule(time, [event] { event(); });
    }
}

} // namespace

void
FaultScheduleHelper::AddCrash(uint32_t host, Time from, Time until)
{
    Add({CRASH, {host}, from, until});
}

void
FaultScheduleHelper::AddLinkDown(uint32_t host, Time from, Time until)
{
    Add({LINK, {host}, from, until});
}

void
FaultScheduleHelper::AddPartition(const std::set<uint32_t>& hosts, Time from, Time until)
{
    Add({PARTITION, hosts, from, until});
}

void
FaultScheduleHelper::AddList(const std::string& text)
{
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line))
    {
        line = line.substr(0, line.find('#'));
        std::replace(line.begin(), line.end(), ',', ' ');
        std::istringstream words(line);
        std::string word;
        while (words >> word)
        {
            Add(Read(word));
        }
    }
}

void
FaultScheduleHelper::AddFile(const std::string& file)
{
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream)
    {
        throw std::invalid_argument("faults: file " + file + " cannot be read, or is empty");
    }
    const std::size_t before = m_faults.size();
    AddList(text.str());
    if (m_faults.size() == before)
    {
        throw std::invalid_argument("faults: file " + file + " names no fault");
    }
}

Time
FaultScheduleHelper::GetEnd() const
{
    Time end(0);
    for (const Fault& fault : m_faults)
    {
        end = fault.until == Time::Max() ? end : std::max(end, fault.until);
    }
    return end;
}

void
FaultScheduleHelper::Install(const TrainingHelper& training) const
{
    const std::vector<Host> hosts = GetHosts(training);
    if (hosts.size() != training.GetSetup()->hosts->size())
    {
        throw std::invalid_argument("faults: not where MPI distributes the hosts: links between "
                                    "ranks cannot be interrupted");
    }
    for (const Fault& fault : m_faults)
    {
        if (*fault.hosts.rbegin() >= hosts.size() ||
            (fault.kind == PARTITION && fault.hosts.size() == hosts.size()))
        {
            throw std::invalid_argument(
                "faults: host " + std::to_string(*fault.hosts.rbegin()) + ": there are " +
                std::to_string(hosts.size()) +
                " hosts, from 0, workers first, and a partition leaves some of them out");
        }
        if (fault.kind == PARTITION)
        {
            InstallPartition(fault, hosts);
            continue;
        }
        const Host host = hosts[*fault.hosts.begin()];
        const std::vector<Ptr<InterruptibleChannel>> links = GetLinks(host);
        const bool isCrash = fault.kind == CRASH;
        Simulator::Schedule(fault.from, [host, links, isCrash] {
            for (const Ptr<InterruptibleChannel>& link : links)
            {
                link->Interrupt();
            }
            if (isCrash && host.worker)
            {
                host.worker->Crash();
            }
            if (isCrash && host.server)
            {
                host.server->Crash();
            }
        });
        ScheduleUnlessNever(fault.until, [host, links, isCrash] {
            for (const Ptr<InterruptibleChannel>& link : links)
            {
                link->Restore();
            }
            // the server first: its worker gives it back what it keeps
            if (isCrash && host.server)
            {
                host.server->Restart();
            }
            if (isCrash && host.worker)
            {
                host.worker->Restart();
            }
        });
    }
}

void
FaultScheduleHelper::Add(const Fault& fault)
{
    if (fault.hosts.empty() || !fault.from.IsStrictlyPositive() || fault.until <= fault.from)
    {
        std::ostringstream text;
        text << "a fault from " << fault.from.As(Time::S) << " to " << fault.until.As(Time::S)
             << ": hosts, a begin above 0 and a later end are needed";
        throw std::invalid_argument(text.str());
    }
    m_faults.push_back(fault);
}

FaultScheduleHelper::Fault
FaultScheduleHelper::Read(const std::string& text)
{
    const std::size_t colon = text.find(':');
    const std::size_t at = text.find('@');
    const std::string kind = text.substr(0, colon);
    if ((kind != "crash" && kind != "link" && kind != "partition") || at == std::string::npos ||
        at < colon)
    {
        throw std::invalid_argument("fault " + text +
                                    ": crash:HOST@FROM-UNTIL, link:HOST@FROM-UNTIL or "
                                    "partition:HOST+HOST@FROM-UNTIL is needed");
    }
    Fault fault;
    fault.kind = kind == "crash" ? CRASH : kind == "link" ? LINK : PARTITION;
    std::istringstream list(text.substr(colon + 1, at - colon - 1));
    std::string host;
    while (std::getline(list, host, '+'))
    {
        constexpr std::size_t MAX_DIGITS = 9;
        if (host.empty() || host.size() > MAX_DIGITS ||
            host.find_first_not_of("0123456789") != std::string::npos)
        {
            throw std::invalid_argument("fault " + text + ": '" + host + "' is no host");
        }
        fault.hosts.insert(static_cast<uint32_t>(std::stoul(host)));
    }
    if (fault.hosts.empty() || (fault.kind != PARTITION && fault.hosts.size() != 1))
    {
        throw std::invalid_argument("fault " + text + ": " +
                                    (fault.kind == PARTITION ? "hosts are" : "one host is") +
                                    " needed");
    }
    const std::string times = text.substr(at + 1);
    const std::size_t dash = times.find('-');
    fault.from = ReadTime(times.substr(0, dash), text);
    fault.until = dash == std::string::npos ? Time::Max() : ReadTime(times.substr(dash + 1), text);
    return fault;
}

std::vector<FaultScheduleHelper::Host>
FaultScheduleHelper::GetHosts(const TrainingHelper& training)
{
    std::vector<Host> hosts;
    const ApplicationContainer workers = training.GetWorkers();
    for (auto application = workers.Begin(); application != workers.End(); ++application)
    {
        hosts.push_back({(*application)->GetNode(), DynamicCast<Worker>(*application), nullptr});
    }
    const ApplicationContainer servers = training.GetServers();
    for (auto application = servers.Begin(); application != servers.End(); ++application)
    {
        const Ptr<Node> node = (*application)->GetNode();
        auto host = std::find_if(hosts.begin(), hosts.end(), [node](const Host& other) {
            return other.node == node;
        });
        if (host == hosts.end())
        {
            host = hosts.insert(host, {node, nullptr, nullptr});
        }
        host->server = DynamicCast<ParameterServer>(*application);
    }
    return hosts;
}

std::vector<Ptr<InterruptibleChannel>>
FaultScheduleHelper::GetLinks(const Host& host)
{
    std::vector<Ptr<InterruptibleChannel>> links;
    for (uint32_t i = 0; i < host.node->GetNDevices(); ++i)
    {
        const Ptr<NetDevice> device = host.node->GetDevice(i);
        if (DynamicCast<LoopbackNetDevice>(device))
        {
            continue;
        }
        const auto link = DynamicCast<InterruptibleChannel>(device->GetChannel());
        if (!link)
        {
            throw std::invalid_argument(
                "faults: device " + std::to_string(i) + " of node " +
                std::to_string(host.node->GetId()) +
                " is not on an ns3::learning::InterruptibleChannel, as links of our topology "
                "helpers are");
        }
        links.push_back(link);
    }
    return links;
}

void
FaultScheduleHelper::InstallPartition(const Fault& fault, const std::vector<Host>& hosts)
{
    const Ptr<TrainingSetup> setup = hosts.front().worker->GetSetup();
    const auto group = std::make_shared<std::set<Ipv4Address>>();
    for (const uint32_t host : fault.hosts)
    {
        group->insert(InetSocketAddress::ConvertFrom((*setup->hosts)[host]).GetIpv4());
    }
    std::vector<Ptr<InterruptibleChannel>> links;
    for (const Host& host : hosts)
    {
        for (const Ptr<InterruptibleChannel>& link : GetLinks(host))
        {
            links.push_back(link);
        }
    }
    Simulator::Schedule(fault.from, [links, group] {
        for (const Ptr<InterruptibleChannel>& link : links)
        {
            link->Separate(group);
        }
    });
    ScheduleUnlessNever(fault.until, [links, group] {
        for (const Ptr<InterruptibleChannel>& link : links)
        {
            link->Join(group);
        }
    });
}

} // namespace learning
} // namespace ns3
