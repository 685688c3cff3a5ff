/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/block-owners.h"
#include "ns3/block-transport.h"
#include "ns3/catch-up.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

namespace
{

/// A transport that only notes what it is asked to send.
class NotingTransport : public BlockTransport
{
  public:
    uint32_t GetLargestPacket(bool /* ipv6 */) const override
    {
        return 0;
    }

    std::vector<BlockId> sent; //!< what was sent

  private:
    void DoOpen() override
    {
    }

    void DoSend(const BlockId& id,
                const float* /* values */,
                const SegmentLayout& /* layout */,
                const SegmentMask* /* present */,
                bool /* reliable */) override
    {
        sent.push_back(id);
    }
};

/// Worker 0 of three, which asks for two blocks of two numbers.
class CatchUpTest : public testing::Test
{
  protected:
    CatchUpTest()
        : m_setup(Create<TrainingSetup>()),
          m_transport(CreateObject<NotingTransport>())
    {
        m_setup->workers = 3;
        m_setup->start.resize(4);
        m_setup->owners = std::make_shared<BlockOwners>(BlockOwners::FIXED, 4, 2, 3, 1);
        m_catchUp = std::make_unique<CatchUp>(m_setup,
                                              0,
                                              m_transport,
                                              Seconds(1),
                                              [this](bool success, uint32_t round) {
                                                  ++m_ends;
                                                  m_success = success;
                                                  m_round = round;
                                              });
        m_catchUp->Ask();
    }

    ~CatchUpTest() override
    {
        m_catchUp = nullptr;
        m_transport->Dispose();
        Simulator::Destroy();
    }

    /**
     * Opens a block of an answer, and writes a number.
     * @param round of the answer
     * @param block which one
     * @param number the number
     * @return whether it was opened
     */
    bool Open(uint32_t round, uint32_t block, float number)
    {
        float* const room = m_catchUp->OpenBlock({PULL, round, 2 + block, 1}, 2);
        if (room)
        {
            std::fill_n(room, 2, number);
        }
        return room != nullptr;
    }

    /**
     * Closes a block of an answer.
     * @param round of the answer
     * @param block which one
     * @param isWhole whether all has arrived
     */
    void Close(uint32_t round, uint32_t block, bool isWhole = true)
    {
        m_catchUp->BlockClosed({PULL, round, 2 + block, 1}, SegmentMask(1, isWhole));
    }

    Ptr<TrainingSetup> m_setup;         //!< what all know
    Ptr<NotingTransport> m_transport;   //!< of worker 0
    std::unique_ptr<CatchUp> m_catchUp; //!< under test
    uint32_t m_ends{0};                 //!< how often it was told of an end
    bool m_success{false};              //!< the last time
    uint32_t m_round{0};                //!< the last time
};

} // namespace

// Expected: the first neighbour is asked; parameters are those of one round of one worker: blocks
// of another round, or worker, are not mixed with them.
TEST_F(CatchUpTest, TakesTheBlocksOfOneRound)
{
    ASSERT_EQ(m_transport->sent.size(), 1U);
    EXPECT_EQ(m_transport->sent[0].peer, 1U);
    EXPECT_EQ(m_catchUp->OpenBlock({PULL, 7, 2, 2}, 2), nullptr); // worker 2 is not asked
    EXPECT_TRUE(Open(7, 0, 70));
    EXPECT_TRUE(Open(8, 0, 80)); // asked twice, it has answered again, and the first is given up
    Close(7, 0);
    Close(8, 0);
    EXPECT_EQ(m_ends, 0U);
    EXPECT_FALSE(Open(9, 1, 91));
    EXPECT_TRUE(Open(8, 1, 81));
    Close(8, 1);
    EXPECT_EQ(m_ends, 1U);
    EXPECT_TRUE(m_success);
    EXPECT_EQ(m_round, 8U);
    const AlignedVector& parameters = m_catchUp->GetParameters();
    EXPECT_EQ(std::vector<float>(parameters.begin(), parameters.end()),
              (std::vector<float>{80, 80, 81, 81}));
}

// Expected: an answer that is not whole is none: the next worker is asked; after two passes over
// both of the others nobody is left.
TEST_F(CatchUpTest, AsksTheNextOneIfAnAnswerIsNotWhole)
{
    EXPECT_TRUE(Open(7, 0, 70));
    EXPECT_TRUE(Open(7, 1, 71));
    Close(7, 0);
    Close(7, 1, false);
    EXPECT_EQ(m_ends, 0U);
    ASSERT_EQ(m_transport->sent.size(), 2U);
    EXPECT_EQ(m_transport->sent[1].peer, 2U);
    Simulator::Run();
    EXPECT_EQ(m_ends, 1U);
    EXPECT_FALSE(m_success);
    ASSERT_EQ(m_transport->sent.size(), 4U);
    EXPECT_EQ(m_transport->sent[2].peer, 1U);
    EXPECT_EQ(m_transport->sent[3].peer, 2U);
    EXPECT_EQ(Simulator::Now(), Seconds(3)); // of four requests the first was answered at once
}
