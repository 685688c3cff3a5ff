/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How long acknowledgements wait for a ride, and ends for acknowledgements.

#include "transport-bench.h"

#include "ns3/learning-compatibility.h"
#include "ns3/test.h"

using namespace ns3;
using namespace ns3::learning;

namespace
{

/**
 * Set-up: two hosts on a star; host 1 answers a push 30 ms after it has come, as a server does that
 * waits for others' pushes. AckDelay 10 ms, RetransmitTimeout 50 ms. Stimulus: the transports are
 * told that the blocks of a round take 20 ms, or 2 ms, or nothing is said.
 * Expected: at 20 ms the acknowledgement of the push waits for the answer, so that the only control
 * packet on its own is the acknowledgement of the answer; otherwise (negative controls) it travels
 * alone after 10 ms. An end of which nothing is heard is repeated after ten times as long, 200 ms,
 * otherwise after 50 ms.
 */
class TransferTimeTestCase : public TestCase
{
  public:
    TransferTimeTestCase()
        : TestCase("acknowledgements wait for the answer to a long round")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<float> values = DrawBits(250, 1);
        for (const int64_t transfer : {0, 2, 20})
        {
            for (const bool deaf : {false, true})
            {
                StarTopologyHelper star(2);
                star.Build();
                TransportBench bench(star.GetHosts(),
                                     TransportBench::GetAddresses(star.GetHosts()),
                                     TransportBench::MakeTransports(100, 4));
                std::vector<Time> control;
                for (const Ptr<BlockTransport>& transport : bench.transports)
                {
                    transport->SetTransferTime(MilliSeconds(transfer));
                    transport->TraceConnectWithoutContext(
                        "Segments",
                        Callback<void, const BlockId&, BlockTransport::Fate, uint32_t, uint32_t>(
                            [&control](const BlockId&,
                                       BlockTransport::Fate fate,
                                       uint32_t segments,
                                       uint32_t) {
                                if (fate == BlockTransport::SENT && segments == 0)
                                {
                                    control.push_back(Simulator::Now());
                                }
                            }));
                }
                FunctionErrorModel::Install(star.GetHostDevices().Get(1),
                                            [deaf](Ptr<Packet>) { return deaf; });
                bench.receivers[1].closed = [&](const BlockId& id) {
                    if (id.direction == PUSH)
                    {
                        bench.Send(MilliSeconds(30), 1, {PULL, 0, 0, 0}, values);
                    }
                };
                bench.Send(Time(0), 0, {PUSH, 0, 0, 1}, values);
                Simulator::Run();
                const bool waits = transfer == 20;
                if (deaf)
                {
                    NS_TEST_ASSERT_MSG_EQ(control.size(), 6, "repeats");
                    NS_TEST_EXPECT_MSG_EQ(control.at(0),
                                          MilliSeconds(waits ? 200 : 50),
                                          "first repeat, " << transfer << " ms");
                }
                else
                {
                    NS_TEST_EXPECT_MSG_EQ(control.size(),
                                          waits ? 1 : 2,
                                          "control packets, " << transfer << " ms");
                }
                Simulator::Destroy();
            }
        }
    }
};

/// The suite.
class AcknowledgementTestSuite : public TestSuite
{
  public:
    AcknowledgementTestSuite()
        : TestSuite("distributed-learning-acknowledgement", Type::UNIT)
    {
        AddTestCase(new TransferTimeTestCase, TestDuration::QUICK);
    }
};

AcknowledgementTestSuite g_acknowledgementTestSuite; //!< registers the suite

} // namespace
