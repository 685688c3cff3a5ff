/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "parameter-machine.h"

#include "number-codec.h"
#include "payload.h"

#include "ns3/double.h"
#include "ns3/string.h"

#include <algorithm>
#include <functional>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(ParameterMachine);

namespace
{

constexpr uint32_t NUMBER_BYTES = 8; //!< of a number on the wire

} // namespace

TypeId
ParameterMachine::GetTypeId()
{
    static TypeId tid = [] {
        Defaults defaults;
        defaults.latency = "ns3::ConstantRandomVariable[Constant=0.001]";
        defaults.latencyHelp = "A remote procedure call (assumed).";
        defaults.connection = "320Mbps";
        defaults.aggregate = "10Gbps";
        defaults.rateHelp =
            "40 MB/s between a function and a machine: 40 to 70 are given, 29 to 39 "
            "measured (LambdaML, unverified).";
        defaults.objectBytes = 1000000000;
        defaults.objectHelp = "Thrift has none that matters; gRPC has 128 MB (LambdaML's released "
                              "code).";
        defaults.aggregateHelp = "c5.4xlarge: up to 10 Gbit/s (vendor documentation).";
        defaults.provisioning = "132s";
        defaults.provisionHelp = "The boot of a machine (LambdaML, unverified).";
        defaults.putRate = 0;
        defaults.getRate = 0;
        defaults.limitHelp = "None (assumed).";
        defaults.threads = 1;
        defaults.threadHelp = "One lock (LambdaML's released code).";
        return AddServiceAttributes(TypeId("ns3::serverless::ParameterMachine")
                                        .SetParent<StorageService>()
                                        .SetGroupName("ServerlessLearning")
                                        .AddConstructor<ParameterMachine>(),
                                    defaults)
            .AddAttribute(
                "MachineType",
                "Name of the machine type, as in price tables (assumed; LambdaML lists it "
                "among its machines, unverified). It decides the price alone.",
                StringValue("c5.4xlarge"),
                MakeStringAccessor(&ParameterMachine::m_machineType),
                MakeStringChecker())
            .AddAttribute("SerializationTime",
                          "Seconds for which a byte of a body takes the lock, 0 to 1e-6; fitted "
                          "so that MobileNet takes about 4 times as long as over S3 (LambdaML's "
                          "channel table, unverified). Functions have the same cost in "
                          "ns3::serverless::ParameterExchange::SerializationTime: both are to be "
                          "set.",
                          DoubleValue(40e-9),
                          MakeDoubleAccessor(&ParameterMachine::m_serializationTime),
                          MakeDoubleChecker<double>(0, 1e-6));
    }();
    return tid;
}

void
ParameterMachine::SetWorkers(uint32_t workers)
{
    m_workers = workers;
}

const std::string&
ParameterMachine::GetMachineType() const
{
    return m_machineType;
}

Time
ParameterMachine::GetServiceTime(const StorageFrame& request) const
{
    const uint64_t bytes = request.operation == StorageFrame::PULL ? m_bytes : request.body.size;
    return Seconds(static_cast<double>(bytes) * m_serializationTime);
}

Payload
ParameterMachine::AddUp() const
{
    std::vector<double> sum;
    for (const auto& [worker, part] : m_parts)
    {
        const std::vector<double> numbers = DecodeNumbers(part, NUMBER_BYTES);
        sum.resize(std::max(sum.size(), numbers.size()));
        std::transform(numbers.begin(), numbers.end(), sum.begin(), sum.begin(), std::plus<>());
    }
    return EncodeNumbers(sum, 0, sum.size(), NUMBER_BYTES, m_bytes);
}

void
ParameterMachine::Serve(const StorageFrame& request, StorageFrame& reply)
{
    const uint64_t round = request.count;
    switch (request.operation)
    {
    case StorageFrame::CAN_PULL:
        reply.status = m_pushes == m_workers * round ? StorageFrame::OK : StorageFrame::NOT_FOUND;
        return;
    case StorageFrame::CAN_PUSH:
        reply.status =
            m_pulls == m_workers * (round + 1) ? StorageFrame::OK : StorageFrame::NOT_FOUND;
        return;
    case StorageFrame::PULL:
        if (m_pushes != m_workers * round)
        {
            reply.status = StorageFrame::REFUSED;
            return;
        }
        ++m_pulls;
        reply.body = m_sum;
        return;
    case StorageFrame::PUSH:
        if (m_pulls != m_workers * (round + 1))
        {
            reply.status = StorageFrame::REFUSED;
            return;
        }
        if (request.body.size > GetMaxObjectBytes())
        {
            reply.status = StorageFrame::TOO_LARGE;
            reply.body = EncodeSize(GetMaxObjectBytes());
            return;
        }
        m_bytes = request.body.size;
        m_parts[request.name] = request.body;
        if (++m_pushes == m_workers * (round + 1))
        {
            m_sum = AddUp();
            m_parts.clear();
        }
        return;
    default:
        StorageService::Serve(request, reply);
        return;
    }
}

} // namespace serverless
} // namespace ns3
