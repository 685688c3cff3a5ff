/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// A Web service: messages over TCP, when they start, and how long they take.

#include "suite-support.h"

#include "ns3/completion-times.h"
#include "ns3/compute-model.h"
#include "ns3/error-model.h"
#include "ns3/ipv4-header.h"
#include "ns3/learning-compatibility.h"
#include "ns3/loss-trace-recorder.h"
#include "ns3/pointer.h"
#include "ns3/ppp-header.h"
#include "ns3/request-application.h"
#include "ns3/request-helper.h"
#include "ns3/tcp-header.h"
#include "ns3/test.h"
#include "ns3/trace-error-model.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <stdexcept>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// A service on a star.
struct Service
{
    uint32_t hosts{4};                //!< number of hosts
    double rate{1000};                //!< messages a second of all
    uint32_t bytes{100000};           //!< of a message
    Time duration{MilliSeconds(500)}; //!< while messages start
    double dropRate{0};               //!< of any packet on the way into a host
    RequestApplication::Connections connections{RequestApplication::PER_MESSAGE}; //!< which
    uint32_t initialWindow{10}; //!< segments sent at first
    uint8_t tos{4};             //!< type of service
    Time deadFrom;              //!< when host 0 begins to hear nothing any more; 0: never
};

/// What came of a service.
struct Outcome
{
    Ptr<CompletionTimes> times;     //!< of all messages
    uint64_t started{0};            //!< messages
    uint64_t received{0};           //!< messages
    uint64_t packets{0};            //!< received by hosts
    uint64_t otherTos{0};           //!< of these, with another type of service
    std::vector<uint64_t> byHost;   //!< messages started
    std::vector<double> startTimes; //!< of all messages, in s
    std::vector<Time> durations;    //!< in the order of their ends
    Time lastPacket;                //!< when the last packet was sent
};

/**
 * Runs a service until all messages have arrived or been given up, at most 2 hours.
 * @param service what to run
 * @return what came of it
 */
Outcome
RunService(const Service& service)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    StarTopologyHelper star(service.hosts);
    star.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    star.SetChannelAttribute("Delay", StringValue("10us"));
    star.Build();
    for (uint32_t i = 0; service.dropRate > 0 && i < service.hosts; ++i)
    {
        const auto model =
            CreateObjectWithAttributes<RateErrorModel>("ErrorRate",
                                                       DoubleValue(service.dropRate),
                                                       "ErrorUnit",
                                                       StringValue("ERROR_UNIT_PACKET"));
        model->AssignStreams(i);
        star.GetHostDevices().Get(i)->SetAttribute("ReceiveErrorModel", PointerValue(model));
    }
    if (!service.deadFrom.IsZero())
    {
        const auto model =
            CreateObjectWithAttributes<RateErrorModel>("ErrorRate",
                                                       DoubleValue(0),
                                                       "ErrorUnit",
                                                       StringValue("ERROR_UNIT_PACKET"));
        star.GetHostDevices().Get(0)->SetAttribute("ReceiveErrorModel", PointerValue(model));
        Simulator::Schedule(service.deadFrom, [model] { model->SetRate(1); });
        Simulator::Stop(Hours(2));
    }
    RequestHelper helper(service.rate);
    helper.SetAttribute("MessageBytes", UintegerValue(service.bytes));
    helper.SetAttribute("Connections",
                        EnumValueFor<RequestApplication::Connections>(service.connections));
    helper.SetAttribute("InitialWindow", UintegerValue(service.initialWindow));
    helper.SetAttribute("Tos", UintegerValue(service.tos));
    ApplicationContainer applications = helper.Install(star.GetHosts());
    applications.Stop(service.duration);
    Outcome outcome;
    outcome.times = Create<CompletionTimes>();
    outcome.times->Observe(applications);
    for (uint32_t i = 0; i < service.hosts; ++i)
    {
        star.GetHostDevices().Get(i)->TraceConnectWithoutContext(
            "MacRx",
            Callback<void, Ptr<const Packet>>([&outcome, &service](Ptr<const Packet> packet) {
                const Ptr<Packet> copy = packet->Copy();
                PppHeader link;
                copy->RemoveHeader(link);
                Ipv4Header header;
                TcpHeader tcp;
                copy->RemoveHeader(header);
                copy->PeekHeader(tcp);
                ++outcome.packets;
                // a reset of what belongs to no connection is of no socket
                outcome.otherTos +=
                    header.GetTos() != service.tos && (tcp.GetFlags() & TcpHeader::RST) == 0;
            }));
        star.GetHostDevices().Get(i)->TraceConnectWithoutContext(
            "MacTx",
            Callback<void, Ptr<const Packet>>(
                [&outcome](Ptr<const Packet>) { outcome.lastPacket = Simulator::Now(); }));
        applications.Get(i)->TraceConnectWithoutContext(
            "Start",
            Callback<void, uint32_t>([&outcome](uint32_t) {
                outcome.startTimes.push_back(Simulator::Now().GetSeconds());
            }));
        applications.Get(i)->TraceConnectWithoutContext(
            "Complete",
            Callback<void, Time, uint32_t, Time>([&outcome](Time, uint32_t, Time duration) {
                outcome.durations.push_back(duration);
            }));
    }
    Simulator::Run();
    for (uint32_t i = 0; i < service.hosts; ++i)
    {
        const auto application = DynamicCast<RequestApplication>(applications.Get(i));
        outcome.byHost.push_back(application->GetStartedCount());
        outcome.started += application->GetStartedCount();
        outcome.received += application->GetReceivedCount();
    }
    Simulator::Destroy();
    return outcome;
}

