/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef SCHEDULED_ERROR_MODEL_H
#define SCHEDULED_ERROR_MODEL_H

#include "segment-error-model.h"

#include "ns3/nstime.h"

#include <string>
#include <vector>

namespace ns3
{
namespace learning
{

/**
 * @ingroup distributed-learning-impairment
 *
 * Lets a loss law change with simulated time: switches or ramps a number among the attributes of
 * another model, such as its drop rate.
 *
 * Schedule is a list of times and values such as "0s:0,1s:0.1,3s:0.4", in the order of time. Before
 * the first time the first value holds and after the last the last one; in between the value stays
 * until the next time (Steps) or goes straight to the next value (Linear), where a time that is
 * given twice is a jump. An empty list leaves the model as it is. Only the value changes: a
 * Gilbert-Elliott chain keeps its state.
 *
 * A value that the attribute does not take throws std::invalid_argument, when the model is made or
 * judges a segment.
 */
class ScheduledErrorModel : public SegmentErrorModel
{
  public:
    /// What holds between two times.
    enum Interpolation
    {
        STEPS, //!< the value of the earlier one
        LINEAR //!< the straight line between the two
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    int64_t AssignStreams(int64_t stream) override;
    void CheckAttributes() override;

  protected:
    void DoDispose() override;

  private:
    /// A time and a value.
    struct Point
    {
        Time time;    //!< when
        double value; //!< of the attribute
    };

    bool DropsNextSegment(TrafficClass traffic, const SegmentTag::Message& message) override;
    void DoReset() override;

    /**
     * Reads the list.
     * @param schedule the list
     * @throws std::invalid_argument with one sentence if it is wrong
     */
    void SetSchedule(std::string schedule);

    /**
     * The list.
     * @return as it was given
     */
    std::string GetSchedule() const;

    /**
     * Sets the attribute of the model.
     * @param value its value
     * @throws std::invalid_argument if there is no such attribute or it does not take the value
     */
    void Set(double value);

    /**
     * Finds what holds at a time.
     * @param time the time
     * @return the value
     */
    double Interpolate(Time time) const;

    Ptr<SegmentErrorModel> m_model; //!< the loss law; ns-3 takes no null pointer for it
    std::string m_attribute;        //!< what of it changes
    std::string m_schedule;         //!< times and values, as they were given
    std::vector<Point> m_points;    //!< times and values
    Interpolation m_interpolation;  //!< what holds between
    Time m_setAt{-1};               //!< when the value was set last; negative for never
};

} // namespace learning
} // namespace ns3

#endif /* SCHEDULED_ERROR_MODEL_H */
