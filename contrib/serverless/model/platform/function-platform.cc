/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "function-platform.h"

#include "bounded-time.h"
#include "start-up-table.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-check.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(FunctionPlatform);

TypeId
FunctionPlatform::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::FunctionPlatform")
            .SetParent<Object>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<FunctionPlatform>()
            .AddAttribute("MemoryMegabytes",
                          "Memory of an instance in MB, 128 to 10240; 3,008 was the largest at the "
                          "time of LambdaML (vendor documentation). Billed by 1,024 MB a GB; of "
                          "1e6 bytes each for what fits in.",
                          UintegerValue(3008),
                          MakeUintegerAccessor(&FunctionPlatform::m_memory),
                          MakeUintegerChecker<uint32_t>(128, 10240))
            .AddAttribute(
                "VcpusPerMegabyte",
                "Processors of an instance by its memory, 1e-9 to 1e6; about 1.8 at 3,008 MB "
                "(LambdaML, unverified), later 1/1769 (vendor documentation).",
                DoubleValue(1.8 / 3008),
                MakeDoubleAccessor(&FunctionPlatform::m_vcpusPerMegabyte),
                MakeDoubleChecker<double>(1e-9, 1e6))
            .AddAttribute(
                "ReferenceVcpus",
                "Processors of the machine that compute times are given for, 1e-6 to 1e6 (assumed: "
                "those of an instance, as LambdaML's breakdown has the same 80 s of "
                "computation on functions and on machines, unverified).",
                DoubleValue(1.8),
                MakeDoubleAccessor(&FunctionPlatform::m_referenceVcpus),
                MakeDoubleChecker<double>(1e-6, 1e6))
            .AddAttribute("NetworkRate",
                          "Rate of an instance's network interface, each way. 65 to 70 MB/s "
                          "reproduce LambdaML's measurements (derived).",
                          StringValue("560Mbps"),
                          MakeDataRateAccessor(&FunctionPlatform::m_networkRate),
                          MakeDataRateChecker())
            .AddAttribute(
                "Lifetime",
                "Longest life of an instance, above 0 to 1e9 s; 15 min (vendor documentation, "
                "LambdaML's released code).",
                TimeValue(Seconds(900)),
                MakeTimeAccessor(&FunctionPlatform::m_lifetime),
                MakeBoundedTimeChecker(NanoSeconds(1)))
            .AddAttribute("LifetimeMargin",
                          "What is kept of a lifetime for the checkpoint, besides the time of a "
                          "load: a round begins only if it is expected to end before (assumed).",
                          TimeValue(Seconds(15)),
                          MakeTimeAccessor(&FunctionPlatform::m_lifetimeMargin),
                          MakeBoundedTimeChecker())
            .AddAttribute("Checkpoints",
                          "Whether a function stores its state before its life ends, and invokes "
                          "itself again, as in LambdaML's released code.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&FunctionPlatform::m_checkpoints),
                          MakeBooleanChecker())
            .AddAttribute("RoundsPerInvocation",
                          "Rounds after which a function invokes itself again, as LambdaML's "
                          "released code does; 0 where the lifetime decides. Needs Checkpoints.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&FunctionPlatform::m_roundsPerInvocation),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("Concurrency",
                          "Instances at a time, at least 1; 1,000 (vendor documentation).",
                          UintegerValue(1000),
                          MakeUintegerAccessor(&FunctionPlatform::m_concurrency),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("StartUpTable",
                          "Seconds until so many functions run, count:seconds,...; 1.2, 11, 18 and "
                          "35 s for 10, 50, 100 and 200 (LambdaML, unverified).",
                          StringValue("0:0,10:1.2,50:11,100:18,200:35"),
                          MakeStringAccessor(&FunctionPlatform::m_startUpTable),
                          MakeStringChecker())
            .AddAttribute("ColdStart",
                          "Further time of each first start, in s, 0 to 1e6 (assumed: none, as the "
                          "table includes what is usual).",
                          StringValue("ns3::ConstantRandomVariable[Constant=0]"),
                          MakePointerAccessor(&FunctionPlatform::m_cold),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("WarmStart",
                          "Time from a function's invocation of itself to its successor's begin, "
                          "in s, 0 to 1e6 (assumed).",
                          StringValue("ns3::ConstantRandomVariable[Constant=0.1]"),
                          MakePointerAccessor(&FunctionPlatform::m_warm),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("BillingQuantum",
                          "Step of billed durations, 1 us to 1 h; 100 ms then, 1 ms now (vendor "
                          "documentation).",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&FunctionPlatform::m_billingQuantum),
                          MakeTimeChecker(MicroSeconds(1), Hours(1)))
            .AddAttribute("Expansion",
                          "Bytes in memory of a byte of a partition, 0 to 1e6 (assumed; the "
                          "reference plans with 2.5).",
                          DoubleValue(2.5),
                          MakeDoubleAccessor(&FunctionPlatform::m_expansion),
                          MakeDoubleChecker<double>(0, 1e6))
            .AddAttribute(
                "ModelCopies",
                "Copies, 0 to 1e6, in memory of the vector that workers exchange, declared or of "
                "real numbers, whichever is larger: parameters, gradient, what is "
                "merged (assumed).",
                DoubleValue(3),
                MakeDoubleAccessor(&FunctionPlatform::m_modelCopies),
                MakeDoubleChecker<double>(0, 1e6));
    return tid;
}

Time
FunctionPlatform::DrawStart(uint32_t index) const
{
    return Seconds(StartUpTable(m_startUpTable).GetSeconds(index + 1)) +
           DrawTime(m_cold, "ns3::serverless::FunctionPlatform::ColdStart");
}

Time
FunctionPlatform::DrawRestart() const
{
    return DrawTime(m_warm, "ns3::serverless::FunctionPlatform::WarmStart");
}

bool
FunctionPlatform::Acquire()
{
    if (m_active == m_concurrency)
    {
        return false;
    }
    ++m_active;
    return true;
}

void
FunctionPlatform::Release()
{
    --m_active;
}

uint32_t
FunctionPlatform::GetConcurrency() const
{
    return m_concurrency;
}

double
FunctionPlatform::GetSlowdown() const
{
    return m_referenceVcpus / (m_vcpusPerMegabyte * m_memory);
}

double
FunctionPlatform::GetNeededBytes(double partition, double vector) const
{
    return m_expansion * partition + m_modelCopies * vector;
}

double
FunctionPlatform::GetMemoryBytes() const
{
    return m_memory * 1e6;
}

uint32_t
FunctionPlatform::GetSmallestFleet(double data, double vector) const
{
    const double left = GetMemoryBytes() - m_modelCopies * vector;
    if (left <= 0)
    {
        return 0;
    }
    constexpr double MOST = std::numeric_limits<uint32_t>::max();
    return static_cast<uint32_t>(std::clamp(std::ceil(m_expansion * data / left), 1.0, MOST));
}

std::string
FunctionPlatform::GetShortage(double partition, double data, double vector) const
{
    const double needed = GetNeededBytes(partition, vector);
    if (needed <= GetMemoryBytes())
    {
        return "";
    }
    const uint32_t fleet = GetSmallestFleet(data, vector);
    std::ostringstream text;
    text << needed / 1e6 << " MB of memory are needed, but an instance has " << m_memory << " MB; "
         << (fleet == 0 ? "the model alone does not fit"
                        : "at least " + std::to_string(fleet) + " workers are needed");
    return text.str();
}

uint32_t
FunctionPlatform::GetMemoryMegabytes() const
{
    return m_memory;
}

DataRate
FunctionPlatform::GetNetworkRate() const
{
    if (m_networkRate.GetBitRate() == 0)
    {
        throw std::invalid_argument("ns3::serverless::FunctionPlatform::NetworkRate=0bps: a rate "
                                    "above 0 is needed");
    }
    return m_networkRate;
}

Time
FunctionPlatform::GetLifetime() const
{
    return m_lifetime;
}

Time
FunctionPlatform::GetLifetimeMargin() const
{
    return m_lifetimeMargin;
}

bool
FunctionPlatform::HasCheckpoints() const
{
    return m_checkpoints;
}

uint32_t
FunctionPlatform::GetRoundsPerInvocation() const
{
    return m_roundsPerInvocation;
}

Time
FunctionPlatform::GetBillingQuantum() const
{
    return m_billingQuantum;
}

int64_t
FunctionPlatform::AssignStreams(int64_t stream)
{
    for (const Ptr<RandomVariableStream>& variable : {m_cold, m_warm})
    {
        learning::CheckDraws(variable);
    }
    m_cold->SetStream(stream);
    m_warm->SetStream(stream + 1);
    return 2;
}

void
FunctionPlatform::DoDispose()
{
    m_cold = nullptr;
    m_warm = nullptr;
    Object::DoDispose();
}

} // namespace serverless
} // namespace ns3