/**
 * Set-up: four hosts around a switch.
 * Stimulus: 1,000 messages a second for 0.5 s, no packet dropped or 2 % of all packets, a
 * connection a message or connections that are kept.
 * Expected: every message started is read to its end, once, in packets that all have the type of
 * service, handshakes and acknowledgements included; nothing is faster than its bytes on the wire;
 * the same again is the same to the nanosecond.
 */
class DeliveryTestCase : public TestCase
{
  public:
    /**
     * @param connections which
     * @param dropRate of any packet
     */
    DeliveryTestCase(RequestApplication::Connections connections, double dropRate)
        : TestCase(std::string("every message arrives: ") +
                   (connections == RequestApplication::PERSISTENT ? "connections kept"
                                                                  : "one connection each") +
                   ", drop rate " + std::to_string(dropRate).substr(0, 4)),
          m_connections(connections),
          m_dropRate(dropRate)
    {
    }

  private:
    void DoRun() override
    {
        Service service;
        service.connections = m_connections;
        service.dropRate = m_dropRate;
        const Outcome outcome = RunService(service);
        NS_TEST_EXPECT_MSG_GT(outcome.started, 400, "about 500 messages");
        NS_TEST_EXPECT_MSG_EQ(outcome.received, outcome.started, "all arrive");
        NS_TEST_EXPECT_MSG_GT(outcome.packets, 10000 / 1460 * outcome.started, "packets");
        NS_TEST_EXPECT_MSG_EQ(outcome.otherTos, 0, "packets without the type of service");
        NS_TEST_EXPECT_MSG_EQ(outcome.times->GetStartedCount(), outcome.started, "all are counted");
        NS_TEST_EXPECT_MSG_EQ(outcome.times->GetCompletedCount(), outcome.started, "as complete");
        const Time fastest = *std::min_element(outcome.durations.begin(), outcome.durations.end());
        NS_TEST_EXPECT_MSG_GT(fastest, MicroSeconds(800), "100 kB at 1 Gbps take 0.8 ms");
        if (m_dropRate == 0)
        {
            // nothing but queues of a few messages: a pause of 200 ms would be a mistake of TCP's
            NS_TEST_EXPECT_MSG_LT(outcome.times->GetPercentile(100), 0.02, "no pauses");
        }
        NS_TEST_EXPECT_MSG_EQ((RunService(service).durations == outcome.durations),
                              true,
                              "the same again");
    }

    RequestApplication::Connections m_connections; //!< which
    double m_dropRate;                             //!< of any packet
};

