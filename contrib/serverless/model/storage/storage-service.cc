/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "storage-service.h"

#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-reset.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace serverless
{

NS_LOG_COMPONENT_DEFINE("StorageService");

NS_OBJECT_ENSURE_REGISTERED(StorageService);

TypeId
StorageService::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::serverless::StorageService")
            .SetParent<Application>()
            .SetGroupName("ServerlessLearning")
            .AddAttribute("Port",
                          "TCP port, 1 to 65535.",
                          UintegerValue(9000),
                          MakeUintegerAccessor(&StorageService::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("SegmentBytes",
                          "Bytes in a TCP segment, 500 to 65000. Large ones take less time to "
                          "simulate; a lost one is lost as a whole.",
                          UintegerValue(64000),
                          MakeUintegerAccessor(&StorageService::m_segmentBytes),
                          MakeUintegerChecker<uint32_t>(500, 65000))
            .AddAttribute("ListPage",
                          "Keys in one reply to LIST, at least 1; S3 gives 1,000 (vendor "
                          "documentation).",
                          UintegerValue(1000),
                          MakeUintegerAccessor(&StorageService::m_listPage),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("VisibilityDelay",
                          "Time for which an overwritten object keeps its old content; 0 as in S3 "
                          "since December 2020.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&StorageService::m_visibilityDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ThreadTime",
                          "Time for which a request takes one of Threads.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&StorageService::m_threadTime),
                          MakeTimeChecker(Time(0)))
            .AddTraceSource("Request",
                            "A request was answered.",
                            MakeTraceSourceAccessor(&StorageService::m_requestTrace),
                            "ns3::serverless::StorageService::RequestTracedCallback");
    return tid;
}

TypeId
StorageService::AddServiceAttributes(TypeId tid, const Defaults& defaults)
{
    return tid
        .AddAttribute("Latency",
                      "Time of each request in the service, in s, at least 0. " +
                          defaults.latencyHelp,
                      StringValue(defaults.latency),
                      MakePointerAccessor(&StorageService::m_latency),
                      MakePointerChecker<RandomVariableStream>())
        .AddAttribute("ConnectionRate",
                      "Rate of one connection, each way; 0bps for no limit. " + defaults.rateHelp,
                      StringValue(defaults.connection),
                      MakeDataRateAccessor(&StorageService::m_connectionRate),
                      MakeDataRateChecker())
        .AddAttribute("AggregateRate",
                      "Rate of all connections together, each way; 0bps for no limit. " +
                          defaults.rateHelp,
                      StringValue(defaults.aggregate),
                      MakeDataRateAccessor(&StorageService::m_aggregateRate),
                      MakeDataRateChecker())
        .AddAttribute("MaxObjectBytes",
                      "Largest object in bytes, at least 1; a larger one is refused. " +
                          defaults.objectHelp,
                      UintegerValue(defaults.objectBytes),
                      MakeUintegerAccessor(&StorageService::m_maxObjectBytes),
                      MakeUintegerChecker<uint64_t>(1))
        .AddAttribute("ProvisioningTime",
                      "Time from the start until the service can be reached. " +
                          defaults.provisionHelp,
                      StringValue(defaults.provisioning),
                      MakeTimeAccessor(&StorageService::m_provisioningTime),
                      MakeTimeChecker(Time(0)))
        .AddAttribute("MaxPutRate",
                      "PUT, LIST and DELETE requests a second and bucket, at least 0; 0 for no "
                      "limit; more are refused. " +
                          defaults.limitHelp,
                      DoubleValue(defaults.putRate),
                      MakeDoubleAccessor(&StorageService::m_maxPutRate),
                      MakeDoubleChecker<double>(0))
        .AddAttribute("MaxGetRate",
                      "GET and HEAD requests a second and bucket, at least 0; 0 for no limit; more "
                      "are refused. " +
                          defaults.limitHelp,
                      DoubleValue(defaults.getRate),
                      MakeDoubleAccessor(&StorageService::m_maxGetRate),
                      MakeDoubleChecker<double>(0))
        .AddAttribute("Threads",
                      "Requests worked on at a time; 0 for no limit. " + defaults.threadHelp,
                      UintegerValue(defaults.threads),
                      MakeUintegerAccessor(&StorageService::m_threads),
                      MakeUintegerChecker<uint32_t>());
}

StorageService::StorageService() = default;

StorageService::~StorageService() = default;

void
StorageService::Preload(const std::string& name, const Payload& body)
{
    m_objects[name].body = body;
}

const Payload*
StorageService::Peek(const std::string& name) const
{
    const auto object = m_objects.find(name);
    if (object == m_objects.end())
    {
        return nullptr;
    }
    const auto& successors = object->second.successors;
    return successors.empty() ? &object->second.body : &successors.back().second;
}

uint64_t
StorageService::GetObjectCount() const
{
    return m_objects.size();
}

Time
StorageService::GetReadyTime() const
{
    return m_startTime + m_provisioningTime;
}

uint16_t
StorageService::GetPort() const
{
    return m_port;
}

uint64_t
StorageService::GetMaxObjectBytes() const
{
    return m_maxObjectBytes;
}

int64_t
StorageService::AssignStreams(int64_t stream)
{
    m_latency->SetStream(stream);
    return 1;
}

void
StorageService::DoDispose()
{
    StopApplication();
    m_latency = nullptr;
    Application::DoDispose();
}

void
StorageService::StartApplication()
{
    m_in.SetRate(m_aggregateRate);
    m_out.SetRate(m_aggregateRate);
    m_threadFree.assign(m_threads, Time(0));
    m_provisioned = Simulator::Schedule(m_provisioningTime, &StorageService::Listen, this);
}

void
StorageService::StopApplication()
{
    m_provisioned.Cancel();
    if (m_listener)
    {
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeNullCallback<void, Ptr<Socket>, const Address&>());
        m_listener->Close();
        m_listener = nullptr;
    }
    for (auto& [number, connection] : m_connections)
    {
        connection.stream->Close();
    }
    m_connections.clear();
    m_parked.clear();
}

void
StorageService::Listen()
{
    m_listener = FrameStream::MakeSocket(GetNode(), m_segmentBytes);
    if (m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port)) != 0 ||
        m_listener->Listen() != 0)
    {
        throw std::runtime_error("storage service: node " + std::to_string(GetNode()->GetId()) +
                                 " has another listener on TCP port " + std::to_string(m_port));
    }
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&StorageService::HandleAccept, this));
    learning::GuardTcpListener(GetNode(), m_port);
}

