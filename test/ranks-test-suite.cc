/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Trainings distributed over MPI ranks: what must hold so that their number changes no result, and
// the result itself, where ns-3 has been built with MPI.

#include "transport-bench.h"

#include "ns3/learning-compatibility.h"
#include "ns3/segment-tag.h"
#include "ns3/test.h"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>
#include <sys/wait.h>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: a star of four hosts.
 * Stimulus: hosts 3, 1, 2 send a segment to host 0 at the same moment; ns-3 runs these events in
 * the order in which they were scheduled.
 * Expected: after SetRanks() they arrive in the order of the hosts, one transmission apart.
 * Negative control: without it, in the order of the events.
 */
class ArrivalOrderTestCase : public TestCase
{
  public:
    ArrivalOrderTestCase()
        : TestCase("equal arrivals at a switch go on in the order of its devices")
    {
    }

  private:
    /**
     * Senders by the time when their segment arrives.
     * @param ordered whether the switch orders arrivals
     * @return the indices
     */
    static std::vector<uint32_t> GetOrder(bool ordered)
    {
        std::vector<uint32_t> order;
        {
            StarTopologyHelper star(4);
            if (ordered)
            {
                star.SetRanks(1);
            }
            star.Build();
            TransportBench bench(star.GetHosts(),
                                 TransportBench::GetAddresses(star.GetHosts()),
                                 TransportBench::MakeTransports(400, 2));
            for (const uint32_t from : {3, 1, 2})
            {
                bench.Send(Seconds(1), from, {PUSH, 0, 0, 0}, std::vector<float>(100));
            }
            bench.receivers[0].closed = [&order](const BlockId& id) { order.push_back(id.peer); };
            Simulator::Run();
        }
        Simulator::Destroy();
        return order;
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ((GetOrder(true) == std::vector<uint32_t>{1, 2, 3}), true, "devices");
        NS_TEST_EXPECT_MSG_EQ((GetOrder(false) == std::vector<uint32_t>{3, 1, 2}), true, "events");
    }
};

/**
 * Set-up: a packet of 1,000 bytes with a tag of 64 segments, of which the network has dropped two.
 * Stimulus: ns-3 writes it to a buffer and reads it again, as between ranks.
 * Expected: the same bytes, and the tag says the same.
 */
class TaggedPacketTestCase : public TestCase
{
  public:
    TaggedPacketTestCase()
        : TestCase("what a segment tag says passes between ranks")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<uint8_t> sent(1000);
        for (uint32_t i = 0; i < sent.size(); ++i)
        {
            sent[i] = static_cast<uint8_t>(i * 7);
        }
        SegmentTag tag({5, 6, 7, 8, true}, 128, 64, true);
        tag.Lose(uint64_t{1} << 63 | 1);
        const Ptr<Packet> packet = Create<Packet>(sent.data(), 1000);
        packet->AddPacketTag(tag);
        std::vector<uint8_t> buffer(packet->GetSerializedSize());
        NS_TEST_ASSERT_MSG_EQ(
            packet->Serialize(buffer.data(), static_cast<uint32_t>(buffer.size())),
            1,
            "it is written");
        const Ptr<Packet> copy =
            Create<Packet>(buffer.data(), static_cast<uint32_t>(buffer.size()), true);
        std::vector<uint8_t> received(1000);
        NS_TEST_EXPECT_MSG_EQ(copy->CopyData(received.data(), 1000), 1000, "size");
        NS_TEST_EXPECT_MSG_EQ((received == sent), true, "bytes");
        SegmentTag read;
        NS_TEST_ASSERT_MSG_EQ(copy->PeekPacketTag(read), true, "the tag is there");
        const SegmentTag::Message& message = read.GetMessage();
        NS_TEST_EXPECT_MSG_EQ(message.sender, 5, "sender");
        NS_TEST_EXPECT_MSG_EQ(message.receiver, 6, "receiver");
        NS_TEST_EXPECT_MSG_EQ(message.round, 7, "round");
        NS_TEST_EXPECT_MSG_EQ(message.block, 8, "block");
        NS_TEST_EXPECT_MSG_EQ(message.pull, true, "direction");
        NS_TEST_EXPECT_MSG_EQ(read.GetFirstSegment(), 128, "first segment");
        NS_TEST_EXPECT_MSG_EQ(read.GetSegmentCount(), 64, "segments");
        NS_TEST_EXPECT_MSG_EQ(read.GetAlive(), ~(uint64_t{1} << 63 | 1), "those not lost");
        NS_TEST_EXPECT_MSG_EQ(read.HasControl(), true, "control segment");
    }
};

