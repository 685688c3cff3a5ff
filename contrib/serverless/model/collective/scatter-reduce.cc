/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "scatter-reduce.h"

#include "number-codec.h"

#include "ns3/boolean.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(ScatterReduce);

TypeId
ScatterReduce::GetTypeId()
{
    static TypeId tid = AddDeletes(AddWaits(AddPollInterval(
        TypeId("ns3::serverless::ScatterReduce")
            .SetParent<StoreCollective>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<ScatterReduce>()
            .AddAttribute(
                "Buckets",
                "Buckets that pieces and sums are spread over, at least 1, as in LambdaML's "
                "released code.",
                UintegerValue(1),
                MakeUintegerAccessor(&ScatterReduce::m_buckets),
                MakeUintegerChecker<uint32_t>(1, 100000))
            .AddAttribute(
                "ListsBucket",
                "Whether a worker lists all pieces in the bucket, as the released code "
                "of LambdaML does, or those of its own chunk only; with Waits the latter.",
                BooleanValue(true),
                MakeBooleanAccessor(&ScatterReduce::m_listsBucket),
                MakeBooleanChecker()))));
    return tid;
}

std::string
ScatterReduce::GetPiecePrefix(uint32_t chunk) const
{
    return "temporary-" + std::to_string(chunk % m_buckets) + "/" + m_step + "/" + Pad(chunk) + "/";
}

std::string
ScatterReduce::GetSumName(uint32_t chunk) const
{
    return "merged-" + std::to_string(chunk % m_buckets) + "/" + m_step + "/" + Pad(chunk);
}

void
ScatterReduce::DoStart()
{
    m_sums.clear();
    Scatter(0);
}

void
ScatterReduce::Scatter(uint32_t index)
{
    if (index == m_rank)
    {
        ++index;
    }
    if (index >= m_workers)
    {
        Reduce();
        return;
    }
    Put(GetPiecePrefix(index) + Pad(m_rank), m_input, GetChunk(index), [this, index] {
        Scatter(index + 1);
    });
}

void
ScatterReduce::Reduce()
{
    m_search = Search();
    m_search.prefix = GetPiecePrefix(m_rank);
    m_search.listed = m_listsBucket && !m_waits
                          ? m_search.prefix.substr(0, m_search.prefix.find('/') + 1)
                          : m_search.prefix;
    m_search.wanted = m_workers - 1;
    m_search.least = m_workers - 1;
    m_search.deletes = m_deletes;
    m_search.next = [this] { Merge(); };
    Look();
}

void
ScatterReduce::Look()
{
    if (m_search.got.size() == m_search.wanted)
    {
        const auto next = m_search.next;
        next();
        return;
    }
    List(m_search.listed, m_search.least, [this](const std::vector<std::string>& names) {
        std::vector<std::string> fresh;
        for (const std::string& name : names)
        {
            if (name.compare(0, m_search.prefix.size(), m_search.prefix) == 0 &&
                name != GetSumName(m_rank) && m_search.got.count(name) == 0)
            {
                fresh.push_back(name);
            }
        }
        if (fresh.empty())
        {
            Sleep([this] { Look(); });
            return;
        }
        Fetch(
            std::move(fresh),
            m_search.deletes,
            [this](const std::string& name, const std::vector<double>& numbers) {
                m_search.got[name] = numbers;
            },
            [this](const std::vector<std::string>&) { Look(); });
    });
}

void
ScatterReduce::Merge()
{
    const Chunk own = GetChunk(m_rank);
    const auto first = m_input.begin() + static_cast<std::ptrdiff_t>(own.first);
    m_search.got[GetPiecePrefix(m_rank) + Pad(m_rank)] =
        std::vector<double>(first, first + static_cast<std::ptrdiff_t>(own.count));
    m_chunkSum.assign(own.count, 0);
    for (const auto& [name, piece] : m_search.got)
    {
        if (piece.size() != own.count)
        {
            Fail(name + " has " + std::to_string(piece.size()) + " numbers instead of " +
                 std::to_string(own.count));
            return;
        }
        for (std::size_t i = 0; i < own.count; ++i)
        {
            m_chunkSum[i] += piece[i];
        }
    }
    RoundNumbers(m_chunkSum, GetNumberBytes());
    Put(GetSumName(m_rank), m_chunkSum, Chunk{0, own.count, own.declared}, [this] {
        m_sums[GetSumName(m_rank)] = m_chunkSum;
        Gather(0);
    });
}

void
ScatterReduce::Gather(uint32_t bucket)
{
    if (bucket >= std::min(m_buckets, m_workers))
    {
        Assemble();
        return;
    }
    m_search = Search();
    const std::string name = GetSumName(bucket);
    m_search.prefix = name.substr(0, name.rfind('/') + 1);
    m_search.listed = m_search.prefix;
    const uint32_t inBucket = (m_workers - bucket + m_buckets - 1) / m_buckets;
    m_search.wanted = inBucket - (m_rank % m_buckets == bucket ? 1 : 0);
    m_search.least = inBucket;
    m_search.deletes = false;
    m_search.next = [this, bucket] {
        m_sums.merge(m_search.got);
        Gather(bucket + 1);
    };
    Look();
}

void
ScatterReduce::Assemble()
{
    std::vector<double> sum(m_input.size());
    for (uint32_t chunk = 0; chunk < m_workers; ++chunk)
    {
        const std::vector<double>& part = m_sums[GetSumName(chunk)];
        const Chunk where = GetChunk(chunk);
        if (part.size() != where.count)
        {
            Fail(GetSumName(chunk) + " has " + std::to_string(part.size()) +
                 " numbers instead of " + std::to_string(where.count));
            return;
        }
        std::copy(part.begin(), part.end(), sum.begin() + static_cast<std::ptrdiff_t>(where.first));
    }
    m_sums.clear();
    Succeed(std::move(sum));
}

} // namespace serverless
} // namespace ns3
