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
    const int64_t step = quantum.GetNanoSeconds(); // may be no whole microseconds
    return DivideUp(DivideUp(used.GetNanoSeconds(), step) * step, 1000);
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
