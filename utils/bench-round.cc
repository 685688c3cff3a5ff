/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 *
 * What the simulation costs beside the mathematics. Ratios of processor time, the two sides
 * alternating within one run; medians of 5 or more. Prints each figure with its bar; exit status 1
 * if one does not hold.
 *
 * 1. Moving bytes over a star: the datagram transport against bare ns-3 UDP sockets that send as
 * many bytes.
 * 2. A round of RPS, 16 workers: everything beside the gradients against the gradients alone.
 * 3. 1,000 workers and 16 dedicated servers: time of a round against the number of workers, and
 * memory.
 */

#include "ns3/block-transport.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/learning-model.h"
#include "ns3/packet.h"
#include "ns3/random-engine.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/star-topology-helper.h"
#include "ns3/string.h"
#include "ns3/training-helper.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <sys/resource.h>
#include <time.h>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

constexpr int REPETITIONS = 5;
constexpr uint32_t HOSTS = 4;                     //!< of the star on which bytes are moved
constexpr uint32_t SEGMENT_NUMBERS = 350;         //!< in a segment of 1,400 bytes
constexpr uint32_t BLOCK = 320 * SEGMENT_NUMBERS; //!< numbers that each host sends to each other
constexpr uint32_t TRANSFERS = 20;                //!< times that they do so
const Time PAUSE = MilliSeconds(5);               //!< between, long enough for the queues to drain

bool g_allHold = true; //!< whether every bar has held

/**
 * Processor time of this process.
 * @return seconds
 */
double
GetSeconds()
{
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/**
 * Median.
 * @param values at least one
 * @return the median
 */
double
GetMedian(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/**
 * Prints a figure with its bar.
 * @param what the figure
 * @param value its value
 * @param bar the largest value that holds
 */
void
Report(const char* what, double value, double bar)
{
    const bool holds = value <= bar;
    g_allHold = g_allHold && holds;
    std::printf("%-66s %8.3f   bar %5.3f   %s\n",
                what,
                value,
                bar,
                holds ? "holds" : "DOES NOT HOLD");
}

/// Receives blocks into one buffer.
class Sink : public BlockReceiver
{
  public:
    float* OpenBlock(const BlockId& /* id */, uint32_t /* length */) override
    {
        return m_room.data();
    }

    void BlockClosed(const BlockId& /* id */, const SegmentMask& mask) override
    {
        received += mask.GetCount();
    }

    uint64_t received{0}; //!< segments

  private:
    std::vector<float> m_room = std::vector<float>(BLOCK, 0.0F); //!< for the numbers
};

/**
 * Makes the star.
 * @return its helper
 */
std::unique_ptr<StarTopologyHelper>
MakeStar()
{
    auto star = std::make_unique<StarTopologyHelper>(HOSTS);
    star->Build();
    return star;
}

/**
 * Moves a block between every two hosts by the datagram transport.
 * @param segmentsPerPacket length of a train
 * @return processor time of the simulation, in s
 */
double
MoveByTransport(uint32_t segmentsPerPacket)
{
    const auto star = MakeStar();
    auto peers = std::make_shared<std::vector<Address>>();
    for (uint32_t i = 0; i < HOSTS; ++i)
    {
        peers->push_back(InetSocketAddress(Ipv4Address(0x0a000001 + i), 9000));
    }
    std::vector<Ptr<BlockTransport>> transports;
    std::vector<Sink> sinks(HOSTS);
    const std::vector<float> values(BLOCK, 1.5F);
    ObjectFactory factory("ns3::learning::DatagramTransport");
    factory.Set("SegmentBytes", UintegerValue(4 * SEGMENT_NUMBERS));
    factory.Set("SegmentsPerPacket", UintegerValue(segmentsPerPacket));
    for (uint32_t i = 0; i < HOSTS; ++i)
    {
        transports.push_back(factory.Create<BlockTransport>());
    }
    Simulator::Schedule(Time(0), [&] {
        for (uint32_t i = 0; i < HOSTS; ++i)
        {
            transports[i]->Open(star->GetHosts().Get(i), i, peers);
            transports[i]->SetReceiver(PUSH, &sinks[i]);
        }
    });
    for (uint32_t round = 0; round < TRANSFERS; ++round)
    {
        Simulator::Schedule(PAUSE * round, [&, round] {
            for (uint32_t i = 0; i < HOSTS; ++i)
            {
                for (uint32_t k = 1; k < HOSTS; ++k)
                {
                    transports[i]->Send({PUSH, round, i, (i + k) % HOSTS}, values.data(), BLOCK);
                }
            }
        });
    }
    const double begin = GetSeconds();
    Simulator::Run();
    const double seconds = GetSeconds() - begin;
    for (const Sink& sink : sinks)
    {
        if (sink.received != TRANSFERS * (HOSTS - 1) * (BLOCK / SEGMENT_NUMBERS))
        {
            std::printf("a block was not received whole\n");
            g_allHold = false;
        }
    }
    for (const Ptr<BlockTransport>& transport : transports)
    {
        transport->Dispose();
    }
    Simulator::Destroy();
    return seconds;
}

/**
 * Moves as many bytes between every two hosts by bare UDP sockets, real bytes in packets of a
 * segment's size.
 * @return processor time of the simulation, in s
 */
double
MoveBySockets()
{
    const auto star = MakeStar();
    const std::vector<uint8_t> bytes(4 * SEGMENT_NUMBERS + 32,
                                     1); // the transport's header is 32 bytes
    std::vector<uint8_t> received(bytes.size());
    std::vector<Ptr<Socket>> sockets(HOSTS);
    uint64_t count = 0;
    Simulator::Schedule(Time(0), [&] {
        for (uint32_t i = 0; i < HOSTS; ++i)
        {
            sockets[i] =
                Socket::CreateSocket(star->GetHosts().Get(i), UdpSocketFactory::GetTypeId());
            sockets[i]->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9000));
            sockets[i]->SetRecvCallback(Callback<void, Ptr<Socket>>([&](Ptr<Socket> socket) {
                while (Ptr<Packet> packet = socket->Recv())
                {
                    count += packet->CopyData(received.data(),
                                              static_cast<uint32_t>(received.size())) != 0;
                }
            }));
        }
    });
    for (uint32_t round = 0; round < TRANSFERS; ++round)
    {
        Simulator::Schedule(PAUSE * round, [&] {
            for (uint32_t i = 0; i < HOSTS; ++i)
            {
                for (uint32_t k = 1; k < HOSTS; ++k)
                {
                    const InetSocketAddress to(Ipv4Address(0x0a000001 + (i + k) % HOSTS), 9000);
                    for (uint32_t sent = 0; sent < BLOCK; sent += SEGMENT_NUMBERS)
                    {
                        sockets[i]->SendTo(
                            Create<Packet>(bytes.data(), static_cast<uint32_t>(bytes.size())),
                            0,
                            to);
                    }
                }
            }
        });
    }
    const double begin = GetSeconds();
    Simulator::Run();
    const double seconds = GetSeconds() - begin;
    Simulator::Destroy();
    return seconds;
}

