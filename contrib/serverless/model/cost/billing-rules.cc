/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "billing-rules.h"

#include <algorithm>

namespace ns3
{
namespace serverless
{

namespace
{

constexpr int64_t HOUR = 3600000000; //!< microseconds

/**
 * Divides, rounding up.
 * @param a at least 0
 * @param b above 0
 * @return the quotient
 */
int64_t
DivideUp(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

} // namespace

int64_t
BillingRules::GetInstanceMicroseconds(Time used, Time quantum)
{
    return DivideUp(used.GetNanoSeconds(), quantum.GetNanoSeconds()) * quantum.GetMicroSeconds();
}

int64_t
BillingRules::GetMachineMicroseconds(Time used) const
{
    return std::max(minimumSeconds, DivideUp(used.GetNanoSeconds(), 1000000000)) * 1000000;
}

int64_t
BillingRules::GetNodeMicroseconds(Time used) const
{
    const int64_t microseconds = used.GetMicroSeconds();
    return roundsHours ? DivideUp(microseconds, HOUR) * HOUR : microseconds;
}

} // namespace serverless
} // namespace ns3
