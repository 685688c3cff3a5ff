/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "straggler-variable.h"

#include "ns3/double.h"
#include "ns3/learning-compatibility.h"
#include "ns3/rng-stream.h"

#include <cmath>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(StragglerVariable);

namespace
{
constexpr double Z99 = 2.3263478740408408; //!< 99th percentile of the standard normal law
constexpr double TWO_PI = 6.283185307179586;
} // namespace

TypeId
StragglerVariable::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::StragglerVariable")
            .SetParent<RandomVariableStream>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<StragglerVariable>()
            .AddAttribute("Law",
                          "Kind of the tail: LogNormal or Pareto.",
                          EnumValueFor<StragglerVariable::Law>(LOG_NORMAL),
                          MakeEnumAccessorFor<Law>(&StragglerVariable::m_law),
                          MakeEnumChecker(LOG_NORMAL, "LogNormal", PARETO, "Pareto"))
            .AddAttribute("TailRatio",
                          "99th percentile over the median, which is 1: from 1 (always 1) to 1000.",
                          DoubleValue(1.5),
                          MakeDoubleAccessor(&StragglerVariable::m_tailRatio),
                          MakeDoubleChecker<double>(1, 1000));
    return tid;
}

double
StragglerVariable::GetValue()
{
    // uniform in (0, 1), ends excluded
    const double u = Peek()->RandU01();
    if (m_law == PARETO)
    {
        return std::pow(2 * u, -std::log(m_tailRatio) / std::log(50.0));
    }
    const double normal = std::sqrt(-2 * std::log(u)) * std::cos(TWO_PI * Peek()->RandU01());
    return std::exp(std::log(m_tailRatio) / Z99 * normal);
}

uint32_t
StragglerVariable::GetInteger()
{
    return static_cast<uint32_t>(GetValue());
}

} // namespace learning
} // namespace ns3