/// Figure 1.
void
BenchTransport()
{
    std::vector<double> single;
    std::vector<double> trains;
    double sockets = 0;
    for (int i = 0; i < REPETITIONS; ++i)
    {
        sockets = MoveBySockets();
        single.push_back(MoveByTransport(1) / sockets);
        trains.push_back(MoveByTransport(40) / sockets);
    }
    std::printf("bare UDP sockets: %.2f us a packet\n",
                1e6 * sockets * SEGMENT_NUMBERS / BLOCK / HOSTS / (HOSTS - 1) / TRANSFERS);
    Report("one segment a packet / bare UDP sockets, same bytes, same star",
           GetMedian(single),
           1.25);
    Report("trains of 40 segments / bare UDP sockets", GetMedian(trains), 0.06);
}

/**
 * Clusters as large as Fashion-MNIST images, in memory.
 * @param features features of a sample
 * @return the data
 */
Ptr<Dataset>
MakeData(uint32_t features)
{
    constexpr uint32_t SAMPLES = 20000;
    RandomEngine engine(1);
    std::vector<uint8_t> bytes(std::size_t{SAMPLES} * features);
    for (uint8_t& byte : bytes)
    {
        byte = static_cast<uint8_t>(engine.Next());
    }
    std::vector<float> targets(SAMPLES);
    for (float& target : targets)
    {
        target = static_cast<float>(engine.NextBelow(10));
    }
    return Create<Dataset>(SampleShape{1, 28, features / 28},
                           std::move(bytes),
                           std::move(targets),
                           10);
}

/**
 * Trains.
 * @param data what from
 * @param model TypeId of the model, with attributes
 * @param workers number of workers
 * @param servers number of dedicated servers, 0 for co-located ones
 * @param rounds number of rounds
 * @return processor time of a round, in s
 */
