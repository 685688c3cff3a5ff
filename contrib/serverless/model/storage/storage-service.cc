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
            .AddAttribute(
                "ThreadTime",
                "Time for which a request takes one of Threads, besides what its bytes take "
                "(assumed to be none).",
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
                          defaults.aggregateHelp,
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
    m_objects.Store(name, body, Time(0));
}

const ObjectMap&
StorageService::GetObjects() const
{
    return m_objects;
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
