/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef REGION_BENCH_H
#define REGION_BENCH_H

#include "ns3/object-factory.h"
#include "ns3/region-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/// Workers and one service, and a count of what was asked of it.
class RegionBench
{
  public:
    /**
     * Builds a region.
     * @param workers number of workers
     * @param service a factory of the service
     * @param rate of a worker's network interface
     */
    RegionBench(uint32_t workers, const ObjectFactory& service, const std::string& rate = "520Mbps")
        : m_region(workers, 1)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        for (uint32_t worker = 0; worker < workers; ++worker)
        {
            m_region.SetWorkerRate(worker, DataRate(rate));
        }
        m_service = m_region.InstallService(0, service);
        m_service->TraceConnectWithoutContext(
            "Request",
            Callback<void, const StorageRequestRecord&>(
                [this](const StorageRequestRecord& record) { Count(record); }));
        for (uint32_t worker = 0; worker < workers; ++worker)
        {
            m_clients.push_back(m_region.MakeClient(worker));
        }
    }

    /**
     * The network.
     * @return the region
     */
    RegionHelper& GetRegion()
    {
        return m_region;
    }

    /**
     * The service.
     * @return the service
     */
    Ptr<StorageService> GetService() const
    {
        return m_service;
    }

    /**
     * A worker's client.
     * @param worker its index
     * @return the client
     */
    Ptr<StorageClient> GetClient(uint32_t worker = 0) const
    {
        return m_clients.at(worker);
    }

    /**
     * Requests that were answered as asked.
     * @param operation which
     * @return the number
     */
    uint64_t GetCount(StorageFrame::Operation operation) const
    {
        const auto found = m_counts.find(operation);
        return found == m_counts.end() ? 0 : found->second;
    }

    uint64_t m_bytesUp{0};   //!< declared bytes of PUTs that were answered as asked
    uint64_t m_bytesDown{0}; //!< declared bytes of GETs that were answered as asked
    uint64_t m_refused{0};   //!< requests that were not answered as asked
    std::string m_log;       //!< all requests, for comparisons

  private:
    /**
     * Counts a request.
     * @param record the request
     */
    void Count(const StorageRequestRecord& record)
    {
        m_log += std::to_string(Simulator::Now().GetNanoSeconds()) + " " +
                 GetOperationName(record.operation) + " " + record.name + "\n";
        if (record.status != StorageFrame::OK)
        {
            ++m_refused;
            return;
        }
        ++m_counts[record.operation];
        m_bytesUp += record.operation == StorageFrame::PUT ? record.bytesUp : 0;
        m_bytesDown += record.operation == StorageFrame::GET ? record.bytesDown : 0;
    }

    RegionHelper m_region;                                //!< the network
    Ptr<StorageService> m_service;                        //!< the service
    std::vector<Ptr<StorageClient>> m_clients;            //!< by worker
    std::map<StorageFrame::Operation, uint64_t> m_counts; //!< by operation
};

/**
 * A factory of an object store.
 * @param latency of a request, in s
 * @param connection rate of a connection
 * @return the factory
 */
inline ObjectFactory
MakeStore(double latency = 0.08, const std::string& connection = "520Mbps")
{
    ObjectFactory factory("ns3::serverless::ObjectStore");
    factory.Set(
        "Latency",
        StringValue("ns3::ConstantRandomVariable[Constant=" + std::to_string(latency) + "]"));
    factory.Set("ConnectionRate", StringValue(connection));
    return factory;
}

} // namespace serverless
} // namespace ns3

#endif /* REGION_BENCH_H */
