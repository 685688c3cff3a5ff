/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "local-fleet.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace ns3
{
namespace serverless
{

LocalFleet::LocalFleet(std::shared_ptr<const LearningTask> task, const ObjectFactory& optimization)
    : m_task(std::move(task)),
      m_optimization(optimization),
      m_workers(m_task->parts.size())
{
    for (uint32_t worker = 0; worker < m_workers.size(); ++worker)
    {
        Renew(worker);
    }
}

void
LocalFleet::Round()
{
    std::vector<double> sum;
    for (const Ptr<LocalOptimization>& worker : m_workers)
    {
        worker->Compute();
        const std::vector<double> vector = worker->GetVector();
        sum.resize(vector.size());
        std::transform(vector.begin(), vector.end(), sum.begin(), sum.begin(), std::plus<>());
    }
    for (const Ptr<LocalOptimization>& worker : m_workers)
    {
        worker->Merge(sum, GetWorkerCount());
    }
}

uint32_t
LocalFleet::CountRounds(double target, uint32_t most, const std::vector<uint32_t>& samples)
{
    for (uint32_t round = 1; round <= most; ++round)
    {
        Round();
        if (m_workers.front()->GetLoss(samples) <= target)
        {
            return round;
        }
    }
    return most + 1;
}

Ptr<LocalOptimization>
LocalFleet::GetWorker(uint32_t worker) const
{
    return m_workers.at(worker);
}

uint32_t
LocalFleet::GetWorkerCount() const
{
    return static_cast<uint32_t>(m_workers.size());
}

Ptr<LocalOptimization>
LocalFleet::Renew(uint32_t worker)
{
    m_workers.at(worker) = m_optimization.Create<LocalOptimization>();
    m_workers[worker]->Configure(m_task, worker);
    return m_workers[worker];
}

} // namespace serverless
} // namespace ns3
