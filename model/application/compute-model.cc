/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "compute-model.h"

#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/string.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace learning
{

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
            .AddAttribute("Straggler",
                          "Random factor of each computation; draws below 0 count as 0.",
                          StringValue("ns3::ConstantRandomVariable[Constant=1]"),
                          MakePointerAccessor(&ComputeModel::m_straggler),
                          MakePointerChecker<RandomVariableStream>());
    return tid;
}

void
ComputeModel::DoDispose()
{
    m_straggler = nullptr;
    Object::DoDispose();
}

Time
ComputeModel::Draw(double operations) const
{
    const double factor = m_slowdown * std::max(0.0, m_straggler->GetValue());
    return m_overhead + Seconds(operations / m_operationsPerSecond * factor);
}

int64_t
ComputeModel::AssignStreams(int64_t stream)
{
    m_straggler->SetStream(stream);
    return 1;
}

} // namespace learning
} // namespace ns3
