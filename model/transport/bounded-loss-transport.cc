/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "bounded-loss-transport.h"

#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace learning
{

NS_OBJECT_ENSURE_REGISTERED(BoundedLossTransport);

namespace
{
constexpr uint32_t ROUNDS = 16; //!< rounds that are kept, in each direction
} // namespace

TypeId
BoundedLossTransport::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::learning::BoundedLossTransport")
            .SetParent<DatagramTransport>()
            .SetGroupName("DistributedLearning")
            .AddConstructor<BoundedLossTransport>()
            .AddAttribute("Threshold",
                          "Share of a block's segments that is enough to close it once a pass "
                          "over it is over, in [0, 1].",
                          DoubleValue(0.9),
                          MakeDoubleAccessor(&BoundedLossTransport::m_threshold),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Percentile",
                          "Percentile of past times that deadlines follow, as a share in [0, 1].",
                          DoubleValue(0.95),
                          MakeDoubleAccessor(&BoundedLossTransport::m_percentile),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("DeadlineFactor",
                          "A round's deadline as a multiple of that percentile, 0 to 1,000; 0: no "
                          "deadline.",
                          DoubleValue(2),
                          MakeDoubleAccessor(&BoundedLossTransport::m_deadlineFactor),
                          MakeDoubleChecker<double>(0, 1000))
            .AddAttribute("History",
                          "Number of blocks whose times are remembered, in each direction, 1 to "
                          "1,000,000.",
                          UintegerValue(256),
                          MakeUintegerAccessor(&BoundedLossTransport::m_history),
                          MakeUintegerChecker<uint32_t>(1, 1000000))
            .AddAttribute("MinHistory",
                          "Number of blocks before there is a deadline, 1 to 1,000,000.",
                          UintegerValue(16),
                          MakeUintegerAccessor(&BoundedLossTransport::m_minHistory),
                          MakeUintegerChecker<uint32_t>(1, 1000000))
            .AddAttribute("MaxConsecutiveLosses",
                          "Number of blocks of a kind in a row in which a segment may be missing, "
                          "0 to 1,000,000; 0: any number.",
                          UintegerValue(8),
                          MakeUintegerAccessor(&BoundedLossTransport::m_maxConsecutiveLosses),
                          MakeUintegerChecker<uint32_t>(0, 1000000));
    return tid;
}

void
BoundedLossTransport::DoDispose()
{
    for (auto& [key, round] : m_rounds)
    {
        round.event.Cancel();
    }
    m_rounds.clear();
    DatagramTransport::DoDispose();
}

bool
BoundedLossTransport::Repeats() const
{
    return true;
}

Time
BoundedLossTransport::GetDeadline(BlockDirection direction) const
{
    const std::deque<Time>& times = m_times[direction];
    if (m_deadlineFactor == 0 || times.size() < m_minHistory)
    {
        return Time::Max();
    }
    std::vector<Time> sorted(times.begin(), times.end());
    // the smallest time that is not exceeded by the share
    const double rank = std::ceil(m_percentile * static_cast<double>(sorted.size()));
    const auto place = sorted.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
    std::nth_element(sorted.begin(), place, sorted.end());
    return NanoSeconds(static_cast<int64_t>(
        std::ceil(m_deadlineFactor * static_cast<double>(place->GetNanoSeconds()))));
}

BoundedLossTransport::Kind
BoundedLossTransport::GetKind(const BlockId& id)
{
    return {id.direction, id.block, id.direction == PUSH ? id.peer : 0};
}

bool
BoundedLossTransport::IsCriticalMissing(const BlockId& id, const SegmentMask& mask) const
{
    const auto losses = m_losses.find(GetKind(id));
    if (m_maxConsecutiveLosses == 0 || losses == m_losses.end())
    {
        return false;
    }
    const Losses& inRow = losses->second;
    for (uint32_t segment = 0; segment < inRow.size(); ++segment)
    {
        if (inRow[segment] >= m_maxConsecutiveLosses &&
            (segment >= mask.GetSize() || !mask.Test(segment)))
        {
            return true;
        }
    }
    return false;
}

bool
BoundedLossTransport::IsEnough(const BlockId& id, const SegmentMask& mask) const
{
    const auto round = m_rounds.find({id.direction, id.round});
    const bool isOverdue = round != m_rounds.end() && round->second.isOverdue;
    return (isOverdue || mask.GetCount() >= m_threshold * mask.GetSize()) &&
           !IsCriticalMissing(id, mask);
}

void
BoundedLossTransport::DoSend(const BlockId& id,
                             const float* values,
                             const SegmentLayout& layout,
                             const SegmentMask* present,
                             bool reliable)
{
    DatagramTransport::DoSend(id, values, layout, present, reliable);
    if (id.direction == PUSH)
    {
        Begin({PULL, id.round}, id.block); // now pulls are waited for
    }
}

void
BoundedLossTransport::Begin(RoundKey key, uint32_t block)
{
    const auto [found, isNew] = m_rounds.try_emplace(key);
    if (!isNew)
    {
        return;
    }
    Round& round = found->second;
    round.begun = Simulator::Now();
    round.block = block;
    const auto [direction, number] = key;
    const Time deadline = GetDeadline(direction);
    if (deadline != Time::Max())
    {
        round.event = Simulator::Schedule(deadline, &BoundedLossTransport::PassDeadline, this, key);
    }
    while (number > ROUNDS)
    {
        const auto oldest = m_rounds.lower_bound({direction, 0});
        if (oldest->first.second >= number - ROUNDS)
        {
            break;
        }
        oldest->second.event.Cancel();
        m_rounds.erase(oldest);
    }
}

void
BoundedLossTransport::NotifyOpened(const BlockId& id, const SegmentLayout& layout)
{
    DatagramTransport::NotifyOpened(id, layout);
    Begin({id.direction, id.round}, id.block);
    m_rounds.at({id.direction, id.round}).open.insert(id);
    m_losses[GetKind(id)].resize(layout.GetSegmentCount(), 0);
    uint32_t& heard = m_heard[{id.direction, id.peer}];
    heard = std::max(heard, id.round);
}

void
BoundedLossTransport::NotifyClosed(const BlockId& id, const SegmentMask& mask)
{
    DatagramTransport::NotifyClosed(id, mask);
    Losses& inRow = m_losses[GetKind(id)];
    for (uint32_t segment = 0; segment < mask.GetSize() && segment < inRow.size(); ++segment)
    {
        inRow[segment] = mask.Test(segment) ? 0 : inRow[segment] + 1;
    }
    const RoundKey key{id.direction, id.round};
    const auto found = m_rounds.find(key);
    if (found == m_rounds.end())
    {
        return; // of long ago
    }
    Round& round = found->second;
    if (!round.isOver)
    {
        AddTime(id.direction, Simulator::Now() - round.begun);
    }
    round.open.erase(id);
    if (round.isOverdue && round.open.empty())
    {
        // later: the receiver is being told of this block
        Simulator::Cancel(round.event);
        round.event = Simulator::ScheduleNow(&BoundedLossTransport::EndWaitIfOver, this, key);
    }
}

void
BoundedLossTransport::AddTime(BlockDirection direction, Time time)
{
    std::deque<Time>& times = m_times[direction];
    times.push_back(time);
    while (times.size() > m_history)
    {
        times.pop_front();
    }
}

void
BoundedLossTransport::PassDeadline(RoundKey key)
{
    const auto found = m_rounds.find(key);
    found->second.isOverdue = true;
    const std::set<BlockId> open = found->second.open; // closing one changes it
    for (const BlockId& id : open)
    {
        const Reception* reception = FindReception(id);
        if (reception && !IsWantedWhole(id) && !IsCriticalMissing(id, reception->mask))
        {
            CloseBlock(id);
        }
    }
    EndWaitIfOver(key);
}

void
BoundedLossTransport::EndWaitIfOver(RoundKey key)
{
    const auto found = m_rounds.find(key);
    if (found == m_rounds.end() || !found->second.open.empty() || found->second.isOver)
    {
        return;
    }
    // hosts of which nothing has come in this round, but not long before
    const auto [direction, number] = key;
    const Time waited = Simulator::Now() - found->second.begun;
    for (const auto& [host, heard] : m_heard)
    {
        if (host.first != direction || heard >= number || number - heard > ROUNDS)
        {
            continue;
        }
        AddTime(direction, waited);
        const auto losses = m_losses.find({direction, found->second.block, host.second});
        if (direction == PUSH && losses != m_losses.end())
        {
            for (uint32_t& inRow : losses->second)
            {
                ++inRow;
            }
        }
    }
    found->second.isOver = true;
    EndWait(direction, number);
}

} // namespace learning
} // namespace ns3
