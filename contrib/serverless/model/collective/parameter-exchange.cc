/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "parameter-exchange.h"

#include "number-codec.h"

#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(ParameterExchange);

TypeId
ParameterExchange::GetTypeId()
{
    static TypeId tid = AddPollInterval(
        TypeId("ns3::serverless::ParameterExchange")
            .SetParent<StoreCollective>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<ParameterExchange>()
            .AddAttribute("SerializationTime",
                          "Seconds that a byte takes at the function, 0 to 1e-6; as fitted for "
                          "ns3::serverless::ParameterMachine::SerializationTime (functions taken "
                          "to be as fast, assumed): both are to be set.",
                          DoubleValue(40e-9),
                          MakeDoubleAccessor(&ParameterExchange::m_serializationTime),
                          MakeDoubleChecker<double>(0, 1e-6)));
    return tid;
}

void
ParameterExchange::DoCancel()
{
    m_serialization.Cancel();
    StoreCollective::DoCancel();
}

void
ParameterExchange::DoStart()
{
    if (GetNumberBytes() != 8)
    {
        Fail("a parameter server takes numbers of 8 bytes (attribute NumberBytes)");
        return;
    }
    m_round = static_cast<uint32_t>(std::strtoul(m_step.c_str(), nullptr, 10)) - 1;
    if (m_round == 0)
    {
        Pull(0, [this](const StorageReply&) { Push(); });
        return;
    }
    Push();
}

void
ParameterExchange::Serialize(uint64_t bytes, std::function<void()> next)
{
    m_serialization = Simulator::Schedule(Seconds(static_cast<double>(bytes) * m_serializationTime),
                                          std::move(next));
}

void
ParameterExchange::Await(StorageFrame::Operation operation,
                         uint32_t round,
                         std::function<void()> next)
{
    StorageFrame frame;
    frame.operation = operation;
    frame.count = round;
    m_client->Request(frame, [this, operation, round, next](const StorageReply& reply) {
        if (reply.status == StorageFrame::NOT_FOUND)
        {
            Sleep([this, operation, round, next] { Await(operation, round, next); });
            return;
        }
        Expect(GetOperationName(operation), [&next](const StorageReply&) { next(); })(reply);
    });
}

void
ParameterExchange::Pull(uint32_t round, std::function<void(const StorageReply&)> next)
{
    Await(StorageFrame::CAN_PULL, round, [this, round, next] {
        StorageFrame frame;
        frame.operation = StorageFrame::PULL;
        frame.count = round;
        m_client->Request(frame, Expect("PULL", [this, next](const StorageReply& reply) {
                              Serialize(reply.body.size, [next, reply] { next(reply); });
                          }));
    });
}

void
ParameterExchange::Push()
{
    const uint64_t bytes = std::max<uint64_t>(2 * m_declared, 8 * m_input.size());
    Serialize(bytes, [this, bytes] {
        Await(StorageFrame::CAN_PUSH, m_round, [this, bytes] {
            StorageFrame frame;
            frame.operation = StorageFrame::PUSH;
            frame.name = Pad(m_rank);
            frame.count = m_round;
            frame.body = EncodeNumbers(m_input, 0, m_input.size(), 8, bytes);
            m_client->Request(frame, Expect("PUSH", [this](const StorageReply&) {
                                  Pull(m_round + 1, [this](const StorageReply& reply) {
                                      Succeed(DecodeNumbers(reply.body, 8));
                                  });
                              }));
        });
    });
}

} // namespace serverless
} // namespace ns3
