/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "traffic-options.h"

#include "training-activity.h"
#include "type-word.h"

#include "ns3/block-owners.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/learning-compatibility.h"
#include "ns3/parity-transport.h"
#include "ns3/queue-size.h"
#include "ns3/request-application.h"
#include "ns3/request-helper.h"
#include "ns3/string.h"
#include "ns3/training-record.h"
#include "ns3/transport-header.h"
#include "ns3/uinteger.h"
#include "ns3/worker.h"

#include <limits>

namespace ns3
{
namespace learning
{

namespace
{

/**
 * Bytes that a round of training without loss puts on the links of the hosts, control aside.
 * @param setup the training
 * @param transport of a worker
 * @return bytes, counted once, on the way out of the senders
 */
double
GetRoundBytes(const TrainingSetup& setup, const BlockTransport& transport)
{
    constexpr double LOWER_BYTES = 20 + 8 + 2; // IPv4, UDP, point-to-point
    double bytes = 0;
    for (uint32_t block = 0; block < setup.owners->GetBlockCount(); ++block)
    {
        const SegmentLayout layout = transport.GetLayout(setup.owners->GetLength(block));
        bytes += 4.0 * layout.blockLength +
                 layout.GetSegmentCount() * (LOWER_BYTES + TransportHeader::FIXED_SIZE);
    }
    const double senders = setup.placement == COLOCATED ? setup.workers - 1.0 : setup.workers;
    return 2 * senders * bytes;
}

/**
 * Reads a size of a queue.
 * @param options the options
 * @param name the option
 * @param text the size
 * @return the size
 */
QueueSize
ReadQueueSize(ScenarioOptions& options, const std::string& name, const std::string& text)
{
    const auto size =
        DynamicCast<QueueSizeValue>(MakeQueueSizeChecker()->CreateValidValue(StringValue(text)));
    if (!size)
    {
        options.Reject(name, "a size such as 100p or 1MB is needed");
    }
    return size->Get();
}

/**
 * Installs the service.
 * @param options the options
 * @param rate messages a second of all hosts
 * @param hosts all hosts
 * @return its applications
 */
ApplicationContainer
InstallService(ScenarioOptions& options, double rate, const NodeContainer& hosts)
{
    RequestHelper service(rate);
    constexpr uint32_t MOST_BYTES = 1000000000;
    service.SetAttribute(
        "MessageBytes",
        UintegerValue(
            options.GetUnsigned("webBytes", RequestApplication::MESSAGE_HEADER_BYTES, MOST_BYTES)));
    service.SetAttribute("Connections",
                         EnumValueFor<RequestApplication::Connections>(
                             options.GetWord("webConnections", {"persistent", "message"}) == 0
                                 ? RequestApplication::PERSISTENT
                                 : RequestApplication::PER_MESSAGE));
    service.SetAttribute("SegmentBytes",
                         UintegerValue(options.GetUnsigned("webSegmentBytes", 100, 65000)));
    const Time minRto = options.GetTime("webMinRto");
    if (minRto < MicroSeconds(1))
    {
        options.Reject("webMinRto", "a time of at least 1us is needed");
    }
    service.SetAttribute("MinRto", TimeValue(minRto));
    service.SetAttribute("InitialWindow",
                         UintegerValue(options.GetUnsigned("webInitialWindow", 1, 1000)));
    service.SetAttribute("BufferBytes",
                         UintegerValue(options.GetUnsigned("webBuffer", 1000, MOST_BYTES)));
    service.SetAttribute("CongestionControl", StringValue(options.GetText("webTcp")));
    return service.Install(hosts);
}

} // namespace

void
AddTrafficOptions(ScenarioOptions& options)
{
    options.Add(
        "queueDisc",
        "who yields to whom in the queues: none; threshold:SIZE (lower effort, --tos=4, is "
        "dropped where the queue is longer than SIZE, such as 100kB, at most --queue "
        "and in its unit); priority:SIZE (lower effort waits until nothing else does, in a queue "
        "of SIZE); or a TypeId of an ns-3 queue disc with attributes in brackets",
        "none",
        "ns3::learning::DropThresholdQueueDisc::MaxSize "
        "ns3::learning::DropThresholdQueueDisc::Threshold");
    options.Add("queueDiscPorts",
                "where the queue discs are: all, or switch (hosts then keep plain queues, which "
                "make messages wait for the bursts of their own host)",
                "all");
    options.Add("lossTrace",
                "file to which is written which segments of the training did not arrive, for "
                "--loss=trace:FILE of another run; empty: none",
                "");
    options.Add(
        "trainingLoad",
        "average rate of the training's traffic, such as 2.4Gbps: gradients end at "
        "multiples of a time so long that this is the rate, without compression and parity; "
        "0: when they are done",
        "0",
        "ns3::learning::ComputeModel::Period");
    options.Add("webRate",
                "messages a second, all to all over TCP, of a Web service on all hosts; 0: none",
                "0",
                "ns3::learning::RequestApplication::Rate");
    options.Add("webBytes",
                "bytes of a message, 16 to 1000000000",
                "100000",
                "ns3::learning::RequestApplication::MessageBytes");
    options.Add("webConnections",
                "persistent (messages to a host follow one another on a connection) or message "
                "(each opens its own)",
                "message",
                "ns3::learning::RequestApplication::Connections");
    options.Add("webSegmentBytes",
                "payload of a TCP segment of the service, 100 to 65000",
                "1460",
                "ns3::learning::RequestApplication::SegmentBytes");
    options.Add("webTcp",
                "TypeId of the service's congestion control",
                "ns3::TcpCubic",
                "ns3::learning::RequestApplication::CongestionControl");
    options.Add("webMinRto",
                "shortest time until TCP sends again, such as 200ms",
                "200ms",
                "ns3::learning::RequestApplication::MinRto");
    options.Add("webInitialWindow",
                "segments that TCP may send at first, 1 to 1000",
                "10",
                "ns3::learning::RequestApplication::InitialWindow");
    options.Add("webBuffer",
                "bytes of TCP's buffers, 1000 to 1000000000",
                "1000000",
                "ns3::learning::RequestApplication::BufferBytes");
    options.Add("webUntil",
                "time at which the last message starts; auto: when every worker is done or down",
                "auto");
}

void
SetQueueDiscs(ScenarioOptions& options, SwitchedTopologyHelper& topology)
{
    const std::string& text = options.GetText("queueDisc");
    if (text == "none")
    {
        return;
    }
    const auto [word, size] = SplitAtColon(text);
    const std::string& queue = options.GetText("queue");
    QueueDiscSpecification specification{text, {}};
    if (word == "threshold" || word == "priority")
    {
        const QueueSize low = ReadQueueSize(options, "queueDisc", size);
        const QueueSize high = ReadQueueSize(options, "queue", queue);
        if (word == "threshold" && low.GetUnit() != high.GetUnit())
        {
            options.Reject("queueDisc", "the unit of --queue=" + queue + " is needed");
        }
        if (word == "threshold" && low.GetValue() > high.GetValue())
        {
            options.Reject("queueDisc",
                           "no queue becomes so long: at most --queue=" + queue + " is needed");
        }
        specification =
            word == "threshold"
                ? QueueDiscSpecification{"ns3::learning::DropThresholdQueueDisc[MaxSize=" + queue +
                                             "|Threshold=" + size + "]",
                                         {}}
                : QueueDiscSpecification{"ns3::PrioQueueDisc",
                                         {"ns3::FifoQueueDisc[MaxSize=" + queue + "]",
                                          "ns3::FifoQueueDisc[MaxSize=" + size + "]"}};
    }
    topology.SetQueueDisc(specification,
                          options.GetWord("queueDiscPorts", {"all", "switch"}) == 0
                              ? SwitchedTopologyHelper::ALL_PORTS
                              : SwitchedTopologyHelper::SWITCH_PORTS);
}

OtherTraffic::OtherTraffic(ScenarioOptions& options,
                           const NodeContainer& hosts,
                           const TrainingHelper& training)
{
    const ApplicationContainer workers = training.GetWorkers();
    const Ptr<Worker> first = DynamicCast<Worker>(workers.Get(0));
    const Ptr<TrainingSetup> setup = first->GetSetup();
    if (options.GetText("trainingLoad") != "0")
    {
        if (setup->coding || DynamicCast<ParityTransport>(first->GetTransport()))
        {
            options.Reject("trainingLoad",
                           "only blocks that travel as they are have a known length: not with "
                           "--compression, --hadamard, --errorFeedback or --transport=parity");
        }
        const double rate = static_cast<double>(options.GetRate("trainingLoad").GetBitRate());
        m_period = Seconds(8 * GetRoundBytes(*setup, *first->GetTransport()) / rate);
        for (auto worker = workers.Begin(); worker != workers.End(); ++worker)
        {
            DynamicCast<Worker>(*worker)->GetComputeModel()->SetAttribute("Period",
                                                                          TimeValue(m_period));
        }
    }
    m_lossFile = options.GetText("lossTrace");
    if (!m_lossFile.empty())
    {
        ApplicationContainer receivers = training.GetWorkers();
        receivers.Add(training.GetServers());
        m_losses = Create<LossTraceRecorder>();
        m_losses->Observe(receivers);
    }
    const double rate = options.GetNumber("webRate", 0, 1e9);
    if (rate == 0)
    {
        return;
    }
    if (hosts.GetN() < 2)
    {
        options.Reject("webRate", "messages go from host to host, and there is one only");
    }
    const ApplicationContainer service = InstallService(options, rate, hosts);
    m_times = Create<CompletionTimes>();
    m_times->Observe(service);
    SetWindow(options, service, workers);
}

void
OtherTraffic::SetWindow(ScenarioOptions& options,
                        ApplicationContainer service,
                        const ApplicationContainer& workers)
{
    const Ptr<TrainingSetup> setup = DynamicCast<Worker>(workers.Get(0))->GetSetup();
    // whole periods only: the mean must not depend on where in a period the run ends
    Time until = options.GetText("webUntil") == "auto" ? Time::Max() : options.GetTime("webUntil");
    if (!until.IsStrictlyPositive())
    {
        options.Reject("webUntil", "a time above 0 is needed, or auto");
    }
    if (until == Time::Max() && setup->rounds != std::numeric_limits<uint32_t>::max())
    {
        until = m_period.IsZero() ? until : m_period * (int64_t{setup->rounds} + 1);
    }
    m_times->SetWindow(m_period, until);
    if (until != Time::Max())
    {
        service.Stop(until);
        return;
    }
    WatchActivity(workers, [service](bool isActive) {
        for (uint32_t i = 0; !isActive && i < service.GetN(); ++i)
        {
            DynamicCast<RequestApplication>(service.Get(i))->StopSending();
        }
    });
}

void
OtherTraffic::WriteTrace() const
{
    if (m_losses)
    {
        m_losses->Write(m_lossFile);
    }
}

std::string
OtherTraffic::Summary() const
{
    std::string text;
    const auto add = [&text](const std::string& name, double value) {
        text += " " + name + "=" + FormatNumber(value);
    };
    if (!m_period.IsZero())
    {
        add("period_s", m_period.GetSeconds());
    }
    if (m_times)
    {
        add("web_messages", static_cast<double>(m_times->GetStartedCount()));
        add("web_completed", static_cast<double>(m_times->GetCompletedCount()));
        add("web_mean_s", m_times->GetMean());
        add("web_mean_se_s", m_times->GetStandardError());
        add("web_p50_s", m_times->GetPercentile(50));
        add("web_p99_s", m_times->GetPercentile(99));
        add("web_max_s", m_times->GetPercentile(100));
    }
    return text;
}

} // namespace learning
} // namespace ns3
