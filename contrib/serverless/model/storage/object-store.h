/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef OBJECT_STORE_H
#define OBJECT_STORE_H

#include "storage-service.h"

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * An object store such as S3: always on, as many connections and as much together as one likes,
 * but 80 ms a request.
 *
 * Source: constants of J. Jiang et al., "Towards demystifying serverless machine learning
 * training", SIGMOD 2021, table of the analytic model (unverified; the rate and the
 * latency agree with the authors' measurements); limits of requests by the vendor's documentation.
 */
class ObjectStore : public StorageService
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();
};

} // namespace serverless
} // namespace ns3

#endif /* OBJECT_STORE_H */
