/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "catch-up.h"

#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace learning
{

namespace
{
constexpr uint32_t PASSES = 2; //!< how often every other worker is asked
} // namespace

CatchUp::CatchUp(Ptr<TrainingSetup> setup,
                 uint32_t self,
                 Ptr<BlockTransport> transport,
                 Time timeout,
                 Callback callback)
    : m_setup(setup),
      m_self(self),
      m_transport(transport),
      m_timeout(timeout),
      m_callback(std::move(callback))
{
}

CatchUp::~CatchUp()
{
    m_event.Cancel();
}

void
CatchUp::Ask()
{
    m_first = 0;
    m_count = m_setup->owners->GetBlockCount();
    m_tries = 0;
    AskNext();
}

void
CatchUp::Ask(uint32_t block)
{
    m_first = block;
    m_count = 1;
    m_tries = 0;
    AskNext();
}

void
CatchUp::Cancel()
{
    m_event.Cancel();
    m_count = 0;
    CloseAnswer();
}

void
CatchUp::CloseAnswer()
{
    std::set<BlockId> open;
    open.swap(m_open);
    const uint32_t count = m_count;
    m_count = 0; // what is closed now brings nothing on
    for (const BlockId& id : open)
    {
        m_transport->CloseBlock(id);
    }
    m_count = count;
}

void
CatchUp::AskNext()
{
    m_event.Cancel();
    CloseAnswer();
    m_closed = 0;
    const uint32_t workers = m_setup->workers;
    const bool isWorker = m_self < workers;
    if (m_tries == PASSES * (workers - isWorker))
    {
        m_count = 0;
        m_callback(false, 0);
        return;
    }
    // a worker begins with its neighbour, a server with a worker of its own
    m_peer =
        isWorker ? (m_self + 1 + m_tries % (workers - 1)) % workers : (m_self + m_tries) % workers;
    const uint32_t blocks = m_setup->owners->GetBlockCount();
    const uint32_t what = m_count == blocks && isWorker ? 2 * blocks : 2 * blocks + 1 + m_first;
    const float nothing[REQUEST_LENGTH] = {};
    const SegmentMask none(m_transport->GetLayout(REQUEST_LENGTH).GetSegmentCount());
    m_transport->Send({PULL, m_tries, what, m_peer}, nothing, REQUEST_LENGTH, &none);
    ++m_tries;
    m_event = Simulator::Schedule(m_timeout, &CatchUp::AskNext, this);
}

float*
CatchUp::OpenBlock(const BlockId& id, uint32_t length)
{
    const BlockOwners& owners = *m_setup->owners;
    const uint32_t block = id.block - owners.GetBlockCount();
    if (m_count == 0 || id.peer != m_peer || block < m_first || block >= m_first + m_count ||
        length != owners.GetLength(block) || (m_closed != 0 && id.round != m_round))
    {
        return nullptr;
    }
    m_round = id.round;
    m_open.insert(id);
    m_parameters.resize(m_setup->start.size());
    return m_parameters.data() + owners.GetBegin(block);
}

void
CatchUp::BlockClosed(const BlockId& id, const SegmentMask& mask)
{
    m_open.erase(id);
    if (m_count == 0 || id.peer != m_peer || id.round != m_round)
    {
        return;
    }
    if (!mask.IsComplete())
    {
        AskNext();
    }
    else if (++m_closed == m_count)
    {
        Cancel();
        m_callback(true, m_round);
    }
}

const AlignedVector&
CatchUp::GetParameters() const
{
    return m_parameters;
}

bool
CatchUp::IsAnswer(const TrainingSetup& setup, const BlockId& id)
{
    const uint32_t blocks = setup.owners->GetBlockCount();
    return id.block >= blocks && id.block < 2 * blocks;
}

bool
CatchUp::IsRequest(const TrainingSetup& setup, const BlockId& id)
{
    const uint32_t blocks = setup.owners->GetBlockCount();
    return id.block >= 2 * blocks && id.block <= 3 * blocks;
}

void
CatchUp::Answer(const TrainingSetup& setup,
                BlockTransport& transport,
                const BlockId& request,
                const AlignedVector& parameters,
                uint32_t round)
{
    const BlockOwners& owners = *setup.owners;
    const uint32_t blocks = owners.GetBlockCount();
    const bool all = request.block == 2 * blocks;
    const uint32_t first = all ? 0 : request.block - 2 * blocks - 1;
    for (uint32_t block = first; block < (all ? blocks : first + 1); ++block)
    {
        transport.Send({PULL, round, blocks + block, request.peer},
                       parameters.data() + owners.GetBegin(block),
                       owners.GetLength(block),
                       nullptr,
                       true);
    }
}

void
CatchUp::Announce(const TrainingSetup& setup, BlockTransport& transport, uint32_t round)
{
    const uint32_t blocks = setup.owners->GetBlockCount();
    const float nothing[REQUEST_LENGTH] = {};
    const SegmentMask none(transport.GetLayout(REQUEST_LENGTH).GetSegmentCount());
    for (uint32_t block = 0; block < blocks; ++block)
    {
        const uint32_t owner = setup.GetOwner(round, block);
        if (owner != transport.GetSelf())
        {
            transport.Send({PUSH, round, 2 * blocks, owner}, nothing, REQUEST_LENGTH, &none);
        }
    }
}

bool
CatchUp::IsAnnouncement(const TrainingSetup& setup, const BlockId& id)
{
    return id.direction == PUSH && id.block == 2 * setup.owners->GetBlockCount() &&
           id.peer < setup.workers;
}

} // namespace learning
} // namespace ns3
