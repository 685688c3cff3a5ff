/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "all-reduce.h"

#include "number-codec.h"

#include <utility>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(AllReduce);

TypeId
AllReduce::GetTypeId()
{
    static TypeId tid = AddDeletes(AddWaits(AddPollInterval(TypeId("ns3::serverless::AllReduce")
                                                                .SetParent<StoreCollective>()
                                                                .SetGroupName("ServerlessLearning")
                                                                .AddConstructor<AllReduce>())));
    return tid;
}

Collective::Chunk
AllReduce::GetAll() const
{
    return Chunk{0, m_input.size(), m_declared};
}

void
AllReduce::DoStart()
{
    m_parts.clear();
    Put("temporary/" + m_step + "/" + Pad(m_rank), m_input, GetAll(), [this] {
        if (m_rank == 0)
        {
            Look();
            return;
        }
        Get("merged/" + m_step, true, [this](const std::vector<double>& sum) { Succeed(sum); });
    });
}

void
AllReduce::Look()
{
    List("temporary/" + m_step + "/", m_workers, [this](const std::vector<std::string>& names) {
        std::vector<std::string> fresh;
        for (const std::string& name : names)
        {
            if (m_parts.count(name) == 0)
            {
                fresh.push_back(name);
            }
        }
        Fetch(
            std::move(fresh),
            false,
            [this](const std::string& name, const std::vector<double>& part) {
                m_parts[name] = part;
            },
            [this](const std::vector<std::string>& read) { DeleteRead(read); });
    });
}

void
AllReduce::DeleteRead(const std::vector<std::string>& names)
{
    if (names.empty() || !m_deletes)
    {
        Advance();
        return;
    }
    m_client->BatchDelete(names, Expect("BATCH_DELETE of vectors", [this](const StorageReply&) {
                              Advance();
                          }));
}

void
AllReduce::Advance()
{
    if (m_parts.size() < m_workers)
    {
        Look();
        return;
    }
    Merge();
}

void
AllReduce::Merge()
{
    std::vector<double> sum(m_input.size());
    for (const auto& [name, part] : m_parts)
    {
        if (part.size() != sum.size())
        {
            Fail(name + " has " + std::to_string(part.size()) + " numbers instead of " +
                 std::to_string(sum.size()));
            return;
        }
        for (std::size_t i = 0; i < sum.size(); ++i)
        {
            sum[i] += part[i];
        }
    }
    m_parts.clear();
    RoundNumbers(sum, GetNumberBytes());
    Put("merged/" + m_step, sum, GetAll(), [this, sum] { CleanUp(sum); });
}

void
AllReduce::CleanUp(const std::vector<double>& sum)
{
    if (!m_deletes)
    {
        Succeed(sum);
        return;
    }
    List("merged/", 0, [this, sum](const std::vector<std::string>& names) {
        std::vector<std::string> older;
        for (const std::string& name : names)
        {
            if (name != "merged/" + m_step)
            {
                older.push_back(name);
            }
        }
        if (older.empty())
        {
            Succeed(sum);
            return;
        }
        m_client->BatchDelete(
            older,
            Expect("BATCH_DELETE of sums", [this, sum](const StorageReply&) { Succeed(sum); }));
    });
}

} // namespace serverless
} // namespace ns3
