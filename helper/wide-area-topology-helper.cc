/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "wide-area-topology-helper.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace ns3
{
namespace learning
{

WideAreaTopologyHelper::WideAreaTopologyHelper(uint32_t hosts, uint32_t sites)
    : SwitchedTopologyHelper(hosts),
      m_sites(sites)
{
    if (sites == 0 || sites > hosts)
    {
        throw std::invalid_argument("a wide area of " + std::to_string(hosts) + " hosts and " +
                                    std::to_string(sites) +
                                    " sites: 1 site up to one a host is needed");
    }
}

void
WideAreaTopologyHelper::JoinSites(uint32_t a, uint32_t b, DataRate rate, Time delay)
{
    CheckSites(a, b);
    if (rate.GetBitRate() == 0 || delay.IsStrictlyNegative())
    {
        throw std::invalid_argument("a link between sites " + std::to_string(a) + " and " +
                                    std::to_string(b) +
                                    ": a rate above 0 and a delay of at least 0 are needed");
    }
    if (Link* link = FindLink(a, b))
    {
        link->rate = rate;
        link->delay = delay;
        return;
    }
    m_links.push_back({std::min(a, b), std::max(a, b), rate, delay, {}, {}});
}

void
WideAreaTopologyHelper::JoinAllSites(DataRate rate, Time delay)
{
    for (uint32_t a = 0; a < m_sites; ++a)
    {
        for (uint32_t b = a + 1; b < m_sites; ++b)
        {
            JoinSites(a, b, rate, delay);
        }
    }
}

void
WideAreaTopologyHelper::SetSiteErrorModel(uint32_t from, uint32_t to, const std::string& type)
{
    CheckSites(from, to);
    MakeFactory(type, ErrorModel::GetTypeId()); // a mistake is told here
    Link* link = FindLink(from, to);
    if (!link)
    {
        throw std::invalid_argument("sites " + std::to_string(from) + " and " + std::to_string(to) +
                                    " are not joined: there is no link that could lose anything");
    }
    link->errors[to == link->b] = type;
}

uint32_t
WideAreaTopologyHelper::GetSite(uint32_t host) const
{
    const uint64_t hosts = GetHosts().GetN();
    if (host >= hosts)
    {
        throw std::invalid_argument("host " + std::to_string(host) + ": there are " +
                                    std::to_string(hosts) + ", from 0");
    }
    // the inverse of floor(hosts * site / sites), where the hosts of a site begin
    return static_cast<uint32_t>(((uint64_t{host} + 1) * m_sites - 1) / hosts);
}

Time
WideAreaTopologyHelper::GetSiteDelay(uint32_t from, uint32_t to) const
{
    if (from == to && from < m_sites)
    {
        return Time(0);
    }
    CheckSites(from, to);
    const Way way = FindWays(from)[to];
    if (!way.first)
    {
        throw std::invalid_argument("there is no way from site " + std::to_string(from) +
                                    " to site " + std::to_string(to) + ": more links are needed");
    }
    return way.delay;
}

void
WideAreaTopologyHelper::DoBuild()
{
    const uint32_t hosts = GetHosts().GetN();
    for (uint32_t site = 0; site < m_sites; ++site)
    {
        AddSwitch();
    }
    for (uint32_t host = 0; host < hosts; ++host)
    {
        AddHost(host, GetSite(host));
    }
    for (Link& link : m_links)
    {
        const NetDeviceContainer devices =
            Connect(GetSwitchNode(link.a), GetSwitchNode(link.b), link.rate, link.delay);
        for (uint32_t end = 0; end < 2; ++end)
        {
            link.ends[end] = devices.Get(end);
            if (!link.errors[end].empty())
            {
                SetDeviceErrorModel(link.ends[end], link.errors[end]);
            }
        }
    }
    for (uint32_t site = 0; site < m_sites; ++site)
    {
        const std::vector<Way> ways = FindWays(site);
        for (uint32_t host = 0; host < hosts; ++host)
        {
            const uint32_t there = GetSite(host);
            if (there == site)
            {
                continue;
            }
            GetSiteDelay(site, there); // throws where there is no way
            const Link& first = *ways[there].first;
            GetSwitch(site)->AddRoute(GetHostAddress(host), first.ends[site == first.b]);
        }
    }
}

WideAreaTopologyHelper::Link*
WideAreaTopologyHelper::FindLink(uint32_t a, uint32_t b)
{
    const auto found = std::find_if(m_links.begin(), m_links.end(), [a, b](const Link& link) {
        return link.a == std::min(a, b) && link.b == std::max(a, b);
    });
    return found == m_links.end() ? nullptr : &*found;
}

void
WideAreaTopologyHelper::CheckSites(uint32_t a, uint32_t b) const
{
    if (a == b || a >= m_sites || b >= m_sites)
    {
        throw std::invalid_argument("sites " + std::to_string(a) + " and " + std::to_string(b) +
                                    ": two different ones from 0 to " +
                                    std::to_string(m_sites - 1) + " are needed");
    }
}

std::vector<WideAreaTopologyHelper::Way>
WideAreaTopologyHelper::FindWays(uint32_t from) const
{
    // Bellman and Ford: there are few sites
    std::vector<Way> ways(m_sites);
    ways[from].delay = Time(0);
    for (uint32_t step = 1; step < m_sites; ++step)
    {
        for (const Link& link : m_links)
        {
            for (const auto& [here, there] : {std::pair(link.a, link.b), std::pair(link.b, link.a)})
            {
                const Way& known = ways[here];
                if (known.delay == Time::Max() || there == from)
                {
                    continue;
                }
                const Way longer{known.delay + link.delay,
                                 known.links + 1,
                                 here == from ? &link : known.first};
                if (std::tie(longer.delay, longer.links) <
                    std::tie(ways[there].delay, ways[there].links))
                {
                    ways[there] = longer;
                }
            }
        }
    }
    return ways;
}

DumbbellTopologyHelper::DumbbellTopologyHelper(uint32_t hosts, DataRate rate, Time delay)
    : WideAreaTopologyHelper(hosts, 2)
{
    JoinSites(0, 1, rate, delay);
}

} // namespace learning
} // namespace ns3
