/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "store-collective.h"

#include "bounded-time.h"
#include "number-codec.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"

#include <cstdio>
#include <utility>

namespace ns3
{
namespace serverless
{

NS_OBJECT_ENSURE_REGISTERED(StoreCollective);

TypeId
StoreCollective::GetTypeId()
{
    static TypeId tid = TypeId("ns3::serverless::StoreCollective")
                            .SetParent<Collective>()
                            .SetGroupName("ServerlessLearning");
    return tid;
}

TypeId
StoreCollective::AddPollInterval(TypeId tid)
{
    return tid.AddAttribute("PollInterval",
                            "Time between two looks for what is not there yet, 0 to 1e9 s; 0.1 s "
                            "in the released code of LambdaML.",
                            TimeValue(MilliSeconds(100)),
                            MakeTimeAccessor(&StoreCollective::m_pollInterval),
                            MakeBoundedTimeChecker());
}

TypeId
StoreCollective::AddWaits(TypeId tid)
{
    return tid.AddAttribute(
        "Waits",
        "Whether the service answers only when there is what is asked for, so "
        "that nobody polls (assumed for comparisons with closed forms alone; no "
        "real service does that).",
        BooleanValue(false),
        MakeBooleanAccessor(&StoreCollective::m_waits),
        MakeBooleanChecker());
}

TypeId
StoreCollective::AddDeletes(TypeId tid)
{
    return tid.AddAttribute("Deletes",
                            "Whether parts are deleted as soon as nobody needs them, as in the "
                            "released code of LambdaML.",
                            BooleanValue(true),
                            MakeBooleanAccessor(&StoreCollective::m_deletes),
                            MakeBooleanChecker());
}

void
StoreCollective::Configure(uint32_t rank, uint32_t workers, Ptr<StorageClient> client)
{
    SetRank(rank, workers);
    m_client = client;
}

void
StoreCollective::Disconnect()
{
    Collective::Disconnect();
    DoCancel(); // between steps, too
}

void
StoreCollective::DoDispose()
{
    Collective::DoDispose();
    m_client = nullptr;
}

void
StoreCollective::DoCancel()
{
    m_poll.Cancel();
    if (m_client)
    {
        m_client->Cancel();
    }
}

StorageClient::Callback
StoreCollective::Expect(const std::string& what, std::function<void(const StorageReply&)> next)
{
    return [this, what, next = std::move(next)](const StorageReply& reply) {
        if (reply.IsOk())
        {
            next(reply);
            return;
        }
        Fail(what + ": " + reply.Describe());
    };
}

void
StoreCollective::Put(const std::string& name,
                     const std::vector<double>& numbers,
                     const Chunk& chunk,
                     std::function<void()> next)
{
    const Payload body =
        EncodeNumbers(numbers, chunk.first, chunk.count, GetNumberBytes(), chunk.declared);
    m_client->Put(name,
                  body,
                  Expect("PUT of " + name + ", " + std::to_string(body.size) + " bytes",
                         [next = std::move(next)](const StorageReply&) { next(); }));
}

void
StoreCollective::Get(const std::string& name,
                     bool polls,
                     std::function<void(const std::vector<double>&)> next)
{
    m_client->Get(name, polls && m_waits, [this, name, polls, next](const StorageReply& reply) {
        if (polls && reply.status == StorageFrame::NOT_FOUND)
        {
            Sleep([this, name, next] { Get(name, true, next); });
            return;
        }
        Expect("GET of " + name, [this, &next](const StorageReply& found) {
            next(DecodeNumbers(found.body, GetNumberBytes()));
        })(reply);
    });
}

void
StoreCollective::List(const std::string& prefix, uint32_t least, Names next)
{
    m_client->List(prefix,
                   m_waits ? least : 0,
                   Expect("LIST of " + prefix, [next = std::move(next)](const StorageReply& reply) {
                       next(reply.names);
                   }));
}

void
StoreCollective::Fetch(std::vector<std::string> names, bool deletes, Take take, Names next)
{
    m_fetching = Fetching{std::move(names), 0, deletes, std::move(take), std::move(next)};
    FetchNext();
}

void
StoreCollective::FetchNext()
{
    if (m_fetching.index == m_fetching.names.size())
    {
        const Fetching done = std::move(m_fetching); // what comes next may fetch again
        done.next(done.names);
        return;
    }
    const std::string& name = m_fetching.names[m_fetching.index++];
    Get(name, false, [this](const std::vector<double>& part) {
        const std::string& got = m_fetching.names[m_fetching.index - 1];
        m_fetching.take(got, part);
        if (!m_fetching.deletes)
        {
            FetchNext();
            return;
        }
        m_client->Delete(got,
                         Expect("DELETE of " + got, [this](const StorageReply&) { FetchNext(); }));
    });
}

void
StoreCollective::Sleep(std::function<void()> next)
{
    m_poll = Simulator::Schedule(m_pollInterval, std::move(next));
}

std::string
StoreCollective::Pad(uint32_t number)
{
    char text[16];
    std::snprintf(text, sizeof(text), "%06u", number);
    return text;
}

} // namespace serverless
} // namespace ns3