/**
 * Set-up: a star of four hosts, the last of which is said to be on another rank.
 * Stimulus: trainings with packets of several sizes; numbers of ranks that are not possible.
 * Expected: workers on this rank only; one sentence that refuses trains, segments of more than
 * 1,820 bytes (2,000 less 60 of headers and 120 that ns-3 adds: link header 4, tags 52, time and
 * device 16, lengths and identifiers 48), ranks without hosts, and several ranks in a process that
 * MPI has not started.
 */
class RankLimitsTestCase : public TestCase
{
  public:
    RankLimitsTestCase()
        : TestCase("what ranks cannot do is refused with a sentence")
    {
    }

  private:
    /**
     * What a refusal says.
     * @param action what to do
     * @return the sentence; empty if nothing is refused
     */
    static std::string GetRefusal(const std::function<void()>& action)
    {
        std::string sentence;
        try
        {
            action();
        }
        catch (const std::invalid_argument& error)
        {
            sentence = error.what();
        }
        Simulator::Destroy();
        return sentence;
    }

    /**
     * Installs a training.
     * @param segmentBytes payload of a segment
     * @param segmentsPerPacket length of a train
     * @return number of workers on this rank
     */
    static uint32_t Install(uint32_t segmentBytes, uint32_t segmentsPerPacket)
    {
        StarTopologyHelper star(4);
        star.Build();
        star.GetHosts().Get(3)->SetAttribute("SystemId", UintegerValue(1));
        TrainingHelper training;
        training.SetDataset(MakeData(4, 10), nullptr);
        training.SetModel("ns3::learning::QuadraticModel");
        training.SetBatchSize(1);
        training.SetTransport("ns3::learning::DatagramTransport",
                              "SegmentBytes",
                              UintegerValue(segmentBytes),
                              "SegmentsPerPacket",
                              UintegerValue(segmentsPerPacket));
        return training.Install(star.GetHosts()).GetN();
    }

    void DoRun() override
    {
        uint32_t workers = 0;
        std::string refusal = GetRefusal([&workers] { workers = Install(1400, 1); });
        NS_TEST_EXPECT_MSG_EQ(refusal, "", "single segments pass");
        NS_TEST_EXPECT_MSG_EQ(workers, 3, "workers of this rank only");
        uint32_t largest = LARGEST_SEGMENT;
        while (largest > SMALLEST_OF_LARGEST &&
               !GetRefusal([largest] { Install(largest, 1); }).empty())
        {
            largest -= 4;
        }
        NS_TEST_EXPECT_MSG_GT(largest, SMALLEST_OF_LARGEST, "the largest");
        for (const auto& [bytes, segments] :
             {std::make_pair(largest + 4, 1), std::make_pair(1400U, 2)})
        {
            refusal = GetRefusal([b = bytes, s = segments] { Install(b, s); });
            NS_TEST_EXPECT_MSG_NE(refusal.find("set SegmentsPerPacket to 1, or lower"),
                                  std::string::npos,
                                  bytes << " bytes, " << segments << " segments");
            NS_TEST_EXPECT_MSG_EQ(refusal.find('\n'), std::string::npos, "one sentence");
        }
        const auto spread = [](uint32_t ranks) {
            StarTopologyHelper star(4);
            star.SetRanks(ranks);
            star.Build();
        };
        NS_TEST_EXPECT_MSG_EQ(GetRefusal([&spread] { spread(1); }), "", "one rank");
        for (const uint32_t ranks : {0, 5})
        {
            NS_TEST_EXPECT_MSG_NE(GetRefusal([&] { spread(ranks); }).find("1 to 4 are possible"),
                                  std::string::npos,
                                  ranks << " ranks");
        }
        NS_TEST_EXPECT_MSG_NE(GetRefusal([&spread] { spread(2); }).find("MPI is not at work"),
                              std::string::npos,
                              "nobody has started MPI");
    }

