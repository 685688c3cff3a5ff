/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef KEY_VALUE_CACHE_H
#define KEY_VALUE_CACHE_H

#include "storage-service.h"

#include <string>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-storage
 *
 * A cache on a node of its own, such as ElastiCache: fast once it is there, but it takes more than
 * two minutes to provision, its node is paid by the hour, and items are limited.
 *
 * Source: constants of LambdaML's analytic model and channel table, unverified; the provisioning
 * time is derived from the table.
 */
class KeyValueCache : public StorageService
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Type of the node, as in price tables.
     * @return such as "cache.t3.medium"
     */
    const std::string& GetNodeType() const;

  protected:
    /**
     * Adds the attributes of caches.
     * @param tid the kind
     * @param objectHelp where the largest object comes from
     * @param threads requests at a time
     * @param threadHelp where that comes from
     * @return the kind
     */
    static TypeId AddCacheAttributes(TypeId tid,
                                     const std::string& objectHelp,
                                     uint32_t threads,
                                     const std::string& threadHelp);

  private:
    std::string m_nodeType; //!< as in price tables
};

/**
 * @ingroup serverless-learning-storage
 *
 * Memcached: several threads; items of 1 MB unless raised, here 128 MB.
 */
class MemcachedCache : public KeyValueCache
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();
};

/**
 * @ingroup serverless-learning-storage
 *
 * Redis: one thread, so that requests of many workers wait for one another.
 */
class RedisCache : public KeyValueCache
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

  protected:
    Time GetServiceTime(const StorageFrame& request) const override;

  private:
    double m_copyRate; //!< bytes a second that the thread copies
};

/**
 * @ingroup serverless-learning-storage
 *
 * Tables such as DynamoDB's, one for each bucket: always on, items of at most 400 KB, paid by units
 * of capacity.
 *
 * A write of an item takes a unit for each 1,024 bytes begun, at least one: of a PUT those of the
 * larger one of the new item and the one that it replaces; of a DELETE those of the item, and each
 * item of a batch is a DELETE of its own. A strongly consistent read takes a unit for each 4,096
 * bytes begun, at least one: of a GET or HEAD those of the item, whether it is there or not, and
 * whatever part of it is asked for; of a LIST, which is a scan, those of all items in the table
 * together (in LambdaML's released code), whatever is listed of them. Sizes are those of contents:
 * names of items and attributes, which count too, are left out.
 *
 * Source: limits and units by the vendor's documentation; the latency is fitted so that a linear
 * model at 10 workers takes about 0.83 of the time over S3 (LambdaML's channel table, unverified).
 */
class DynamoTable : public StorageService
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    static constexpr uint64_t WRITE_UNIT = 1024; //!< bytes of a write
    static constexpr uint64_t READ_UNIT = 4096;  //!< bytes of a strongly consistent read

  protected:
    uint64_t GetUnits(const StorageFrame& request) const override;
};

} // namespace serverless
} // namespace ns3

#endif /* KEY_VALUE_CACHE_H */
