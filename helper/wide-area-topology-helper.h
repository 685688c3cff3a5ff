/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef WIDE_AREA_TOPOLOGY_HELPER_H
#define WIDE_AREA_TOPOLOGY_HELPER_H

#include "switched-topology-helper.h"

#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * Sites with a network of their own each, joined by long links: the hosts of a site are around a
 * switch, by links with the attributes that are set for all, and switches are joined by links with
 * a rate and a delay of their own.
 *
 * Packets between sites take the way of the least delay, and of the fewest links among those; ties
 * go to the lower site. Hosts are dealt to the sites in order, as evenly as can be.
 * The setting of data that may not leave their site, as in the geo-distributed learning of
 * K. Hsieh et al., Gaia, NSDI 2017.
 */
class WideAreaTopologyHelper : public SwitchedTopologyHelper
{
  public:
    /**
     * Plans a topology without links between sites.
     * @param hosts number of hosts, at least 1
     * @param sites number of sites, from 1 to the number of hosts
     */
    WideAreaTopologyHelper(uint32_t hosts, uint32_t sites);

    /**
     * Joins two sites; before Build(). Two that are joined already are joined by the new link only.
     * @param a a site, from 0
     * @param b another site
     * @param rate of the link, in each direction
     * @param delay of the link
     */
    void JoinSites(uint32_t a, uint32_t b, DataRate rate, Time delay);

    /**
     * Joins every site with every other one; before Build().
     * @param rate of each link, in each direction
     * @param delay of each link
     */
    void JoinAllSites(DataRate rate, Time delay);

    /**
     * Puts an error model on one direction of the link between two sites; before Build(), after
     * they are joined.
     * @param from the site that packets leave
     * @param to the site that they arrive at, directly
     * @param type a type, perhaps with attributes in brackets (see MakeFactory()), that is an
     * ns3::ErrorModel
     */
    void SetSiteErrorModel(uint32_t from, uint32_t to, const std::string& type);

    /**
     * The site of a host.
     * @param host index of the host
     * @return the site
     */
    uint32_t GetSite(uint32_t host) const;

    /**
     * Delay of the way between two sites, by the links between switches alone.
     * @param from a site
     * @param to a site
     * @return the delay; 0 within a site
     * @throws std::invalid_argument if there is no way
     */
    Time GetSiteDelay(uint32_t from, uint32_t to) const;

  private:
    /// A link between two sites.
    struct Link
    {
        uint32_t a;             //!< a site
        uint32_t b;             //!< a site above it
        DataRate rate;          //!< in each direction
        Time delay;             //!< of each bit
        std::string errors[2];  //!< types of error models, into a and into b; empty for none
        Ptr<NetDevice> ends[2]; //!< the devices, at a and at b, once built
    };

    /// The way from one site to another.
    struct Way
    {
        Time delay{Time::Max()};    //!< of all links
        uint32_t links{0};          //!< how many
        const Link* first{nullptr}; //!< the first one
    };

    void DoBuild() override;

    /**
     * Finds a link.
     * @param a a site
     * @param b another site
     * @return the link, or null
     */
    Link* FindLink(uint32_t a, uint32_t b);

    /**
     * Checks that two sites are two of this topology.
     * @param a a site
     * @param b another site
     */
    void CheckSites(uint32_t a, uint32_t b) const;

    /**
     * The shortest ways from a site.
     * @param from the site
     * @return by site
     */
    std::vector<Way> FindWays(uint32_t from) const;

    uint32_t m_sites;          //!< number of sites
    std::vector<Link> m_links; //!< between sites
};

/**
 * @ingroup distributed-learning-helper
 *
 * Two halves of the hosts, each around a switch, and one link between the switches that all traffic
 * between the halves shares.
 * Source: D. Hayes, D. Ros, L. Andrew, S. Floyd, "Common TCP Evaluation Suite" (Internet draft
 * draft-irtf-iccrg-tcpeval-01, 2014), whose basic topology it is.
 */
class DumbbellTopologyHelper : public WideAreaTopologyHelper
{
  public:
    /**
     * Plans a topology.
     * @param hosts number of hosts, at least 2
     * @param rate of the link between the switches, in each direction
     * @param delay of this link
     */
    DumbbellTopologyHelper(uint32_t hosts, DataRate rate, Time delay);
};

} // namespace learning
} // namespace ns3

#endif /* WIDE_AREA_TOPOLOGY_HELPER_H */
