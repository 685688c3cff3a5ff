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
TrainingJob::GetVectorBytes(const LocalOptimization& optimization) const
{
    constexpr double NUMBER_BYTES = 4;
    const double factor = optimization.GetVectorFactor();
    const auto size = static_cast<double>(optimization.GetVector().size());
    // that of a gradient is there after the first computation only
    const double numbers =
        size > 0 ? size : factor * static_cast<double>(optimization.GetParameters().size());
    return std::max(factor * static_cast<double>(modelBytes), NUMBER_BYTES * numbers);
}

bool
TrainingJob::EndRound(const LocalOptimization& optimization, uint32_t round)
{
    // of workers with models of their own the first one stands for all
    const bool looks = round > m_evaluated && (isSynchronous || optimization.GetWorker() == 0);
    if (looks)
    {
        m_evaluated = round;
        const double passed = round * optimization.GetEpochsPerRound();
        bool isOver = (rounds != 0 && round >= rounds) || (epochs != 0 && passed >= epochs - 1e-9);
        if (!evaluated.empty() && (isOver || round % evaluateEvery == 0))
        {
            m_records.push_back(Record{round,
                                       passed,
                                       Simulator::Now(),
                                       optimization.GetLoss(evaluated),
                                       optimization.GetAccuracy(evaluated)});
            if (targetLoss != 0 && m_records.back().loss <= targetLoss)
            {
                m_isReached = true;
                isOver = true;
            }
        }
        if (isOver && m_lastRound == 0)
        {
            m_lastRound = round;
        }
    }
    if (isSynchronous)
    {
        return m_lastRound != 0 && round >= m_lastRound;
    }
    return m_isReached || (rounds != 0 && round >= rounds) ||
           (epochs != 0 && round * optimization.GetEpochsPerRound() >= epochs - 1e-9);
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
