/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MIXING_RUN_H
#define MIXING_RUN_H

#include "suite-support.h"

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * Rounds that only mix (learning rate 0) and start from the same models every time: what is handed
 * out after each round belongs to independent draws of W.
 */
class MixingRun
{
  public:
    /**
     * Builds the training.
     * @param scenario its data have as many features as models have numbers
     * @param models the model of each worker before every round
     * @param handler called after every round with the models of all workers
     */
    MixingRun(const Scenario& scenario,
              const std::vector<std::vector<float>>& models,
              std::function<void(uint32_t, const std::vector<AlignedVector>&)> handler)
        : m_run(scenario),
          m_models(models),
          m_handler(std::move(handler))
    {
        for (uint32_t i = 0; i < m_models.size(); ++i)
        {
            m_run.GetWorker(i)->SetParameters(m_models[i]);
        }
        m_run.TraceRoundEnd(MakeCallback(&MixingRun::RoundEnded, this));
    }

    /**
     * What runs.
     * @return the training
     */
    TrainingRun& Get()
    {
        return m_run;
    }

  private:
    /**
     * A worker ends a round.
     * @param worker its index
     * @param round the round
     */
    void RoundEnded(uint32_t worker, uint32_t round)
    {
        auto& [mixed, count] = m_rounds[round];
        mixed.resize(m_models.size());
        mixed[worker] = m_run.GetWorker(worker)->GetParameters();
        m_run.GetWorker(worker)->SetParameters(m_models[worker]);
        if (++count == m_models.size())
        {
            m_handler(round, mixed);
            m_rounds.erase(round);
        }
    }

    TrainingRun m_run;                                                            //!< what runs
    std::vector<std::vector<float>> m_models;                                     //!< v
    std::function<void(uint32_t, const std::vector<AlignedVector>&)> m_handler;   //!< asks for x
    std::map<uint32_t, std::pair<std::vector<AlignedVector>, uint32_t>> m_rounds; //!< not complete
};

} // namespace learning
} // namespace ns3

#endif /* MIXING_RUN_H */
