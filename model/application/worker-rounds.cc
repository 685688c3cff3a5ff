/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The rounds of a worker. Its set-up, its faults and its end: worker.cc.

#include "worker.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace learning
{

NS_LOG_COMPONENT_DEFINE("LearningWorkerRounds");

void
Worker::BeginRound()
{
    if (m_round == m_setup->rounds || m_setup->stopRequested)
    {
        Finish();
        return;
    }
    NS_LOG_FUNCTION(this << m_round);
    m_state = COMPUTING;
    m_pulls.Begin(m_setup->owners->GetBlockCount());
    m_over = false;

    const std::vector<uint32_t>& samples = m_sampler->Next();
    const LearningModel& model = *m_setup->model;
    const Dataset& dataset = *m_setup->training;
    const bool mayAbandon = m_setup->synchronization->AbandonsGradients();
    const double operations = model.GetGradientOperations(static_cast<uint32_t>(samples.size()),
                                                          dataset.GetMeanNonZeros());
    const Time duration = m_compute->Draw(operations); // which may throw: before others compute
    // plain pointers: reference counts are not for several threads
    m_ticket = m_setup->pool->Submit([this,
                                      &samples,
                                      &model,
                                      &dataset,
                                      mayAbandon,
                                      algorithm = PeekPointer(m_setup->algorithm)] {
        m_ended.Settle(*algorithm, m_replica);
        thread_local BatchBuffer<float> buffer;
        const Batch<float> batch =
            dataset.Gather(samples.data(), static_cast<uint32_t>(samples.size()), buffer);
        float* gradient =
            mayAbandon ? m_replica.gradient.data() : algorithm->GetGradientBuffer(m_replica);
        m_batchLoss = model.Gradient(m_replica.parameters.data(), batch, gradient);
        if (!mayAbandon)
        {
            algorithm->AfterGradient(m_replica, gradient, m_round);
        }
    });
    m_event = Simulator::Schedule(duration, &Worker::EndCompute, this);
}

void
Worker::EndCompute()
{
    m_setup->pool->Wait(std::exchange(m_ticket, nullptr));
    SettleRound(); // lets go of packets before the push, whose own take the same memory
    if (m_setup->synchronization->AbandonsGradients())
    {
        m_setup->algorithm->AfterGradient(m_replica, m_replica.gradient.data(), m_round);
    }
    m_state = PUSHING;
    Push();
    m_state = WAITING;
    EndRoundIfComplete();
}

void
Worker::Push()
{
    float* push = m_setup->algorithm->GetPushVector(m_replica);
    float* pull = m_setup->algorithm->GetPullVector(m_replica);
    BlockOwners& owners = *m_setup->owners;
    const uint32_t blocks = owners.GetBlockCount();
    uint32_t own = blocks;
    for (uint32_t k = 0; k < blocks; ++k)
    {
        // each worker begins with another block, so that not all send to one server at a time
        const uint32_t block = (m_self + k) % blocks;
        const uint32_t owner = m_setup->GetOwner(m_round, block);
        const BlockId id{PUSH, m_round, block, owner};
        if (owner != m_self && m_coder)
        {
            m_coder->Push(id, push);
        }
        else if (owner != m_self)
        {
            m_transport->Send(id, push + owners.GetBegin(block), owners.GetLength(block));
        }
        else if (!m_pulls.IsClosed(block))
        {
            own = block;
            m_pulls.SetOwn(block);
        }
    }
    TakeEarlyPulls();
    m_event = Simulator::Schedule(m_pullDeadline, &Worker::DeadlinePassed, this);
    if (own != blocks)
    {
        // may close the block at once, if this worker is the last one
        float* coded = m_coder ? m_coder->Take(m_round, own, push) : nullptr;
        m_server->Contribute(m_round,
                             own,
                             coded ? coded : push + owners.GetBegin(own),
                             coded ? coded : pull + owners.GetBegin(own));
    }
}

void
Worker::TakeEarlyPulls()
{
    if (m_coder)
    {
        return; // they are decoded at the end of the round
    }
    float* pull = m_setup->algorithm->GetPullVector(m_replica);
    BlockOwners& owners = *m_setup->owners;
    for (uint32_t block = 0; block < m_pulls.GetBlockCount(); ++block)
    {
        if (!m_pulls.IsEarly(block))
        {
            continue;
        }
        const uint32_t begin = owners.GetBegin(block);
        if (m_pulls.IsClosed(block))
        {
            const SegmentLayout layout = m_transport->GetLayout(owners.GetLength(block));
            BlockTransport::CopySegments(m_pulls.GetEarly(begin),
                                         layout,
                                         m_pulls.GetMask(block, layout.GetSegmentCount()),
                                         pull + begin);
        }
        else
        {
            m_transport->Redirect({PULL, m_round, block, m_setup->GetOwner(m_round, block)},
                                  pull + begin);
        }
    }
}

float*
Worker::OpenBlock(const BlockId& id, uint32_t length)
{
    if (CatchUp::IsRequest(*m_setup, id))
    {
        return length == CatchUp::REQUEST_LENGTH ? m_request : nullptr;
    }
    if (CatchUp::IsAnswer(*m_setup, id))
    {
        return m_catchUp ? m_catchUp->OpenBlock(id, length) : nullptr;
    }
    if (id.block >= m_pulls.GetBlockCount() || id.round >= m_setup->rounds ||
        length !=
            (m_coder ? m_coder->GetPullLength(id.block) : m_setup->owners->GetLength(id.block)) ||
        m_setup->GetOwner(id.round, id.block) != id.peer)
    {
        return nullptr;
    }
    m_attendance.Hear(GetCandidate(id.peer)); // also if it is late
    if (m_state == RETURNING)
    {
        m_latest = std::max(m_latest, id.round + 1);
        return nullptr;
    }
    if (id.round > m_round && m_state == COMPUTING && m_setup->synchronization->AbandonsGradients())
    {
        AbandonGradient();
        m_state = WAITING;
    }
    if (id.round > m_round && m_state == WAITING)
    {
        NS_LOG_LOGIC("the others are in round " << id.round << ": gives up " << m_round);
        EndRound(id.round);
    }
    if (id.round != m_round || m_pulls.IsClosed(id.block))
    {
        return nullptr;
    }
    if (m_coder && (m_state == COMPUTING || m_state == WAITING))
    {
        m_pulls.Open(id.block);
        return m_coder->GetPullRoom(id.block);
    }
    const uint32_t begin = m_setup->owners->GetBegin(id.block);
    if (m_state == COMPUTING)
    {
        return m_pulls.OpenEarly(id.block, begin, m_replica.parameters.size());
    }
    if (m_state != WAITING)
    {
        return nullptr;
    }
    m_pulls.Open(id.block);
    return m_setup->algorithm->GetPullVector(m_replica) + begin;
}

bool
Worker::Hold(const BlockId& id, const ArrivedSegments& segments)
{
    const bool isHeld = !m_coder && m_state == WAITING && id.round == m_round &&
                        id.block < m_pulls.GetBlockCount() && m_pulls.IsOpen(id.block) &&
                        !m_pulls.IsEarly(id.block) && !m_pulls.IsClosed(id.block);
    if (isHeld)
    {
        m_pulls.Hold(id.block, segments);
    }
    return isHeld;
}

void
Worker::BlockClosed(const BlockId& id, const SegmentMask& mask)
{
    if (CatchUp::IsRequest(*m_setup, id))
    {
        m_requests.push_back(id);
        if (m_state == DONE)
        {
            AnswerRequests();
        }
        return;
    }
    if (CatchUp::IsAnswer(*m_setup, id))
    {
        if (m_catchUp)
        {
            m_catchUp->BlockClosed(id, mask);
        }
        return;
    }
    if (id.round != m_round)
    {
        return;
    }
    m_pulls.Close(id.block, mask);
    EndRoundIfComplete();
}

void
Worker::RoundOver(BlockDirection /* direction */, uint32_t round)
{
    if (round == m_round && (m_state == COMPUTING || m_state == WAITING))
    {
        m_over = true;
        EndRoundIfComplete();
    }
}

void
Worker::LocalBlockDone(uint32_t round, uint32_t block, const float* result, const SegmentMask& made)
{
    if (round != m_round || m_state == DONE || IsAway() || m_pulls.IsClosed(block))
    {
        return;
    }
    if (result)
    {
        // closed without this worker
        if (m_state != COMPUTING)
        {
            return;
        }
        const uint32_t begin = m_setup->owners->GetBegin(block);
        const SegmentLayout layout = m_transport->GetLayout(m_setup->owners->GetLength(block));
        const SegmentMask mask =
            made.GetSize() == 0 ? SegmentMask(layout.GetSegmentCount(), true) : made;
        BlockTransport::CopySegments(result,
                                     layout,
                                     mask,
                                     m_pulls.OpenEarly(block, begin, m_replica.parameters.size()));
        m_pulls.Close(block, mask);
    }
    else
    {
        m_pulls.Close(block, {});
    }
    EndRoundIfComplete();
}

void
Worker::EndRoundIfComplete()
{
    const bool mayAbandon = m_state == COMPUTING && m_setup->synchronization->AbandonsGradients();
    if ((m_state != WAITING && !mayAbandon) || !IsRoundComplete())
    {
        return;
    }
    if (mayAbandon)
    {
        AbandonGradient();
    }
    EndRound(m_round + 1);
}

bool
Worker::IsRoundComplete() const
{
    const uint32_t blocks = m_pulls.GetBlockCount();
    if (m_pulls.GetClosedCount() == blocks || (m_over && m_state == WAITING))
    {
        return true;
    }
    if (m_attendance.GetAbsentCount() == 0 || !m_attendance.HasMajority() || m_state == COMPUTING)
    {
        return false;
    }
    for (uint32_t block = 0; block < blocks; ++block)
    {
        const bool isAwaited =
            m_pulls.IsOpen(block) || m_pulls.IsOwn(block) ||
            !m_attendance.IsAbsent(GetCandidate(m_setup->GetOwner(m_round, block)));
        if (!m_pulls.IsClosed(block) && isAwaited)
        {
            return false;
        }
    }
    return true;
}

void
Worker::DeadlinePassed()
{
    for (uint32_t block = 0; block < m_pulls.GetBlockCount(); ++block)
    {
        if (!m_pulls.IsOpen(block) && !m_pulls.IsClosed(block) && !m_pulls.IsOwn(block))
        {
            m_attendance.Miss(GetCandidate(m_setup->GetOwner(m_round, block)));
        }
    }
    EndRound(m_round + 1);
}

void
Worker::AbandonGradient()
{
    Simulator::Remove(m_event);
    m_setup->pool->Wait(m_ticket);
    m_ticket = nullptr;
    SettleRound();
    std::fill(m_replica.gradient.begin(), m_replica.gradient.end(), 0.0F);
    TakeEarlyPulls();
}

void
Worker::EndRound(uint32_t next)
{
    m_state = ENDING;
    Simulator::Remove(m_event);
    ClosePulls();
    while (m_round < next)
    {
        const uint32_t ended = m_round++;
        m_roundEndTrace(m_self, ended);
    }
    AnswerRequests();
    BeginRound();
}

void
Worker::ClosePulls()
{
    BlockOwners& owners = *m_setup->owners;
    float* values = m_setup->algorithm->GetPullVector(m_replica);
    m_ended.Begin(m_round);
    for (uint32_t block = 0; block < m_pulls.GetBlockCount(); ++block)
    {
        if (m_pulls.IsOwn(block))
        {
            m_server->CloseRound(m_round); // does nothing if it is closed
            if (m_coder)
            {
                m_coder->TakeBack(m_round, block, values);
            }
            continue;
        }
        const BlockId id{PULL, m_round, block, m_setup->GetOwner(m_round, block)};
        if (!m_pulls.IsClosed(block))
        {
            m_transport->CloseBlock(id);
        }
        const SegmentLayout layout = m_coder ? m_coder->GetPullLayout(block)
                                             : m_transport->GetLayout(owners.GetLength(block));
        const SegmentMask& mask = m_pulls.GetMask(block, layout.GetSegmentCount());
        if (m_setup->algorithm->KeepsParametersAtServer())
        {
            m_ages.EndRound(block, m_round, mask);
        }
        if (!m_coder)
        {
            m_ended.Add({owners.GetBegin(block), layout, mask, m_pulls.TakeHeld(block)});
            continue;
        }
        // at once: pulls of the next round come to the same room
        m_coder->BeginPull(id, mask, values);
        if (!mask.IsComplete())
        {
            m_setup->algorithm->HandleMissing(m_replica, owners.GetBegin(block), layout, mask);
        }
        m_coder->EndPull(m_round, block, values);
    }
    if (m_coder && m_setup->coding->Rotates())
    {
        m_replica.unmoved.clear(); // what is missing was spread over the whole block
    }
}

uint32_t
Worker::GetCandidate(uint32_t host) const
{
    return m_setup->placement == COLOCATED ? host : host - m_setup->workers;
}

} // namespace learning
} // namespace ns3
