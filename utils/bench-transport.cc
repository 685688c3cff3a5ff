/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 *
 * Moving bytes over a star: the datagram transport against bare ns-3 UDP sockets that send as many
 * bytes. Ratios of processor time, the sides alternating within one run, each time in a process of
 * its own; medians of 5. Then the allocations that a further segment in each packet costs, and the
 * memory that bytes in flight take. Prints each figure with its bar; exit status 1 if one does not
 * hold. The argument sockets prints what a packet of bare sockets costs, and nothing else.
 */

#include "bench-support.h"

#include "ns3/block-transport.h"
#include "ns3/float-codec.h"
#include "ns3/inet-socket-address.h"
#include "ns3/object-factory.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/star-topology-helper.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <new>
#include <sched.h>
#include <string_view>
#include <unistd.h>
#include <vector>

using namespace ns3;
using namespace ns3::learning;
using namespace bench;

static uint64_t g_allocations = 0; //!< by all libraries so far

// NOLINTBEGIN: the program's own operators, which stand for those of all libraries
__attribute__((noinline)) void*
operator new(std::size_t size)
{
    ++g_allocations;
    void* memory = std::malloc(size);
    return memory ? memory : throw std::bad_alloc();
}

__attribute__((noinline)) void*
operator new[](std::size_t size)
{
    return operator new(size);
}

__attribute__((noinline)) void*
operator new[](std::size_t size, std::align_val_t alignment)
{
    ++g_allocations;
    const auto step = static_cast<std::size_t>(alignment);
    void* memory = std::aligned_alloc(step, (size + step - 1) / step * step);
    return memory ? memory : throw std::bad_alloc();
}

__attribute__((noinline)) void
operator delete(void* memory) noexcept
{
    std::free(memory);
}

__attribute__((noinline)) void
operator delete(void* memory, std::size_t /* size */) noexcept
{
    std::free(memory);
}

__attribute__((noinline)) void
operator delete[](void* memory) noexcept
{
    std::free(memory);
}

__attribute__((noinline)) void
operator delete[](void* memory, std::size_t /* size */) noexcept
{
    std::free(memory);
}

__attribute__((noinline)) void
operator delete[](void* memory, std::align_val_t /* alignment */) noexcept
{
    std::free(memory);
}

// NOLINTEND