void
StorageService::HandleAccept(Ptr<Socket> socket, const Address& from)
{
    NS_LOG_FUNCTION(this << from);
    const uint64_t number = ++m_connectionCount;
    Connection& connection = m_connections[number];
    connection.number = number;
    connection.in.SetRate(m_connectionRate);
    connection.out.SetRate(m_connectionRate);
    FrameStream::Listener listener;
    listener.frame = [this, number](StorageFrame&& frame) { Receive(number, std::move(frame)); };
    listener.progress = [this, &connection](uint32_t bytes) {
        connection.received = std::max(connection.in.Reserve(bytes), m_in.Reserve(bytes));
    };
    listener.closed = [this, number] { m_connections.erase(number); };
    connection.stream = Create<FrameStream>(socket, m_segmentBytes, std::move(listener));
}

void
StorageService::Receive(uint64_t number, StorageFrame&& request)
{
    const Time through = std::max(m_connections.at(number).received, Simulator::Now());
    Time answer = through;
    if (!request.isWaiting || IsAnswerable(request))
    {
        answer = Think(request, through);
    }
    const Time came = Simulator::Now();
    Simulator::Schedule(
        answer - Simulator::Now(),
        [this, number, request = std::move(request), came] { Process(number, request, came); });
}

Time
StorageService::Think(const StorageFrame& request, Time through)
{
    const Time latency = Seconds(std::max(0.0, m_latency->GetValue()));
    if (m_threadFree.empty())
    {
        return through + latency + m_threadTime + GetServiceTime(request);
    }
    Time& thread = *std::min_element(m_threadFree.begin(), m_threadFree.end());
    thread = std::max(thread, through) + m_threadTime + GetServiceTime(request);
    return thread + latency;
}

