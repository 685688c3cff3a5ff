/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef COMPUTE_POOL_H
#define COMPUTE_POOL_H

#include "ns3/simple-ref-count.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-application
 *
 * Runs real computations on the host's cores while the simulation goes on.
 *
 * A task is submitted when its simulated computation starts and awaited when its simulated end is
 * reached; whoever waits lends a hand. Tasks of one pool must not share what they write, so results
 * are the same with any number of threads.
 */
class ComputePool : public SimpleRefCount<ComputePool>
{
  public:
    /// A task that was submitted.
    struct Task
    {
        std::function<void()> work; //!< what to do

        enum State
        {
            WAITING,      //!< nobody has begun
            RUNNING,      //!< some thread is at it
            DONE          //!< finished, or failed with an error
        } state{WAITING}; //!< where it stands

        std::exception_ptr error; //!< what it threw, if anything
    };

    using Ticket = std::shared_ptr<Task>; //!< names a submitted task

    /**
     * Starts the threads.
     * @param threads cores to use, at least 1; the thread that waits counts as one of them
     * @throws std::runtime_error with one sentence if there cannot be so many
     */
    explicit ComputePool(uint32_t threads = 1);
    ~ComputePool();

    ComputePool(const ComputePool&) = delete;
    ComputePool& operator=(const ComputePool&) = delete;

    /**
     * Hands in a task.
     * @param work what to do; runs once, on any thread, at the latest in Wait()
     * @return its ticket
     */
    Ticket Submit(std::function<void()> work);

    /**
     * Returns when a task is done; throws what the task threw.
     * @param ticket the task; may be null, which is done
     */
    void Wait(const Ticket& ticket);

    /**
     * Number of cores used.
     * @return the number, at least 1
     */
    uint32_t GetThreadCount() const;

  private:
    /// Lets the threads return, and waits for them.
    void End();

    /// What a thread of the pool does: tasks, in the order in which they came.
    void Work();

    /**
     * Runs a task that has been marked as running.
     * @param task the task
     * @param lock holds the mutex, before and after
     */
    void Run(Task& task, std::unique_lock<std::mutex>& lock);

    std::mutex m_mutex;                  //!< guards all below and the states of tasks
    std::condition_variable m_submitted; //!< there is a task, or the pool ends
    std::condition_variable m_finished;  //!< a task is done
    std::deque<Ticket> m_waiting;        //!< tasks in order, some perhaps begun by a waiter
    bool m_ending{false};                //!< whether the threads shall return
    std::vector<std::thread> m_threads;  //!< one fewer than cores
};

} // namespace learning
} // namespace ns3

#endif /* COMPUTE_POOL_H */
