/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef COST_LEDGER_H
#define COST_LEDGER_H

#include "billing-rules.h"
#include "price-table.h"

#include "ns3/function-platform.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/storage-service.h"
#include "ns3/training-worker.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-cost
 *
 * What a training costs, item by item, in whole numbers: quantities are counted exactly, each
 * item's amount is rounded once to a nano-dollar, and the total is the sum of the amounts.
 *
 * Listens to trace sources of services and functions; machines and nodes are entered when the
 * training has ended.
 *
 * Functions of the training are counted, from their begin on; what starts them, one more function
 * for a second or two in LambdaML, is not: less than one of them costs. A gigabyte of a GB-second
 * is 1,024 MB of MemoryMegabytes, as the vendor bills, whereas what fits into the memory counts 1e6
 * bytes for a MB (assumed, on the safe side).
 *
 * A request that a service refuses because there are too many costs nothing (S3 bills no answer
 * 503 "Slow Down"; DynamoDB consumes nothing for a throttled request). One for an object that is
 * not there is paid for as if it was (S3 bills answers 404; DynamoDB consumes a unit), so polls are
 * paid for. An item that DynamoDB refuses for its size costs nothing (assumed: it is refused before
 * it is written). Source: vendor's documentation.
 */
class CostLedger : public Object
{
  public:
    /// An item.
    struct Entry
    {
        std::string item;    //!< as in price tables
        std::string unit;    //!< of the quantity
        int64_t quantity{0}; //!< in units
        int64_t price{0};    //!< nano-dollars for as many units as per
        int64_t per{1};      //!< units that the price is for

        /**
         * What it costs.
         * @return nano-dollars, rounded to the nearest one
         */
        int64_t GetAmount() const;
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Counts a worker's instances, if it runs on functions.
     * @param worker the worker
     * @param platform where it runs
     */
    void ObserveWorker(Ptr<TrainingWorker> worker, Ptr<FunctionPlatform> platform);

    /**
     * Counts a service's requests, if they cost something.
     * @param service the service
     * @throws std::invalid_argument with one sentence if the type of its node has no price
     */
    void ObserveService(Ptr<StorageService> service);

    /**
     * Enters an instance of a function.
     * @param duration from begin to end
     * @param quantum step of billed durations
     * @param megabytes its memory
     */
    void AddInstance(Time duration, Time quantum, uint32_t megabytes);

    /**
     * Enters virtual machines: by the second, MinimumSeconds at least.
     * @param type as in price tables
     * @param count how many
     * @param duration of each
     */
    void AddMachines(const std::string& type, uint32_t count, Time duration);

    /**
     * Enters the node that a service runs on, if it is paid for.
     * @param service the service
     * @param duration since its order
     */
    void AddNode(Ptr<StorageService> service, Time duration);

    /**
     * What a service's node is, if it is paid for.
     * @param service the service
     * @return item as in price tables, or empty
     */
    static std::string GetNodeItem(Ptr<StorageService> service);

    /**
     * All items.
     * @return those with a quantity, in alphabetical order
     */
    std::vector<Entry> GetEntries() const;

    /**
     * What everything costs.
     * @return nano-dollars
     */
    int64_t GetTotal() const;

    /**
     * The items as a table.
     * @return a line for each
     */
    std::string Describe() const;

    /**
     * Prices used.
     * @return the table
     * @throws std::invalid_argument with one sentence if attribute Prices is none
     */
    const PriceTable& GetPrices() const;

    /**
     * How times are rounded.
     * @return the rules, by attributes RoundsHours and MinimumSeconds
     */
    const BillingRules& GetRules() const;

  private:
    /**
     * Sets a rule.
     * @param roundsHours see BillingRules
     */
    void SetRoundsHours(bool roundsHours);

    /**
     * Sets a rule.
     * @param seconds see BillingRules
     */
    void SetMinimumSeconds(int64_t seconds);

    /**
     * Adds to an item.
     * @param item as in price tables
     * @param unit of the quantity
     * @param quantity in units
     * @param per units that the price is for
     */
    void Add(const std::string& item, const std::string& unit, int64_t quantity, int64_t per);

    /**
     * Counts a request to an object store.
     * @param record the request
     */
    void CountStoreRequest(const StorageRequestRecord& record);

    /**
     * Counts a request to a table.
     * @param record the request
     */
    void CountTableRequest(const StorageRequestRecord& record);

    std::string m_tableName;                      //!< see PriceTable
    BillingRules m_rules;                         //!< how times are rounded
    mutable std::unique_ptr<PriceTable> m_prices; //!< of that name
    std::map<std::string, Entry> m_entries;       //!< by item
};

} // namespace serverless
} // namespace ns3

#endif /* COST_LEDGER_H */