/**
 * Set-up: four hosts around a switch, 1,000 messages a second for 0.5 s.
 * Stimulus: after half of the time, one of the hosts hears nothing any more.
 * Expected: TCP gives up what it cannot deliver within an hour (15 pauses that double from 200 ms
 * to at most a minute take 8 minutes), and then nothing is sent; of the messages of the second
 * half, those between other hosts arrive, a half. Tolerance: 4 standard errors of 500 draws, 0.08.
 */
class DeadHostTestCase : public TestCase
{
  public:
    /**
     * @param connections which
     */
    explicit DeadHostTestCase(RequestApplication::Connections connections)
        : TestCase(std::string("a dead host does not keep the others busy for ever: ") +
                   (connections == RequestApplication::PERSISTENT ? "connections kept"
                                                                  : "one connection each")),
          m_connections(connections)
    {
    }

  private:
    void DoRun() override
    {
        Service service;
        service.connections = m_connections;
        service.deadFrom = service.duration / 2;
        const Outcome outcome = RunService(service);
        NS_TEST_EXPECT_MSG_LT(outcome.lastPacket, Hours(1), "the end");
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(outcome.received) /
                                      static_cast<double>(outcome.started),
                                  0.75,
                                  0.08,
                                  "share that arrives");
    }

    RequestApplication::Connections m_connections; //!< which
};

/**
 * Set-up: two hosts, one message in a while, a window that lets all segments go at once.
 * Stimulus: messages of 14,600, 29,200 and 58,400 bytes, whole segments, a connection each.
 * Expected: the shortest completion time is that of the handshake (a packet there and one back),
 * the segments on the first link and the last one on the second link, with the bytes of all
 * headers; to the nanosecond.
 */
class IdleTestCase : public TestCase
{
  public:
    IdleTestCase()
        : TestCase("alone, a message takes a handshake and its bytes")
    {
    }

  private:
    void DoRun() override
    {
        for (const uint32_t segments : {10U, 20U, 40U})
        {
            Service service;
            service.hosts = 2;
            service.rate = 200;
            service.bytes = 1460 * segments;
            service.initialWindow = 100;
            const Outcome outcome = RunService(service);
            const Time fastest =
                *std::min_element(outcome.durations.begin(), outcome.durations.end());
            // bytes: point-to-point 2, IP 20, TCP 20; options of a handshake, window scale and
            // permission of SACK: 8
            constexpr double NS_A_BYTE = 8;
            constexpr double PROPAGATION = 10000;
            const double handshake = (2 + 20 + 20 + 8) * NS_A_BYTE + PROPAGATION;
            const double segment = (2 + 20 + 20 + 1460) * NS_A_BYTE;
            const double acknowledgement = (2 + 20 + 20) * NS_A_BYTE; // ahead of the data
            const double expected =
                4 * handshake + acknowledgement + (segments + 1) * segment + 2 * PROPAGATION;
            NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(fastest.GetNanoSeconds()),
                                      expected,
                                      1,
                                      segments << " segments");
        }
    }
};

/**
 * Set-up: eight hosts, 8,000 small messages a second for 2 s.
 * Stimulus: the start times of all.
 * Expected: as many as the Poisson law says within 4 standard errors, in all and at each host; the
 * mean of the squared gaps is twice the square of their mean, which regular starts would miss by
 * half. Halving the rate halves the number.
 */
class PoissonTestCase : public TestCase
{
  public:
    PoissonTestCase()
        : TestCase("messages start as a Poisson process, at all hosts alike")
    {
    }

