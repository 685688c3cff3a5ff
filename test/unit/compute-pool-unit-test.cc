/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/compute-pool.h"
#include "ns3/ptr.h"

#include <atomic>
#include <chrono>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <vector>

using namespace ns3;
using namespace ns3::learning;

// Expected: with any number of threads, and whatever the order of waiting, every task runs exactly
// once and has run when Wait() returns.
TEST(ComputePool, RunsEveryTaskOnce)
{
    for (const uint32_t threads : {1, 2, 4, 8})
    {
        const Ptr<ComputePool> pool = Create<ComputePool>(threads);
        EXPECT_EQ(pool->GetThreadCount(), threads);
        std::vector<std::atomic<int>> runs(500);
        std::vector<ComputePool::Ticket> tickets;
        for (std::atomic<int>& run : runs)
        {
            tickets.push_back(pool->Submit([&run] { ++run; }));
        }
        for (std::size_t k = 0; k < runs.size(); ++k)
        {
            const std::size_t i = k * 217 % runs.size(); // 217 and 500 have no common divisor
            pool->Wait(tickets[i]);
            EXPECT_EQ(runs[i], 1);
            pool->Wait(tickets[i]); // once more does nothing
        }
        for (const std::atomic<int>& run : runs)
        {
            EXPECT_EQ(run, 1);
        }
    }
}

// Expected: with two cores a task runs while nobody waits; with one core it runs in Wait().
TEST(ComputePool, ComputesInTheMeantime)
{
    std::promise<void> ran;
    const Ptr<ComputePool> two = Create<ComputePool>(2);
    const ComputePool::Ticket ticket = two->Submit([&ran] { ran.set_value(); });
    ran.get_future().wait(); // ends only if another thread runs the task
    two->Wait(ticket);

    const Ptr<ComputePool> one = Create<ComputePool>(1);
    bool done = false;
    const ComputePool::Ticket lazy = one->Submit([&done] { done = true; });
    EXPECT_FALSE(done);
    one->Wait(lazy);
    EXPECT_TRUE(done);
}

// Expected: whoever waits for a task that another thread is at runs others meanwhile: here the one
// that the first cannot end without.
TEST(ComputePool, RunsOthersWhileItWaits)
{
    const Ptr<ComputePool> pool = Create<ComputePool>(2);
    std::promise<void> begun;
    std::promise<void> other;
    auto otherRan = other.get_future();
    bool inTime = false;
    const auto first = pool->Submit([&] {
        begun.set_value();
        inTime = otherRan.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
    });
    begun.get_future().wait(); // the other thread is at it
    const auto second = pool->Submit([&other] { other.set_value(); });
    pool->Wait(first);
    EXPECT_TRUE(inTime);
    pool->Wait(second);
}

// Expected: what a task throws comes out of Wait(), every time; other tasks are not concerned.
TEST(ComputePool, HandsOverExceptions)
{
    for (const uint32_t threads : {1, 3})
    {
        const Ptr<ComputePool> pool = Create<ComputePool>(threads);
        int value = 0;
        const auto bad = pool->Submit([] { throw std::runtime_error("broken"); });
        const auto good = pool->Submit([&value] { value = 1; });
        EXPECT_THROW(pool->Wait(bad), std::runtime_error);
        EXPECT_THROW(pool->Wait(bad), std::runtime_error);
        EXPECT_NO_THROW(pool->Wait(good));
        EXPECT_EQ(value, 1);
    }
}

// Expected: what a task holds is let go of when it is done, not when its last ticket goes.
TEST(ComputePool, LetsGoOfFinishedWork)
{
    const Ptr<ComputePool> pool = Create<ComputePool>(2);
    auto held = std::make_shared<int>(1);
    const std::weak_ptr<int> watched = held;
    const auto ticket = pool->Submit([held = std::move(held)] { ++*held; });
    pool->Wait(ticket);
    EXPECT_TRUE(watched.expired());
}

// Expected: no ticket is done; a pool that goes with tasks waiting does not hang.
TEST(ComputePool, EndsWithTasksWaiting)
{
    Create<ComputePool>(2)->Wait(nullptr);
    for (int k = 0; k < 20; ++k)
    {
        const Ptr<ComputePool> pool = Create<ComputePool>(3);
        for (int i = 0; i < 100; ++i)
        {
            pool->Submit([] {});
        }
    }
}
