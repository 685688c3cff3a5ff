/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef PARAMETER_MACHINE_H
#define PARAMETER_MACHINE_H

#include "storage-service.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * A parameter server on a virtual machine for functions: they push vectors, which it adds up, and
 * pull the sum. Counters are the barrier, with n workers and rounds i from 0:
 *
 *     a worker may pull in round i when there were n i pushes,
 *     and push in round i when there were n (i + 1) pulls.
 *
 * The first pull, in round 0, gives nothing to add. Requests wait for one lock; a body of x bytes
 * takes x SerializationTime under it. Numbers are 8 bytes each. Sums are in the order of workers.
 *
 * Source: LambdaML's released code of its Cirrus-like hybrid (counters, doubles, one lock); rates
 * unverified.
 */
class ParameterMachine : public StorageService
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * States who takes part; before the start.
     * @param workers how many
     */
    void SetWorkers(uint32_t workers);

    /**
     * Type of the machine, as in price tables.
     * @return such as "c5.4xlarge"
     */
    const std::string& GetMachineType() const;

  protected:
    void Serve(const StorageFrame& request, StorageFrame& reply) override;
    Time GetServiceTime(const StorageFrame& request) const override;

  private:
    /**
     * The sum of what was pushed last.
     * @return the content of a reply
     */
    Payload AddUp() const;

    std::string m_machineType;              //!< as in price tables
    double m_serializationTime;             //!< s a byte, under the lock
    uint32_t m_workers{1};                  //!< n
    uint64_t m_pushes{0};                   //!< so far
    uint64_t m_pulls{0};                    //!< so far
    uint64_t m_bytes{0};                    //!< declared bytes of a vector
    std::map<std::string, Payload> m_parts; //!< what was pushed in the present round, by worker
    Payload m_sum;                          //!< of the round before
};

} // namespace serverless
} // namespace ns3

#endif /* PARAMETER_MACHINE_H */
