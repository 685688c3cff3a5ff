/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What a StorageService does with a request: when it answers, and what. Its attributes and its
// connections: storage-service.cc.

#include "bounded-time.h"
#include "storage-service.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace serverless
{

void
StorageService::Receive(uint64_t number, StorageFrame&& request)
{
    const Time through = std::max(m_connections.at(number).received, Simulator::Now());
    const bool isThought = !request.isWaiting || IsAnswerable(request);
    const Time answer = isThought ? Think(request, through) : through;
    ProcessAt(answer, Parked{number, std::move(request), Simulator::Now()}, isThought);
}

void
StorageService::ProcessAt(Time time, Parked&& parked, bool isThought)
{
    Simulator::Schedule(time - Simulator::Now(),
                        [this, parked = std::move(parked), isThought]() mutable {
                            Process(std::move(parked), isThought);
                        });
}

Time
StorageService::Think(const StorageFrame& request, Time through)
{
    const Time latency = DrawTime(m_latency, GetInstanceTypeId().GetName() + "::Latency");
    if (m_threadFree.empty())
    {
        return through + latency + m_threadTime + GetServiceTime(request);
    }
    Time& thread = *std::min_element(m_threadFree.begin(), m_threadFree.end());
    thread = std::max(thread, through) + m_threadTime + GetServiceTime(request);
    return thread + latency;
}

void
StorageService::Process(Parked&& parked, bool isThought)
{
    if (m_connections.count(parked.connection) == 0)
    {
        return; // the client has gone meanwhile
    }
    if (parked.request.isWaiting && !IsAnswerable(parked.request))
    {
        m_parked.push_back(std::move(parked));
        return;
    }
    if (!isThought) // what it waits for has come while it passed the limits
    {
        const Time answer = Think(parked.request, Simulator::Now());
        ProcessAt(answer, std::move(parked), true);
        return;
    }
    const StorageFrame& request = parked.request;
    StorageFrame reply;
    reply.operation = request.operation;
    reply.isReply = true;
    reply.request = request.request;
    uint64_t units = 0;
    if (Admit(request))
    {
        units = GetUnits(request);
        Serve(request, reply);
    }
    else
    {
        reply.status = StorageFrame::THROTTLED;
    }
    m_requestTrace(StorageRequestRecord{request.operation,
                                        reply.status,
                                        request.name,
                                        request.body.size,
                                        reply.body.size,
                                        reply.status == StorageFrame::TOO_LARGE ? 0 : units,
                                        Simulator::Now() - parked.since});
    Connection& connection = m_connections.at(parked.connection);
    connection.stream->Send(reply, {&connection.out, &m_out});
    if (request.operation == StorageFrame::PUT && reply.status == StorageFrame::OK)
    {
        WakeUp(request.name);
    }
}

void
StorageService::WakeUp(const std::string& name)
{
    for (auto parked = m_parked.begin(); parked != m_parked.end();)
    {
        if (name.compare(0, parked->request.name.size(), parked->request.name) != 0 ||
            !IsAnswerable(parked->request))
        {
            ++parked;
            continue;
        }
        const Time answer = Think(parked->request, Simulator::Now());
        ProcessAt(answer, std::move(*parked), true);
        parked = m_parked.erase(parked);
    }
}

bool
StorageService::IsAnswerable(const StorageFrame& request) const
{
    if (request.operation != StorageFrame::LIST)
    {
        return m_objects.Peek(request.name) != nullptr;
    }
    return m_objects.CountNames(request.name, request.count) >= request.count;
}

bool
StorageService::Admit(const StorageFrame& request)
{
    const bool reads =
        request.operation == StorageFrame::GET || request.operation == StorageFrame::HEAD;
    const double rate = reads ? m_maxGetRate : m_maxPutRate;
    auto& quotas = reads ? m_getQuotas : m_putQuotas;
    return rate == 0 || quotas[request.name.substr(0, request.name.find('/'))].Take(rate);
}

Time
StorageService::GetServiceTime(const StorageFrame& /* request */) const
{
    return Time(0);
}

uint64_t
StorageService::GetUnits(const StorageFrame& /* request */) const
{
    return 0;
}

void
StorageService::Serve(const StorageFrame& request, StorageFrame& reply)
{
    switch (request.operation)
    {
    case StorageFrame::PUT:
        if (request.body.size > m_maxObjectBytes)
        {
            reply.status = StorageFrame::TOO_LARGE;
            reply.body = EncodeSize(m_maxObjectBytes);
            return;
        }
        m_objects.Store(request.name, request.body, m_visibilityDelay);
        return;
    case StorageFrame::GET:
    case StorageFrame::HEAD: {
        const Payload* body = m_objects.Find(request.name);
        if (!body)
        {
            reply.status = StorageFrame::NOT_FOUND;
            return;
        }
        reply.body = request.operation == StorageFrame::GET ? *body : EncodeSize(body->size);
        return;
    }
    case StorageFrame::LIST:
        reply.body = EncodeNames(
            m_objects.List(request.name, DecodeNames(request.body), m_listPage, reply.isTruncated));
        return;
    case StorageFrame::DELETE:
        m_objects.Erase(request.name);
        return;
    case StorageFrame::BATCH_DELETE:
        for (const std::string& name : DecodeNames(request.body))
        {
            m_objects.Erase(name);
        }
        return;
    default:
        reply.status = StorageFrame::REFUSED;
        return;
    }
}

} // namespace serverless
} // namespace ns3