  private:
    void DoRun() override
    {
        Service service;
        service.hosts = 8;
        service.rate = 8000;
        service.bytes = 1000;
        service.duration = Seconds(1);
        service.connections = RequestApplication::PERSISTENT;
        const Outcome outcome = RunService(service);
        const double expected = service.rate * service.duration.GetSeconds();
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(outcome.started),
                                  expected,
                                  4 * std::sqrt(expected),
                                  "in all");
        for (const uint64_t count : outcome.byHost)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(count),
                                      expected / 8,
                                      4 * std::sqrt(expected / 8),
                                      "at a host");
        }
        Sample gaps;
        Sample squares;
        for (std::size_t i = 1; i < outcome.startTimes.size(); ++i)
        {
            const double gap = (outcome.startTimes[i] - outcome.startTimes[i - 1]) * service.rate;
            gaps.Add(gap);
            squares.Add(gap * gap);
        }
        NS_TEST_EXPECT_MSG_EQ(gaps.IsNear(1), true, gaps.Describe(1));
        NS_TEST_EXPECT_MSG_EQ(squares.IsNear(2), true, squares.Describe(2));
        NS_TEST_EXPECT_MSG_EQ(squares.IsNear(1), false, "regular starts");
        service.rate /= 2;
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(RunService(service).started),
                                  expected / 2,
                                  4 * std::sqrt(expected / 2),
                                  "at half the rate");
    }
};

/**
 * Set-up: a star of four; learning bursts that a threshold drops, with and without a service.
 * Stimulus: workers with a Period of 10 ms.
 * Expected: every worker pushes at the same multiples of the period, whatever is lost: bursts do
 * not drift. The trace of what is lost has as many segments as were sent, and as many missing as
 * the ledger counts, and read by a TraceErrorModel it loses the very same share of a training that
 * runs through it once.
 */
class BurstsTestCase : public TestCase
{
  public:
    BurstsTestCase()
        : TestCase("bursts come at multiples of the period, and their losses can be replayed")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.rounds = 20;
        scenario.data = MakeData(40, 4000, 1);
        scenario.segmentBytes = 400;
        scenario.segmentsPerPacket = 1;
        scenario.linkRate = "100Mbps";
        scenario.tos = 4;
        scenario.queueDisc = "ns3::learning::DropThresholdQueueDisc[MaxSize=1000p|Threshold=20p]";
        scenario.queueDiscPorts = SwitchedTopologyHelper::ALL_PORTS;
        std::string file;
        {
            TrainingRun run(scenario);
            std::set<Time> pushes;
            const auto losses = Create<LossTraceRecorder>();
            for (uint32_t i = 0; i < scenario.workers; ++i)
            {
                const Ptr<Worker> worker = run.GetWorker(i);
                worker->GetComputeModel()->SetAttribute("Period", TimeValue(MilliSeconds(10)));
                worker->GetTransport()->TraceConnectWithoutContext(
                    "Send",
                    Callback<void, const BlockId&, uint32_t>(
                        [&pushes](const BlockId& id, uint32_t) {
                            if (id.direction == PUSH)
                            {
                                pushes.insert(Simulator::Now());
                            }
                        }));
                losses->ObserveTransport(worker->GetTransport(), i);
            }
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(pushes.size(), scenario.rounds, "one moment a round");
            for (const Time& push : pushes)
            {
                NS_TEST_EXPECT_MSG_EQ(push.GetMicroSeconds() % 10000, 0, "a multiple of 10 ms");
            }
            const auto total = run.GetTraffic();
            NS_TEST_EXPECT_MSG_GT(total.dropped, 0, "some are lost");
            NS_TEST_EXPECT_MSG_EQ(losses->GetSegmentCount(), total.sent, "all are in the trace");
            NS_TEST_EXPECT_MSG_EQ(losses->GetMissingCount(),
                                  total.sent - total.received,
                                  "all that are missing");
            file = CreateTempDirFilename("losses.txt");
            losses->Write(file);
            Simulator::Destroy();

            const auto replayed = CreateObjectWithAttributes<TraceErrorModel>("File",
                                                                              StringValue(file),
                                                                              "Offset",
                                                                              IntegerValue(0));
            uint64_t dropped = 0;
            for (uint64_t i = 0; i < total.sent; ++i)
            {
                dropped += replayed->Drops(SegmentErrorModel::DATA, {});
            }
            NS_TEST_EXPECT_MSG_EQ(dropped, losses->GetMissingCount(), "the same share again");
        }
        std::remove(file.c_str());
    }
};

