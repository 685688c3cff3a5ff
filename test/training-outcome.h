/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_OUTCOME_H
#define TRAINING_OUTCOME_H

#include "suite-support.h"

#include <vector>

namespace ns3
{
namespace learning
{

/// What a run leaves behind.
struct Outcome
{
    std::vector<AlignedVector> replicas; //!< parameters of every worker
    std::vector<uint64_t> counters;      //!< of the traffic
    Time end;                            //!< when the last event was

    /**
     * Takes what is left of a run.
     * @param run the run
     */
    explicit Outcome(const TrainingRun& run)
        : end(Simulator::Now())
    {
        for (uint32_t i = 0; i < run.GetWorkers().GetN(); ++i)
        {
            const Ptr<Worker> worker = run.GetWorker(i);
            replicas.push_back(worker->GetParameters());
            for (const BlockDirection direction : {PUSH, PULL})
            {
                const auto& traffic = worker->GetTransport()->GetTraffic(direction);
                counters.insert(counters.end(),
                                {traffic.sent, traffic.received, traffic.late, traffic.bytes});
            }
        }
        counters.push_back(run.GetTraffic().dropped);
    }

    /**
     * Compares.
     * @param other the other one
     * @return whether all bits are the same
     */
    bool operator==(const Outcome& other) const
    {
        return replicas == other.replicas && counters == other.counters && end == other.end;
    }
};

} // namespace learning
} // namespace ns3

#endif /* TRAINING_OUTCOME_H */
