/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "asynchronous-exchange.h"

#include "number-codec.h"

#include "ns3/enum.h"
#include "ns3/learning-compatibility.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(AsynchronousExchange);
NS_OBJECT_ENSURE_REGISTERED(StaleExchange);

namespace
{
const char* const GLOBAL = "global/model"; //!< name of the one object
} // namespace

TypeId
AsynchronousExchange::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::AsynchronousExchange")
            .SetParent<StoreCollective>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<AsynchronousExchange>()
            .AddAttribute("Order",
                          "What comes first: OldFirst (GET, then PUT; linear models in LambdaML's "
                          "released code) or NewFirst (PUT, then GET; deep ones).",
                          learning::EnumValueFor<Order>(OLD_FIRST),
                          learning::MakeEnumAccessorFor<Order>(&AsynchronousExchange::m_order),
                          MakeEnumChecker(OLD_FIRST, "OldFirst", NEW_FIRST, "NewFirst"));
    return tid;
}

bool
AsynchronousExchange::IsSynchronous() const
{
    return false;
}

bool
AsynchronousExchange::IsWaiting() const
{
    return false;
}

void
AsynchronousExchange::PutModel(std::function<void()> next)
{
    Put(GLOBAL, m_input, Chunk{0, m_input.size(), m_declared}, std::move(next));
}

void
AsynchronousExchange::DoStart()
{
    if (m_order == NEW_FIRST)
    {
        PutModel([this] {
            Get(GLOBAL, false, [this](const std::vector<double>& latest) { Succeed(latest, 1); });
        });
        return;
    }
    m_client->Get(GLOBAL, false, [this](const StorageReply& reply) {
        if (reply.status == StorageFrame::NOT_FOUND)
        {
            PutModel([this] { Succeed(m_input, 1); });
            return;
        }
        Expect("GET of the global model", [this](const StorageReply& found) {
            const std::vector<double> old = DecodeNumbers(found.body, GetNumberBytes());
            PutModel([this, old] { Succeed(old, 1); });
        })(reply);
    });
}

TypeId
StaleExchange::GetTypeId()
{
    static TypeId tid = AddDeletes(AddPollInterval(
        TypeId("ns3::serverless::StaleExchange")
            .SetParent<StoreCollective>()
            .SetGroupName("ServerlessLearning")
            .AddConstructor<StaleExchange>()
            .AddAttribute("Staleness",
                          "Steps that a worker may be ahead of another, 0 to 1000 (1 is assumed; "
                          "LambdaML has no such protocol).",
                          UintegerValue(1),
                          MakeUintegerAccessor(&StaleExchange::m_staleness),
                          MakeUintegerChecker<uint32_t>(0, 1000))));
    return tid;
}

bool
StaleExchange::IsSynchronous() const
{
    return m_staleness == 0;
}

std::string
StaleExchange::GetModelName(uint32_t worker, uint32_t step)
{
    return "stale/" + Pad(worker) + "/" + Pad(step);
}

void
StaleExchange::DoStart()
{
    m_clock = static_cast<uint32_t>(std::strtoul(m_step.c_str(), nullptr, 10));
    Put(GetModelName(m_rank, m_clock), m_input, Chunk{0, m_input.size(), m_declared}, [this] {
        const uint32_t kept = 2 * m_staleness + 2;
        if (!m_deletes || m_clock <= kept)
        {
            Look();
            return;
        }
        m_client->Delete(GetModelName(m_rank, m_clock - kept),
                         Expect("DELETE of an old model", [this](const StorageReply&) { Look(); }));
    });
}

void
StaleExchange::Look()
{
    List("stale/", 0, [this](const std::vector<std::string>& names) {
        std::map<std::string, uint32_t> newest; // by worker
        for (const std::string& name : names)
        {
            const std::size_t slash = name.rfind('/');
            const auto clock =
                static_cast<uint32_t>(std::strtoul(name.c_str() + slash + 1, nullptr, 10));
            if (clock <= m_clock + m_staleness)
            {
                uint32_t& last = newest[name.substr(0, slash)];
                last = std::max(last, clock);
            }
        }
        std::vector<std::string> chosen;
        for (const auto& [worker, clock] : newest)
        {
            if (clock + m_staleness >= m_clock)
            {
                chosen.push_back(worker + "/" + Pad(clock));
            }
        }
        // before its first step a worker holds nobody up who is no further than Staleness
        const bool isEarly = m_clock <= m_staleness;
        if (newest.size() != chosen.size() || (chosen.size() < m_workers && !isEarly))
        {
            Sleep([this] { Look(); });
            return;
        }
        m_sum.assign(m_input.size(), 0);
        Fetch(
            std::move(chosen),
            false,
            [this](const std::string&, const std::vector<double>& model) {
                for (std::size_t i = 0; i < std::min(m_sum.size(), model.size()); ++i)
                {
                    m_sum[i] += model[i];
                }
            },
            [this](const std::vector<std::string>& read) {
                RoundNumbers(m_sum, GetNumberBytes());
                Succeed(m_sum, static_cast<uint32_t>(read.size()));
            });
    });
}

} // namespace serverless
} // namespace ns3
