/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "compute-pool.h"

#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace ns3
{
namespace learning
{

ComputePool::ComputePool(uint32_t threads)
{
    try
    {
        for (uint32_t i = 1; i < threads; ++i)
        {
            m_threads.emplace_back([this] { Work(); });
        }
    }
    catch (const std::system_error&)
    {
        const std::size_t started = m_threads.size() + 1;
        End();
        throw std::runtime_error("this machine lets no more than " + std::to_string(started) +
                                 " of " + std::to_string(threads) + " threads be started");
    }
}

ComputePool::~ComputePool()
{
    End();
}

void
ComputePool::End()
{
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_ending = true;
        m_waiting.clear();
    }
    m_submitted.notify_all();
    for (std::thread& thread : m_threads)
    {
        thread.join();
    }
}

ComputePool::Ticket
ComputePool::Submit(std::function<void()> work)
{
    auto ticket = std::make_shared<Task>();
    ticket->work = std::move(work);
    if (m_threads.empty())
    {
        return ticket; // runs in Wait()
    }
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        m_waiting.push_back(ticket);
    }
    m_submitted.notify_one();
    return ticket;
}

void
ComputePool::Wait(const Ticket& ticket)
{
    if (!ticket)
    {
        return;
    }
    std::unique_lock<std::mutex> lock(m_mutex);
    Ticket next = ticket;
    while (ticket->state != Task::DONE)
    {
        if (next->state == Task::WAITING)
        {
            next->state = Task::RUNNING;
            Run(*next, lock);
        }
        else if (!m_waiting.empty()) // another thread is at it: do others meanwhile
        {
            next = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        else
        {
            m_finished.wait(lock);
        }
    }
    if (ticket->error)
    {
        std::rethrow_exception(ticket->error);
    }
}

uint32_t
ComputePool::GetThreadCount() const
{
    return static_cast<uint32_t>(m_threads.size()) + 1;
}

void
ComputePool::Work()
{
    std::unique_lock<std::mutex> lock(m_mutex);
    while (true)
    {
        m_submitted.wait(lock, [this] { return m_ending || !m_waiting.empty(); });
        if (m_ending)
        {
            return;
        }
        const Ticket ticket = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (ticket->state == Task::WAITING)
        {
            ticket->state = Task::RUNNING;
            Run(*ticket, lock);
        }
    }
}

void
ComputePool::Run(Task& task, std::unique_lock<std::mutex>& lock)
{
    lock.unlock();
    try
    {
        task.work();
    }
    catch (...)
    {
        task.error = std::current_exception();
    }
    task.work = nullptr; // what it holds goes now, not with the last ticket
    lock.lock();
    task.state = Task::DONE;
    m_finished.notify_all();
}

} // namespace learning
} // namespace ns3