double
TimeRounds(Ptr<Dataset> data,
           const std::string& model,
           uint32_t workers,
           uint32_t servers,
           uint32_t rounds)
{
    StarTopologyHelper star(workers + servers);
    star.SetDropRate(0.1);
    star.Build();
    TrainingHelper training;
    training.SetDataset(data, nullptr);
    training.SetModel(model);
    training.SetTransport("ns3::learning::DatagramTransport",
                          "SegmentsPerPacket",
                          UintegerValue(32));
    training.SetBatchSize(servers == 0 ? 32 : 8);
    if (servers == 0)
    {
        training.Install(star.GetHosts());
    }
    else
    {
        training.Install(star.GetHosts(0, workers), star.GetHosts(workers, servers));
    }
    training.StopAfterRounds(rounds);
    const double begin = GetSeconds();
    Simulator::Run();
    const double seconds = GetSeconds() - begin;
    Simulator::Destroy();
    return seconds / rounds;
}

/**
 * Computes the gradients of a round and nothing else.
 * @param data what from
 * @param workers number of workers
 * @param rounds number of rounds
 * @return processor time of a round, in s
 */
double
TimeGradients(Ptr<Dataset> data, uint32_t workers, uint32_t rounds)
{
    const Ptr<LearningModel> model =
        MakeFactory("ns3::learning::MultilayerPerceptron[Hidden=128]", LearningModel::GetTypeId())
            .Create<LearningModel>();
    model->SetInput(data->GetShape(), data->GetClassCount());
    std::vector<AlignedVector> replicas(workers, AlignedVector(model->GetParameterCount()));
    for (AlignedVector& replica : replicas)
    {
        model->Initialize(replica.data(), 1);
    }
    AlignedVector gradient(model->GetParameterCount());
    BatchBuffer<float> buffer;
    RandomEngine engine(1);
    std::vector<uint32_t> samples(32);
    const double begin = GetSeconds();
    for (uint32_t round = 0; round < rounds; ++round)
    {
        for (AlignedVector& replica : replicas)
        {
            for (uint32_t& sample : samples)
            {
                sample = engine.NextBelow(data->GetSampleCount());
            }
            const Batch<float> batch = data->Gather(samples.data(), 32, buffer);
            model->Gradient(replica.data(), batch, gradient.data());
        }
    }
    return (GetSeconds() - begin) / rounds;
}

/// Figure 2.
void
BenchRound()
{
    const Ptr<Dataset> data = MakeData(784);
    const std::string model = "ns3::learning::MultilayerPerceptron[Hidden=128]";
    std::vector<double> ratios;
    double gradients = 0;
    double round = 0;
    TimeGradients(data, 16, 20); // warm-up
    for (int i = 0; i < REPETITIONS; ++i)
    {
        gradients = TimeGradients(data, 16, 100);
        round = TimeRounds(data, model, 16, 0, 100);
        ratios.push_back((round - gradients) / gradients);
    }
    std::printf(
        "16 workers, 784-128-10, batch 32, p = 0.1: gradients %.2f ms, whole round %.2f ms\n",
        1e3 * gradients,
        1e3 * round);
    Report("simulation, transport and averaging / gradients alone", GetMedian(ratios), 4);
}

/// Figure 3.
void
BenchScale()
{
    const Ptr<Dataset> data = MakeData(784);
    const std::vector<uint32_t> workers{125, 250, 500, 1000};
    std::vector<double> times;
    for (const uint32_t n : workers)
    {
        std::vector<double> repeated;
        for (int i = 0; i < REPETITIONS; ++i)
        {
            repeated.push_back(TimeRounds(data, "ns3::learning::SoftmaxRegression", n, 16, 3));
        }
        times.push_back(GetMedian(repeated));
        std::printf("%4u workers, 16 dedicated servers, softmax: %.1f ms a round\n",
                    n,
                    1e3 * times.back());
    }
    // least squares of log time on log workers: 1 is linear
    double xx = 0;
    double xy = 0;
    double x = 0;
    double y = 0;
    for (std::size_t i = 0; i < workers.size(); ++i)
    {
        const double lx = std::log(workers[i]);
        const double ly = std::log(times[i]);
        x += lx;
        y += ly;
        xx += lx * lx;
        xy += lx * ly;
    }
    const auto count = static_cast<double>(workers.size());
    const double slope = (count * xy - x * y) / (count * xx - x * x);
    Report("exponent of the time of a round in the number of workers", slope, 1.15);
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    Report("largest memory of the process, GiB",
           static_cast<double>(usage.ru_maxrss) / (1024.0 * 1024.0),
           3);
}

} // namespace

int
main()
{
    BenchTransport();
    BenchRound();
    BenchScale();
    return g_allHold ? 0 : 1;
}
