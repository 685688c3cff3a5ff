/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * The assertion of the stale-synchronous bound. That it holds in a run is what the suite
 * distributed-learning-synchronization watches from outside; here, that it fails when it should.
 */

#include "ns3/asynchronous-protocol.h"
#include "ns3/stale-synchronous-protocol.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::learning;

TEST(StaleSynchronousDeathTest, ClocksBeyondTheBoundEndTheRun)
{
    auto protocol = CreateObject<StaleSynchronousProtocol>();
    protocol->SetAttribute("Bound", UintegerValue(2));
    protocol->CheckClocks(7, 4); // one that waits is Bound + 1 ahead
    EXPECT_TRUE(protocol->MayBegin(6, 4));
    EXPECT_FALSE(protocol->MayBegin(7, 4));
    EXPECT_DEATH(protocol->CheckClocks(8, 4), "8 rounds and another 4, more than Bound \\+ 1 = 3");
    CreateObject<AsynchronousProtocol>()->CheckClocks(1000, 0); // has no bound
}
