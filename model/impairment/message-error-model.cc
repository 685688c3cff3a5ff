/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "message-error-model.h"

#include "ns3/double.h"
#include "ns3/hash.h"

#include <cmath>
#include <limits>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(MessageErrorModel);

MessageErrorModel::MessageErrorModel()
    : m_uniform(CreateObject<UniformRandomVariable>())
{
}

TypeId
MessageErrorModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::MessageErrorModel")
            .SetParent<SegmentErrorModel>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<MessageErrorModel>()
            .AddAttribute("DropRate",
                          "Probability that all data segments of a message are dropped, in [0, 1].",
                          DoubleValue(0),
                          MakeDoubleAccessor(&MessageErrorModel::m_dropRate),
                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

int64_t
MessageErrorModel::AssignStreams(int64_t stream)
{
    m_uniform->SetStream(stream);
    m_hasKey = false;
    return 1;
}

bool
MessageErrorModel::DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message)
{
    return (traffic == DATA ? GetNumber(message) : m_uniform->GetValue()) < m_dropRate;
}

void
MessageErrorModel::DoReset()
{
    m_hasKey = false;
}

double
MessageErrorModel::GetNumber(const SegmentTag::Message& message)
{
    if (!m_hasKey)
    {
        for (uint32_t& word : m_key)
        {
            word = m_uniform->GetInteger(0, std::numeric_limits<uint32_t>::max());
        }
        m_hasKey = true;
    }
    // bytes in a fixed order, so that all machines agree
    char bytes[7 * 4];
    char* byte = bytes;
    for (const uint32_t word : {m_key[0],
                                m_key[1],
                                message.sender,
                                message.receiver,
                                message.round,
                                message.block,
                                uint32_t{message.pull} | uint32_t{message.pass} << 1})
    {
        for (int shift = 0; shift < 32; shift += 8)
        {
            *byte++ = static_cast<char>(word >> shift);
        }
    }
    return std::ldexp(static_cast<double>(Hash64(bytes, sizeof(bytes)) >> 11), -53);
}

} // namespace learning
} // namespace ns3
