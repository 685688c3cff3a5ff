/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef TRAINING_WATCH_H
#define TRAINING_WATCH_H

#include "suite-support.h"

#include <vector>

namespace ns3
{
namespace learning
{

/// Watches a training from outside.
class Watch
{
  public:
    /**
     * Begins to watch.
     * @param run the training
     * @param workers number of workers
     */
    Watch(TrainingRun& run, uint32_t workers)
        : doneAt(workers),
          m_ends(workers)
    {
        for (uint32_t i = 0; i < workers; ++i)
        {
            run.GetWorker(i)->TraceConnectWithoutContext("Done", MakeCallback(&Watch::Done, this));
        }
        run.TraceRoundEnd(MakeCallback(&Watch::RoundEnded, this));
    }

    /**
     * How long the transport has something to say after the last round: ends are repeated for 50 ms
     * (2 + 4 + ... + 64), then given up.
     * @return the time, with a little slack
     */
    static Time GetLastWords()
    {
        return MilliSeconds(50 * 127 + 20);
    }

    /**
     * Runs the simulation and looks whether anything happens after a time, within an hour.
     * @param bound the time
     * @return whether all was over by then
     */
    static bool RunsAtMost(Time bound)
    {
        uint64_t before = 0;
        uint64_t after = 0;
        Simulator::Schedule(bound, [&before] { before = Simulator::GetEventCount(); });
        Simulator::Schedule(bound + Hours(1), [&after] {
            after = Simulator::GetEventCount();
            Simulator::Stop(); // so that a failure ends, too
        });
        Simulator::Run();
        return after == before + 1;
    }

    std::vector<Time> doneAt; //!< when each worker was done, 0 if it never was
    bool inOrder{true};       //!< whether every worker ended its rounds one after the other

  private:
    /**
     * A worker is done.
     * @param worker its index
     */
    void Done(uint32_t worker)
    {
        inOrder = inOrder && doneAt[worker].IsZero();
        doneAt[worker] = Simulator::Now();
    }

    /**
     * A worker ends a round.
     * @param worker its index
     * @param round the round
     */
    void RoundEnded(uint32_t worker, uint32_t round)
    {
        inOrder = inOrder && m_ends[worker]++ == round;
    }

    std::vector<uint32_t> m_ends; //!< rounds ended, by worker
};

} // namespace learning
} // namespace ns3

#endif /* TRAINING_WATCH_H */