    static constexpr uint32_t LARGEST_SEGMENT = 1820; //!< bytes, without the metadata of packets
    static constexpr uint32_t SMALLEST_OF_LARGEST = 1700; //!< with them, which travel, too, if on
};

/**
 * Set-up: mpi-training-example, eight workers, one data segment in ten dropped.
 * Stimulus: one process with ns-3's usual engine; 2 and 4 ranks by mpirun.
 * Expected: each worker ends its last round at the same nanosecond with the same bits in its
 * replica.
 * Negative control: another run number gives other bits.
 */
class MpiTestCase : public TestCase
{
  public:
    /**
     * Makes a test case.
     * @param ranks number of ranks
     */
    explicit MpiTestCase(uint32_t ranks)
        : TestCase(std::to_string(ranks) + " ranks have the bits of one process"),
          m_ranks(ranks)
    {
    }

  private:
    using Lines = std::map<std::string, std::string>; //!< what a worker's line says, by worker

    /**
     * Runs the example.
     * @param start what to put before it
     * @param options what to put behind it
     * @return the lines of the workers
     */
    Lines Run(const std::string& start, const std::string& options)
    {
        const std::string command =
            start + " " + MPI_TRAINING_PROGRAM + " --workers=8 --rounds=5 " + options;
        Lines lines;
        FILE* output = popen(command.c_str(), "r");
        char line[200];
        while (output && std::fgets(line, sizeof(line), output))
        {
            const std::string text(line);
            const std::size_t colon = text.find(": ");
            if (text.rfind("worker ", 0) == 0 && colon != std::string::npos)
            {
                NS_TEST_EXPECT_MSG_EQ(
                    lines.emplace(text.substr(0, colon), text.substr(colon + 2)).second,
                    true,
                    command << ": " << text << " is told twice, so ranks do not share the workers");
            }
        }
        const int status = output ? pclose(output) : -1;
        NS_TEST_EXPECT_MSG_EQ((WIFEXITED(status) && WEXITSTATUS(status) == 0), true, command);
        NS_TEST_EXPECT_MSG_EQ(lines.size(), 8, command);
        return lines;
    }

    void DoRun() override
    {
        if (std::string(MPI_TRAINING_PROGRAM).empty())
        {
            std::printf("skipped: this ns-3 has been built without MPI, or without examples\n");
            NS_TEST_EXPECT_MSG_EQ((std::getenv("REQUIRE_MPI") == nullptr),
                                  true,
                                  "there is no program to start by mpirun");
            return;
        }
        // Open MPI asks for leave to run for root, and to run more ranks than there are cores
        for (const char* name : {"OMPI_ALLOW_RUN_AS_ROOT",
                                 "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM",
                                 "OMPI_MCA_rmaps_base_oversubscribe"})
        {
            setenv(name, "1", 0);
        }
        const std::string start = "timeout 120 mpirun -np " + std::to_string(m_ranks);
        const Lines alone = Run("", "");
        NS_TEST_EXPECT_MSG_EQ((Run(start, "") == alone), true, "the bits of one process");
        NS_TEST_EXPECT_MSG_EQ((Run(start, "--RngRun=2") == alone), false, "another run");
    }

    uint32_t m_ranks; //!< number of ranks
};

/// Trainings distributed over MPI ranks.
class RanksTestSuite : public TestSuite
{
  public:
    RanksTestSuite()
        : TestSuite("distributed-learning-ranks", Type::SYSTEM)
    {
        AddTestCase(new ArrivalOrderTestCase, TestDuration::QUICK);
        AddTestCase(new TaggedPacketTestCase, TestDuration::QUICK);
        AddTestCase(new RankLimitsTestCase, TestDuration::QUICK);
        AddTestCase(new MpiTestCase(2), TestDuration::QUICK);
        AddTestCase(new MpiTestCase(4), TestDuration::QUICK);
    }
};

RanksTestSuite g_ranksTestSuite; //!< registers the suite

} // namespace
