/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef REQUEST_HELPER_H
#define REQUEST_HELPER_H

#include "ns3/application-container.h"
#include "ns3/attribute.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-helper
 *
 * Puts a Web service on hosts: a RequestApplication on each, so that messages go from all to all.
 */
class RequestHelper
{
  public:
    /**
     * Plans a service.
     * @param rate messages a second of all hosts together, above 0
     */
    explicit RequestHelper(double rate);

    /**
     * Sets an attribute of the applications.
     * @param name the attribute
     * @param value its value
     */
    void SetAttribute(const std::string& name, const AttributeValue& value);

    /**
     * Sets the TCP port of all hosts.
     * @param port the port, not 0; default 80
     */
    void SetPort(uint16_t port);

    /**
     * Installs the service; each application has random streams of its own, in the order of hosts.
     * @param hosts at least 2 nodes with IPv4 addresses
     * @return the applications, in their order
     */
    ApplicationContainer Install(const NodeContainer& hosts);

  private:
    ObjectFactory m_factory; //!< makes applications
    double m_rate;           //!< messages a second of all hosts together
    uint16_t m_port{80};     //!< of all hosts
};

} // namespace learning
} // namespace ns3

#endif /* REQUEST_HELPER_H */
