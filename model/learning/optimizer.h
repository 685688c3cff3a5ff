/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef OPTIMIZER_H
#define OPTIMIZER_H

#include "learning-rate-schedule.h"

#include "ns3/object.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-learning
 *
 * Turns gradients into steps. Holds the state of one parameter vector (momentum and so on), so
 * every worker has its own.
 *
 * The learning rate of step t is LearningRate times Schedule's factor of t.
 */
class Optimizer : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * Moves the parameters one step against the gradient. Safe on one thread at a time.
     * @param parameters count numbers, updated
     * @param gradient count numbers
     * @param count length of the vector, the same in every call
     * @param step number of the step, from 0
     */
    virtual void Step(float* parameters, const float* gradient, uint32_t count, uint64_t step) = 0;

    /**
     * Learning rate of a step.
     * @param step number of the step, from 0
     * @return the rate
     */
    double GetLearningRate(uint64_t step) const;

    /**
     * What the optimizer remembers of its steps, for checkpoints.
     * @return numbers that SetState() takes; none where nothing is remembered
     */
    virtual std::vector<double> GetState() const;

    /**
     * Goes on as the optimizer whose state it is would: the same steps, bit by bit.
     * @param state what GetState() of an optimizer of the same type gave
     * @throws std::invalid_argument if it cannot be that
     */
    virtual void SetState(const std::vector<double>& state);

  protected:
    void DoDispose() override;

    /**
     * Makes room for state, zero at first.
     * @param state one number a parameter
     * @param count length of the parameter vector
     * @throws std::invalid_argument if the state is of a vector of another length
     */
    void Prepare(std::vector<float>& state, uint32_t count) const;

    /// Throws std::invalid_argument: a state is not one of this type.
    [[noreturn]] void RefuseState() const;

  private:
    double m_learningRate;                //!< rate before the schedule's factor
    Ptr<LearningRateSchedule> m_schedule; //!< how the rate changes
};

} // namespace learning
} // namespace ns3

#endif /* OPTIMIZER_H */
