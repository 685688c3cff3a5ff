/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef REGION_HELPER_H
#define REGION_HELPER_H

#include "ns3/address.h"
#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"
#include "ns3/star-topology-helper.h"
#include "ns3/storage-client.h"
#include "ns3/storage-service.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-helper
 *
 * The network of one region of a cloud: machines around one switch, each behind a network interface
 * of its own rate. The first hosts are for workers, the last ones for services.
 *
 * The latency of services is theirs, not that of links: a round trip is short, the global value
 * ServerlessRoundTrip, so that TCP does not wait where a request does.
 */
class RegionHelper
{
  public:
    /**
     * Builds a region.
     * @param workers machines for workers, at least 1
     * @param services machines for services, at least 1
     */
    RegionHelper(uint32_t workers, uint32_t services);

    /**
     * Time of a round trip between any two machines of a region, as predictions have it, too.
     * @return the global value ServerlessRoundTrip
     */
    static Time GetRoundTrip();

    /**
     * Sets the rate of a worker's network interface, both ways.
     * @param worker its index
     * @param rate above 0
     */
    void SetWorkerRate(uint32_t worker, DataRate rate);

    /**
     * Drops packets on the way into all workers and all services.
     * @param dropRate probability of each packet, in [0, 1]; 0 for none
     */
    void SetDropRate(double dropRate);

    /**
     * Puts a service on its machine, from time 0 on.
     * @param service index of the machine
     * @param factory makes the service
     * @return the service
     */
    Ptr<StorageService> InstallService(uint32_t service, const ObjectFactory& factory);

    /**
     * Makes a client of a service on a worker's machine.
     * @param worker its index
     * @param service index of the service, installed
     * @return the client
     */
    Ptr<StorageClient> MakeClient(uint32_t worker, uint32_t service = 0) const;

    /**
     * A worker's machine.
     * @param worker its index
     * @return the node
     */
    Ptr<Node> GetWorker(uint32_t worker) const;

    /**
     * Address of a worker's machine.
     * @param worker its index
     * @param port TCP port
     * @return address and port
     */
    Address GetWorkerAddress(uint32_t worker, uint16_t port) const;

  private:
    /**
     * Address of a host.
     * @param host its index
     * @param port TCP port
     * @return address and port
     */
    Address GetAddress(uint32_t host, uint16_t port) const;

    uint32_t m_workers;                          //!< machines for workers
    learning::StarTopologyHelper m_star;         //!< the network
    std::vector<Ptr<StorageService>> m_services; //!< by machine, null before they are installed
};

} // namespace serverless
} // namespace ns3

#endif /* REGION_HELPER_H */
