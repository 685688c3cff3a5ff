/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MACHINE_FLEET_H
#define MACHINE_FLEET_H

#include "ns3/data-rate.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-platform
 *
 * Virtual machines of one type that are started for a job: all are ready after BootTable(w), as
 * measured for fleets of w.
 *
 * Source: LambdaML's analytic model (boot times, rates), unverified.
 */
class MachineFleet : public Object
{
  public:
    /// Where a machine's partition is.
    enum Source
    {
        STORE, //!< in the storage service
        DISK,  //!< on the machine's block storage
        MEMORY //!< in its memory: hot data
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Time until all machines are ready.
     * @param machines how many
     * @return the time
     */
    Time GetBootTime(uint32_t machines) const;

    /**
     * Name of the machine type, as in price tables.
     * @return such as "t2.medium"
     */
    const std::string& GetMachineType() const;

    /**
     * Rate of a machine's network interface.
     * @return the rate
     * @throws std::invalid_argument with one sentence if it is 0
     */
    DataRate GetNetworkRate() const;

    /**
     * Factor by which a computation is slower than on the reference machine.
     * @return the factor
     */
    double GetSlowdown() const;

    /**
     * Where partitions are.
     * @return the source
     */
    Source GetSource() const;

    /**
     * Rate of block storage.
     * @return the rate
     * @throws std::invalid_argument with one sentence if it is 0
     */
    DataRate GetDiskRate() const;

    /**
     * Time to read from block storage.
     * @param bytes how many
     * @return the time
     */
    Time GetDiskTime(uint64_t bytes) const;

  private:
    std::string m_machineType; //!< as in price tables
    std::string m_bootTable;   //!< see StartUpTable
    DataRate m_networkRate;    //!< of a machine
    double m_slowdown;         //!< of computations
    Source m_source;           //!< where partitions are
    DataRate m_diskRate;       //!< of block storage
    Time m_diskLatency;        //!< of block storage
};

} // namespace serverless
} // namespace ns3

#endif /* MACHINE_FLEET_H */
