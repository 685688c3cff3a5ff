/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "inverse-square-root-schedule.h"

#include "ns3/double.h"

#include <cmath>
#include <limits>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(InverseSquareRootSchedule);

TypeId
InverseSquareRootSchedule::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::InverseSquareRootSchedule")
            .SetParent<LearningRateSchedule>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<InverseSquareRootSchedule>()
            .AddAttribute("Period",
                          "Steps until the factor has fallen to 1/sqrt(2), above 0.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&InverseSquareRootSchedule::m_period),
                          MakeDoubleChecker<double>(std::numeric_limits<double>::min(),
                                                    std::numeric_limits<double>::max()));
    return tid;
}

double
InverseSquareRootSchedule::GetFactor(uint64_t step) const
{
    return 1 / std::sqrt(1 + static_cast<double>(step) / m_period);
}

} // namespace learning
} // namespace ns3
