/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// A StorageService's attributes, its life and its connections. What it does with a request:
// request-processing.cc.

#include "storage-service.h"

#include "bounded-time.h"

#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-check.h"
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
                          "TCP port, 1 to 65535 (assumed: no value of the reference's).",
                          UintegerValue(9000),
                          MakeUintegerAccessor(&StorageService::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("SegmentBytes",
                          "Bytes in a TCP segment, 500 to 65000. Large ones take less time to "
                          "simulate; a lost one is lost as a whole (assumed: no value of the "
                          "reference's; see the validation of large segments).",
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
                          "since December 2020 (vendor documentation).",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&StorageService::m_visibilityDelay),
                          MakeBoundedTimeChecker())
            .AddAttribute("ThreadTime",
                          "Time, at most 1000 s, for which a request takes one of Threads, besides "
                          "what its bytes take "
                          "(assumed to be none).",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&StorageService::m_threadTime),
                          MakeBoundedTimeChecker(Time(0), Seconds(1000)))
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
                      "Time of each request in the service, in s, 0 to 1e6. " +
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
                      MakeBoundedTimeChecker())
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
    learning::CheckDraws(m_latency);
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

} // namespace serverless
} // namespace ns3
