/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "request-helper.h"

#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/request-application.h"

#include <stdexcept>
#include <vector>

namespace ns3
{
namespace learning
{

namespace
{
/// First random stream of the applications: away from those of error models and workers.
constexpr int64_t REQUEST_STREAM = 20000000;
} // namespace

RequestHelper::RequestHelper(double rate)
    : m_rate(rate)
{
    if (!(rate > 0))
    {
        throw std::invalid_argument("a service of " + std::to_string(rate) +
                                    " messages a second: a number above 0 is needed");
    }
    m_factory.SetTypeId(RequestApplication::GetTypeId());
}

void
RequestHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

void
RequestHelper::SetPort(uint16_t port)
{
    m_port = port;
}

ApplicationContainer
RequestHelper::Install(const NodeContainer& hosts)
{
    std::vector<Address> addresses;
    for (auto node = hosts.Begin(); node != hosts.End(); ++node)
    {
        const Ptr<Ipv4> ipv4 = (*node)->GetObject<Ipv4>();
        if (!ipv4 || ipv4->GetNInterfaces() < 2) // the first one is the loopback
        {
            throw std::invalid_argument("node " + std::to_string((*node)->GetId()) +
                                        " has no IPv4 address: a service needs one");
        }
        addresses.push_back(InetSocketAddress(ipv4->GetAddress(1, 0).GetLocal(), m_port));
    }
    ApplicationContainer applications;
    for (uint32_t i = 0; i < hosts.GetN(); ++i)
    {
        const Ptr<RequestApplication> application = m_factory.Create<RequestApplication>();
        application->SetAttribute("Rate", DoubleValue(m_rate / hosts.GetN()));
        application->Configure(i, addresses);
        application->AssignStreams(REQUEST_STREAM + 2 * int64_t{i});
        hosts.Get(i)->AddApplication(application);
        applications.Add(application);
    }
    return applications;
}

} // namespace learning
} // namespace ns3