namespace
{

constexpr int REPETITIONS = 5;
constexpr uint32_t HOSTS = 4;             //!< of the star on which bytes are moved
constexpr uint32_t SEGMENT_NUMBERS = 350; //!< in a segment of 1,400 bytes
constexpr uint32_t TRANSFERS = 40;        //!< times that blocks are sent, unless said otherwise
constexpr uint32_t TRAIN_TRANSFERS = 400; //!< the same in trains: for as long a measurement
const Time PAUSE = MilliSeconds(5);       //!< between, long enough for the queues to drain

/// Numbers that each host sends to each other: about a quarter of a perceptron 784-128-10, in whole
/// trains.
uint32_t g_block = 80 * SEGMENT_NUMBERS;

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
    std::vector<float> m_room = std::vector<float>(g_block, 0.0F); //!< for the numbers
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
 * @param transfers times that blocks are sent
 * @return processor time of the simulation, in s
 */
double
MoveByTransport(uint32_t segmentsPerPacket, uint32_t transfers = TRANSFERS)
{
    const auto star = MakeStar();
    auto peers = std::make_shared<std::vector<Address>>();
    for (uint32_t i = 0; i < HOSTS; ++i)
    {
        peers->push_back(InetSocketAddress(Ipv4Address(0x0a000001 + i), 9000));
    }
    std::vector<Ptr<BlockTransport>> transports;
    std::vector<Sink> sinks(HOSTS);
    const std::vector<float> values(g_block, 1.5F);
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
    for (uint32_t round = 0; round < transfers; ++round)
    {
        Simulator::Schedule(PAUSE * round, [&, round] {
            for (uint32_t i = 0; i < HOSTS; ++i)
            {
                for (uint32_t k = 1; k < HOSTS; ++k)
                {
                    transports[i]->Send({PUSH, round, i, (i + k) % HOSTS}, values.data(), g_block);
                }
            }
        });
    }
    const double begin = GetSeconds();
    Simulator::Run();
    const double seconds = GetSeconds() - begin;
    for (const Sink& sink : sinks)
    {
        if (sink.received != transfers * (HOSTS - 1) * (g_block / SEGMENT_NUMBERS))
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
                    for (uint32_t sent = 0; sent < g_block; sent += SEGMENT_NUMBERS)
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
    if (count != uint64_t{TRANSFERS} * HOSTS * (HOSTS - 1) * (g_block / SEGMENT_NUMBERS))
    {
        std::printf("not all packets of the sockets were received\n");
        g_allHold = false;
    }
    Simulator::Destroy();
    return seconds;
}

/**
 * Only writes the numbers of all blocks into trains of 40 and reads them back, those of a round
 * after one another, as when blocks are moved.
 * @return processor time, in s
 */
double
CopyNumbers()
{
    constexpr uint32_t TRAIN = 40 * SEGMENT_NUMBERS;
    const uint32_t trains = HOSTS * (HOSTS - 1) * g_block / TRAIN;
    std::vector<std::vector<uint8_t>> packets(trains, std::vector<uint8_t>(4 * TRAIN));
    const std::vector<float> values(g_block, 1.5F);
    std::vector<std::vector<float>> rooms(HOSTS, std::vector<float>(g_block));
    const double begin = GetSeconds();
    for (uint32_t round = 0; round < TRAIN_TRANSFERS; ++round)
    {
        for (uint32_t k = 0; k < trains; ++k)
        {
            EncodeFloats(values.data() + k * TRAIN % g_block, TRAIN, packets[k].data());
        }
        for (uint32_t k = 0; k < trains; ++k)
        {
            float* room = rooms[k % HOSTS].data() + k * TRAIN % g_block;
            DecodeFloats(packets[k].data(), TRAIN, room);
        }
    }
    return GetSeconds() - begin;
}

/**
 * Memory of this process.
 * @return bytes
 */
double
GetMemory()
{
    std::ifstream statm("/proc/self/statm");
    double virtualPages = 0;
    double pages = 0;
    statm >> virtualPages >> pages;
    return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// As many packets of 40 segments and of 20: what the other 20 cost.
void
BenchAllocations()
{
    uint64_t counts[2];
    for (const uint32_t k : {0, 1})
    {
        g_block = 40 * (k + 1) * SEGMENT_NUMBERS;
        MoveByTransport(20 * (k + 1)); // ns-3 keeps buffers for later
        const uint64_t before = g_allocations;
        MoveByTransport(20 * (k + 1));
        counts[k] = g_allocations - before;
    }
    const double segments = 40.0 * HOSTS * (HOSTS - 1) * TRANSFERS;
    std::printf("two packets of 20 segments: %.1f allocations a packet\n",
                static_cast<double>(counts[0]) / (2.0 * HOSTS * (HOSTS - 1) * TRANSFERS));
    Report("allocations for a further segment in a packet",
           std::abs(static_cast<double>(counts[1]) - static_cast<double>(counts[0])) / segments,
           0.01);
}

/// Memory that blocks take on their way, trains of 40.
void
BenchFlight()
{
    constexpr uint32_t LENGTH = 4000 * SEGMENT_NUMBERS;
    const auto star = MakeStar();
    const auto peers = std::make_shared<std::vector<Address>>();
    for (uint32_t i = 0; i < HOSTS; ++i)
    {
        peers->push_back(InetSocketAddress(Ipv4Address(0x0a000001 + i), 9000));
    }
    ObjectFactory factory("ns3::learning::DatagramTransport");
    factory.Set("SegmentBytes", UintegerValue(4 * SEGMENT_NUMBERS));
    factory.Set("SegmentsPerPacket", UintegerValue(40));
    const auto transport = factory.Create<BlockTransport>();
    const std::vector<float> values(LENGTH, 1.5F);
    double taken = 0;
    constexpr uint32_t BLOCKS = 20;
    Simulator::Schedule(Time(0), [&] {
        transport->Open(star->GetHosts().Get(0), 0, peers);
        const double before = GetMemory();
        for (uint32_t round = 0; round < BLOCKS; ++round)
        {
            transport->Send({PUSH, round, 0, 1}, values.data(), LENGTH);
        }
        taken = GetMemory() - before;
    });
    Simulator::Run();
    transport->Dispose();
    Simulator::Destroy();
    const double sent = 4.0 * LENGTH * BLOCKS;
    std::printf("%.1f MB in flight take %.1f MB of memory\n", sent / 1e6, taken / 1e6);
    Report("memory / bytes in flight", taken / sent, 1.25);
}

/**
 * Moves bytes in a process of its own, where no buffers are left from another side: once to take
 * memory, then three times more. It stays on one core: to move to another one costs as much as many
 * trains.
 * @param move moves them
 * @return median of the processor times of these three, in s; 0 if the process failed
 */
double
MoveApart(const std::function<double()>& move)
{
    double seconds = 0;
    RunApart(
        [&move] {
            cpu_set_t core;
            CPU_ZERO(&core);
            CPU_SET(static_cast<std::size_t>(std::max(0, sched_getcpu())), &core);
            sched_setaffinity(0, sizeof(core), &core);
            g_allHold = true; // of this process
            move();
            const double median = GetMedian({move(), move(), move()});
            return g_allHold ? median : 0;
        },
        seconds);
    g_allHold = g_allHold && seconds > 0;
    return seconds;
}

/**
 * Prints what a packet of bare sockets costs.
 * @param seconds of moving all of them, several times
 */
void
PrintSockets(const std::vector<double>& seconds)
{
    std::printf("bare UDP sockets: %.2f us a packet\n",
                1e6 * GetMedian(seconds) * SEGMENT_NUMBERS / g_block / HOSTS / (HOSTS - 1) /
                    TRANSFERS);
}

/// Measures and reports.
void
BenchTransport()
{
    std::vector<double> single;
    std::vector<double> trains;
    std::vector<double> sockets;
    std::vector<double> copies;
    const auto measure = [&](bool withSingle) {
        trains.clear();
        for (int i = 0; i < REPETITIONS; ++i)
        {
            sockets.push_back(MoveApart(MoveBySockets));
            if (withSingle)
            {
                single.push_back(MoveApart([] { return MoveByTransport(1); }) / sockets.back());
            }
            const double seconds = MoveApart([] { return MoveByTransport(40, TRAIN_TRANSFERS); });
            trains.push_back(seconds * TRANSFERS / TRAIN_TRANSFERS / sockets.back());
            copies.push_back(MoveApart(CopyNumbers) * TRANSFERS / TRAIN_TRANSFERS / sockets.back());
        }
    };
    measure(true);
    PrintSockets(sockets);
    Report("one segment a packet / bare UDP sockets, same bytes, same star",
           GetMedian(single),
           1.1);
    Report("trains of 40 segments / bare UDP sockets", GetMedian(trains), 0.04);
    std::printf("  at least, a bare packet a train and the copies at both ends: %.3f\n",
                1.0 / 40 + GetMedian(copies));

    g_block *= 4;
    measure(false);
    std::printf("the same with blocks four times as large, for which caches are too small: %.3f\n",
                GetMedian(trains));
}

} // namespace

int
main(int argc, char* argv[])
{
    if (argc == 2 && std::string_view(argv[1]) == "sockets")
    {
        std::vector<double> seconds;
        for (int i = 0; i < REPETITIONS; ++i)
        {
            seconds.push_back(MoveApart(MoveBySockets));
        }
        PrintSockets(seconds);
        return g_allHold ? 0 : 1;
    }
    if (argc > 1)
    {
        std::fprintf(stderr, "bench-transport: '%s': sockets, or nothing, is expected\n", argv[1]);
        return 2;
    }
    BenchTransport();
    BenchAllocations();
    BenchFlight();
    return g_allHold ? 0 : 1;
}