/**
 * Set-up: completion times told by hand, no network.
 * Stimulus: 100 messages of 1 to 100 ms, of which those that start before 10 ms do not count.
 * Expected: mean and percentiles by the nearest rank, to the nanosecond; an application that sends
 * no messages is refused, a service without a peer or a rate is refused.
 */
class TimesTestCase : public TestCase
{
  public:
    TimesTestCase()
        : TestCase("mean and percentiles of completion times")
    {
    }

  private:
    /**
     * Whether something is refused with one sentence.
     * @param action what to do
     * @return true if so
     */
    static bool IsRefused(const std::function<void()>& action)
    {
        try
        {
            action();
        }
        catch (const std::invalid_argument& error)
        {
            return std::string(error.what()).find('\n') == std::string::npos;
        }
        return false;
    }

    void DoRun() override
    {
        Service service;
        service.hosts = 2;
        service.rate = 400;
        const Outcome outcome = RunService(service);
        std::vector<double> sorted;
        double sum = 0;
        for (const Time& duration : outcome.durations)
        {
            sorted.push_back(duration.GetSeconds());
            sum += sorted.back();
        }
        std::sort(sorted.begin(), sorted.end());
        const std::size_t count = sorted.size();
        NS_TEST_EXPECT_MSG_EQ_TOL(outcome.times->GetMean(), sum / count, 1e-12, "mean");
        for (const double percent : {1.0, 50.0, 99.0, 100.0})
        {
            const auto below = std::count_if(sorted.begin(), sorted.end(), [&](double each) {
                return each <= outcome.times->GetPercentile(percent);
            });
            NS_TEST_EXPECT_MSG_EQ((below >= percent / 100 * count - 1e-9),
                                  true,
                                  "rank " << percent);
            // some messages take the same time
            const auto shorter = std::count_if(sorted.begin(), sorted.end(), [&](double each) {
                return each < outcome.times->GetPercentile(percent);
            });
            NS_TEST_EXPECT_MSG_EQ((shorter < percent / 100 * count), true, "rank " << percent);
        }
        NS_TEST_EXPECT_MSG_GT(outcome.times->GetStandardError(), 0, "spread");
        NS_TEST_EXPECT_MSG_LT(outcome.times->GetStandardError(),
                              outcome.times->GetMean(),
                              "spread");

        StarTopologyHelper star(2);
        star.Build();
        NS_TEST_EXPECT_MSG_EQ(IsRefused([] { RequestHelper(0); }), true, "no rate");
        NS_TEST_EXPECT_MSG_EQ(IsRefused([&] { RequestHelper(1).Install(star.GetHosts(0, 1)); }),
                              true,
                              "nobody to talk to");
        NS_TEST_EXPECT_MSG_EQ(IsRefused([&] { RequestHelper(1).Install(NodeContainer(2)); }),
                              true,
                              "no address");
        Simulator::Destroy();
    }
};

/// A Web service.
class WebTrafficTestSuite : public TestSuite
{
  public:
    WebTrafficTestSuite()
        : TestSuite("distributed-learning-web-traffic", Type::SYSTEM)
    {
        for (const double dropRate : {0.0, 0.02})
        {
            AddTestCase(new DeliveryTestCase(RequestApplication::PER_MESSAGE, dropRate),
                        TestDuration::QUICK);
            AddTestCase(new DeliveryTestCase(RequestApplication::PERSISTENT, dropRate),
                        TestDuration::QUICK);
        }
        AddTestCase(new DeadHostTestCase(RequestApplication::PERSISTENT), TestDuration::QUICK);
        AddTestCase(new DeadHostTestCase(RequestApplication::PER_MESSAGE), TestDuration::QUICK);
        AddTestCase(new IdleTestCase, TestDuration::QUICK);
        AddTestCase(new PoissonTestCase, TestDuration::QUICK);
        AddTestCase(new BurstsTestCase, TestDuration::QUICK);
        AddTestCase(new TimesTestCase, TestDuration::QUICK);
    }
};

WebTrafficTestSuite g_webTrafficTestSuite; //!< registers the suite

} // namespace
