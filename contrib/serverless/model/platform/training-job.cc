/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-job.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace serverless
{

uint64_t
TrainingJob::GetPartitionBytes(uint32_t worker) const
{
    return dataBytes / workers + (worker < dataBytes % workers ? 1 : 0);
}

double
TrainingJob::GetVectorBytes(const LocalOptimization& optimization, uint32_t numberBytes) const
{
    const double factor = optimization.GetVectorFactor();
    const auto size = static_cast<double>(optimization.GetVector().size());
    // that of a gradient is there after the first computation only
    const double numbers =
        size > 0 ? size : factor * static_cast<double>(optimization.GetParameters().size());
    return std::max(factor * static_cast<double>(modelBytes), numberBytes * numbers);
}

bool
TrainingJob::EndRound(const LocalOptimization& optimization, uint32_t round)
{
    m_furthest = std::max(m_furthest, round);
    const bool looks =
        round > m_evaluated && (isSynchronous || optimization.GetWorker() == m_observed);
    // whoever merges first: the end must not depend on that
    const double each =
        isSynchronous && epochsPerRound > 0 ? epochsPerRound : optimization.GetEpochsPerRound();
    const double passed = round * each;
    const bool isLast =
        (rounds != 0 && round >= rounds) || (epochs != 0 && passed >= epochs - 1e-9);
    if (looks)
    {
        m_evaluated = round;
        Evaluate(optimization, Record{round, passed, Simulator::Now(), 0, 0}, isLast);
    }
    const bool isOver = isLast || m_isReached;
    if (!isWaiting)
    {
        return isOver;
    }
    if (isOver && m_lastRound == 0 && (looks || !isSynchronous))
    {
        m_lastRound = m_furthest;
    }
    return m_lastRound != 0 && round >= m_lastRound;
}

void
TrainingJob::Leave(uint32_t worker)
{
    m_gone.insert(worker);
    if (isSynchronous || worker != m_observed)
    {
        return;
    }
    while (m_gone.count(m_observed) != 0)
    {
        ++m_observed;
    }
    m_evaluated = 0; // the next one may be behind
}

void
TrainingJob::Evaluate(const LocalOptimization& optimization, Record record, bool isLast)
{
    if (evaluated.empty() || !(isLast || record.round % evaluateEvery == 0))
    {
        return;
    }
    record.loss = optimization.GetLoss(evaluated);
    record.accuracy = optimization.GetAccuracy(evaluated);
    m_records.push_back(record);
    if (recordCallback)
    {
        recordCallback(record);
    }
    m_isReached = m_isReached || (targetLoss != 0 && record.loss <= targetLoss);
}

const std::vector<TrainingJob::Record>&
TrainingJob::GetRecords() const
{
    return m_records;
}

bool
TrainingJob::IsTargetReached() const
{
    return m_isReached;
}

} // namespace serverless
} // namespace ns3