void
StorageService::Process(uint64_t number, const StorageFrame& request, Time came)
{
    if (m_connections.count(number) == 0)
    {
        return; // the client has gone meanwhile
    }
    if (request.isWaiting && !IsAnswerable(request))
    {
        m_parked.push_back(Parked{number, request, came});
        return;
    }
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
                                        Simulator::Now() - came});
    Connection& connection = m_connections.at(number);
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
        Simulator::Schedule(Think(parked->request, Simulator::Now()) - Simulator::Now(),
                            [this, woken = std::move(*parked)] {
                                Process(woken.connection, woken.request, woken.since);
                            });
        parked = m_parked.erase(parked);
    }
}

bool
StorageService::IsAnswerable(const StorageFrame& request) const
{
    if (request.operation != StorageFrame::LIST)
    {
        return m_objects.count(request.name) != 0;
    }
    uint32_t found = 0;
    for (auto object = m_objects.lower_bound(request.name);
         found < request.count && object != m_objects.end() &&
         object->first.compare(0, request.name.size(), request.name) == 0;
         ++object)
    {
        ++found;
    }
    return found >= request.count;
}

bool
StorageService::Admit(const StorageFrame& request)
{
    const bool reads =
        request.operation == StorageFrame::GET || request.operation == StorageFrame::HEAD;
    const double rate = reads ? m_maxGetRate : m_maxPutRate;
    if (rate == 0)
    {
        return true;
    }
    Quota& quota =
        (reads ? m_getQuotas : m_putQuotas)[request.name.substr(0, request.name.find('/'))];
    const double most = std::max(1.0, rate); // of a second
    const double gained = (Simulator::Now() - quota.updated).GetSeconds() * rate;
    quota.tokens = quota.tokens < 0 ? most : std::min(most, quota.tokens + gained);
    quota.updated = Simulator::Now();
    if (quota.tokens < 1)
    {
        return false;
    }
    quota.tokens -= 1;
    return true;
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

uint64_t
StorageService::GetBytes(const std::string& prefix) const
{
    uint64_t bytes = 0;
    for (auto object = m_objects.lower_bound(prefix);
         object != m_objects.end() && object->first.compare(0, prefix.size(), prefix) == 0;
         ++object)
    {
        bytes += Peek(object->first)->size;
    }
    return bytes;
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
        Store(request.name, request.body);
        return;
    case StorageFrame::GET:
    case StorageFrame::HEAD: {
        const Payload* body = Find(request.name);
        if (!body)
        {
            reply.status = StorageFrame::NOT_FOUND;
            return;
        }
        reply.body = request.operation == StorageFrame::GET ? *body : EncodeSize(body->size);
        return;
    }
    case StorageFrame::LIST:
        List(request, reply);
        return;
    case StorageFrame::DELETE:
        m_objects.erase(request.name);
        return;
    case StorageFrame::BATCH_DELETE:
        for (const std::string& name : DecodeNames(request.body))
        {
            m_objects.erase(name);
        }
        return;
    default:
        reply.status = StorageFrame::REFUSED;
        return;
    }
}

void
StorageService::Store(const std::string& name, const Payload& body)
{
    const auto [object, isNew] = m_objects.try_emplace(name);
    if (isNew || m_visibilityDelay.IsZero())
    {
        object->second.body = body;
        object->second.successors.clear();
    }
    else
    {
        object->second.successors.emplace_back(Simulator::Now() + m_visibilityDelay, body);
    }
}

const Payload*
StorageService::Find(const std::string& name)
{
    const auto object = m_objects.find(name);
    if (object == m_objects.end())
    {
        return nullptr;
    }
    auto& successors = object->second.successors;
    while (!successors.empty() && successors.front().first <= Simulator::Now())
    {
        object->second.body = successors.front().second;
        successors.erase(successors.begin());
    }
    return &object->second.body;
}

void
StorageService::List(const StorageFrame& request, StorageFrame& reply) const
{
    const std::vector<std::string> marker = DecodeNames(request.body);
    auto object = marker.empty() ? m_objects.lower_bound(request.name)
                                 : m_objects.upper_bound(marker.front());
    std::vector<std::string> names;
    for (; object != m_objects.end() &&
           object->first.compare(0, request.name.size(), request.name) == 0;
         ++object)
    {
        if (names.size() == m_listPage)
        {
            reply.isTruncated = true;
            break;
        }
        names.push_back(object->first);
    }
    reply.body = EncodeNames(names);
}

} // namespace serverless
} // namespace ns3
