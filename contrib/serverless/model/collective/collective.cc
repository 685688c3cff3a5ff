/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "collective.h"

#include "bounded-time.h"
#include "number-codec.h"

#include "ns3/learning-compatibility.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <sstream>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(Collective);

TypeId
Collective::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::Collective")
            .SetParent<Object>()
            .SetGroupName("ServerlessLearning")
            .AddAttribute("NumberBytes",
                          "Bytes of a number on the wire: 4 (IEEE 754 binary32, as in LambdaML's "
                          "released code) or 8 (binary64).",
                          UintegerValue(4),
                          MakeUintegerAccessor(&Collective::m_numberBytes),
                          MakeUintegerChecker<uint32_t>(4, 8))
            .AddAttribute(
                "Timeout",
                "Longest time of a step, above 0 to 1e9 s; 60 s in the released code of LambdaML, "
                "whose caller then crashes.",
                TimeValue(Seconds(60)),
                MakeTimeAccessor(&Collective::m_timeout),
                MakeBoundedTimeChecker(NanoSeconds(1)));
    return tid;
}

void
Collective::SetRank(uint32_t rank, uint32_t workers)
{
    m_rank = rank;
    m_workers = workers;
}

void
Collective::DoDispose()
{
    Cancel();
    Object::DoDispose();
}

void
Collective::Start(const std::string& step,
                  std::vector<double> input,
                  uint64_t declaredBytes,
                  Done done)
{
    if (m_numberBytes != 4 && m_numberBytes != 8)
    {
        throw std::invalid_argument("ns3::serverless::Collective: NumberBytes=" +
                                    std::to_string(m_numberBytes) + ": 4 or 8 is needed");
    }
    m_step = step;
    m_input = std::move(input);
    RoundNumbers(m_input, m_numberBytes);
    // declared sizes are of 4-byte numbers, whatever is on the wire
    m_declared = declaredBytes > m_input.size() * 4 ? declaredBytes : 0;
    m_done = std::move(done);
    m_expiry = Simulator::Schedule(m_timeout, [this] {
        std::ostringstream text;
        text << "not all workers' parts came within " << m_timeout.GetSeconds() << " s";
        Fail(text.str());
    });
    m_start = Simulator::ScheduleNow(&Collective::DoStart, this);
}

void
Collective::Cancel()
{
    if (m_done)
    {
        m_start.Cancel();
        m_expiry.Cancel();
        m_done = nullptr;
        DoCancel();
    }
}

void
Collective::Disconnect()
{
    Cancel();
}

bool
Collective::IsSynchronous() const
{
    return true;
}

bool
Collective::IsWaiting() const
{
    return true;
}

uint32_t
Collective::GetNumberBytes() const
{
    return m_numberBytes;
}

void
Collective::Succeed(std::vector<double> sum, uint32_t parts)
{
    Result result;
    result.parts = parts != 0 ? parts : m_workers;
    result.sum = std::move(sum);
    End(result);
}

void
Collective::Fail(const std::string& reason)
{
    m_start.Cancel();
    DoCancel();
    Result result;
    result.error = "step " + m_step + " of worker " + std::to_string(m_rank) + ": " + reason;
    End(result);
}

void
Collective::End(const Result& result)
{
    m_expiry.Cancel();
    const Done done = std::move(m_done);
    m_done = nullptr;
    if (done)
    {
        done(result); // may begin the next step
    }
}

Collective::Chunk
Collective::GetChunk(uint32_t index) const
{
    const auto cut = [index, this](uint64_t total) {
        const uint64_t least = total / m_workers;
        const uint64_t rest = total % m_workers;
        return std::make_pair(index * least + std::min<uint64_t>(index, rest),
                              least + (index < rest ? 1 : 0));
    };
    const auto [first, count] = cut(m_input.size());
    return Chunk{first, count, cut(m_declared).second};
}

} // namespace serverless
} // namespace ns3
