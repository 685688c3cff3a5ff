/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "compute-model.h"

#include "random-variable-check.h"

#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace learning
{

namespace
{
/// Longest computation, in s: a clock of ns-3 runs for 9.2e9 s.
constexpr double LONGEST_SECONDS = 1e9;
constexpr double LONGEST_SIMULATION = 9e9; //!< in s; ns-3 counts a little further

/**
 * Fixes the streams of a random variable and of those that it is made of.
 * @param variable the variable
 * @param stream first stream number
 * @return number of streams used
 */
int64_t
AssignNested(Ptr<RandomVariableStream> variable, int64_t stream)
{
    variable->SetStream(stream);
    int64_t used = 1;
    for (TypeId type = variable->GetInstanceTypeId(); type != Object::GetTypeId();
         type = type.GetParent())
    {
        for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
        {
            const TypeId::AttributeInformation attribute = type.GetAttribute(i);
            PointerValue value;
            const bool isPointer =
                dynamic_cast<const PointerChecker*>(PeekPointer(attribute.checker)) != nullptr;
            if (isPointer && variable->GetAttributeFailSafe(attribute.name, value) &&
                value.Get<RandomVariableStream>())
            {
                used += AssignNested(value.Get<RandomVariableStream>(), stream + used);
            }
        }
    }
    return used;
}
} // namespace

NS_OBJECT_ENSURE_REGISTERED(ComputeModel);

TypeId
ComputeModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::ComputeModel")
            .SetParent<Object>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<ComputeModel>()
            .AddAttribute("OperationsPerSecond",
                          "Floating-point operations a second of the node, at least 1.",
                          DoubleValue(1e10),
                          MakeDoubleAccessor(&ComputeModel::m_operationsPerSecond),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("Slowdown",
                          "Factor by which this node is slower than others, above 0.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&ComputeModel::m_slowdown),
                          MakeDoubleChecker<double>(std::numeric_limits<double>::min()))
            .AddAttribute("Overhead",
                          "Time of each computation besides its operations.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&ComputeModel::m_overhead),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Period",
                          "Computations end at whole multiples of this time only, counted from "
                          "the start of the simulation: workers that fall behind wait for the next "
                          "one. 0: whenever they are done.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&ComputeModel::m_period),
                          MakeTimeChecker(Time(0)))
            .AddAttribute(
                "Straggler",
                "Random factor of each computation, above 0.",
                StringValue("ns3::ConstantRandomVariable[Constant=1]"),
                MakePointerAccessor(&ComputeModel::SetStraggler, &ComputeModel::GetStraggler),
                MakePointerChecker<RandomVariableStream>());
    return tid;
}

void
ComputeModel::DoDispose()
{
    m_straggler = nullptr;
    Object::DoDispose();
}

void
ComputeModel::SetStraggler(Ptr<RandomVariableStream> straggler)
{
    const auto constant = DynamicCast<ConstantRandomVariable>(straggler);
    if (constant && !(constant->GetConstant() > 0))
    {
        std::ostringstream text;
        text << "ns3::learning::ComputeModel::Straggler=ns3::ConstantRandomVariable[Constant="
             << constant->GetConstant() << "]: a factor above 0 is needed";
        throw std::invalid_argument(text.str());
    }
    CheckDraws(straggler);
    m_straggler = straggler;
}

Ptr<RandomVariableStream>
ComputeModel::GetStraggler() const
{
    return m_straggler;
}

Time
ComputeModel::Draw(double operations) const
{
    const double straggling = m_straggler->GetValue();
    if (!(straggling > 0))
    {
        std::ostringstream text;
        text << "ns3::learning::ComputeModel::Straggler: " << m_straggler->GetInstanceTypeId()
             << " has drawn " << straggling << ", but a computation takes a factor above 0";
        throw std::runtime_error(text.str());
    }
    const double seconds = operations / m_operationsPerSecond * (m_slowdown * straggling);
    if (!(seconds <= LONGEST_SECONDS))
    {
        std::ostringstream text;
        text << "ns3::learning::ComputeModel: a computation of " << seconds
             << " s does not fit simulated time, 1e9 s at most: OperationsPerSecond is too small, "
                "or Slowdown or Straggler too large";
        throw std::runtime_error(text.str());
    }
    const Time duration = m_overhead + Seconds(seconds);
    if (duration.GetSeconds() + Simulator::Now().GetSeconds() > LONGEST_SIMULATION)
    {
        throw std::runtime_error("ns3::learning::ComputeModel: a computation ends after more than "
                                 "9e9 s of simulated time, which ns-3 cannot count: fewer rounds, "
                                 "or shorter computations, are needed");
    }
    if (m_period.IsZero())
    {
        return duration;
    }
    const int64_t period = m_period.GetTimeStep();
    const int64_t end = (Simulator::Now() + duration).GetTimeStep();
    const int64_t multiples = std::max<int64_t>(1, end / period + (end % period != 0));
    return m_period * multiples - Simulator::Now();
}

int64_t
ComputeModel::AssignStreams(int64_t stream)
{
    return AssignNested(m_straggler, stream);
}

} // namespace learning
} // namespace ns3
