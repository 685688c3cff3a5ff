/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef BILLING_RULES_H
#define BILLING_RULES_H

#include "ns3/nstime.h"

#include <cstdint>

namespace ns3
{
namespace serverless
{

/**
 * @ingroup serverless-learning-cost
 *
 * How vendors round times that are paid for: for the ledger of what was simulated and for what is
 * predicted alike.
 *
 * Source: vendor documentation, unverified.
 */
struct BillingRules
{
    static constexpr int64_t HOUR = 3600000000; //!< microseconds

    bool roundsHours{false};    //!< whether hours of cache nodes are rounded up
    int64_t minimumSeconds{60}; //!< of a machine

    /**
     * Time of an instance of a function: whole steps, then up to a microsecond.
     * @param used from begin to end
     * @param quantum the step, above 0
     * @return microseconds
     */
    static int64_t GetInstanceMicroseconds(Time used, Time quantum);

    /**
     * Time of a machine: whole seconds, minimumSeconds at least.
     * @param used from its order to its end
     * @return microseconds
     */
    int64_t GetMachineMicroseconds(Time used) const;

    /**
     * Time of a cache node: as used, or whole hours.
     * @param used from its order to its end
     * @return microseconds
     */
    int64_t GetNodeMicroseconds(Time used) const;
};

} // namespace serverless
} // namespace ns3

#endif /* BILLING_RULES_H */
